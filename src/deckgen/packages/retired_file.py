"""Write the file that tells learners which notes were retired: a search that finds them in Anki, and the reasons.

It is a text and not a package: a package would bring back notes that a learner deleted, and empty what learners wrote
into others.
"""

from __future__ import annotations

from pathlib import Path

from deckgen.cards.anki_search import search_for
from deckgen.cards.note import Note, Package
from deckgen.cards.plain_text import field_text

_TEXT = """\
Retired cards of {title}

Anki keeps cards that a new release no longer has. To find those that you have, paste this line into the search field of
Anki's Browse window, and delete or suspend what it finds:

{search}

Why they were retired:

{reasons}
"""


def write_retired_file(package: Package, tag: str, path: Path) -> None:
    """Write the text about a package's retired notes, each entry once."""
    entries = {note.identity.entry: note for note in package.notes}
    reasons = [f"- {field_text(note.identity.title)} ({id})\n  {notice(note)}" for id, note in entries.items()]
    text = _TEXT.format(title=package.decks[0].name, search=search_for(package.notes, tag), reasons="\n".join(reasons))
    path.write_text(text, encoding="utf-8", newline="\n")


def notice(note: Note) -> str:
    """Why a note was retired."""
    return field_text(note.fields[note.note_type.index("Notice") if note.note_type.has_shared_field("Notice") else 0])
