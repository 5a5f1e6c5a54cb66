"""Editions of a gallery, and the changes that take a page from one of them to the newest."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from secrets import token_hex
from typing import Any

from deckgen.preview.gallery import Gallery, NoteView, PageInfo


@dataclass(frozen=True, slots=True)
class Update:
    """The notes that are new or changed, and, if the list of notes changed, the ids of all notes in ``order``: a page
    drops the notes whose ids are not in it."""

    edition: str
    info: PageInfo
    notes: tuple[NoteView, ...]
    order: tuple[str, ...] | None

    def as_json(self) -> str:
        """The update as the page reads it."""
        return json.dumps(self, default=_fields, ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class Edition:
    """A gallery, its number in this run of the server, and for each note the edition that last changed it."""

    gallery: Gallery
    number: int = 0
    changed_in: Mapping[str, int] = field(default_factory=dict)  # 0 if missing
    reordered_in: int = 0
    run: str = field(default_factory=lambda: token_hex(4))

    @property
    def name(self) -> str:
        """A name that is unique across runs of the server."""
        return f"{self.run}.{self.number}"

    def followed_by(self, gallery: Gallery) -> Edition:
        """The next edition; this one if nothing differs."""
        before, number = self.gallery, self.number + 1
        same_order = list(gallery.notes) == list(before.notes)
        if same_order and gallery == before:
            return self
        changed_in = {
            id: self.changed_in.get(id, 0) if before.notes.get(id) == note else number
            for id, note in gallery.notes.items()
        }
        reordered_in = self.reordered_in if same_order else number
        return replace(self, gallery=gallery, number=number, changed_in=changed_in, reordered_in=reordered_in)

    def update(self, since: str = "") -> Update:
        """What changed since an edition; everything if that is not one of this run."""
        notes, info = self.gallery.notes, self.gallery.info
        run, _, number = since.partition(".")
        if run != self.run or not re.fullmatch("[0-9]{1,9}", number) or int(number) > self.number:
            return Update(self.name, info, tuple(notes.values()), tuple(notes))
        last = int(number)
        changed = tuple(note for id, note in notes.items() if self.changed_in.get(id, 0) > last)
        return Update(self.name, info, changed, tuple(notes) if self.reordered_in > last else None)


def _fields(value: Any) -> dict[str, Any]:
    """The fields of a dataclass with slots, for JSON."""
    return {name: getattr(value, name) for name in value.__slots__}
