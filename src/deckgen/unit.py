"""What one file was compiled to, and the form in which that is kept until the file changes.

A stored unit is a line of JSON and the texts of its notes. It can hold nothing but texts and numbers, so reading one
runs no code. The JSON has a column for each property of the notes, not a row for each note: columns are read and
written several times as fast.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import repeat
from types import MappingProxyType
from typing import Any, NamedTuple, TypeVar

from deckgen.checking import Fact
from deckgen.diagnostic import Diagnostic, Position, as_row
from deckgen.linter import Looked, from_row
from deckgen.media import MediaFile, Problem
from deckgen.note import Identity, Link, Note, NumberedCard, Statement, Waiver
from deckgen.registry import NOTE_TYPES
from deckgen.retirement import Retired

T = TypeVar("T")

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


NOT_A_UNIT = (ValueError, TypeError, LookupError, AttributeError, RecursionError)
"""What ``load`` raises for bytes that ``dump`` did not make."""


def dump(unit: Unit) -> bytes | None:
    """A unit as bytes; None for one that is not kept, since it has errors or retires entries."""
    if unit.diagnostics or unit.retired or any(isinstance(found, Problem) for found in unit.media.values()):
        return None
    notes, looked = unit.notes, unit.looked
    identities = [note.identity for note in notes]
    places = {id(identity): place for place, identity in enumerate(identities)}
    head = {
        "count": len(notes),
        "ids": [who.id for who in identities],
        "guids": [who.guid for who in identities],
        "labels": [None if who.label == who.id else who.label for who in identities],
        "kinds": _table(who.kind for who in identities),
        "entries": [None if who.entry == who.id else who.entry for who in identities],
        "domains": _table(who.domain for who in identities),
        "titles": [who.title for who in identities],
        "tags": _table(who.tags for who in identities),
        "links": _sparse([(link.id, *link.position[1:]) for link in who.confuse_with] for who in identities),
        "lines": [who.position.line for who in identities],
        "columns": [who.position.column for who in identities],
        "sources": _table(who.source for who in identities),
        "dates": _table(who.as_of for who in identities),
        "waivers": _sparse([(one.rule, one.reason, *one.position[1:]) for one in who.waivers] for who in identities),
        "types": _table(note.note_type.name for note in notes),
        "shown": _sparse([file.name for file in note.media] for note in notes),
        "cards": _table(note.cards for note in notes),
        "numbers": _table(tuple(note.numbers.items()) for note in notes),
        "unpublished": _sparse(note.unpublished for note in notes),
        "hashes": [note.hash for note in notes],
        "media": {reference: found.name for reference, found in unit.media.items() if isinstance(found, MediaFile)},
        "findings": [as_row(found) for found in looked.diagnostics],
        "waived": sorted(looked.waived),
        "facts": {
            name: (
                [places[id(fact.identity)] for fact in facts],
                [fact.position.line for fact in facts],
                [fact.position.column for fact in facts],
                list(zip(*(fact.data for fact in facts), strict=True)),
            )
            for name, facts in looked.facts.items()
        },
    }
    texts = _RECORD.join([note.text for note in notes])
    return f"{json.dumps(head, ensure_ascii=False, separators=(',', ':'))}\n{texts}".encode()


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
    count = head["count"]
    identities = _identities(head, path, count)
    notes = map(
        Note._make,
        zip(
            identities,
            _from_table(head["types"], NOTE_TYPES.__getitem__),
            texts.split(_RECORD) if count else (),
            _from_sparse(head["shown"], count, lambda names: tuple([files[name] for name in names])),
            _from_table(head["cards"], tuple),
            _from_table(head["numbers"], dict),
            _from_sparse(head["unpublished"], count, lambda cards: tuple(map(NumberedCard._make, cards))),
            head["hashes"],
            repeat(Statement(), count),
            strict=True,
        ),
    )
    facts = {
        name: tuple(
            map(
                Fact._make,
                zip(
                    [identities[place] for place in places],
                    map(Position._make, zip(repeat(path), lines, columns)),
                    zip(*data, strict=True),
                    strict=True,
                ),
            )
        )
        for name, (places, lines, columns, data) in head["facts"].items()
    }
    findings = tuple(from_row(row, path) for row in head["findings"])
    looked = Looked(findings, frozenset(map(tuple, head["waived"])), facts)
    return Unit(tuple(notes), (), (), looked, media)


def _identities(head: Mapping[str, Any], path: str, count: int) -> list[Identity]:
    ids = head["ids"]
    return list(
        map(
            Identity._make,
            zip(
                ids,
                head["guids"],
                [label or id for id, label in zip(ids, head["labels"], strict=True)],
                _from_table(head["kinds"], str),
                [entry or id for id, entry in zip(ids, head["entries"], strict=True)],
                _from_table(head["domains"], str),
                head["titles"],
                _from_table(head["tags"], tuple),
                _from_sparse(
                    head["links"], count, lambda own: tuple([Link(id, Position(path, *place)) for id, *place in own])
                ),
                map(Position._make, zip(repeat(path), head["lines"], head["columns"])),
                _from_table(head["sources"], tuple),
                _from_table(head["dates"], _as_it_is),
                _from_sparse(
                    head["waivers"],
                    count,
                    lambda own: tuple([Waiver(rule, reason, Position(path, *place)) for rule, reason, *place in own]),
                ),
                strict=True,
            ),
        )
    )


# A column with few different values has each once, and its place for each row; one that is mostly empty has only what
# is not, with its row.


def _table(values: Iterable[Any]) -> list[list[Any]]:
    places: dict[Any, int] = {}
    column = [places.setdefault(value, len(places)) for value in values]
    return [list(places), column]


def _from_table(stored: list[list[Any]], made: Callable[[Any], T]) -> list[T]:
    values = list(map(made, stored[0]))
    return [values[place] for place in stored[1]]


def _sparse(values: Iterable[Sequence[Any]]) -> list[list[Any]]:
    return [[row, value] for row, value in enumerate(values) if value]


def _from_sparse(stored: list[list[Any]], count: int, made: Callable[[Any], tuple[T, ...]]) -> list[tuple[T, ...]]:
    column: list[tuple[T, ...]] = [()] * count
    for row, value in stored:
        column[row] = made(value)
    return column


def _as_it_is(value: T) -> T:
    return value
