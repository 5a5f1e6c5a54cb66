"""Adopt an existing deck: write a project whose packages are the same deck for learners who have it.

The project keeps every guid, every id of a note type, field and template, the times of the last changes, the numbers of
the cards, tags, names of decks, and media under their own names. Anki compares these when it imports a package, so a
rebuild changes nothing, and an edit changes one note.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from deckgen.adoption.adoptable import Adoptable, AdoptedNote, adoptable
from deckgen.adoption.adopted_files import ProjectValues, project_files
from deckgen.adoption.adopted_media import MediaSource, write_media
from deckgen.cards.cloze import MAX_CARD_NUMBER
from deckgen.cards.note import ID_STEP, content_hash
from deckgen.cards.note_type import NoteType, type_hash
from deckgen.cards.template import numbers_by_name
from deckgen.compiler.pipeline import Compilation, compile_project
from deckgen.core import clock
from deckgen.core.diagnostics import Diagnostic, Report, Severity
from deckgen.core.location import short_path
from deckgen.core.outputs import errors_about
from deckgen.core.terminal import Failure, count
from deckgen.media.media import ADOPTED, content_mark
from deckgen.own_types.consent import EVERYTHING
from deckgen.own_types.note_types import FOLDER, PREFIX
from deckgen.packages.read_package import PackageContents
from deckgen.project import cache
from deckgen.project import lock as locks
from deckgen.project.lock import Lock
from deckgen.project.lock_lines import NoteLine, TypeLine
from deckgen.project.project import load

RELEASE = "adopted"
"""The release that learners have when a deck is adopted."""


@dataclass(frozen=True, slots=True)
class Adoption:
    """What was adopted: the decks, their notes as compiled, their lock, and what differs from the package."""

    found: Adoptable
    compilation: Compilation
    lock: Lock
    remarks: tuple[str, ...]


@contextmanager
def adopt(
    contents: PackageContents, media: MediaSource, folder: Path, project: ProjectValues, deck: str | None
) -> Iterator[Adoption]:
    """Write the project of a package, or of one deck of it. It appears in a new or empty folder when the context is
    left without an error. Raises Failure."""
    found = adoptable(contents, deck)
    with errors_about(folder), _new_folder(folder) as unfinished:
        root = unfinished / "decks"
        for path, text in project_files(found, project):
            _write(unfinished / path, text)
        found.remarks.extend(write_media(found, media, root))
        try:
            yield _published(found, root, project.namespace)
        finally:
            cache.forget(root)


@contextmanager
def _new_folder(folder: Path) -> Iterator[Path]:
    """A temporary folder, which is renamed at the end to one that must be new or empty; after an error it is
    removed."""
    if folder.is_symlink() or (folder.exists() and (not folder.is_dir() or any(folder.iterdir()))):
        raise Failure(f"'{short_path(folder)}' is not empty: name a new folder")
    target = folder.resolve()
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = Path(tempfile.mkdtemp(prefix=".deckgen-", dir=target.parent))
    try:
        yield unfinished
        target.mkdir(exist_ok=True)
        for path in sorted(unfinished.iterdir()):
            os.rename(path, target / path.name)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")


def _published(found: Adoptable, root: Path, namespace: str) -> Adoption:
    """Compile the project and write the lock, with the times and card numbers that learners have."""
    report = Report()
    types = load(root, report, consent=EVERYTHING).note_types
    _refuse_errors(report)
    adopted = dict(_identities(found, types, root))
    lines = dict(_first_lines(found, types))
    lock = Lock(namespace, {id: (line,) for id, line in lines.items()}, adopted=adopted)
    _write(root / locks.LOCK_FILE, str(lock))
    compilation = compile_project(root, hints=False, consent=EVERYTHING)
    _refuse_errors(compilation.findings)
    for note in compilation.notes:
        line = lines[note.id].with_content(content_hash(note), lines[note.id].modified)
        lines[note.id] = line.with_type(note.note_type.name, note.numbers, note.removed_cards)
    tag = compilation.project.settings.tag
    type_lines = {}
    for name, note_type in found.note_types.items():
        own = types[PREFIX + name]
        time = _valid(note_type.modified)
        type_lines[own.name] = (TypeLine(own.name, type_hash(own, tag), time, own.field_names, own.template_names),)
    lock = Lock(
        namespace,
        {id: (line,) for id, line in lines.items()},
        type_lines,
        {key: (name,) for key, name in compilation.lock_names.items()},
        {RELEASE: str(clock.today())},
        adopted,
    )
    _write(root / locks.LOCK_FILE, str(lock))
    return Adoption(found, compilation, lock, (*found.remarks, *_differences(found, compilation)))


def _refuse_errors(findings: Report | tuple[Diagnostic, ...]) -> None:
    error = next((one for one in findings if one.severity is Severity.ERROR), None)
    if error:
        position = f"{Path(error.position.path).name}:{error.position.line}"
        raise Failure(f"the deck cannot be adopted as it is: {error.message} ({position})")


def _identities(found: Adoptable, types: Mapping[str, NoteType], root: Path) -> Iterator[tuple[str, str]]:
    """What the lock records as adopted: guids, ids of note types, and marks of media."""
    for deck in found.decks:
        for note in deck.notes:
            yield f"note/{note.id}", note.contents.guid
        for path in sorted((root / deck.folder / ADOPTED).glob("*")):
            yield path.relative_to(root).as_posix(), content_mark(path.read_bytes())
    for name, id in found.type_ids.items():
        yield PREFIX + name, str(id)
        for file in types[PREFIX + name].media:
            yield f"{FOLDER}/{name}/{file.name}", file.mark


def _first_lines(found: Adoptable, types: Mapping[str, NoteType]) -> Iterator[tuple[str, NoteLine]]:
    """A line for each note, with the cards that the package has. Ids of notes, which Anki shows as the times of their
    creation, are kept as far as they are valid and far enough apart."""
    last = clock.now() * 1000
    notes = [note for deck in found.decks for note in deck.notes]
    for note in sorted(notes, key=lambda note: note.contents.id, reverse=True):
        id = note.contents.id
        last = min(id, last - ID_STEP) if id > clock.EARLIEST * 1000 + len(notes) * ID_STEP else last - ID_STEP
        yield f"note/{note.id}", _line(note, types[PREFIX + note.note_type], last)


def _line(note: AdoptedNote, note_type: NoteType, created: int) -> NoteLine:
    most = MAX_CARD_NUMBER if note_type.cloze else len(note_type.templates)
    numbers = numbers_by_name(note_type, tuple(ord for ord in note.contents.cards if 0 <= ord < most))
    return NoteLine(f"note/{note.id}", note_type.name, "-", _valid(note.contents.modified), created, numbers)


def _valid(time: int) -> int:
    """The nearest valid time for a lock. Anki's own note types have the time zero; a learner who has one gets the same
    note type once more."""
    return min(max(time, clock.EARLIEST), clock.now())


def _differences(found: Adoptable, compilation: Compilation) -> Iterator[str]:
    """What differs between the package and a rebuild."""
    notes = {f"note/{note.id}": note.contents for deck in found.decks for note in deck.notes}
    differing: Counter[str] = Counter()
    for note in compilation.notes:
        before = notes[note.id]
        filled = {name: text for name, text in before.fields.items() if text.strip()}
        now = {name: text for name, text in zip(note.note_type.field_names, note.fields, strict=True) if text}
        differing["whose text is not the same in a rebuild"] += now != filled
        differing["with cards that no template makes (kept)"] += bool(before.cards.keys() - note.cards)
        missing = set(note.cards) - before.cards.keys()
        differing["without cards that a template makes (a rebuild adds them)"] += bool(missing)
        differing["with an invalid modification time (corrected)"] += before.modified != _valid(before.modified)
    yield from (f"{count(number, 'note')} {what}" for what, number in differing.items() if number)
    for deck in found.decks:
        if deck.description:
            yield f"the description of '{deck.title}': deckgen adds the numbers of notes and cards below it"
