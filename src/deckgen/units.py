"""Many files become units: those that are kept from an earlier run are loaded, the others compiled, by several
processes where that pays."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from deckgen import cache as caches
from deckgen import unit as stored
from deckgen.cache import Cache
from deckgen.diagnostic import Report
from deckgen.hashes import file_hash
from deckgen.location import PROJECT_FILE, shown
from deckgen.processes import Task, Turns, processors
from deckgen.project import SOURCES_FILE, Project, is_inside, read_source
from deckgen.source import MAX_BYTES, decode
from deckgen.translation import compile_text
from deckgen.unit import Unit

Progress = Callable[[Iterable[int], int], Iterable[int]]
"""Shows how far one is with turns of a certain count, and gives them on."""

Keys = dict[Path, str | None]

WORTH_A_PROCESS = 250_000
"""Bytes of changed sources from which another process saves more time than it takes to start."""

MOST_PROCESSES = 4
"""What follows the compiling of files is done by one process, so more than a few only wait."""


def silently(turns: Iterable[int], count: int) -> Iterable[int]:
    """Show nothing."""
    return turns


def compile_all(paths: Sequence[Path], project: Project, progress: Progress) -> dict[Path, Unit]:
    """The units of files by path, without hints."""
    with caches.of_project(project.root) as cache:
        store = _Store(project, cache)
        keys: Keys = {path: store.find(path) for path in paths}
        units: dict[Path, Unit] = {}
        parts, processes = _divide([path for path in paths if keys[path] is None])
        with Turns(len(parts)) as turns, ExitStack() as stack:
            keep = partial(store.keep, parts, turns)
            tasks = [stack.enter_context(Task(keep, meanwhile=True)) for _ in range(processes - 1)]
            for turn in progress(turns, len(parts)):
                for path in parts[turn]:
                    units[path], keys[path] = store.compile(path)
            for task in tasks:
                keys |= {Path(path): key for path, key in task.result().items()}
        for path in paths:
            if path not in units:
                units[path] = store.load(path, keys[path]) or store.compile(path)[0]
        cache.keep_only({*filter(None, keys.values()), *caches.ALWAYS})
        return {path: units[path] for path in paths}


class _Store:
    """Compiles the files of one project, and keeps what became of them."""

    def __init__(self, project: Project, cache: Cache) -> None:
        self._project = project
        self._cache = cache
        self._is_empty = cache.is_empty()
        state = hashlib.sha256(caches.compiler_version().encode())
        for name in (PROJECT_FILE, SOURCES_FILE):
            state.update(read_source(project.root / name, project.root, Report()) or b"")
        state.update(caches.month().encode())
        self._state = state

    def _key(self, hash: bytes) -> str:
        state = self._state.copy()
        state.update(hash)
        return state.hexdigest()

    def find(self, path: Path) -> str | None:
        """The key of a file's unit, if one is kept."""
        if self._is_empty:
            return None
        try:
            if not is_inside(path, self._project.root):
                return None
            key = self._key(file_hash(path, MAX_BYTES))
        except (OSError, RuntimeError, ValueError):  # compiling reports it
            return None
        return key if self._cache.has(key) else None

    def compile(self, path: Path) -> tuple[Unit, str | None]:
        """A file's unit, and its key if it is kept now."""
        report = Report()
        data = read_source(path, self._project.root, report)
        if data is None:
            return Unit(diagnostics=tuple(report)), None
        text = decode(path, shown(path), data, report)
        unit = compile_text(text, self._project, report, hints=False)
        kept = stored.dump(unit)
        return unit, self._cache.put(self._key(hashlib.sha256(data).digest()), kept) if kept is not None else None

    def keep(self, parts: Sequence[Sequence[Path]], turns: Turns) -> dict[str, str | None]:
        """The files of those parts whose turn it is, and the keys of their units, which are kept now."""
        return {str(path): self.compile(path)[1] for turn in turns for path in parts[turn]}

    def load(self, path: Path, key: str | None) -> Unit | None:
        """A unit that is kept and still holds."""
        data = self._cache.get(key) if key else None
        if data is None:
            return None
        try:
            return stored.load(data, shown(path), lambda reference: self._project.media.find(reference, path.parent))
        except stored.NOT_A_UNIT:
            return None


def _divide(paths: Sequence[Path]) -> tuple[list[Sequence[Path]], int]:
    """The files in no more parts than there may be turns, the largest first, so that no process is left with one at the
    end; and how many processes are worth their while."""
    sizes = {path: _size(path) for path in paths}
    paths = sorted(paths, key=lambda path: (-sizes[path], path))
    each = max(1, -(-len(paths) // Turns.MOST))
    parts: list[Sequence[Path]] = [paths[start : start + each] for start in range(0, len(paths), each)]
    return parts, max(1, min(processors(), MOST_PROCESSES, len(parts), 1 + sum(sizes.values()) // WORTH_A_PROCESS))


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
