"""The earlier version that cards are compared with, read from packages that any program made."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from deckgen.cards.rendering import CardSides, render
from deckgen.packages.package_file import Media
from deckgen.packages.read_note_types import NoteTypeContents
from deckgen.packages.read_package import NoteContents, read_package


@dataclass(frozen=True, slots=True)
class EarlierCard:
    """A rendered card, its stylesheet, and the media of its package by name."""

    sides: CardSides
    style: str
    media: Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class EarlierNote:
    """A note: its label (its id, or its first field if another program made it) and its cards by ordinal."""

    label: str
    cards: Mapping[int, EarlierCard]


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier version: its name, such as a tag, and its notes by guid."""

    name: str
    notes: Mapping[str, EarlierNote]


def read_earlier(name: str, packages: Iterable[Path]) -> Earlier:
    """Read and render the cards of some packages, which must stay while the result is used."""
    notes: dict[str, EarlierNote] = {}
    for path in packages:
        contents, media = read_package(path), Media(path)
        for note in contents.notes.values():
            cards = dict(_cards(note, contents.note_types[note.note_type], media))
            notes[note.guid] = EarlierNote(note.label, cards)
    return Earlier(name, notes)


def _cards(
    note: NoteContents, found: NoteTypeContents, media: Mapping[str, bytes]
) -> Iterator[tuple[int, EarlierCard]]:
    note_type = found.as_note_type()
    specials = dict.fromkeys(("Tags", "Type", "Deck", "Subdeck", "Card", "CardFlag"), "")
    for ord in note.cards:
        # Template syntax that deckgen does not know, or that is too deep or too large.
        with suppress(ValueError, KeyError, IndexError, AssertionError, RecursionError):
            yield ord, EarlierCard(render(note_type, {**specials, **note.fields}, ord), found.style, media)
