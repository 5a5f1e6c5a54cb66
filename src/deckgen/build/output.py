"""What a build leaves behind: moved into place only once all of it is written, by one build at a time.

The lock goes first: a build that is killed after it finds the lock as it would leave it, and writes the packages that
belong to it; killed before, nothing has changed.
"""

from __future__ import annotations

import errno
import os
import re
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from types import TracebackType

_UNFINISHED = re.compile(r"\..+\.(\d+)\.tmp")


@contextmanager
def one_at_a_time(folder: Path, waiting: Callable[[], object]) -> Iterator[None]:
    """Hold a folder against other builds of it; ``waiting`` is called if another one must be waited for.

    Two builds that read the same lock would each forget what the other publishes.
    """
    try:
        import fcntl
    except ImportError:  # Windows has no locks on folders; there the later of two builds wins
        yield
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            waiting()
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


class Outputs:
    """Files that are to appear together. Used as a context, it removes what was not moved into place."""

    def __init__(self) -> None:
        self._waiting: dict[Path, Path] = {}
        self._made: list[Path] = []
        self._count = 0

    def __enter__(self) -> Outputs:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        for unfinished in self._waiting.values():
            unfinished.unlink(missing_ok=True)
        for folder in self._made:
            with suppress(OSError):  # something is in it
                folder.rmdir()

    def folder(self, path: Path) -> None:
        """A folder that is to be there; one that was not, and has nothing in it at the end, is not left behind."""
        for folder in (path, *path.parents):
            if folder.exists():
                break
            self._made.append(folder)
        path.mkdir(parents=True, exist_ok=True)

    def place(self, path: Path) -> Path:
        """Where to write what is to become ``path``: a hidden file beside it, already there and empty.

        What would keep it from its place is raised now, before anything has been moved into place.
        """
        with suppress(FileNotFoundError):
            if stat.S_ISDIR(path.lstat().st_mode):
                raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
        if path.parent not in {other.parent for other in self._waiting}:
            _remove_unfinished(path.parent)
        # The name is short, whatever the length of the file's own.
        unfinished = path.with_name(f".deckgen-{self._count}.{os.getpid()}.tmp")
        self._count += 1
        self._waiting[path] = unfinished
        unfinished.touch()
        return unfinished

    @property
    def count(self) -> int:
        """How many files are waiting."""
        return len(self._waiting)

    def text(self, path: Path, text: str, newline: str = "\n") -> None:
        """A text file, with the same line ends on every system."""
        self.file(path, partial(_write_text, text.replace("\n", newline)))

    def file(self, path: Path, write: Callable[[Path], None]) -> Path:
        """A file that a function writes, which is given the place; returns that place."""
        place = self.place(path)
        try:
            write(place)
        except OSError as error:
            if error.filename is None:  # when a disk is full, the error does not name the file
                raise OSError(error.errno, error.strerror, str(path)) from error
            raise
        return place

    def commit(self) -> None:
        """Move everything into place, in the order in which it was added, each file by one rename."""
        for path, unfinished in list(self._waiting.items()):
            os.replace(unfinished, path)
            del self._waiting[path]


def _write_text(text: str, path: Path) -> None:
    path.write_bytes(text.encode())


def _remove_unfinished(folder: Path) -> None:
    """Remove what builds left that were killed."""
    for path in folder.iterdir():
        match = _UNFINISHED.fullmatch(path.name)
        if match and not _is_running(int(match[1])):
            path.unlink(missing_ok=True)


def _is_running(process: int) -> bool:
    if os.name != "posix":  # elsewhere asking a process may end it
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:  # somebody else's
        return True
    return True
