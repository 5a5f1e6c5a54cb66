"""Anki's database schema, note types and decks, as genanki makes them.

The only module that knows genanki. genanki's own writer would give every note the time of the build, so that each
rebuild overwrote learners' edits. It also counts cards by a rule that is not Anki's, and dates the members of the zip.
So ``write_package`` writes the rows. Schema 11 is read by every version of Anki.
"""

from __future__ import annotations

import json
import sqlite3
from typing import TYPE_CHECKING, Any

from deckgen.cards.note import Package
from deckgen.cards.note_type import NoteType, stable_date
from deckgen.cards.template import parse, shows
from deckgen.project.lock import Lock

if TYPE_CHECKING:
    import genanki


def deck_id(name: str) -> int:
    """The id of a deck within a package; Anki itself finds decks by name."""
    return stable_date("deck", name)


def used_note_types(package: Package) -> list[NoteType]:
    """The note types of a package's notes, sorted by name."""
    return sorted({note.note_type for note in package.notes}, key=lambda note_type: note_type.name)


def create_tables(connection: sqlite3.Connection, package: Package, lock: Lock, tag: str) -> None:
    """Create a collection's tables with its note types and decks. Without indexes: an import reads every row anyway."""
    from genanki.apkg_col import APKG_COL
    from genanki.apkg_schema import APKG_SCHEMA

    tables, *_ = APKG_SCHEMA.split("CREATE INDEX")
    connection.executescript(tables + APKG_COL)
    (default_decks,) = connection.execute("SELECT decks FROM col").fetchone()
    values = (_models_json(package, lock, tag), _decks_json(package, default_decks))
    connection.execute("UPDATE col SET models = ?, decks = ?", values)


def _models_json(package: Package, lock: Lock, tag: str) -> str:
    first_deck = deck_id(package.decks[0].name)
    models = {}
    for note_type in used_note_types(package):
        model = _model(note_type, lock.namespace, tag)
        settings = note_type.anki.own if note_type.anki else {}
        models[str(model.model_id)] = {**model.to_json(lock.type_line(note_type.name).modified, first_deck), **settings}
    return json.dumps(models, ensure_ascii=False, sort_keys=True)


def _model(note_type: NoteType, namespace: str, tag: str) -> genanki.Model:
    import genanki

    model = genanki.Model(
        note_type.id(namespace),
        note_type.shown_name(tag),
        fields=_fields(note_type),
        templates=_templates(note_type),
        css=note_type.css,
        model_type=genanki.Model.CLOZE if note_type.cloze else genanki.Model.FRONT_BACK,
    )
    model._req = _requirements(note_type)  # replaces genanki's own, which ignores filters
    return model


def _fields(note_type: NoteType) -> list[dict[str, object]]:
    if note_type.anki:
        return [
            {"name": one.name, **settings}
            for one, settings in zip(note_type.fields, note_type.anki.fields, strict=True)
        ]
    return [
        {
            "name": field.name,
            "id": note_type.field_id(field),
            "font": "Arial",
            "collapsed": field.collapsed,
            "excludeFromSearch": False,
        }
        for field in note_type.fields
    ]


def _templates(note_type: NoteType) -> list[dict[str, object]]:
    settings = (
        note_type.anki.templates
        if note_type.anki
        else [
            {"id": note_type.template_id(one), "bqfmt": one.browser_front, "bafmt": one.browser_back}
            for one in note_type.templates
        ]
    )
    return [
        {"name": one.name, "qfmt": one.front, "afmt": one.back, **more}
        for one, more in zip(note_type.templates, settings, strict=True)
    ]


def _requirements(note_type: NoteType) -> list[list[Any]]:
    """For old clients: the fields without which a template's front is empty."""
    names = frozenset(field.name for field in note_type.fields)
    needed: list[list[Any]] = []
    for ord, template in enumerate(note_type.templates):
        parts = parse(template.front)
        indexes = [note_type.index(name) for name in names if not shows(parts, names - {name})]
        needed.append([ord, "all", sorted(indexes)])
    return needed


def _decks_json(package: Package, default: str) -> str:
    """The package's decks, with the default deck that every collection has."""
    import genanki

    decks: dict[str, Any] = json.loads(default)
    for deck in package.decks:
        made = genanki.Deck(deck_id(deck.name), deck.name, deck.description)
        decks[str(made.deck_id)] = made.to_json()
    return json.dumps(decks, ensure_ascii=False, sort_keys=True)
