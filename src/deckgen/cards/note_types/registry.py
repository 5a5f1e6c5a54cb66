"""Find every note type by listing this folder."""

from __future__ import annotations

from functools import cache

from deckgen.cards import note_types
from deckgen.cards.note_type import NoteType
from deckgen.core.discovery import declarations


@cache
def all_note_types() -> dict[str, NoteType]:
    """Every note type, the ``NOTE_TYPE`` of a module here, by its name."""
    found = declarations(note_types, "NOTE_TYPE")
    return {note_type.name: note_type for note_type in sorted(found, key=lambda note_type: note_type.name)}
