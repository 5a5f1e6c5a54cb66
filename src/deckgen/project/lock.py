"""``deckgen.lock``: a record of what was published, so that a rebuild touches only what changed.

Anki updates a note from a package if the package's note is newer than the learner's. So the lock keeps a hash of each
note's content and the time of its last change, and only changed content gets a new time. The lock also keeps the card
numbers that must never be given to another item, the fields and templates that may never change, the names by which
Anki knows the decks, and the releases.

There is one line per note, note type, name and release, sorted, so that git can merge two branches by keeping the lines
of both (``merge=union``). If a merge leaves two lines for a note, the next build makes one line of them. If the merged
sources differ from the later line, the note gets a time later than both, so that learners of either branch get the
merged text. Guids do not depend on this file. Lines that it loses are restored from git's history
(``publication/published.py``).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple
from urllib.parse import unquote

from deckgen.core.clock import EARLIEST
from deckgen.core.location import PROJECT_FILE
from deckgen.project.lock_lines import (
    NoteLine,
    TypeLine,
    adopted_line,
    parse_note,
    parse_release,
    parse_type,
    release_line,
)

LOCK_FILE = "deckgen.lock"
FORMAT = "2"
"""The format of the lock, which its first line states. Nothing was released with format 1."""

MAX_LOCK_BYTES = 128 * 2**20
"""The largest lock that is read, or written: room for more than a million notes."""

MAX_LINES = 1_000
"""The most lines for one note or note type. A merge adds one, until the next build."""

HEADER = """\
# What has been published. Written by 'deckgen build'; keep it in git, do not edit it.
# To merge two branches keep the lines of both: the next build puts them in order.
"""


class Lock(NamedTuple):
    """The lines of a lock: all of them, if a merge left several for one note, type or name.

    ``names`` has the title and the tag of the project, and the name in Anki of each deck and its subdecks (``title``,
    ``tag``, ``deck/pain``, ``deck/pain/faq``); ``releases`` the date (YYYY-MM-DD) of each release by its name;
    ``adopted`` what learners had before a deck was adopted: the guid of a note by its id (``note/lima``), the id of a
    note type by its name (``note-types/basic``), the mark of a media file by its path.
    """

    namespace: str = ""
    notes: Mapping[str, tuple[NoteLine, ...]] = MappingProxyType({})
    types: Mapping[str, tuple[TypeLine, ...]] = MappingProxyType({})
    names: Mapping[str, tuple[str, ...]] = MappingProxyType({})
    releases: Mapping[str, str] = MappingProxyType({})
    adopted: Mapping[str, str] = MappingProxyType({})

    def note_line(self, id: str) -> NoteLine:
        """The only line of a note."""
        (line,) = self.notes[id]
        return line

    def type_line(self, name: str) -> TypeLine:
        """The only line of a note type."""
        (line,) = self.types[name]
        return line

    def __str__(self) -> str:
        lines = [str(line) for of_note in self.notes.values() for line in of_note]
        lines += [str(line) for of_type in self.types.values() for line in of_type]
        lines += [release_line(name, date) for name, date in self.releases.items()]
        lines += [adopted_line(key, value) for key, value in self.adopted.items()]
        lines += [f"name {key} {name}" for key, names in self.names.items() for name in names]
        return HEADER + "\n".join([f"format {FORMAT}", f"namespace {self.namespace}", *sorted(lines), ""])


class BadLine(ValueError):
    """A line of a lock that cannot be used: its ``number``, which counts from 1, what is wrong, and the next step."""

    def __init__(self, number: int, message: str, help: str) -> None:
        super().__init__(message)
        self.number = number
        self.message = message
        self.help = help


_TOO_MANY = (
    f"expected at most {MAX_LINES:,} lines for one note or note type, found more",
    "take the lock of another branch, or of an earlier commit, and build",
)
_SECOND_NAMESPACE = (
    "expected one namespace, found a second: a merge kept the lines of two locks whose notes differ",
    f"restore {LOCK_FILE} from the commit whose namespace {PROJECT_FILE} has, and build",
)
_NO_FORMAT = (
    f"expected the line 'format {FORMAT}', found none",
    f"delete {LOCK_FILE} and build: only a deckgen that was never released wrote locks without it",
)
CONFLICT = ("<<<<<<<", "|||||||", "=======", ">>>>>>>")
"""What git begins lines with, above, between and below the two sides of a conflict."""


def parse(text: str) -> Lock:
    """Parse the text of a lock; raises BadLine."""
    format = namespace = ""
    notes: dict[str, tuple[NoteLine, ...]] = {}
    types: dict[str, tuple[TypeLine, ...]] = {}
    names: dict[str, tuple[str, ...]] = {}
    releases: dict[str, str] = {}
    adopted: dict[str, str] = {}
    number, line = 0, ""
    try:
        for number, line in enumerate(text.splitlines(), 1):
            if line.startswith("note "):
                note = parse_note(line)
                known = notes.setdefault(note.id, (note,))
                if known[0] is not note:
                    notes[note.id] = (*known, note)
                if len(known) == MAX_LINES:
                    raise BadLine(number, *_TOO_MANY)
            elif line.startswith("type "):
                type_line = parse_type(line)
                types[type_line.name] = (*types.get(type_line.name, ()), type_line)
                if len(types[type_line.name]) > MAX_LINES:
                    raise BadLine(number, *_TOO_MANY)
            elif line.startswith("release "):
                name, day = parse_release(line)
                releases[name] = min(day, releases.get(name, day))
            elif line.startswith("adopted "):
                _, key, value = line.split(" ")
                adopted.setdefault(unquote(key), unquote(value))
            elif line.startswith("name "):
                _, key, name = line.split(" ", 2)
                names[key] = (*names.get(key, ()), name)
            elif line.startswith("namespace "):
                if namespace not in ("", line.partition(" ")[2]):
                    raise BadLine(number, *_SECOND_NAMESPACE)
                namespace = line.partition(" ")[2]
            elif line.startswith("format "):
                format = line.partition(" ")[2]
                if format != FORMAT:
                    message = f"expected the line 'format {FORMAT}', found {line!a}"
                    raise BadLine(number, message, "use the deckgen that wrote the lock, or a newer one")
            elif line.strip() and not line.startswith("#"):
                raise ValueError(line)
    except BadLine:
        raise
    except ValueError:
        help = "take the line from the last commit; if it has no such line, delete this one"
        if line.startswith(CONFLICT):
            help = "delete the lines that git inserted ('<<<<<<<', '=======', '>>>>>>>') and keep those of both sides"
        raise BadLine(number, "expected a line written by deckgen, found something else", help) from None
    if not format and (notes or types or names or releases or namespace):
        raise BadLine(1, *_NO_FORMAT)
    return Lock(namespace, notes, types, names, releases, adopted)


def span(lock: Lock) -> tuple[int, int]:
    """The earliest and the latest time in a lock, in seconds; without times, both are the earliest valid time."""
    found = {line.modified for lines in lock.notes.values() for line in lines}
    found |= {line.created // 1000 for lines in lock.notes.values() for line in lines}
    found |= {line.modified for lines in lock.types.values() for line in lines}
    return min(found, default=EARLIEST), max(found, default=EARLIEST)
