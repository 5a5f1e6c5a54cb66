"""Compile all files of a project: from the cache, or in several processes if many have changed."""

from __future__ import annotations

import hashlib
import os
import signal
from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping
from functools import cache
from itertools import repeat
from pathlib import Path

from deckgen.compiler import stored_file
from deckgen.compiler.compile_file import CompiledFile, compile_file, compile_source
from deckgen.core.diagnostics import Report
from deckgen.core.location import PROJECT_FILE
from deckgen.core.source import Source
from deckgen.own_types.consent import Consent
from deckgen.project import cache as caches
from deckgen.project.deck_files import SOURCES_FILE
from deckgen.project.project import Project, load, read_source
from deckgen.publication.publish import type_hash

Progress = Callable[[Iterable[Path], int], Iterable[Path]]
"""Passes files on as they are compiled, and shows how many of a total are done."""

Recent = MutableMapping[Path, tuple[str, CompiledFile]]
"""Compiled files that a program keeps in memory, each with its key in the cache."""

MOST_PROCESSES = 4
"""More workers would not make a build faster: linking and packing are done by one process."""

WORTH_A_POOL = 300_000
"""Above this many bytes of changed sources, several processes are faster than one."""


def silently(files: Iterable[Path], total: int) -> Iterable[Path]:
    """Show no progress."""
    return files


def compile_all(
    project: Project,
    progress: Progress = silently,
    unsaved: Source | None = None,
    recent: Recent | None = None,
    *,
    hints: bool,
) -> dict[Path, CompiledFile]:
    """Compile every file of a project; those that have not changed since an earlier run come from the cache.

    Content rules that only give hints are applied if ``hints`` are wanted. One file may be ``unsaved``: its text is
    compiled instead of what is on disk. A program that compiles again and again passes ``recent``, which keeps the
    files of the last time in memory.
    """
    recent = {} if recent is None else recent
    files: dict[Path, CompiledFile] = {}
    keys: dict[Path, str] = {}
    changed: dict[Path, bytes] = {}
    paths = [path for deck in project.decks for path in deck.files]
    prefixes = {wanted: _key_prefix(project, hints=wanted) for wanted in (True, False)}
    still_used = {caches.LAST_BUILD, caches.LOCK_HISTORY}
    with caches.of_project(project.root) as store:
        for path in paths:
            if unsaved and path == unsaved.path:
                files[path] = compile_source(unsaved, project, Report(), hints=hints)
                continue
            report = Report()
            data = read_source(path, project.root, report)
            if data is None:
                files[path] = CompiledFile(findings=tuple(report))
                continue
            own = {wanted: hashlib.sha256(prefix + data).hexdigest() for wanted, prefix in prefixes.items()}
            keys[path] = own[hints]
            still_used.update(own.values())  # with hints and without: 'check' and 'build' take turns
            last_key, last_file = recent.get(path, ("", None))
            known = last_file if last_key == keys[path] else _load(store.get(keys[path]), path, project)
            if known:
                files[path] = known
            else:
                changed[path] = data

        def compile_changed() -> Iterator[Path]:
            for path, file, stored in _compile(changed, project, hints=hints):
                store.put(keys[path], stored)
                files[path] = file
                yield path

        for _ in progress(compile_changed(), len(changed)):
            pass
        store.keep_only(still_used)
    recent.clear()
    recent.update({path: (key, files[path]) for path, key in keys.items() if not files[path].media})
    return {path: files[path] for path in paths}


def _key_prefix(project: Project, *, hints: bool) -> bytes:
    """What a compiled file depends on besides its own bytes and its media."""
    state = hashlib.sha256(f"{caches.compiler_version()}\n{caches.month()}\n{hints}".encode())
    for name in (PROJECT_FILE, SOURCES_FILE):
        state.update(hashlib.sha256(read_source(project.root / name, project.root, Report()) or b"").digest())
    for note_type in project.note_types.values():
        state.update(type_hash(note_type, project.file.tag).encode())
    state.update(str(project.consent).encode())
    return state.digest()


def _load(data: bytes | None, path: Path, project: Project) -> CompiledFile | None:
    try:
        return stored_file.load(data, path, project) if data else None
    except stored_file.LOAD_ERRORS:
        return None


def _compile(
    changed: Mapping[Path, bytes], project: Project, *, hints: bool
) -> Iterator[tuple[Path, CompiledFile, bytes]]:
    """Compile files; yields each one with its stored form."""
    remaining = dict(changed)
    for path, stored in _compile_in_pool(changed, project, hints=hints):
        file = _load(stored, path, project)
        if file is not None:
            del remaining[path]
            yield path, file, stored
    for path, data in remaining.items():
        file = compile_file(path, data, project, hints=hints)
        yield path, file, stored_file.dump(file, path)


def _compile_in_pool(changed: Mapping[Path, bytes], project: Project, *, hints: bool) -> Iterator[tuple[Path, bytes]]:
    """Compile files in several processes, the largest first; yields nothing where that is not worth it, and stops
    early if a process fails."""
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    if processors == 1 or len(changed) == 1 or sum(map(len, changed.values())) < WORTH_A_POOL:
        return
    from concurrent.futures import BrokenExecutor, ProcessPoolExecutor

    paths = sorted(changed, key=lambda path: (-len(changed[path]), path))
    try:
        with ProcessPoolExecutor(min(processors, MOST_PROCESSES), initializer=_start_worker) as pool:
            data = map(changed.__getitem__, paths)
            # Handing over a small file takes longer than compiling it.
            stored = pool.map(
                _compile_in_worker,
                repeat((project.root, project.consent)),
                paths,
                data,
                repeat(hints),
                chunksize=1 + len(paths) // 100,
            )
            yield from zip(paths, stored, strict=True)
    except (BrokenExecutor, ImportError, NotImplementedError, OSError):  # some systems have no semaphores
        return


def _start_worker() -> None:
    """Leave interrupts to the parent process, and end with it even if it is killed."""
    import threading

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    import multiprocessing

    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _compile_in_worker(place: tuple[Path, Consent], path: Path, data: bytes, hints: bool) -> bytes:
    return stored_file.dump(compile_file(path, data, _project_in_worker(*place), hints=hints), path)


@cache
def _project_in_worker(root: Path, consent: Consent) -> Project:
    return load(root, Report(), with_lock=False, consent=consent)
