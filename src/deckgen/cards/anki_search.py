"""Searches that find notes in Anki's browser (https://docs.ankiweb.net/searching.html)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from deckgen.cards.note import Note, id_tag, is_own_guid
from deckgen.cards.plain_text import field_text


def search_for(notes: Sequence[Note], tag: str) -> str:
    """A search that finds these notes. Adopted ones, which have neither an id nor a tag of deckgen, are found by their
    note type and words."""
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
