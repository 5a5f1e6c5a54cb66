"""Render cards as Anki does: templates filled with a note's fields, clozes hidden or revealed.

Anki's own code is in ``rslib/src/template.rs``. The tests compare every card of the decks, and many kinds of templates
and clozes, with real Anki.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from deckgen.cards import filters
from deckgen.cards.note import Note, join_tags
from deckgen.cards.note_type import NoteType
from deckgen.cards.template import Conditional, Part, Shown, is_empty, parse
from deckgen.text.escaping import escape

MAX_SIDE = 10_000_000
"""Characters of a side of a card. A template that shows a field very often could fill the memory."""


class CardSides(NamedTuple):
    """A card's front and back as the HTML that an Anki client shows."""

    front: str
    back: str


def note_cards(note: Note) -> Iterator[tuple[int, CardSides]]:
    """The rendered cards of a note, each with its ordinal."""
    fields = dict(zip(note.note_type.field_names, note.fields, strict=True))
    if note.note_type.is_from_project:  # templates of a project may show Anki's own fields
        of_anki = {
            "Tags": join_tags(note.identity.tags),
            "Type": note.note_type.title,
            "Deck": "",
            "Subdeck": "",
            "CardFlag": "",
        }
        fields = {**of_anki, "Card": "", **fields}
    for ord in note.cards:
        yield ord, render(note.note_type, fields, ord)


def render(note_type: NoteType, fields: Mapping[str, str], ord: int) -> CardSides:
    """Render one card; raises ValueError if it is too large. ``fields`` may include Anki's special fields, such as
    ``Deck``."""
    template = note_type.templates[0 if note_type.cloze else ord]
    filled = {name for name, text in fields.items() if not is_empty(text)}
    front = _joined(_render(parse(template.front), {**fields, "FrontSide": ""}, filled, ord + 1, is_front=True))
    back = _joined(_render(parse(template.back), {**fields, "FrontSide": front}, filled, ord + 1, is_front=False))
    return CardSides(front, back)


def _joined(parts: Iterable[str]) -> str:
    try:
        side = list(parts)
    except KeyError as error:  # in an adopted template; Anki shows a message as well
        return f"<p>This template shows a field that the note type does not have: {escape(error.args[0])}</p>"
    if (size := sum(map(len, side))) > MAX_SIDE:
        raise ValueError(f"expected at most {MAX_SIDE:,} characters on a card, found {size:,}")
    return "".join(side)


def _render(
    parts: Sequence[Part], fields: Mapping[str, str], filled: set[str], number: int, *, is_front: bool
) -> Iterator[str]:
    for part in parts:
        if isinstance(part, str):
            yield part
        elif isinstance(part, Conditional):
            if (part.field in filled) is not part.negated:
                yield from _render(part.parts, fields, filled, number, is_front=is_front)
        else:
            yield _shown(part, fields[part.field], number, is_front=is_front)


def _shown(shown: Shown, text: str, number: int, *, is_front: bool) -> str:
    for name in shown.filters:
        text = filters.apply(name, text, shown.field, number, is_front=is_front)
    return text
