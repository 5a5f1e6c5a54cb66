"""Find pictures and sounds, check them, and name them for the package.

Anki keeps the media of all decks in one folder, by name. Our names consist of a hash of the content. So files never
clash, a changed picture is a new file (Anki would keep the old one under the old name), and a renamed picture is the
same file. They are in lower case, since Anki from 26.05 on overwrites a file whose name has capitals. They begin with
``_``, since Anki imports such files whenever they are missing. It imports other files only with a new or updated note,
so a lost file would never come back.

Media in the folder ``adopted`` of a deck keep the names and bytes that learners have, and cards refer to them by their
names alone. The lock says which files may be there (``compiler/check_adopted.py``).
"""

from __future__ import annotations

import hashlib
import math
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from deckgen.core import rules
from deckgen.core.characters import printable_line
from deckgen.core.diagnostics import MAX_SUGGESTIONS, Diagnostic, Position, Report, Rule, nearest
from deckgen.core.location import short_path
from deckgen.core.source import LFS_HELP, is_lfs_pointer, normal, read
from deckgen.core.terminal import Failure
from deckgen.media import media_formats
from deckgen.media.media_formats import ADOPTED_KINDS, KINDS, MediaKind

LARGE_BYTES = 2**20
MAX_MEDIA_BYTES = 50 * 2**20
ADOPTED = "adopted"
"""The folder of a deck with media that keep their names."""

MAX_NEARBY = 2000
"""How many files of a deck a missing one is compared with."""


class MediaFile(NamedTuple):
    """A file that cards show. Its ``name`` in the package and in Anki changes only if cards show something else, its
    ``mark`` with every change of its bytes. A file that is ``kept`` has the name that it had when its deck was
    adopted."""

    name: str
    kind: MediaKind
    path: Path
    mark: str = ""
    kept: bool = False


class MediaProblem(NamedTuple):
    """Why a reference to a media file is wrong."""

    rule: Rule
    what: str
    help: str = ""
    near: str = ""
    """A reference to a file that may be meant."""
    details: tuple[Diagnostic, ...] = ()
    """What is wrong in the file itself, at its lines."""

    @property
    def message(self) -> str:
        return f"{self.what}; did you mean '{self.near}'?" if self.near else self.what


def remote_media(address: str) -> MediaProblem:
    """Why no card may show what is at an address."""
    help = "put the file into the deck's media folder, if its licence allows, and write its path"
    return MediaProblem(rules.REMOTE_MEDIA, f"expected the path of a file, found the address '{address}'", help)


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
            return MediaProblem(rules.MEDIA_NOT_FOUND, f"cannot read the file '{reference}': {error}")
        if not exists:
            self._missing += 1  # a suggestion compares with all files of the deck, so only the first ones get one
            near = self._nearest(reference, folder) if self._missing <= MAX_SUGGESTIONS else ""
            help = "paths are relative to the folder of this YAML file" + ("" if near else f"; or {_put(reference)}")
            return MediaProblem(rules.MEDIA_NOT_FOUND, f"there is no file '{reference}'", help, near)
        if path not in self._found:
            is_kept = path.parent.name == ADOPTED and path.parent.parent.parent == self._root
            self._found[path] = kept_file(path) if is_kept else _examine(path, self._name(path), self._checked)
        return self._found[path]

    def remember(self, name: str, mark: str) -> None:
        """Do not check a file with this mark again: an earlier run did, and gave it the name."""
        self._checked[mark, os.path.splitext(name)[1]] = name

    def adopted(self, name: str, folder: Path) -> MediaFile | MediaProblem | None:
        """The file with a name that a deck kept when it was adopted; ``folder`` is the deck's, or one below it."""
        real = self._followed(folder)
        if name != os.path.basename(name) or not name or not real.is_relative_to(self._root) or real == self._root:
            return None
        path = self._root / real.relative_to(self._root).parts[0] / ADOPTED / name
        if not os.path.lexists(path):
            return None
        return self.find(name, path.parent)

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


