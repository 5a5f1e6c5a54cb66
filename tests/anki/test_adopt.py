"""Adopted decks: those who have the deck get nothing from a rebuild, and one note from one edit."""

from __future__ import annotations

import json
import os
import subprocess
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


def test_pictures_of_latex_are_adopted(learner, tmp_path, monkeypatch):
    """Phones show nothing else."""
    for name_of_runner in ("CI", "GITHUB_ACTIONS", "TF_BUILD"):  # where no consent counts
        monkeypatch.delenv(name_of_runner, raising=False)
    others.with_latex(tmp_path / "original.apkg")

    adopted = deckgen("adopt", "original.apkg", "deck")
    pictures = len([*Path("deck/decks/physics/adopted").glob("latex-*.png")])
    deckgen("-C", "deck", "consent", "--yes")
    deckgen("-C", "deck", "build", "--locked")
    imports_all(learner)

    assert pictures == 5
    assert "media file" not in adopted.output
    assert learner.media_problems() == ([], [])


def crowdanki_imports(learner: Learner, path: Path) -> None:
    """What CrowdAnki does: note types by name with ids of this collection, notes by guid."""
    deck = json.loads(path.read_text(encoding="utf-8"))
    models = learner.col.models
    (model,) = deck["note_models"]
    made = models.new(model["name"])
    for field in model["flds"]:
        models.add_field(made, models.new_field(field["name"]))
    for template in model["tmpls"]:
        models.add_template(made, models.new_template(template["name"]) | template)
    models.add_dict(made)
    waiting = [(deck["name"], deck)]
    while waiting:
        name, found = waiting.pop()
        waiting += [(f"{name}::{child['name']}", child) for child in found["children"]]
        for own in found["notes"]:
            note = learner.col.new_note(models.by_name(model["name"]))
            note.guid, note.fields, note.tags = own["guid"], [*own["fields"]], own["tags"]
            learner.col.add_note(note, learner.col.decks.id(name))


@pytest.mark.skipif(not anki_at_least(2, 1, 55), reason="this Anki imports no text with guids")
def test_learners_who_came_by_crowdanki_are_served_by_the_update_file(learner, tmp_path):
    original = others.by_crowdanki(tmp_path / "geography")
    crowdanki_imports(learner, original)
    learner.studies(2)
    before = learner.state()

    adopted = deckgen("adopt", "geography/deck.json", "deck")
    deckgen("-C", "deck", "build", "--locked")
    release("deck")
    edit("Capital: Valletta", "Capital: Il-Belt Valletta")
    deckgen("-C", "deck", "build", "--since", "adopted", at=AFTER)
    log = learner.imports_text(next(Path("deck/build").glob("*since*.txt")))
    after = learner.state()

    assert "3 notes, 4 cards" in adopted.output
    assert Path("deck/decks/geography-of-the-world/adopted/flag-peru.png").is_file()
    assert (log.new, log.updated, log.conflicting) == (0, 1, 0)
    assert changed_notes(before, after) == {"gQ!3"}
    assert touched_cards(before, after) == set()
    assert new_cards(before, after) == set()


def release(folder: str) -> None:
    """What 'deckgen adopt' says to do next."""
    who = "-c user.name=A -c user.email=a@example.org"
    for command in ("init -q", "add -A", f"{who} commit -qm Adopt", "tag adopted"):
        subprocess.run(["git", *command.split(" ")], check=True, cwd=folder)


def test_a_retired_note_of_an_adopted_deck_is_found_by_its_words(learner, tmp_path):
    learner.imports(others.by_genanki(tmp_path / "original.apkg"))
    deckgen("adopt", "original.apkg", "deck")
    deckgen("-C", "deck", "build", "--locked")
    release("deck")
    deckgen("-C", "deck", "retire", "note/what-is-the-capital-of-peru", "--reason", "It moved.")
    built = deckgen("-C", "deck", "build", at=AFTER)
    (text,) = Path("deck/build").glob("*-retired.txt")
    search = text.read_text(encoding="utf-8").split("\n\n")[2]
    (found,) = learner.searches(search)

    assert "1 retired" in built.output
    assert learner._note(found)["Question?"] == "What is the capital of Peru?"
    assert imports_all(learner).new == 0
