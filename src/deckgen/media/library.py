"""Find the media files of a project that its sources refer to, and nothing outside it."""

from __future__ import annotations

import math
import os
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path

from deckgen.core import rules
from deckgen.core.characters import printable_line
from deckgen.core.diagnostics import MAX_SUGGESTIONS, Diagnostic, Position, Report, nearest
from deckgen.core.source import normal
from deckgen.media.media import ADOPTED, MediaFile, MediaProblem, examine, is_media, kept_file

LARGE_BYTES = 2**20

MAX_NEARBY = 2000
"""How many files of a deck a missing one is compared with."""


class _OutsideError(Exception):
    """A path leads out of the project."""


class MediaLibrary:
    """The media files of a project. Nothing outside ``root`` is ever read, whatever paths and links say."""

    def __init__(self, root: Path, name: Callable[[Path], str]) -> None:
        """``name`` is how the author knows a path."""
        self._root = root.resolve()
        self._name = name
        self._checked: dict[tuple[str, str], str] = {}
        self._missing = 0
        self._found: dict[Path, MediaFile | MediaProblem] = {}
        self._composed: dict[Path, dict[str, Path]] = {}
        self._files: dict[Path, tuple[Path, ...]] = {}
        self._folders: dict[Path, Path] = {}

    def find(self, reference: str, folder: Path) -> MediaFile | MediaProblem:
        """Find the file that a source in a folder refers to, as typed or percent-encoded, as editors write it."""
        try:
            path = self._path(folder / reference)
            if not path.is_file() and (kept := self.adopted(reference, folder)):
                return kept
            if not path.is_file() and "%" in reference:
                decoded = self._path(folder / _decoded(reference))
                path = decoded if decoded.is_file() else path
            exists = path.is_file()
        except _OutsideError:
            message = f"expected a file in the project, found '{reference}' outside it"
            return MediaProblem(rules.OUTSIDE_PROJECT, message, _put(reference))
        except (OSError, RuntimeError, ValueError) as error:  # a loop of links, an impossible name
            reason = getattr(error, "strerror", None) or error
            return MediaProblem(rules.MEDIA_NOT_FOUND, f"cannot read the file '{reference}': {reason}")
        if not exists:
            self._missing += 1  # a suggestion compares with all files of the deck, so only the first ones get one
            near = self._nearest(reference, folder) if self._missing <= MAX_SUGGESTIONS else ""
            help = "paths are relative to the folder of this YAML file" + ("" if near else f"; or {_put(reference)}")
            return MediaProblem(rules.MEDIA_NOT_FOUND, f"there is no file '{reference}'", help, near)
        if path not in self._found:
            is_kept = path.parent.name == ADOPTED and path.parent.parent.parent == self._root
            self._found[path] = kept_file(path) if is_kept else examine(path, self._name(path), self._checked)
        return self._found[path]

    def remember(self, name: str, digest: str) -> None:
        """Do not check a file with this digest again: an earlier run did, and gave it the name."""
        self._checked[digest, os.path.splitext(name)[1]] = name

    def adopted(self, name: str, folder: Path) -> MediaFile | MediaProblem | None:
        """The file with a name that a deck kept when it was adopted; ``folder`` is the deck's, or one below it."""
        real = self._followed(folder)
        if name != os.path.basename(name) or not name or not real.is_relative_to(self._root) or real == self._root:
            return None
        path = self._root / real.relative_to(self._root).parts[0] / ADOPTED / name
        return self.find(name, path.parent) if path.is_file() else None

    def _path(self, path: Path) -> Path:
        """Resolve the links of a path; raises _OutsideError if it leaves the project."""
        resolved = self._followed(path)
        if not resolved.name.isascii() and not resolved.exists():
            resolved = self._followed(self._with_accents(resolved))
        if not resolved.is_relative_to(self._root):
            raise _OutsideError
        return resolved

    def _followed(self, path: Path) -> Path:
        """A path without links. Those of a folder are followed once: that takes longer than all else about a file."""
        folder = path.parent
        if folder not in self._folders:
            self._folders[folder] = folder.resolve()
        followed = self._folders[folder] / path.name
        return path.resolve() if path.name == ".." or followed.is_symlink() else followed

    def _with_accents(self, path: Path) -> Path:
        """The path that differs only in how accents are encoded: macOS takes them apart."""
        if path.exists() or not path.is_relative_to(self._root):
            return path
        folder = self._with_accents(path.parent)
        if folder not in self._composed:
            files = folder.iterdir() if folder.is_dir() else ()
            self._composed[folder] = {normal(file.name): file for file in files}
        return self._composed[folder].get(normal(path.name), folder / path.name)

    def _nearest(self, reference: str, folder: Path) -> str:
        """The reference to the deck's file whose name is most similar to that of a missing one."""
        deck = self._root
        with suppress(ValueError, IndexError):  # the project's own files are in no deck
            deck /= folder.resolve().relative_to(self._root).parts[0]
        if deck not in self._files:
            known = (path for path in _files(deck) if is_media(path) and printable_line(path.name) == path.name)
            self._files[deck] = tuple(islice(known, MAX_NEARBY))
        paths = {Path(os.path.relpath(path, folder.resolve())).as_posix(): path for path in self._files[deck]}
        name = re.split(r"[/\\]", _decoded(reference))[-1].casefold()
        same = (near for near, path in paths.items() if path.name.casefold() == name)
        return next(same, None) or nearest(reference, paths) or ""

    @property
    def details(self) -> Iterator[Diagnostic]:
        """The findings in the files that were found, at their lines."""
        for found in self._found.values():
            if isinstance(found, MediaProblem):
                yield from found.details

    def report_files(self, paths: Iterable[Path], used: set[Path], report: Report) -> None:
        """Warn of media files of a deck that no card uses, and of used files that are too large and not adopted."""
        for path in paths:
            position = Position(self._name(path))
            try:
                is_used = self._followed(path) in used
            except (OSError, RuntimeError):  # a loop of links
                is_used = False
            if not is_used:
                report.add(rules.MEDIA_UNUSED, position, "no card uses this file", "delete it, or use it in a text")
            elif (size := path.stat().st_size) > LARGE_BYTES and path.parent.name != ADOPTED:
                message = f"expected at most {_kilobytes(LARGE_BYTES)}, found {_kilobytes(size)}"
                help = "scale the picture down to 1200 pixels, or shorten the sound"
                report.add(rules.MEDIA_TOO_LARGE, position, message, help)


def _put(reference: str) -> str:
    """Say where to put a file, and how to refer to it there."""
    name = re.split(r"[/\\]", reference)[-1]
    return f"put a copy of the file into the folder 'media' next to the YAML file, and write 'media/{name}'"


def _decoded(reference: str) -> str:
    """A reference in which ``%20`` stands for a space, and so on."""
    from urllib.parse import unquote  # which takes longer to import than this module

    return unquote(reference)


def _kilobytes(size: int) -> str:
    return f"{math.ceil(size / 2**10):,} KB"


def _files(folder: Path) -> Iterator[Path]:
    """The files below a folder, without hidden ones. Links to folders are not followed."""
    for parent, _, names in os.walk(folder):
        yield from (path for name in sorted(names) if name[0] != "." and (path := Path(parent, name)).is_file())
