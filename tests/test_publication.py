"""The lock: only what changed gets a new time, what would strand learners is refused, and branches merge."""

from __future__ import annotations

import itertools
import json
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import apkg
import sample
from deckgen.cli import main
from deckgen.compiler.pipeline import compile_project
from deckgen.project import lock as locks
from deckgen.project.lock_lines import NoteLine

FIRST, SECOND, THIRD = 1_790_000_000, 1_790_100_000, 1_790_200_000

CARDS = """\
domain: basics
faq:
  - id: one
    question: Is it one?
    answer: It is
  - id: two
    question: Is it two?
    answer: It is two
  - id: list
    question: Name the four.
    items:
      - a: A
      - b: B
      - c: C
      - d: D
"""


def build(at: int, *options: str) -> Result:
    return CliRunner().invoke(main, ["build", *options], env={"SOURCE_DATE_EPOCH": str(at)})


def check(at: int) -> Result:
    return CliRunner().invoke(main, ["check"], env={"SOURCE_DATE_EPOCH": str(at)})


def built(at: int, *options: str) -> Result:
    result = build(at, *options)

    assert result.exit_code == 0, result.output
    return result


def release() -> None:
    """Without git, a release in the lock means that everything in it was released."""
    with Path("decks/deckgen.lock").open("a") as lock:
        lock.write("release v1 2026-09-21\n")


def edit(old: str, new: str, path: str = "decks/demo/cards.yaml") -> None:
    text = Path(path).read_text()

    assert old in text
    Path(path).write_text(text.replace(old, new))


def lock_text() -> str:
    return Path("decks/deckgen.lock").read_text()


def lines() -> dict[str, NoteLine]:
    return {id: own[0] for id, own in locks.parse(lock_text()).notes.items()}


def package(name: str = "demo") -> dict[str, dict]:
    """The rows of a package's notes, by the id that deckgen shows."""
    notes, _, col = apkg.read(Path(f"build/{name}.apkg"))
    found = {}
    for note in notes:
        names = [field["name"] for field in col["models"][str(note["mid"])]["flds"]]
        note["fields"] = dict(zip(names, note["flds"].split("\x1f"), strict=True))
        found[note["fields"]["Id"]] = note
    return found


@pytest.fixture(autouse=True)
def project(tmp_path: Path) -> Path:
    return sample.write(tmp_path, {"demo/cards.yaml": CARDS})


# --- times ------------------------------------------------------------------------------------------------------------


def test_only_the_changed_note_gets_a_new_time():
    built(FIRST)
    before = package()
    edit("It is two", "It is still two")
    result = built(SECOND)
    after = package()

    assert result.stdout.splitlines()[-1].startswith("0 new, 1 changed, 0 retired, 2 unchanged")
    assert after["faq/two"]["mod"] == SECOND
    for id in ("faq/one", "faq/list"):
        assert after[id] == before[id]


def test_a_new_note_leaves_the_others_ids_and_times():
    built(FIRST)
    before = package()
    edit("  - id: two\n", "  - {id: new, question: Is it new?, answer: It is}\n  - id: two\n")
    result = built(SECOND)
    after = package()

    assert result.stdout.splitlines()[-1].startswith("1 new, 0 changed, 0 retired, 3 unchanged")
    assert {id: after[id] for id in before} == before
    assert after["faq/new"]["mod"] == SECOND


def test_a_review_changes_no_note_and_the_deck_counts_it():
    built(FIRST)
    before = package()
    edit("  - id: two\n", "  - id: two\n    reviewed: {by: Dr. Who, on: 2026-11}\n")
    result = built(SECOND)

    assert result.stdout.splitlines()[-1].startswith("0 new, 0 changed, 0 retired, 3 unchanged")
    assert package() == before
    assert "1 of 3 notes reviewed." in compile_project(Path("decks")).packages[0].decks[0].description


def test_a_part_of_a_procedure_is_reviewed_by_itself():
    steps = "steps: {items: [wet: Wet., dry: Dry.], reviewed: {by: Dr. Who, on: 2026-11}}"
    procedure = f"procedures: [{{id: washing, name: Washing, definition: With soap, {steps}}}]\n"
    Path("decks/demo/cards.yaml").write_text(f"domain: basics\n{procedure}")
    notes = compile_project(Path("decks")).notes

    assert [note.identity.reviewed is not None for note in notes] == [False, True]


def test_moving_and_reordering_entries_is_no_change():
    built(FIRST)
    before = lock_text()
    Path("decks/demo/more.yaml").write_text(
        "domain: basics\nfaq:\n  - {id: one, question: Is it one?, answer: It is}\n"
    )
    edit("  - id: one\n    question: Is it one?\n    answer: It is\n", "")
    built(SECOND)

    assert lock_text() == before


def test_a_time_goes_forward_even_when_the_clock_stands():
    built(FIRST)
    edit("It is two", "It is still two")
    built(FIRST)

    assert lines()["faq/two"].modified == FIRST + 1


def test_changing_a_picture_changes_the_notes_that_show_it(project):
    (project / "demo/media").mkdir()
    (project / "demo/media/dot.png").write_bytes(sample.png())
    edit("answer: It is two", 'answer: "![dot](media/dot.png)"')
    built(FIRST)
    (project / "demo/media/dot.png").write_bytes(sample.png(shade=9))
    result = built(SECOND)

    assert result.stdout.splitlines()[-1].startswith("0 new, 1 changed")
    assert lines()["faq/two"].modified == SECOND


def test_a_picture_file_with_another_name_changes_no_note(project):
    (project / "demo/media").mkdir()
    (project / "demo/media/dot.png").write_bytes(sample.png())
    edit("answer: It is two", 'answer: "![dot](media/dot.png)"')
    built(FIRST)
    before = package(), lock_text()
    (project / "demo/media/dot.png").rename(project / "demo/media/A point.PNG")
    edit("(media/dot.png)", "(<media/A point.PNG>)")
    built(SECOND)

    assert (package(), lock_text()) == before


