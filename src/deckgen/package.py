"""Decks become an ``.apkg``: a zip with a database and media, of which the same input gives the same bytes."""

from __future__ import annotations

import errno
import hashlib
import json
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from deckgen import __version__, collection, deflated
from deckgen.cache import Cache, pages_of
from deckgen.collection import Run, Stretch
from deckgen.deflated import Piece
from deckgen.media import content_mark
from deckgen.models import Edition, note_types
from deckgen.note import Package, guid


class Draft(NamedTuple):
    """A package that can be written: its notes in runs, and a hash of all that goes into it, which is its mark."""

    package: Package
    edition: Edition
    runs: Sequence[Run]
    digest: str


def draft(package: Package, edition: Edition) -> Draft:
    """A package of an edition, before anything of it is written."""
    runs = collection.runs_of(package, edition)
    identity = (__version__, edition.namespace, edition.tag, guid(edition.namespace, ""))
    decks = [(deck.name, deck.description) for deck in package.decks]
    types = [str(edition.note_type(note_type)) for note_type in note_types(package)]
    content = repr((identity, decks, types, [run.digest for run in runs]))
    return Draft(package, edition, runs, hashlib.sha256(content.encode()).hexdigest())


def write(own: Draft, path: Path, cache: Cache | None = None) -> None:
    """Write a package; the caller moves it into its place. What can be used again is taken from a cache, and kept in
    it."""
    stretches = _stretches(own, cache)
    try:
        _write_archive(own, stretches, path)
    except OSError as error:  # a disk that is full, or taken away
        if error.filename:
            raise
        raise OSError(errno.EIO, error.strerror or str(error), str(path)) from error


def _write_archive(own: Draft, stretches: Sequence[Stretch], path: Path) -> None:
    media = sorted({file.name: file.path for note in own.package.notes for file in note.media}.items())
    listing = {str(number): name for number, (name, _) in enumerate(media)}
    with zipfile.ZipFile(path, "w") as archive:
        archive.comment = own.digest.encode()
        for number, (name, file) in enumerate(media):
            content = file.read_bytes()
            if content_mark(content) not in name:
                raise OSError(errno.EAGAIN, "the file changed while the deck was built; build again", str(file))
            archive.writestr(zipfile.ZipInfo(str(number)), content)  # stored: it is compressed already
        deflated.add(archive, "collection.anki2", collection.pieces(own.package, own.edition, stretches))
        archive.writestr(zipfile.ZipInfo("media"), json.dumps(listing))
        for member in archive.infolist():  # a member says nothing of where it was written, nor, unless told, of when
            member.create_system = 3
            member.external_attr = 0o644 << 16


# --- what is kept of a package ----------------------------------------------------------------------------------------


_WORTH_KEEPING = 2
"""Of a single run nothing would be used again."""


def _stretches(own: Draft, cache: Cache | None) -> list[Stretch]:
    if cache is None or len(own.runs) < _WORTH_KEEPING:
        return collection.stretches(own.runs, own.edition, {})
    key = pages_of(own.package.name)
    kept = _load(cache.get(key) or b"")
    made = collection.stretches(own.runs, own.edition, kept)
    if [*kept.values()] != made:
        cache.put(key, _dump(own.runs, made))
    return made


def _dump(runs: Sequence[Run], stretches: Sequence[Stretch]) -> bytes:
    head = [
        (run.digest, len(own.piece.data), own.piece.size, own.piece.checksum, *own[1:])
        for run, own in zip(runs, stretches, strict=True)
    ]
    return b"\n".join((json.dumps(head).encode(), b"".join([own.piece.data for own in stretches])))


def _load(stored: bytes) -> dict[str, Stretch]:
    """What ``_dump`` made, by the digests of the runs; nothing of anything else."""
    first_line, _, rest = stored.partition(b"\n")
    kept: dict[str, Stretch] = {}
    end = 0
    try:
        for digest, length, size, checksum, count, first, notes, cards in json.loads(first_line or b"[]"):
            start, end = end, end + length
            leaves = [[(page, key) for page, key in own] for own in (notes, cards)]
            kept[digest] = Stretch(Piece(rest[start:end], size, checksum), count, first, *leaves)
    except (ValueError, TypeError, LookupError, RecursionError):
        return {}
    return kept if end == len(rest) else {}
