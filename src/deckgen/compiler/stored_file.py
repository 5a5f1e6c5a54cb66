"""A compiled file as bytes, for the cache and for handing it from one process to another.

A line of JSON describes the file, and the texts of its notes follow: JSON would need an escape for each separator of
fields, and more than half of the time would go into these. Neither part can hold code, so reading a stored file runs
none.
"""

from __future__ import annotations

import json
import os
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

from deckgen.cards.note import Identity, Note, NumberedCard, Review, Waiver
from deckgen.cards.note_type import NoteType
from deckgen.cards.template import numbers_by_name
from deckgen.compiler.compile_file import CompiledFile
from deckgen.core.diagnostics import Diagnostic, Position
from deckgen.core.location import short_path
from deckgen.language.keys import make
from deckgen.language.values import Link
from deckgen.lint.api import Fact
from deckgen.lint.run import LintResult
from deckgen.media.media import MediaFile, MediaProblem
from deckgen.project.project import Project
from deckgen.publication.retired import Retired
from deckgen.text.markup import Markup

_END = "\x1e"
"""Separates the texts of a file's notes; no source can contain this character."""


class Outdated(ValueError):
    """A stored file that does not fit what is on disk today."""


LOAD_ERRORS = (ValueError, TypeError, LookupError, AttributeError, RecursionError)
"""What ``load`` raises for bytes that ``dump`` did not write, and for outdated ones."""


def dump(file: CompiledFile, path: Path) -> bytes:
    """A compiled file as bytes; the statements of its notes are left out."""
    name = short_path(path)
    indexes = {id(note.identity): index for index, note in enumerate(file.notes)}
    references = {found: reference for reference, found in file.media.items() if isinstance(found, MediaFile)}
    data = {
        "media": {reference: _media_row(found) for reference, found in file.media.items()},
        "notes": [_note_row(note, references) for note in file.notes],
        "retired": [_retired_row(entry, references) for entry in file.retired],
        "findings": [_finding_row(found, name) for found in file.findings],
        "lint": [_finding_row(found, name) for found in file.lint.findings],
        "waived": sorted(file.lint.waived),
        "facts": {
            collector: [[indexes[id(fact.identity)], *_line_and_column(fact.position), fact.data] for fact in facts]
            for collector, facts in file.lint.facts.items()
        },
    }
    texts = chain.from_iterable((note.text, *[card.html for card in note.numbered]) for note in file.notes)
    return f"{json.dumps(data, ensure_ascii=False, separators=(',', ':'))}\n{_END.join(texts)}".encode()


def load(data: bytes, path: Path, project: Project) -> CompiledFile:
    """Read a compiled file back. Its media are looked up again: raises Outdated if one is not what it was."""
    described, text = data.decode().split("\n", 1)
    stored = json.loads(described)
    name = short_path(path)
    media: dict[str, MediaFile | MediaProblem] = {}
    for reference, row in stored["media"].items():
        if row.get("kept") is False:
            project.media.remember(row["name"], row["digest"])
        found = media[reference] = project.media.find(reference, path.parent)
        if _media_row(found) != row:
            raise Outdated(reference)
    files = {reference: found for reference, found in media.items() if isinstance(found, MediaFile)}
    at = partial(Position, name)
    same: dict[Any, Any] = {}  # equal tuples of all notes are kept once
    texts = deque(text.split(_END))
    notes = tuple([_note(row, texts, at, files, same, project.note_types) for row in stored["notes"]])
    identities = [note.identity for note in notes]
    facts = {collector: _StoredFacts(rows, identities, name) for collector, rows in stored["facts"].items()}
    lint = LintResult(_findings(stored["lint"], name), frozenset(map(tuple, stored["waived"])), facts)
    retired = tuple([_retired(row, at, files) for row in stored["retired"]])
    return CompiledFile(notes, retired, _findings(stored["findings"], name), lint, media)


@dataclass(frozen=True, slots=True)
class _StoredFacts(Collection[Fact]):
    """Facts that are made of their rows when a rule asks for them: most builds skip the rules that only give hints."""

    rows: Sequence[list[Any]]
    identities: Sequence[Identity]
    path: str

    def __iter__(self) -> Iterator[Fact]:
        for index, line, column, data in self.rows:
            yield Fact(self.identities[index], Position(self.path, line, column), data)

    def __len__(self) -> int:
        return len(self.rows)

    def __contains__(self, fact: object) -> bool:
        return any(fact == own for own in self)


