"""``deckgen adopt`` and ``deckgen consent``: what becomes of decks of others, and of those who mean harm."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import genanki
import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

import apkg
import others
import sample
from deckgen.cli import main
from deckgen.packages.read_package import read_package
from examples import examples

SCRIPT = '<div>{{Question?}}</div><script>document.title = "x"</script>'


@pytest.fixture(autouse=True)
def _at_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Not on a CI runner, and with nothing consented to."""
    for name in ("CI", "GITHUB_ACTIONS", "TF_BUILD"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path.parent / f"{tmp_path.name}-config"))


def deckgen(*arguments: str, typed: str | None = None, **environment: str) -> Result:
    here = Path.cwd()
    result = CliRunner().invoke(main, arguments, input=typed, env=environment)
    os.chdir(here)
    return result


def adopted(path: Path | str, *options: str) -> Result:
    result = deckgen("adopt", str(path), "deck", *options)
    assert result.exit_code == 0, result.output
    return result


def sources() -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted(Path("deck/decks").rglob("*.yaml")))


def package(notes: list[tuple[str, ...]], media: dict[str, bytes] | None = None, **changes: Any) -> Path:
    deck, model = genanki.Deck(others.DECK_ID, "Deck"), others.simple_model(**changes)
    for number, fields in enumerate(notes):
        deck.add_note(genanki.Note(model, [*fields, *[""] * (3 - len(fields))], guid=f"guid-{number}"))
    return others.written(Path("mine.apkg").resolve(), [deck], media)


# --- what is kept -----------------------------------------------------------------------------------------------------


def test_sources_are_readable_and_say_what_was_not_kept(tmp_path):
    result = adopted(others.by_genanki(tmp_path / "geo.apkg"))
    text = sources()

    assert "- id: what-is-the-capital-of-peru\n" in text
    assert "Question?: What is the capital of Peru?\n" in text
    assert "Answer (short): Lima\n" in text
    assert "Answer (short): |-\n        - one\n        - two\n" in text
    assert 'Question?: "a < b & c"\n' in text
    assert '{html: "What is the <b>capital</b> of Chile?"}' in text
    assert '["!new", "geo::america", ä(b)]' in text
    assert "marked" not in text
    assert "Leech" not in text
    assert "folders:\n  stadte-more:" in text
    assert "used by no note or template (unused.png)" in result.output
    assert "\nto keep more: repair the deck in Anki, export it again, and adopt that\n" in result.output
    assert "shown by notes, but not in the package (gone.jpg)" in result.output


def test_the_schema_that_each_file_names_exists(tmp_path):
    adopted(others.by_genanki(tmp_path / "geo.apkg"))
    for path in Path("deck/decks").rglob("*.yaml"):
        named = re.match(r"# yaml-language-server: \$schema=(\S+)\n", path.read_text(encoding="utf-8"))

        assert named is None or (path.parent / named[1]).is_file()
        assert named or path.name == "type.yaml"


def test_a_rebuild_has_every_byte(tmp_path):
    original = read_package(others.by_genanki(tmp_path / "geo.apkg"))
    adopted(tmp_path / "geo.apkg", "--title", "Geography")
    assert deckgen("-C", "deck", "build", "--locked").exit_code == 0
    (path,) = Path("deck/build").glob("*.apkg")
    rebuilt = read_package(path)

    assert rebuilt.notes.keys() == original.notes.keys()
    for guid, note in original.notes.items():
        again = rebuilt.notes[guid]
        assert (again.fields, again.cards, again.note_type) == (note.fields, note.cards, note.note_type)
        assert again.modified == note.modified
        assert set(again.tags) == {tag for tag in note.tags if tag.lower() not in ("marked", "leech")}
    assert rebuilt.note_types == original.note_types
    with zipfile.ZipFile(path) as archive:
        media = {name: archive.read(member) for member, name in json.loads(archive.read("media")).items()}
    assert media == {"a map.png": sample.png(), "Ton 1.mp3": b"ID3 no sound", "_paper.png": sample.png()}


