"""Read an Anki package that any program wrote.

Supports ``collection.anki2`` and ``collection.anki21`` (schema 11, note types and decks as JSON) and
``collection.anki21b`` (schema 18, compressed with zstd, note types and decks in tables whose settings are protocol
buffers), so also the collection in a ``.colpkg``. Scheduling is not read.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from deckgen.packages import protobuf, read_note_types
from deckgen.packages.package_file import Database, Media, MediaMark, database, open_archive
from deckgen.packages.read_note_types import NoteTypeContents, as_number, as_text


@dataclass(frozen=True, slots=True)
class NoteContents:
    """A note: its type's id, its fields by name as HTML, its tags, and the deck of each card by ordinal. Its
    own id, and when it changed (seconds since 1970)."""

    guid: str
    note_type: int
    fields: dict[str, str]
    tags: tuple[str, ...]
    cards: dict[int, str]
    id: int = 0
    modified: int = 0

    @property
    def label(self) -> str:
        """The id from deckgen, or the first field if another program made the note."""
        return self.fields.get("Id") or next(iter(self.fields.values()), "")


@dataclass(frozen=True, slots=True)
class PackageContents:
    """A package's notes by guid, its note types by id, the description of each deck (HTML) by its name, and the mark of
    each media file. ``repeated`` are the guids that several notes have, of which ``notes`` has the last."""

    notes: dict[str, NoteContents] = field(default_factory=dict)
    note_types: dict[int, NoteTypeContents] = field(default_factory=dict)
    decks: dict[str, str] = field(default_factory=dict)
    repeated: frozenset[str] = frozenset()
    media: Mapping[str, MediaMark] = field(default_factory=dict)


def read_package(path: Path) -> PackageContents:
    """Read a package; raises NotAPackage, or OSError if the file cannot be read."""
    with open_archive(path) as archive, database(archive) as tables:
        return replace(_contents(tables), media=Media(path).marks())


def _contents(tables: Database) -> PackageContents:
    ((schema,),) = tables.rows("col", "ver")
    if schema > 11:
        note_types, decks = read_note_types.from_tables(tables), dict(_decks_of_tables(tables))
    else:
        ((models, in_json),) = tables.rows("col", "models", "decks")
        note_types, decks = read_note_types.from_json(models), dict(_decks_of_json(in_json))
    cards: dict[int, dict[int, str]] = {}
    for note, ordinal, deck, home in sorted(tables.rows("cards", "nid", "ord", "did", "odid")):
        name, _ = decks.get(home or deck, ("", ""))  # a card in a filtered deck has a home
        cards.setdefault(note, {})[as_number(ordinal)] = name
    notes: dict[str, NoteContents] = {}
    repeated: set[str] = set()
    for id, guid, note_type, modified, tags, fields in tables.rows("notes", "id", "guid", "mid", "mod", "tags", "flds"):
        if note_type not in note_types:
            raise ValueError(f"it has no note type {note_type}, which a note has")
        names = note_types[note_type].fields
        values = dict(zip(names, as_text(fields).split("\x1f"), strict=False))
        sorted_tags = tuple(sorted(as_text(tags).split()))
        if as_text(guid) in notes:
            repeated.add(guid)
        deck_names = cards.get(id, {})
        notes[guid] = NoteContents(guid, note_type, values, sorted_tags, deck_names, as_number(id), as_number(modified))
    return PackageContents(notes, note_types, dict(decks.values()), frozenset(repeated))


def _decks_of_json(text: str) -> Iterator[tuple[int, tuple[str, str]]]:
    """The id of each deck, with its name and its description."""
    for id, deck in json.loads(text).items():
        yield int(id), (as_text(deck["name"]), as_text(deck.get("desc", "")))


_NORMAL, _DESCRIPTION = 1, 4
"""A deck that is not filtered, and its description (``proto/anki/decks.proto``)."""


def _decks_of_tables(tables: Database) -> Iterator[tuple[int, tuple[str, str]]]:
    for id, name, kind in tables.rows("decks", "id", "name", "kind"):
        normal = dict(protobuf.fields(kind)).get(_NORMAL, b"")
        settings = dict(protobuf.fields(normal)) if isinstance(normal, bytes) else {}
        yield id, (as_text(name).replace("\x1f", "::"), protobuf.text(settings.get(_DESCRIPTION, b"")))
