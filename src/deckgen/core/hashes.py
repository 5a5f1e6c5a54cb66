"""Hashes of files, each of which is read once in a run for as long as it stays as it is."""

from __future__ import annotations

import hashlib
import stat
from pathlib import Path
from time import time_ns

SETTLED = 2_000_000_000
"""Nanoseconds after which another change of a file has another time, on any file system."""

_PIECE = 1 << 20

_known: dict[Path, tuple[tuple[int, ...], bytes]] = {}


def file_hash(path: Path, most: int) -> bytes:
    """The SHA-256 of a file's bytes; one whose size, number and times are what they were is not read again. Raises
    OSError, or ValueError for what is no file, or has more bytes than ``most``."""
    status = path.stat()
    if not stat.S_ISREG(status.st_mode) or status.st_size > most:
        raise ValueError(f"'{path}' is not a file of at most {most} bytes")
    state = (status.st_size, status.st_ino, status.st_mtime_ns, status.st_ctime_ns)
    known_state, known = _known.get(path, ((), b""))
    if state == known_state:
        return known
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            digest.update(piece)
    if max(state[2:]) < time_ns() - SETTLED:
        _known[path] = state, digest.digest()
    return digest.digest()
