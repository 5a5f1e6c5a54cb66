"""The names that a shell can complete: entries, domains, sources, kinds and decks of the project around a folder."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from deckgen.compiler.pipeline import compile_project
from deckgen.core.diagnostics import Report
from deckgen.core.location import find
from deckgen.kinds.registry import kinds_by_name
from deckgen.project.project import Project, load


def _project(folder: Path) -> Project | None:
    root = find(folder)
    return load(root, Report(), with_lock=False) if root else None


def domains(folder: Path) -> Mapping[str, str]:
    """The domains, with their titles."""
    project = _project(folder)
    return project.settings.domains if project else {}


def sources(folder: Path) -> Mapping[str, str]:
    """The keys of ``sources.yaml``, with the titles of the works."""
    project = _project(folder)
    return {key: work.title for key, work in project.references.items()} if project else {}


def entries(folder: Path) -> Iterable[str]:
    """The entries, as ``kind/id`` and by their ids alone."""
    root = find(folder)
    labels = dict.fromkeys(note.identity.entry for note in compile_project(root, hints=False).notes) if root else {}
    return [*labels, *(label.partition("/")[2] for label in labels)]


def decks(folder: Path) -> Mapping[str, str]:
    """The names of the decks, with their titles."""
    project = _project(folder)
    return {deck.name: deck.settings.title for deck in project.decks} if project else {}


def kinds(folder: Path) -> Iterable[str]:
    return list(kinds_by_name())
