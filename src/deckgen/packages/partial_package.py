"""Packages of only what is new since an earlier build, and the notes among them that go into an update file.

Anki looks through every note of a package that it imports, including those that it leaves alone. For a collection with
the earlier package, or any later one, a package of only what is new has the same effect, is smaller and imports faster.
"""

from __future__ import annotations

import re
from collections import ChainMap
from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple, TypeVar

from deckgen.cards.note import Deck, Package
from deckgen.project.lock import Lock

T = TypeVar("T")


class Times(NamedTuple):
    """When each note of a package (by guid) and each note type (by id) last changed."""

    notes: Mapping[str, int] = MappingProxyType({})
    types: Mapping[int, int] = MappingProxyType({})


class EarlierBuild(NamedTuple):
    """An earlier build, to tell what is new since then: the release or commit that names it, and the times of each
    of its packages, by name."""

    since: str
    times: Mapping[str, Times]


def times(package: Package, lock: Lock) -> Times:
    """When each note and note type of a package last changed, from the lock that it was built with."""
    return Times(
        {note.identity.guid: lock.note_line(note.id).modified for note in package.notes},
        {
            note_type.id(lock.namespace): lock.type_line(note_type.name).modified
            for note_type in {note.note_type for note in package.notes}
        },
    )


def partial_package(package: Package, lock: Lock, earlier: EarlierBuild) -> Package | None:
    """A package of the notes that are new or changed since an earlier build; None if there are none. A note type that
    changed comes with its first note, changed or not."""
    old, now = earlier.times.get(package.name, Times()), times(package, lock)
    chosen = {note.id for note in package.notes if _is_newer(note.identity.guid, now.notes, old.notes)}
    first = {note.note_type: note.id for note in reversed(package.notes)}
    chosen |= {id for note_type, id in first.items() if _is_newer(note_type.id(lock.namespace), now.types, old.types)}
    if not chosen:
        return None
    parent, *decks = [_part(deck, chosen) for deck in package.decks]
    suffix = re.sub(r"[^\w.-]+", "-", earlier.since).strip("-.") or "HEAD"  # '@' is git's name for HEAD
    return Package(f"{package.name}-since-{suffix}", (parent, *[deck for deck in decks if deck.notes]))


def changed_part(news: Package, lock: Lock, earlier: EarlierBuild) -> Package:
    """The notes of a partial package that were already in an earlier build, in any package, and have changed since."""
    old: Mapping[str, int] = ChainMap(*[dict(package.notes) for package in earlier.times.values()])
    now = {note.id: (lock.note_line(note.id).modified, old.get(note.identity.guid)) for note in news.notes}
    chosen = {id for id, (modified, before) in now.items() if before is not None and modified > before}
    return Package(news.name, tuple([_part(deck, chosen) for deck in news.decks]))


def _is_newer(key: T, now: Mapping[T, int], old: Mapping[T, int]) -> bool:
    return key not in old or now[key] > old[key]


def _part(deck: Deck, chosen: set[str]) -> Deck:
    """A deck with some of its notes, whose cards keep their places."""
    kept = [(note, places) for note, places in zip(deck.notes, deck.places, strict=True) if note.id in chosen]
    return deck._replace(notes=tuple([note for note, _ in kept]), places=[places for _, places in kept])
