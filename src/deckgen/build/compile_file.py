"""One file becomes notes. That depends on nothing but the file, the project's own files, and the media it shows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

from deckgen.build.compiled_file import Unit
from deckgen.build.retired import SECTION, Retired
from deckgen.cards.note import Note
from deckgen.core.diagnostics import Report
from deckgen.kinds.entry import About
from deckgen.kinds.registry import all_kinds
from deckgen.language import parser, rules, source
from deckgen.language.media import MediaFile, Problem
from deckgen.language.records import Record, keys
from deckgen.language.source import Mapping, Source, noun
from deckgen.language.source import Sequence as SequenceNode
from deckgen.language.values import Reader
from deckgen.lint.run import check_file
from deckgen.project.location import shown
from deckgen.project.project import Project, read_source

T = TypeVar("T")

MAX_TEXT = 200_000_000
"""How many characters the notes of one file may have: three times the largest file, and a bound on what it can cost."""


def compile_file(path: Path, project: Project) -> Unit:
    """Compile a file."""
    report = Report()
    data = read_source(path, project.root, report)
    if data is None:
        return Unit(diagnostics=tuple(report))
    return compile_text(source.decode(path, shown(path), data, report), project, report)


def compile_text(text: Source | None, project: Project, report: Report) -> Unit:
    """What a text that was read holds. An entry with a problem makes no note, the others go on."""
    node = parser.parse(text, report) if text else None
    notes: list[Note] = []
    retired: list[Retired] = []
    media: dict[str, MediaFile | Problem] = {}
    if text is not None and node is not None:
        folder = text.path.parent

        def find(reference: str) -> MediaFile | Problem:
            media[reference] = project.media.find(reference, folder)
            return media[reference]

        size = 0
        for made in _entries(node, Reader(text, report, project.names, find), project):
            if isinstance(made, Retired):
                retired.append(made)
                continue
            notes.append(made)
            size += len(made.text) + sum(map(len, made.identity.tags))
            if size > MAX_TEXT:
                message = f"the notes up to this one have more than {MAX_TEXT:,} characters, with all that each repeats"
                help = "shorten what stands on every card: topic, tags, titles of sources; or split the file in several"
                report.add(rules.FILE_TOO_LARGE, made.identity.position, message, help)
                break
    checked = check_file(notes, project)
    return Unit(tuple([note.kept() for note in notes]), tuple(retired), tuple(report), checked, media)


def _entries(node: source.Node, reader: Reader, project: Project) -> Iterator[Note | Retired]:
    kinds = all_kinds()
    inherited = {name: declared for name, declared in keys(About).items() if declared.inherited}
    sections = [*kinds, SECTION]
    if not isinstance(node, Mapping):
        message = f"expected a mapping with the sections {', '.join(sections)}, found {noun(node)}"
        reader.error(rules.WRONG_SHAPE, node, message)
        return
    defaults = reader.defaults
    for name, pair in node.pairs.items():
        if name in inherited:
            value = inherited[name].shape.read(pair.value, reader)
            defaults[name] = value
        elif name not in sections:
            near = reader.report.did_you_mean(name, [*inherited, *sections])
            message = f"'{name}' is not a section or default of a deck's file{near}"
            reader.error(
                rules.UNKNOWN_KEY,
                pair.key,
                message,
                f"sections: {', '.join(sections)}; defaults: {', '.join(inherited)}",
            )
    for name, pair in node.pairs.items():
        if name not in sections:
            continue
        if not isinstance(pair.value, SequenceNode):
            message = f"expected a list of entries, each beginning with '- id:', found {noun(pair.value)}"
            reader.error(rules.WRONG_SHAPE, pair.value, message)
            continue
        if name == SECTION:
            yield from _read_all(Record(Retired, "a retired entry"), pair.value, reader)
        else:
            kind = kinds[name]
            for entry in _read_all(Record(kind.entry, kind.name), pair.value, reader):
                if None not in defaults.values():  # with a wrong default, entries are read for their own errors only
                    yield from kind.notes(entry, project)


def _read_all(record: Record[T], node: SequenceNode, reader: Reader) -> Iterator[T]:
    for item in node.items:
        if (entry := record.read(item, reader)) is not None:
            yield entry
