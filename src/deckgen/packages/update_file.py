"""Write the update file: a text file that updates a deck's notes but leaves the learner's own data alone.

A package replaces a note whole: fields, ``My notes`` and tags. Anki's text import replaces only the fields that a file
has columns for, so ``My notes``, the last field, has none here, and neither have tags. Notes whose fields are already
up to date are left alone; the others get a tag.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from deckgen.cards.note import SEPARATOR, Package

_TAB = "\t"


def write_update_file(package: Package, tag: str, place: Path) -> None:
    """Write the update file of a package, in Anki's format (https://docs.ankiweb.net/importing/text-files.html)."""
    head = (
        f"#separator:tab\n#html:true\n#guid column:1\n#notetype column:2\n#tags:{tag}::updated\n"
        "# For Anki 2.1.55 or newer: 2.1.54 would empty the learner's own field.\n"
    )
    with place.open("w", encoding="utf-8", newline="\n") as file:
        file.write(head)
        file.writelines(_rows(package, tag))


def _rows(package: Package, tag: str) -> Iterator[str]:
    for note in package.notes:
        columns, _, _ = note.text.rpartition(SEPARATOR)
        if _breaks(columns):
            columns = SEPARATOR.join(
                [_quoted(one) if '"' in one or _breaks(one) else one for one in columns.split(SEPARATOR)]
            )
        elif '"' in columns:  # as in most rows: links have quotes
            columns = SEPARATOR.join([_quoted(one) if '"' in one else one for one in columns.split(SEPARATOR)])
        yield f"{note.identity.guid}\t{note.note_type.shown_name(tag)}\t{columns.replace(SEPARATOR, _TAB)}\n"


def _breaks(field: str) -> bool:
    """Whether a field has a character that would end its column or row."""
    return _TAB in field or "\n" in field or "\r" in field


def _quoted(field: str) -> str:
    return '"' + field.replace('"', '""') + '"'
