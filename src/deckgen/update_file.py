"""A text file that updates a deck's notes without touching what is the learner's own.

A package replaces a note whole: fields, ``My notes`` and tags. Anki's text import replaces only the fields that a file
has columns for, so here the last one, ``My notes``, has none; nor have tags, which then stay as they are. It leaves a
note alone whose fields already say what the file says, and tags those that it changes.
"""

from __future__ import annotations

from collections.abc import Iterator

from deckgen.models import note_type_name
from deckgen.note import SEPARATOR, NoteType, Package


def lines(package: Package, tag: str) -> Iterator[str]:
    """The file's lines, with the project's tag, in Anki's format (https://docs.ankiweb.net/importing/text-files.html)."""
    yield f"#separator:tab\n#html:true\n#guid column:1\n#notetype column:2\n#tags:{tag}::updated\n"
    yield "# For Anki 2.1.55 or newer: 2.1.54 would empty the learner's own field.\n"
    names: dict[NoteType, str] = {}
    for deck in package.decks:
        for note in deck.notes:
            name = names.get(note.note_type) or note_type_name(note.note_type, tag)
            names[note.note_type] = name
            yield f"{note.identity.guid}\t{name}\t{_columns(note.text)}\n"


def _columns(text: str) -> str:
    """A note's fields but the last, with those in quotes that have one, or that would end a column or a row."""
    fields, _, _ = text.rpartition(SEPARATOR)
    if "\t" in fields or "\n" in fields or "\r" in fields:
        return "\t".join([_quoted(f) if any(sign in f for sign in '"\t\n\r') else f for f in fields.split(SEPARATOR)])
    if '"' in fields:
        return "\t".join([_quoted(f) if '"' in f else f for f in fields.split(SEPARATOR)])
    return fields.replace(SEPARATOR, "\t")


def _quoted(text: str) -> str:
    escaped = text.replace('"', '""')
    return f'"{escaped}"'
