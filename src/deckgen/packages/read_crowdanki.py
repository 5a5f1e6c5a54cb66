"""Read a deck that CrowdAnki exported: ``deck.json`` with a folder ``media`` next to it
(https://github.com/Stvad/CrowdAnki).

It has guids, but no times of changes, and no ids of note types, which differ in each learner's collection.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from deckgen.cards.note_type import NoteType
from deckgen.cards.template import BadTemplate, card_ords
from deckgen.core import clock
from deckgen.core.characters import printable_line
from deckgen.media.media import MAX_MEDIA_BYTES
from deckgen.packages.package_file import MAX_ROWS, MAX_TEXT, Exceeded, NotAPackage, check_is_file
from deckgen.packages.read_note_types import NoteTypeContents, as_text, from_model
from deckgen.packages.read_package import NoteContents, PackageContents

DECK_FILE = "deck.json"


def read_crowdanki(path: Path) -> PackageContents:
    """Read a ``deck.json``; raises NotAPackage, or OSError if the file cannot be read. Note types have negative ids."""
    name = printable_line(str(path))
    check_is_file(path)
    try:
        if path.stat().st_size > MAX_TEXT:
            raise Exceeded(f"it has more than {MAX_TEXT // 2**20} MB")
        return _Reader(json.loads(path.read_text(encoding="utf-8"))).contents()
    except Exceeded as error:
        raise NotAPackage(f"'{name}' cannot be read: {error}") from None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise NotAPackage(f"'{name}' is not a CrowdAnki deck: {printable_line(ascii(str(error)))}") from error


class _Reader:
    """Reads the notes of a deck and its subdecks."""

    def __init__(self, deck: Mapping[str, Any]) -> None:
        self._deck = deck
        self._types: dict[str, tuple[int, NoteTypeContents, NoteType]] = {}
        self._notes: dict[str, NoteContents] = {}
        self._repeated: set[str] = set()
        self._decks: dict[str, str] = {}
        for number, model in enumerate(deck["note_models"], 1):
            found = from_model(model)
            self._types[as_text(model["crowdanki_uuid"])] = -number, found, _note_type(found)

    def contents(self) -> PackageContents:
        self._add_deck(self._deck, as_text(self._deck["name"]))
        types = {id: found for id, found, _ in self._types.values()}
        return PackageContents(self._notes, types, self._decks, frozenset(self._repeated))

    def _add_deck(self, deck: Mapping[str, Any], name: str) -> None:
        self._decks[name] = as_text(deck.get("desc", ""))
        for note in deck["notes"]:
            self._add_note(note, name)
        for child in deck["children"]:
            self._add_deck(child, f"{name}::{as_text(child['name'])}")

    def _add_note(self, note: Mapping[str, Any], deck: str) -> None:
        id, found, note_type = self._types[as_text(note["note_model_uuid"])]
        guid, texts = as_text(note["guid"]), [as_text(text) for text in note["fields"]]
        if len(texts) != len(found.fields):
            raise ValueError("a note has a different number of fields from its note type")
        if guid in self._notes:
            self._repeated.add(guid)
        tags = tuple(sorted(as_text(tag) for tag in note["tags"]))
        try:
            ords = card_ords(note_type, texts, tagged=bool(tags)) or (0,)
        except BadTemplate as error:
            raise ValueError(f"a template is wrong: {error}") from None
        fields = dict(zip(found.fields, texts, strict=True))
        self._notes[guid] = NoteContents(
            guid, id, fields, tags, dict.fromkeys(ords, deck), len(self._notes) + 1, clock.now()
        )
        if len(self._notes) > MAX_ROWS:
            raise Exceeded(f"it has more than {MAX_ROWS:,} notes")


def _note_type(found: NoteTypeContents) -> NoteType:
    if found.is_cloze and len(found.templates) != 1:
        raise ValueError("a cloze note type has several templates")
    return found.as_note_type()


class CrowdAnkiMedia:
    """The media of a ``deck.json``, by name. Links are left out, and so is everything in a folder that is a link."""

    def __init__(self, path: Path) -> None:
        self._folder = path.parent / "media"

    def __iter__(self) -> Iterator[str]:
        if self._folder.is_dir() and not self._folder.is_symlink():
            with os.scandir(self._folder) as entries:
                yield from sorted(entry.name for entry in entries if entry.is_file(follow_symlinks=False))

    def read(self, names: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        """The files with these names, one after the other."""
        for name in names:
            path = self._folder / name
            if path.stat().st_size > MAX_MEDIA_BYTES:
                raise NotAPackage(f"'{printable_line(name)}' has more than {MAX_MEDIA_BYTES // 2**20} MB")
            yield name, path.read_bytes()
