"""Anki's note types and decks as genanki makes them, and the schema that it has: 11, which every Anki reads.

The only module that knows genanki. Its own writer stamps every note with the time of the build, so that every rebuild
would overwrite a learner's edits, counts cards by a rule that is not Anki's, dates the zip's members and leaks a file;
so ``collection`` writes the rows.
"""

from __future__ import annotations

import functools
import json
import sqlite3
import sys
from contextlib import closing
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any, NamedTuple

from deckgen.cards.note import Note, NoteType, Package, stable_id
from deckgen.cards.template import parse, shows
from deckgen.project.lock import Lock, NoteLine, TypeLine

if TYPE_CHECKING:
    import genanki


class Edition(NamedTuple):
    """What makes a package's content one project's at one time: its namespace, its tag, and when notes and note types
    last changed, as the lock has them (one line each)."""

    namespace: str
    tag: str
    lock: Lock

    def stamp(self, note: Note) -> NoteLine:
        return self.lock.notes[note.identity.id][0]

    def note_type(self, note_type: NoteType) -> TypeLine:
        (line,) = self.lock.types[note_type.name]
        return line


def deck_id(name: str) -> int:
    """Only a key within the package: Anki finds decks by name."""
    return stable_id("deck", name, low=1_300_000_000_000, high=1_700_000_000_000)


def schema_and_col() -> tuple[list[tuple[str, str]], dict[str, Any]]:
    """The tables by their names, with the statements that create them, and the row of ``col``."""
    _import_genanki()
    from genanki.apkg_col import APKG_COL
    from genanki.apkg_schema import APKG_SCHEMA

    tables, *_ = APKG_SCHEMA.split("CREATE INDEX")  # an import reads every row: indexes would only be more to read
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(tables + APKG_COL)
        schema = connection.execute("SELECT name, sql FROM sqlite_master ORDER BY rowid").fetchall()
        connection.row_factory = sqlite3.Row
        col = dict(connection.execute("SELECT * FROM col").fetchone())
    return schema, {**col, "id": None}  # it is the key of the row


def _import_genanki() -> None:
    """Import genanki without what takes most of its time: ``cached_property`` is from a package that loads all of
    asyncio, and the standard library has the same; YAML is for models that are written in it, and loaded for those."""
    sys.modules.setdefault("cached_property", functools)
    later = ModuleType("yaml")

    def of_yaml(name: str) -> object:
        if sys.modules.get("yaml") is later:
            del sys.modules["yaml"]
        return getattr(import_module("yaml"), name)

    later.__getattr__ = of_yaml  # type: ignore[method-assign] # as in https://peps.python.org/pep-0562
    sys.modules.setdefault("yaml", later)
    import genanki  # noqa: F401

    if sys.modules.get("yaml") is later:
        del sys.modules["yaml"]


def note_types(package: Package) -> list[NoteType]:
    """Those of a package's notes, by their names."""
    return sorted({note.note_type for note in package.notes}, key=lambda note_type: note_type.name)


def models_json(package: Package, edition: Edition) -> str:
    """The note types of a package's notes."""
    first_deck = deck_id(package.decks[0].name)
    models = {}
    for note_type in note_types(package):
        model = _model(note_type, edition)
        models[str(model.model_id)] = model.to_json(edition.note_type(note_type).modified, first_deck)
    return json.dumps(models, ensure_ascii=False, sort_keys=True)


def _model(note_type: NoteType, edition: Edition) -> genanki.Model:
    import genanki

    model = genanki.Model(
        note_type.id(edition.namespace),
        note_type.shown_name(edition.tag),
        fields=[
            {
                "name": field.name,
                "id": note_type.field_id(field),
                "font": "Arial",
                "collapsed": field.collapsed,
                "excludeFromSearch": field.collapsed,
            }
            for field in note_type.fields
        ],
        templates=[
            {
                "name": template.name,
                "id": note_type.template_id(template),
                "qfmt": template.front,
                "afmt": template.back,
                "bqfmt": template.browser_front,
                "bafmt": template.browser_back,
            }
            for template in note_type.templates
        ],
        css=note_type.css,
        model_type=genanki.Model.CLOZE if note_type.cloze else genanki.Model.FRONT_BACK,
    )
    model._req = _requirements(note_type)  # in place of what genanki would compute
    return model


def _requirements(note_type: NoteType) -> list[list[Any]]:
    """Which fields each template needs, for the old clients that read it: those without which its front is empty."""
    names = frozenset(field.name for field in note_type.fields)
    needed: list[list[Any]] = []
    for ord, template in enumerate(note_type.templates):
        parts = parse(template.front)
        needed.append([ord, "all", [note_type.index(name) for name in names if not shows(parts, names - {name})]])
        needed[-1][2].sort()
    return needed


def decks_json(package: Package, default: str) -> str:
    """The decks of a package, beside the default one, which every collection has."""
    import genanki

    decks: dict[str, Any] = json.loads(default)
    for deck in package.decks:
        own = genanki.Deck(deck_id(deck.name), deck.name, deck.description)
        decks[str(own.deck_id)] = own.to_json()
    return json.dumps(decks, ensure_ascii=False, sort_keys=True)
