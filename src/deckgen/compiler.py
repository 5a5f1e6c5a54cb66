"""Sources in, packages out: each file is compiled by itself to notes, then the notes of all files are linked.

Compiling a file depends on nothing but that file, the project's own files, and the media that it shows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

from deckgen import rules
from deckgen.diagnostic import Report, Row, did_you_mean
from deckgen.escaping import escape
from deckgen.linker import link
from deckgen.linter import check_settings, from_row, judge
from deckgen.location import shown
from deckgen.note import Deck, Note, Package
from deckgen.processes import Task
from deckgen.project import RETIRED, DeckFolder, Project
from deckgen.publication import check_published
from deckgen.registry import all_kinds
from deckgen.retirement import retired_notes
from deckgen.source import Source
from deckgen.translation import compile_file, compile_text
from deckgen.units import Progress, compile_all, silently

WORTH_A_PROCESS = 2_000
"""How many notes take longer to compare than a process to start."""


class Compilation(NamedTuple):
    """The packages that were asked for, and the living and retired notes of the whole project. Where the report has
    errors, what they concern is missing; then this may be looked at, not published."""

    packages: tuple[Package, ...] = ()
    notes: tuple[Note, ...] = ()
    retired: tuple[Note, ...] = ()


def compile_project(
    project: Project, report: Report, decks: Sequence[DeckFolder], unsaved: Source | None = None
) -> Compilation:
    """The packages of some decks of a project, with one file as it would be when it is saved.

    All files are read even if one deck is wanted, since an id must be unique in the whole project.
    """
    compilation, judging = begin(project, report, decks, unsaved=unsaved)
    with judging:
        report.extend(map(from_row, judging.result()))
    return compilation


def begin(
    project: Project,
    report: Report,
    decks: Sequence[DeckFolder],
    progress: Progress = silently,
    unsaved: Source | None = None,
    *,
    hints: bool = True,
) -> tuple[Compilation, Task[list[Row]]]:
    """As ``compile_project``, while the content rules may still compare notes: what they find is yet to be reported.
    Without hints, rules that only give such are not asked, and files that did not change are not compiled again."""
    paths = [path for deck in project.decks for path in deck.sources]
    if hints:
        units = {paths[turn]: compile_file(paths[turn], project) for turn in progress(range(len(paths)), len(paths))}
    else:
        units = compile_all(paths, project, progress)
    if unsaved:
        units[unsaved.path] = compile_text(unsaved, project, Report())
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
    taken_out = {deck.name: [one for path in deck.sources for one in units[path].retired] for deck in project.decks}
    retired = retired_notes(taken_out, living, project, report)
    linked = iter(living)
    notes_of = {path: [next(linked) for _ in units[path].notes] for path in paths}
    looked = [units[path].looked for path in paths]
    units.clear()
    for one in looked:
        report.extend(one.diagnostics)
    check_settings(project, report)
    judgement = partial(judge, living, looked, project, complete=not report.has_errors, hints=hints)
    # Whoever asks for hints shows them at once, and may have threads, which no process can take along.
    judging = Task(judgement, meanwhile=not hints and len(living) >= WORTH_A_PROCESS)
    gone = tuple(note for own in retired.values() for note in own)
    complete = not report.has_errors  # a note may be missing, or a file unused, only because an entry has an error
    if complete:
        check_published((*living, *gone), project, report)
    packages: list[Package] = []
    for deck in decks:
        own = [note for path in deck.sources for note in notes_of[path]]
        if complete:
            used = {file.path for note in own for file in note.media}
            project.media.report_files(deck.path / "media", shown(deck.path / "media"), used, report)
        packages.append(_package(deck, own, project))
        if own_retired := retired[deck.name]:
            notices = Deck(deck.file.title, "", own_retired, range(1, 1 + len(own_retired)))
            packages.append(Package(f"{deck.name}{RETIRED}", (notices,), retired=True))
    return Compilation(tuple(packages), tuple(living), gone), judging


def _package(deck: DeckFolder, notes: Sequence[Note], project: Project) -> Package:
    """A deck's notes in subdecks by kind, in source order, below a parent that has the description."""
    title, names = deck.file.title, deck.file.subdecks or {}
    decks, place = [Deck(title, _description(deck, notes, project))], 1
    for kind in all_kinds().values():
        own = tuple(note for note in notes if note.identity.kind == kind.name)
        if own:
            places = range(place, place + len(own))
            decks.append(Deck(f"{title}::{names.get(kind.name, kind.plural)}", "", own, places))
            place = places.stop
    return Package(deck.name, tuple(decks))


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
