"""Compile one file into notes. The result depends on the file, the project's own files, and the media that it shows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple, TypeVar

from deckgen.cards.note import Note
from deckgen.cards.template import with_cards
from deckgen.core import rules, source
from deckgen.core.diagnostics import Diagnostic, Report, Severity
from deckgen.core.location import short_path
from deckgen.core.nodes import MappingNode, Node, ScalarNode, SequenceNode, noun
from deckgen.core.source import Source
from deckgen.kinds.entry import About
from deckgen.kinds.registry import all_kinds
from deckgen.language.keys import keys
from deckgen.language.records import Record
from deckgen.language.shapes import Reader
from deckgen.language.yaml_reader import parse
from deckgen.lint.run import LintResult, check_file
from deckgen.media.media import MediaFile, MediaProblem
from deckgen.project.project import Project
from deckgen.publication.retired import RETIRED_SECTION, Retired

T = TypeVar("T")

MAX_TEXT = 200_000_000
"""How many characters the notes of one file may have: three times the size of the largest file that is read. Text that
each note repeats, such as a topic, can make the notes much larger than their file."""


class CompiledFile(NamedTuple):
    """A file's notes and retirements, its findings, the result of the content rules, and the media file, or the
    problem, that each reference led to."""

    notes: tuple[Note, ...] = ()
    retired: tuple[Retired, ...] = ()
    findings: tuple[Diagnostic, ...] = ()
    lint: LintResult = LintResult()
    media: Mapping[str, MediaFile | MediaProblem] = MappingProxyType({})


def compile_file(path: Path, data: bytes, project: Project, *, hints: bool) -> CompiledFile:
    """Compile the bytes of a file. Content rules that only give hints are applied if ``hints`` are wanted."""
    report = Report()
    return compile_source(source.decode(path, short_path(path), data, report), project, report, hints=hints)


def compile_source(text: Source | None, project: Project, report: Report, *, hints: bool) -> CompiledFile:
    """Compile a decoded file. An entry with an error makes no note; the other entries are compiled all the same."""
    node = parse(text, report) if text else None
    if text is None or node is None:
        return CompiledFile(findings=tuple(report))
    return compile_node(text, node, project, report, hints=hints)


def compile_node(text: Source, node: Node, project: Project, report: Report, *, hints: bool) -> CompiledFile:
    """Compile a file that was parsed, or some entries of it with the defaults at its top."""
    media: dict[str, MediaFile | MediaProblem] = {}

    def find(reference: str) -> MediaFile | MediaProblem:
        media[reference] = project.media.find(reference, text.path.parent)
        return media[reference]

    reader = Reader(text, report, project.declared, find, consent=project.consent)
    notes: list[Note] = []
    retired: list[Retired] = []
    size = 0
    for made in _entries(node, reader, project):
        if isinstance(made, Retired):
            retired.append(made)
            continue
        notes.append(made)
        size += len(made.text) + sum(map(len, made.identity.tags))
        if size > MAX_TEXT:
            message = f"the notes up to this one have more than {MAX_TEXT:,} characters, counting repeated text"
            help = "shorten what every card repeats (topic, tags, titles of sources), or split the file"
            report.add(rules.FILE_TOO_LARGE, made.identity.position, message, help)
            break
    return CompiledFile(tuple(notes), tuple(retired), tuple(report), check_file(notes, project, hints=hints), media)


def _entries(node: Node, reader: Reader, project: Project) -> Iterator[Note | Retired]:
    """The notes of a file's entries, and its retirements."""
    kinds = all_kinds()
    inherited = {name: declared for name, declared in keys(About).items() if declared.inherited}
    sections = [*kinds, RETIRED_SECTION]
    if not isinstance(node, MappingNode):
        message = f"expected sections with entries, such as 'faq:', found {noun(node)}"
        help = f"begin the file with a section, and write its entries below it; sections: {', '.join(sections)}"
        reader.error(rules.WRONG_SHAPE, node, message, help)
        return
    defaults = reader.defaults
    for name, pair in node.pairs.items():
        if name in inherited:
            defaults[name] = inherited[name].shape.read(pair.value, reader)
        elif name not in sections:
            near = reader.report.did_you_mean(name, [*inherited, *sections])
            message = f"'{name}' is not a section or default of a deck's file{near}"
            help = f"sections: {', '.join(sections)}; defaults: {', '.join(inherited)}"
            reader.error(rules.UNKNOWN_KEY, pair.key, message, help)
    _report_unshown(node, reader)
    for name, pair in node.pairs.items():
        if name not in sections:
            continue
        if not isinstance(pair.value, SequenceNode):
            message = f"expected a list of entries, each beginning with '- id:', found {noun(pair.value)}"
            help = "write '- ' before the first key of each entry, and align its other keys with that key"
            if isinstance(pair.value, ScalarNode) and not pair.value.value:
                help = "write an entry below it, or delete the line"
            reader.error(rules.WRONG_SHAPE, pair.value, message, help)
        elif name == RETIRED_SECTION:
            yield from _read_entries(Record(Retired, "a retired entry"), pair.value, reader)
        else:
            kind = kinds[name]
            for entry in _read_entries(Record(kind.entry, kind.name), pair.value, reader):
                if None not in defaults.values():  # after an error in a default, report the entries' errors only
                    for note in kind.notes(entry, project):
                        yield with_cards(note, project.note_types[note.note_type.name])


def _report_unshown(node: MappingNode, reader: Reader) -> None:
    """Warn of defaults that no card of the file shows."""
    used = [kind for section, kind in all_kinds().items() if section in node.pairs]
    for name in reader.defaults:
        if used and all(name in kind.unshown for kind in used):
            position = reader.source.position(node.pairs[name].key)
            message = f"the cards of this file do not show '{name}'"
            help = f"delete it: entries in {' and '.join(kind.section for kind in used)} show their fields only"
            reader.report.add(rules.UNKNOWN_KEY, position, message, help, Severity.WARNING)


def _read_entries(record: Record[T], node: SequenceNode, reader: Reader) -> Iterator[T]:
    for item in node.items:
        if (entry := record.read(item, reader)) is not None:
            yield entry
