"""Compare packages, and the decks of a project with earlier ones: which notes and note types differ, and how."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from pathlib import Path
from typing import Literal

from deckgen.cards import cloze
from deckgen.cards.cloze import Renumbered
from deckgen.cards.plain_text import field_text
from deckgen.compiler.history import packages_at, packages_of
from deckgen.core.differences import differences
from deckgen.core.terminal import Failure
from deckgen.packages.package_file import MediaMark
from deckgen.packages.read_note_types import NoteTypeContents
from deckgen.packages.read_package import NoteContents, PackageContents, read_package
from deckgen.project.project import RETIRED_SUFFIX
from deckgen.publication.lock_changes import adopted_guids
from deckgen.text.safe_html import html_files, with_files


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field's text before and after."""

    name: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class MediaChange:
    """A picture or sound of a field before and after, each as ``map.png, 12 KB``; empty if there was, or is, none."""

    field: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class NoteChange:
    """A note with other fields, pictures, tags or cards than before; cards are given by ordinal. ``renumbered`` are the
    cloze deletions that another card asks for than before."""

    label: str
    fields: tuple[FieldChange, ...]
    tags_added: tuple[str, ...]
    tags_removed: tuple[str, ...]
    cards_added: tuple[int, ...]
    cards_removed: tuple[int, ...]
    media: tuple[MediaChange, ...] = ()
    renumbered: tuple[Renumbered, ...] = ()


@dataclass(frozen=True, slots=True)
class Move:
    """A note whose cards moved to another deck."""

    label: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class NoteTypeChange:
    """A note type, and which parts of it changed: name, fields, templates, style, other settings."""

    name: str
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PackageDiff:
    """The differences between two packages, with notes in alphabetical order of their labels. New notes that are
    ``adopted`` have the guids of notes from elsewhere, which they overwrite in collections that have these."""

    added: tuple[NoteContents, ...]
    changed: tuple[NoteChange, ...]
    moved: tuple[Move, ...]
    retired: tuple[NoteContents, ...]
    removed: tuple[NoteContents, ...]
    note_types: tuple[NoteTypeChange, ...]
    unchanged: int
    adopted: tuple[NoteContents, ...] = ()

    def __bool__(self) -> bool:
        own = (self.adopted, self.added, self.changed, self.moved, self.retired, self.removed, self.note_types)
        return any(own)


DeckDiffs = dict[str, PackageDiff]
"""Differences by the name of the deck."""


def diff_files(old: Path, new: Path) -> DeckDiffs:
    """Compare two packages."""
    return {new.stem: _diff_packages(read_package(old), read_package(new))}


def diff_with_sources(old: Path, root: Path) -> DeckDiffs:
    """Compare a package with the deck of the same name, or the only deck, of a project."""
    built = _contents(root)
    decks = [name for name in built if not name.endswith(RETIRED_SUFFIX)]
    deck = decks[0] if len(decks) == 1 else old.stem
    if deck not in decks:
        raise Failure(f"this project has no deck '{old.stem}', only: {', '.join(decks)}")
    return {deck: _diff_packages(read_package(old), built[deck], built.get(deck + RETIRED_SUFFIX))}


def diff_since(commit: str, root: Path) -> DeckDiffs:
    """Compare a project's decks with those of a commit."""
    with packages_at(root, commit) as paths:
        old = _read(paths)
    new, empty = _contents(root), PackageContents()
    adopted = adopted_guids(root)
    decks = [name for name in {**new, **old} if not name.endswith(RETIRED_SUFFIX)]
    return {
        name: _diff_packages(old.get(name, empty), new.get(name, empty), new.get(name + RETIRED_SUFFIX), adopted)
        for name in decks
    }


def _contents(root: Path) -> dict[str, PackageContents]:
    """The packages that a project's sources make, by name."""
    with packages_of(root) as paths:
        return _read(paths)


def _read(packages: Mapping[str, Path]) -> dict[str, PackageContents]:
    return {name: read_package(path) for name, path in packages.items()}


def _diff_packages(
    old: PackageContents,
    new: PackageContents,
    retired: PackageContents | None = None,
    adopted: Container[str] = (),
) -> PackageDiff:
    """Compare two packages, note by note (by guid). A missing note counts as retired if there is a
    notice of it, and as removed otherwise; a new one with a guid that was adopted is listed apart."""
    notices = retired.notes if retired else {}
    missing = [guid for guid in old.notes if guid not in new.notes]
    both = [(old.notes[guid], note) for guid, note in new.notes.items() if guid in old.notes]
    other_media = {name for name, mark in new.media.items() if name in old.media and mark.differs(old.media[name])}
    marks = old.media, new.media, other_media
    compared = [(_note_change(before, after, marks), _move(before, after)) for before, after in both]
    return PackageDiff(
        added=_sorted(note for guid, note in new.notes.items() if guid not in old.notes and guid not in adopted),
        adopted=_sorted(note for guid, note in new.notes.items() if guid not in old.notes and guid in adopted),
        changed=tuple(sorted((change for change, _ in compared if change), key=lambda change: change.label)),
        moved=tuple(sorted((move for _, move in compared if move), key=lambda move: move.label)),
        retired=_sorted(notices[guid] for guid in missing if guid in notices),
        removed=_sorted(old.notes[guid] for guid in missing if guid not in notices),
        note_types=tuple(_note_type_changes(old, new)),
        unchanged=sum(change is None and move is None for change, move in compared),
    )