def test_the_same_picture_in_two_files_is_one_file_in_anki(project):
    picture = Path(__file__).with_name("media_files").joinpath("dot.jpg").read_bytes()
    for name in ("one.jpg", "two.jpeg"):
        sample.write(Path(), {f"demo/media/{name}": picture}, base=False)
    edit("answer: It is two", 'answer: "![one](media/one.jpg) ![two](media/two.jpeg)"')
    built(FIRST)

    with zipfile.ZipFile("build/demo.apkg") as archive:
        (name,) = json.loads(archive.read("media")).values()
    assert package()["faq/two"]["fields"]["Answer"].count(f'src="{name}"') == 2


def test_the_date_on_which_a_source_was_read_changes_no_note(project):
    edit("domain: basics\n", "domain: basics\nsource: [book]\n")
    edit("title: A book", "title: A book\n  accessed: 2026-01-01", "decks/sources.yaml")
    built(FIRST)
    before = package(), lock_text()
    edit("2026-01-01", "2026-08-01", "decks/sources.yaml")
    result = built(SECOND)

    assert result.stdout.splitlines()[-1].startswith("0 new, 0 changed, 0 retired, 3 unchanged")
    assert (package(), lock_text()) == before


def test_a_lost_lock_keeps_the_identities():
    built(FIRST)
    before = package()
    Path("decks/deckgen.lock").unlink()
    built(SECOND)
    after = package()

    assert {id: note["guid"] for id, note in after.items()} == {id: note["guid"] for id, note in before.items()}
    assert {note["mod"] for note in after.values()} == {SECOND}


def test_ids_of_notes_are_in_the_past_and_far_enough_apart_for_their_cards():
    built(FIRST)
    edit("faq:\n", "faq:\n  - {id: new, question: Is it new?, answer: It is}\n")
    built(FIRST)
    created = sorted(line.created for line in lines().values())

    assert created[-1] < FIRST * 1000
    assert all(later - earlier >= 64 for earlier, later in itertools.pairwise(created))


@pytest.mark.parametrize("changed", [True, False])
def test_a_clock_behind_the_lock_is_an_error(changed):
    built(SECOND)
    if changed:
        edit("It is two", "It is still two")
    result = build(FIRST)

    assert result.exit_code == 1
    assert (
        "error: expected a time between 2001-09-09 01:46:40 UTC and now, 2026-09-21 14:13:20 UTC; "
        "found 2026-09-22 18:00:00 UTC [lock-time]" in result.stderr
    )


@pytest.mark.parametrize("given", ["abc", "-5", "1e9", " 5", "999999999999"])
def test_a_time_that_is_none_is_refused(given):
    result = CliRunner().invoke(main, ["build"], env={"SOURCE_DATE_EPOCH": given})

    assert result.exit_code == 1
    assert result.stderr == (
        f"error: 'SOURCE_DATE_EPOCH': expected the seconds since 1970 as a whole number, found '{given}'\n"
    )
    assert not Path("decks/deckgen.lock").exists()


def test_nothing_is_published_by_a_machine_that_woke_up_in_1970():
    """Its times would be too early for every learner, and those of new notes before there was time."""
    result = build(5)

    assert result.exit_code == 1
    assert (
        "error: the clock says 1970-01-01 00:00:05 UTC, which is before deckgen existed [clock-behind]" in result.stderr
    )
    assert not Path("decks/deckgen.lock").exists()


def test_a_machine_that_woke_up_in_1970_says_so_once():
    built(FIRST)
    result = check(5)

    assert result.exit_code == 1
    assert re.findall(r"\[[a-z-]+\]", result.output) == ["[clock-behind]"]


def test_a_clock_behind_most_of_the_lock_is_one_error():
    questions = [f"  - {{id: q-{number}, question: What is number {number}?, answer: It}}\n" for number in range(30)]
    edit("faq:\n", "faq:\n" + "".join(questions))
    built(SECOND)
    result = check(FIRST)

    assert result.exit_code == 1
    assert "many times in deckgen.lock are later, up to 2026-09-22 18:00:00 UTC [clock-behind]" in result.output
    assert result.output.count("error: ") == 1


def column(text: str, old: str) -> str:
    """Where the last word of a text begins in the first line that has the text: ``line:column``."""
    before, _, _ = text.partition(old)
    start = len(before) + old.rindex(" ") + 1
    return f"{text.count(chr(10), 0, start) + 1}:{start - text.rfind(chr(10), 0, start)}"


FUTURE, FUTURE_ID = "99999999999", "99999999999999"


@pytest.mark.parametrize("command", ["check", "build", "build --locked"])
def test_every_time_out_of_range_is_an_error_where_it_stands(command):
    """A stranger's lock with such times would keep corrections from learners, and nobody would notice."""
    built(FIRST)
    edit("It is two", "It is still two")
    built(SECOND)
    text = lock_text()
    places = []
    for start, old, new in (
        ("note faq/list list .{16}", str(FIRST), FUTURE),  # nothing later would arrive
        ("note faq/one question .{16}", str(FIRST), "0"),
        ("note faq/two question .{16}", str(SECOND), "0"),  # the change would not arrive
        ("note faq/list .*?", str(lines()["faq/list"].created), "0"),
        ("note faq/one .*?", str(lines()["faq/one"].created), FUTURE_ID),
        ("type list .{16}", str(FIRST), FUTURE),
        ("type question .{16}", str(FIRST), str(locks.EARLIEST - 1)),
    ):
        text, count = re.subn(f"(?m)^({start} ){old}\\b", rf"\g<1>{new}", text)
        assert count == 1
        (found,) = re.findall(f"(?m)^{start} {new}\\b", text)
        places.append(column(text, found))
    Path("decks/deckgen.lock").write_text(text)
    before = Path("build/demo.apkg").read_bytes()
    result = CliRunner().invoke(main, command.split(), env={"SOURCE_DATE_EPOCH": str(THIRD)})

    assert result.exit_code == 1
    found = re.findall(r"(?m)^decks/deckgen.lock:(\S+): error: .* \[lock-time\]$", result.output)
    assert sorted(found) == sorted(places)
    assert (lock_text(), Path("build/demo.apkg").read_bytes()) == (text, before)


