"""Git is the lock's memory: a revert, a merge or a lost lock neither brings back an old time nor moves a number."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import sample
from deckgen.cli import main
from deckgen.project import git_process
from deckgen.project import lock as locks
from deckgen.project.lock_lines import NoteLine

pytestmark = pytest.mark.slow  # one by one, what test_publication.py and anki/test_branches.py try by examples

DAY = 24 * 3600
START = 1_790_000_000
LOCK = Path("decks/deckgen.lock")
CARDS = Path("decks/demo/cards.yaml")

TEXT = """\
domain: basics
faq:
  - {id: one, question: Is it one?, answer: It is one}
  - {id: two, question: Is it two?, answer: It is two}
  - id: list
    question: Name the four.
    items:
      - a: A
      - b: B
      - c: C
      - d: D
"""


def git(*arguments: str) -> str:
    command = ["git", "-c", "user.name=A", "-c", "user.email=a@example.org", *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def deckgen(day: int, *arguments: str) -> Result:
    return CliRunner().invoke(main, arguments, env={"SOURCE_DATE_EPOCH": str(START + day * DAY)})


def built(day: int, *options: str) -> Result:
    result = deckgen(day, "build", *options)

    assert result.exit_code == 0, result.output
    return result


def committed(day: int, message: str = "x") -> None:
    """Build, and commit everything."""
    built(day)
    git("add", "-A")
    git("commit", "-qm", message, "--allow-empty")


def released(day: int, name: str) -> None:
    committed(day)
    result = deckgen(day, "release", name)

    assert result.exit_code == 0, result.output
    git("commit", "-qam", f"Release {name}")
    git("tag", name)


def edit(old: str, new: str) -> None:
    text = CARDS.read_text()

    assert text.count(old) == 1
    CARDS.write_text(text.replace(old, new))


def line(id: str) -> NoteLine:
    return locks.parse(LOCK.read_text()).note_line(f"faq/{id}")


def day_of(id: str) -> int:
    return (line(id).modified - START) // DAY


def summary(result: Result) -> str:
    return result.stdout.splitlines()[-1].rpartition(":")[0]


@pytest.fixture(autouse=True)
def repository(tmp_path: Path) -> Path:
    sample.write(tmp_path, {"demo/cards.yaml": TEXT})
    Path(".gitignore").write_text("build/\n")
    Path(".gitattributes").write_text("decks/deckgen.lock merge=union\n")
    git("init", "-q", "-b", "main")
    return tmp_path


# --- reverts ----------------------------------------------------------------------------------------------------------


def test_text_that_a_revert_brought_back_is_newer_than_the_release_it_replaces():
    released(1, "v1")
    edit("It is one", "It is really one")
    released(2, "v2")
    git("revert", "--no-edit", "v2~1")
    result = built(3)

    assert summary(result) == "0 new, 0 changed, 0 retired, 2 unchanged, 1 restamped (old text restored)"
    assert (day_of("one"), day_of("two"), day_of("list")) == (3, 1, 1)
    assert summary(built(4)) == "0 new, 0 changed, 0 retired, 3 unchanged"


def test_without_releases_every_committed_lock_counts():
    committed(1)
    edit("It is one", "It is really one")
    committed(2)
    git("revert", "--no-edit", "HEAD")

    assert summary(built(3)).endswith("1 restamped (old text restored)")
    assert day_of("one") == 3


def test_with_releases_what_was_only_committed_does_not_count():
    released(1, "v1")
    edit("It is one", "It is really one")
    committed(2)
    git("revert", "--no-edit", "HEAD")

    assert summary(built(3)) == "0 new, 0 changed, 0 retired, 3 unchanged"
    assert day_of("one") == 1


def test_the_number_of_an_item_that_a_revert_took_away_is_never_given_to_another():
    released(1, "v1")
    edit("      - d: D\n", "      - d: D\n      - e: E\n")
    released(2, "v2")
    git("revert", "--no-edit", "v2~1")
    edit("      - d: D\n", "      - d: D\n      - f: F\n")
    built(3)

    assert line("list").numbers == {"a": 1, "b": 2, "c": 3, "d": 4, "e": 5, "f": 6, "*": 40}


def test_an_entry_that_a_revert_took_away_must_be_retired():
    released(1, "v1")
    edit("  - id: list\n", "  - {id: new, question: Is it new?, answer: It is}\n  - id: list\n")
    released(2, "v2")
    git("revert", "--no-edit", "v2~1")
    result = deckgen(3, "build")

    assert result.exit_code == 1
    assert "error: 'faq/new' was released, but no source has it" in result.stderr
    with CARDS.open("a") as file:
        file.write("retired: [{id: faq/new, reason: Because}]\n")
    assert summary(built(3)).startswith("0 new, 0 changed, 1 retired")


def test_an_earlier_commit_is_built_as_it_was():
    released(1, "v1")
    first = LOCK.read_text()
    edit("It is one", "It is really one")
    released(2, "v2")
    git("checkout", "-q", "v1")

    assert summary(built(3, "--locked")) == "0 new, 0 changed, 0 retired, 3 unchanged"
    assert LOCK.read_text() == first
    git("checkout", "-q", "-b", "stale")
    edit("It is two", "It is really two")
    assert summary(built(4)) == "0 new, 1 changed, 0 retired, 2 unchanged"


def test_the_commit_of_a_release_is_built_as_it_was():
    released(1, "v1")
    edit("It is one", "It is really one")
    released(2, "v2")
    edit("It is really one", "It is one")
    released(3, "v3")

    assert summary(built(4, "--locked")) == "0 new, 0 changed, 0 retired, 3 unchanged"


def test_a_style_that_a_revert_brought_back_is_newer_too(monkeypatch):
    """Note types are compared as notes are."""
    released(1, "v1")
    (own,) = locks.parse(LOCK.read_text()).types["question"]
    newer = own._replace(hash="0" * 16, modified=own.modified + DAY)
    LOCK.write_text(LOCK.read_text().replace(str(own), str(newer)).replace("release v1", "release v2"))
    git("commit", "-qam", "A newer deckgen")
    git("tag", "v2")
    git("revert", "--no-edit", "HEAD")
    built(3)

    assert locks.parse(LOCK.read_text()).type_line("question").modified == START + 3 * DAY


# --- merges -----------------------------------------------------------------------------------------------------------


def test_a_merge_that_keeps_the_older_wording_reaches_learners_of_the_hotfix():
    released(1, "v1")
    git("checkout", "-q", "-b", "hotfix")
    git("checkout", "-q", "main")
    edit("It is one", "It is one as main says")
    committed(20)
    git("checkout", "-q", "hotfix")
    edit("It is one", "It is one as the hotfix says")
    released(22, "v1.1")
    git("checkout", "-q", "main")
    subprocess.run(["git", "merge", "-q", "--no-commit", "hotfix"], check=False, capture_output=True)
    git("checkout", "-q", "--ours", "decks/demo/cards.yaml")
    git("add", "-A")
    git("commit", "-qm", "Merge the hotfix")
    built(25)

    assert day_of("one") == 25


def test_the_locks_of_two_namespaces_are_not_one():
    """Their notes are not the same, whatever their ids: no number of one is a number of the other."""
    committed(1)
    LOCK.write_text(LOCK.read_text() + "namespace other.org\n")
    result = deckgen(2, "build")

    assert result.exit_code == 1
    assert "error: expected one namespace, found a second" in result.stderr


def test_an_item_keeps_the_number_that_a_release_gave_it():
    released(1, "v1")
    git("checkout", "-q", "-b", "theirs")
    edit("      - d: D\n", "      - theirs: T\n")
    released(2, "v2")
    git("checkout", "-q", "main")
    edit("      - d: D\n", "      - ours: O\n")
    committed(3)
    subprocess.run(["git", "merge", "-q", "theirs"], check=False, capture_output=True)
    CARDS.write_text(TEXT.replace("      - d: D\n", "      - ours: O\n      - theirs: T\n"))
    git("add", "-A")
    git("commit", "-qm", "Merge")
    built(4)

    assert (line("list").numbers["theirs"], line("list").numbers["ours"]) == (5, 6)


def test_an_item_of_neither_release_keeps_the_number_that_both_have():
    committed(1)
    git("checkout", "-q", "-b", "theirs")
    edit("      - d: D\n", "      - theirs: T\n")
    committed(2)
    git("checkout", "-q", "main")
    edit("      - d: D\n", "      - ours: O\n")
    committed(3)
    subprocess.run(["git", "merge", "-q", "theirs"], check=False, capture_output=True)
    CARDS.write_text(TEXT.replace("      - d: D\n", "      - ours: O\n      - theirs: T\n"))
    git("add", "-A")
    git("commit", "-qm", "Merge")
    built(4)

    assert line("list").numbers["-5"] == 5
    assert {line("list").numbers["ours"], line("list").numbers["theirs"]} == {6, 7}
    git("commit", "-qam", "Number")
    before = LOCK.read_text()
    built(5)
    assert LOCK.read_text() == before


def test_a_branch_that_was_merged_away_is_remembered():
    """'git merge -s ours' keeps none of its lines, and git log leaves such branches out unless it is told not to."""
    committed(1)
    git("checkout", "-q", "-b", "theirs")
    edit("It is one", "It is really one")
    committed(2)
    git("checkout", "-q", "main")
    committed(3)
    git("merge", "-q", "-s", "ours", "-m", "Not theirs", "theirs")

    assert summary(built(4)).endswith("1 restamped (old text restored)")


def test_a_lock_that_only_a_merge_commit_has_is_remembered():
    committed(1)
    git("checkout", "-q", "-b", "theirs")
    git("commit", "-q", "--allow-empty", "-m", "Theirs")
    git("checkout", "-q", "main")
    git("merge", "-q", "--no-ff", "--no-commit", "theirs")
    edit("It is one", "It is really one")
    committed(2)
    git("revert", "--no-edit", "-m", "1", "HEAD")

    assert summary(built(3)).endswith("1 restamped (old text restored)")


# --- what is lost -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lost", ["the lock", "a line"])
def test_what_the_lock_lost_is_restored(lost):
    released(1, "v1")
    edit("      - a: A\n", "")
    committed(2)
    before = LOCK.read_text()
    if lost == "the lock":
        LOCK.unlink()
    else:
        LOCK.write_text(re.sub("note faq/list .*\n", "", before))
    edit("      - b: B\n", "      - new: New\n      - b: B\n")
    result = built(3)

    assert line("list").numbers == {"a": 1, "b": 2, "c": 3, "d": 4, "new": 5, "*": 40}
    assert summary(result) == "0 new, 1 changed, 0 retired, 2 unchanged"
    assert day_of("two") == 1


def test_a_release_that_the_lock_lost_is_restored():
    released(1, "v1")
    LOCK.unlink()
    built(2)

    assert "\nrelease v1 2026-09-22\n" in LOCK.read_text()


def test_lists_that_may_shift_are_named_if_there_is_no_history():
    built(1)
    edit("      - a: A\n", "")
    built(2)
    LOCK.unlink()
    result = built(3)

    assert (
        "decks/deckgen.lock:1:1: warning: the lines of faq/list are lost, so cards that learners have may now ask for "
        "other items [lost-line]" in result.stderr
    )
    edit("It is one", "It is really one")
    assert "lost-line" not in built(4).output


# --- built is not released --------------------------------------------------------------------------------------------

CHANGES = {
    "deleted": ("  - {id: two, question: Is it two?, answer: It is two}\n", ""),
    "renamed": ("id: two", "id: twoo"),
    "another type": ("answer: It is two}", "items: [a: A, b: B]}"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_was_built_but_never_released_can_be_taken_back(change):
    CARDS.write_text(TEXT.replace("  - {id: two, question: Is it two?, answer: It is two}\n", ""))
    released(1, "v1")
    CARDS.write_text(TEXT)
    committed(2)
    edit(*CHANGES[change])
    result = built(3)

    assert "[dropped-id]" not in result.stderr
    assert ("1 dropped (never released)" in summary(result)) == (change != "another type")


@pytest.mark.parametrize("is_released", [False, True])
def test_a_list_that_becomes_an_answer_before_its_release_gets_the_number_of_an_answer(is_released):
    if is_released:
        CARDS.write_text(TEXT.replace("  - {id: two, question: Is it two?, answer: It is two}\n", ""))
        released(1, "v1")
    CARDS.write_text(TEXT)
    edit("answer: It is two}", "items: [a: A, b: B, c: C, d: D]}")
    committed(2)
    edit("items: [a: A, b: B, c: C, d: D]}", "answer: It is two}")
    committed(3)
    assert line("two").numbers == {"answer": 1}
    edit("It is two", "It is really two")
    committed(4)
    assert line("two").numbers == {"answer": 1}
    edit("answer: It is really two}", "items: [b: B, a: A, c: C, d: D]}")
    committed(5)
    assert line("two").numbers == ({"b": 1, "a": 2, "c": 3, "d": 4, "*": 40})


@pytest.mark.parametrize("change", CHANGES)
def test_before_the_first_release_a_warning_says_that_somebody_may_have_it(change):
    committed(1)
    edit(*CHANGES[change])
    result = built(2)

    assert result.stderr.count("[dropped-id]") == 1
    assert "warning: 'faq/two' was " in result.stderr
    assert (" | note faq/two " in result.stderr) == (change != "another type")  # the line that the old lock has
    git("commit", "-qam", "x")
    assert "[dropped-id]" not in built(3).stderr


@pytest.mark.parametrize("change", CHANGES)
def test_what_was_dropped_before_the_first_release_is_not_missed_until_it_is_tagged(change):
    committed(1)
    edit(*CHANGES[change])
    committed(2)
    assert deckgen(3, "release", "v1").exit_code == 0
    git("commit", "-qam", "Release v1")

    assert deckgen(4, "check").exit_code == 0
    assert deckgen(4, "build", "--locked").exit_code == 0
    edit("  - {id: one, question: Is it one?, answer: It is one}\n", "")
    assert "error: 'faq/one' was released" in deckgen(5, "check").output


@pytest.mark.parametrize("change", CHANGES)
def test_what_was_released_cannot_be_taken_back(change):
    released(1, "v1")
    edit(*CHANGES[change])
    result = deckgen(2, "build")

    assert result.exit_code == 1
    assert "error: 'faq/two' was released" in result.stderr


def test_without_git_a_release_in_the_lock_covers_all_of_its_notes(repository):
    released(1, "v1")
    subprocess.run(["rm", "-rf", ".git"], check=True)
    edit("id: two", "id: twoo")

    assert deckgen(2, "build").exit_code == 1


def test_rapid_builds_do_not_get_ahead_of_the_clock():
    committed(1)
    for answer in ("It is 1", "It is I", "It is the one"):
        CARDS.write_text(TEXT.replace("It is one", answer))
        built(2)

    assert line("one").modified == START + 2 * DAY


def test_what_was_committed_is_exceeded_even_if_the_clock_stands():
    for answer in ("It is 1", "It is I", "It is the one"):
        CARDS.write_text(TEXT.replace("It is one", answer))
        committed(2)

    assert line("one").modified == START + 2 * DAY + 2


# --- which history counts ---------------------------------------------------------------------------------------------


def rewritten_and_reverted() -> None:
    released(1, "v1")
    edit("It is one", "It is really one")
    released(2, "v2")
    git("revert", "--no-edit", "v2~1")


@pytest.mark.parametrize("attribute", ["-diff", "diff=hidden", "-text", "export-ignore"])
def test_no_attribute_hides_the_history(attribute):
    Path(".gitattributes").write_text(f"*.lock {attribute}\n")
    git("config", "diff.hidden.textconv", "true")
    rewritten_and_reverted()

    assert "1 restamped" in summary(built(3))


@pytest.mark.parametrize(
    "setting", ["log.showRoot=false", "log.diffMerges=off", "log.follow=true", "diff.noprefix=true", "log.date=iso"]
)
def test_no_setting_hides_the_history(setting):
    git("config", *setting.split("="))
    committed(1)
    edit("It is one", "It is really one")
    committed(2)
    git("revert", "--no-edit", "HEAD")

    assert "1 restamped" in summary(built(3))


def test_a_replaced_commit_does_not_hide_the_history():
    rewritten_and_reverted()
    git("replace", git("rev-parse", "v2").strip(), git("rev-parse", "v1").strip())

    assert "1 restamped" in summary(built(3))


def test_a_tag_is_a_release_only_if_its_lock_says_so():
    released(1, "v1")
    edit("It is one", "It is really one")
    committed(2)
    git("tag", "v2")
    git("revert", "--no-edit", "HEAD")

    assert summary(built(3)) == "0 new, 0 changed, 0 retired, 3 unchanged"


def test_lines_that_cannot_be_read_are_skipped():
    committed(1)
    good = LOCK.read_text()
    LOCK.write_text(good + "note faq/one question\nnote ../x y z 1 2 a:b\n<<<<<<< ours\n\x1b[2Jx\n")
    git("commit", "-qam", "x")
    LOCK.write_text(good)
    git("commit", "-qam", "x")
    edit("It is one", "It is really one")
    result = built(2)

    assert result.stderr == "warning: skipped 3 invalid lines in earlier versions of deckgen.lock\n"
    assert day_of("one") == 2
    git("commit", "-qam", "x")
    released(3, "v1")


def test_times_in_the_future_are_skipped():
    committed(1)
    edit("It is one", "It is really one")
    committed(2)
    good = LOCK.read_text()
    LOCK.write_text(re.sub(rf"\b{START + 2 * DAY}\b", "9999999999", good))
    git("commit", "-qam", "x")
    git("checkout", "-q", "HEAD~2", "--", "decks")
    git("commit", "-qam", "x")
    result = built(3)

    assert result.stderr == (
        "warning: earlier versions of deckgen.lock have 1 line with times in the future, up to 2286-11-20 17:46:39 "
        "UTC: if the clock of this machine is wrong, set it\n"
    )
    assert summary(result).endswith("1 restamped (old text restored)")
    assert day_of("one") == 3


def test_a_clock_behind_the_history_says_so():
    released(9, "v1")
    LOCK.unlink()
    result = built(2)

    assert "deckgen.lock have 5 lines with times in the future, up to 2026-09-30 14:13:20 UTC: if the" in result.stderr
    git("commit", "-qam", "x")
    assert deckgen(2, "release", "v2").exit_code == 1


WRONG = 1_000
"""The day on a clock that is years ahead."""


def test_a_release_made_with_a_wrong_clock_is_told_of_and_keeps_its_card_numbers():
    released(1, "v1")
    edit("It is one", "It is really one")
    edit("      - d: D\n", "      - d: D\n      - e: E\n")
    released(WRONG, "v2")
    assert "[lock-time]" in deckgen(3, "check").output
    git("checkout", "-q", "v1", "--", str(LOCK))  # the lines of an earlier commit, as the message says
    LOCK.write_text(LOCK.read_text() + "release v2 2026-09-23\n")
    edit("      - e: E\n", "      - f: F\n")
    told = built(3)
    assert (
        "if it is right, a release was made with a wrong clock, and learners who imported it get no newer texts"
        in told.stderr
    )
    assert line("list").numbers["f"] == 6  # 5 is the item of v2
    git("commit", "-qam", "x")
    assert "nothing was released: earlier versions of deckgen.lock have" in deckgen(4, "release", "v3").stderr
    git("tag", "--delete", "v2")
    LOCK.write_text(re.sub("release v2 .*\n", "", LOCK.read_text()))
    assert built(4).stderr == ""
    git("commit", "-qam", "x")
    released(5, "v3")


def test_what_a_wrong_clock_released_counts_as_soon_as_its_time_has_come():
    released(1, "v1")
    edit("It is one", "It is really one")
    released(9, "v2")
    git("checkout", "-q", "v1", "--", "decks")
    LOCK.write_text(LOCK.read_text() + "release v2 2026-09-30\n")
    built(3)
    assert day_of("one") == 1
    built(10)
    assert day_of("one") == 10  # later than the text of v2, which learners have


@pytest.mark.parametrize(
    ("old", "new"), [("format 2", "format 1"), (f"namespace {sample.NAMESPACE}", "namespace other")]
)
def test_locks_of_another_format_or_namespace_do_not_count(old, new):
    committed(1)
    good = LOCK.read_text()
    LOCK.write_text(good.replace(old, new).replace(f" {START + DAY} ", f" {START + 2 * DAY} "))
    git("commit", "-qam", "x")
    LOCK.write_text(good)
    git("commit", "-qam", "x")
    edit("It is one", "It is really one")
    built(2)

    assert line("one").modified == START + 2 * DAY


def test_only_new_versions_are_read_again(repository, monkeypatch):
    from deckgen.project import git as runner

    read: list[str] = []
    original = runner.read_versions

    def counting(folder, hashes, most):
        read.extend(hashes)
        return original(folder, hashes, most)

    monkeypatch.setattr(runner, "read_versions", counting)
    for day in range(1, 6):
        CARDS.write_text(TEXT.replace("It is one", f"It is {day}"))
        released(day, f"v{day}")
    built(6)
    assert len(read) >= 5
    read.clear()
    CARDS.write_text(TEXT.replace("It is one", "It is more"))
    built(9)

    assert read == []


# --- where there is little history ------------------------------------------------------------------------------------


def clone(source: Path, into: Path, *options: str) -> Path:
    git("clone", "-q", *options, source.resolve().as_uri(), str(into))
    return into


@pytest.mark.parametrize("options", [("--depth=1",), ("--filter=blob:none", "--no-checkout")])
def test_a_clone_without_the_history_says_so_and_releases_nothing(repository, tmp_path, monkeypatch, options):
    git("config", "uploadpack.allowFilter", "true")
    rewritten_and_reverted()
    place = clone(repository, tmp_path / "clone", *options)
    if "--no-checkout" in options:
        subprocess.run(["git", "checkout", "-q", "main", "--", "."], check=True, cwd=place)
    monkeypatch.chdir(place)
    result = deckgen(3, "build")

    assert result.exit_code == 0, result.output
    assert len(result.stderr.splitlines()) == 1
    assert result.stderr.startswith("warning: this clone is ") or "partial clone" in result.stderr
    assert deckgen(3, "check", "--strict").exit_code == 0
    assert deckgen(3, "check", "--format", "github").stdout == ""
    git("commit", "-qam", "x", "--allow-empty")
    refused = deckgen(3, "release", "v3")
    assert refused.exit_code == 1
    assert "release v3" not in LOCK.read_text()
    monkeypatch.chdir(tmp_path)


def test_a_clone_without_tags_says_which_one_is_missing(repository, tmp_path, monkeypatch):
    rewritten_and_reverted()
    monkeypatch.chdir(clone(repository, tmp_path / "clone", "--no-tags"))
    result = built(3)

    assert result.stderr == "warning: git has no tag for the release v1: run 'git fetch --tags', or tag its commit\n"
    assert built(3).stderr == result.stderr  # although nothing changed since
    monkeypatch.chdir(tmp_path)


def test_a_release_whose_branch_was_squashed_counts_wherever_its_tag_is():
    committed(1)
    git("checkout", "-q", "-b", "work")
    edit("It is one", "It is really one")
    released(2, "v1")
    git("checkout", "-q", "main")
    git("merge", "-q", "--squash", "work")
    git("commit", "-qm", "Release v1, squashed")
    edit("It is really one", "It is one")
    LOCK.write_text(re.sub("note faq/one .*\n", "", LOCK.read_text()))
    result = built(2)
    git("commit", "-qam", "x")

    assert result.stderr == ""
    assert line("one").modified == START + 2 * DAY + 1  # learners of v1 have the other text with the time of day 2
    released(3, "v2")


@pytest.mark.parametrize("setting", ["diff.relative=false", "diff.relative=true"])
def test_the_releases_from_before_the_project_was_moved_count(setting, repository, monkeypatch):
    git("config", *setting.split("="))
    Path("other").mkdir()
    Path("other/deckgen.lock").write_text("format 2\nnamespace other\nrelease v1 2026-01-01\n")
    released(1, "v1")
    edit("It is one", "It is really one")
    released(2, "v2")
    git("checkout", "-q", "v1", "--", "decks/demo")
    Path("anki").mkdir()
    git("mv", "decks", "anki/decks")
    monkeypatch.chdir("anki")
    LOCK.write_text(re.sub("note faq/one .*\n", "", LOCK.read_text()))
    result = built(2)
    git("add", "-A")
    git("commit", "-qm", "x")

    assert result.stderr == ""
    assert line("one").modified == START + 2 * DAY + 1
    assert deckgen(3, "release", "v3").exit_code == 0
    monkeypatch.chdir(repository)


def test_a_tag_beside_its_release_says_where_it_belongs(repository, tmp_path, monkeypatch):
    committed(1)
    assert deckgen(1, "release", "v1").exit_code == 0
    git("tag", "v1")
    git("commit", "-qam", "Release v1")
    result = built(2)

    message = "the tag v1 is on a commit whose deckgen.lock does not record that release"
    assert result.stderr == f"warning: {message}: run 'git tag --force v1 COMMIT' with the commit that records it\n"
    git("tag", "--force", "v1", "HEAD")
    assert built(2).stderr == ""


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such names")
def test_a_tag_whose_name_is_not_utf_8_is_no_release():
    committed(1)
    git("tag", os.fsdecode(b"v\xff"))

    assert deckgen(2, "check").exit_code == 0
    released(3, "v1")
    released(4, "v2")


def test_a_lock_that_was_committed_with_the_line_ends_of_windows_is_read():
    committed(1)
    assert deckgen(1, "release", "v1").exit_code == 0
    LOCK.write_bytes(LOCK.read_bytes().replace(b"\n", b"\r\n"))
    git("commit", "-qam", "Release v1")
    git("tag", "v1")

    assert deckgen(2, "check").stderr == ""
    assert deckgen(2, "release", "v2").exit_code == 0


def test_a_tag_that_was_renamed_is_known_by_its_new_name():
    committed(1)
    assert deckgen(1, "release", "v1").exit_code == 0
    git("commit", "-qam", "Release v1")
    git("tag", "v-1")
    before = deckgen(2, "check").stderr
    git("tag", "v1", "v-1")
    git("tag", "--delete", "v-1")

    assert before == "warning: git has no tag for the release v1: run 'git fetch --tags', or tag its commit\n"
    assert deckgen(2, "check").stderr == ""


def test_a_fork_with_another_namespace_is_told_of_that_and_not_of_tags():
    released(1, "v1")
    path = Path("decks/deckgen.yaml")
    path.write_text(path.read_text().replace(sample.NAMESPACE, "my-fork"))
    result = deckgen(2, "build")

    assert "[namespace-changed]" in result.stderr
    assert "the tag v1" not in result.stderr


def test_a_worktree_has_the_history(repository, tmp_path, monkeypatch):
    rewritten_and_reverted()
    git("worktree", "add", "-q", str(tmp_path / "worktree"), "-b", "other")
    monkeypatch.chdir(tmp_path / "worktree")

    assert "1 restamped" in summary(built(3))
    monkeypatch.chdir(tmp_path)


def test_a_submodule_has_its_own_history(repository, tmp_path, monkeypatch):
    rewritten_and_reverted()
    outer = tmp_path / "outer"
    git("init", "-q", str(outer))
    subprocess.run(
        ["git", "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", repository.as_uri(), "inner"],
        check=True,
        cwd=outer,
        capture_output=True,
    )
    monkeypatch.chdir(outer / "inner")

    assert "1 restamped" in summary(built(3))
    monkeypatch.chdir(tmp_path)


def test_a_project_without_git_has_its_lock_alone():
    built(1)
    subprocess.run(["rm", "-rf", ".git"], check=True)
    edit("It is one", "It is really one")
    result = built(2)

    assert (result.stderr, day_of("one")) == ("", 2)


def test_a_repository_without_commits_has_its_lock_alone():
    built(1)
    edit("It is one", "It is really one")

    assert built(2).stderr == ""


@pytest.mark.parametrize("is_committed", [False, True])
def test_the_message_about_a_released_entry_names_the_file_that_it_was_in(is_committed):
    other = CARDS.with_name("other.yaml")
    other.write_text("faq: [{id: other-one, domain: basics, question: Is it another?, answer: It is}]\n")
    released(1, "v1")
    edit(*CHANGES["deleted"])
    other.unlink()
    if is_committed:
        git("commit", "-qam", "Delete")
        edit("Is it one?", "Is it really one?")
        git("commit", "-qam", "Edit")
    output = deckgen(2, "check").output

    assert "error: 'faq/two' was released, but no source has it; it was in decks/demo/cards.yaml" in output
    assert "error: 'faq/other-one' was released, but no source has it; it was in decks/demo/other.yaml" in output


def test_the_file_that_an_entry_was_moved_to_is_named():
    old = CARDS.with_name("old.yaml")
    old.write_text(CARDS.read_text())
    CARDS.unlink()
    released(1, "v1")
    old.rename(CARDS)
    committed(2)
    edit(*CHANGES["deleted"])

    assert "no source has it; it was in decks/demo/cards.yaml" in deckgen(3, "check").output
    assert "old.yaml" not in deckgen(3, "check").output


def test_the_message_about_a_released_part_names_the_place_of_its_entry():
    CARDS.write_text(TEXT + "procedures:\n  - {id: tea, name: Tea, definition: A drink, risks: It is hot}\n")
    released(1, "v1")
    edit(", risks: It is hot", "")
    found = deckgen(2, "check").output

    assert "'procedure/tea/risks' was released, but no source has it; see decks/demo/cards.yaml:13" in found


# --- releasing --------------------------------------------------------------------------------------------------------


def test_a_release_is_recorded():
    committed(1)
    result = deckgen(2, "release", "v1")

    assert "decks/deckgen.lock: records the release v1 of 2026-09-23: 3 notes, " in result.stdout
    assert "  git commit -m 'Release v1' decks/deckgen.lock\n  git tag v1\n  git push origin HEAD v1\n" in result.stdout
    assert locks.parse(LOCK.read_text()).releases == {"v1": "2026-09-23"}


def test_a_release_that_is_not_committed_yet_has_only_what_the_lock_has():
    """An entry that was built and committed before, and deleted again, is not released."""
    committed(1)
    edit(*CHANGES["deleted"])
    committed(2)
    assert deckgen(3, "release", "v1").exit_code == 0

    assert deckgen(4, "check").stderr == ""
    assert deckgen(4, "release", "v1").exit_code == 0
    edit("  - {id: one, question: Is it one?, answer: It is one}\n", "")
    assert "error: 'faq/one' was released" in deckgen(4, "check").output


def test_a_release_exceeds_what_releases_of_other_branches_carried():
    released(1, "v1")
    git("checkout", "-q", "-b", "hotfix")
    git("checkout", "-q", "main")
    edit("It is one", "It is one as main says")
    edit("      - d: D\n", "      - d: D\n      - main: M\n")
    released(22, "v2")
    git("checkout", "-q", "hotfix")
    edit("It is one", "It is one as the hotfix says")
    edit("      - d: D\n", "      - d: D\n      - hot: H\n")
    committed(20)
    result = deckgen(23, "release", "v1.1")

    assert result.exit_code == 0, result.output
    assert day_of("one") == 23
    assert line("list").numbers["hot"] == 6  # 5 is the item of main


@pytest.mark.parametrize("way", ["merge", "retire"])
def test_an_entry_that_only_another_branch_released_can_be_merged_or_retired(way):
    released(1, "v1")
    git("checkout", "-q", "-b", "hotfix")
    edit("faq:\n", "faq:\n  - {id: hot, question: Is it hot?, answer: It is hot}\n")
    released(2, "v1.1")
    git("checkout", "-q", "main")
    committed(3)
    refused = deckgen(3, "release", "v2").stderr
    assert "'faq/hot' was released, but no source has it" in refused
    assert "= if the branch of v1.1 has it, merge that branch; if you renamed it" in refused
    if way == "merge":
        git("merge", "-q", "v1.1")
    else:
        assert deckgen(3, "retire", "faq/hot", "--reason", "It is wrong").exit_code == 0
    released(4, "v2")

    assert "faq/hot" in locks.parse(LOCK.read_text()).notes


@pytest.mark.parametrize("end", ["kept", "retired"])
def test_a_note_that_only_a_branch_built_as_another_type_keeps_the_released_one(end):
    answer = "{id: new, question: What is new?, answer: It}"
    items = "{id: new, question: What is new?, items: [a: A, b: B]}"
    released(1, "v1")
    git("checkout", "-q", "-b", "work")
    edit("faq:\n", f"faq:\n  - {items}\n")
    committed(2)
    git("checkout", "-q", "main")
    edit("faq:\n", f"faq:\n  - {answer}\n")
    released(3, "v2")
    git("merge", "-q", "-X", "ours", "--no-edit", "work")
    CARDS.write_text(TEXT.replace("faq:\n", f"faq:\n  - {answer}\n"))
    if end == "retired":
        assert deckgen(4, "retire", "faq/new", "--reason", "It is wrong").exit_code == 0
    released(4, "v3")

    assert line("new").note_type == "question"
    CARDS.write_text(TEXT.replace("faq:\n", f"faq:\n  - {answer}\n"))
    released(5, "v4")


def test_the_note_type_of_a_retired_note_stays():
    notes = "notes:\n  - {id: own, type: plain, fields: {Front: Q, Back: A}}\n"
    CARDS.write_text(TEXT + notes)
    released(1, "v1")
    assert deckgen(2, "retire", "note/own", "--reason", "It is wrong").exit_code == 0
    Path("decks/note-types/plain").rename("plain")
    refused = deckgen(2, "build").stderr
    assert "error: 'note/own' has the note type 'note-types/plain', which is gone [unknown-note-type]" in refused
    assert "[vanished-id]" not in refused
    Path("plain").rename("decks/note-types/plain")
    released(2, "v2")


def test_a_release_exceeds_what_other_branches_released_from_before_the_project_was_moved(repository, monkeypatch):
    released(1, "v1")
    git("checkout", "-q", "-b", "hotfix")
    edit("It is one", "It is one as the hotfix says")
    released(2, "v1.1")
    git("checkout", "-q", "main")
    Path("anki").mkdir()
    git("mv", "decks", "anki/decks")
    monkeypatch.chdir("anki")
    edit("It is two", "It is really two")
    released(3, "v2")

    assert (day_of("one"), day_of("two"), day_of("list")) == (3, 3, 1)
    monkeypatch.chdir(repository)


def test_tags_from_before_the_project_do_not_each_take_a_command(monkeypatch):
    Path("other").mkdir()
    Path("other/deckgen.lock").write_text("format 2\nnamespace other\n")
    git("add", "other")
    git("commit", "-qm", "x")
    tags = [f"t{number}" for number in range(100)]
    for tag in tags:
        git("tag", tag)
    released(1, "v1")
    edit("It is one", "It is really one")
    committed(2)
    started: list[object] = []
    original = git_process.subprocess.Popen

    def counting(line, **options):
        started.append(line)
        return original(line, **options)

    monkeypatch.setattr(git_process.subprocess, "Popen", counting)

    assert deckgen(2, "release", "v2").exit_code == 0
    assert len(started) < len(tags)


def test_what_was_built_between_releases_and_taken_back_changes_nothing_for_learners(monkeypatch):
    style = Path("decks/style.css")
    released(1, "v1")
    edit("It is one", "It is really one")
    style.write_text(".card { color: red }")
    committed(2)
    edit("It is really one", "It is one")
    edit("It is two", "It is really two")
    style.unlink()
    committed(3)
    assert (day_of("one"), day_of("two"), day_of("list")) == (3, 3, 1)  # for those who import builds
    released(4, "v2")

    assert (day_of("one"), day_of("two"), day_of("list")) == (1, 4, 1)
    types = locks.parse(LOCK.read_text()).types
    assert {line.modified for lines in types.values() for line in lines} == {START + DAY}
    assert summary(built(5)) == "0 new, 0 changed, 0 retired, 3 unchanged"


def test_a_release_that_got_other_times_than_its_commit_can_be_made_again_until_it_is_committed():
    released(1, "v1")
    git("checkout", "-q", "-b", "hotfix")
    edit("It is one", "It is one as the hotfix says")
    released(2, "v1.1")
    git("checkout", "-q", "main")
    edit("It is two", "It is really two")
    committed(3)
    assert deckgen(4, "release", "v2").exit_code == 0
    first = LOCK.read_text()
    again = deckgen(5, "release", "v2")

    assert again.exit_code == 0, again.output
    assert LOCK.read_text() == first
    assert day_of("one") == 4


@pytest.mark.parametrize(
    ("state", "message"),
    [
        ("outdated", "deckgen.lock is not up to date: run 'deckgen build', commit deckgen.lock, and try again"),
        ("uncommitted", "deckgen.lock has changes that are not committed: commit it, and try again"),
        ("taken", "the tag v1 already exists and is not a release: choose another name"),
        ("no git", "a release needs git, which records what learners have: run 'git init' and commit your files"),
    ],
)
def test_a_release_is_refused(state, message):
    committed(1)
    if state == "outdated":
        edit("It is one", "It is really one")
    elif state == "uncommitted":
        edit("It is one", "It is really one")
        built(1)
    elif state == "taken":
        git("tag", "v1")
    else:
        subprocess.run(["rm", "-rf", ".git"], check=True)
    before = LOCK.read_text()
    result = deckgen(2, "release", "v1")

    assert (result.exit_code, result.stderr) == (1, f"error: {message}\n")
    assert LOCK.read_text() == before


@pytest.mark.parametrize(
    "path", ["decks/demo/more.yaml", "decks/demo/media/dot.png", "decks/style.css", "decks/demo/deck.yaml"]
)
def test_a_release_is_refused_if_a_file_that_it_is_made_of_is_not_committed(path):
    """'git commit -a' leaves new files out; the release could not be made again from its tag."""
    committed(1)
    Path(path).parent.mkdir(exist_ok=True)
    if path.endswith(".png"):
        Path(path).write_bytes(sample.png())
        edit("answer: It is one", "answer: 'It is one ![x](media/dot.png)'")
    elif path.endswith(".css"):
        Path(path).write_text(".card { color: red }\n")
    elif path.endswith("deck.yaml"):
        Path(path).write_text("title: Demo\ndescription: What it is about.\n")
    else:
        Path(path).write_text(TEXT.replace("id: ", "id: other-"))
    built(1)
    git("add", "-A", ":!" + path)
    git("commit", "-qm", "x", "--allow-empty")
    before = LOCK.read_text()
    result = deckgen(2, "release", "v1")

    assert (result.exit_code, LOCK.read_text()) == (1, before)
    assert result.stderr == (
        "error: the last commit does not have all sources of these cards: run 'git add decks' and 'git commit', and "
        "try again; 'git status --ignored' lists files that git ignores\n"
    )
    git("add", "-A")
    git("commit", "-qm", "x")
    assert deckgen(2, "release", "v1").exit_code == 0


@pytest.mark.parametrize("in_worktree", [False, True])
def test_a_picture_that_git_lfs_keeps_is_released(in_worktree, monkeypatch, repository, tmp_path):
    committed(1)
    picture, data = Path("decks/demo/media/dot.png"), sample.png()
    hash = sha256(data).hexdigest()
    stored = Path(".git/lfs/objects", hash[:2], hash[2:4], hash)
    for path in (picture, stored):
        path.parent.mkdir(parents=True)
        path.write_bytes(data)
    edit("answer: It is one", "answer: 'It is one ![x](media/dot.png)'")
    built(2)
    git("add", "-A")
    Path("pointer").write_text(f"version https://git-lfs.github.com/spec/v1\noid sha256:{hash}\nsize {len(data)}\n")
    pointer = git("hash-object", "-w", "pointer").strip()
    git("update-index", "--cacheinfo", f"100644,{pointer},{picture}")
    git("commit", "-qm", "x")
    if in_worktree:
        git("worktree", "add", "-q", str(tmp_path / "other"))
        monkeypatch.chdir(tmp_path / "other")
        picture.write_bytes(data)
    result = deckgen(3, "release", "v1")

    assert (result.exit_code, result.stderr) == (0, "")
    monkeypatch.chdir(repository)


@pytest.mark.parametrize("name", ["", "-x", "v 1", "a..b", "x.lock", "v1.", "é", "a" * 65, "\x1b[2J"])
def test_a_release_has_the_name_of_a_tag(name):
    committed(1)
    result = deckgen(2, "release", "--", name)

    assert result.exit_code == 2
    assert "\x1b" not in result.output


def test_a_pull_request_cannot_release():
    released(1, "v1")
    git("checkout", "-q", "-b", "request")
    LOCK.write_text(LOCK.read_text() + "release v9 2026-09-23\n")
    git("commit", "-qam", "x")
    result = deckgen(2, "diff", "--since", "main")

    assert result.exit_code == 1
    assert result.stderr.endswith(
        "error: deckgen.lock names the release v9, which 'main' does not have: delete the line; "
        "maintainers make releases, with 'deckgen release'\n"
    )
