"""Compare the cloze deletions of notes with those of a release: each keeps its number, by which Anki knows its card.

The lock has the numbers of cards but not their texts, so this takes the compiled sources of both.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from deckgen.cards import cloze
from deckgen.cards.note import Note
from deckgen.cards.plain_text import field_text
from deckgen.core import rules
from deckgen.core.diagnostics import Report

MAX_SHOWN = 60
"""Characters of a deletion that a message shows."""


def check_deletions(notes: Sequence[Note], released: Mapping[str, Note], release: str, report: Report) -> None:
    """Report each note whose deletions have other numbers than in a release; ``released`` has its notes by guid."""
    for note in notes:
        earlier = released.get(note.identity.guid)
        if earlier is None or earlier.text == note.text:
            continue
        if not note.note_type.is_numbered_by_author or not earlier.note_type.is_numbered_by_author:
            continue
        moved = list(cloze.renumbered(_hidden(earlier), _hidden(note)))
        if moved:
            first = moved[0]
            text = field_text(first.text)[:MAX_SHOWN]
            message = f"'{text}' was c{first.old} in {release}, and is now c{first.new}: cards would ask something else"
            numbers = ", ".join(f"c{one.new} back to c{one.old}" for one in moved)
            help = f"change {numbers}; numbers can be in any order in the text: give a new deletion the next free one"
            report.add(rules.CLOZE_RENUMBERED, note.identity.position, message, help)


def _hidden(note: Note) -> dict[int, str]:
    return cloze.hidden_by_number(note.fields, note.cards)