def test_each_line_that_a_merge_left_for_a_note_is_looked_at():
    built(FIRST)
    line = next(line for line in lock_text().splitlines() if line.startswith("note faq/one"))
    edit(line, f"{line}\n{line.replace(str(FIRST), FUTURE)}", "decks/deckgen.lock")
    result = check(SECOND)

    assert result.exit_code == 1
    assert f"decks/deckgen.lock:{column(lock_text(), f' {FUTURE}')}: error:" in result.output


@pytest.mark.parametrize("unit", ["seconds", "milliseconds"])
@pytest.mark.parametrize(
    ("time", "fine"),
    [(locks.EARLIEST, True), (locks.EARLIEST - 1, False), (SECOND + 60, True), (SECOND + 61, False)],
)
def test_clocks_may_differ_by_a_minute(time, fine, unit):
    built(FIRST)
    line = lines()["faq/one"]
    if unit == "seconds":
        edit(f"{line.hash} {FIRST}", f"{line.hash} {time}", "decks/deckgen.lock")
    else:
        edit(str(line.created), f"{time}000", "decks/deckgen.lock")

    assert (check(SECOND).exit_code == 0) == fine


@pytest.mark.parametrize(("time", "id"), [(FUTURE, FUTURE_ID), ("0", "1")])
def test_a_time_that_is_put_right_as_the_message_says_is_built(time, id):
    built(FIRST)
    edit("It is two", "It is still two")
    built(SECOND)
    edit(f"{lines()['faq/two'].hash} {SECOND}", f"{lines()['faq/two'].hash} {time}", "decks/deckgen.lock")
    edit(str(lines()["faq/one"].created), id, "decks/deckgen.lock")
    result = check(THIRD)
    advice = re.findall(r"replace (\d+) with (\d+)", result.output)
    for found, instead in advice:
        edit(f" {found} ", f" {instead} ", "decks/deckgen.lock")
    built(THIRD)

    assert len(advice) == 2
    assert package()["faq/two"]["mod"] == THIRD
    assert lines()["faq/one"].created == THIRD * 1000


def test_a_line_of_an_earlier_commit_puts_a_time_right(project):
    built(FIRST)
    earlier = lock_text()
    edit("It is two", "It is still two")
    built(SECOND)
    edit(f"{lines()['faq/two'].hash} {SECOND}", f"{lines()['faq/two'].hash} 0", "decks/deckgen.lock")
    assert "take this line from an earlier commit" in check(THIRD).output
    Path("decks/deckgen.lock").write_text(earlier)
    built(THIRD)

    assert package()["faq/two"]["mod"] == THIRD


# --- the lock file ----------------------------------------------------------------------------------------------------


def test_no_lock_is_written_that_could_not_be_read_again(monkeypatch):
    built(FIRST)
    before = lock_text()
    monkeypatch.setattr(locks, "MAX_LOCK_BYTES", len(before))
    built(SECOND)
    edit("faq:\n", "faq:\n  - {id: new, question: Is it new?, answer: It is}\n")
    result = build(SECOND)

    assert result.exit_code == 1
    assert f"bytes; at most {len(before):,} are read [file-too-large]" in result.stderr
    assert lock_text() == before


@pytest.mark.parametrize("at", [FIRST, SECOND, 99_999_999_999])
def test_locked_builds_what_is_recorded_at_any_later_time(at):
    built(FIRST)
    before = Path("build/demo.apkg").read_bytes()
    Path("build/demo.apkg").unlink()
    built(at, "--locked")

    assert Path("build/demo.apkg").read_bytes() == before


def test_locked_refuses_to_change_the_lock_and_names_what_would():
    built(FIRST)
    before = (lock_text(), Path("build/demo.apkg").read_bytes())
    edit("It is two", "It is still two")
    edit("faq:\n", "faq:\n  - {id: new, question: Is it new?, answer: It is}\n")
    result = build(SECOND, "--locked")

    assert result.exit_code == 1
    assert "the lock is not up to date (new: faq/new, changed: faq/two) [lock-outdated]" in result.stderr
    assert before == (lock_text(), Path("build/demo.apkg").read_bytes())


@pytest.mark.parametrize(
    ("line", "help"),
    [
        ("<<<<<<< HEAD", "delete the lines that git inserted"),
        ("by hand", "take the line from the last commit"),
        # The id of a note that no source has is sought in git, and named in a command.
        (
            f"note faq/{'(' * 9}a{'{1,255})' * 9} question 0 1790000000 1790000000000",
            "take the line from the last commit",
        ),
        ("note faq/x;reboot question 0 1790000000 1790000000000", "take the line from the last commit"),
    ],
)
def test_a_line_that_deckgen_did_not_write_is_named(line, help):
    built(FIRST)
    edit("note faq/one", f"{line}\nnote faq/one", "decks/deckgen.lock")
    result = build(SECOND)

    assert result.exit_code == 1
    assert help in result.stderr
    assert (
        "decks/deckgen.lock:9:1: error: expected a line written by deckgen, found something else [bad-lock]"
        in result.stderr
    )


@pytest.mark.parametrize(
    ("line", "found", "help"),
    [
        ("", "1:1: error: expected the line 'format 2', found none", "delete deckgen.lock and build"),
        ("format 3\n", "3:1: error: expected the line 'format 2', found 'format 3'", "or a newer one"),
        ("format 2\nformat 3\n", "4:1: error: expected the line 'format 2', found 'format 3'", "or a newer one"),
    ],
)
def test_a_lock_of_another_format_is_not_read(line, found, help):
    """A merge may leave the lines of two formats."""
    built(FIRST)
    edit("format 2\n", line, "decks/deckgen.lock")
    before = lock_text()
    result = build(SECOND)

    assert result.exit_code == 1
    assert f"decks/deckgen.lock:{found} [bad-lock]" in result.stderr
    assert help in result.stderr
    assert lock_text() == before


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (f" {FIRST} ", f" {'9' * 12} "),  # beyond the calendar
        (f" {FIRST} ", " ٣ "),
        (" answer:1", " answer:0"),
        (" answer:1", " answer:1 why:1"),
        (" answer:1", " answer:1_0"),
        (" answer:1", " answer:1 ~c501:501"),  # Anki makes no card with this number
        (" answer:1", " answer:2"),
        (" answer:1", " why:1"),
        (" a:1 b:2 c:3 d:4 *:40", " b:2 c:3 d:4 *:39 a:40"),
        (" *:40", " *:7"),
        (" a:1 b:2 c:3 d:4 *:40", " b:2 c:3 d:4 a:40"),
    ],
)
def test_a_number_that_deckgen_cannot_have_written_is_named(old, new):
    built(FIRST)
    path = Path("decks/deckgen.lock")
    path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    result = build(SECOND)

    assert result.exit_code == 1
    assert re.search("decks/deckgen.lock:(8|9):1: error", result.stderr)
    assert "[bad-lock]" in result.stderr


