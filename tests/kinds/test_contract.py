"""What every kind must keep, found through the registry: a new kind is tested by being there."""

from __future__ import annotations

from pathlib import Path

import pytest

import sample
from deckgen.cards.template import parse
from deckgen.kinds.entry import Entry
from deckgen.kinds.registry import all_kinds
from deckgen.language.records import keys
from deckgen.reports.manual import kind_example

KINDS = list(all_kinds().values())


def made(kind, tmp_path: Path):
    """The notes of the example in a kind's manual."""
    return sample.notes(tmp_path, kind_example(kind))


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
class TestEveryKind:
    def test_the_example_of_its_manual_makes_notes_with_cards(self, kind, tmp_path):
        notes = made(kind, tmp_path)

        assert notes
        assert all(note.cards for note in notes.values())
        assert all(note.identity.kind == kind.name for note in notes.values())

    def test_its_notes_are_the_same_each_time(self, kind, tmp_path):
        assert _contents(made(kind, tmp_path / "a")) == _contents(made(kind, tmp_path / "b"))

    def test_every_key_is_in_its_manual_or_common_and_has_one_sentence(self, kind):
        for name, declared in keys(kind.entry).items():
            assert declared.manual.endswith("."), name
            assert len(declared.manual) > 10, name

    def test_its_entries_have_what_all_entries_have(self, kind):
        assert set(keys(Entry)) <= set(keys(kind.entry))

    def test_its_note_types_name_only_their_own_fields(self, kind, tmp_path):
        for note in made(kind, tmp_path).values():
            own = {field.name for field in note.note_type.fields}
            for template in note.note_type.templates:
                sides = (template.front, template.back, template.browser_front, template.browser_back)
                for side in sides:
                    assert set(_fields(parse(side))) <= own
            assert not own & {"Tags", "Type", "Deck", "Card", "FrontSide", "Subdeck", "CardFlag"}
            assert note.note_type.fields[-1].name == "My notes"
            assert note.fields[-1] == ""
            assert len(note.fields) == len(note.note_type.fields)


def _contents(notes):
    return {id: (note.fields, note.cards, note.identity.tags) for id, note in notes.items()}


def _fields(parts):
    for part in parts:
        if not isinstance(part, str):
            yield part.field
            yield from _fields(getattr(part, "parts", ()))
