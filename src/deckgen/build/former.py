"""What of a file that the last build made can be copied into the next one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO

from deckgen.build.cache import Cache, parts_of

Place = tuple[int, int]
"""Where a part of a file begins, and how long it is."""


class Former:
    """The file that the last build left where the next one is to be, and its parts, by names that no other content has.
    Without a cache, which knows them, there are none. Used as a context, the file is open."""

    def __init__(self, path: Path, cache: Cache | None = None) -> None:
        self._path = path
        self._cache = cache
        self._file: BinaryIO | None = None
        self._parts: Mapping[str, Any] = {}

    def __enter__(self) -> Former:
        kept = self._cache.get(parts_of(self._path.name)) if self._cache else None
        try:
            state, parts = json.loads(kept or b"[0, {}]")
            if state == _state(self._path):
                self._file, self._parts = self._path.open("rb", buffering=0), dict(parts)
        except (OSError, ValueError, TypeError, RecursionError):  # as if nothing were known
            pass
        return self

    def __exit__(self, *_: object) -> None:
        if self._file:
            self._file.close()

    def helps(self) -> bool:
        """Whether it has parts, so that the next file is soon written."""
        with self:
            return bool(self._parts)

    def part(self, name: str) -> tuple[bytes, Any] | None:
        """A part of the file, if it has one of that name, and what was kept with it."""
        if self._file is None or name not in self._parts:
            return None
        try:
            (start, length), more = self._parts[name]
            self._file.seek(start)
            data = self._file.read(length)
        except (OSError, ValueError, TypeError):
            return None
        return (data, more) if len(data) == length else None

    def keep(self, written: Path, parts: Mapping[str, tuple[Place, Any]]) -> None:
        """Keep where the parts are of what was written, and is yet to be moved into its place, each with what JSON can
        hold. Until it is there, no part is known of the file that is."""
        if self._cache:
            self._cache.put(parts_of(self._path.name), json.dumps([_state(written), parts]).encode())


def _state(path: Path) -> list[int]:
    """What tells a file from one that came into its place, or was changed there; it stays as it is moved."""
    status = path.lstat()
    return [status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns]