PIECES = (
    "a|b |é|日|é|*|**|_|`|\\|#|- |1. |: |'|{|}|[|]|![|<|>|&|~~|x^2^|&lt;|&nbsp;|\u00a0|\u200b| |\t|\n|<b>|</b>|<br>|"
    "<em>|</em>|<p>|</p>|<strong>c</strong>|<ul><li>d</li></ul>|<a href='z'>|</a>|https://example.org/|{{c1::|}}|::|\\(x\\)|"
    "<img src='x.png'>|[sound:y.mp3]|<script>|<!-- |-->"
).split("|")
HTML = st.lists(st.sampled_from([*PIECES, '"', "|"]), min_size=1, max_size=12).map("".join)


@pytest.mark.filterwarnings("ignore:Field contained")
@examples(5, 30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(HTML, HTML), min_size=8, max_size=8))
def test_any_html_is_kept_byte_for_byte(tmp_path, texts):
    shutil.rmtree("deck", ignore_errors=True)
    path = package([(f"q{number} {one}", other) for number, (one, other) in enumerate(texts)])
    original = read_package(path)
    adopted(path)
    deckgen("-C", "deck", "consent", "--yes")
    built = deckgen("-C", "deck", "build", "--locked")

    assert built.exit_code == 0, built.output
    rebuilt = read_package(Path("deck/build/deck.apkg"))
    for guid, note in original.notes.items():
        now = rebuilt.notes[guid].fields
        for name, html in note.fields.items():
            expected = html.replace("\u200b", "&#x200b;")
            assert now[name] == (expected if expected.strip() else "")


def test_a_collection_gives_one_deck_and_nothing_personal(tmp_path):
    others.by_anki(tmp_path / "mine.colpkg", legacy=False)
    without = deckgen("adopt", "mine.colpkg")
    wrong = deckgen("adopt", "mine.colpkg", "--deck", "Surgery")
    result = adopted("mine.colpkg", "--deck", "anatomy", "--prove")

    assert (without.exit_code, wrong.exit_code) == (2, 1)
    assert "name one with --deck" in without.output
    assert wrong.output == "error: there are no notes in the deck 'Surgery'; decks: " + (
        "Anatomy, Anatomy::Lower limb, Anatomy::Upper limb, Diary\n"
    )
    assert "0 new, 0 updated, 0 conflicting" in result.output
    text = sources()
    assert "carpal tunnel" in text
    assert not any(word in text for word in ("diary", "Diary", "leech"))
    assert "title: Anatomy\n" in text


def test_only_a_new_or_empty_folder_is_written_to(tmp_path):
    package([("Front", "Back")])
    Path("full").mkdir()
    Path("full/mine.txt").write_text("mine")
    Path("link").symlink_to("elsewhere")
    Path("empty").mkdir()

    for name in ("full", "link"):
        refused = deckgen("adopt", "mine.apkg", name)
        assert (refused.exit_code, refused.output) == (1, f"error: '{name}' is not empty: name a new folder\n")
    assert deckgen("adopt", "mine.apkg", "empty").exit_code == 0
    assert sorted(path.name for path in Path("full").iterdir()) == ["mine.txt"]
    assert not Path("elsewhere").exists()
    assert not list(Path().glob(".deckgen*"))


# --- packages of those who mean harm ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["../evil.png", "/tmp/evil.png", "..", "a/b.png", "a\\b.png", ""])
def test_media_names_that_lead_elsewhere_refuse_the_package(name, tmp_path):
    path = package([("Front", f'<img src="{name}">')])
    apkg.write(path, apkg.files(path) | {"media": json.dumps({"0": name}).encode(), "0": b"evil"})
    result = deckgen("adopt", "mine.apkg", "deck")

    assert result.exit_code == 1
    assert result.output.startswith("error: it has a media file named '")
    assert result.output.count("\n") == 1
    assert not Path("deck").exists()
    assert not list(Path().glob(".deckgen*"))


