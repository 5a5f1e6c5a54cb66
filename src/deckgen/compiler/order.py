"""The order in which Anki introduces the new cards of a deck.

Basics come first, and parts before the whole. The cards of one entry, or of related ones, do not all follow each other:
each would help to answer the next one, and the first day would be about one thing.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from deckgen.cards.note import Note
from deckgen.kinds.registry import kinds_by_name

AT_ONCE = 6
"""How many entries are introduced at the same time."""


@dataclass(slots=True)
class _Entry:
    """An entry that waits to be introduced: its lane and its cards, each as the index of its note in the deck and its
    index in the note."""

    lane: tuple[int, str, str]
    cards: deque[tuple[int, int]]


def card_places(notes: Sequence[Note]) -> list[list[int]]:
    """For each note of a deck, the place of each of its cards among the new cards, counted from 1."""
    places = [[0] * len(note.cards) for note in notes]
    for place, (note, card) in enumerate(_dealt(deque(_mixed(_entries(notes)))), 1):
        places[note][card] = place
    return places


def _entries(notes: Sequence[Note]) -> list[_Entry]:
    """The entries of a deck in the order of their sources. Entries of the same kind and domain share a lane."""
    ranks = {name: kind.rank for name, kind in kinds_by_name().items()}
    entries: dict[str, _Entry] = {}
    for index, note in enumerate(notes):
        identity = note.identity
        entry = entries.get(identity.entry)
        if entry is None:
            entry = entries[identity.entry] = _Entry(
                (ranks.get(identity.kind, 0), identity.kind, identity.domain), deque()
            )
        entry.cards.extend([(index, card) for card in range(len(note.cards))])
    return list(entries.values())


def _mixed(entries: Sequence[_Entry]) -> list[_Entry]:
    """The entries by rank. Within a rank, each lane is spread evenly and keeps the order of its sources."""
    totals: dict[tuple[int, str, str], int] = defaultdict(int)
    for entry in entries:
        totals[entry.lane] += len(entry.cards)
    done: dict[tuple[int, str, str], int] = defaultdict(int)
    keys: list[tuple[int, float, int]] = []
    for number, entry in enumerate(entries):
        middle = done[entry.lane] + len(entry.cards) / 2
        done[entry.lane] += len(entry.cards)
        keys.append((entry.lane[0], middle / (totals[entry.lane] or 1), number))
    return [entries[number] for _, _, number in sorted(keys)]


def _dealt(waiting: deque[_Entry]) -> Iterator[tuple[int, int]]:
    """The cards in order: those of ``AT_ONCE`` entries take turns, and a finished entry makes room for the next one."""
    current: deque[_Entry] = deque()
    while waiting or current:
        while waiting and len(current) < AT_ONCE:
            current.append(waiting.popleft())
        entry = current.popleft()
        if entry.cards:
            yield entry.cards.popleft()
        if entry.cards:
            current.append(entry)
