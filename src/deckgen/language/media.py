"""Find pictures and sounds, check them, and name them for the package.

Anki keeps the media of all decks in one folder, by name. Our names consist of a hash of the content, so that files
never clash, a changed picture is a new file (Anki would keep the old one under the old name), and a renamed one is the
same. They are in lower case, since Anki from 26.05 on overwrites a file whose name has capitals.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from deckgen.core.characters import displayed
from deckgen.core.diagnostics import MAX_SUGGESTIONS, Diagnostic, Position, Report, Rule, did_you_mean
from deckgen.language import rules
from deckgen.language.file_names import report_clashes, report_name

LARGE_BYTES = 2**20
MAX_BYTES = 50 * 2**20


class MediaKind(Enum):
    PICTURE = "picture"
    SOUND = "sound"


_KINDS = {
    **dict.fromkeys((".gif", ".jpeg", ".jpg", ".png", ".svg", ".webp"), MediaKind.PICTURE),
    **dict.fromkeys((".flac", ".m4a", ".mp3", ".oga", ".ogg", ".opus", ".wav"), MediaKind.SOUND),
}

# The first bytes of each format (https://en.wikipedia.org/wiki/List_of_file_signatures). Those of MP3 and M4A vary, so
# their patterns are loose.
_SIGNATURES = {
    ".flac": rb"fLaC",
    ".gif": rb"GIF8",
    ".jpeg": rb"\xff\xd8\xff",
    ".jpg": rb"\xff\xd8\xff",
    ".mp3": rb"ID3|\xff[\xe0-\xff]",
    ".m4a": rb"....ftyp",
    ".oga": rb"OggS",
    ".ogg": rb"OggS",
    ".opus": rb"OggS",
    ".png": rb"\x89PNG\r\n\x1a\n",
    ".wav": rb"RIFF....WAVE",
    ".webp": rb"RIFF....WEBP",
}


@dataclass(frozen=True, slots=True)
class MediaFile:
    """A file that cards show. Its ``name`` in the package and in Anki changes with its content only."""

    name: str
    kind: MediaKind
    path: Path


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a reference to a media file is wrong."""

    rule: Rule
    message: str
    help: str = ""
    details: tuple[Diagnostic, ...] = ()
    """What is wrong in the file itself, at its lines."""


class MediaLibrary:
    """The media files of a project. Nothing outside ``root`` is ever read, whatever paths and links say."""

    def __init__(self, root: Path, name: Callable[[Path], str]) -> None:
        """``name`` is how the author knows a path."""
        self._root = root.resolve()
        self._name = name
        self._missing = 0
        self._found: dict[Path, MediaFile | Problem] = {}

    def find(self, reference: str, folder: Path) -> MediaFile | Problem:
        """Find the file that a source in a folder refers to."""
        try:
            path = (folder / reference).resolve()
            inside = path.is_relative_to(self._root)
            exists = inside and path.is_file()
        except (OSError, RuntimeError, ValueError) as error:  # a loop of links, an impossible name
            return Problem(rules.MEDIA_NOT_FOUND, f"cannot read the file '{reference}': {error}")
        if not inside:
            return Problem(rules.OUTSIDE_PROJECT, f"expected a file of the project, found '{reference}', outside it")
        if not exists:
            self._missing += 1  # a suggestion compares with all files of the folder, so only the first ones get one
            near = did_you_mean(reference, _nearby(path, folder, reference)) if self._missing <= MAX_SUGGESTIONS else ""
            return Problem(
                rules.MEDIA_NOT_FOUND, f"there is no file '{reference}'{near}", "paths are relative to this YAML file"
            )
        if path not in self._found:
            self._found[path] = _examine(path, self._name(path))
        return self._found[path]

    @property
    def details(self) -> Iterator[Diagnostic]:
        """What is wrong in the files that were found, at their lines."""
        for found in self._found.values():
            if isinstance(found, Problem):
                yield from found.details

    def report_files(self, folder: Path, name: str, used: set[Path], report: Report) -> None:
        """Warn of files in a media folder that no card uses, and of used files that are too large."""
        places = {
            path: Position(displayed(f"{name}/{path.relative_to(folder).as_posix()}"))
            for path in sorted(_files(folder))
        }
        for path, place in places.items():
            report_name(path, place, report)
        report_clashes(((place.path, place) for place in places.values()), report)
        for path, position in places.items():
            if path.resolve() not in used:
                report.add(rules.MEDIA_UNUSED, position, "no card uses this file", "delete it, or use it in a text")
            elif path.stat().st_size > LARGE_BYTES:
                report.add(
                    rules.MEDIA_TOO_LARGE,
                    position,
                    f"expected at most {_kilobytes(LARGE_BYTES)}, found {_kilobytes(path.stat().st_size)}",
                    "scale the picture down to 1200 pixels, or shorten the sound",
                )


def _kilobytes(size: int) -> str:
    return f"{math.ceil(size / 2**10):,} KB"


def _nearby(path: Path, folder: Path, reference: str) -> Iterator[str]:
    """References to the files in the folder of a missing one."""
    if path.parent.is_dir():
        parent = reference.rpartition("/")[0]
        yield from (f"{parent}/{other.name}" if parent else other.name for other in path.parent.iterdir())


def _files(folder: Path) -> Iterator[Path]:
    if folder.is_dir():
        yield from (path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("."))


def _examine(path: Path, name: str) -> MediaFile | Problem:
    extension = path.suffix.lower()
    kind = _KINDS.get(extension)
    if kind is None:
        known = ", ".join(sorted(_KINDS))
        return Problem(
            rules.MEDIA_TYPE, f"'{path.name}' is not a picture or sound that every Anki can show", f"use {known}"
        )
    try:
        if path.stat().st_size > MAX_BYTES:
            return Problem(rules.FILE_TOO_LARGE, f"'{path.name}' is larger than {MAX_BYTES // 2**20} MB")
        data = path.read_bytes()
    except OSError as error:
        return Problem(rules.UNREADABLE_FILE, f"cannot read '{path.name}': {error.strerror}")
    if extension == ".svg":
        from deckgen.language import svg  # which few builds need

        if errors := svg.check(data, name):
            message = f"'{path.name}' has more in it than a drawing"
            return Problem(rules.SVG_CONTENT, message, f"see {errors[0].position}", errors)
    elif not re.compile(_SIGNATURES[extension], re.DOTALL).match(data):
        return Problem(
            rules.MEDIA_TYPE,
            f"the content of '{path.name}' does not match its extension",
            "export it again in that format",
        )
    return MediaFile(f"{kind.value}-{content_mark(data)}{_SAME.get(extension, extension)}", kind, path)


_SAME = {".jpeg": ".jpg", ".oga": ".ogg"}
"""Extensions that mean the same as another."""


def content_mark(data: bytes) -> str:
    """The part of a file's name in the package that changes with its content."""
    return hashlib.sha256(data).hexdigest()[:20]
