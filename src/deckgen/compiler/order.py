"""The order in which Anki introduces the new cards of a deck.

Basics come first, and parts before the whole. The cards of one entry, or of related ones, do not all follow each other:
each would help to answer the next one, and the first day would be about one thing.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, islice, pairwise

from deckgen.cards.note import Note
from deckgen.kinds.registry import kinds_by_name

AT_ONCE = 6
"""How many entries are introduced at the same time."""

_Lane = tuple[int, str, str]
"""The rank, kind and domain of entries, which are spread evenly among the others of that rank."""


def card_places(notes: Sequence[Note]) -> list[list[int]]:
    """For each note of a deck, the place of each of its cards among the new cards, counted from 1."""
    starts = list(accumulate([len(note.cards) for note in notes], initial=0))
    places = [0] * starts[-1]
    for place, card in enumerate(_dealt(_mixed(_entries(notes, starts))), 1):
        places[card] = place
    return [places[start:end] for start, end in pairwise(starts)]


def _entries(notes: Sequence[Note], starts: Sequence[int]) -> list[tuple[_Lane, list[int]]]:
    """The entries of a deck in the order of their sources, each with its lane and its cards. The first card of each
    note has the index in ``starts``."""
    ranks = {name: kind.rank for name, kind in kinds_by_name().items()}
    entries: dict[str, tuple[_Lane, list[int]]] = {}
    for note, (start, end) in zip(notes, pairwise(starts), strict=True):
        identity = note.identity
        entry = entries.get(identity.entry)
        if entry is None:
            lane = ranks.get(identity.kind, 0), identity.kind, identity.domain
            entries[identity.entry] = lane, list(range(start, end))
        else:
            entry[1].extend(range(start, end))
    return list(entries.values())


def _mixed(entries: Sequence[tuple[_Lane, list[int]]]) -> list[list[int]]:
    """The cards of each entry, the entries by rank. Within a rank, each lane is spread evenly and keeps the order of
    its sources."""
    totals: Counter[_Lane] = Counter()
    for lane, cards in entries:
        totals[lane] += len(cards)
    done: Counter[_Lane] = Counter()
    keys: list[tuple[int, float, int]] = []
    for number, (lane, cards) in enumerate(entries):
        keys.append((lane[0], (done[lane] + len(cards) / 2) / (totals[lane] or 1), number))
        done[lane] += len(cards)
    return [entries[number][1] for _, _, number in sorted(keys)]


def _dealt(entries: Iterable[list[int]]) -> Iterator[int]:
    """The cards in order: those of ``AT_ONCE`` entries take turns, and a finished entry makes room for the next one."""
    waiting = (deque(cards) for cards in entries if cards)
    current = deque(islice(waiting, AT_ONCE))
    while current:
        cards = current.popleft()
        yield cards.popleft()
        if cards:
            current.append(cards)
        elif following := next(waiting, None):
            current.append(following)
