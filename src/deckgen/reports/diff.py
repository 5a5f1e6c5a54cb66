"""How two packages differ, as a reader would say it: notes added, changed, moved, taken out; types changed."""

from __future__ import annotations

import difflib
import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from deckgen.packages.read_package import Contents, NoteContents


class FieldChange(NamedTuple):
    """A field, or something else of a note, before and after, as text that one can read."""

    name: str
    old: str
    new: str


@dataclass(frozen=True)
class NoteChange:
    """A note that both packages have and that is not the same."""

    label: str
    fields: tuple[FieldChange, ...]
    tags_added: tuple[str, ...]
    tags_removed: tuple[str, ...]
    cards_added: tuple[int, ...]
    cards_removed: tuple[int, ...]


@dataclass(frozen=True)
class Move:
    """A note whose cards are in another deck."""

    label: str
    old: str
    new: str


@dataclass(frozen=True)
class TypeChange:
    """A note type that differs, and in what: fields, templates by name, style."""

    name: str
    parts: tuple[str, ...]


@dataclass(frozen=True)
class Difference:
    """All of it; notes by label in alphabetical order."""

    added: tuple[NoteContents, ...]
    changed: tuple[NoteChange, ...]
    moved: tuple[Move, ...]
    retired: tuple[NoteContents, ...]
    removed: tuple[NoteContents, ...]
    types: tuple[TypeChange, ...]
    unchanged: int

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.moved or self.retired or self.removed or self.types)


def compare(old: Contents, new: Contents, retired: Contents | None = None) -> Difference:
    """How one package became another; notes are told apart by their guids. A note that is gone is retired, if it is
    among the retired ones, else removed."""
    kept_notices = retired.notes if retired else {}
    both = [(old.notes[guid], new.notes[guid]) for guid in new.notes if guid in old.notes]
    changes = [change for before, after in both if (change := _note_change(before, after)) is not None]
    moves = [move for before, after in both if (move := _move(before, after)) is not None]
    touched = {change.label for change in changes} | {move.label for move in moves}
    return Difference(
        added=_sorted(new.notes[guid] for guid in new.notes if guid not in old.notes),
        changed=tuple(sorted(changes, key=lambda change: change.label)),
        moved=tuple(sorted(moves, key=lambda move: move.label)),
        retired=_sorted(kept_notices[guid] for guid in old.notes if guid not in new.notes and guid in kept_notices),
        removed=_sorted(old.notes[guid] for guid in old.notes if guid not in new.notes and guid not in kept_notices),
        types=tuple(_type_changes(old, new)),
        unchanged=sum(after.label not in touched for _, after in both),
    )


def _sorted(notes: Iterator[NoteContents]) -> tuple[NoteContents, ...]:
    return tuple(sorted(notes, key=lambda note: note.label))


def _note_change(old: NoteContents, new: NoteContents) -> NoteChange | None:
    names = list(dict.fromkeys((*new.fields, *old.fields)))
    fields = tuple(
        FieldChange(name, readable(old.fields.get(name, "")), readable(new.fields.get(name, "")))
        for name in names
        if old.fields.get(name, "") != new.fields.get(name, "")
    )
    change = NoteChange(
        new.label,
        fields,
        tuple(tag for tag in new.tags if tag not in old.tags),
        tuple(tag for tag in old.tags if tag not in new.tags),
        tuple(sorted(new.cards.keys() - old.cards.keys())),
        tuple(sorted(old.cards.keys() - new.cards.keys())),
    )
    parts = (change.fields, change.tags_added, change.tags_removed, change.cards_added, change.cards_removed)
    return change if any(parts) or old.note_type != new.note_type else None


def _move(old: NoteContents, new: NoteContents) -> Move | None:
    before, after = set(old.cards.values()), set(new.cards.values())
    if before == after or not before or not after:
        return None
    return Move(new.label, ", ".join(sorted(before)), ", ".join(sorted(after)))


def _type_changes(old: Contents, new: Contents) -> Iterator[TypeChange]:
    for id in sorted(old.types.keys() & new.types.keys()):
        before, after = old.types[id], new.types[id]
        parts = ["name"] if before.name != after.name else []
        parts += ["fields"] if before.fields != after.fields else []
        names = dict.fromkeys((*after.templates, *before.templates))
        parts += [f"template {name}" for name in names if before.templates.get(name) != after.templates.get(name)]
        parts += ["style"] if before.style != after.style else []
        if parts:
            yield TypeChange(after.name, tuple(parts))


# --- words ------------------------------------------------------------------------------------------------------------

_CLOZE = re.compile(r"\{\{c\d+::(.*?)(?:::.*?)?\}\}")


def readable(field: str) -> str:
    """A field's HTML as text: pictures by their names, list items behind dashes, deletions in brackets."""
    text = _CLOZE.sub(r"[\1]", field)
    text = re.sub(r'<img[^>]*src="?([^" >]*)[^>]*>', r" (picture \1) ", text)
    text = re.sub(r"<li>", " – ", text)
    text = re.sub(r"</?(?:strong|em|code|b|i|span|a)\b[^>]*>", "", text)
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", text)).split())


class Piece(NamedTuple):
    """Some words: ``kept`` in both texts, ``removed`` from the old one, or ``added`` in the new."""

    state: str
    words: str


def word_by_word(old: str, new: str) -> list[Piece]:
    """How one text became another, in the order of reading."""
    before, after = old.split(), new.split()
    pieces: list[Piece] = []
    for state, a, b, c, d in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if state == "equal":
            pieces.append(Piece("kept", " ".join(before[a:b])))
            continue
        if a < b:
            pieces.append(Piece("removed", " ".join(before[a:b])))
        if c < d:
            pieces.append(Piece("added", " ".join(after[c:d])))
    return pieces


def telling(fields: Sequence[FieldChange]) -> tuple[list[FieldChange], int]:
    """The field changes that a reader needs, and how many say the same again: each card of a list shows all of it."""
    numbered = [change for change in fields if re.fullmatch(r"Text \d+", change.name)]
    others = [change for change in fields if change not in numbered]
    return others + numbered[:1], max(0, len(numbered) - 1)
