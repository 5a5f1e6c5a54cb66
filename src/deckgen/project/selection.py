"""Choose the decks and findings that belong to the paths given on the command line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

from deckgen.core.diagnostics import Diagnostic, Report, has_errors
from deckgen.core.location import short_path
from deckgen.core.terminal import UsageError
from deckgen.project.deck_files import DECK_FILE, OWN_FILES
from deckgen.project.project import DeckFolder, Project


def chosen_decks(paths: Sequence[Path], project: Project, report: Report) -> tuple[DeckFolder, ...]:
    """The decks that some files and folders belong to; all decks if there are no paths. Raises UsageError for a path
    that belongs to none, unless the report has an error that may be the reason."""
    if not paths:
        return project.decks
    root = project.root.resolve()
    chosen: set[str] = set()
    for path in paths:
        resolved = path.resolve()
        if not resolved.is_relative_to(root) and not root.is_relative_to(resolved):
            raise UsageError(f"Invalid value for PATHS: '{path}' is not in {short_path(project.root)}")
        of_path = [deck for deck in project.decks if _belongs(resolved, deck)]
        if not of_path and not report.has_errors and resolved not in [root / name for name in OWN_FILES]:
            raise UsageError(f"Invalid value for PATHS: '{path}' is not a file of a deck")
        chosen.update(deck.name for deck in of_path)
    return tuple([deck for deck in project.decks if deck.name in chosen])


def _belongs(resolved: Path, deck: DeckFolder) -> bool:
    """Whether a file belongs to a deck, or a folder has files of it."""
    folder = deck.path.resolve()
    if resolved.is_dir():
        return resolved.is_relative_to(folder) or folder.is_relative_to(resolved)
    return resolved in [path.resolve() for path in (deck.path / DECK_FILE, *deck.sources, *deck.media)]


def findings_in(paths: Sequence[Path], report: Report) -> tuple[Diagnostic, ...]:
    """The findings in some files and folders. If there are errors, but only in other files, all findings: until the
    errors are fixed, no deck can be linked and no lock written."""
    if not paths:
        return tuple(report)
    is_inside = within(paths)
    inside = tuple([found for found in report if is_inside(found.position.path)])
    return tuple(report) if report.has_errors and not has_errors(inside) else inside


def within(paths: Sequence[Path]) -> Callable[[str], bool]:
    """A function that tells whether a file, given as positions name it, is among some files and folders, or in one."""
    chosen = [path.resolve() for path in paths]

    @cache
    def is_inside(file: str) -> bool:
        try:
            resolved = Path(file).resolve()
        except UnicodeEncodeError:  # it has such a name, where those of files are ASCII only
            return True
        return any(resolved.is_relative_to(path) for path in chosen)

    return is_inside
