"""``deckgen diff``: what changed between two packages or two commits, note by note and word by word."""

from __future__ import annotations

import json
import random
import subprocess
from contextlib import suppress
from pathlib import Path

import pytest
from click.testing import CliRunner

import sample
from deckgen.cli import main
from deckgen.packages.read_package import NotAPackage, read
from deckgen.reports.diff import Piece, readable, word_by_word
from learner import Learner

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
    """A package of before; the sources are those of after, and not built."""
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
    Retired: It was not. Replaced by: Is it one? (faq/one). You can delete this card.
~ faq/list
    Items: All four – [A] – [B] – [-[C]-] {+[See]+} – [D]
    and the same in 4 other cards of the list
~ faq/one
    Answer: It is <1 [-&-] {+and not+} certain
~ faq/three
    Why: {+Because+}
    tags: -sample::old +sample::new
    cards: 1 more
demo: 1 new, 3 changed, 1 retired, 0 unchanged
"""


def test_a_package_against_the_sources_here(old):
    before = {path: path.read_bytes() for path in Path().rglob("*") if path.is_file()}

    assert run("diff", "old.apkg") == EXPECTED
    assert before == {path: path.read_bytes() for path in Path().rglob("*") if path.is_file()}


def test_two_packages(old):
    run("build", at=1_790_000_100)
    expected = EXPECTED.replace(
        "    Retired: It was not. Replaced by: Is it one? (faq/one). You can delete this card.\n",
        "    Question: Is it two?\n    Answer: It is two\n",
    ).replace("1 retired", "0 retired, 1 removed")

    assert run("diff", "old.apkg", "build/demo.apkg") == expected


def test_a_package_against_itself_is_no_difference(old):
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

- `faq/two` Notice: Retired: It was not. Replaced by: Is it one? (faq/one). You can delete this card.

**Changed**

- `faq/list`
  - Items: All four – \\[A\\] – \\[B\\] – ~~\\[C\\]~~ **\\[See\\]** – \\[D\\]
  - the same in 4 other cards of the list
- `faq/one`
  - Answer: It is \\<1 ~~&~~ **and not** certain
- `faq/three`
  - Why: **Because**
  - tag `sample::new` added
  - tag `sample::old` removed
  - cards: 1 more

"""
    )


def test_json_for_machines(old):
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


def test_since_a_commit(tmp_path):
    sample.write(tmp_path, {"demo/cards.yaml": CARDS})
    run("build")
    for command in ("init -q", "config user.email a@b.org", "config user.name A", "add -A decks", "commit -q -m x"):
        subprocess.run(["git", *command.split(" ")], check=True)
    Path("decks/demo/cards.yaml").write_text(CHANGED)

    assert run("diff", "--since", "HEAD") == EXPECTED
    result = CliRunner().invoke(main, ["diff", "--since", "nothing"])
    assert result.exit_code == 1
    assert result.stderr == "error: git cannot give the sources of 'nothing': fatal: Needed a single revision\n"


def test_since_a_commit_from_before_the_first_build(tmp_path):
    sample.write(tmp_path, {"demo/cards.yaml": CARDS})
    for command in ("init -q", "config user.email a@b.org", "config user.name A", "add -A decks", "commit -q -m x"):
        subprocess.run(["git", *command.split(" ")], check=True)
    Path("decks/demo/cards.yaml").write_text(CHANGED)

    # Nobody has what was never built, so that there is nothing to retire.
    retired = "    Retired: It was not. Replaced by: Is it one? (faq/one). You can delete this card.\n"
    removed = "    Question: Is it two?\n    Answer: It is two\n"
    expected = EXPECTED.replace(retired, removed).replace("1 retired", "0 retired, 1 removed")
    assert run("diff", "--since", "HEAD") == expected


def test_moved_cards_and_changed_note_types(old):
    Path("decks/demo/cards.yaml").write_text(CARDS)
    Path("decks/demo/deck.yaml").write_text("title: Demo\nsubdecks: {faq: Asked}\n")

    assert "> faq/one: from Demo::Questions to Demo::Asked" in run("diff", "old.apkg")
    assert run("diff", "old.apkg").endswith("demo: 0 new, 0 changed, 0 retired, 4 moved, 0 unchanged\n")


@pytest.mark.parametrize("legacy", [True, False], ids=["legacy", "newest format"])
def test_packages_that_anki_itself_wrote_are_read(legacy, old, tmp_path):
    from anki.collection import ExportAnkiPackageOptions

    with Learner() as learner:
        learner.imports(old)
        options = ExportAnkiPackageOptions(with_scheduling=False, with_media=True, legacy=legacy)
        learner.col.export_anki_package(out_path=str(tmp_path / "anki.apkg"), options=options, limit=None)
    ours, theirs = read(old), read(tmp_path / "anki.apkg")

    assert theirs.notes == ours.notes
    own = {id: theirs.types[id] for id in ours.types}
    assert {id: (one.name, one.fields) for id, one in own.items()} == {
        id: (one.name, one.fields) for id, one in ours.types.items()
    }
    assert {id: one.templates for id, one in own.items()} == {id: one.templates for id, one in ours.types.items()}
    assert {id: one.style for id, one in own.items()} == {id: one.style for id, one in ours.types.items()}


def test_a_damaged_package_is_read_or_said_to_be_none(old):
    whole, chance = Path(old).read_bytes(), random.Random(1)
    for _ in range(200):
        damaged = bytearray(whole)
        for _ in range(chance.choice([1, 5, 50])):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        Path("bad.apkg").write_bytes(damaged)
        with suppress(NotAPackage):
            read(Path("bad.apkg"))


@pytest.mark.parametrize("content", [b"", b"PK nothing", b"x" * 1000])
def test_what_is_no_package_is_said_to_be_none(content, tmp_path):
    Path("bad.apkg").write_bytes(content)

    with pytest.raises(NotAPackage, match=r"'bad\.apkg' is not a package of Anki"):
        read(Path("bad.apkg"))
    assert CliRunner().invoke(main, ["diff", "bad.apkg", "bad.apkg"]).exit_code == 1


def test_it_needs_something_to_compare(old):
    for arguments in ([], ["old.apkg", "--since", "HEAD"]):
        result = CliRunner().invoke(main, ["diff", *arguments])

        assert result.exit_code == 2
        assert "name a package, or a commit with --since" in result.stderr


def test_fields_as_a_reader_sees_them():
    html = '<p>A <strong>b</strong></p><ul><li>c &lt; d</li></ul><img src="x.png" alt="y"> {{c1::e}} {{c2::f::hint}}'

    assert readable(html) == "A b – c < d (picture x.png) [e] [f]"


def test_word_by_word():
    assert word_by_word("a b c", "a x c d") == [
        Piece("kept", "a"),
        Piece("removed", "b"),
        Piece("added", "x"),
        Piece("kept", "c"),
        Piece("added", "d"),
    ]