def _sorted(notes: Iterable[NoteContents]) -> tuple[NoteContents, ...]:
    return tuple(sorted(notes, key=lambda note: note.label))


def _note_change(old: NoteContents, new: NoteContents, marks: _Marks) -> NoteChange | None:
    fields = [(name, old.fields.get(name, ""), new.fields.get(name, "")) for name in {**new.fields, **old.fields}]
    media = tuple(change for field in fields for change in _media_changes(*field, marks))
    shown = {change.field for change in media}
    fields = [(name, _nameless(a), _nameless(b)) if name in shown else (name, a, b) for name, a, b in fields]
    changes = (
        tuple(FieldChange(name, field_text(a), field_text(b)) for name, a, b in fields if a != b),
        tuple(sorted({*new.tags}.difference(old.tags))),
        tuple(sorted({*old.tags}.difference(new.tags))),
        tuple(sorted(new.cards.keys() - old.cards.keys())),
        tuple(sorted(old.cards.keys() - new.cards.keys())),
        media,
        tuple(_renumbered(old, new)),
    )
    return NoteChange(new.label, *changes) if any(changes) or old.note_type != new.note_type else None


def _renumbered(old: NoteContents, new: NoteContents) -> Iterator[Renumbered]:
    before, after = (cloze.hidden_by_number(note.fields.values(), note.cards) for note in (old, new))
    return (replace(one, text=field_text(one.text)) for one in cloze.renumbered(before, after))


_Marks = tuple[Mapping[str, MediaMark], Mapping[str, MediaMark], Collection[str]]
"""The media of both packages, and the names of those that both have and that differ."""


def _media_changes(field: str, old: str, new: str, marks: _Marks) -> Iterator[MediaChange]:
    """The pictures and sounds in which a field differs: each file that it no longer has, or that has other content now,
    with the file that takes its place. Either may be missing."""
    before, after = ([file.name for file in html_files(text)] for text in (old, new))
    removed = [name for name in before if name not in after or name in marks[2]]
    added = [name for name in after if name not in before or name in marks[2]]
    for one, other in zip_longest(removed, added, fillvalue=""):
        yield MediaChange(field, _described(one, marks[0]), _described(other, marks[1]))


def _nameless(html: str) -> str:
    """The HTML of a field whose pictures and sounds are listed apart, without their names."""
    return with_files(html, html_files(html), lambda _: "…")


def _described(name: str, marks: Mapping[str, MediaMark]) -> str:
    return f"{name}, {math.ceil(marks[name].size / 2**10):,} KB" if name in marks else name


def _move(old: NoteContents, new: NoteContents) -> Move | None:
    before, after = set(old.cards.values()), set(new.cards.values())
    if before == after or not before or not after:
        return None
    return Move(new.label, ", ".join(sorted(before)), ", ".join(sorted(after)))


def _note_type_changes(old: PackageContents, new: PackageContents) -> Iterator[NoteTypeChange]:
    for id in sorted(old.note_types.keys() & new.note_types.keys()):
        before, after = old.note_types[id], new.note_types[id]
        templates = {**after.templates, **before.templates}
        changed = {
            "name": before.name != after.name,
            "fields": before.fields != after.fields,
            **{f"template {name}": before.templates.get(name) != after.templates.get(name) for name in templates},
            "style": before.style != after.style,
            "other settings": any(map(_differ, _settings(before), _settings(after))),
        }
        if any(changed.values()):
            yield NoteTypeChange(after.name, tuple(part for part in changed if changed[part]))


def _settings(note_type: NoteTypeContents) -> list[Mapping[str, object]]:
    return [note_type.settings, *note_type.field_settings, *note_type.template_settings]


def _differ(before: Mapping[str, object], after: Mapping[str, object]) -> bool:
    """Whether a setting that both packages state differs: programs leave out those with their usual values."""
    return any(before[name] != after[name] for name in before.keys() & after.keys())


@dataclass(frozen=True, slots=True)
class Words:
    """Some words of two compared texts: in both of them, or only in the old or the new one."""

    state: Literal["kept", "removed", "added"]
    text: str


MAX_WORDS = 20_000
"""Words of a text that are compared one by one, which takes a fifth of a second and 50 MB."""


def diff_words(old: str, new: str) -> list[Words]:
    """Compare two texts word by word. A text with more than ``MAX_WORDS`` counts as replaced."""
    before, after = old.split(), new.split()
    if max(len(before), len(after)) > MAX_WORDS:
        return [Words("removed", old), Words("added", new)] if before != after else [Words("kept", new)]
    compared: list[Words] = []
    done = 0
    for hunk in differences(before, after):
        compared.append(Words("kept", " ".join(before[done : hunk.start])))
        compared.append(Words("removed", " ".join(before[hunk.start : hunk.end])))
        compared.append(Words("added", " ".join(after[hunk.new_start : hunk.new_end])))
        done = hunk.end
    compared.append(Words("kept", " ".join(before[done:])))
    return [words for words in compared if words.text]


_LIST_FIELD = re.compile(r"Text \d+")


def distinct_changes(fields: Sequence[FieldChange]) -> tuple[list[FieldChange], int]:
    """The field changes worth showing, and how many repeat one of them: every card of a list has a field with items,
    the last of which shows most of the list."""
    lists = [change for change in fields if _LIST_FIELD.fullmatch(change.name)]
    others = [change for change in fields if not _LIST_FIELD.fullmatch(change.name)]
    return others + lists[-1:], max(0, len(lists) - 1)
