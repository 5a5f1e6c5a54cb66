"""What the commands work on: the project around the working folder, compiled, with everything that was found in it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import click

from deckgen.build.compile_all import silently
from deckgen.build.compiler import Compilation, Serve, compiling
from deckgen.cards.note import Package
from deckgen.core import terminal
from deckgen.core.diagnostics import Diagnostic, Report, Severity
from deckgen.core.processes import Helper
from deckgen.project import project as projects
from deckgen.project.location import shown
from deckgen.project.project import DeckFolder, Project


class Session(NamedTuple):
    """A project compiled. One that ``failed`` may be looked at, not published."""

    project: Project
    compilation: Compilation
    findings: tuple[Diagnostic, ...]

    def with_findings(self, findings: Iterable[Diagnostic]) -> Session:
        """The same session, in which more was found."""
        return self._replace(findings=(*self.findings, *findings))

    def chosen(self, select: Sequence[str] = (), ignore: Sequence[str] = (), *, hints: bool = False) -> Session:
        """The same session with the findings of some rules only, and hints only if they are wanted."""
        findings = [
            found
            for found in self.findings
            if (not select or found.rule in select)
            and found.rule not in ignore
            and (hints or found.severity is not Severity.HINT or found.rule in select)
        ]
        return self._replace(findings=tuple(findings))

    @property
    def warned(self) -> bool:
        return any(found.severity is Severity.WARNING for found in self.findings)

    @property
    def failed(self) -> bool:
        return any(found.severity is Severity.ERROR for found in self.findings)

    def summary(self, outcome: str = "") -> str:
        """One line whose counts add up."""
        files = sum(len(deck.sources) for deck in self.project.decks)
        parts = [terminal.count(files, "file")]
        if not self.failed:
            parts.append(count_contents(self.compilation.packages))
        return f"{', '.join(parts)}: {f'{outcome}; ' if outcome else ''}{terminal.count_problems(self.findings)}"


def count_contents(packages: Sequence[Package]) -> str:
    """``12 notes, 20 cards``."""
    notes = [note for package in packages for note in package.notes]
    return f"{terminal.count(len(notes), 'note')}, {terminal.count(sum(len(note.cards) for note in notes), 'card')}"


def open_session(root: Path, paths: Sequence[Path], *, quiet: bool = False, hints: bool = True) -> Session:
    """Compile the project in a folder; with paths, only their decks and only what was found in them. Without hints,
    rules that only give such are not asked."""
    with opening(root, paths, quiet=quiet, hints=hints) as (_, judged, _):
        return judged()


@contextmanager
def opening(
    root: Path, paths: Sequence[Path], *, quiet: bool = False, hints: bool = True, serve: Serve | None = None
) -> Iterator[tuple[Session, Callable[[], Session], Helper | None]]:
    """As ``open_session``, while the content rules of a large project may still be at it: the session without what they
    find, what waits for that, and the process that does it, which can also ``serve``."""
    report = Report()
    project = projects.load(root, report, lock_later=True)
    decks = _decks_of(paths, project)
    show = silently if quiet else terminal.progress
    with compiling(project, report, decks, show, hints=hints, serve=serve) as (compilation, judging, helper):

        def session() -> Session:
            return Session(project, compilation, _found_in(paths, report) if paths else tuple(report))

        def judged() -> Session:
            report.extend(judging.result())
            return session()

        yield session() if helper else judged(), judged, helper


def _found_in(paths: Sequence[Path], report: Report) -> tuple[Diagnostic, ...]:
    """What was found in some files and folders; everything, if they have no error but others do: without those others
    a deck cannot be linked, nor the lock written."""
    own = tuple(found for found in report if _lies_in(found, paths))
    if report.has_errors and not any(found.severity is Severity.ERROR for found in own):
        return tuple(report)
    return own


def _decks_of(paths: Sequence[Path], project: Project) -> list[DeckFolder]:
    if not paths:
        return list(project.decks)
    chosen: set[str] = set()
    for path in paths:
        place = path.resolve()
        if not place.is_relative_to(project.root.resolve()) and not project.root.resolve().is_relative_to(place):
            raise click.BadParameter(f"'{path}' is not in {shown(project.root)}", param_hint="PATHS")
        for deck in project.decks:
            folder = deck.path.resolve()
            if place.is_relative_to(folder) or folder.is_relative_to(place):
                chosen.add(deck.name)
    return [deck for deck in project.decks if deck.name in chosen]


def _lies_in(found: Diagnostic, paths: Sequence[Path]) -> bool:
    place = Path(found.position.path).resolve()
    return any(place.is_relative_to(path.resolve()) for path in paths)