def test_names_from_a_package_are_no_paths(tmp_path):
    path = package(
        [("Front", "Back")],
        templates=[{"name": "../../x", "qfmt": "{{Question?}}", "afmt": "x"}, {"name": "..", "qfmt": "", "afmt": ""}],
    )
    models = "replace(models, 'Simple: mine', '../../../note type')"
    decks = r"replace(decks, '\"Deck\"', '\"../../a::..::\u0007con\"')"
    adopted(apkg.edit(path, f"update col set models = {models}, decks = {decks}"))
    names = {path.relative_to("deck/decks").as_posix() for path in Path("deck/decks").rglob("*")}

    assert not [name for name in names if ".." in name]
    assert sorted(os.listdir()) == ["deck", "media of others", "mine.apkg"]
    assert deckgen("-C", "deck", "check").exit_code == 0


def test_no_folder_is_called_like_a_device_of_windows(tmp_path):
    path = package([("Front", "Back")], templates=[{"name": "Aux", "qfmt": "{{Question?}}", "afmt": "x"}])
    names = "models = replace(models, 'Simple: mine', 'Con'), decks = replace(decks, '\"Deck\"', '\"Nul\"')"
    adopted(apkg.edit(path, f"update col set {names}"))
    folders = {path.name.partition(".")[0] for path in Path("deck/decks").rglob("*")}

    assert folders.isdisjoint({"con", "nul", "aux"})
    assert deckgen("-C", "deck", "check", "--strict").exit_code == 0


def test_the_next_commands_work_in_a_folder_whose_name_has_a_space(tmp_path):
    package([("Front", "Back")])
    _, _, commands = deckgen("adopt", "mine.apkg", "my deck").output.partition("\nNext, run:\n")
    identity = {f"GIT_{who}_{what}": "a@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}

    assert commands.startswith("  cd 'my deck'\n  git init\n")
    subprocess.run(["sh", "-e"], input=commands, text=True, check=True, capture_output=True, env=os.environ | identity)
    assert deckgen("-C", "my deck", "build", "--locked").exit_code == 0


def test_a_template_that_cannot_be_read_is_said_in_one_line(tmp_path):
    mine = package([("Front", "Back")])
    apkg.edit(mine, "update col set models = replace(models, '{{Question?}}', '{{#Question?}}')")
    result = deckgen("adopt", "mine.apkg", "deck")

    assert result.exit_code == 1
    assert result.output == (
        "error: a template of 'Simple: mine' is wrong: expected {{/Question?}}, found the end of the template; repair "
        "it in Anki, export the deck again, and adopt that\n"
    )
    assert not Path("deck").exists()


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b'{"name": 1, "note_models": []}', b"[" * 100_000, b"\xff"])
def test_a_file_that_is_no_deck_of_crowdanki_is_refused_in_one_line(content, tmp_path):
    Path("deck.json").write_bytes(content)
    result = deckgen("adopt", "deck.json", "deck")

    assert result.exit_code == 1
    assert result.output.startswith("error: 'deck.json' is not a CrowdAnki deck: ")
    assert result.output.count("\n") == 1


def test_thousands_of_files_are_not_sought_in_endless_templates(tmp_path):
    package([("Front", "Back")], {f"_{number}.png": b"x" for number in range(2000)}, css="-" * 6_000_000)
    result = deckgen("adopt", "mine.apkg", "deck")

    assert result.exit_code == 1
    assert result.output == ("error: its templates are too long for its 2,000 files with names that begin with '_'\n")


@pytest.mark.parametrize("name", ["deck.apkg", "deck.json"])
def test_a_pipe_is_not_read(tmp_path, name):
    os.mkfifo(name)
    result = deckgen("adopt", name, "deck")

    assert (result.exit_code, result.output) == (1, f"error: '{name}' is not a file\n")


