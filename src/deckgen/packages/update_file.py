"""Write an update file: the text of the notes that changed since an earlier build, for learners who write on cards.

A package replaces a whole note: fields, ``My notes`` and tags. Anki's text import replaces only the fields that a file
has columns for, so this one has none for ``My notes``, the last field, and none for tags. The import gives a note the
time of the import; a package imported afterwards leaves the note alone, and adds only new notes and pictures.

The file has only notes that changed since the earlier build (``changed_part`` chooses them). New notes would come
without their tags. Unchanged notes would lose what a learner wrote into them, since Anki compares no times here.
"""

from __future__ import annotations

import csv
from pathlib import Path

from deckgen.cards.note import Note, Package
from deckgen.cards.note_types import frame
from deckgen.project.lock import Lock

_HEAD = """\
#separator:tab
#html:true
#if matches:update current
#guid column:1
#notetype column:2
#deck column:3
# For Anki 2.1.55 or newer: 2.1.54 would empty the learner's own field.
"""


def write_update_file(package: Package, lock: Lock, path: Path) -> None:
    """Write the update file of some notes, in Anki's format (https://docs.ankiweb.net/importing/text-files.html).

    Note types are named by their ids, since learners rename them; an adopted note type without a known id is named by
    its title. The reserved field has the time of the change, so that every note differs from the learner's, even if
    only its tags changed.
    """
    rows = [_row(note, deck.name, lock) for deck in package.decks for note in deck.notes]
    rows.sort(key=len, reverse=True)  # Anki 25.9 and older read only as many columns as the first row has
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(_HEAD)
        csv.writer(file, "excel-tab", quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(rows)


def _row(note: Note, deck: str, lock: Lock) -> list[str]:
    """The guid of a note, its type, its deck and its fields."""
    fields = list(note.fields)
    note_type = note.note_type
    if note_type.has_shared_field(frame.CHANGE_TIME):  # those that a project brings have no such field
        fields = fields[:-1]
        fields[note_type.index(frame.CHANGE_TIME)] = str(lock.note_line(note.id).modified)
    named = note_type.title if note_type.anki and not note_type.anki.id else str(note_type.id(lock.namespace))
    return [note.identity.guid, named, deck, *fields]
