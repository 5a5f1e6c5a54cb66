"""Decks become an ``.apkg``: a zip with a database and media, of which the same input gives the same bytes."""

from __future__ import annotations

import errno
import hashlib
import json
import zipfile
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from deckgen import __version__
from deckgen.build import collection, deflated
from deckgen.build.collection import Run, Stretch
from deckgen.build.deflated import Piece
from deckgen.build.former import Former, Place
from deckgen.build.models import Edition, note_types
from deckgen.cards.note import Package, guid
from deckgen.language.media import content_mark


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


def write(own: Draft, place: Path, former: Former) -> None:
    """Write a package; the caller moves it into its place."""
    media = sorted({file.name: file.path for note in own.package.notes for file in note.media}.items())
    listing = {str(number): name for number, (name, _) in enumerate(media)}
    with former:
        stretches = collection.stretches(own.runs, own.edition, partial(_kept, former))
    before, behind = collection.around(own.package, own.edition, stretches)
    with zipfile.ZipFile(place, "w") as archive:
        archive.comment = own.digest.encode()
        for number, (name, file) in enumerate(media):
            content = file.read_bytes()
            if content_mark(content) not in name:
                raise OSError(errno.EAGAIN, "the file changed while the deck was built; build again", str(file))
            archive.writestr(zipfile.ZipInfo(str(number)), content)  # stored: it is compressed already
        start = deflated.add(archive, "collection.anki2", [before, *[one.piece for one in stretches], behind])
        archive.writestr(zipfile.ZipInfo("media"), json.dumps(listing))
        for member in archive.infolist():  # a member says nothing of where it was written, nor, unless told, of when
            member.create_system = 3
            member.external_attr = 0o644 << 16
    if len(stretches) > 1:  # of a single run nothing would be used again
        former.keep(place, dict(_parts(own.runs, stretches, start + len(before.data))))


def _parts(runs: Sequence[Run], stretches: Sequence[Stretch], start: int) -> Iterator[tuple[str, tuple[Place, Any]]]:
    """What is kept of the pages of each run, the first of which begin there in a package."""
    for run, (piece, *pages) in zip(runs, stretches, strict=True):
        yield run.digest, ((start, len(piece.data)), (piece.size, piece.checksum, *pages))
        start += len(piece.data)


def _kept(former: Former, digest: str) -> Stretch | None:
    """The pages of a run as they are in the former package."""
    found = former.part(digest)
    if found is None:
        return None
    try:
        data, (size, checksum, pages, first, *leaves) = found
        notes, cards = [[(page, key) for page, key in own] for own in leaves]
        return Stretch(Piece(data, size, checksum), pages, first, notes, cards)
    except (ValueError, TypeError):
        return None
