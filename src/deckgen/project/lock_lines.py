"""The lines of a lock, one for each note, note type, release and adopted thing: what each says, and how it is written.

``lock`` has the lock as a whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from types import MappingProxyType
from typing import NamedTuple
from urllib.parse import quote, unquote

from deckgen.cards.cloze import MAX_CARD_NUMBER


class NoteLine(NamedTuple):
    """A published note: its type, the hash of its content, the time of the last change (seconds since 1970), the time
    of its first publication (milliseconds; its id within packages), and the number of every card that it ever had.
    The cards that are ``removed`` have a ``~`` in the lock. ``text`` is the line as it was read, if it is canonical."""

    id: str
    note_type: str
    hash: str
    modified: int
    created: int
    numbers: Mapping[str, int]
    removed: frozenset[str] = frozenset()
    text: str = ""

    def with_content(self, hash: str, modified: int) -> NoteLine:
        """The line with other content, published at a time."""
        return self._replace(hash=hash, modified=modified, text="")

    def with_created(self, created: int) -> NoteLine:
        """The line with another time of first publication."""
        return self._replace(created=created, text="")

    def with_type(self, note_type: str, numbers: Mapping[str, int], removed: frozenset[str] = frozenset()) -> NoteLine:
        """The line with another type or other cards; the same object if nothing differs."""
        if self.note_type == note_type and self.numbers == numbers and self.removed == removed:
            return self
        return self._replace(note_type=note_type, numbers=numbers, removed=removed, text="")

    def __str__(self) -> str:
        if self.text:
            return self.text
        cards = _cards(tuple(self.numbers.items()), self.removed)
        return f"note {self.id} {self.note_type} {self.hash} {self.modified} {self.created}{cards}"


@cache
def _cards(numbers: tuple[tuple[str, int], ...], removed: frozenset[str]) -> str:
    """The card numbers as the line has them; most notes have the same ones."""
    cards = sorted(numbers, key=lambda pair: pair[1])
    return "".join(f" {_REMOVED if card in removed else ''}{card}:{number}" for card, number in cards)


_REMOVED = "~"
"""Marks a card that the note no longer has; no card's name begins with it."""


class TypeLine(NamedTuple):
    """A published note type, with the names of its fields and templates in order."""

    name: str
    hash: str
    modified: int
    fields: tuple[str, ...]
    templates: tuple[str, ...]

    def __str__(self) -> str:
        return f"type {self.name} {self.hash} {self.modified} {_listed(self.fields)} | {_listed(self.templates)}"


def _listed(names: Iterable[str]) -> str:
    """A list of names, in which characters that could end a name are percent-encoded."""
    return ", ".join([re.sub(r"[^\w \-'()./?]", lambda found: quote(found[0], safe=""), name) for name in names])


def adopted_line(key: str, value: str) -> str:
    """The line that records something as adopted: its key and its identity, percent-encoded."""
    return f"adopted {quote(key)} {quote(value)}"


def release_line(name: str, date: str) -> str:
    """The line of a release."""
    return f"release {name} {date}"


def parse_note(line: str) -> NoteLine:
    """Parse the line of a note; raises ValueError."""
    words = _NOTE.fullmatch(line)
    if words is None:
        raise ValueError(line)
    id, note_type, hash, modified, created, cards = words.groups()
    numbers, removed, usual = _NO_NUMBERS if cards is None else _numbers(cards)
    usual = usual and created[0] != "0" and modified[0] != "0"
    return NoteLine(id, note_type, hash, _time(modified), int(created), numbers, removed, line if usual else "")


_NOTE = re.compile(r"note ([a-z0-9/-]+) ([^ ]+) ([^ ]+) ([0-9]+) ([0-9]{1,14})(?: (.*))?")


def _digits(text: str, most: int) -> int:
    if not (len(text) <= most and text.isascii() and text.isdigit()):
        raise ValueError(text)
    return int(text)


@cache
def _time(text: str) -> int:
    """A time of at most 11 digits (the year 5138). Cached, so that each of the few different times of a lock is kept
    once."""
    return _digits(text, 11)


_Numbers = tuple[Mapping[str, int], frozenset[str], bool]

_NO_NUMBERS: _Numbers = MappingProxyType({}), frozenset(), True


@cache
def _numbers(text: str) -> _Numbers:
    """The card numbers at the end of a note's line, the removed cards, and whether the text is canonical."""
    cards = [card.rpartition(":") for card in text.split()]
    numbers = {name.removeprefix(_REMOVED): _digits(number, 3) for name, _, number in cards}
    removed = frozenset(name[1:] for name, _, _ in cards if name.startswith(_REMOVED))
    spaced = " ".join(text.split()) == text and "" not in numbers
    given = set(numbers.values())
    if not spaced or len(given) < len(cards) or min(given) < 1 or max(given) > MAX_CARD_NUMBER:
        raise ValueError(text)
    return numbers, removed, _cards(tuple(numbers.items()), removed) == f" {text}"


def parse_type(line: str) -> TypeLine:
    """Parse the line of a note type; raises ValueError."""
    _, name, hash, modified, rest = line.split(" ", 4)
    fields, _, templates = rest.partition(" | ")
    names = (tuple(map(unquote, listed.split(", "))) for listed in (fields, templates))
    return TypeLine(name, hash, _time(modified), *names)


def parse_release(line: str) -> tuple[str, str]:
    """The name and the date of a release from its line; raises ValueError."""
    _, name, day = line.split(" ")
    if not RELEASE_NAME.fullmatch(name) or not _DATE.fullmatch(day):
        raise ValueError(line)
    date.fromisoformat(day)  # raises ValueError for a day that no calendar has
    return name, day


RELEASE_NAME = re.compile(r"(?=.{1,64}$)(?!HEAD$|.*\.lock$)[A-Za-z0-9](?:[._-]?[A-Za-z0-9])*")
"""The names of releases, each of which is also the name of a git tag."""

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
