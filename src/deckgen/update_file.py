"""A text file that updates a deck's notes without touching what is the learner's own.

A package replaces a note whole: fields, ``My notes`` and tags. Anki's text import replaces only the fields that a file
has columns for, so here the last one, ``My notes``, has none; nor have tags, which then stay as they are. It leaves a
note alone whose fields already say what the file says, and tags those that it changes.
"""

from __future__ import annotations

import csv
import io

from deckgen.note import Package, guid
from deckgen.package import Edition, note_type_name


def render(package: Package, edition: Edition) -> str:
    """The file's text, in Anki's format (https://docs.ankiweb.net/importing/text-files.html)."""
    text = io.StringIO()
    text.write(f"#separator:tab\n#html:true\n#guid column:1\n#notetype column:2\n#tags:{edition.tag}::updated\n")
    text.write("# For Anki 2.1.55 or newer: 2.1.54 would empty the learner's own field.\n")
    rows = csv.writer(text, delimiter="\t", lineterminator="\n")
    for note in package.notes:
        name = note_type_name(note.note_type, edition)
        rows.writerow([guid(edition.namespace, note.id), name, *note.fields[:-1]])
    return text.getvalue()