@pytest.mark.parametrize("day", ["2026-13-45", "2026-02-29", "0000-01-01", "20260101", "2026-W01-1"])
def test_a_release_on_a_day_that_no_calendar_has_is_named(day):
    built(FIRST)
    path = Path("decks/deckgen.lock")
    path.write_text(path.read_text() + f"release v1 {day}\n")
    line = len(path.read_text().splitlines())
    result = build(SECOND)

    assert result.exit_code == 1
    assert (
        f"decks/deckgen.lock:{line}:1: error: expected a line written by deckgen, found something else" in result.stderr
    )


def test_an_id_from_before_there_were_decks_is_not_written():
    """Of several notes with the earliest id, some would get an earlier one."""
    built(FIRST)
    id = 1000 * locks.EARLIEST
    path = Path("decks/deckgen.lock")
    text = re.sub(rf"(?m)^(note .* {FIRST}) [0-9]+", rf"\1 {id}", path.read_text())
    path.write_text(text)
    result = build(SECOND)

    assert result.exit_code == 1
    assert "[bad-lock]" in result.stderr
    assert path.read_text() == text


def test_another_namespace_is_refused():
    built(FIRST)
    edit(sample.NAMESPACE, "another", "decks/deckgen.yaml")
    result = build(SECOND)

    assert result.exit_code == 1
    assert (
        f"deckgen.lock has the namespace '{sample.NAMESPACE}', but deckgen.yaml has 'another' [namespace-changed]"
        in result.stderr
    )


DECK_YAML = "decks/demo/deck.yaml"


def renamings(result: Result) -> list[tuple[str, str]]:
    return re.findall(r"learners have this deck as '(.*?)'; now it is named '(.*?)' \[deck-renamed\]", result.output)


def test_a_deck_with_another_title_is_a_warning_until_a_build_has_recorded_it():
    built(FIRST)
    edit("Demo", "demo", DECK_YAML)
    assert renamings(check(SECOND)) == []
    edit("title: demo", 'title: "Other: demo"', DECK_YAML)
    for result in (check(SECOND), built(SECOND)):
        assert renamings(result) == [("Demo", "Other: demo")]
        assert "decks/demo/deck.yaml:1:1: warning: learners have this deck as 'Demo'" in result.output
        assert "the cards that they have stay in the old deck" in " ".join(result.output.split())
    for result in (built(THIRD), built(THIRD), check(THIRD)):
        assert renamings(result) == []


@pytest.mark.parametrize(
    ("before", "now", "told"),
    [
        ("none", "domain", "without subdecks; now it is in 2 subdecks"),
        ("domain", "none", "in 2 subdecks; now it is without subdecks"),
        ("kind", "domain", "in 1 subdeck; now it is in 2 subdecks"),
        ("domain", "domain", ""),
    ],
)
def test_cards_divided_into_other_subdecks_are_a_warning(before, now, told):
    edit("title: Demo", f"title: Demo\nsubdecks: {before}", DECK_YAML)
    Path("decks/demo/other.yaml").write_text("domain: others\nfaq: [{id: o, question: Is it o?, answer: It is}]\n")
    built(FIRST)
    edit(f"subdecks: {before}", f"subdecks: {now}", DECK_YAML)
    result = built(SECOND)

    assert ("[deck-renamed]" in result.output) == bool(told)
    assert told in result.output


def test_the_name_of_a_subdeck_is_one_line_in_the_lock():
    edit("title: Demo", "title: Demo\nsubdecks: domain", DECK_YAML)
    edit("basics: Basics", "basics: |-\n    The\n    basics", "decks/deckgen.yaml")
    built(FIRST)

    assert "\nname deck/demo/basics Demo::The basics\n" in Path("decks/deckgen.lock").read_text()
    assert check(SECOND).exit_code == 0


def test_a_subdeck_with_another_name_is_a_warning():
    edit("title: Demo", "title: Demo\nsubdecks: domain", DECK_YAML)
    built(FIRST)
    edit("basics: Basics", "basics: Elements", "decks/deckgen.yaml")

    assert renamings(built(SECOND)) == [("Demo::Basics", "Demo::Elements")]


@pytest.mark.parametrize("title", ["Sample", "Demo"])
def test_a_deck_that_is_renamed_with_its_folder_is_a_warning(title, project):
    edit("title: Sample", f"title: {title}", "decks/deckgen.yaml")
    built(FIRST)
    (project / "demo").rename(project / "my other")
    assert "deck-renamed" not in check(SECOND).output
    edit("Demo", "Other", "decks/my other/deck.yaml")
    for result in (check(SECOND), built(SECOND)):
        message = "learners have a deck 'Demo', but its folder 'demo' is gone [deck-renamed]"
        assert f"decks/deckgen.yaml:1:1: warning: {message}" in result.output
        assert "give its deck the title 'Demo' again" in result.output
    assert "deck-renamed" not in built(THIRD).output


def test_a_note_type_that_two_branches_published_at_two_times_has_no_new_style():
    built(SECOND)
    before = lock_text()
    types = [line for line in before.splitlines(keepends=True) if line.startswith("type ")]
    Path("decks/deckgen.lock").write_text(before + "".join(types).replace(str(SECOND), str(FIRST)))
    result = built(THIRD)

    assert "new style" not in result.output
    assert lock_text() == before


