"""Find the project and its output folder, and show paths as the author would type them."""

from __future__ import annotations

import os
from pathlib import Path

from deckgen.core import rules
from deckgen.core.characters import printable_line
from deckgen.core.diagnostics import Diagnostic, Position, Rejected

PROJECT_FILE = "deckgen.yaml"


def find(start: Path) -> Path | None:
    """Find the nearest folder with ``deckgen.yaml``: ``start``, its ``decks``, then the same for each parent."""
    for folder in (start, *start.parents):
        for candidate in (folder, folder / "decks"):
            if (candidate / PROJECT_FILE).is_file():
                return candidate
    return None


def find_project() -> Path:
    """Find the project that the working directory is in. Raise Rejected if there is none."""
    root = find(Path.cwd())
    if root is not None:
        return root
    position = Position(short_path(Path.cwd() / "decks" / PROJECT_FILE))
    message = "expected this file here or in a folder above, found none"
    help = "run deckgen inside a project, or name one with -C DIR; 'deckgen init' creates a new one"
    raise Rejected(Diagnostic(position, rules.MISSING_FILE.name, message, help))


def output_of(root: Path) -> Path:
    """The folder for the packages of a project."""
    return (root.parent if root.name == "decks" else root) / "build"


def checkout_of(root: Path) -> Path:
    """The git checkout that a project is in, without links; if there is none, the folder around its ``decks``."""
    project = output_of(root.resolve()).parent
    return repository_of(project) or project


def repository_of(folder: Path) -> Path | None:
    """The git repository that a folder seems to be in, if any; costs less than asking git."""
    return next((above for above in (folder, *folder.parents) if (above / ".git").exists()), None)


def is_in_checkout(path: Path, root: Path) -> bool:
    """Whether a path is in a project or in the git checkout around it, where a pull request could bring a file."""
    return Path(os.path.realpath(path)).is_relative_to(checkout_of(root))  # realpath copes with a loop of links


def user_folder(name: str, variable: str = "") -> Path | None:
    """A folder in the user's home, unless a variable of the environment names another one; None for a user without a
    home, as in some containers. A relative path in a variable does not count
    (https://specifications.freedesktop.org/basedir-spec/latest/)."""
    other = Path(os.environ.get(variable, ""))
    if other.is_absolute():
        return other
    try:
        home = Path.home()
    except RuntimeError:
        return None
    has_home = home.is_absolute() and home != Path(home.anchor)  # without a home, the variable HOME is empty or '/'
    return home / name if has_home else None


def short_path(path: Path) -> str:
    """Show a path as the author would type it: relative to the working directory, if that is shorter."""
    try:
        relative = os.path.relpath(path)
    except (ValueError, FileNotFoundError):  # another drive, on Windows; the working directory was deleted
        return printable_line(str(path))
    return printable_line(min(relative, str(path), key=len))
