"""What one file was compiled to, and the form in which that is kept until the file changes.

A stored unit is a line of JSON and the texts of its notes. It can hold nothing but texts and numbers, so reading one
runs no code.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from deckgen.checking import Fact
from deckgen.diagnostic import Diagnostic, Position
from deckgen.linter import Looked, as_row, from_row
from deckgen.media import MediaFile, Problem
from deckgen.note import Identity, Link, Note, NumberedCard, Waiver
from deckgen.registry import NOTE_TYPES
from deckgen.retirement import Retired
from deckgen.template import card_numbers

_RECORD = "\x1e"
"""Stands between the texts of two notes; no source can hold this character."""


class Unit(NamedTuple):
    """What one file was compiled to: its notes, what it retires, its problems, what the content rules say, and the
    media that it refers to, as they were found."""

    notes: tuple[Note, ...] = ()
    retired: tuple[Retired, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    looked: Looked = Looked()
    media: Mapping[str, MediaFile | Problem] = MappingProxyType({})


class Unfit(ValueError):
    """A stored unit that says nothing of how things are today."""


def dump(unit: Unit) -> bytes | None:
    """A unit as bytes; None for one that is not kept, since it has errors or retires entries."""
    if unit.diagnostics or unit.retired or any(isinstance(found, Problem) for found in unit.media.values()):
        return None
    places = {id(note.identity): place for place, note in enumerate(unit.notes)}
    looked = unit.looked
    head = {
        "notes": [_note_row(note) for note in unit.notes],
        "media": {reference: found.name for reference, found in unit.media.items() if isinstance(found, MediaFile)},
        "findings": [as_row(found) for found in looked.diagnostics],
        "waived": sorted(looked.waived),
        "facts": {
            name: [(places[id(fact.identity)], fact.position.line, fact.position.column, fact.data) for fact in facts]
            for name, facts in looked.facts.items()
        },
    }
    texts = _RECORD.join(note.text for note in unit.notes)
    return f"{json.dumps(head, ensure_ascii=False, separators=(',', ':'))}\n{texts}".encode()


def _note_row(note: Note) -> tuple[Any, ...]:
    identity, links = note.identity, [(link.id, *link.position[1:]) for link in note.identity.confuse_with]
    waivers = [(waiver.rule, waiver.reason, *waiver.position[1:]) for waiver in identity.waivers]
    return (
        (*identity[:7], links, *identity.position[1:], identity.source, identity.as_of, waivers),
        note.note_type.name,
        [file.name for file in note.media],
        note.cards,
        dict(note.numbers) if note.note_type.cloze else None,
        note.unpublished,
    )


def load(data: bytes, path: str, find: Callable[[str], MediaFile | Problem]) -> Unit:
    """A stored unit of the file that is shown as ``path``, with the media as they are today; raises Unfit."""
    line, _, texts = data.decode().partition("\n")
    head = json.loads(line)
    media: dict[str, MediaFile | Problem] = {}
    files: dict[str, MediaFile] = {}
    for reference, name in head["media"].items():
        found = media[reference] = find(reference)
        if isinstance(found, Problem) or found.name != name:
            raise Unfit
        files[name] = found
    rows = head["notes"]
    notes = tuple(
        _note(row, text, path, files) for row, text in zip(rows, texts.split(_RECORD) if rows else (), strict=True)
    )
    findings = tuple(from_row(row, path) for row in head["findings"])
    facts = {
        name: tuple(
            Fact(notes[place].identity, Position(path, line, column), data) for place, line, column, data in own
        )
        for name, own in head["facts"].items()
    }
    looked = Looked(findings, frozenset(map(tuple, head["waived"])), facts)
    return Unit(notes, (), (), looked, media)


_SHARED: dict[tuple[Any, ...], tuple[Any, ...]] = {}


def _shared(values: list[Any]) -> tuple[Any, ...]:
    """A tuple of which all notes that have its like hold the same one: a large project has few."""
    own = tuple(values)
    return _SHARED.setdefault(own, own)


def _note(row: list[Any], text: str, path: str, files: Mapping[str, MediaFile]) -> Note:
    who, note_type, media, cards, numbers, unpublished = row
    id, label, kind, entry, domain, title, tags, links, line, column, source, as_of, waivers = who
    identity = Identity(
        id,
        id if label == id else label,
        sys.intern(kind),
        id if entry == id else entry,
        sys.intern(domain),
        title,
        _shared(tags),
        tuple([Link(other, Position(path, *place)) for other, *place in links]) if links else (),
        Position(path, line, column),
        _shared(source),
        as_of,
        tuple([Waiver(rule, reason, Position(path, *place)) for rule, reason, *place in waivers]) if waivers else (),
    )
    own_type, own_cards = NOTE_TYPES[note_type], _shared(cards)
    return Note(
        identity,
        own_type,
        text,
        tuple([files[name] for name in media]) if media else (),
        own_cards,
        card_numbers(own_type, own_cards) if numbers is None else numbers,
        tuple([NumberedCard(*card) for card in unpublished]) if unpublished else (),
    )
