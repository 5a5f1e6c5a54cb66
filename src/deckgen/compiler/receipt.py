"""The receipt of the last build: what it read, what it said, and which files it wrote.

With it, a build can tell that nothing has changed, and that a package in the output folder is one that this machine
wrote. Receipts are kept outside the checkout, where a pull request cannot bring its own.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from deckgen.core.diagnostics import Diagnostic
from deckgen.core.location import repository_of
from deckgen.own_types.consent import consent_given
from deckgen.project import cache as caches
from deckgen.project import git
from deckgen.project import lock as locks
from deckgen.project.git_process import GitError

MAX_FILE = locks.MAX_LOCK_BYTES
"""The largest file of a project that is read: only locks may be so large."""


class Receipt(NamedTuple):
    """A build without errors.

    ``read`` is the hash of its input, ``lines`` what it printed about each package, ``findings`` its warnings,
    ``notes`` the number of notes, ``numbered`` the ids of notes whose card numbers only the lock knows (lists and
    pictures), and ``latest`` the latest time in the lock. ``written`` has, by path, the content digest and the hash of
    each file that it wrote.
    """

    read: str = ""
    lines: Sequence[str] = ()
    findings: Sequence[list[Any]] = ()
    notes: int = 0
    numbered: Sequence[str] = ()
    latest: int = 0
    written: Mapping[str, list[str]] = MappingProxyType({})

    def diagnostics(self) -> list[Diagnostic]:
        return list(map(Diagnostic.from_row, self.findings))

    def has(self, path: Path, digest: str) -> bool:
        """Whether a file has this content and is byte for byte the one that was written."""
        try:
            return self.written.get(str(path)) == [digest, file_hash(path)]
        except (OSError, ValueError):
            return False

    def still_holds(self, read: str, now: int) -> bool:
        """Whether another build would change nothing: same input, untouched output, no time in the future."""
        return (
            self.read == read
            and self.latest <= now
            and all(self.has(Path(path), digest) for path, (digest, _) in self.written.items())
        )


def file_hash(path: Path) -> str:
    """The SHA-256 of a file's bytes; raises ValueError for anything but a regular file."""
    if not path.is_file() or path.is_symlink():
        raise ValueError(f"'{path}' is not a regular file")
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(1 << 20):
            digest.update(piece)
    return digest.hexdigest()


class Fingerprint(NamedTuple):
    """Hashes of what a build reads: of everything, and of everything but the lock, which the build itself writes."""

    everything: str
    sources: str


def fingerprint(root: Path, request: Sequence[object], output: Path) -> Fingerprint | None:
    """Hash what a build reads: the project's files, the state of its repository, this program, the month, the request,
    and what was consented to. None if the project has links, pipes or files that cannot be read or are too large."""
    about = f"{caches.compiler_version()}\n{caches.month()}\n{os.getcwd()}\n{request}\n{_repository(root)}\n"
    about += str(consent_given(root))
    sources, lock = hashlib.sha256(os.fsencode(about)), b""
    try:
        for path in _files(root, output):
            line = os.fsencode(f"\n{path}\n{file_hash(path)}")
            if path == root / locks.LOCK_FILE:
                lock = line
            else:
                sources.update(line)
    except (OSError, ValueError):
        return None
    everything = hashlib.sha256(sources.digest() + lock)
    return Fingerprint(everything.hexdigest(), sources.hexdigest())


def _repository(root: Path) -> str:
    """The state of the git repository, whose history a build reads."""
    try:
        return git.state(root) if repository_of(root) else ""
    except GitError as failure:
        return str(failure)


def _files(folder: Path, output: Path) -> Iterator[Path]:
    pending = [folder]
    while pending:
        for entry in sorted(os.scandir(pending.pop()), key=lambda entry: entry.name):
            path = Path(entry.path)
            if entry.is_symlink() or not (entry.is_dir() or entry.is_file()):
                raise ValueError(f"'{path}' may lead out of the project")
            if entry.is_dir():
                if path != output and not entry.name.startswith("."):
                    pending.append(path)
            elif entry.stat().st_size > MAX_FILE:
                raise ValueError(f"'{path}' is too large")
            else:
                yield path


def load(root: Path) -> Receipt:
    """The receipt of the last build; an empty one if there is none."""
    with caches.of_project(root) as cache:
        data = cache.get(caches.LAST_BUILD)
    try:
        return Receipt(**json.loads(data)) if data else Receipt()
    except (ValueError, TypeError, RecursionError):
        return Receipt()


def save(root: Path, receipt: Receipt) -> None:
    """Keep a receipt for the next build."""
    with caches.of_project(root) as cache:
        cache.put(caches.LAST_BUILD, json.dumps(receipt._asdict()).encode())
