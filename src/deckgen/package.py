"""Decks become an ``.apkg``: genanki's models, decks and schema, written so that the same input gives the same bytes.

The only module that knows genanki. Its own writer stamps every note with the time of the build, so that every rebuild
would overwrite a learner's edits, counts cards by a rule that is not Anki's, dates the zip's members and leaks a file;
so the rows are written here. The format is the one that every Anki reads: ``collection.anki2``, schema 11.
"""

from __future__ import annotations

import errno
import functools
import hashlib
import json
import sqlite3
import sys
import zipfile
import zlib
from collections.abc import Iterator
from functools import partial
from importlib import import_module
from itertools import chain, islice
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, NamedTuple

from deckgen import __version__
from deckgen.lock import Lock, NoteLine, TypeLine
from deckgen.media import content_mark
from deckgen.note import Note, NoteType, Package, guid, joined, stable_id
from deckgen.processes import at_once
from deckgen.template import parse, shows

if TYPE_CHECKING:
    import genanki


class Edition(NamedTuple):
    """What makes a package's content one project's at one time: its namespace, its tag, and when notes and note types
    last changed, as the lock has them (one line each)."""

    namespace: str
    tag: str
    lock: Lock

    def stamp(self, note: Note) -> NoteLine:
        return self.lock.notes[note.identity.id][0]

    def note_type(self, note_type: NoteType) -> TypeLine:
        (line,) = self.lock.types[note_type.name]
        return line


def digest(package: Package, edition: Edition) -> str:
    """A hash of all that goes into a package, known without building it."""
    identity = (__version__, edition.namespace, edition.tag, guid(edition.namespace, ""))
    state, stamps = hashlib.sha256(repr(identity).encode()), edition.lock.notes
    for deck in package.decks:
        state.update(repr((deck.name, deck.description, deck.places)).encode())
        lines = [stamps[note.identity.id][0] for note in deck.notes]
        for column in (
            [line.id for line in lines],
            [line.hash for line in lines],
            [str(line.modified) for line in lines],
            [str(line.created) for line in lines],
            [_shown(note.cards) for note in deck.notes],
        ):
            state.update("\n".join([*column, ""]).encode())
    for note_type in _note_types(package):
        state.update(str(edition.note_type(note_type)).encode())
    return state.hexdigest()


_shown = functools.cache(repr)
"""The cards of most notes are the same few."""


def write(package: Package, path: Path, edition: Edition, mark: str = "") -> None:
    """Write a package; the caller moves it into its place. Its mark is its digest."""
    database = path.with_name(f"{path.name}.db")
    try:
        _write_database(package, database, edition)
        _write_archive(package, database, path, mark or digest(package, edition))
    except (OSError, sqlite3.OperationalError) as error:  # a disk that is full, or taken away
        if getattr(error, "filename", None):
            raise
        reason = getattr(error, "strerror", None) or str(error)
        if reason == "unable to open database file":
            reason += ", which needs a path of at most 500 characters"
        raise OSError(errno.EIO, reason, str(path)) from error
    finally:
        database.unlink(missing_ok=True)


# --- archive ----------------------------------------------------------------------------------------------------------


def _media(package: Package) -> dict[str, Path]:
    return {file.name: file.path for note in package.notes for file in note.media}


def _write_archive(package: Package, database: Path, path: Path, mark: str) -> None:
    media = sorted(_media(package).items())
    listing = {str(number): name for number, (name, _) in enumerate(media)}
    with zipfile.ZipFile(path, "w") as archive:
        archive.comment = mark.encode()
        for number, (name, file) in enumerate(media):
            content = file.read_bytes()
            if content_mark(content) not in name:
                raise OSError(errno.EAGAIN, "the file changed while the deck was built; build again", str(file))
            archive.writestr(zipfile.ZipInfo(str(number)), content)  # stored: it is compressed already
        _write_deflated(database, archive, zipfile.ZipInfo("collection.anki2"))
        archive.writestr(zipfile.ZipInfo("media"), json.dumps(listing))
        for member in archive.infolist():  # a member says nothing of where it was written, nor, unless told, of when
            member.create_system = 3
            member.external_attr = 0o644 << 16


_PIECE = 1 << 20
"""So many bytes of a file are deflated at once, so that a large one never is in memory whole."""

