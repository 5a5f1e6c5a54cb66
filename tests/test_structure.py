"""Modules and folders stay small enough to keep in one's head."""

from __future__ import annotations

from pathlib import Path

import deckgen

ROOT = Path(deckgen.__file__).parent
MODULES = sorted(ROOT.rglob("*.py"))
FOUND_BY_LISTING = {"cards/note_types", "commands", "kinds", "lint/rules"}
"""Folders in which each new file is something to choose from."""


def test_a_module_has_at_most_300_lines():
    assert MODULES
    assert {str(path.relative_to(ROOT)) for path in MODULES if path.read_text().count("\n") > 300} == set()


def test_a_folder_has_at_most_14_modules():
    folders = [path.parent.relative_to(ROOT).as_posix() for path in MODULES if path.name != "__init__.py"]

    assert {folder for folder in folders if folders.count(folder) > 14} <= FOUND_BY_LISTING


def test_every_folder_says_what_belongs_there():
    for path in MODULES:
        assert path.read_text().startswith(('"""', 'r"""')), path
