"""Read any Anki package, whatever program wrote it.

Supports ``collection.anki2`` and ``collection.anki21`` (schema 11, note types as JSON) and ``collection.anki21b``
(schema 18, compressed with zstd, note types in tables whose settings are protocol buffers).
"""

from __future__ import annotations

import json
import sqlite3
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from deckgen.core.terminal import Failure


class NotAPackage(Failure):
    """The file is not an Anki package; the message says why."""


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
    try:
        with zipfile.ZipFile(path) as archive, tempfile.TemporaryDirectory() as folder:
            database = Path(folder, "collection")
            database.write_bytes(_collection(archive))
            connection = sqlite3.connect(database)
            connection.create_collation("unicase", lambda a, b: (a.lower() > b.lower()) - (a.lower() < b.lower()))
            try:
                return _contents(connection)
            finally:
                connection.close()
    except Exception as error:  # a damaged file can raise anything from zip, zlib, zstd, SQLite and JSON
        if isinstance(error, OSError) and error.filename:  # without a name, it is about an offset in the file
            raise
        raise NotAPackage(f"'{path}' is not an Anki package: {error}") from error


def read_media(path: Path) -> dict[str, bytes]:
    """A package's media by name; empty for the newer format, whose media list deckgen does not read."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = json.loads(archive.read("media"))
            return {name: archive.read(number) for number, name in names.items()}
    except Exception as error:
        if isinstance(error, OSError) and error.filename:
            raise
        return {}


def _collection(archive: zipfile.ZipFile) -> bytes:
    names = archive.namelist()
    if "collection.anki21b" in names:
        return _decompressed(archive.read("collection.anki21b"))
    for name in ("collection.anki21", "collection.anki2"):
        if name in names:
            return archive.read(name)
    raise ValueError("it contains no collection")


def _decompressed(data: bytes) -> bytes:
    import sys
    from importlib import import_module

    zstd = import_module("compression.zstd" if sys.version_info >= (3, 14) else "backports.zstd")
    decompressed: bytes = zstd.decompress(data)
    return decompressed


def _contents(connection: sqlite3.Connection) -> PackageContents:
    (schema,) = connection.execute("select ver from col").fetchone()
    note_types, decks = _from_tables(connection) if schema > 11 else _from_json(connection)
    cards: dict[int, dict[int, str]] = {}
    for note, deck, ordinal in connection.execute("select nid, did, ord from cards order by nid, ord"):
        cards.setdefault(note, {})[ordinal] = decks.get(deck, "")
    notes = {}
    for id, guid, note_type, tags, fields in connection.execute("select id, guid, mid, tags, flds from notes"):
        names = note_types[note_type].fields
        values = dict(zip(names, fields.split("\x1f"), strict=False))
        notes[guid] = NoteContents(guid, note_type, values, tuple(sorted(tags.split())), cards.get(id, {}))
    return PackageContents(notes, note_types)


def _from_json(connection: sqlite3.Connection) -> tuple[dict[int, NoteTypeContents], dict[int, str]]:
    models, decks = connection.execute("select models, decks from col").fetchone()
    note_types = {
        int(id): NoteTypeContents(
            model["name"],
            tuple(field["name"] for field in model["flds"]),
            {template["name"]: (template["qfmt"], template["afmt"]) for template in model["tmpls"]},
            model["css"],
        )
        for id, model in json.loads(models).items()
    }
    return note_types, {int(id): deck["name"] for id, deck in json.loads(decks).items()}


def _from_tables(connection: sqlite3.Connection) -> tuple[dict[int, NoteTypeContents], dict[int, str]]:
    fields: dict[int, dict[int, str]] = {}
    for note_type, ordinal, name in connection.execute("select ntid, ord, name from fields"):
        fields.setdefault(note_type, {})[ordinal] = name
    templates: dict[int, dict[str, tuple[str, str]]] = {}
    for note_type, _, name, config in sorted(connection.execute("select ntid, ord, name, config from templates")):
        settings = dict(_protobuf_texts(config))
        templates.setdefault(note_type, {})[name] = (settings.get(1, ""), settings.get(2, ""))
    note_types = {
        id: NoteTypeContents(
            name,
            tuple(name for _, name in sorted(fields.get(id, {}).items())),
            templates.get(id, {}),
            dict(_protobuf_texts(config)).get(3, ""),
        )
        for id, name, config in connection.execute("select id, name, config from notetypes")
    }
    decks = {id: name.replace("\x1f", "::") for id, name in connection.execute("select id, name from decks")}
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
    """A number, and the index after it."""
    value = shift = 0
    while True:
        byte = message[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at
