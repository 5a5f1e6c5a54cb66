"""Write a package: a zip with a collection database and media. The same input gives the same bytes."""

from __future__ import annotations

import errno
import hashlib
import json
import sqlite3
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import closing
from itertools import count
from pathlib import Path

from deckgen import __version__
from deckgen.cards.note import ID_STEP, Deck, Note, Package, join_tags
from deckgen.core.clock import EARLIEST
from deckgen.media.media import read_media
from deckgen.packages.anki_schema import create_tables, deck_id, used_note_types
from deckgen.project.lock import Lock
from deckgen.project.lock_lines import NoteLine

PAGE_SIZE = 16_384
"""Bytes of a database page. In SQLite's default of 4,096, pages hold two notes of usual size and stay half empty."""

_VERSION_NUMBER = slice(96, 100)
"""Where a database header has the version of SQLite that wrote it (https://www.sqlite.org/fileformat2.html)."""

_FIXED_VERSION = (3_040_000).to_bytes(4, "big")

_NOT_SYNCED = -1


def content_digest(package: Package, lock: Lock, tag: str) -> str:
    """A hash of everything that goes into a package; media count by their names, which contain their hashes."""
    state = hashlib.sha256(f"{__version__}\n{lock.namespace}\n{tag}".encode())
    for note_type in used_note_types(package):
        state.update(f"\n{lock.type_line(note_type.name)}".encode())
    for deck in package.decks:
        state.update(f"\n{(deck.name, deck.description)}".encode())
        for note, line, places in _rows(deck, lock):
            about = f"\n{note.identity.guid} {line.created} {line.modified} {line.hash} {note.cards} {places}"
            state.update(about.encode())
            if package.retired:
                state.update(note.identity.title.encode())
    return state.hexdigest()


def write_package(package: Package, lock: Lock, tag: str, path: Path) -> None:
    """Write a package with the times and ids of a lock."""
    write_zip(package, collection(package, lock, tag), path)


def collection(package: Package, lock: Lock, tag: str) -> bytearray:
    """The database of a package."""
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder, "collection")
        try:
            _write_collection(database, package, lock, tag)
        except sqlite3.OperationalError as error:  # what SQLite says when the disk is full depends on the file system
            raise OSError(errno.ENOSPC, f"cannot write a temporary database ({error})", folder) from error
        data = bytearray(database.read_bytes())
    data[_VERSION_NUMBER] = _FIXED_VERSION
    return data


def write_zip(package: Package, collection: bytearray, path: Path) -> None:
    """Put the database of a package and its media into a zip. While it compresses, other threads can run."""
    media = sorted({file.name: file for note in package.notes for file in note.media}.items())
    with zipfile.ZipFile(path, "w") as archive:
        for number, (_, file) in enumerate(media):
            content = read_media(file)
            if content is None:
                raise OSError(errno.EAGAIN, "the file changed while the deck was built; build again", str(file.path))
            archive.writestr(_member(str(number)), content)  # stored: media are compressed already
        archive.writestr(_member("collection.anki2"), collection, zipfile.ZIP_DEFLATED, compresslevel=1)
        archive.writestr(_member("media"), json.dumps({str(n): name for n, (name, _) in enumerate(media)}))


def _member(name: str) -> zipfile.ZipInfo:
    """A member without the date and the system of the build."""
    member = zipfile.ZipInfo(name)
    member.create_system = 3
    member.external_attr = 0o644 << 16
    return member


def _write_collection(path: Path, package: Package, lock: Lock, tag: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        for pragma in (f"page_size = {PAGE_SIZE}", "journal_mode = OFF", "synchronous = OFF"):
            connection.execute(f"PRAGMA {pragma}")
        create_tables(connection, package, lock, tag)
        decks = {deck_id(deck.name): deck for deck in package.decks}
        rows = [(id, *row) for id, deck in decks.items() for row in _rows(deck, lock)]
        rows.sort(key=lambda row: row[2].created)
        ids = {note_type: note_type.id(lock.namespace) for note_type in used_note_types(package)}
        connection.executemany(
            "INSERT INTO notes VALUES (?, ?, ?, ?, ?, ?, ?, '', 0, 0, '')",  # Anki computes the sort field and checksum
            (
                (
                    line.created,
                    note.identity.guid,
                    ids[note.note_type],
                    line.modified,
                    _NOT_SYNCED,
                    f" {join_tags(note.identity.tags)} ",
                    note.text,
                )
                for _, note, line, _ in rows
            ),
        )
        further_ids = count(1000 * EARLIEST - 1, -1)  # for the few cards with higher ordinals; no note has such an id
        connection.executemany(
            "INSERT INTO cards VALUES (?, ?, ?, ?, ?, ?, 0, 0, ?, 0, 0, 0, 0, 0, 0, 0, 0, '')",
            (
                (
                    line.created + ord if ord < ID_STEP else next(further_ids),
                    line.created,
                    deck,
                    ord,
                    line.modified,
                    _NOT_SYNCED,
                    place,
                )
                for deck, note, line, places in rows
                for ord, place in zip(note.cards, places, strict=True)
            ),
        )
        connection.commit()


def _rows(deck: Deck, lock: Lock) -> Iterator[tuple[Note, NoteLine, Sequence[int]]]:
    for note, places in zip(deck.notes, deck.places, strict=True):
        yield note, lock.note_line(note.id), places
