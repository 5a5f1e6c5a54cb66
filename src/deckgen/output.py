"""What a build leaves behind, moved into place only once all of it is written.

The lock goes first: a build that is killed after it finds the lock as it would leave it, and writes the packages that
belong to it; killed before, nothing has changed.
"""

from __future__ import annotations

import os
from pathlib import Path
from types import TracebackType


class Outputs:
    """Files that are to appear together. Used as a context, it removes what was not moved into place."""

    def __init__(self) -> None:
        self._waiting: dict[Path, Path] = {}

    def __enter__(self) -> Outputs:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        for unfinished in self._waiting.values():
            unfinished.unlink(missing_ok=True)

    def place(self, path: Path) -> Path:
        """Where to write what is to become ``path``: a hidden file beside it."""
        unfinished = path.with_name(f".{path.name}.{os.getpid()}.tmp")
        self._waiting[path] = unfinished
        return unfinished

    def text(self, path: Path, text: str, newline: str = "\n") -> None:
        """A text file, with the same line ends on every system."""
        self.place(path).write_bytes(text.replace("\n", newline).encode())

    def commit(self) -> None:
        """Move everything into place, in the order in which it was asked for, each file at once."""
        for path, unfinished in list(self._waiting.items()):
            os.replace(unfinished, path)
            del self._waiting[path]
