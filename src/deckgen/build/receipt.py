"""What the last build read and made: where that is still so, another one would change nothing and say the same."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from deckgen.build import cache as caches
from deckgen.core.diagnostics import Diagnostic
from deckgen.core.hashes import file_hash
from deckgen.project import lock as locks

_LARGEST = locks.MAX_BYTES
"""Of all files that a build reads, locks may be the largest."""


class Receipt(NamedTuple):
    """A build that found no error: what it ``read``, what it said of each package, its warnings, how many notes there
    are, the latest time in the lock, and what it ``made``: the packages with their digests, and the update files."""

    read: str
    lines: Sequence[str]
    findings: Sequence[list[object]]
    notes: int
    latest: int
    made: Mapping[str, str]

    def shown_findings(self) -> Iterator[Diagnostic]:
        """The findings as far as they are shown: the rules with their manuals are not loaded for it."""
        return map(Diagnostic.from_row, self.findings)

    def still_holds(self, now: int) -> bool:
        """Whether everything that the build made is there, and the clock does not say that it has yet to happen."""
        return self.latest <= now and all(
            has_mark(Path(path), digest) if digest else Path(path).is_file() for path, digest in self.made.items()
        )


def has_mark(path: Path, mark: str) -> bool:
    """Whether a package is there, and was written with this mark, which is the digest of its content."""
    import zipfile

    try:
        with zipfile.ZipFile(path) as archive:
            return archive.comment == mark.encode()
    except (OSError, zipfile.BadZipFile):
        return False


class Read(NamedTuple):
    """Hashes of what a build reads: of everything, and of all but the lock, which the build itself writes."""

    everything: str
    sources: str


def fingerprint(root: Path, request: Sequence[object], outputs: Collection[Path]) -> Read | None:
    """What a build reads now: every file of the project but its outputs, this program, the month, and what was asked
    for. None where there are links, or files that cannot be read."""
    about = f"{caches.compiler_version()}\n{caches.month()}\n{os.getcwd()}\n{request}"
    state, lock = hashlib.sha256(about.encode()), hashlib.sha256()
    try:
        for path in _files(root, outputs):
            own = state if path != root / locks.FILE else lock
            own.update(os.fsencode(f"\n{path}\n") + file_hash(path, _LARGEST))
    except (OSError, ValueError):
        return None
    sources = state.hexdigest()
    state.update(lock.digest())
    return Read(state.hexdigest(), sources)


def _files(folder: Path, outputs: Collection[Path]) -> Iterator[Path]:
    for entry in sorted(os.scandir(folder), key=lambda entry: entry.name):
        path = Path(entry.path)
        if entry.is_symlink() or not (entry.is_dir() or entry.is_file()):
            raise ValueError("a link may lead to what is not looked at")
        if entry.is_file():
            yield path
        elif path not in outputs:
            yield from _files(path, outputs)


def find(root: Path, read: Read | None, now: int) -> Receipt | None:
    """The receipt of a build that read the same, if all that it made is still there."""
    if read is None:
        return None
    with caches.of_project(root) as cache:
        data = cache.get(caches.LAST_BUILD)
    try:
        receipt = Receipt(**json.loads(data)) if data else None
        return receipt if receipt and receipt.read == read.everything and receipt.still_holds(now) else None
    except (ValueError, TypeError, AttributeError, RecursionError):
        return None


def keep(root: Path, receipt: Receipt) -> None:
    """Keep the receipt of the last build."""
    with caches.of_project(root) as cache:
        cache.put(caches.LAST_BUILD, json.dumps(receipt._asdict()).encode())
