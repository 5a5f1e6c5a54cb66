"""The cards of a note as text for a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click

from deckgen.cards.note import Note
from deckgen.cards.rendering import note_cards

_LOOKS: dict[str, dict[str, Any]] = {
    "quiet": {"dim": True},
    "cloze": {"fg": "cyan", "bold": True},
    "question": {"bold": True},
    "": {},
}


def card_lines(note: Note) -> Iterator[str]:
    """A note's cards, front and back, as a learner sees them."""
    from deckgen.cards import plain_text as card_text

    for ord, sides in note_cards(note):
        for name, html in zip(("front", "back"), sides, strict=True):
            yield ""
            yield click.style(f"  ── card {ord + 1}, {name}", dim=True)
            for line in card_text.lines(html):
                yield ("  " + "".join(click.style(piece.text, **_LOOKS[piece.look]) for piece in line)).rstrip()
