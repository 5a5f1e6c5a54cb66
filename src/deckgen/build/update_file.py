"""A text file that updates a deck's notes without touching what is the learner's own.

A package replaces a note whole: fields, ``My notes`` and tags. Anki's text import replaces only the fields that a file
has columns for, so here the last one, ``My notes``, has none; nor have tags, which then stay as they are. It leaves a
note alone whose fields already say what the file says, and tags those that it changes.

It is several times as large as the package, so what did not change is copied from the file of the last build.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from deckgen.build.former import Former, Place
from deckgen.cards.note import SEPARATOR, Note, NoteType, Package, content_hash, cuts

_SEPARATOR = SEPARATOR.encode()

# As numbers: bytes look for those several times as fast as for other bytes.
_QUOTE, _TAB, _LINE_FEED, _RETURN = b'"\t\n\r'

_BUFFER = 1 << 18
"""So many bytes are written at once."""


def write(package: Package, tag: str, place: Path, former: Former) -> None:
    """Write the file of a package of the project with that tag, in Anki's format
    (https://docs.ankiweb.net/importing/text-files.html)."""
    notes = [note for deck in package.decks for note in deck.notes]
    parts: dict[str, tuple[Place, None]] = {}
    with former, place.open("wb", buffering=_BUFFER) as file:
        end = file.write(_head(tag).encode())
        for cut in cuts(notes):
            digest = _digest(notes[cut], tag)
            rows, _ = former.part(digest) or (b"".join(_rows(notes[cut], tag)), None)
            parts[digest] = (end, file.write(rows)), None
            end += len(rows)
    former.keep(place, parts)


def _head(tag: str) -> str:
    return (
        f"#separator:tab\n#html:true\n#guid column:1\n#notetype column:2\n#tags:{tag}::updated\n"
        "# For Anki 2.1.55 or newer: 2.1.54 would empty the learner's own field.\n"
    )


def _rows(notes: Sequence[Note], tag: str) -> Iterator[bytes]:
    names: dict[NoteType, bytes] = {}
    for note in notes:
        name = names.get(note.note_type) or note.note_type.shown_name(tag).encode()
        names[note.note_type] = name
        yield b"".join((note.identity.guid.encode(), b"\t", name, b"\t", _columns(note.encoded), b"\n"))


def _columns(text: bytes) -> bytes:
    """A note's fields but the last, with those in quotes that have one, or that would end a column or a row."""
    fields, _, _ = text.rpartition(_SEPARATOR)
    if _breaks(fields):
        return b"\t".join([_quoted(one) if _QUOTE in one or _breaks(one) else one for one in fields.split(_SEPARATOR)])
    if _QUOTE in fields:
        return b"\t".join([_quoted(one) if _QUOTE in one else one for one in fields.split(_SEPARATOR)])
    return fields.replace(_SEPARATOR, b"\t")


def _breaks(text: bytes) -> bool:
    return _TAB in text or _LINE_FEED in text or _RETURN in text


def _quoted(text: bytes) -> bytes:
    return b'"%b"' % text.replace(b'"', b'""')


def _digest(notes: Sequence[Note], tag: str) -> str:
    """A hash of what the rows of some notes say."""
    columns = [note.identity.guid for note in notes], [note.hash or content_hash(note) for note in notes]
    return hashlib.sha256("\n".join([tag, *columns[0], *columns[1]]).encode()).hexdigest()
