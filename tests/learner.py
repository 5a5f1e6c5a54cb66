"""A learner: a collection of the real Anki in a temporary folder, imports into it, and what it then holds.

Works with the ``anki`` package from 2.1.54 on; newer ones renamed some calls.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from types import TracebackType
from typing import Any


@dataclass(frozen=True)
class ImportLog:
    """How many notes of a package were new, updated, left alone, or could not be matched."""

    new: int
    updated: int
    duplicate: int
    conflicting: int


@dataclass(frozen=True)
class CardSides:
    """A card as Anki renders it."""

    note_id: str
    ordinal: int
    deck: str
    front: str
    back: str


def visible(html: str) -> str:
    """The text of rendered HTML: what is in attributes, as the hidden answer of a cloze is, cannot be seen."""
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", html)).split())


class Learner:
    """Used as a context, since a collection must be closed."""

    def __init__(self) -> None:
        from anki.collection import Collection

        here = os.getcwd()
        self._folder = Path(tempfile.mkdtemp(prefix="learner-"))
        self.col = Collection(str(self._folder / "collection.anki2"))
        os.chdir(here)  # opening a collection may change the working folder

    def __enter__(self) -> Learner:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.col.close()
        shutil.rmtree(self._folder)

    def imports(self, path: Path, **options: Any) -> ImportLog:
        """Import a package with Anki's default options, or others."""
        from anki import import_export_pb2 as messages

        chosen: Any = str(path.resolve())
        if hasattr(messages, "ImportAnkiPackageRequest"):
            request = messages.ImportAnkiPackageRequest(
                package_path=chosen, options=messages.ImportAnkiPackageOptions(**options)
            )
            try:
                log = self.col.import_anki_package(request).log
            except TypeError:  # 23.10 has the request but takes a path
                log = self.col.import_anki_package(chosen).log
        else:
            log = self.col.import_anki_package(chosen).log
        self._forget_note_types()
        return ImportLog(len(log.new), len(log.updated), len(log.duplicate), len(log.conflicting))

    def _forget_note_types(self) -> None:
        """The library caches note types and is not told of what an import changes."""
        for name in ("_clear_cache", "clear_cache"):
            if hasattr(self.col.models, name):
                getattr(self.col.models, name)()
                return

    # -- what the collection holds

    def notes(self) -> dict[str, Any]:
        """The notes by the id that deckgen gave them."""
        found = (self.col.get_note(id) for id in self.col.db.list("select id from notes order by id"))
        return {note["Id"]: note for note in found}

    def cards(self) -> list[CardSides]:
        """Every card, in the order in which new ones are studied."""
        sides = []
        for id in self.col.db.list("select id from cards order by due, ord"):
            card = self.col.get_card(id)
            output = card.render_output(True)
            sides.append(
                CardSides(
                    card.note()["Id"],
                    card.ord,
                    self.col.decks.name(card.did),
                    output.question_text,
                    output.answer_text,
                )
            )
        return sides

    def decks(self) -> list[str]:
        return [deck.name for deck in self.col.decks.all_names_and_ids() if deck.name != "Default"]

    def tags(self) -> set[str]:
        return set(self.col.tags.all())

    def empty_cards(self) -> int:
        return sum(len(note.card_ids) for note in self.col.get_empty_cards().notes)

    def media_problems(self) -> tuple[list[str], list[str]]:
        """Files that are missing, and files that nothing uses."""
        result = self.col.media.check()
        return sorted(result.missing), sorted(result.unused)

    def database_is_sound(self) -> bool:
        return bool(self.col.fix_integrity()[1])
