"""What the lock of a project has and the lock of an earlier commit does not: releases, and what was adopted."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from deckgen.core import git
from deckgen.core.diagnostics import Report
from deckgen.core.terminal import Failure
from deckgen.project.lock import FILE, MAX_BYTES, Lock
from deckgen.project.lock_places import adopted_line
from deckgen.project.project import load


def adopted_guids(root: Path) -> frozenset[str]:
    """The guids of adopted notes, as the lock records them."""
    return frozenset(_lock(root).adopted.values())


def adopted_since(root: Path, reference: str) -> list[str]:
    """The note types, by name, and media files, by path, that the lock takes over from elsewhere and the lock of a
    commit does not. Raises Failure."""
    then, adopted = _lines_at(root, reference), _lock(root).adopted
    return sorted(key for key in adopted if not key.startswith("note/") and adopted_line(key, adopted[key]) not in then)


def refuse_releases_since(root: Path, reference: str) -> None:
    """Raise Failure if the lock names a release that the lock of a commit does not: a contributor's changes must not
    make the cards of an unfinished state permanent."""
    then, releases = _lines_at(root, reference), _lock(root).releases
    for name in sorted(name for name, date in releases.items() if f"release {name} {date}" not in then):
        raise Failure(
            f"{FILE} names the release {name}, which '{reference}' does not have: take the line out; maintainers make "
            "releases, with 'deckgen release'"
        )


def _lock(root: Path) -> Lock:
    return load(root, Report()).lock


def _lines_at(root: Path, reference: str) -> Collection[str]:
    """The lines of the lock of a commit."""
    try:
        return frozenset(git.read_at(root, reference, FILE, MAX_BYTES).splitlines())
    except git.Failure as failure:
        raise Failure(f"git cannot give {FILE} of '{reference}': {failure}") from None
