"""Write the file that tells learners which notes were retired: a search that finds them in Anki, and the reasons.

It is a text and not a package: a package would bring back notes that a learner deleted, and empty what learners wrote
into others.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from deckgen.cards.note import Note, Package, id_tag, is_own_guid
from deckgen.cards.plain_text import field_text

_TEXT = """\
Retired cards of {title}

Anki keeps cards that a new release no longer has. To find those that you have, paste this line into the search field of
Anki's Browse window, and delete or suspend what it finds:

{search}

Why they were retired:

{reasons}
"""


def search_for(notes: Sequence[Note], tag: str) -> str:
    """A search in Anki's browser that finds these notes (https://docs.ankiweb.net/searching.html). Adopted ones, which
    have neither an id nor a tag of deckgen, are found by their note type and words."""
    adopted = sorted(_with_words(note) for note in notes if not is_own_guid(note.identity.guid))
    with_id = sorted(note.id for note in notes if note.note_type.has_shared_field("Id"))
    found = [f'"Id:re:^({"|".join(with_id)})$"'] if with_id else []
    others = [note for note in notes if is_own_guid(note.identity.guid) and not note.note_type.has_shared_field("Id")]
    found += sorted(f"tag:{id_tag(tag, note.id)}" for note in others)
    either = " or ".join(found)
    ours = [f"tag:{tag}::* {either if len(found) == 1 else f'({either})'}"] if found else []
    every = [*ours, *adopted]
    return every[0] if len(every) == 1 else " or ".join(f"({one})" for one in every)


def _with_words(note: Note) -> str:
    title, words = (_SPECIAL.sub(r"\\\g<0>", text) for text in (note.note_type.title, field_text(note.identity.title)))
    return f'"note:{title}" "{words}"'


_SPECIAL = re.compile(r'[\\"*_:]')


def write_retired_file(package: Package, tag: str, path: Path) -> None:
    """Write the text about a package's retired notes, each entry once."""
    entries = {note.identity.entry: note for note in package.notes}
    reasons = [f"- {field_text(note.identity.title)} ({id})\n  {notice(note)}" for id, note in entries.items()]
    text = _TEXT.format(title=package.decks[0].name, search=search_for(package.notes, tag), reasons="\n".join(reasons))
    path.write_text(text, encoding="utf-8", newline="\n")


def notice(note: Note) -> str:
    """Why a note was retired."""
    return field_text(note.fields[note.note_type.index("Notice") if note.note_type.has_shared_field("Notice") else 0])