def test_deck_names_that_a_merge_left_are_both_known(project):
    (project / "demo").rename(project / "my demo")
    built(FIRST)
    edit("name deck/my%20demo Demo\n", "name deck/my%20demo Demo\nname deck/my%20demo Ours\n", "decks/deckgen.lock")
    edit("Demo", "Ours", "decks/my demo/deck.yaml")
    assert renamings(built(SECOND)) == []
    edit("Ours", "Theirs", "decks/my demo/deck.yaml")
    assert renamings(built(SECOND)) == [("Ours", "Theirs")]


def test_another_tag_renames_the_note_types_and_is_a_warning_since_all_notes_change():
    built(FIRST)
    edit("tag: sample", "tag: other", "decks/deckgen.yaml")
    result = built(SECOND)

    assert (
        "warning: the notes in deckgen.lock have the tag 'sample', but deckgen.yaml has 'other' [tag-changed]"
        in result.stderr
    )
    assert {line.modified for line in lines().values()} == {SECOND}
    assert {own[0].modified for own in locks.parse(lock_text()).types.values()} == {SECOND}


def test_a_copy_of_a_project_that_keeps_its_namespace_is_a_warning():
    built(FIRST)
    edit("title: Sample", "title: My copy", "decks/deckgen.yaml")
    result = check(SECOND)

    message = "deckgen.lock belongs to the project 'Sample', but this is 'My copy' [title-changed]"
    assert f"decks/deckgen.yaml:1:1: warning: {message}" in result.output
    edit(sample.NAMESPACE, "my-copy", "decks/deckgen.yaml")
    Path("decks/deckgen.lock").unlink()
    assert "title-changed" not in built(SECOND).output


def test_another_field_list_is_refused():
    built(FIRST)
    edit("Question, Answer, Full, Why", "Question, Answer, Why, Full", "decks/deckgen.lock")
    result = build(SECOND)

    assert result.exit_code == 1
    assert "the note type 'question' was released with other fields or templates [note-type-changed]" in result.stderr


def test_an_answer_cannot_become_a_list_under_the_same_id():
    built(FIRST)
    release()
    edit("    answer: It is two\n", "    items: [a: A, b: B]\n")
    result = build(SECOND)

    assert result.exit_code == 1
    assert (
        "cards.yaml:6:5: error: 'faq/two' was released as a question, but is now a list [other-note-type]"
        in result.stderr
    )


def test_a_note_type_gets_a_new_time_only_when_it_changed(monkeypatch):
    built(FIRST)
    edit("It is two", "It is still two")
    built(SECOND)
    before = locks.parse(lock_text()).types
    edit(before["question"][0].hash, "0" * 16, "decks/deckgen.lock")
    built(THIRD)
    after = locks.parse(lock_text()).types

    assert before["question"][0].modified == FIRST
    assert (after["question"][0].modified, after["list"][0].modified) == (THIRD, FIRST)


# --- ids --------------------------------------------------------------------------------------------------------------


def test_an_id_that_vanished_is_an_error_that_says_what_to_do():
    built(FIRST)
    release()
    edit("id: two", "id: twoo")
    result = build(SECOND)

    assert result.exit_code == 1
    assert "'faq/two' was released, but no source has it; did you mean 'faq/twoo'? [vanished-id]" in result.stderr
    assert (
        "if you renamed it, write 'was: two' under the new id; if you deleted it, run: deckgen retire faq/two"
        in result.stderr
    )
    assert CliRunner().invoke(main, ["check"]).exit_code == 1


def test_a_renamed_entry_keeps_its_identity():
    built(FIRST)
    before = package()["faq/two"]
    edit("id: two", "id: second\n    was: two")
    result = built(SECOND)
    after = package()

    assert result.stdout.splitlines()[-1].startswith("0 new, 0 changed, 0 retired, 3 unchanged")
    assert after["faq/two"] == before


def test_a_renamed_fact_keeps_its_identity():
    cards = (
        "procedures: [{id: tea, name: Tea, domain: basics, facts: [{id: time, question: How long?, answer: Long}]}]\n"
    )
    Path("decks/demo/more.yaml").write_text(cards)
    built(FIRST)
    before = package()["procedure/tea/facts/time"]
    edit("{id: time", "{id: duration, was: time", "decks/demo/more.yaml")
    built(SECOND)

    assert package()["procedure/tea/facts/time"] == before


def test_two_entries_cannot_have_one_id_even_if_one_of_them_was_renamed():
    edit("id: two", "id: one\n    was: two")
    result = build(FIRST)

    assert result.exit_code == 1
    assert "the id of faq/one is already used: see decks/demo/cards.yaml:3:5 [duplicate-id]" in result.stderr


def test_a_new_entry_cannot_take_the_first_id_of_a_renamed_one():
    edit("id: two", "id: second\n    was: two")
    edit("id: one", "id: two")
    result = build(FIRST)

    assert result.exit_code == 1
    assert "[duplicate-id]" in result.stderr


RETIRED = """\
retired:
  - id: faq/two
    title: Is it two?
    reason: It is not.
    successor: faq/one
    on: 2026-11
"""


def test_the_last_entry_of_a_deck_is_retired_in_another_deck(project):
    entry = "domain: basics\nfaq: [{id: last, question: Is it the last?, answer: It is}]\n"
    sample.write(project.parent, {"other/deck.yaml": "title: Other\n", "other/cards.yaml": entry}, base=False)
    built(FIRST)
    text = "retired: [{id: faq/last, reason: It was not.}]\n"
    Path("decks/other/cards.yaml").write_text(text)
    refused = check(SECOND)
    shutil.rmtree("decks/other")
    Path("decks/demo/retired.yaml").write_text(text)

    assert "move its retired entries into a file of another deck and delete the folder" in refused.output
    assert "1 retired" in built(SECOND).output