def test_a_file_that_was_missing_before_does_not_prevent_a_release(tmp_path):
    large = sample.png() + bytes(2**20)
    adopted(package([("front", "<img src=gone.png>", '<img src="large.png">')], {"large.png": large}))
    deckgen("-C", "deck", "build", "--locked")
    for command in ("init -q", "add -A", "-c user.name=A -c user.email=a@example.org commit -qm x", "tag adopted"):
        subprocess.run(["git", *command.split()], cwd="deck", check=True)

    assert "there is no file 'gone.png'" in deckgen("-C", "deck", "check").output
    assert deckgen("-C", "deck", "release", "v1").exit_code == 0


def test_a_picture_from_the_web_needs_consent_and_is_no_missing_file():
    adopted(package([("front", '<img src="https://example.org/a.png">', "")]))
    before = deckgen("-C", "deck", "check")
    deckgen("-C", "deck", "consent", "--yes")

    assert "expected the path of a file, found the address 'https://example.org/a.png'" in before.output
    assert "0 errors, 0 warnings" in deckgen("-C", "deck", "check").output


def test_videos_and_pictures_without_an_extension_are_kept():
    """Anki names what is pasted from some sites without one."""
    shown = '<img src="4898254"><img src="run.php">[sound:clip.mp4]'
    adopted(package([("front", "back", shown)], {"4898254": b"RIFF", "run.php": b"x", "clip.mp4": b"....ftyp"}))
    built = deckgen("-C", "deck", "build")

    assert "0 errors, 1 warning" in built.output
    assert "there is no file 'run.php'" in built.output
    with zipfile.ZipFile("deck/build/deck.apkg") as archive:
        assert sorted(json.loads(archive.read("media")).values()) == ["4898254", "clip.mp4"]


def test_nothing_is_read_through_a_folder_of_media_that_is_a_link(tmp_path):
    file = others.by_crowdanki(tmp_path / "export")
    shutil.move(file.parent / "media", "elsewhere")
    (file.parent / "media").symlink_to(Path("elsewhere").resolve())
    adopted(file)

    assert not list(Path("deck").rglob("flag-peru.png"))


def test_a_file_that_is_no_picture_or_sound_does_not_become_a_source(tmp_path):
    text = b"faq: [{id: x, domain: deck, question: What?, answer: So}]\n"
    result = adopted(package([("Front", '<img src="x.yaml">')], {"x.yaml": text}))

    assert "1 media file: shown by notes, but neither a picture nor a sound" in result.output
    assert not list(Path("deck").rglob("x.yaml"))


def test_templates_with_the_same_name_are_refused(tmp_path):
    same = {"name": "A", "qfmt": "{{Question?}}", "afmt": "x"}
    package([("Front", "Back")], templates=[same, same])
    result = deckgen("adopt", "mine.apkg", "deck")

    assert result.exit_code == 1
    assert result.output == (
        "error: two templates of 'Simple: mine' have the same name: rename one in Anki and export the deck again\n"
    )


def test_a_card_whose_place_is_no_number_refuses_the_package(tmp_path):
    apkg.edit(package([("Front", "Back")]), "update cards set ord = 'x'")
    result = deckgen("adopt", "mine.apkg", "deck")

    assert result.exit_code == 1
    assert result.output == "error: 'mine.apkg' is not an Anki package: expected a number, found 'x'\n"


def test_notes_that_no_source_can_have_are_left_out_and_counted(tmp_path):
    path = package([("one", "1"), ("two", "2"), ("three", "3"), ("four", "4")])
    apkg.edit(
        path,
        "update notes set guid = 'line' || char(10) || 'break' where guid = 'guid-1'",
        "delete from cards where nid = (select id from notes where guid = 'guid-2')",
    )
    result = adopted(path)

    assert "differs: 1 note with a guid that no source can contain (not adopted)" in result.output
    assert "differs: 1 note without a card (not adopted)" in result.output
    assert "deck: 2 notes, 2 cards" in result.output


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('"sortf": 0', '"sortf": 70000', "expected a number from 0 to 65535 as 'sortf', found 70000"),
        ('"size": 20', '"size": -1', "expected a number from 0 to 65535 as 'size', found -1"),
        ('"font": "', r'"font": "\ud800', "surrogates not allowed"),
        ('"latexPre": "', r'"latexPre": "\ud800', "surrogates not allowed"),
    ],
)
def test_settings_that_anki_refuses_are_errors(tmp_path, old, new, message):
    adopted(package([("Front", "Back")]))
    file = Path("deck/decks/note-types/simple-mine/anki.json")
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, 1))
    refused = deckgen("-C", "deck", "build")

    assert refused.exit_code == 1
    assert "error: cannot use 'anki.json': " in refused.output
    assert message in refused.output


