"""Notes as text for a terminal: their cards, front and back, as a learner sees them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from deckgen.cards.card_lines import card_lines
from deckgen.cards.note import Note
from deckgen.cards.rendering import note_cards
from deckgen.core.terminal import count, style

_STYLES: dict[str, dict[str, Any]] = {
    "quiet": {"dim": True},
    "cloze": {"fg": "cyan", "bold": True},
    "question": {"bold": True},
    "": {},
}


def notes_of(id: str, notes: Sequence[Note]) -> list[Note]:
    """The notes of an entry, given as ``kind/id`` or by its id alone, or one note, given as ``kind/id/part``."""
    found = [note for note in notes if f"{note.identity.label}/".startswith(f"{id}/")]
    return found or [note for note in notes if note.identity.entry.partition("/")[2] == id]


def note_text(note: Note) -> str:
    """A note with its id, place, tags and cards."""
    identity = note.identity
    head = style(identity.label, bold=True) + f"  {count(len(note.cards), 'card')}, {identity.position}"
    tags = style(f"tags: {' '.join(identity.tags)}", dim=True)
    return f"{head}\n{tags}\n{cards_text(note)}\n"


def cards_text(note: Note) -> str:
    """The cards of a note, front and back."""
    return "".join(f"{line}\n" for line in _card_lines(note))


def _card_lines(note: Note) -> Iterator[str]:
    for number, (_, sides) in enumerate(note_cards(note), start=1):
        for name, html in zip(("front", "back"), sides, strict=True):
            yield ""
            yield style(f"  ── card {number}, {name}", dim=True)
            for line in card_lines(html):
                yield ("  " + "".join(style(piece.text, **_STYLES[piece.look]) for piece in line)).rstrip()