def test_learners_read_which_notes_were_retired_and_why():
    built(FIRST)
    edit("  - id: two\n    question: Is it two?\n    answer: It is two\n", "")
    edit(CARDS[CARDS.index("  - id: list") :], "")
    Path("decks/demo/old.yaml").write_text(RETIRED + "  - {id: faq/list, reason: It is *too* long}\n")
    result = built(SECOND)
    text = Path("build/demo-retired.txt").read_text()

    assert result.stdout.splitlines()[-1].startswith("0 new, 0 changed, 2 retired, 1 unchanged")
    assert set(package()) == {"faq/one"}
    assert '\n\ntag:sample::* "Id:re:^(faq/list|faq/two)$"\n\n' in text
    assert text.endswith(
        "\n"
        "- Is it two? (faq/two)\n"
        "  Retired on 2026-11: It is not. Replaced by: Is it one? (faq/one).\n"
        "- faq/list (faq/list)\n"
        "  Retired: It is too long\n"
    )


def test_retiring_once_changes_nothing_later():
    built(FIRST)
    edit("  - id: two\n    question: Is it two?\n    answer: It is two\n", "")
    Path("decks/demo/old.yaml").write_text(RETIRED)
    built(SECOND)
    before = lock_text()
    result = built(THIRD)

    assert result.stdout.splitlines()[-1].startswith("0 new, 0 changed, 0 retired, 2 unchanged")
    assert lock_text() == before


@pytest.mark.parametrize("lost", [True, False])
def test_a_note_type_of_retired_notes_only(lost):
    """Its line is lost, or a merge left two."""
    built(FIRST)
    edit(CARDS[CARDS.index("  - id: list") :], "")
    Path("decks/demo/old.yaml").write_text("retired:\n  - {id: faq/list, reason: It is too long}\n")
    built(SECOND)
    path = Path("decks/deckgen.lock")
    (line,) = (line for line in path.read_text().splitlines() if line.startswith("type list "))
    other = " ".join(["type", "list", "0123456789abcdef", *line.split(" ")[3:]])
    edit(f"{line}\n", "" if lost else f"{line}\n{other}\n", "decks/deckgen.lock")
    built(SECOND + 60)

    assert path.read_text().count("\ntype list ") == 1
    assert "faq/list" in Path("build/demo-retired.txt").read_text()


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("faq/two", "faq/one", "'faq/one' is retired here, but an entry still has this id [retired-id]"),
        ("faq/one", "faq/onne", "there is no entry 'faq/onne'; did you mean 'faq/one'? [unknown-entry]"),
        ("retired:\n", "retired:\n  - {id: faq/two, reason: Twice}\n", "'faq/two' is retired twice [duplicate-id]"),
        ("faq/two", "two", "expected a kind and an id like 'faq/nerve-block', found 'two' [bad-id]"),
    ],
)
def test_what_may_not_be_retired(old, new, message):
    built(FIRST)
    edit("  - id: two\n    question: Is it two?\n    answer: It is two\n", "")
    Path("decks/demo/old.yaml").write_text(RETIRED.replace(old, new, 1))
    result = build(SECOND)

    assert result.exit_code == 1
    assert message in result.stderr


def test_two_decks_cannot_retire_one_entry():
    """It would be in two packages."""
    built(FIRST)
    edit("  - id: two\n    question: Is it two?\n    answer: It is two\n", "")
    other = {"other/deck.yaml": "title: Other\n", "other/old.yaml": RETIRED, "demo/old.yaml": RETIRED}
    sample.write(Path(), other, base=False)
    result = build(SECOND)

    assert result.exit_code == 1
    assert "decks/other/old.yaml:2:5: error: 'faq/two' is retired twice [duplicate-id]" in result.stderr


# --- card numbers -----------------------------------------------------------------------------------------------------


def test_items_keep_their_numbers_when_others_come_go_and_move():
    built(FIRST)
    edit("      - a: A\n      - b: B\n", "      - d2: D2\n      - b: B better\n      - a: A\n")
    built(SECOND)
    edit("      - c: C\n", "")
    built(THIRD)

    assert lines()["faq/list"].numbers == {"*": 40, "a": 1, "b": 2, "c": 3, "d": 4, "d2": 5}
    fields = package()["faq/list"]["fields"]
    assert "{{c5::D2}}" in fields["Text 5"]
    assert "{{c2::B better}}" in fields["Text 2"]
    assert fields["Text 3"] == ""


def test_an_item_that_comes_back_gets_its_old_number():
    built(FIRST)
    edit("      - c: C\n", "      - e: E\n")
    built(SECOND)
    edit("      - e: E\n", "      - e: E\n      - c: C\n")
    built(THIRD)

    assert lines()["faq/list"].numbers == {"*": 40, "a": 1, "b": 2, "c": 3, "d": 4, "e": 5}


GROUPED = """\
    groups:
      - id: early
        name: Early
        items: [a: A, b: B, c: C]
      - id: late
        name: Late
        items: [d: D, e: E, f: F]
"""


def in_groups() -> None:
    Path("decks/demo/cards.yaml").write_text(CARDS[: CARDS.index("    items:")] + GROUPED)


def test_published_items_keep_their_cards_when_the_list_is_divided_into_groups():
    built(FIRST)
    in_groups()
    built(SECOND)
    fields = package()["faq/list"]["fields"]

    numbers = {"*": 40, "a": 1, "b": 2, "c": 3, "d": 4, "early/items": 5, "late/items": 6}
    assert lines()["faq/list"].numbers == numbers
    assert fields["Text 2"] == (
        '<p class="ask">The missing one of this group</p>'
        '<p class="phase">Early</p><ol><li>A</li><li>{{c2::B}}</li><li>C</li></ol>'
        '<div class="later">{{c2::<p class="phase">Late</p><ol><li>D</li><li>E</li><li>F</li></ol>}}</div>'
    )
    edit("[a: A, b: B, c: C]", "[a: A, b: B]")
    edit("[d: D, e: E, f: F]", "[c: C, d: D, e: E, f: F]")
    built(THIRD)
    assert lines()["faq/list"].numbers == numbers
    assert "Late</p><ol><li>{{c3::C}}</li>" in package()["faq/list"]["fields"]["Text 3"]


