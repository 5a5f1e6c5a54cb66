"""Write files so that all of them appear together, and let only one command at a time write into a project.

The lock is moved into place first. If the build is killed before that, nothing has changed; if it is killed afterwards,
the next build finds the lock as it would write it, and writes the packages that belong to it.
"""

from __future__ import annotations

import errno
import os
import re
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from deckgen.core.characters import printable_line
from deckgen.core.terminal import Failure, echo

if TYPE_CHECKING:
    from concurrent.futures import Future, ThreadPoolExecutor

_UNFINISHED = re.compile(r"\.deckgen-\d+\.(\d+)\.tmp")


@contextmanager
def one_at_a_time(root: Path) -> Iterator[None]:
    """Lock the folder of a project, so that only one command at a time writes into it.

    Two builds that read the same lock would each lose what the other publishes, and two edits of a file likewise.
    """
    try:
        import fcntl
    except ImportError:  # Windows cannot lock a folder; there the last command wins
        yield
        return
    descriptor = os.open(root, os.O_RDONLY)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            echo("waiting for another command in this project to finish", err=True)
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        except OSError:  # some network and shared folders cannot be locked
            pass
        yield
    finally:
        os.close(descriptor)


class Outputs:
    """Files that appear together, when they are committed. As a context manager, it removes what was not committed.

    Anything may be written outside of a ``checkout``, but nothing through a link in it that leads out of it: a stranger
    may have made it.
    """

    def __init__(self, checkout: Path) -> None:
        self._checkout = checkout
        self._waiting: dict[Path, Path] = {}
        self._checked: set[Path] = set()
        self._made: list[Path] = []
        self._count = 0
        self._threads: ThreadPoolExecutor | None = None
        self._background: list[Future[None]] = []

    def __enter__(self) -> Outputs:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._threads:
            self._threads.shutdown(cancel_futures=True)
        for unfinished in self._waiting.values():
            with suppress(OSError):  # the first error is the one to report
                unfinished.unlink()
        for folder in self._made:
            with suppress(OSError):  # not empty
                folder.rmdir()

    def folder(self, path: Path) -> None:
        """Create a folder. It is removed at the end if it is new and still empty."""
        self._refuse_links(path)
        for folder in (path, *path.parents):
            if folder.exists():
                break
            self._made.append(folder)
        path.mkdir(parents=True, exist_ok=True)

    def _hidden_path(self, path: Path) -> Path:
        """Create a hidden file next to ``path``, which ``commit`` renames to it; raises an error if that would fail."""
        with suppress(FileNotFoundError):
            if stat.S_ISDIR(path.lstat().st_mode):
                raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
        if path.parent not in self._checked:
            self._refuse_links(path.parent)
            _remove_unfinished(path.parent)
            self._checked.add(path.parent)
        # A short name, since the file's own may be as long as the system allows.
        unfinished = path.with_name(f".deckgen-{self._count}.{os.getpid()}.tmp")
        self._count += 1
        self._waiting[path] = unfinished
        with errors_about(path):
            unfinished.touch()
        return unfinished

    def _refuse_links(self, folder: Path) -> None:
        path, real = Path(os.path.abspath(folder)), Path(os.path.realpath(folder))
        if path.is_relative_to(self._checkout) and not real.is_relative_to(self._checkout):
            raise Failure(f"'{printable_line(str(folder))}' leads out of the project through a link; delete the link")

    @property
    def count(self) -> int:
        """The number of files to be moved into place."""
        return len(self._waiting)

    def text(self, path: Path, text: str) -> None:
        """Write a text file, with the same line endings on every system."""
        self.data(path, text.encode())

    def data(self, path: Path, data: bytes) -> None:
        """Write a file."""
        self.file(path, lambda hidden: hidden.write_bytes(data))

    def file(self, path: Path, write: Callable[[Path], object]) -> Path:
        """Let a function write a file; it is passed the path of the hidden file, which is returned."""
        hidden = self._hidden_path(path)
        _write(write, hidden, path)
        return hidden

    def file_in_background(self, path: Path, write: Callable[[Path], object]) -> None:
        """Let a function write a file in another thread; ``commit`` waits for it."""
        from concurrent.futures import ThreadPoolExecutor

        self._threads = self._threads or ThreadPoolExecutor()
        self._background.append(self._threads.submit(_write, write, self._hidden_path(path), path))

    def commit(self) -> None:
        """Move everything into place, in the order in which it was added, each file by one rename."""
        for task in self._background:
            task.result()
        for path, unfinished in list(self._waiting.items()):
            with errors_about(path):
                _keep_permissions(path, unfinished)
                os.replace(unfinished, path)
            del self._waiting[path]
        self._checked.clear()


@contextmanager
def errors_about(path: Path) -> Iterator[None]:
    """Make an OSError name the file that was to be written. By itself it names the unfinished file, or none if the disk
    is full."""
    try:
        yield
    except OSError as error:
        if error.filename is None or ".deckgen-" in str(error.filename):
            raise OSError(error.errno, error.strerror, str(path)) from error
        raise


def _write(write: Callable[[Path], object], hidden: Path, path: Path) -> None:
    with errors_about(path):
        write(hidden)


def _keep_permissions(path: Path, unfinished: Path) -> None:
    """Give a file the permissions of the one that it replaces: others may share the project."""
    with suppress(FileNotFoundError):
        status = path.lstat()
        if stat.S_ISREG(status.st_mode):
            unfinished.chmod(status.st_mode & 0o777)


def _remove_unfinished(folder: Path) -> None:
    """Remove the unfinished files of builds that were killed."""
    for path in folder.iterdir():
        match = _UNFINISHED.fullmatch(path.name)
        if match and not _is_running(int(match[1])) and path.is_file() and not path.is_symlink():
            path.unlink(missing_ok=True)


def _is_running(process: int) -> bool:
    if os.name != "posix":  # on Windows, os.kill would end the process
        return True
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):  # no process has such a number
        return False
    except OSError:  # it belongs to another user
        return True
    return True
