"""A text file that updates a deck's notes without touching what is the learner's own.

A package replaces a note whole: fields, ``My notes`` and tags. Anki's text import replaces only the fields that a file
has columns for, so here the last one, ``My notes``, has none; nor have tags, which then stay as they are. It leaves a
note alone whose fields already say what the file says, and tags those that it changes.
"""

from __future__ import annotations

import re

from deckgen.note import SEPARATOR, Package, guid
from deckgen.package import Edition, note_type_name


def render(package: Package, edition: Edition) -> str:
    """The file's text, in Anki's format (https://docs.ankiweb.net/importing/text-files.html)."""
    head = f"#separator:tab\n#html:true\n#guid column:1\n#notetype column:2\n#tags:{edition.tag}::updated\n"
    head += "# For Anki 2.1.55 or newer: 2.1.54 would empty the learner's own field.\n"
    notes = [note for deck in package.decks for note in deck.notes]
    names = {note.note_type: note_type_name(note.note_type, edition) for note in notes}
    rows = (f"{guid(edition.namespace, note.id)}\t{names[note.note_type]}\t{_columns(note.text)}\n" for note in notes)
    return head + "".join(rows)


def _columns(text: str) -> str:
    """A note's fields but the last, with those in quotes that have one, or that would end a column or a row."""
    fields, _, _ = text.rpartition(SEPARATOR)
    if "\t" not in fields and "\n" not in fields and "\r" not in fields:
        return "\t".join([f if '"' not in f else _quoted(f) for f in fields.split(SEPARATOR)])
    return "\t".join([_quoted(f) if '"' in f or _ENDS.search(f) else f for f in fields.split(SEPARATOR)])


_ENDS = re.compile(r"[\t\n\r]")


def _quoted(text: str) -> str:
    escaped = text.replace('"', '""')
    return f'"{escaped}"'