def test_a_group_with_the_id_of_a_former_item_gets_a_card_of_its_own():
    built(FIRST)
    in_groups()
    edit("id: early", "id: a")
    edit("a: A,", "first: A,")
    built(SECOND)

    assert lines()["faq/list"].numbers["a"] == 1
    assert lines()["faq/list"].numbers["a/items"] == 5
    assert package()["faq/list"]["fields"]["Text 1"] == ""


def test_an_item_with_the_id_of_a_former_group_gets_a_card_of_its_own():
    in_groups()
    built(FIRST)
    Path("decks/demo/cards.yaml").write_text(CARDS.replace("- a: A", "- early: A"))
    built(SECOND)

    assert lines()["faq/list"].numbers == {
        "*": 40,
        "early/items": 1,
        "late/items": 2,
        "early": 3,
        "b": 4,
        "c": 5,
        "d": 6,
    }


def test_renamed_items_and_groups_keep_their_cards():
    in_groups()
    edit("f: F", "f: {text: F, why: Because}")
    built(FIRST)
    numbers = lines()["faq/list"].numbers
    edit("id: early", "id: soon\n        was: early")
    edit("f: {text: F, ", "last: {text: F, was: f, ")
    built(SECOND)

    assert lines()["faq/list"].numbers == numbers


def test_two_items_that_swap_their_ids_swap_no_cards():
    built(FIRST)
    before = package()["faq/list"]
    edit("a: A", "b: {text: A, was: a}")
    edit("- b: B", "- a: {text: B, was: b}")
    built(SECOND)

    assert package()["faq/list"] == before


def test_a_region_of_an_svg_file_that_is_renamed_keeps_its_card_by_what_the_warning_says(project):
    shapes = "".join(f'<rect id="{id}" x="{x}" width="9" height="9"><title>{id}</title></rect>' for id, x in REGIONS)
    picture = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 50 9"><g id="regions">{shapes}</g></svg>'
    text = "pictures: [{id: map, domain: basics, title: A map, picture: media/map.svg}]\n"
    files = {"demo/pictures.yaml": text, "demo/media/map.svg": picture, "style.css": ".card { color: red }"}
    sample.write(project.parent, files, base=False)
    built(FIRST)
    before = lines()["picture/map"].numbers
    edit('id="east"', 'id="orient"', "decks/demo/media/map.svg")
    warned = check(SECOND)
    edit('id="orient"', 'id="orient" data-was="east"', "decks/demo/media/map.svg")

    assert "in `was` under the new one (in an SVG file: in `data-was`)" in " ".join(warned.output.split())
    assert "card-removed" not in built(SECOND).output
    assert lines()["picture/map"].numbers == before


REGIONS = (("west", 0), ("east", 20))


def test_a_card_that_goes_blank_is_a_warning_until_a_build_has_recorded_it():
    edit("answer: It is\n", "answer: It is\n    why: Because\n    reverse: {question: What is it?, answer: One}\n")
    built(FIRST)
    edit("    why: Because\n    reverse: {question: What is it?, answer: One}\n", "")
    edit("      - c: C\n", "      - e: E\n")
    for result in (check(SECOND), built(SECOND)):
        assert "cards.yaml:3:5: warning: 'faq/one' no longer has a card for 'reverse', 'why'" in result.output
        assert "cards.yaml:9:5: warning: 'faq/list' no longer has a card for 'c' [card-removed]" in result.output
        assert "learners see it blank until they use Tools › Empty Cards" in " ".join(result.output.split())

    assert "answer:1 ~why:2 ~reverse:3\n" in lock_text()
    assert " a:1 b:2 ~c:3 d:4 e:5 *:40\n" in lock_text()
    for result in (built(THIRD), built(THIRD), check(THIRD)):
        assert "card-removed" not in result.output
    edit("answer: It is\n", "answer: It is\n    why: Because\n")
    built(THIRD)
    assert "answer:1 why:2 ~reverse:3\n" in lock_text()


def test_a_number_of_a_deletion_that_comes_back_is_a_warning_until_a_build_has_recorded_it(project):
    cloze = project / "demo/cloze.yaml"
    text = "cloze:\n  - {{id: gaps, domain: basics, text: 'The {{{{c1::left}}}} and the {}'}}\n"
    cloze.write_text(text.format("{{c2::right}}"))
    built(FIRST)
    cloze.write_text(text.format("right"))
    built(SECOND)
    cloze.write_text(text.format("{{c2::middle}}"))
    for result in (check(THIRD), built(THIRD)):
        message = "'cloze/gaps' reuses c2, which an earlier build had, but not the last one [cloze-reused]"
        assert f"decks/demo/cloze.yaml:2:5: warning: {message}" in result.output
        assert "give it the number c3" in result.output
    assert "cloze-reused" not in check(THIRD).output
    cloze.write_text(text.format("{{c3::middle}}"))
    assert "cloze-gap" not in check(THIRD).output


def test_a_card_that_goes_blank_since_another_entry_has_its_acronym_says_so(project):
    who = "resources:\n  - {id: who, name: World Health Organization, acronym: WHO, domain: basics, role: Health}\n"
    (project / "demo/who.yaml").write_text(who)
    built(FIRST)
    other = "  - {id: other, name: Women and Health Office, acronym: WHO, domain: basics, role: Advice}\n"
    (project / "demo/who.yaml").write_text(who + other)

    assert "to keep the card, delete the acronym 'WHO' from every other entry that has it" in built(SECOND).output


def test_a_list_that_used_up_its_numbers_is_an_error_that_says_how_to_go_on():
    for round in range(8):
        letters = "abcde"
        items = "".join(f"      - {letter}{round}: {letter}\n" for letter in letters)
        Path("decks/demo/cards.yaml").write_text(CARDS[: CARDS.index("      - a: A")] + items)
        result = build(FIRST + round)

    assert result.exit_code == 1
    assert (
        "its cards, including those it used to have, need 41 numbers; a note has 40 [no-card-number]" in result.stderr
    )
    assert "retire the entry and write it again under another id" in result.stderr


# --- branches ---------------------------------------------------------------------------------------------------------


def git(*arguments: str) -> str:
    return subprocess.run(["git", *arguments], check=True, capture_output=True, text=True).stdout


