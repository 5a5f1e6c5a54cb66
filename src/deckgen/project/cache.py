"""A private, disposable cache: compiled files, the receipt of the last build, and the history of the lock.

It lies outside the project, so nothing that comes with a stranger's sources counts as already compiled.
"""

from __future__ import annotations

import functools
import hashlib
import os
import re
import shutil
import sys
from collections.abc import Container, Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from stat import S_ISDIR, S_ISREG
from tempfile import TemporaryDirectory
from time import gmtime, strftime, time

from deckgen import __version__
from deckgen.core import clock
from deckgen.core.location import is_in_checkout, user_folder

FORGOTTEN_AFTER = 90 * 24 * 60 * 60
"""Seconds after which the cache of a project that is no longer built is deleted."""

LAST_BUILD = "last-build"
LOCK_HISTORY = "lock-history"
"""The keys of the last build's receipt and of the lock's history, which are replaced, never deleted."""

TAG = "CACHEDIR.TAG"
"""The file that marks a folder as a cache, so that backups can leave it out (https://bford.info/cachedir/)."""

_TAG_TEXT = b"""\
Signature: 8a477f597d28d172789f06886806bc55
# This is a cache of deckgen, which can be deleted at any time.
# For information about cache directory tags, see https://bford.info/cachedir/
"""

_NAME = re.compile("[0-9a-f]{32}")


class Cache:
    """Results for one project, by key. Any failure is a cache miss."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get(self, key: str) -> bytes | None:
        """The bytes stored under a key; None if there are none, or if they were damaged."""
        path = self._folder / key
        try:
            if not S_ISREG(path.stat().st_mode):  # opening a named pipe would wait for a writer
                return None
            digest, _, data = path.read_bytes().partition(b"\n")
        except OSError:
            return None
        return data if digest == _digest(data) else None

    def has(self, key: str) -> bool:
        """Whether something is stored under a key. It may be damaged."""
        return (self._folder / key).exists()

    def put(self, key: str, data: bytes) -> None:
        """Store bytes under a key. A concurrent reader sees either all of them or none."""
        unfinished = self._folder / f"{key}.{os.getpid()}"
        try:
            unfinished.write_bytes(_digest(data) + b"\n" + data)
            os.replace(unfinished, self._folder / key)
        except OSError:
            with suppress(OSError):
                unfinished.unlink()

    def keep_only(self, keys: Container[str]) -> None:
        """Delete everything that is stored under another key."""
        with suppress(OSError):
            for name in os.listdir(self._folder):
                if name not in keys and name != TAG:
                    (self._folder / name).unlink()


def _digest(data: bytes) -> bytes:
    return hashlib.sha256(data).hexdigest().encode()


@contextmanager
def of_project(root: Path) -> Iterator[Cache]:
    """The cache of a project, below ``DECKGEN_CACHE`` or in the user's cache folder. A temporary cache is used instead
    if ``DECKGEN_CACHE`` is ``off``, if the folder is not deckgen's own, or if it lies in the checkout, where a pull
    request could plant files."""
    folder = _folder(root)
    if folder is not None and not is_in_checkout(folder, root):
        _create(folder)
        if _is_own(folder):
            yield Cache(folder)
            return
    with TemporaryDirectory(prefix="deckgen-", ignore_cleanup_errors=True) as temporary:
        yield Cache(Path(temporary))


def forget(root: Path) -> None:
    """Delete the cache of a project that existed only temporarily."""
    folder = _folder(root)
    if folder is not None and _is_own(folder):
        shutil.rmtree(folder, ignore_errors=True)


def _folder(root: Path) -> Path | None:
    """The folder for a project's cache, in a folder of deckgen's own; None if nothing is to be cached."""
    setting = os.environ.get("DECKGEN_CACHE")
    name = hashlib.sha256(os.fsencode(root.resolve())).hexdigest()[:32]
    caches = None if setting == "off" else Path(setting) if setting else _user_caches()
    return caches and caches / "deckgen" / name


def _create(folder: Path) -> None:
    """Create a cache, unless it exists, and delete those that are no longer used. The folder appears complete with its
    tag, in one rename."""
    if os.path.lexists(folder):
        return
    caches = folder.parent
    with suppress(OSError):
        caches.mkdir(mode=0o700, parents=True, exist_ok=True)
        if _is_private(caches):
            with TemporaryDirectory(dir=caches, ignore_cleanup_errors=True) as unfinished:
                Path(unfinished, TAG).write_bytes(_TAG_TEXT)
                os.rename(unfinished, folder)
            _forget_others(caches)


def _is_own(folder: Path) -> bool:
    """Whether a folder is a cache that deckgen created, and only this user can write to it. No link counts."""
    tag = folder / TAG
    try:
        return (
            _NAME.fullmatch(folder.name) is not None
            and _is_private(folder.parent)
            and _is_private(folder)
            and S_ISREG(tag.lstat().st_mode)
            and tag.read_bytes() == _TAG_TEXT
        )
    except OSError:
        return False


def _is_private(folder: Path) -> bool:
    """Whether this is a folder, not a link to one, that only this user can write to."""
    status = folder.lstat()
    return S_ISDIR(status.st_mode) and (
        os.name != "posix" or (status.st_uid == os.geteuid() and not status.st_mode & 0o022)
    )


def _forget_others(caches: Path) -> None:
    """Delete the caches of projects that have not been built for a long time; the projects may be gone."""
    for folder in caches.iterdir():
        if time() - folder.lstat().st_mtime > FORGOTTEN_AFTER and _is_own(folder):
            shutil.rmtree(folder, ignore_errors=True)


def _user_caches() -> Path | None:
    if sys.platform == "win32":
        return user_folder("AppData/Local", "LOCALAPPDATA")
    if sys.platform == "darwin":
        return user_folder("Library/Caches")
    return user_folder(".cache", "XDG_CACHE_HOME")


def month() -> str:
    """The current month, on which findings about old facts depend."""
    return strftime("%Y-%m", gmtime(clock.now()))


@functools.cache
def compiler_version() -> str:
    """What a compiled file depends on besides its source: deckgen's own files, Python, and the parsers of YAML,
    Markdown, XML and addresses. Computed once per run."""
    parts = [__version__, sys.version]
    for folder, folders, files in os.walk(Path(__file__).parent.parent):
        folders[:] = [name for name in sorted(folders) if name[0] != "_"]
        paths = [os.path.join(folder, name) for name in sorted(files) if name[0] != "."]  # editors' own files
        parts += [f"{path} {os.stat(path).st_mtime_ns}" for path in paths]
    for name in ("yaml", "pyromark", "defusedxml", "idna"):
        spec = find_spec(name)
        parts.append(str(Path(spec.origin).stat().st_mtime_ns) if spec and spec.origin else name)
    return "\n".join(parts)
