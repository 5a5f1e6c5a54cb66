"""What a package brings to learners who have an earlier one.

Anki looks through every note of a package that it imports, also those that it then leaves alone. A package of only what
is new does the same to a collection that has the earlier one, or any since, and is a smaller file that is imported
sooner.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple, TypeVar

from deckgen.build.models import Edition
from deckgen.cards.note import Deck, Package

T = TypeVar("T")


class Times(NamedTuple):
    """When each note of a package, by its guid, and each note type, by its id, last changed."""

    notes: Mapping[str, int]
    types: Mapping[int, int]


class Earlier(NamedTuple):
    """Packages as they once were: what that time is called; and when what was in each had last changed, by its name."""

    since: str
    times: Mapping[str, Times]


def earlier(since: str, packages: Sequence[Package], edition: Edition) -> Earlier:
    """What to know of packages to say later what is new."""
    return Earlier(since, {package.name: _times(package, edition) for package in packages})


def _times(package: Package, edition: Edition) -> Times:
    return Times(
        {note.identity.guid: edition.stamp(note).modified for note in package.notes},
        {
            note_type.id(edition.namespace): edition.note_type(note_type).modified
            for note_type in {note.note_type for note in package.notes}
        },
    )


def delta(package: Package, edition: Edition, earlier: Earlier) -> Package | None:
    """A package of the notes that are new or changed since an earlier one was made; None if there are none. A note type
    that changed comes with its first note, which need not have."""
    old, now = earlier.times.get(package.name, Times({}, {})), _times(package, edition)
    chosen = {note.id for note in package.notes if _is_newer(note.identity.guid, now.notes, old.notes)}
    first = {note.note_type: note.id for note in reversed(package.notes)}
    chosen |= {
        id for note_type, id in first.items() if _is_newer(note_type.id(edition.namespace), now.types, old.types)
    }
    parent, *decks = [_part(deck, chosen) for deck in package.decks]
    suffix = re.sub(r"[^\w.-]+", "-", earlier.since).strip("-.") or "HEAD"  # git's name for @
    return Package(f"{package.name}-since-{suffix}", (parent, *filter(_has_notes, decks))) if chosen else None


def _is_newer(key: T, now: Mapping[T, int], old: Mapping[T, int]) -> bool:
    return key not in old or now[key] > old[key]


def _part(deck: Deck, chosen: set[str]) -> Deck:
    """A deck with some of its notes, each in its place."""
    kept = [(note, place) for note, place in zip(deck.notes, deck.places, strict=True) if note.id in chosen]
    return deck._replace(notes=tuple([note for note, _ in kept]), places=[place for _, place in kept])


def _has_notes(deck: Deck) -> bool:
    return bool(deck.notes)
