"""A folder of one's own where what was computed is kept for the next run; safe to delete at any time.

It lies outside of the project: what comes with somebody else's sources is compiled, never taken for compiled already.
"""

from __future__ import annotations

import functools
import hashlib
import os
import shutil
import struct
import sys
import zlib
from collections.abc import Container, Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from stat import S_ISDIR, S_ISREG
from time import gmtime, strftime, time

from deckgen import __version__
from deckgen.core import clock

FORGOTTEN_AFTER = 90 * 24 * 60 * 60
"""Seconds after which the results of a project that was not built are deleted."""

LAST_BUILD = "last-build"
"""The key of what the last build left; it is replaced, never given up."""


_HEAD = struct.Struct("<LQL")
"""What a file begins with: the checksum and the length of what is kept, and the checksum of what lies behind it."""


class Cache:
    """The kept results for one project, by key. Whatever goes wrong, it is as if they were not kept."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def is_empty(self) -> bool:
        return not self._names()

    def _names(self) -> list[str]:
        try:
            return os.listdir(self._folder)
        except OSError:
            return []

    def has(self, key: str) -> bool:
        return (self._folder / key).exists()

    def get(self, key: str) -> bytes | None:
        """What was kept, without what was kept behind it, unless it was damaged since."""
        return self._read(key, behind=False)

    def get_behind(self, key: str) -> bytes | None:
        """What was kept behind it, unless that was damaged since."""
        return self._read(key, behind=True)

    def _read(self, key: str, *, behind: bool) -> bytes | None:
        path = self._folder / key
        try:
            status = path.stat()
            if not S_ISREG(status.st_mode):  # to open a pipe would be to wait for who writes to it
                return None
            with path.open("rb", buffering=0) as file:
                first, length, second = _HEAD.unpack(file.read(_HEAD.size))
                rest = status.st_size - _HEAD.size - length
                if rest < 0:
                    return None
                if behind:
                    file.seek(length, os.SEEK_CUR)
                data, checksum = file.read(rest if behind else length), second if behind else first
        except (OSError, struct.error):
            return None
        return data if zlib.crc32(data) == checksum else None

    def put(self, key: str, data: bytes, behind: bytes = b"") -> str | None:
        """Keep a result, and give its key; what lies ``behind`` is read only by those who ask for it. Whoever reads it
        meanwhile sees all of it or nothing."""
        unfinished = self._folder / f"{key}.{os.getpid()}"
        try:
            with unfinished.open("wb") as file:
                file.write(_HEAD.pack(zlib.crc32(data), len(data), zlib.crc32(behind)))
                file.write(data)
                file.write(behind)
            os.replace(unfinished, self._folder / key)
        except OSError:
            with suppress(OSError):
                unfinished.unlink()
            return None
        return key

    def keep_only(self, keys: Container[str]) -> None:
        """Delete the results that the project has no more use for."""
        for name in self._names():
            if name not in keys:
                with suppress(OSError):
                    (self._folder / name).unlink()


@contextmanager
def of_project(root: Path) -> Iterator[Cache]:
    """The cache of the project in a folder: below ``DECKGEN_CACHE``, or where the system keeps a user's caches. For the
    value ``off``, and where somebody else could write to it, one that is gone at the end."""
    folder = _folder(root)
    if folder is not None and _is_own(folder):
        yield Cache(folder)
    else:
        from tempfile import TemporaryDirectory  # which takes longer to import than this module

        with TemporaryDirectory(prefix="deckgen-", ignore_cleanup_errors=True) as temporary:
            yield Cache(Path(temporary))


def forget(root: Path) -> None:
    """Delete what is kept of a project that was there for a while."""
    folder = _folder(root)
    if folder is not None and folder.exists() and _is_own(folder):
        shutil.rmtree(folder, ignore_errors=True)


def _folder(root: Path) -> Path | None:
    place = os.environ.get("DECKGEN_CACHE")
    name = hashlib.sha256(os.fsencode(root.resolve())).hexdigest()[:16]
    return None if place == "off" else (Path(place) if place else _user_caches() / "deckgen") / name


def _is_own(folder: Path) -> bool:
    """Whether only this user can write to a folder, which is made if need be."""
    try:
        if not folder.exists():
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            _forget_others(folder.parent)
        status = folder.lstat()
    except (OSError, RuntimeError):
        return False
    return os.name != "posix" or (
        S_ISDIR(status.st_mode) and status.st_uid == os.geteuid() and not status.st_mode & 0o022
    )


def _forget_others(place: Path) -> None:
    """Delete what is kept of projects that were not built for long; they may be gone."""
    for folder in place.iterdir():
        if folder.is_dir() and not folder.is_symlink() and time() - folder.stat().st_mtime > FORGOTTEN_AFTER:
            shutil.rmtree(folder, ignore_errors=True)


def _user_caches() -> Path:
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData/Local")
    if sys.platform == "darwin":
        return Path.home() / "Library/Caches"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")


def month() -> str:
    """Today's month; what a content rule says of old facts depends on it."""
    return strftime("%Y-%m", gmtime(clock.now()))


@functools.cache
def compiler_version() -> str:
    """What a result depends on beside its source: this program, to the last change of a file of it, and what it reads
    YAML and Markdown with; all as it was when it was first asked for."""
    package = Path(__file__).parent.parent
    parts = [__version__, sys.version]
    for folder in (package, *sorted(path for path in package.rglob("*") if path.is_dir() and path.name[0] != "_")):
        with os.scandir(folder) as entries:
            parts += sorted(f"{entry.path} {entry.stat().st_mtime_ns}" for entry in entries if entry.is_file())
    for name in ("yaml", "pyromark"):
        spec = find_spec(name)
        parts.append(str(Path(spec.origin).stat().st_mtime_ns) if spec and spec.origin else name)
    return "\n".join(parts)


def parts_of(file: str) -> str:
    """The key of what is known of a file that a build made, which is replaced as well."""
    state = f"{file}\n{zlib.ZLIB_RUNTIME_VERSION}\n{compiler_version()}"
    return f"parts-{hashlib.sha256(state.encode()).hexdigest()[:32]}"
