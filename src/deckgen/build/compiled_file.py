"""What one file was compiled to, and the form in which that is kept until the file changes.

A stored unit is a line of JSON, and behind it columns of texts and of numbers. It can hold nothing else, so reading one
runs no code. It has a column for each property of the notes, not a row for each note: columns are read and written
several times as fast as rows, and those behind the JSON several times as fast as what is in it.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Callable, Mapping, Sequence
from itertools import accumulate, pairwise
from types import MappingProxyType
from typing import Any, NamedTuple, TypeVar

from deckgen.build.retired import Retired
from deckgen.cards.note import Identity, Note, NumberedCard, StoredText, Texts, Waiver
from deckgen.core.diagnostics import Diagnostic, Position
from deckgen.kinds.registry import NOTE_TYPES
from deckgen.language.media import MediaFile, Problem
from deckgen.language.values import Link
from deckgen.lint.api import Fact
from deckgen.lint.run import LintResult

T = TypeVar("T")

_ROW = "\x1e"
"""Stands between the texts of a column; no source can hold this character."""

_NUMBER = "I"
"""How ``array`` calls the numbers of a column: those from 0 to 2**32."""


class Unit(NamedTuple):
    """What one file was compiled to: its notes, what it retires, its problems, what the content rules say, and the
    media that it refers to, as they were found."""

    notes: tuple[Note, ...] = ()
    retired: tuple[Retired, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    looked: LintResult = LintResult()
    media: Mapping[str, MediaFile | Problem] = MappingProxyType({})


class Unfit(ValueError):
    """A stored unit that says nothing of how things are today."""


NOT_A_UNIT = (ValueError, TypeError, LookupError, AttributeError, RecursionError)
"""What ``load`` raises for bytes that ``dump`` did not make."""


def dump(unit: Unit) -> tuple[bytes, bytes] | None:
    """A unit as bytes, without the texts of its notes, and these; None for one that is not kept, since it has errors or
    retires entries."""
    if unit.diagnostics or unit.retired or any(isinstance(found, Problem) for found in unit.media.values()):
        return None
    notes, looked = unit.notes, unit.looked
    identities = [note.identity for note in notes]
    places = {id(identity): place for place, identity in enumerate(identities)}
    contents = [note.encoded for note in notes]
    columns: list[bytes] = []
    head = {
        "lengths": _put_numbers(columns, list(map(len, contents))),
        "ids": _put_texts(columns, [who.id for who in identities]),
        "guids": _put_texts(columns, [who.guid for who in identities]),
        "labels": _put_texts(columns, ["" if who.label == who.id else who.label for who in identities]),
        "kinds": _put_table(columns, [who.kind for who in identities]),
        "entries": _put_texts(columns, ["" if who.entry == who.id else who.entry for who in identities]),
        "domains": _put_table(columns, [who.domain for who in identities]),
        "titles": _put_texts(columns, [who.title for who in identities]),
        "tags": _put_table(columns, [who.tags for who in identities]),
        "links": _sparse([[(link.id, *_place(link)) for link in who.confuse_with] for who in identities]),
        "lines": _put_numbers(columns, [who.position.line for who in identities]),
        "columns": _put_numbers(columns, [who.position.column for who in identities]),
        "sources": _put_table(columns, [who.source for who in identities]),
        "dates": _put_table(columns, [who.as_of for who in identities]),
        "waivers": _sparse([[(one.rule, one.reason, *_place(one)) for one in who.waivers] for who in identities]),
        "acronyms": _put_texts(columns, [note.acronym for note in notes]),
        "types": _put_table(columns, [note.note_type.name for note in notes]),
        "shown": _sparse([[file.name for file in note.media] for note in notes]),
        "cards": _put_table(columns, [note.cards for note in notes]),
        "numbers": _put_table(columns, [tuple(note.numbers.items()) for note in notes]),
        "unpublished": _sparse(
            [[(card.id, card.html, card.only_if_published) for card in note.unpublished] for note in notes]
        ),
        "hashes": _put_texts(columns, [note.hash for note in notes]),
        "media": {reference: found.name for reference, found in unit.media.items() if isinstance(found, MediaFile)},
        "findings": [found.row() for found in looked.findings],
        "waived": sorted(looked.waived),
        "facts": {
            name: (
                _put_numbers(columns, [places[id(fact.identity)] for fact in facts]),
                _put_numbers(columns, [fact.position.line for fact in facts]),
                _put_numbers(columns, [fact.position.column for fact in facts]),
                [_put(columns, column) for column in zip(*[fact.data for fact in facts], strict=True)],
            )
            for name, facts in looked.facts.items()
        },
        "sizes": list(map(len, columns)),
    }
    first = json.dumps(head, ensure_ascii=False, separators=(",", ":")).encode()
    return b"\n".join([first, b"".join(columns)]), b"".join(contents)


def load(data: bytes, texts: Texts, path: str, find: Callable[[str], MediaFile | Problem], *, facts: bool) -> Unit:
    """A stored unit of the file that is shown as ``path``, with the media as they are today, and if they are wanted the
    ``facts`` that rules compare; raises Unfit."""
    first, _, rest = data.partition(b"\n")
    head = json.loads(first)
    columns = _cut(rest, head["sizes"])
    media: dict[str, MediaFile | Problem] = {}
    files: dict[str, MediaFile] = {}
    for reference, name in head["media"].items():
        found = media[reference] = find(reference)
        if isinstance(found, Problem) or found.name != name:
            raise Unfit
        files[name] = found
    identities = _identities(head, columns, path)
    count = len(identities)
    notes = [
        Note(
            who,
            note_type,
            StoredText(texts, start, end),
            shown,
            cards,
            numbers,
            unpublished,
            hash,
            acronym=acronym,
        )
        for who, note_type, (start, end), shown, cards, numbers, unpublished, hash, acronym in zip(
            identities,
            _get_table(columns, head["types"], NOTE_TYPES.__getitem__),
            pairwise(accumulate(_get(columns, head["lengths"]), initial=0)),
            _from_sparse(head["shown"], count, lambda names: tuple([files[name] for name in names])),
            _get_table(columns, head["cards"], tuple),
            _get_table(columns, head["numbers"], dict),
            _from_sparse(head["unpublished"], count, lambda cards: tuple([NumberedCard(*card) for card in cards])),
            _get(columns, head["hashes"]),
            _get(columns, head["acronyms"]),
            strict=True,
        )
    ]
    gathered = head["facts"] if facts else {}
    own_facts = {name: _facts(identities, columns, path, *stored) for name, stored in gathered.items()}
    findings = tuple([Diagnostic.from_row([path, *row[1:]]) for row in head["findings"]])
    looked = LintResult(findings, frozenset(map(tuple, head["waived"])), own_facts)
    return Unit(tuple(notes), (), (), looked, media)


def _identities(head: Mapping[str, Any], columns: Sequence[bytes], path: str) -> list[Identity]:
    ids = _get(columns, head["ids"])
    count = len(ids)
    rows = zip(
        ids,
        _get(columns, head["guids"]),
        _get(columns, head["labels"]),
        _get_table(columns, head["kinds"], str),
        _get(columns, head["entries"]),
        _get_table(columns, head["domains"], str),
        _get(columns, head["titles"]),
        _get_table(columns, head["tags"], tuple),
        _from_sparse(head["links"], count, lambda own: tuple([Link(id, Position(path, *place)) for id, *place in own])),
        _get(columns, head["lines"]),
        _get(columns, head["columns"]),
        _get_table(columns, head["sources"], tuple),
        _get_table(columns, head["dates"], _as_it_is),
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
        for id, guid, label, kind, entry, domain, title, tags, links, line, column, sources, date, waivers in rows
    ]


def _facts(
    identities: list[Identity], columns: Sequence[bytes], path: str, places: Any, lines: Any, starts: Any, data: Any
) -> tuple[Fact, ...]:
    rows = zip(*[_get(columns, column) for column in data], strict=True)
    return tuple(
        [
            Fact(identities[place], Position(path, line, column), row)
            for place, line, column, row in zip(
                _get(columns, places), _get(columns, lines), _get(columns, starts), rows, strict=True
            )
        ]
    )


def _place(one: Link | Waiver) -> tuple[int, int]:
    return one.position.line, one.position.column


# In the JSON a column has its form: "texts" or "numbers" with its place behind the JSON, or "values" with those.


def _put(columns: list[bytes], values: Sequence[Any]) -> tuple[str, Any]:
    types = set(map(type, values))
    if types == {str}:
        return _put_texts(columns, values)
    if types == {int} and min(values) >= 0 and max(values) < 2**32:
        return _put_numbers(columns, values)
    return "values", values


def _put_texts(columns: list[bytes], texts: Sequence[str]) -> tuple[str, Any]:
    if not texts:
        return "values", texts
    columns.append(_ROW.join(texts).encode())
    return "texts", len(columns) - 1


def _put_numbers(columns: list[bytes], numbers: Sequence[int]) -> tuple[str, Any]:
    columns.append(array(_NUMBER, numbers).tobytes())
    return "numbers", len(columns) - 1


def _get(columns: Sequence[bytes], stored: Sequence[Any]) -> list[Any]:
    form, at = stored
    if form == "values":
        return list(at)
    column: bytes = columns[at]
    if form == "numbers":
        numbers: list[int] = array(_NUMBER, column).tolist()
        return numbers
    if column.isascii():  # else its texts are decoded one by one: one wide character makes a text wide
        return column.decode().split(_ROW)
    return [text.decode() for text in column.split(_ROW.encode())]


def _cut(data: bytes, lengths: Sequence[int]) -> list[bytes]:
    """What stands one after the other: where it is long, to look for what stands between would take longer."""
    ends = list(accumulate(lengths, initial=0))
    return [data[start:end] for start, end in pairwise(ends)]


# A column with few different values has each once, and its place for each row; one that is mostly empty has only what
# is not, with its row.


def _put_table(columns: list[bytes], values: Sequence[Any]) -> tuple[list[Any], tuple[str, Any]]:
    places: dict[Any, int] = {}
    column = [places.setdefault(value, len(places)) for value in values]
    return list(places), _put_numbers(columns, column)


def _get_table(columns: Sequence[bytes], stored: Sequence[Any], made: Callable[[Any], T]) -> list[T]:
    values = list(map(made, stored[0]))
    return [values[place] for place in _get(columns, stored[1])]


def _sparse(values: Sequence[Sequence[Any]]) -> list[list[Any]]:
    return [[row, value] for row, value in enumerate(values) if value]


def _from_sparse(stored: list[list[Any]], count: int, made: Callable[[Any], tuple[T, ...]]) -> list[tuple[T, ...]]:
    column: list[tuple[T, ...]] = [()] * count
    for row, value in stored:
        column[row] = made(value)
    return column


def _as_it_is(value: T) -> T:
    return value
