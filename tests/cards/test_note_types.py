"""What every note type must keep, found by listing: a new note type is tested by being there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pytest

from deckgen.cards.note_types import frame
from deckgen.cards.note_types.registry import all_note_types
from deckgen.cards.template import Part, parse

NOTE_TYPES = list(all_note_types().values())
OF_ANKI = {"Tags", "Type", "Deck", "Card", "FrontSide", "Subdeck", "CardFlag"}


@pytest.mark.parametrize("note_type", NOTE_TYPES, ids=lambda note_type: note_type.name)
class TestEveryNoteType:
    def test_its_fields_have_different_names_and_end_with_the_shared_ones(self, note_type):
        names = [field.name for field in note_type.fields]

        assert len(names) == len(set(names))
        assert not OF_ANKI & set(names)
        assert note_type.fields[-len(frame.FIELDS) :] == frame.FIELDS

    def test_its_templates_show_only_its_own_fields(self, note_type):
        own = {field.name for field in note_type.fields}
        for template in note_type.templates:
            for side in (template.front, template.browser_front, template.browser_back):
                assert set(_fields(parse(side))) <= own
            assert set(_fields(parse(template.back))) <= own | {"FrontSide"}

    def test_its_templates_have_different_names_and_begin_with_the_frame(self, note_type):
        assert len({template.key for template in note_type.templates}) == len(note_type.templates)
        for template in note_type.templates:
            assert f'<div class="dg {note_type.name}-note">' in template.front
            assert "{{FrontSide}}" in template.back
            assert f'<section class="dg {note_type.name}-note"' in template.back

    def test_its_style_contains_the_shared_one(self, note_type):
        assert note_type.css.startswith(frame.stylesheet())


def _fields(parts: Iterable[Part]) -> Iterator[str]:
    for part in parts:
        if not isinstance(part, str):
            yield part.field
            yield from _fields(getattr(part, "parts", ()))
