"""Anki's template language, as far as deckgen needs it: which cards a note has.

Anki makes a card where its front shows a field that is not empty, going into conditionals whose field is filled
(``rslib/src/template.rs``, ``template_is_empty``). genanki's own rule knows no filters and loses cards.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import NamedTuple

from deckgen.note import NoteType

_TOKEN = re.compile(r"\{\{([#^/]?)(?:[^{}:]*:)*([^{}]*)\}\}")


class Conditional(NamedTuple):
    """What stands between ``{{#field}}`` (or ``{{^field}}``, if negated) and ``{{/field}}``."""

    field: str
    negated: bool
    parts: tuple[Part, ...]


Part = str | Conditional
"""A field that is shown, or a conditional; plain text makes no card and is left out."""


def parse(front: str) -> tuple[Part, ...]:
    """The fields and conditionals of a template side."""
    return tuple(_parse(_TOKEN.finditer(front), None))


def _parse(tokens: Iterator[re.Match[str]], end: str | None) -> Iterator[Part]:
    for token in tokens:
        sign, field = token[1], token[2].strip()
        if sign == "/":
            assert field == end, f"{{{{/{field}}}}} closes nothing"
            return
        yield Conditional(field, sign == "^", tuple(_parse(tokens, field))) if sign else field


def shows(parts: Sequence[Part], filled: frozenset[str]) -> bool:
    """Whether a front shows any field, given the fields that are not empty."""
    for part in parts:
        if isinstance(part, str):
            if part in filled:
                return True
        elif (part.field in filled) is not part.negated and shows(part.parts, filled):
            return True
    return False


@cache
def _ords(note_type: NoteType, filled: tuple[bool, ...]) -> tuple[int, ...]:
    names = frozenset(field.name for field, is_filled in zip(note_type.fields, filled, strict=True) if is_filled)
    return tuple(ord for ord, template in enumerate(note_type.templates) if shows(parse(template.front), names))


def card_ords(note_type: NoteType, fields: Sequence[str], numbers: Iterable[int] = ()) -> tuple[int, ...]:
    """The cards of a note, as Anki counts them: its templates that show something, or its cloze numbers less one."""
    if note_type.cloze:
        return tuple(sorted(number - 1 for number in numbers))
    return _ords(note_type, tuple(map(bool, fields)))
