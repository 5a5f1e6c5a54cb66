"""A learner: a collection of the real Anki in a temporary folder, what is imported and done in it, what it then holds.

Works with the ``anki`` package from 2.1.54 on, whose calls changed over the years.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import unescape
from importlib.metadata import version
from pathlib import Path
from types import TracebackType
from typing import Any

ANKI = version("anki")

NEVER = (9_999,)
"""A version that no Anki has."""


def anki_at_least(*wanted: int) -> bool:
    """Whether the Anki that is tested is of a version or newer."""
    return tuple(int(part) for part in ANKI.split(".")) >= wanted


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


@dataclass(frozen=True)
class NoteState:
    """What an import could change of a note."""

    id: str
    modified: int
    fields: tuple[str, ...]
    tags: tuple[str, ...]
    note_type: str


@dataclass(frozen=True)
class CardState:
    """What an import could change of a card: its deck and all of its scheduling."""

    deck: str
    type: int
    queue: int
    due: int
    interval: int
    ease: int
    reviews: int
    lapses: int
    flag: int
    modified: int


@dataclass(frozen=True)
class State:
    """Notes by guid, cards by guid and ordinal, and the styling of note types by name."""

    notes: dict[str, NoteState]
    cards: dict[tuple[str, int], CardState]
    styling: dict[str, str]


def changed_notes(before: State, after: State) -> set[str]:
    """The ids of notes that are not what they were, new and lost ones included."""
    guids = before.notes.keys() | after.notes.keys()
    differing = [guid for guid in guids if before.notes.get(guid) != after.notes.get(guid)]
    return {(after.notes.get(guid) or before.notes[guid]).id for guid in differing}


def touched_cards(before: State, after: State) -> set[tuple[str, int]]:
    """Cards that were there before and are not what they were."""
    return {key for key, card in before.cards.items() if after.cards.get(key) != card}


def new_cards(before: State, after: State) -> set[tuple[str, int]]:
    return after.cards.keys() - before.cards.keys()


def visible(html: str) -> str:
    """The text of rendered HTML: what is in attributes, as the hidden answer of a cloze is, cannot be seen."""
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", html)).split())


def _id_of(note: Any) -> str:
    """The id that deckgen's own note types show; the guid of a note of another type."""
    return str(note["Id"]) if "Id" in note else str(note.guid)


