"""Many files become units: those that are kept from an earlier run are loaded, the others compiled, by several
processes where that pays."""

from __future__ import annotations

import errno
import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from deckgen.build import cache as caches
from deckgen.build import compiled_file as stored
from deckgen.build.cache import Cache
from deckgen.build.compile_file import compile_text
from deckgen.build.compiled_file import Unit
from deckgen.cards.note import Texts
from deckgen.core.diagnostics import Report
from deckgen.core.hashes import file_hash
from deckgen.core.processes import Helper, Turns, processors
from deckgen.language.source import MAX_BYTES, decode
from deckgen.project.location import PROJECT_FILE, shown
from deckgen.project.project import RETIRED, SOURCES_FILE, Project, is_inside, read_source

Progress = Callable[[Iterable[int], int], Iterable[int]]
"""Shows how far one is with turns of a certain count, and gives them on."""

Units = dict[Path, Unit]
Keys = dict[Path, str | None]

Twin = Callable[[Units, Iterator[Any]], Iterable[Any]]
"""What another process does that has the units of all files: it is given requests, as long as there are some."""

WORTH_A_PROCESS = 250_000
"""Bytes of changed sources from which another process saves more time than it takes to start."""

WORTH_A_TWIN = 1_000_000
"""Bytes of sources from which it does so although few have changed."""

MOST_PROCESSES = 4
"""What follows the compiling of files is done by one process, so more than a few only wait."""


def silently(turns: Iterable[int], count: int) -> Iterable[int]:
    """Show nothing."""
    return turns


@contextmanager
def compile_all(
    paths: Sequence[Path], project: Project, progress: Progress = silently, twin: Twin | None = None
) -> Iterator[tuple[Units, Helper | None]]:
    """The units of files, without hints.

    Where it is worth its while, a ``twin`` is another process that has them too, as long as the context lasts; then
    only it has the facts that rules compare.
    """
    with caches.of_project(project.root) as cache, ExitStack() as stack:
        store = _Store(project, cache)
        keys: Keys = {path: store.find(path) for path in paths}
        sizes, changed = {path: _size(path) for path in paths}, [path for path in paths if keys[path] is None]
        parts = _divide(changed, sizes)
        processes = _processes(sum(sizes[path] for path in changed), sum(sizes.values())) if twin else 1
        turns = stack.enter_context(Turns(len(parts)))
        share = _Share(paths, dict(keys), parts, turns, store)
        works = [partial(share.work, twin if place == 0 else None) for place in range(processes - 1)]
        helpers = [stack.enter_context(Helper(work)) for work in works]
        store.facts = not helpers
        units: Units = {}
        for turn in progress(turns, len(parts)):
            for path in parts[turn]:
                units[path], keys[path] = store.compile(path)
            for helper in helpers:
                store.take(helper.results(wait=False), units, keys)
        for helper in helpers:
            store.take(helper.results(wait=True), units, keys)
        if helpers:
            helpers[0].ask({str(path): keys[path] for path in changed})
        store.fill(units, paths, keys)
        cache.keep_only({*filter(None, keys.values()), *_replaced(project)})
        units = {path: units[path] for path in paths}
        yield units, helpers[0] if helpers else None


def _replaced(project: Project) -> Iterator[str]:
    """The keys of results that are replaced, never given up."""
    yield caches.LAST_BUILD
    for deck in project.decks:
        for ending in (".apkg", f"{RETIRED}.apkg", "-update.txt"):
            yield caches.parts_of(deck.name + ending)


class _Store:
    """Compiles the files of one project, and keeps what became of them."""

    def __init__(self, project: Project, cache: Cache) -> None:
        self._project = project
        self._cache = cache
        self.facts = True  # whether units are to have them
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
        unit = self._compiled(path, data, report)
        kept = stored.dump(unit)
        if not self.facts:
            unit = unit._replace(looked=replace(unit.looked, facts={}))
        return unit, self._cache.put(self._key(hashlib.sha256(data).digest()), *kept) if kept else None

    def _compiled(self, path: Path, data: bytes, report: Report) -> Unit:
        return compile_text(decode(path, shown(path), data, report), self._project, report)

    def load(self, path: Path, key: str | None) -> Unit | None:
        """A unit that is kept and still holds."""
        if key is None or (data := self._cache.get(key)) is None:
            return None
        try:
            find = partial(self._project.media.find, folder=path.parent)
            texts = Texts(partial(self._texts, path, key))
            return stored.load(data, texts, shown(path), find, facts=self.facts)
        except stored.NOT_A_UNIT:
            return None

    def _texts(self, path: Path, key: str) -> bytes:
        """The texts of a unit that is kept; where they are not any more, those that its file is compiled to again."""
        texts = self._cache.get_behind(key)
        if texts is not None:
            return texts
        data = read_source(path, self._project.root, Report())
        if data is None or self._key(hashlib.sha256(data).digest()) != key:
            raise OSError(errno.EAGAIN, "the file changed while the deck was built; build again", str(path))
        return b"".join([note.encoded for note in self._compiled(path, data, Report()).notes])

    def take(self, kept: Iterable[list[str]], units: Units, keys: Keys) -> None:
        """Load what another process keeps, as far as that succeeds."""
        for name, key in kept:
            path = Path(name)
            keys[path] = key or None
            if unit := self.load(path, key):
                units[path] = unit

    def fill(self, units: Units, paths: Iterable[Path], keys: Keys) -> None:
        """Load the units of files that are missing, and compile those that are not kept."""
        for path in paths:
            if path not in units:
                units[path] = self.load(path, keys[path]) or self.compile(path)[0]


class _Share(NamedTuple):
    """What another process needs to take its part in compiling all files, of which some are kept by their keys."""

    paths: Sequence[Path]
    keys: Keys
    parts: Sequence[Sequence[Path]]
    turns: Turns
    store: _Store

    def work(self, twin: Twin | None, requests: Iterator[Any]) -> Iterator[Any]:
        """Compile the files of those parts whose turn it is, and give the key of each; as a twin, get the units of the
        other files then. The first request has the keys of all that were compiled."""
        units: Units = {}
        for turn in self.turns:
            for path in self.parts[turn]:
                unit, key = self.store.compile(path)
                if twin:
                    units[path] = unit
                yield [str(path), key or ""]
        yield None
        if twin:
            self.store.fill(units, [path for path in self.paths if self.keys[path]], self.keys)
            compiled = {Path(name): key for name, key in next(requests).items()}
            self.store.fill(units, self.paths, {**self.keys, **compiled})
            yield None
            units = {path: units[path] for path in self.paths}
            yield from twin(units, requests)


def _divide(paths: Sequence[Path], sizes: Mapping[Path, int]) -> list[Sequence[Path]]:
    """Files in no more parts than there may be turns, the largest first, so that no process is left with one at the
    end."""
    paths = sorted(paths, key=lambda path: (-sizes[path], path))
    each = max(1, -(-len(paths) // Turns.MOST))
    return [paths[start : start + each] for start in range(0, len(paths), each)]


def _processes(changed: int, all: int) -> int:
    """How many processes are worth their while, for so many bytes of sources."""
    return min(processors(), MOST_PROCESSES, max(1 + changed // WORTH_A_PROCESS, 2 if all >= WORTH_A_TWIN else 1))


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
