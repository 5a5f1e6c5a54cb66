"""Sources in, packages out: each file is compiled by itself to notes, then the notes of all files are linked.

Compiling a file depends on nothing but that file, the project's own files, and the media that it shows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

from deckgen.build.compile_all import Progress, Units, compile_all, silently
from deckgen.build.compile_file import compile_file, compile_text
from deckgen.build.link import link
from deckgen.build.publish import check_published
from deckgen.build.retired import retired_notes
from deckgen.cards.note import Deck, Note, Package
from deckgen.core.diagnostics import Diagnostic, Report, did_you_mean
from deckgen.core.processes import Helper, Task
from deckgen.kinds.registry import all_kinds
from deckgen.language import rules
from deckgen.language.escaping import escape
from deckgen.language.source import Source
from deckgen.lint.run import LintResult, check_project, check_settings
from deckgen.project.location import shown
from deckgen.project.project import RETIRED, DeckFolder, Project


class Compilation(NamedTuple):
    """The packages that were asked for, and the living and retired notes of the whole project. Where the report has
    errors, what they concern is missing; then this may be looked at, not published."""

    packages: tuple[Package, ...] = ()
    notes: tuple[Note, ...] = ()
    retired: tuple[Note, ...] = ()


Serve = Callable[[Project, Compilation, Any], object]
"""Answers a request about a project and what it was compiled to."""


def compile_project(
    project: Project, report: Report, decks: Sequence[DeckFolder], unsaved: Source | None = None
) -> Compilation:
    """The packages of some decks of a project, with one file as it would be when it is saved.

    All files are read even if one deck is wanted, since an id must be unique in the whole project.
    """
    with compiling(project, report, decks, unsaved=unsaved) as (compilation, judging, _):
        report.extend(judging.result())
    return compilation


@contextmanager
def compiling(
    project: Project,
    report: Report,
    decks: Sequence[DeckFolder],
    progress: Progress = silently,
    unsaved: Source | None = None,
    *,
    hints: bool = True,
    serve: Serve | None = None,
) -> Iterator[tuple[Compilation, Task[list[Diagnostic]], Helper | None]]:
    """As ``compile_project``, while the content rules may still compare notes: what they find is yet to be reported.

    Without hints, rules that only give such are not asked, and files that did not change are not compiled again. If the
    project is large, another process then has compiled it too; it compares the notes, and can ``serve``.
    """
    compiled: AbstractContextManager[tuple[Units, Helper | None]]
    if hints:
        # Whoever asks for hints shows them at once, and may have threads, which no process can take along.
        compiled = nullcontext((_compile_anew(project, progress, unsaved), None))
    else:
        compiled = compile_all(_sources(project), project, progress, partial(_twin, project, decks, serve))
    with compiled as (units, helper):
        linked = _link(units, project, report)
        judgement = partial(_judge_anew, project) if helper else partial(_judge, linked, project, hints=hints)
        judging = Task(judgement, helper, linked.complete)
        yield _pack(linked, project, report, decks), judging, helper


def _sources(project: Project) -> list[Path]:
    return [path for deck in project.decks for path in deck.sources]


def _compile_anew(project: Project, progress: Progress, unsaved: Source | None) -> Units:
    paths = _sources(project)
    units = {paths[turn]: compile_file(paths[turn], project) for turn in progress(range(len(paths)), len(paths))}
    if unsaved:
        units[unsaved.path] = compile_text(unsaved, project, Report())
    return units


def _twin(
    project: Project, decks: Sequence[DeckFolder], serve: Serve | None, units: Units, requests: Iterator[Any]
) -> Iterator[object]:
    """What another process answers, which has compiled all files as well: first what the content rules find, once it is
    told whether nothing is missing; until then it need not know what was published."""
    own = [units[path] for path in _sources(project)]
    identities = [note.identity for unit in own for note in unit.notes]
    looked = [unit.looked for unit in own]
    yield check_project(identities, looked, project, complete=next(requests), hints=False)
    if (first := next(requests, None)) is not None:
        report = Report()
        compilation = _pack(_link(units, project, report), project, report, decks)
        for request in chain([first], requests):
            yield serve(project, compilation, request) if serve else None


class _Linked(NamedTuple):
    """The notes of a project by the file that they come from, those that it retires by deck, what the content rules
    said of each file, and whether nothing is missing."""

    notes: Mapping[Path, Sequence[Note]]
    retired: Mapping[str, tuple[Note, ...]]
    looked: Sequence[LintResult]
    complete: bool

    @property
    def living(self) -> list[Note]:
        return [note for own in self.notes.values() for note in own]


def _link(units: Units, project: Project, report: Report) -> _Linked:
    """Notes of units, which are taken out of these so as not to have each note twice."""
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
    paths = _sources(project)
    living = link([note for path in paths for note in units[path].notes], project.lock, report)
    taken_out = {deck.name: [one for path in deck.sources for one in units[path].retired] for deck in project.decks}
    retired = retired_notes(taken_out, living, project, report)
    linked = iter(living)
    notes = {path: [next(linked) for _ in units[path].notes] for path in paths}
    looked = [units[path].looked for path in paths]
    units.clear()
    for one in looked:
        report.extend(one.findings)
    check_settings(project, report)
    # A note may be missing, or a file unused, only because an entry has an error.
    return _Linked(notes, retired, looked, not report.has_errors)


def _judge(linked: _Linked, project: Project, *, hints: bool) -> list[Diagnostic]:
    identities = [note.identity for note in linked.living]
    return check_project(identities, linked.looked, project, complete=linked.complete, hints=hints)


def _judge_anew(project: Project) -> list[Diagnostic]:
    """What another process was to find, whose part the facts of all files were."""
    with compile_all(_sources(project), project) as (units, _):
        return _judge(_link(units, project, Report()), project, hints=False)


def _pack(linked: _Linked, project: Project, report: Report, decks: Sequence[DeckFolder]) -> Compilation:
    living = linked.living
    gone = tuple(note for own in linked.retired.values() for note in own)
    if linked.complete:
        check_published((*living, *gone), project, report)
    packages: list[Package] = []
    for deck in decks:
        own = [note for path in deck.sources for note in linked.notes[path]]
        if linked.complete:
            used = {file.path for note in own for file in note.media}
            project.media.report_files(deck.path / "media", shown(deck.path / "media"), used, report)
        packages.append(_package(deck, own, project))
        if own_retired := linked.retired[deck.name]:
            notices = Deck(deck.file.title, "", own_retired, range(1, 1 + len(own_retired)))
            packages.append(Package(f"{deck.name}{RETIRED}", (notices,), retired=True))
    return Compilation(tuple(packages), tuple(living), gone)


def _package(deck: DeckFolder, notes: Sequence[Note], project: Project) -> Package:
    """A deck's notes in subdecks by kind, in source order, below a parent that has the description."""
    title, names = deck.file.title, deck.file.subdecks or {}
    decks, place = [Deck(title, _description(deck, notes, project))], 1
    by_kind: dict[str, list[Note]] = {kind.name: [] for kind in all_kinds().values()}
    for note in notes:
        by_kind[note.identity.kind].append(note)
    for kind in all_kinds().values():
        if own := tuple(by_kind[kind.name]):
            places = range(place, place + len(own))
            decks.append(Deck(f"{title}::{names.get(kind.name, kind.plural)}", "", own, places))
            place = places.stop
    return Package(deck.name, tuple(decks))


def _description(deck: DeckFolder, notes: Sequence[Note], project: Project) -> str:
    """What Anki shows above the deck: what it is, how much there is of each domain, and on what terms."""
    cards = sum([len(note.cards) for note in notes])
    domains = Counter([note.identity.domain for note in notes])
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