class Learner:
    """Used as a context, since a collection must be closed."""

    def __init__(self) -> None:
        from anki.collection import Collection

        here = os.getcwd()
        self._folder = Path(tempfile.mkdtemp(prefix="learner-"))
        self.col = Collection(str(self._folder / "collection.anki2"))
        os.chdir(here)  # opening a collection may change the working folder
        if hasattr(self.col, "upgrade_to_v2_scheduler") and self.col.sched_ver() == 1:
            self.col.upgrade_to_v2_scheduler()  # new collections of old versions begin with schedulers of their past
        if hasattr(self.col, "set_v3_scheduler") and not self.col.v3_scheduler():
            self.col.set_v3_scheduler(True)

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
        if hasattr(messages, "ImportAnkiPackageOptions"):  # since 23.10
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

    def imports_text(self, path: Path) -> ImportLog:
        """Import a text file as its headers say."""
        from anki.collection import ImportCsvRequest

        metadata = self.col.get_csv_metadata(path=str(path), delimiter=None)
        log = self.col.import_csv(ImportCsvRequest(path=str(path), metadata=metadata)).log
        return ImportLog(len(log.new), len(log.updated), len(log.duplicate), len(log.conflicting))

    # -- what a learner does

    def adds(self, note_type: str, fields: list[str], deck: str, tags: Sequence[str] = ()) -> None:
        note = self.col.new_note(self.col.models.by_name(note_type))
        note.fields, note.tags = fields, [*tags]
        self.col.add_note(note, self.col.decks.id(deck))

    def _note(self, guid: str) -> Any:
        return self.col.get_note(self.col.db.scalar("select id from notes where guid = ?", guid))

    def _card_ids(self, guid: str) -> list[int]:
        found = "select cards.id from cards, notes where notes.id = nid and guid = ? order by ord"
        return list(self.col.db.list(found, guid))

    def studies(self, cards: int) -> None:
        """Answer that many new cards, whatever deck they are in."""
        from anki.scheduler.v3 import CardAnswer

        for id in self.col.db.list("select id from cards where queue = 0 order by due, ord limit ?", cards):
            card = self.col.get_card(id)
            card.start_timer()
            backend = self.col._backend
            states = getattr(backend, "get_scheduling_states", None) or backend.get_next_card_states
            answer = self.col.sched.build_answer(card=card, states=states(id), rating=CardAnswer.GOOD)
            self.col.sched.answer_card(answer)

    def edits(self, guid: str, field: str, text: str) -> None:
        note = self._note(guid)
        note[field] = text
        self.col.update_note(note)

    def tags_note(self, guid: str, tag: str) -> None:
        note = self._note(guid)
        note.tags = [*note.tags, tag]
        self.col.update_note(note)

    def suspends(self, guid: str) -> None:
        self.col.sched.suspend_cards(self._card_ids(guid))

    def buries(self, guid: str) -> None:
        self.col.sched.bury_cards(self._card_ids(guid))

    def flags(self, guid: str, flag: int) -> None:
        self.col.set_user_flag_for_cards(flag, self._card_ids(guid))

    def moves(self, guid: str, deck: str) -> None:
        self.col.set_deck(self._card_ids(guid), self.col.decks.id(deck))

    def renames_deck(self, old: str, new: str) -> None:
        self.col.decks.rename(self.col.decks.id_for_name(old), new)

    def deletes(self, guid: str) -> None:
        self.col.remove_notes([self._note(guid).id])

    def waits(self, seconds: int) -> None:
        """Move what was edited in the last hour so far into the past."""
        recent = int(time.time()) - 3600
        self.col.db.execute("update notes set mod = mod - ? where mod > ?", seconds, recent)

    def loses_media(self) -> None:
        for file in Path(self.col.media.dir()).iterdir():
            file.unlink()

    def restyles(self, note_type: str, css: str) -> None:
        self.changes_type(note_type, lambda found: found.update(css=css))

    def changes_type(self, note_type: str, change: Callable[[dict[str, Any]], object]) -> None:
        """Change a note type in Anki's own form of it (https://github.com/ankitects/anki: ``NotetypeDict``)."""
        found = self.col.models.by_name(note_type)
        change(found)
        self.col.models.update_dict(found)

    def adds_field(self, note_type: str, name: str) -> None:
        models = self.col.models
        self.changes_type(note_type, lambda found: models.add_field(found, models.new_field(name)))

    def removes_field(self, note_type: str, name: str) -> None:
        models = self.col.models
        self.changes_type(note_type, lambda found: models.remove_field(found, models.field_map(found)[name][1]))

    def moves_field(self, note_type: str, name: str, place: int) -> None:
        models = self.col.models
        self.changes_type(
            note_type, lambda found: models.reposition_field(found, models.field_map(found)[name][1], place)
        )

    def adds_template(self, note_type: str, name: str, front: str, back: str) -> None:
        models = self.col.models
        template = models.new_template(name) | {"qfmt": front, "afmt": back}
        self.changes_type(note_type, lambda found: models.add_template(found, template))

    def removes_template(self, note_type: str, name: str) -> None:
        def remove(found: dict[str, Any]) -> None:
            self.col.models.remove_template(found, next(one for one in found["tmpls"] if one["name"] == name))

        self.changes_type(note_type, remove)

    def exports(self, path: Path, *, legacy: bool = False) -> None:
        """Export all notes as a package without progress; older versions of Anki have other arguments."""
        try:
            from anki.collection import ExportAnkiPackageOptions

            options = ExportAnkiPackageOptions(with_scheduling=False, with_media=True, legacy=legacy)
            self.col.export_anki_package(out_path=str(path), options=options, limit=None)
        except ImportError:  # before 23.12
            choices = {"with_scheduling": False, "with_media": True, "legacy_support": legacy}
            self.col.export_anki_package(out_path=str(path), limit=None, **choices)

    def exports_collection(self, path: Path, *, legacy: bool = False) -> None:
        self.col.export_collection_package(str(path), include_media=True, legacy=legacy)
        self.col.reopen()

    def exports_text(self, path: Path, **options: bool) -> None:
        """Export all notes as text, with everything that Anki offers, unless the options say otherwise."""
        every = dict.fromkeys(("with_html", "with_tags", "with_deck", "with_notetype", "with_guid"), True)
        self.col.export_note_csv(out_path=str(path), limit=None, **{**every, **options})

    # -- what the collection holds

    def searches(self, text: str) -> set[str]:
        """The guids of the notes that a search in the browser finds."""
        return {self.col.get_note(id).guid for id in self.col.find_notes(text)}

    def state(self) -> State:
        notes = {}
        for id in self.col.db.list("select id from notes"):
            note = self.col.get_note(id)
            own = (_id_of(note), note.mod, tuple(note.fields), tuple(sorted(note.tags)), note.note_type()["name"])
            notes[note.guid] = NoteState(*own)
        cards = {}
        for id in self.col.db.list("select id from cards"):
            card = self.col.get_card(id)
            cards[card.note().guid, card.ord] = CardState(
                self.col.decks.name(card.did),
                card.type,
                card.queue,
                card.due,
                card.ivl,
                card.factor,
                card.reps,
                card.lapses,
                card.flags,
                card.mod,
            )
        return State(notes, cards, {found["name"]: found["css"] for found in self.col.models.all()})

    def notes(self) -> dict[str, Any]:
        """The notes by the id that deckgen gave them."""
        found = (self.col.get_note(id) for id in self.col.db.list("select id from notes order by id"))
        return {_id_of(note): note for note in found}

    def cards(self) -> list[CardSides]:
        """Every card, in the order in which new ones are studied."""
        sides = []
        for id in self.col.db.list("select id from cards order by due, ord"):
            card = self.col.get_card(id)
            output = card.render_output(True)
            sides.append(
                CardSides(
                    _id_of(card.note()),
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

    def sort_fields(self) -> dict[str, tuple[str, int]]:
        """What Anki sorts each note by, and finds duplicates with: its first field as text, and the checksum of it."""
        rows = self.col.db.all("select guid, sfld, csum from notes")
        return {guid: (text, checksum) for guid, text, checksum in rows}
