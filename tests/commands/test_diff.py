"""``deckgen diff`` shows what changed between packages, or since a commit, note by note and word by word."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

import sample
from deckgen.cli import main

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
    result = CliRunner().invoke(main, arguments, env={"SOURCE_DATE_EPOCH": str(at)})

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
        assert "name a package, or a commit with --since" in result.stderr
