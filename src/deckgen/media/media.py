"""Pictures and sounds: check them, and name them for the package.

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
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from deckgen.core import rules
from deckgen.core.diagnostics import Diagnostic, Report, Rule
from deckgen.core.location import short_path
from deckgen.core.source import LFS_HELP, is_lfs_pointer, normal, read
from deckgen.core.terminal import Failure
from deckgen.media import media_formats
from deckgen.media.media_formats import ADOPTED_KINDS, KINDS, MediaKind

MAX_MEDIA_BYTES = 50 * 2**20
ADOPTED = "adopted"
"""The folder of a deck with media that keep their names."""

_MARK_LENGTH = 20


class MediaFile(NamedTuple):
    """A file that cards show. Its ``name`` in the package and in Anki changes only if cards show something else, its
    ``digest``, the SHA-256 of its bytes, with every change. A file that is ``kept`` has the name that it had when its
    deck was adopted."""

    name: str
    kind: MediaKind
    path: Path
    digest: str = ""
    kept: bool = False

    @property
    def mark(self) -> str:
        """The short digest by which locks know the file."""
        return self.digest[:_MARK_LENGTH]


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


def is_media(path: Path) -> bool:
    """Whether a file is a picture or sound, by its name."""
    return path.suffix.lower() in (ADOPTED_KINDS if path.parent.name == ADOPTED else KINDS)


def kept_file(path: Path) -> MediaFile | MediaProblem:
    """A file that keeps its name, whatever its content."""
    if isinstance(data := _content(path), MediaProblem):
        return data
    kind = ADOPTED_KINDS.get(path.suffix.lower(), MediaKind.PICTURE)
    return MediaFile(normal(path.name), kind, path, _digest(data), kept=True)


def examine(path: Path, name: str, checked: Mapping[tuple[str, str], str]) -> MediaFile | MediaProblem:
    """Check a file that the author knows as ``name``, unless it is one of those that an earlier run ``checked``: their
    names in the package by their digests and the extensions of these names."""
    extension = path.suffix.lower()
    kind = KINDS.get(extension)
    if kind is None:
        message = f"'{path.name}' is not a picture or sound that every Anki can show or play"
        return MediaProblem(rules.MEDIA_TYPE, message, f"use {', '.join(sorted(KINDS))}")
    if isinstance(data := _content(path), MediaProblem):
        return data
    digest, named = _digest(data), _SAME.get(extension, extension)
    if known := checked.get((digest, named)):
        return MediaFile(known, kind, path, digest)
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
    return MediaFile(f"_{kind.value}-{content_mark(shipped(path, data))}{named}", kind, path, digest)


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
    if data is None or _digest(data) != file.digest:
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
    """A short digest of some bytes. It names shipped media, and shows whether adopted ones have changed."""
    return _digest(data)[:_MARK_LENGTH]


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