@pytest.fixture
def repository(project):
    git("init", "-q", "-b", "main")
    git("config", "user.email", "a@example.org")
    git("config", "user.name", "A")
    Path(".gitattributes").write_text("decks/deckgen.lock merge=union\n")
    Path(".gitignore").write_text("build/\n")
    built(FIRST)
    commit()


@pytest.mark.parametrize("released", [True, False])
def test_a_card_that_goes_blank_is_no_news_if_nobody_can_have_the_note(repository, released):
    for name in ("v1", "v2") if released else ("v1",):
        if name == "v2":
            edit("  - id: two\n", "  - {id: new, question: Is it new?, answer: It is, why: Because}\n  - id: two\n")
            built(SECOND)
            commit()
        result = CliRunner().invoke(main, ["release", name], env={"SOURCE_DATE_EPOCH": str(SECOND)})
        assert result.exit_code == 0, result.output
        commit()
        git("tag", name)
    if not released:
        edit("  - id: two\n", "  - {id: new, question: Is it new?, answer: It is, why: Because}\n  - id: two\n")
        built(SECOND)
    edit(", why: Because", "")

    assert ("card-removed" in built(THIRD).output) is released


def commit() -> None:
    git("add", "-A")
    git("commit", "-q", "-m", "x")


def test_two_branches_that_add_and_change_cards_merge_and_the_next_build_puts_the_lock_in_order(repository):
    git("checkout", "-q", "-b", "theirs")
    edit("It is\n", "It is, they say\n")
    Path("decks/demo/theirs.yaml").write_text("faq: [{id: t, domain: basics, question: Theirs?, answer: T}]\n")
    built(SECOND)
    commit()
    git("checkout", "-q", "main")
    edit("It is two", "It is two, we say")
    Path("decks/demo/ours.yaml").write_text("faq: [{id: o, domain: basics, question: Ours?, answer: O}]\n")
    built(THIRD)
    commit()
    git("merge", "-q", "theirs")
    result = built(THIRD + 1000)

    assert result.stdout.splitlines()[-1].startswith("0 new, 0 changed, 0 retired, 5 unchanged")
    times = {id: line.modified for id, line in lines().items()}
    assert times == {"faq/one": SECOND, "faq/two": THIRD, "faq/list": FIRST, "faq/t": SECOND, "faq/o": THIRD}
    created = sorted(line.created for line in lines().values())
    assert all(later - earlier >= 64 for earlier, later in itertools.pairwise(created))
    assert built(THIRD + 2000, "--locked").exit_code == 0


@pytest.mark.parametrize(("kept", "modified"), [("theirs", THIRD + 1000), ("ours", THIRD)])
def test_text_that_a_merge_kept_is_newer_than_what_learners_of_either_branch_have(repository, kept, modified):
    git("checkout", "-q", "-b", "theirs")
    edit("It is\n", "It is, they say\n")
    built(SECOND)
    commit()
    git("checkout", "-q", "main")
    edit("It is\n", "It is, we say\n")
    built(THIRD)
    commit()
    subprocess.run(["git", "merge", "-q", "theirs"], check=False, capture_output=True)
    git("checkout", f"--{kept}", "decks/demo/cards.yaml")

    assert len(locks.parse(lock_text()).notes["faq/one"]) == 2
    result = built(THIRD + 1000)
    assert result.stdout.splitlines()[-1].startswith(f"0 new, {int(modified > THIRD)} changed")
    assert lines()["faq/one"].modified == modified
    assert built(THIRD + 2000, "--locked").exit_code == 0


def test_a_number_that_two_branches_gave_to_different_items_is_lost(repository):
    git("checkout", "-q", "-b", "theirs")
    edit("      - d: D\n", "      - d: D\n      - t: T\n")
    built(SECOND)
    commit()
    git("checkout", "-q", "main")
    edit("      - d: D\n", "      - d: D\n      - o: O\n")
    built(THIRD)
    commit()
    subprocess.run(["git", "merge", "-q", "theirs"], check=False, capture_output=True)
    Path("decks/demo/cards.yaml").write_text(CARDS.replace("      - d: D\n", "") + "      - o: O\n      - t: T\n")
    built(THIRD + 1000)
    line = lines()["faq/list"]

    assert line.modified == THIRD + 1000
    assert line.numbers == {"*": 40, "a": 1, "b": 2, "c": 3, "d": 4, "-5": 5, "o": 6, "t": 7}

    edit("      - o: O\n      - t: T\n", "      - n: N\n", "decks/demo/cards.yaml")
    built(THIRD + 2000)
    assert lines()["faq/list"].numbers == {**line.numbers, "n": 8}


def test_two_notes_that_two_branches_gave_one_moment_get_two(repository):
    git("checkout", "-q", "-b", "theirs")
    Path("decks/demo/theirs.yaml").write_text("faq: [{id: t, domain: basics, question: Theirs?, answer: T}]\n")
    built(SECOND)
    commit()
    git("checkout", "-q", "main")
    Path("decks/demo/ours.yaml").write_text("faq: [{id: o, domain: basics, question: Ours?, answer: O}]\n")
    built(SECOND)
    commit()
    git("merge", "-q", "theirs")
    assert len({own[0].created for own in locks.parse(lock_text()).notes.values()}) == 4
    built(THIRD)
    created = sorted(line.created for line in lines().values())

    assert all(later - earlier >= 64 for earlier, later in itertools.pairwise(created))


@pytest.mark.parametrize(
    "edited",
    ["note a list 1 01790000000 1790000000000 a:1 b:2", "note a list 1 1790000000 01790000000000 a:1 b:2"]
    + [f"note a list 1 1790000000 1790000000000 {cards}" for cards in ("b:2 a:1", "a:01 b:2", "a:1 b:02")],
)
def test_a_line_that_was_edited_by_hand_is_written_as_all_are(edited):
    usual = "note a list 1 1790000000 1790000000000 a:1 b:2\n"
    start = f"{locks.HEADER}format 2\nnamespace \n"
    assert str(locks.parse(f"format 2\n{edited}\n")) == start + usual
    assert str(locks.parse(f"format 2\n{usual}")) == start + usual
