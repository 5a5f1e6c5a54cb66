"""Compare the lock of a project with that of an earlier commit: new releases, and what was newly adopted."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from deckgen.core.diagnostics import Report
from deckgen.core.terminal import Failure
from deckgen.project import git
from deckgen.project.git_process import GitError
from deckgen.project.lock import LOCK_FILE, MAX_LOCK_BYTES, Lock
from deckgen.project.lock_lines import adopted_line, release_line
from deckgen.project.project import load
from deckgen.publication.lock_history import folder_at


def adopted_guids(root: Path) -> frozenset[str]:
    """The guids of adopted notes, as the lock records them."""
    return frozenset(guid for id, guid in _lock(root).adopted.items() if id.startswith("note/"))


def adopted_since(root: Path, reference: str) -> list[str]:
    """The note types (by name) and media files (by path) that were adopted since a commit. Raises Failure."""
    then, adopted = _lines_at(root, reference), _lock(root).adopted
    return sorted(key for key in adopted if not key.startswith("note/") and adopted_line(key, adopted[key]) not in then)


def refuse_releases_since(root: Path, reference: str) -> None:
    """Raise Failure if the lock records a release that is not in the lock of a commit. A contributor must not add a
    release: it would make the cards of an unfinished state permanent."""
    then, releases = _lines_at(root, reference), _lock(root).releases
    for name in sorted(name for name, date in releases.items() if release_line(name, date) not in then):
        raise Failure(
            f"{LOCK_FILE} names the release {name}, which '{reference}' does not have: delete the line; maintainers "
            "make releases, with 'deckgen release'"
        )


def _lock(root: Path) -> Lock:
    return load(root, Report()).lock


def _lines_at(root: Path, reference: str) -> Collection[str]:
    """The lines of the lock of a commit."""
    try:
        path = folder_at(root, reference) + LOCK_FILE
        return frozenset(git.read_at(root, reference, path, MAX_LOCK_BYTES).splitlines())
    except GitError as failure:
        raise Failure(f"git cannot give {LOCK_FILE} of '{reference}': {failure}") from None
