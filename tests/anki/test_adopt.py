"""Adopted decks: those who have the deck get nothing from a rebuild, and one note from one edit."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import others
from author import AFTER
from deckgen.cli import main
from learner import ImportLog, Learner, anki_at_least, changed_notes, new_cards, touched_cards

EDITS = {
    "genanki": ("Answer (short): Lima", "Answer (short): Lima on the Rímac"),
    "anki-legacy": ("Front: front", "Front: the front"),
    "anki-new": ("Front: front", "Front: the front"),
    "image-occlusion": ("Header: Front view", "Header: View from the front"),
    "templates": ("Field 0: drug 7\n", "Field 0: drug seven\n"),
    "thousands": ("Answer (short): meaning 77\n", "Answer (short): meaning seventy-seven\n"),
}


def deckgen(*arguments: str, at: float = 0) -> Result:
    here = Path.cwd()
    environment = {"SOURCE_DATE_EPOCH": str(int(time.time() + at))} if at else {}
    result = CliRunner().invoke(main, arguments, env=environment)
    os.chdir(here)
    assert result.exit_code == 0, result.output
    return result


def edit(old: str, new: str) -> None:
    """Change a text that is in one place of the sources."""
    (path,) = (path for path in Path("deck/decks").rglob("notes*.yaml") if old in path.read_text(encoding="utf-8"))
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")


def imports_all(learner: Learner) -> ImportLog:
    logs = [learner.imports(path) for path in sorted(Path("deck/build").glob("*.apkg"))]
    return ImportLog(*(sum(counts) for counts in zip(*map(_counts, logs), strict=True)))


def _counts(log: ImportLog) -> tuple[int, int, int, int]:
    return log.new, log.updated, log.duplicate, log.conflicting


@pytest.mark.parametrize("name", [*others.DECKS, pytest.param("thousands", marks=pytest.mark.slow)])
def test_an_adopted_deck_stays_the_same_deck(name, learner, tmp_path, monkeypatch):
    if name == "image-occlusion" and not anki_at_least(2, 1, 66):
        pytest.skip("this Anki has no masks")
    for name_of_runner in ("CI", "GITHUB_ACTIONS", "TF_BUILD"):  # where no consent counts
        monkeypatch.delenv(name_of_runner, raising=False)
    original = (others.DECKS | {"thousands": others.thousands})[name](tmp_path / "original.apkg")
    learner.imports(original)
    learner.studies(3)
    before = learner.state()

    adopted = deckgen("adopt", str(original), "deck", "--prove")
    deckgen("-C", "deck", "consent", "--yes")
    built = deckgen("-C", "deck", "build", "--locked", at=AFTER)
    log = imports_all(learner)

    assert "0 new, 0 updated, 0 conflicting" in adopted.output
    assert "0 new, 0 changed, 0 retired" in built.output
    assert (log.new, log.updated, log.conflicting) == (0, 0, 0)
    assert log.duplicate == len(before.notes)
    assert learner.state() == before

    edit(*EDITS[name])
    deckgen("-C", "deck", "build", at=AFTER)
    log = imports_all(learner)
    after = learner.state()

    assert (log.new, log.updated, log.conflicting) == (0, 1, 0)
    assert len(changed_notes(before, after)) == 1
    assert touched_cards(before, after) == set()
    assert new_cards(before, after) == set()
