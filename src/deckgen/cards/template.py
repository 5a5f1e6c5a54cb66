"""Parse Anki's templates, and tell which cards a note has.

Anki makes a card if its front shows a field that is not empty, looking into conditionals whose field is filled
(``rslib/src/template.rs``, ``template_is_empty``). genanki's own rule ignores filters and loses cards.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from types import MappingProxyType
from typing import NamedTuple

from deckgen.cards import cloze
from deckgen.cards.note import Note
from deckgen.cards.note_type import NoteType

_TAG = re.compile(r"\{\{([#^/]?)([^{}]*)\}\}")


_EMPTY = re.compile(r"(?:[ \t-\r]|</?(?:br|div) ?/?>)*", re.IGNORECASE)
"""What counts as empty in Anki (``rslib/src/template.rs``, ``field_is_empty``)."""

_ALWAYS_FILLED = frozenset(("Type", "Deck", "Subdeck", "Card", "CardFlag", "CardID"))
"""Anki's own fields that are never empty, unlike its ``Tags``. Only note types of a project show any."""


class Shown(NamedTuple):
    """A field that is shown, with its filters in the order in which they are applied."""

    field: str
    filters: tuple[str, ...] = ()


class Conditional(NamedTuple):
    """The parts between ``{{#field}}`` (``{{^field}}`` if negated) and ``{{/field}}``."""

    field: str
    negated: bool
    parts: tuple[Part, ...]


MAX_DEPTH = 100
"""How deeply conditionals may be nested. Nobody writes more than ten levels."""

Part = str | Shown | Conditional
"""Text, a field that is shown, or a conditional."""


class BadTemplate(ValueError):
    """A conditional of a template does not end, ends where none began, or is nested too deeply."""


@cache
def parse(template: str) -> tuple[Part, ...]:
    """Parse one side of a template; raises BadTemplate."""
    return tuple(_parse(_tokens(template), None, 0))


def _tokens(template: str) -> Iterator[str | re.Match[str]]:
    done = 0
    for tag in _TAG.finditer(template):
        if tag.start() > done:
            yield template[done : tag.start()]
        yield tag
        done = tag.end()
    if done < len(template):
        yield template[done:]


def _parse(tokens: Iterator[str | re.Match[str]], end: str | None, depth: int) -> Iterator[Part]:
    if depth > MAX_DEPTH:
        raise BadTemplate(f"expected conditionals nested at most {MAX_DEPTH} deep, found more")
    for token in tokens:
        if isinstance(token, str):
            yield token
            continue
        mark, name = token[1], token[2].strip()
        if mark == "/":
            if name != end:
                wanted = f"{{{{/{end}}}}}" if end else "no end of a conditional"
                raise BadTemplate(f"expected {wanted}, found {{{{/{name}}}}}")
            return
        if mark:
            yield Conditional(name, mark == "^", tuple(_parse(tokens, name, depth + 1)))
        else:
            *filters, field = name.split(":")
            yield Shown(field.strip(), tuple(reversed(filters)))
    if end is not None:
        raise BadTemplate(f"expected {{{{/{end}}}}}, found the end of the template")


def fields_of(parts: Sequence[Part]) -> Iterator[str]:
    """Every field that a side shows or tests."""
    for part in parts:
        if not isinstance(part, str):
            yield part.field
            yield from fields_of(part.parts if isinstance(part, Conditional) else ())


def shown_in(parts: Sequence[Part]) -> Iterator[Shown]:
    """Every place where a side shows a field."""
    for part in parts:
        if isinstance(part, Shown):
            yield part
        elif isinstance(part, Conditional):
            yield from shown_in(part.parts)


def shows(parts: Sequence[Part], filled: frozenset[str]) -> bool:
    """Whether a front shows any field, given the fields that are not empty."""
    for part in parts:
        if isinstance(part, Shown):
            if part.field in filled:
                return True
        elif isinstance(part, Conditional) and (part.field in filled) is not part.negated and shows(part.parts, filled):
            return True
    return False


@cache
def _ords(note_type: NoteType, filled: tuple[bool, ...], tagged: bool) -> tuple[int, ...]:
    names = frozenset(field.name for field, is_filled in zip(note_type.fields, filled, strict=False) if is_filled)
    if note_type.is_from_project:
        names |= {*_ALWAYS_FILLED, *(["Tags"] if tagged else [])}
    return tuple(ord for ord, template in enumerate(note_type.templates) if shows(parse(template.front), names))


def is_empty(text: str) -> bool:
    """Whether Anki considers a field empty."""
    return not text or (text[0] in " \t\n\v\f\r<" and _EMPTY.fullmatch(text) is not None)


def cloze_fields(parts: Sequence[Part]) -> Iterator[str]:
    """The fields that a front shows as cloze deletions."""
    return (shown.field for shown in shown_in(parts) if "cloze" in shown.filters)


@cache
def numbers_by_name(note_type: NoteType, cards: tuple[int, ...]) -> Mapping[str, int]:
    """The number of each card of a note, by the name that the lock has for it: the key of the card's template, or the
    number of its cloze deletions, such as ``c1``."""
    if note_type.cloze:
        return MappingProxyType({f"c{ord + 1}": ord + 1 for ord in cards})
    return MappingProxyType({note_type.templates[ord].key: ord + 1 for ord in cards})


def with_cards(note: Note, note_type: NoteType) -> Note:
    """A note as one of a note type, with the ordinals and the numbers of its cards, unless linking assigns these."""
    if note_type.numbered_fields:
        return note._replace(note_type=note_type)
    ords = card_ords(note_type, note.fields, tagged=bool(note.identity.tags))
    return note._replace(note_type=note_type, cards=ords, numbers=numbers_by_name(note_type, ords))


def card_ords(note_type: NoteType, fields: Sequence[str], *, tagged: bool) -> tuple[int, ...]:
    """The ordinals of the cards that Anki makes of a note, which may be ``tagged``: of the templates whose front shows
    something, or of the numbers of its cloze deletions."""
    if not note_type.cloze:
        return _ords(note_type, tuple([text != "" and not is_empty(text) for text in fields]), tagged)
    (template,) = note_type.templates
    shown = set(cloze_fields(parse(template.front)))  # an adopted template may show a field that does not exist
    indexes = [index for index, name in enumerate(note_type.field_names) if name in shown]
    numbers = {number for index in indexes for number in cloze.deletion_numbers(fields[index])}
    return tuple(sorted([number - 1 for number in numbers if number]))