_NO_MORE = b"\x03\x00"
"""Ends a deflated stream: a last block with nothing in it."""


def _write_deflated(file: Path, archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    """Add a file to an archive, deflated on two processors. zipfile would do so on one; so it is told to add what it is
    given, and then what that is."""
    size = checksum = 0
    with file.open("rb") as source, archive.open(member, "w") as target:
        while pieces := [piece for piece in (source.read(_PIECE), source.read(_PIECE)) if piece]:
            for piece, deflated in zip(pieces, at_once([partial(_deflate, piece) for piece in pieces]), strict=True):
                target.write(deflated)
                size, checksum = size + len(piece), zlib.crc32(piece, checksum)
        target.write(_NO_MORE)
    assert archive.fp is not None
    member.compress_type, member.file_size, member.CRC = zipfile.ZIP_DEFLATED, size, checksum
    archive.fp.seek(member.header_offset)
    archive.fp.write(member.FileHeader())


def _deflate(piece: bytes) -> bytes:
    """A part of a deflated stream, which can be read without the parts before it."""
    compressor = zlib.compressobj(1, zlib.DEFLATED, -zlib.MAX_WBITS)
    return compressor.compress(piece) + compressor.flush(zlib.Z_SYNC_FLUSH)


# --- database ---------------------------------------------------------------------------------------------------------


_PAGE_SIZE = 16_384
"""Of SQLite's own pages, of 4,096 bytes, each has room for two notes of usual size and is left half empty."""

# id, guid, mid, mod, usn, tags, flds, sfld, csum, flags, data; Anki computes sfld and csum itself
_INSERT_NOTES = "INSERT INTO notes VALUES ", "(?, ?, ?, ?, -1, ?, ?, '', 0, 0, '')"

# id, nid, did, ord, mod, usn, type, queue, due, 8 of scheduling that are 0 for a new card, data
_INSERT_CARDS = "INSERT INTO cards VALUES ", "(?, ?, ?, ?, ?, -1, 0, 0, ?, 0, 0, 0, 0, 0, 0, 0, 0, '')"

_TOGETHER = 50
"""How many rows go into one statement, of which each takes as long as a row; of the 999 values that any SQLite takes,
rows have six."""


def _import_genanki() -> None:
    """Import genanki without what takes most of its time: ``cached_property`` is from a package that loads all of
    asyncio, and the standard library has the same; YAML is for models that are written in it, and loaded for those."""
    sys.modules.setdefault("cached_property", functools)
    later = ModuleType("yaml")

    def of_yaml(name: str) -> object:
        if sys.modules.get("yaml") is later:
            del sys.modules["yaml"]
        return getattr(import_module("yaml"), name)

    later.__getattr__ = of_yaml  # type: ignore[method-assign] # as in https://peps.python.org/pep-0562
    sys.modules.setdefault("yaml", later)
    import genanki  # noqa: F401

    if sys.modules.get("yaml") is later:
        del sys.modules["yaml"]


def _write_database(package: Package, path: Path, edition: Edition) -> None:
    _import_genanki()
    from genanki.apkg_col import APKG_COL
    from genanki.apkg_schema import APKG_SCHEMA

    tables, *_ = APKG_SCHEMA.split("CREATE INDEX")  # an import reads every row: indexes would only be more to read
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        connection.execute("PRAGMA journal_mode = OFF")  # a database cut short is written anew, never read
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute(f"PRAGMA page_size = {_PAGE_SIZE}")
        connection.executescript(tables)
        connection.execute("BEGIN")
        connection.execute(APKG_COL.strip().rstrip(";"))
        connection.execute(
            "UPDATE col SET models = ?, decks = ?", (_models_json(package, edition), _decks_json(package, connection))
        )
        _insert(connection, *_INSERT_NOTES, _note_rows(package, edition))
        _insert(connection, *_INSERT_CARDS, _card_rows(package, edition))
        connection.execute("COMMIT")
    finally:
        connection.close()
    _erase_library_version(path)


def _insert(connection: sqlite3.Connection, into: str, row: str, rows: Iterator[tuple[Any, ...]]) -> None:
    together = into + ", ".join([row] * _TOGETHER)
    while len(own := list(islice(rows, _TOGETHER))) == _TOGETHER:
        connection.execute(together, list(chain.from_iterable(own)))
    connection.executemany(into + row, own)


def _erase_library_version(path: Path) -> None:
    """SQLite notes in the header how often a file was changed, and by which version (https://sqlite.org/fileformat2.html)."""
    with path.open("r+b") as file:
        file.seek(24)
        file.write((1).to_bytes(4, "big"))
        file.seek(92)
        file.write((1).to_bytes(4, "big") + (3_040_000).to_bytes(4, "big"))


def _deck_id(name: str) -> int:
    """Only a key within the package: Anki finds decks by name."""
    return stable_id("deck", name, low=1_300_000_000_000, high=1_700_000_000_000)


def _note_rows(package: Package, edition: Edition) -> Iterator[tuple[Any, ...]]:
    ids = {note_type: note_type.id(edition.namespace) for note_type in _note_types(package)}
    stamps = edition.lock.notes
    for deck in package.decks:
        for note in deck.notes:
            who = note.identity
            line = stamps[who.id][0]
            yield line.created, who.guid, ids[note.note_type], line.modified, _spaced(who.tags), note.text


@functools.cache
def _spaced(tags: tuple[str, ...]) -> str:
    return f" {joined(tags)} "


def _card_rows(package: Package, edition: Edition) -> Iterator[tuple[Any, ...]]:
    stamps = edition.lock.notes
    for deck in package.decks:
        deck_id = _deck_id(deck.name)
        for note, place in zip(deck.notes, deck.places, strict=True):
            line = stamps[note.identity.id][0]
            id, mod = line.created, line.modified
            for ord in note.cards:
                yield id + ord, id, deck_id, ord, mod, place


# --- note types and decks ---------------------------------------------------------------------------------------------


def _note_types(package: Package) -> list[NoteType]:
    return sorted({note.note_type for note in package.notes}, key=lambda note_type: note_type.name)


def _models_json(package: Package, edition: Edition) -> str:
    first_deck = _deck_id(package.decks[0].name)
    models = {}
    for note_type in _note_types(package):
        model = _model(note_type, edition)
        models[str(model.model_id)] = model.to_json(edition.note_type(note_type).modified, first_deck)
    return json.dumps(models, ensure_ascii=False, sort_keys=True)


def note_type_name(note_type: NoteType, tag: str) -> str:
    """A note type's name in Anki: branded, and told apart from that of other projects by the project's tag."""
    return f"deckgen {note_type.name} ({tag})"


def _model(note_type: NoteType, edition: Edition) -> genanki.Model:
    import genanki

    model = genanki.Model(
        note_type.id(edition.namespace),
        note_type_name(note_type, edition.tag),
        fields=[
            {
                "name": field.name,
                "id": note_type.field_id(field),
                "font": "Arial",
                "collapsed": field.collapsed,
                "excludeFromSearch": field.collapsed,
            }
            for field in note_type.fields
        ],
        templates=[
            {
                "name": template.name,
                "id": note_type.template_id(template),
                "qfmt": template.front,
                "afmt": template.back,
                "bqfmt": template.browser_front,
                "bafmt": template.browser_back,
            }
            for template in note_type.templates
        ],
        css=note_type.css,
        model_type=genanki.Model.CLOZE if note_type.cloze else genanki.Model.FRONT_BACK,
    )
    model._req = _requirements(note_type)  # in place of what genanki would compute
    return model


def _requirements(note_type: NoteType) -> list[list[Any]]:
    """Which fields each template needs, for the old clients that read it: those without which its front is empty."""
    names = frozenset(field.name for field in note_type.fields)
    needed: list[list[Any]] = []
    for ord, template in enumerate(note_type.templates):
        parts = parse(template.front)
        needed.append([ord, "all", [note_type.index(name) for name in names if not shows(parts, names - {name})]])
        needed[-1][2].sort()
    return needed


def _decks_json(package: Package, connection: sqlite3.Connection) -> str:
    import genanki

    (existing,) = connection.execute("SELECT decks FROM col").fetchone()
    decks: dict[str, Any] = json.loads(existing)
    for deck in package.decks:
        own = genanki.Deck(_deck_id(deck.name), deck.name, deck.description)
        decks[str(own.deck_id)] = own.to_json()
    return json.dumps(decks, ensure_ascii=False, sort_keys=True)
