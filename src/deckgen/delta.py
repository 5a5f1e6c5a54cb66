"""What a package brings to learners who have an earlier one.

Anki looks through every note of a package that it imports, also those that it then leaves alone. A package of only what
is new does the same to a collection that has the earlier one, or any since, and is a smaller file that is imported
sooner.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from deckgen.contents import Times
from deckgen.note import Deck, Package
from deckgen.package import Edition


class Earlier(NamedTuple):
    """Packages as they once were: what that time is called, and when their notes and note types had last changed, by
    the packages' names."""

    since: str
    times: Mapping[str, Times]


def delta(package: Package, edition: Edition, earlier: Earlier) -> Package | None:
    """A package of the notes that are new or changed since an earlier one was made; None if there are none. A note type
    that changed comes with its first note, which need not have."""
    old = earlier.times.get(package.name, Times({}, {}))
    first = {note.note_type: note.id for note in reversed(package.notes)}
    chosen = {note.id for note in package.notes if edition.stamp(note).modified > old.notes.get(note.identity.guid, -1)}
    for note_type, id in first.items():
        if edition.note_type(note_type).modified > old.types.get(note_type.id(edition.namespace), -1):
            chosen.add(id)
    parent, *decks = [_part(deck, chosen) for deck in package.decks]
    suffix = re.sub(r"[^\w.-]+", "-", earlier.since).strip("-.")
    return Package(f"{package.name}-since-{suffix}", (parent, *filter(_has_notes, decks))) if chosen else None


def _part(deck: Deck, chosen: set[str]) -> Deck:
    """A deck with some of its notes, each in its place."""
    kept = [(note, place) for note, place in zip(deck.notes, deck.places, strict=True) if note.id in chosen]
    return deck._replace(notes=tuple([note for note, _ in kept]), places=[place for _, place in kept])


def _has_notes(deck: Deck) -> bool:
    return bool(deck.notes)
