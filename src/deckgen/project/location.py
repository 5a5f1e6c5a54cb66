"""Where a project is, found by walking up, where its packages go, and how paths are shown."""

from __future__ import annotations

import os
from pathlib import Path

from deckgen.core.characters import displayed
from deckgen.core.diagnostics import Diagnostic, Position, Rejected
from deckgen.language import rules

PROJECT_FILE = "deckgen.yaml"


def find(start: Path) -> Path | None:
    """The folder with ``deckgen.yaml``: here, in ``decks`` here, or the same above."""
    for folder in (start, *start.parents):
        for candidate in (folder, folder / "decks"):
            if (candidate / PROJECT_FILE).is_file():
                return candidate
    return None


def find_project() -> Path:
    """The folder of the project around the working directory; raises Rejected if there is none."""
    root = find(Path.cwd())
    if root is not None:
        return root
    place = Position(shown(Path.cwd() / "decks" / PROJECT_FILE))
    message = "expected this file here or in a folder above, found none"
    help = "run deckgen inside a project, or name one with -C DIR; a project begins with the file decks/deckgen.yaml"
    raise Rejected(Diagnostic(place, rules.MISSING_FILE.name, message, help))


def output_of(root: Path) -> Path:
    """Where the packages of the project in a folder go."""
    return (root.parent if root.name == "decks" else root) / "build"


def shown(path: Path) -> str:
    """A path as the author would type it: relative to where deckgen runs, if that is shorter."""
    try:
        relative = os.path.relpath(path)
    except ValueError:  # another drive, on Windows
        return displayed(str(path))
    return displayed(min(relative, str(path), key=len))
