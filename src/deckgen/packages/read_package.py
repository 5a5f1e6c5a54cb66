"""Read any Anki package, whatever program wrote it.

Supports ``collection.anki2`` and ``collection.anki21`` (schema 11, note types as JSON) and ``collection.anki21b``
(schema 18, compressed with zstd, note types in tables whose settings are protocol buffers).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from deckgen.packages.package_file import Database, NotAPackage, database, opened

__all__ = ["NotAPackage", "read_package"]


@dataclass(frozen=True, slots=True)
class NoteTypeContents:
    """A note type: its name, fields, templates by name (front, back) and style."""

    name: str
    fields: tuple[str, ...]
    templates: dict[str, tuple[str, str]]
    style: str


@dataclass(frozen=True, slots=True)
class NoteContents:
    """A note: its type's id, its fields by name as HTML, its tags, and the deck of each card by ordinal."""

    guid: str
    note_type: int
    fields: dict[str, str]
    tags: tuple[str, ...]
    cards: dict[int, str]

    @property
    def label(self) -> str:
        """The id from deckgen, or the first field if another program made the note."""
        return self.fields.get("Id") or next(iter(self.fields.values()), "")


@dataclass(frozen=True, slots=True)
class PackageContents:
    """A package's notes by guid and note types by id."""

    notes: dict[str, NoteContents] = field(default_factory=dict)
    note_types: dict[int, NoteTypeContents] = field(default_factory=dict)


def read_package(path: Path) -> PackageContents:
    """Read a package; raises NotAPackage, or OSError if the file cannot be read."""
    with opened(path) as archive, database(archive) as tables:
        return _contents(tables)


def _contents(tables: Database) -> PackageContents:
    ((schema,),) = tables.rows("col", "ver")
    note_types, decks = _from_tables(tables) if schema > 11 else _from_json(tables)
    cards: dict[int, dict[int, str]] = {}
    for note, ordinal, deck in sorted(tables.rows("cards", "nid", "ord", "did")):
        cards.setdefault(note, {})[ordinal] = decks.get(deck, "")
    notes = {}
    for id, guid, note_type, tags, fields in tables.rows("notes", "id", "guid", "mid", "tags", "flds"):
        if note_type not in note_types:
            raise ValueError(f"it has no note type {note_type}, which a note has")
        names = note_types[note_type].fields
        values = dict(zip(names, _text(fields).split("\x1f"), strict=False))
        sorted_tags = tuple(sorted(_text(tags).split()))
        notes[_text(guid)] = NoteContents(guid, note_type, values, sorted_tags, cards.get(id, {}))
    return PackageContents(notes, note_types)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError(f"expected a text, found {ascii(value)[:80]}")  # noqa: TRY004 - the file is wrong, not the code
    return value


def _from_json(tables: Database) -> tuple[dict[int, NoteTypeContents], dict[int, str]]:
    ((models, decks),) = tables.rows("col", "models", "decks")
    note_types = {
        int(id): NoteTypeContents(
            _text(model["name"]),
            tuple(_text(field["name"]) for field in model["flds"]),
            {_text(one["name"]): (_text(one["qfmt"]), _text(one["afmt"])) for one in model["tmpls"]},
            _text(model["css"]),
        )
        for id, model in json.loads(models).items()
    }
    return note_types, {int(id): _text(deck["name"]) for id, deck in json.loads(decks).items()}


def _from_tables(tables: Database) -> tuple[dict[int, NoteTypeContents], dict[int, str]]:
    fields: dict[int, dict[int, str]] = {}
    for note_type, ordinal, name in tables.rows("fields", "ntid", "ord", "name"):
        fields.setdefault(note_type, {})[ordinal] = _text(name)
    templates: dict[int, dict[str, tuple[str, str]]] = {}
    for note_type, _, name, config in sorted(tables.rows("templates", "ntid", "ord", "name", "config")):
        settings = dict(_protobuf_texts(config))
        templates.setdefault(note_type, {})[_text(name)] = (settings.get(1, ""), settings.get(2, ""))
    note_types = {
        id: NoteTypeContents(
            _text(name),
            tuple(name for _, name in sorted(fields.get(id, {}).items())),
            templates.get(id, {}),
            dict(_protobuf_texts(config)).get(3, ""),
        )
        for id, name, config in tables.rows("notetypes", "id", "name", "config")
    }
    decks = {id: _text(name).replace("\x1f", "::") for id, name in tables.rows("decks", "id", "name")}
    return note_types, decks


def _protobuf_texts(message: bytes) -> Iterator[tuple[int, str]]:
    """The texts in a protocol buffer, by field number (https://protobuf.dev/programming-guides/encoding/)."""
    at = 0
    while at < len(message):
        tag, at = _varint(message, at)
        wire_type = tag & 7
        if wire_type == 2:
            length, at = _varint(message, at)
            yield tag >> 3, message[at : at + length].decode("utf-8", "replace")
            at += length
        elif wire_type == 0:
            _, at = _varint(message, at)
        elif wire_type in (1, 5):
            at += 8 if wire_type == 1 else 4
        else:
            raise ValueError("unreadable settings of a note type")


def _varint(message: bytes, at: int) -> tuple[int, int]:
    """A number of at most ten bytes, and the index after it."""
    value = 0
    for place, byte in enumerate(message[at : at + 10]):
        value |= (byte & 0x7F) << 7 * place
        if byte < 0x80:
            return value, at + place + 1
    raise ValueError("unreadable settings of a note type")