@pytest.mark.parametrize("old", ['"Geography"', '"{{Country}}"', '"Geography of the world"'])
def test_a_deck_with_halves_of_characters_is_refused_in_one_line(tmp_path, old):
    file = others.by_crowdanki(tmp_path / "export")
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, rf'{old[:-1]}\ud800"', 1), encoding="utf-8")
    refused = deckgen("adopt", str(file), "deck")

    assert refused.exit_code == 1
    assert "is not a CrowdAnki deck: " in refused.output
    assert refused.output.count("\n") == 1


# --- consent ----------------------------------------------------------------------------------------------------------


def scripted() -> Result:
    """An adopted deck with a script in a template, and a handler in a field."""
    templates = [{"name": "A", "qfmt": SCRIPT, "afmt": "{{FrontSide}}{{Answer (short)}}"}]
    return adopted(package([("one", '<b onclick="x()">1</b><iframe>'), ("two", "2")], templates=templates))


def test_scripts_need_consent_and_any_change_asks_again(tmp_path):
    told = scripted()
    refused = deckgen("-C", "deck", "build")
    declined = deckgen("-C", "deck", "consent", typed="n\n")
    asked = deckgen("-C", "deck", "consent", typed="y\n")
    built = deckgen("-C", "deck", "build", "--locked")

    assert "before you can build: deckgen allows 2 texts only with your consent; run 'deckgen consent'" in told.output
    assert refused.exit_code == 1
    assert "if an adopted note had it before, read it and run 'deckgen consent'" in " ".join(refused.output.split())
    assert "expected HTML that only shows something, found <script> [unsafe-html]" in refused.output
    assert "run 'deckgen consent'" in refused.output
    assert declined.exit_code == 1
    assert "found <script>" in asked.output
    assert "found 'onclick'; expected HTML that only shows something, found <iframe>" in asked.output
    assert built.exit_code == 0, built.output
    assert "there is nothing to consent to" in deckgen("-C", "deck", "consent").output

    side = Path("deck/decks/note-types/simple-mine/a.front.html")
    side.write_text(side.read_text() + " ")
    again = deckgen("-C", "deck", "build")
    assert again.exit_code == 1
    assert "<script>" in again.output

    side.write_text(side.read_text()[:-1])
    assert deckgen("-C", "deck", "build", "--locked").exit_code == 0
    notes = Path("deck/decks/deck/notes.yaml")
    notes.write_text(notes.read_text().replace("x()", "y()"))
    again = deckgen("-C", "deck", "build")
    assert "found 'onclick' [unsafe-html]" in again.output


def test_consent_that_errors_hide_is_not_said_to_be_unnecessary(tmp_path):
    scripted()
    Path("deck/decks/note-types/simple-mine/type.yaml").write_text("fields: [\n")
    hidden = deckgen("-C", "deck", "consent")

    assert hidden.exit_code == 1
    assert hidden.output.endswith("nothing to consent to was found: fix the errors, and try again\n")


def test_a_file_that_a_script_loads_is_covered_by_the_consent(tmp_path):
    templates = [{"name": "A", "qfmt": '{{Question?}}<script src="_x.js"></script>', "afmt": "b"}]
    adopted(package([("one", "1")], {"_x.js": b"1"}, templates=templates))
    deckgen("-C", "deck", "consent", "--yes")
    assert deckgen("-C", "deck", "build").exit_code == 0
    Path("deck/decks/note-types/simple-mine/_x.js").write_text("2")

    assert "found <script>" in deckgen("-C", "deck", "build").output


