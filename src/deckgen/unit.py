"""What one file was compiled to, and the form in which that is kept until the file changes.

A stored unit is a line of JSON and columns of texts. It can hold nothing but texts and numbers, so reading one runs no
code. It has a column for each property of the notes, not a row for each note: columns are read and written several
times as fast, and those of texts, behind the JSON, faster still.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from itertools import accumulate, pairwise
from types import MappingProxyType
from typing import Any, NamedTuple, TypeVar

from deckgen.checking import Fact
from deckgen.diagnostic import Diagnostic, Position, as_row
from deckgen.linter import Looked, from_row
from deckgen.media import MediaFile, Problem
from deckgen.note import Identity, Link, Note, NumberedCard, Waiver
from deckgen.registry import NOTE_TYPES
from deckgen.retirement import Retired

T = TypeVar("T")

_COLUMN, _ROW = b"\x1d", b"\x1e"
"""Stand between columns of texts, and between the texts of one; no source can hold these characters."""


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
    contents = [note.text.encode() for note in notes]
    texts = [b"".join(contents)]  # columns
    head = {
        "lengths": list(map(len, contents)),
        "ids": _put(texts, [who.id for who in identities]),
        "guids": _put(texts, [who.guid for who in identities]),
        "labels": _put(texts, ["" if who.label == who.id else who.label for who in identities]),
        "kinds": _table([who.kind for who in identities]),
        "entries": _put(texts, ["" if who.entry == who.id else who.entry for who in identities]),
        "domains": _table([who.domain for who in identities]),
        "titles": _put(texts, [who.title for who in identities]),
        "tags": _table([who.tags for who in identities]),
        "links": _sparse([[(link.id, *_place(link)) for link in who.confuse_with] for who in identities]),
        "lines": [who.position.line for who in identities],
        "columns": [who.position.column for who in identities],
        "sources": _table([who.source for who in identities]),
        "dates": _table([who.as_of for who in identities]),
        "waivers": _sparse([[(one.rule, one.reason, *_place(one)) for one in who.waivers] for who in identities]),
        "types": _table([note.note_type.name for note in notes]),
        "shown": _sparse([[file.name for file in note.media] for note in notes]),
        "cards": _table([note.cards for note in notes]),
        "numbers": _table([tuple(note.numbers.items()) for note in notes]),
        "unpublished": _sparse(
            [[(card.id, card.html, card.only_if_published) for card in note.unpublished] for note in notes]
        ),
        "hashes": _put(texts, [note.hash for note in notes]),
        "media": {reference: found.name for reference, found in unit.media.items() if isinstance(found, MediaFile)},
        "findings": [as_row(found) for found in looked.diagnostics],
        "waived": sorted(looked.waived),
        "facts": {
            name: (
                [places[id(fact.identity)] for fact in facts],
                [fact.position.line for fact in facts],
                [fact.position.column for fact in facts],
                [_put(texts, column) for column in zip(*[fact.data for fact in facts], strict=True)],
            )
            for name, facts in looked.facts.items()
        },
    }
    return _COLUMN.join([json.dumps(head, ensure_ascii=False, separators=(",", ":")).encode(), *texts])


def _put(texts: list[bytes], column: Sequence[Any]) -> int | Sequence[Any]:
    """A column as it stands in the JSON: if it is all of texts, only the place at which it now stands among those."""
    if set(map(type, column)) != {str}:
        return column
    texts.append(_ROW.join([text.encode() for text in column]))
    return len(texts)


def _cut(texts: bytes, lengths: Sequence[int]) -> list[str]:
    """Long texts that stand one after the other: to look for what stands between them would take longer."""
    ends = list(accumulate(lengths, initial=0))
    return [texts[start:end].decode() for start, end in pairwise(ends)]


def _get(texts: list[bytes], stored: int | list[Any]) -> list[Any]:
    """A column. Its texts are decoded one by one where it is not all ASCII: one wide character makes a text wide."""
    if not isinstance(stored, int):
        return stored
    column = texts[stored]
    if column.isascii():
        return column.decode().split(_ROW.decode())
    return [text.decode() for text in column.split(_ROW)]


def _place(one: Link | Waiver) -> tuple[int, int]:
    return one.position.line, one.position.column


def load(data: bytes, path: str, find: Callable[[str], MediaFile | Problem]) -> Unit:
    """A stored unit of the file that is shown as ``path``, with the media as they are today; raises Unfit."""
    texts = data.split(_COLUMN)
    head = json.loads(texts[0])
    media: dict[str, MediaFile | Problem] = {}
    files: dict[str, MediaFile] = {}
    for reference, name in head["media"].items():
        found = media[reference] = find(reference)
        if isinstance(found, Problem) or found.name != name:
            raise Unfit
        files[name] = found
    identities = _identities(head, texts, path)
    count = len(identities)
    notes = [
        Note(who, note_type, text, shown, cards, numbers, unpublished, hash)
        for who, note_type, text, shown, cards, numbers, unpublished, hash in zip(
            identities,
            _from_table(head["types"], NOTE_TYPES.__getitem__),
            _cut(texts[1], head["lengths"]),
            _from_sparse(head["shown"], count, lambda names: tuple([files[name] for name in names])),
            _from_table(head["cards"], tuple),
            _from_table(head["numbers"], dict),
            _from_sparse(head["unpublished"], count, lambda cards: tuple([NumberedCard(*card) for card in cards])),
            _get(texts, head["hashes"]),
            strict=True,
        )
    ]
    facts = {name: _facts(identities, texts, path, *stored) for name, stored in head["facts"].items()}
    findings = tuple([from_row(row, path) for row in head["findings"]])
    looked = Looked(findings, frozenset(map(tuple, head["waived"])), facts)
    return Unit(tuple(notes), (), (), looked, media)


def _identities(head: Mapping[str, Any], texts: list[bytes], path: str) -> list[Identity]:
    count = len(head["lines"])
    columns = zip(
        _get(texts, head["ids"]),
        _get(texts, head["guids"]),
        _get(texts, head["labels"]),
        _from_table(head["kinds"], str),
        _get(texts, head["entries"]),
        _from_table(head["domains"], str),
        _get(texts, head["titles"]),
        _from_table(head["tags"], tuple),
        _from_sparse(head["links"], count, lambda own: tuple([Link(id, Position(path, *place)) for id, *place in own])),
        head["lines"],
        head["columns"],
        _from_table(head["sources"], tuple),
        _from_table(head["dates"], _as_it_is),
        _from_sparse(
            head["waivers"],
            count,
            lambda own: tuple([Waiver(rule, reason, Position(path, *place)) for rule, reason, *place in own]),
        ),
        strict=True,
    )
    return [
        Identity(
            id,
            guid,
            label or id,
            kind,
            entry or id,
            domain,
            title,
            tags,
            links,
            Position(path, line, column),
            sources,
            date,
            waivers,
        )
        for id, guid, label, kind, entry, domain, title, tags, links, line, column, sources, date, waivers in columns
    ]


def _facts(
    identities: list[Identity], texts: list[bytes], path: str, places: Any, lines: Any, columns: Any, data: Any
) -> tuple[Fact, ...]:
    rows = zip(*[_get(texts, column) for column in data], strict=True)
    return tuple(
        [
            Fact(identities[place], Position(path, line, column), row)
            for place, line, column, row in zip(places, lines, columns, rows, strict=True)
        ]
    )


# A column with few different values has each once, and its place for each row; one that is mostly empty has only what
# is not, with its row.


def _table(values: Sequence[Any]) -> list[list[Any]]:
    places: dict[Any, int] = {}
    column = [places.setdefault(value, len(places)) for value in values]
    return [list(places), column]


def _from_table(stored: list[list[Any]], made: Callable[[Any], T]) -> list[T]:
    values = list(map(made, stored[0]))
    return [values[place] for place in stored[1]]


def _sparse(values: Sequence[Sequence[Any]]) -> list[list[Any]]:
    return [[row, value] for row, value in enumerate(values) if value]


def _from_sparse(stored: list[list[Any]], count: int, made: Callable[[Any], tuple[T, ...]]) -> list[tuple[T, ...]]:
    column: list[tuple[T, ...]] = [()] * count
    for row, value in stored:
        column[row] = made(value)
    return column


def _as_it_is(value: T) -> T:
    return value
