"""Check that only adopted notes, note types and media set their own identity in Anki.

Anki overwrites what a learner has under the same guid, note type id or file name. deckgen accepts only those that
``deckgen adopt`` recorded in the lock, so that no stranger's pull request overwrites the cards of other decks.
"""

from __future__ import annotations

from collections.abc import Sequence

from deckgen.cards.note import Note, guid
from deckgen.core import rules
from deckgen.core.diagnostics import Position, Report
from deckgen.core.location import short_path
from deckgen.own_types.note_types import TYPE_FILE
from deckgen.project.lock import LOCK_FILE
from deckgen.project.project import Project

_IN_LOCK = f"if 'deckgen adopt' wrote it, restore {LOCK_FILE} from an earlier commit"


def check_adopted(notes: Sequence[Note], project: Project, report: Report) -> None:
    """Report notes, note types and media that set their own identity, unless the lock lists them as adopted."""
    adopted = project.lock.adopted
    candidates = [note for note in notes if note.identity.kind == "note"]
    for note in candidates:
        identity = note.identity
        expected = adopted.get(note.id) or guid(project.settings.namespace, note.id)
        if identity.guid != expected and note.id in adopted:
            message = f"'{identity.label}' was adopted with the guid '{expected}', found '{identity.guid}'"
            help = "restore the line with 'guid': with another guid, learners get the card twice"
            report.add(rules.NOT_ADOPTED, identity.position, message, help)
        elif identity.guid != expected:
            message = f"'{identity.label}' was not adopted, but has a guid"
            report.add(rules.NOT_ADOPTED, identity.position, message, f"delete the line with 'guid'; {_IN_LOCK}")
    for note_type in dict.fromkeys(note.note_type for note in candidates):
        if note_type.anki and adopted.get(note_type.name) != str(note_type.anki.id):
            position = Position(short_path(project.root / note_type.name / TYPE_FILE))
            message = f"'{note_type.name}' was not adopted, but has the id of a note type in Anki"
            report.add(rules.NOT_ADOPTED, position, message, f"delete its anki.json; {_IN_LOCK}")
    kept = {file.path: file for note in candidates for file in note.media if file.kept}
    root = project.root.resolve()
    for file in sorted(kept.values(), key=lambda file: str(file.path)):
        path = file.path.relative_to(root).as_posix()
        if adopted.get(path) == file.mark:
            continue
        found = "was changed since it was adopted" if path in adopted else "was not adopted"
        help = f"put a new file into the deck's media folder and write its path; {_IN_LOCK}"
        report.add(rules.NOT_ADOPTED, Position(short_path(file.path)), f"'{file.name}' {found}", help)
