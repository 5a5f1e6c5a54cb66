"""Render cards as Anki does: templates filled with a note's fields, clozes hidden or revealed.

Anki's own code is in ``rslib/src/template.rs`` and ``rslib/src/cloze.rs``. The tests compare every card of the decks,
and many kinds of templates and clozes, with real Anki.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from deckgen.cards.note import Note
from deckgen.cards.note_type import NoteType
from deckgen.cards.template import Conditional, Part, Shown, parse

_EMPTY = re.compile(r"(?:\s|</?(?:br|div)\s?/?>)*", re.IGNORECASE)
_CLOZE_TOKEN = re.compile(r"\{\{c(\d+(?:,\d+)*)::|\}\}")


class CardSides(NamedTuple):
    """A card's front and back as the HTML that an Anki client shows."""

    front: str
    back: str


def note_cards(note: Note) -> Iterator[tuple[int, CardSides]]:
    """The rendered cards of a note, each with its ordinal."""
    fields = {field.name: text for field, text in zip(note.note_type.fields, note.fields, strict=True)}
    for ord in note.cards:
        yield ord, render(note.note_type, fields, ord)


def render(note_type: NoteType, fields: Mapping[str, str], ord: int) -> CardSides:
    """Render one card. ``fields`` may include Anki's special fields, such as ``Deck``."""
    template = note_type.templates[0 if note_type.cloze else ord]
    filled = {name for name, text in fields.items() if not _EMPTY.fullmatch(text)}
    front = "".join(_render(parse(template.front), {**fields, "FrontSide": ""}, filled, ord + 1, is_front=True))
    back = "".join(_render(parse(template.back), {**fields, "FrontSide": front}, filled, ord + 1, is_front=False))
    return CardSides(front, back)


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
        if name == "cloze":
            text = reveal_clozes(text, number, is_front=is_front)
        elif name == "text":
            text = html.unescape(re.sub(r"<[^>]*>", "", text))
        else:
            raise ValueError(f"the filter '{name}' is not known here")
    return text


class Cloze(NamedTuple):
    """A cloze deletion: the cards that ask for it, what it hides, and the hint shown instead."""

    numbers: tuple[int, ...]
    parts: list[str | Cloze]
    hint: list[str]


def reveal_clozes(text: str, number: int, *, is_front: bool) -> str:
    """Render a field for a cloze card; empty if the field has no deletion with the card's number."""
    parts = _clozes(text)
    if not any(_asks(part, number) for part in parts):
        return ""
    return "".join(_reveal(part, number, is_front=is_front) for part in parts)


def _clozes(text: str) -> list[str | Cloze]:
    """Parse text into pieces and deletions, which may be nested. An unclosed deletion is dropped with its content."""
    outside: list[str | Cloze] = []
    opened: list[Cloze] = []
    done = 0
    for token in _CLOZE_TOKEN.finditer(text):
        _add_text(text[done : token.start()], opened, outside)
        done = token.end()
        if token[1]:
            opened.append(Cloze(tuple(map(int, token[1].split(","))), [], []))
        elif opened:
            closed = opened.pop()
            (opened[-1].parts if opened else outside).append(closed)
        else:
            outside.append("}}")
    _add_text(text[done:], opened, outside)
    return outside


def _add_text(text: str, opened: list[Cloze], outside: list[str | Cloze]) -> None:
    if not opened:
        outside.append(text)
        return
    before, colons, hint = text.partition("::")
    opened[-1].parts.append(before)
    if colons:
        opened[-1].hint[:] = [hint]


def _asks(part: str | Cloze, number: int) -> bool:
    return isinstance(part, Cloze) and (number in part.numbers or any(_asks(inner, number) for inner in part.parts))


def _reveal(part: str | Cloze, number: int, *, is_front: bool) -> str:
    if isinstance(part, str):
        return part
    ordinals = ",".join(map(str, part.numbers))
    inner = "".join(_reveal(one, number, is_front=is_front) for one in part.parts)
    if number not in part.numbers:
        return f'<span class="cloze-inactive" data-ordinal="{ordinals}">{inner}</span>'
    if not is_front:
        return f'<span class="cloze" data-ordinal="{ordinals}">{inner}</span>'
    hint = part.hint[0] if part.hint else "..."
    return f'<span class="cloze" data-cloze="{_attribute(inner)}" data-ordinal="{ordinals}">[{hint}]</span>'


def _attribute(text: str) -> str:
    """Escape text for an attribute as Anki does: everything below 256 but letters and digits becomes an entity."""
    return re.sub(r"[\x00-\xff]", lambda found: _entity(found[0]), text)


def _entity(character: str) -> str:
    if character.isascii() and character.isalnum():
        return character
    return {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"}.get(character, f"&#x{ord(character):X};")
