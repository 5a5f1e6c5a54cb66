"""Fixtures of the update tests, and the record of what each version of Anki was seen to keep."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from author import Author
from learner import ANKI, Learner

RESULTS = Path(__file__).parent / "results"
_seen: dict[str, str] = {}


@pytest.fixture
def author(tmp_path: Path) -> Author:
    return Author(tmp_path)


@pytest.fixture
def learner() -> Iterator[Learner]:
    with Learner() as learner:
        yield learner


@pytest.fixture
def survives() -> Callable[[str, bool], None]:
    """Record, for the README's table, whether something of the learner's was seen to survive."""

    def record(what: str, kept: bool = True) -> None:
        _seen[what] = "yes" if kept else "no"

    return record


def pytest_sessionfinish(session: pytest.Session) -> None:
    if os.environ.get("DECKGEN_ANKI_RESULTS") == "write" and not session.testsfailed:
        RESULTS.mkdir(exist_ok=True)
        lines = [f"{kept}\t{what}\n" for what, kept in sorted(_seen.items())]
        (RESULTS / f"{ANKI}.tsv").write_text("".join(lines), encoding="utf-8")