def is_media(path: Path) -> bool:
    """Whether a file is a picture or sound, by its name."""
    return path.suffix.lower() in (ADOPTED_KINDS if path.parent.name == ADOPTED else KINDS)


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


def kept_file(path: Path) -> MediaFile | MediaProblem:
    """A file that keeps its name, whatever its content."""
    if isinstance(data := _content(path), MediaProblem):
        return data
    kind = ADOPTED_KINDS.get(path.suffix.lower(), MediaKind.PICTURE)
    return MediaFile(normal(path.name), kind, path, content_mark(data), kept=True)


def _examine(path: Path, name: str, checked: Mapping[tuple[str, str], str]) -> MediaFile | MediaProblem:
    extension = path.suffix.lower()
    kind = KINDS.get(extension)
    if kind is None:
        message = f"'{path.name}' is not a picture or sound that every Anki can show or play"
        return MediaProblem(rules.MEDIA_TYPE, message, f"use {', '.join(sorted(KINDS))}")
    if isinstance(data := _content(path), MediaProblem):
        return data
    mark, named = content_mark(data), _SAME.get(extension, extension)
    if known := checked.get((mark, named)):
        return MediaFile(known, kind, path, mark)
    if extension == ".svg":
        from deckgen.media import svg  # which few builds need

        if errors := svg.check(data, name):
            message = f"'{path.name}' contains more than a drawing"
            return MediaProblem(rules.SVG_CONTENT, message, f"see {errors[0].position}", details=errors)
    elif not media_formats.begins_as(data, extension):
        message = f"the content of '{path.name}' does not match its extension"
        return MediaProblem(rules.MEDIA_TYPE, message, "export it again in that format")
    elif (problem := media_formats.problem(data, extension)) is not None:
        return MediaProblem(
            rules.MEDIA_CONTENT, f"cannot use '{path.name}': {problem}", "export it again in that format"
        )
    return MediaFile(f"_{kind.value}-{content_mark(shipped(path, data))}{named}", kind, path, mark)


def _content(path: Path) -> bytes | MediaProblem:
    try:
        if path.stat().st_size > MAX_MEDIA_BYTES:
            return MediaProblem(rules.FILE_TOO_LARGE, f"'{path.name}' is larger than {MAX_MEDIA_BYTES // 2**20} MB")
        data = path.read_bytes()
    except OSError as error:
        return MediaProblem(rules.UNREADABLE_FILE, f"cannot read '{path.name}': {error.strerror}")
    if is_lfs_pointer(data):
        return MediaProblem(rules.MEDIA_CONTENT, f"cannot use '{path.name}': it is a Git LFS pointer", LFS_HELP)
    return data


_SAME = {".jpeg": ".jpg", ".oga": ".ogg"}
"""Extensions that mean the same as another."""


def read_media(file: MediaFile) -> bytes | None:
    """The bytes of a file for packages; None if the file has changed since it was checked."""
    data = read(file.path, str(file.path), Report(), MAX_MEDIA_BYTES)
    if data is None or content_mark(data) != file.mark:
        return None
    return data if file.kept else shipped(file.path, data)


def require_media(file: MediaFile) -> bytes:
    """The bytes of a file for packages; raises Failure if the file has changed since it was checked."""
    data = read_media(file)
    if data is None:
        raise Failure(f"'{short_path(file.path)}' was changed by another program; run the command again")
    return data


def shipped(path: Path, data: bytes) -> bytes:
    """The bytes of a media file for packages: drawings without the regions that cards ask for."""
    if path.suffix.lower() != ".svg":
        return data
    from deckgen.media.svg_regions import without_regions  # which few builds need

    return without_regions(data)


def content_mark(data: bytes) -> str:
    """A short digest of some bytes. It names shipped media, and shows whether a file has changed."""
    return hashlib.sha256(data).hexdigest()[:20]
