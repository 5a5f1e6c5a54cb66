"""The decks of this repository, built and imported by the real Anki."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest

from author import build_decks
from deckgen.cards.note import Note
from deckgen.cards.note_types.lists import NOTE_TYPE as LIST
from deckgen.compiler.pipeline import Compilation, compile_project
from deckgen.core.diagnostics import Severity
from deckgen.project.project import RETIRED_SUFFIX
from learner import Learner, visible

REPOSITORY = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def compilation() -> Compilation:
    result = compile_project(REPOSITORY / "decks")

    assert [str(found) for found in result.findings if found.severity is not Severity.HINT] == []
    return result


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return sorted(build_decks(tmp_path_factory.mktemp("project")).glob("*.apkg"))


@pytest.fixture(scope="module")
def learner(built):
    """Who is new to the decks, and so has no use for what was retired."""
    with Learner() as learner:
        logs = [learner.imports(path) for path in built if not path.stem.endswith(RETIRED_SUFFIX)]
        assert sum(log.updated + log.duplicate + log.conflicting for log in logs) == 0
        yield learner


def test_every_note_and_card_arrives(learner, compilation):
    assert set(learner.notes()) == {note.identity.label for note in compilation.notes}
    assert len(learner.cards()) == sum(len(note.cards) for note in compilation.notes)


def test_importing_again_changes_nothing(built):
    with Learner() as learner:
        for path in built:
            learner.imports(path)
            log = learner.imports(path)
            assert (log.new, log.updated, log.conflicting) == (0, 0, 0)


def test_all_eight_skill_domains_are_tags(learner):
    domains = {tag for tag in learner.tags() if tag.startswith("pain::domain::")}

    assert len(domains) == 8
    assert {tag.split("::")[0] for tag in learner.tags()} == {"pain"}


def test_no_two_of_the_first_sixty_cards_are_of_one_note(learner, compilation):
    for package in (package for package in compilation.packages if not package.retired):
        labels = {note.identity.label for note in package.notes}
        order = [card.note_id for card in learner.cards() if card.note_id in labels]

        assert [one for one, other in pairwise(order[:60]) if one == other] == []


def test_anki_finds_nothing_wrong(learner):
    assert learner.empty_cards() == 0
    assert learner.media_problems() == ([], [])
    assert learner.database_is_sound()


def test_every_card_is_rendered_and_hides_its_answer(learner, compilation):
    notes = {note.identity.label: note for note in compilation.notes}
    for card in learner.cards():
        front, back = visible(card.front), visible(card.back)

        assert "problem" not in card.front.lower() or "ankiweb" not in card.front
        assert "{{" not in front + back
        assert "unknown field" not in (front + back).lower()
        assert len(front) > 10
        hidden = visible(_answer(notes[card.note_id], card.ordinal))
        assert hidden in back
        assert hidden not in front, f"{card.note_id} shows its answer '{hidden}' on the front"


def _answer(note: Note, ordinal: int) -> str:
    """What a card asks for, as HTML; for a list its first hidden item, for a picture the name below it."""
    if note.note_type.numbered_fields:
        text = note.fields[note.note_type.numbered_fields[ordinal]]
        deletions = re.findall(rf"\{{\{{c{ordinal + 1}::(.*?)\}}\}}", text)
        return str(deletions[0 if note.note_type is LIST else -1])
    names = {
        "Answer": "Answer", "Why": "Why", "Reverse": "Question",
        "Acronym": "Name", "Role": "Name", "Purpose": "Purpose", "Former name": "Name", "Name to acronym": "Acronym",
    }  # fmt: skip
    return note.fields[note.note_type.index(names[note.note_type.templates[ordinal].name])]