def _finding_row(found: Diagnostic, name: str) -> list[Any]:
    """A finding in a file shown as ``name``, or in a picture that it shows. The path is left out, or relative to the
    folder of the file: the next command may be run in another directory."""
    path, *rest = found.row()
    return ["" if path == name else os.path.relpath(path, os.path.dirname(name)), *rest]


def _findings(rows: Iterable[list[Any]], name: str) -> tuple[Diagnostic, ...]:
    folder = os.path.dirname(name)
    paths = {path: os.path.normpath(os.path.join(folder, path)) if path else name for path, *_ in rows}
    return tuple([Diagnostic.from_row([paths[path], *rest]) for path, *rest in rows])


def _line_and_column(position: Position) -> tuple[int, int]:
    return position.line, position.column


def _media_row(found: MediaFile | MediaProblem) -> dict[str, str | bool]:
    if isinstance(found, MediaProblem):
        return {"rule": found.rule.name, "message": found.message, "help": found.help}
    return {"name": found.name, "digest": found.digest, "kept": found.kept}


def _note_row(note: Note, references: Mapping[MediaFile, str]) -> list[Any]:
    """A note without its texts. The media of its type are left out: two files may have the same name."""
    identity = note.identity
    return [
        identity.id,
        identity.guid,
        identity.label,
        identity.kind,
        identity.entry,
        identity.domain,
        identity.title,
        identity.tags,
        [(link.id, *_line_and_column(link.position)) for link in identity.confuse_with],
        *_line_and_column(identity.position),
        identity.source,
        identity.as_of,
        [(one.rule, one.reason, *_line_and_column(one.position)) for one in identity.waivers],
        identity.reviewed,
        note.note_type.name,
        [references[file] for file in note.media[len(note.note_type.media) :]],
        [(card.id, card.only_if_published) for card in note.numbered],
        note.acronym,
        note.cards,
    ]


def _note(
    row: list[Any],
    texts: deque[str],
    at: Callable[..., Position],
    files: Mapping[str, MediaFile],
    same: dict[Any, Any],
    types: Mapping[str, NoteType],
) -> Note:
    id, guid, label, kind, entry, domain, title, tags, links, line, column, source, as_of, waivers, *rest = row
    reviewed, type_name, media, numbered, acronym, cards = rest
    note_type = types[type_name]
    tags, source, cards = tuple(tags), tuple(source), tuple(cards)
    identity = Identity(
        id,
        guid,
        label,
        kind,
        entry,
        domain,
        title,
        same.setdefault(tags, tags),
        tuple([Link(other, at(*position)) for other, *position in links]) if links else (),
        at(line, column),
        same.setdefault(source, source),
        as_of,
        tuple([Waiver(rule, reason, at(*position)) for rule, reason, *position in waivers]) if waivers else (),
        Review(*reviewed) if reviewed else None,
    )
    return Note(
        identity,
        note_type,
        texts.popleft(),
        (*note_type.media, *[files[reference] for reference in media]),
        tuple([NumberedCard(card, texts.popleft(), if_published) for card, if_published in numbered])
        if numbered
        else (),
        acronym=acronym,
        cards=same.setdefault(cards, cards),
        numbers=numbers_by_name(note_type, cards) if cards else {},
    )


def _retired_row(entry: Retired, references: Mapping[MediaFile, str]) -> list[Any]:
    texts = [_markup_row(entry.reason, references), _markup_row(entry.title, references)]
    return [entry.id, *texts, entry.successor, entry.on, *_line_and_column(entry.position)]


def _retired(row: list[Any], at: Callable[..., Position], files: Mapping[str, MediaFile]) -> Retired:
    id, reason, title, successor, on, line, column = row
    values = {
        "id": id,
        "reason": _markup(reason, at, files),
        "title": _markup(title, at, files),
        "successor": successor,
        "on": on,
    }
    return make(Retired, at(line, column), values)


def _markup_row(markup: Markup | None, references: Mapping[MediaFile, str]) -> list[Any] | None:
    if markup is None:
        return None
    return [markup.text, markup.html, *_line_and_column(markup.position), [references[file] for file in markup.media]]


def _markup(row: list[Any] | None, at: Callable[..., Position], files: Mapping[str, MediaFile]) -> Markup | None:
    if row is None:
        return None
    text, html, line, column, media = row
    return Markup(text, html, at(line, column), tuple([files[reference] for reference in media]))
