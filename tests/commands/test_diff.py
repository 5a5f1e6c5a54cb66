"""``deckgen diff`` shows what changed between packages, or since a commit, note by note and word by word."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import zipfile
from pathlib import Path

import genanki
import pytest
from click.testing import CliRunner

import others
import sample
from deckgen.cli import main
from deckgen.packages.read_package import read_package

CARDS = """\
domain: basics
faq:
  - {id: one, question: Is it one?, answer: It is <1 & certain}
  - {id: two, question: Is it two?, answer: It is two}
  - {id: three, question: Is it three?, answer: It is three, tags: [old]}
  - id: list
    question: Name the four.
    items: [a: A, b: B, c: C, d: D]
"""

CHANGED = """\
domain: basics
faq:
  - {id: one, question: Is it one?, answer: It is <1 and not certain}
  - {id: three, question: Is it three?, answer: It is three, tags: [new], why: Because}
  - {id: new, question: Is it new?, answer: Brand new}
  - id: list
    question: Name the four.
    items: [a: A, b: B, c: See, d: D]
retired:
  - {id: faq/two, reason: It was not., successor: faq/one}
"""


def run(*arguments: str, at: int = 1_790_000_000) -> str:
    here = Path.cwd()
    result = CliRunner().invoke(main, arguments, env={"SOURCE_DATE_EPOCH": str(at)})
    os.chdir(here)  # -C changes it

    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A package of the old sources; the new sources are not built yet."""
    sample.write(tmp_path, {"demo/cards.yaml": CARDS})
    run("build")
    (tmp_path / "build/demo.apkg").rename("old.apkg")
    Path("decks/demo/cards.yaml").write_text(CHANGED)
    return Path("old.apkg")


EXPECTED = """\
+ faq/new
    Question: Is it new?
    Answer: Brand new
- faq/two
    Notice: Retired: It was not. Replaced by: Is it one? (faq/one).
~ faq/list
    Items: All four – [A] – [B] – [-[C]-] {+[See]+} – [D]
    the same change on 4 other cards of the list
~ faq/one
    Answer: It is <1 [-&-] {+and not+} certain
~ faq/three
    Why: {+Because+}
    tags: -sample::old +sample::new
    cards: 1 more
demo: 1 new, 3 changed, 1 retired, 0 unchanged
"""


def test_a_package_is_compared_with_the_current_sources(old):
    before = {path: path.read_bytes() for path in Path().rglob("*") if path.is_file()}

    assert run("diff", "old.apkg") == EXPECTED
    assert before == {path: path.read_bytes() for path in Path().rglob("*") if path.is_file()}


def test_two_packages_are_compared(old):
    run("build", at=1_790_000_100)
    expected = EXPECTED.replace(
        "    Notice: Retired: It was not. Replaced by: Is it one? (faq/one).\n",
        "    Question: Is it two?\n    Answer: It is two\n",
    ).replace("1 retired", "0 retired, 1 removed")

    assert run("diff", "old.apkg", "build/demo.apkg") == expected


def test_a_package_does_not_differ_from_itself(old):
    assert run("diff", "old.apkg", "old.apkg", "--exit-code") == "old: 0 new, 0 changed, 0 retired, 4 unchanged\n"
    assert CliRunner().invoke(main, ["diff", "old.apkg", "--exit-code"]).exit_code == 1


def test_markdown_for_a_pull_request(old):
    assert (
        run("diff", "old.apkg", "--format", "markdown")
        == """\
### demo: 1 new, 3 changed, 1 retired, 0 unchanged

**New**

- `faq/new` Question: Is it new?; Answer: Brand new

**Retired**

- `faq/two` Notice: Retired: It was not. Replaced by: Is it one? (faq/one).

**Changed**

- `faq/list`
  - Items: All four – \\[A\\] – \\[B\\] – ~~\\[C\\]~~ **\\[See\\]** – \\[D\\]
  - the same change on 4 other cards of the list
- `faq/one`
  - Answer: It is \\<1 ~~&~~ **and not** certain
- `faq/three`
  - Why: **Because**
  - tag `sample::new` added
  - tag `sample::old` removed
  - cards: 1 more

"""
    )


def test_deletions_with_other_numbers_are_shown_although_the_text_is_the_same(tmp_path):
    gaps = "cloze: [{id: nerves, domain: basics, text: 'The {{c1::median}} and the {{c2::ulnar}} nerve'}]\n"
    sample.write(Path(), {"demo/gaps.yaml": gaps})
    run("build")
    Path("build/demo.apkg").rename("old.apkg")
    swapped = gaps.replace("c1", "c3").replace("c2", "c1").replace("c3", "c2")
    Path("decks/demo/gaps.yaml").write_text(swapped)

    line = "'median' moved from card 1 to card 2: learners' cards now ask something else"
    assert f"    {line}\n" in run("diff", "old.apkg")
    assert f"  - {line}\n" in run("diff", "old.apkg", "--format", "markdown")
    renumbered = json.loads(run("diff", "old.apkg", "--format", "json"))["demo"]["changed"][0]["renumbered"]
    assert renumbered == [{"text": "ulnar", "old": 2, "new": 1}, {"text": "median", "old": 1, "new": 2}]