def test_a_file_of_a_note_type_that_cannot_be_used_is_named_with_the_reason(tmp_path):
    adopted(package([("one", "1")], {"_x.png": sample.png()}, css=".card { background: url(_x.png) }"))
    file = Path("deck/decks/note-types/simple-mine/_x.png")
    file.write_text("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n")
    pointer = deckgen("-C", "deck", "build").output
    file.unlink()
    file.symlink_to("/etc/hostname")
    link = deckgen("-C", "deck", "build").output

    assert "cannot use '_x.png': it is a Git LFS pointer" in pointer
    assert "git lfs pull" in pointer
    assert "found a link to a file in another folder" in link


@pytest.mark.parametrize("variable", ["CI", "GITHUB_ACTIONS", "TF_BUILD"])
def test_on_a_runner_no_consent_counts(variable, tmp_path):
    scripted()
    deckgen("-C", "deck", "consent", "--yes")
    assert deckgen("-C", "deck", "build").exit_code == 0
    built = deckgen("-C", "deck", "build", **{variable: "true"})
    given = deckgen("-C", "deck", "consent", "--yes", **{variable: "true"})

    assert built.exit_code == 1
    assert "<script>" in built.output
    assert given.exit_code == 1
    assert "a CI runner cannot give consent" in given.output


@pytest.mark.parametrize("content", [b"half-a-digest", b"\xff\xfe"])
def test_consent_can_be_given_again_if_its_file_is_damaged(content, tmp_path):
    place = Path(os.environ["XDG_CONFIG_HOME"], "deckgen/consent")
    place.parent.mkdir(parents=True)
    place.write_bytes(content)
    scripted()
    deckgen("-C", "deck", "consent", "--yes")
    built = deckgen("-C", "deck", "build", "--locked")

    assert built.exit_code == 0, built.output


def test_no_consent_comes_with_the_checkout(tmp_path, monkeypatch):
    scripted()
    deckgen("-C", "deck", "consent", "--yes")
    mine = Path(os.environ["XDG_CONFIG_HOME"], "deckgen/consent")
    planted = Path("deck/.config/deckgen/consent")
    planted.parent.mkdir(parents=True)
    shutil.move(mine, planted)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(Path("deck/.config").resolve()))

    assert deckgen("-C", "deck", "build").exit_code == 1
    assert "outside the checkout" in deckgen("-C", "deck", "consent", "--yes").output


# --- identities from elsewhere ----------------------------------------------------------------------------------------


def test_a_guid_counts_only_if_the_lock_adopted_it(tmp_path):
    adopted(package([("one", "1")]))
    notes = Path("deck/decks/deck/notes.yaml")
    text = notes.read_text()
    notes.write_text(f"{text}\n  - {{id: evil, type: simple-mine, guid: theirs, fields: {{Question?: Mine now}}}}\n")
    result = deckgen("-C", "deck", "build")

    assert result.exit_code == 1
    assert "'note/evil' was not adopted, but has a guid [not-adopted]" in result.output

    notes.write_text(text.replace("    guid: guid-0\n", ""))
    result = deckgen("-C", "deck", "build")
    assert "'note/one' was adopted with the guid 'guid-0', found '" in result.output

    notes.write_text(text.replace("one", "two").replace("type", "was: one\n    type"))
    assert deckgen("-C", "deck", "build").exit_code == 0


def test_an_adopted_file_keeps_its_content(tmp_path):
    adopted(package([("one", '<img src="a.png">')], {"a.png": sample.png()}))
    Path("deck/decks/deck/adopted/a.png").write_bytes(sample.png() + b"\0")
    result = deckgen("-C", "deck", "build")

    assert "'a.png' was changed since it was adopted [not-adopted]" in result.output


