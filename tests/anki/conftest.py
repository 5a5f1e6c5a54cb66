"""Fixtures of the update tests, and the record of what survived on each version of Anki.

A test adds a row to the table of the learner's guide by calling ``survives`` with what it saw::

    def test_a_renamed_entry_is_the_same_note(lived, survives):
        ...
        survives("Progress on an entry that the author renamed", touched_cards(before, after) == set())

``make test-anki-versions`` runs the tests on every version and records the rows in ``results``; ``make docs`` makes the
table of them.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from author import BEFORE, Author, of
from learner import ANKI, ImportLog, Learner, State, anki_at_least

RESULTS = Path(__file__).parent / "results" / f"{ANKI}.tsv"
WRITE = os.environ.get("DECKGEN_ANKI_RESULTS") == "write"
_seen: dict[str, bool] = {}


@pytest.fixture
def author(tmp_path: Path) -> Author:
    return Author(tmp_path)


@pytest.fixture
def learner() -> Iterator[Learner]:
    with Learner() as learner:
        yield learner


def lives_with(learner: Learner) -> None:
    """What learners do: study, edit, tag, suspend, flag, bury, move."""
    learner.studies(9)
    learner.edits(of("faq/first"), "Answer", "It is the first, I think")
    learner.tags_note(of("faq/first"), "own::tag")
    learner.suspends(of("faq/third"))
    learner.flags(of("faq/second"), 3)
    learner.buries(of("procedure/tea/definition"))
    learner.moves(of("resource/who"), "My own deck")


@pytest.fixture
def lived(author: Author, learner: Learner) -> tuple[Author, Learner, State]:
    """A learner some time after the first release."""
    log = learner.imports(author.releases(BEFORE))

    assert log == ImportLog(new=7, updated=0, duplicate=0, conflicting=0)
    lives_with(learner)
    return author, learner, learner.state()


@pytest.fixture
def survives() -> Callable[..., None]:
    """Check and record whether something survives an update. Tests of the same row must all see it survive.

    It is expected to survive on every version of Anki, on those ``since`` a version, or on none (``since=NEVER``).
    """

    def record(what: str, kept: bool = True, *, since: tuple[int, ...] = ()) -> None:
        assert kept is anki_at_least(*since), f"{what}: {'kept' if kept else 'lost'} on Anki {ANKI}"
        _seen[what] = kept and _seen.get(what, True)
        if not WRITE and RESULTS.exists():
            lines = RESULTS.read_text(encoding="utf-8").splitlines()
            assert _line(what, kept) in lines, f"'make test-anki-versions docs' has not recorded: {what}"

    return record


def _line(what: str, kept: bool) -> str:
    return f"{'yes' if kept else 'no'}\t{what}"


def pytest_sessionfinish(session: pytest.Session) -> None:
    if WRITE and not session.testsfailed:
        lines = [_line(what, kept) + "\n" for what, kept in sorted(_seen.items())]
        RESULTS.write_text("".join(lines), encoding="utf-8")