def test_json_for_programs(old):
    data = json.loads(run("diff", "old.apkg", "--format", "json"))["demo"]

    assert [note["id"] for note in data["new"]] == ["faq/new"]
    assert [note["id"] for note in data["retired"]] == ["faq/two"]
    assert data["changed"][1] == {
        "label": "faq/one",
        "fields": [{"name": "Answer", "old": "It is <1 & certain", "new": "It is <1 and not certain"}],
        "tags_added": [],
        "tags_removed": [],
        "cards_added": [],
        "cards_removed": [],
        "media": [],
        "renumbered": [],
    }


def test_current_sources_are_compared_with_those_of_a_commit(tmp_path):
    sample.write(tmp_path, {"demo/cards.yaml": CARDS})
    run("build")
    for command in ("init -q", "config user.email a@b.org", "config user.name A", "add -A decks", "commit -q -m x"):
        subprocess.run(["git", *command.split(" ")], check=True)
    Path("decks/demo/cards.yaml").write_text(CHANGED)

    assert run("diff", "--since", "HEAD") == EXPECTED
    result = CliRunner().invoke(main, ["diff", "--since", "nothing"])
    assert result.exit_code == 1
    about = "no commit, branch or tag has this name; 'git log' and 'git tag' list them"
    assert result.stderr == f"error: git cannot give the sources of 'nothing': {about}\n"


def test_a_note_that_was_never_published_is_removed_and_not_retired(tmp_path):
    sample.write(tmp_path, {"demo/cards.yaml": CARDS})
    for command in ("init -q", "config user.email a@b.org", "config user.name A", "add -A decks", "commit -q -m x"):
        subprocess.run(["git", *command.split(" ")], check=True)
    Path("decks/demo/cards.yaml").write_text(CHANGED)

    # Nobody has a note that was never built, so there is nothing to retire.
    retired = "    Notice: Retired: It was not. Replaced by: Is it one? (faq/one).\n"
    removed = "    Question: Is it two?\n    Answer: It is two\n"
    expected = EXPECTED.replace(retired, removed).replace("1 retired", "0 retired, 1 removed")
    assert run("diff", "--since", "HEAD") == expected


def test_moved_cards_are_shown_with_both_decks(old):
    Path("decks/demo/cards.yaml").write_text(CARDS)
    Path("decks/demo/deck.yaml").write_text("title: Demo\nsubdecks: kind\n")

    assert "> faq/one: from Demo to Demo::Questions" in run("diff", "old.apkg")
    assert run("diff", "old.apkg").endswith("demo: 0 new, 0 changed, 0 retired, 4 moved, 0 unchanged\n")


def test_a_file_that_is_no_package_is_an_error(old):
    Path("bad.apkg").write_text("PK nothing")
    result = CliRunner().invoke(main, ["diff", "old.apkg", "bad.apkg"])

    assert result.exit_code == 1
    assert result.stderr.startswith("error: 'bad.apkg' is not an Anki package: ")


def test_a_deck_is_chosen_by_the_name_of_the_package(old):
    sample.write(
        Path.cwd(), {"other/deck.yaml": "title: Other\n", "other/cards.yaml": CARDS.replace("id: ", "id: other-")}
    )

    result = CliRunner().invoke(main, ["diff", "old.apkg"])
    assert "this project has no deck 'old', only: demo, other" in result.stderr
    old.rename("demo.apkg")
    assert run("diff", "demo.apkg") == EXPECTED


def test_a_package_or_a_commit_is_required(old):
    for arguments in ([], ["old.apkg", "--since", "HEAD"]):
        result = CliRunner().invoke(main, ["diff", *arguments])

        assert result.exit_code == 2
        assert "say what to compare with: a package, or --since and a commit, branch or tag" in result.stderr


# --- pictures, and notes from elsewhere -------------------------------------------------------------------------------


def test_a_picture_that_changed_is_shown_although_the_text_is_the_same(tmp_path):
    root = sample.write(tmp_path, {"demo/cards.yaml": CARDS.replace("It is two", "'It is ![a dot](dot.png)'")})
    (root / "demo/dot.png").write_bytes(sample.png())
    run("build")
    old = read_package(tmp_path / "build/demo.apkg")
    (tmp_path / "build/demo.apkg").rename("old.apkg")
    (root / "demo/dot.png").write_bytes(sample.png(64, 64))
    shown = run("diff", "old.apkg")
    run("build")
    new = read_package(tmp_path / "build/demo.apkg")
    ((before, _),) = old.media.items()
    ((after, mark),) = new.media.items()

    assert shown == (
        f"~ faq/two\n    Answer: {before}, 1 KB -> {after}, 1 KB\ndemo: 0 new, 1 changed, 0 retired, 3 unchanged\n"
    )
    assert mark.size == old.media[before].size + 1
    assert f"{after}, 1 KB" in run("diff", "old.apkg", "--format", "markdown").replace("\\", "")
    (change,) = json.loads(run("diff", "old.apkg", "--format", "json"))["demo"]["changed"]
    assert change["media"] == [{"field": "Answer", "old": f"{before}, 1 KB", "new": f"{after}, 1 KB"}]