def test_an_adopted_file_of_a_note_type_keeps_its_content_in_warm_builds_too(tmp_path, monkeypatch):
    """The deck has a file with the same name, which did not change."""
    monkeypatch.setenv("DECKGEN_CACHE", str(tmp_path.parent / f"{tmp_path.name}-cache"))
    css = ".card { background: url(_a.png); }"
    adopted(package([("one", '<img src="_a.png">')], {"_a.png": sample.png()}, css=css))
    assert deckgen("-C", "deck", "check").exit_code == 0
    Path("deck/decks/note-types/simple-mine/_a.png").write_bytes(sample.png(shade=9))
    first, second = (deckgen("-C", "deck", "check") for _ in range(2))

    assert "_a.png:1:1: error: '_a.png' was changed since it was adopted [not-adopted]" in first.output
    assert second.output == first.output


def test_a_template_that_shows_a_field_of_another_name_is_kept(tmp_path):
    """As Anki does, which shows a message instead of the side."""
    template = {"name": "Card 1", "qfmt": "{{Question?}}", "afmt": "{{FrontSide}}<hr>{{Anwser}}"}
    adopted(package([("one", "1")], templates=[template]))
    shown = deckgen("-C", "deck", "show", "note/one")

    assert shown.exit_code == 0, shown.output
    assert "This template shows a field that the note type does not have: Anwser" in shown.output


def test_a_cloze_template_that_shows_a_field_of_another_name_stops_nothing(tmp_path):
    """The note keeps its first card, as in Anki."""
    deck = genanki.Deck(others.DECK_ID, "Deck")
    deck.add_note(genanki.Note(genanki.CLOZE_MODEL, ["{{c1::Rome}} is in Italy", ""]))
    adopted(others.written(Path("mine.apkg").resolve(), [deck]))
    (front,) = Path("deck/decks/note-types").glob("*/*.front.html")
    front.write_text("{{cloze:Txt}}")
    checked = deckgen("-C", "deck", "check")

    assert "1 note, 1 card: 0 errors" in checked.output


def test_a_damaged_template_of_ankis_list_of_cards_needs_consent(tmp_path):
    """No card shows it, but what is in it is not known."""
    template = {"name": "Card 1", "qfmt": "{{Question?}}", "afmt": "{{FrontSide}}", "bqfmt": "{{#Question?}}"}
    result = adopted(package([("one", "1")], templates=[template]))
    checked = deckgen("-C", "deck", "check")

    assert "deckgen allows 1 text only with your consent" in result.output
    assert "expected {{/Question?}}, found the end of the template [unsafe-html]" in checked.output
    deckgen("-C", "deck", "consent", "--yes")
    assert deckgen("-C", "deck", "check").exit_code == 0


def test_an_adopted_text_may_leave_numbers_out(tmp_path):
    deck = genanki.Deck(others.DECK_ID, "Deck")
    deck.add_note(genanki.Note(genanki.CLOZE_MODEL, ["{{c1::Rome}} is in {{c3::Italy}}", ""]))
    adopted(others.written(Path("mine.apkg").resolve(), [deck]))
    checked = deckgen("-C", "deck", "check")

    assert "0 errors" in checked.output
    assert "cloze-gap" not in checked.output


def test_new_notes_of_an_adopted_type_are_as_those_of_any_other(tmp_path):
    adopted(package([("one", '<img src="a.png">')], {"a.png": sample.png()}))
    notes = Path("deck/decks/deck/notes.yaml")
    entry = "\n  - {id: new, type: simple-mine, tags: [x], fields: {Question?: 'New? ![old](a.png)'}}\n"
    notes.write_text(notes.read_text() + entry)
    result = deckgen("-C", "deck", "build")

    assert result.exit_code == 0, result.output
    assert "1 new, 0 changed" in result.output
    (new,) = (note for note in read_package(Path("deck/build/deck.apkg")).notes.values() if "New" in note.label)
    assert new.fields["Question?"] == 'New? <img src="a.png" alt="old">'
    assert "deck::x" in new.tags
