"""Sources in, packages out: each file is compiled by itself to notes, then the notes of all files are linked.

Compiling a file depends on nothing but that file, the project's own files, and the media that it shows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from deckgen import rules, source
from deckgen.diagnostic import Diagnostic, Report, did_you_mean
from deckgen.kind import About
from deckgen.linker import link
from deckgen.linter import Looked, judge, look
from deckgen.markup import escape
from deckgen.note import Deck, Note, Package
from deckgen.project import DeckFolder, Project, load_source, shown
from deckgen.publication import check_published
from deckgen.registry import all_kinds
from deckgen.retirement import SECTION, Retired, retired_notes
from deckgen.schema import Record, keys
from deckgen.shapes import Reader
from deckgen.source import Mapping, Source, noun
from deckgen.source import Sequence as SequenceNode

T = TypeVar("T")


@dataclass(frozen=True)
class Unit:
    """What one file was compiled to: its notes, what it retires, its problems, and what the content rules say."""

    notes: tuple[Note, ...]
    retired: tuple[Retired, ...]
    diagnostics: tuple[Diagnostic, ...]
    looked: Looked


@dataclass(frozen=True)
class Compilation:
    """The packages that were asked for, and the living and retired notes of the whole project. Where the report has
    errors, what they concern is missing; then this may be looked at, not published."""

    packages: tuple[Package, ...] = ()
    notes: tuple[Note, ...] = ()
    retired: tuple[Note, ...] = ()


def compile_file(path: Path, project: Project, unsaved: Source | None = None, *, hints: bool = True) -> Unit:
    """One source's notes, or those of a text not saved yet. An entry with a problem makes none, the others go on."""
    report = Report()
    loaded = unsaved or load_source(path, project.root, report)
    node = source.parse(loaded, report) if loaded else None
    notes: list[Note] = []
    retired: list[Retired] = []
    if loaded is not None and node is not None:
        reader = Reader(loaded, report, project.names, lambda reference: project.media.find(reference, path.parent))
        for made in _entries(node, reader, project):
            if isinstance(made, Retired):
                retired.append(made)
            else:
                notes.append(made)
    return Unit(tuple(notes), tuple(retired), tuple(report), look(notes, project, hints=hints))


def _entries(node: source.Node, reader: Reader, project: Project) -> Iterator[Note | Retired]:
    kinds = all_kinds()
    inherited = {name: declared for name, declared in keys(About).items() if declared.inherited}
    sections = [*kinds, SECTION]
    if not isinstance(node, Mapping):
        message = f"expected a mapping with the sections {', '.join(sections)}, found {noun(node)}"
        reader.error(rules.WRONG_SHAPE, node, message)
        return
    defaults: dict[str, object] = {}
    for name, (key_node, value_node) in node.pairs.items():
        if name in inherited:
            value = inherited[name].shape.read(value_node, reader)
            defaults |= {name: value}
        elif name not in sections:
            message = (
                f"'{name}' is not a section or default of a deck's file{did_you_mean(name, [*inherited, *sections])}"
            )
            reader.error(
                rules.UNKNOWN_KEY,
                key_node,
                message,
                f"sections: {', '.join(sections)}; defaults: {', '.join(inherited)}",
            )
    reader = replace(reader, defaults=defaults)
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


Progress = Callable[[Sequence[Path]], Iterable[Path]]


def compile_project(
    project: Project,
    report: Report,
    decks: Sequence[DeckFolder],
    progress: Progress = iter,
    unsaved: Source | None = None,
    *,
    hints: bool = True,
) -> Compilation:
    """The packages of some decks of a project, with one file as it would be when it is saved.

    All files are read even if one deck is wanted, since an id must be unique in the whole project.
    """
    paths = [path for deck in project.decks for path in deck.sources]
    texts = {unsaved.path: unsaved} if unsaved else {}
    units = {path: compile_file(path, project, texts.get(path), hints=hints) for path in progress(paths)}
    for unit in units.values():
        report.extend(unit.diagnostics)
    for deck in project.decks:
        if not any(units[path].notes or units[path].diagnostics for path in deck.sources):
            report.add(rules.EMPTY_DECK, deck.file.position, f"the deck '{deck.file.title}' has no entries")
        for name in deck.file.subdecks or ():
            kinds = [kind.name for kind in all_kinds().values()]
            if name not in kinds:
                message = f"'{name}' is not a kind{did_you_mean(name, kinds)}"
                report.add(rules.UNKNOWN_KEY, deck.file.position, message, f"kinds: {', '.join(kinds)}")
    living = link([note for path in paths for note in units[path].notes], project.lock, report)
    retired = {
        deck.name: tuple(
            retired_notes([entry for path in deck.sources for entry in units[path].retired], living, project, report)
        )
        for deck in project.decks
    }
    judge(living, [units[path].looked for path in paths], project, report, hints=hints)
    gone = tuple(note for own in retired.values() for note in own)
    complete = not report.has_errors  # a note may be missing, or a file unused, only because an entry has an error
    if complete:
        check_published((*living, *gone), project, report)
    by_id = {note.id: note for note in living}
    packages: list[Package] = []
    for deck in decks:
        own = [by_id[note.id] for path in deck.sources for note in units[path].notes]
        if complete:
            used = {file.path for note in own for file in note.media}
            project.media.report_files(deck.path / "media", shown(deck.path / "media"), used, report)
        packages.append(_package(deck, own, project))
        if retired[deck.name]:
            notices = Deck(deck.file.title, "", retired[deck.name])
            packages.append(Package(f"{deck.name}-retired", (notices,), retired=True))
    return Compilation(tuple(packages), tuple(living), gone)


def _package(deck: DeckFolder, notes: Sequence[Note], project: Project) -> Package:
    """A deck's notes in subdecks by kind, in source order, below a parent that has the description."""
    title, names = deck.file.title, deck.file.subdecks or {}
    subdecks = []
    for kind in all_kinds().values():
        own = tuple(note for note in notes if note.identity.kind == kind.name)
        if own:
            subdecks.append(Deck(f"{title}::{names.get(kind.name, kind.plural)}", "", own))
    return Package(deck.name, (Deck(title, _description(deck, notes, project), ()), *subdecks))


def _description(deck: DeckFolder, notes: Sequence[Note], project: Project) -> str:
    """What Anki shows above the deck: what it is, how much there is of each domain, and on what terms."""
    cards = sum(len(note.cards) for note in notes)
    domains = Counter(note.identity.domain for note in notes)
    rows = [f"{escape(title)}: {domains[id]}" for id, title in project.file.domains.items() if domains[id]]
    paragraphs = [
        deck.file.description.html if deck.file.description else "",
        f"{_count(len(notes), 'note')}, {_count(cards, 'card')}. Notes by skill domain: {'; '.join(rows)}.",
        project.file.disclaimer.html if project.file.disclaimer else "",
        " ".join(
            escape(f"{label}: {text}.")
            for label, text in (("By", ", ".join(project.file.authors)), ("Licence", project.file.licence))
            if text
        ),
    ]
    return "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs if paragraph)


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"