def test_a_file_of_the_same_name_with_another_content_is_a_changed_picture(tmp_path):
    original = others.by_genanki(tmp_path / "a.apkg")
    shutil.copy(original, "b.apkg")
    with zipfile.ZipFile("b.apkg") as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    (number,) = (member for member, name in json.loads(members["media"]).items() if name == "a map.png")
    with zipfile.ZipFile("b.apkg", "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data if name != number else sample.png(300, 300 % 256))

    assert "Bild, Ton: a map.png, 1 KB -> a map.png, " in run("diff", "a.apkg", "b.apkg")


def test_adopted_note_types_are_compared_with_their_settings(tmp_path):
    original = others.by_genanki(tmp_path / "capitals.apkg")
    run("adopt", str(original), "deck", at=1_890_000_000)
    style = Path("deck/decks/note-types/simple-mine/style.css")
    style.write_text(style.read_text().replace("#c00", "#000"))
    settings = style.with_name("anki.json")
    settings.write_text(settings.read_text().replace('"size": 20', '"size": 22', 1))
    shown = run("-C", "deck", "diff", str(original), at=1_890_000_000)

    assert "* note type Simple: mine: style, other settings\n" in shown


def test_notes_with_the_same_first_field_are_counted_apart(tmp_path):
    packages = []
    for answer in ("1", "2"):
        deck = genanki.Deck(1, "Deck")
        for guid, text in (("a", answer), ("b", "0")):
            deck.add_note(genanki.Note(others.simple_model(), ["The same", text, ""], guid=guid))
        packages.append(str(others.written(tmp_path / f"{answer}.apkg", [deck])))

    assert run("diff", *packages).endswith("2: 0 new, 1 changed, 0 retired, 1 unchanged\n")


def test_notes_with_the_identity_of_others_come_first(tmp_path):
    run("adopt", str(others.by_genanki(tmp_path / "capitals.apkg")), "deck", at=1_890_000_000)
    git = ["git", "-C", "deck", "-c", "user.name=A", "-c", "user.email=a@example.org"]
    for command in ("init -q", "add -A", "commit -qm Adopt", "tag adopted"):
        subprocess.run([*git, *command.split(" ")], check=True)
    evil = "\n  - {id: evil, type: simple-mine, guid: theirs, fields: {Question?: Mine now}}\n"
    own = "\n  - {id: own, type: simple-mine, fields: {Question?: All mine}}\n"
    notes = Path("deck/decks/lander-europe/notes.yaml")
    notes.write_text(notes.read_text() + own + evil)
    lock = Path("deck/decks/deckgen.lock")
    lock.write_text(lock.read_text() + "adopted note/evil theirs\n")
    shown = run("-C", "deck", "diff", "--since", "adopted", at=1_890_000_000)

    assert shown.startswith(
        "! Mine now: has the guid of another deck's note, and overwrites it for everybody who has that deck\n"
    )
    assert "+ All mine\n" in shown
    assert "lander-europe: 1 new, 0 changed, 0 retired, 1 adopted, 7 unchanged\n" in shown


def test_note_types_and_files_from_elsewhere_are_a_warning(tmp_path):
    run("adopt", str(others.by_genanki(tmp_path / "capitals.apkg")), "deck", at=1_890_000_000)
    git = ["git", "-C", "deck", "-c", "user.name=A", "-c", "user.email=a@example.org"]
    for command in ("init -q", "add -A", "commit -qm Adopt", "tag adopted"):
        subprocess.run([*git, *command.split(" ")], check=True)
    lock = Path("deck/decks/deckgen.lock")
    lock.write_text(lock.read_text() + "adopted note-types/theirs 123\nadopted lander-europe/adopted/a%20b.png 4\n")
    result = CliRunner().invoke(main, ["-C", "deck", "diff", "--since", "adopted"])
    os.chdir(tmp_path)

    assert "warning: deckgen.lock newly adopts: lander-europe/adopted/a b.png, note-types/theirs\n" in result.stderr


def test_sources_with_an_error_are_reported_without_their_hints(old):
    negative = "  - {id: not, question: Which animals do not fly?, answer: Fish}\n"
    Path("decks/deckgen.yaml").write_text(sample.PROJECT)
    Path("decks/demo/cards.yaml").write_text(CARDS + negative + "resurces: []\n")
    checked = CliRunner().invoke(main, ["check", "--hints"])
    result = CliRunner().invoke(main, ["diff", "old.apkg"])

    assert "hint:" in checked.output
    assert result.exit_code == 1
    assert "[unknown-key]" in result.stderr
    assert "hint:" not in result.stderr
