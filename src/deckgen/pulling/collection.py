"""Read a project's notes from a collection: from a file that Anki exported, or from the running Anki."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from deckgen.cards.note import id_tag
from deckgen.compiler.pipeline import Compilation
from deckgen.core.location import short_path
from deckgen.core.terminal import UsageError
from deckgen.packages import anki_connect, text_export
from deckgen.packages.read_package import NoteContents, read_package

RUNNING_ANKI = Path("anki")
"""The name that stands for the running Anki, unless a file has it."""


def read_collection(source: Path, compilation: Compilation) -> Mapping[str, NoteContents]:
    """The notes of a collection by guid. Raises UsageError if there is no such file, and Failure or OSError if
    it cannot be read."""
    if source == RUNNING_ANKI and not source.exists():
        return _of_running_anki(compilation)
    if not source.is_file():
        raise UsageError(f"there is no file '{short_path(source)}'; 'anki' stands for the Anki that is running")
    if source.suffix.lower() in text_export.SUFFIXES:
        notes = (*compilation.notes, *compilation.retired)
        return text_export.read_text_export(source, {note.identity.guid: note.note_type.field_names for note in notes})
    return read_package(source).notes


def _of_running_anki(compilation: Compilation) -> Mapping[str, NoteContents]:
    notes, tag = (*compilation.notes, *compilation.retired), compilation.project.settings.tag
    return anki_connect.read_notes(
        sorted({note.note_type.shown_name(tag) for note in notes}),
        sorted({deck.settings.title for deck in compilation.project.decks}),
        {note.id: note.identity.guid for note in notes},
        {id_tag(tag, note.id): note.identity.guid for note in notes if not note.note_type.has_shared_field("Id")},
    )
