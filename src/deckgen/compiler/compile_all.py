"""Compile all files of a project, and take those that have not changed from the cache."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping
from pathlib import Path

from deckgen.cards.note_type import type_hash
from deckgen.compiler import stored_file
from deckgen.compiler.compile_file import CompiledFile, compile_file, compile_source
from deckgen.compiler.workers import compile_in_workers
from deckgen.core.diagnostics import Report
from deckgen.core.location import PROJECT_FILE
from deckgen.core.source import Source
from deckgen.project import cache as caches
from deckgen.project.deck_files import SOURCES_FILE
from deckgen.project.project import Project, read_source

Progress = Callable[[Iterable[Path], int], Iterable[Path]]
"""Passes files on as they are compiled, and shows how many of a total are done."""

Recent = MutableMapping[Path, tuple[str, CompiledFile]]
"""Compiled files that a program keeps in memory, each with its key in the cache."""


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
    files, sources = _read_sources(project, unsaved, hints=hints)
    hashes = {path: hashlib.sha256(data).digest() for path, data in sources.items()}
    shared = _shared(project)
    other_keys, keys = [_keys(hashes, shared, hints=wanted) for wanted in (not hints, hints)]
    files |= {path: file for path, (key, file) in recent.items() if keys.get(path) == key}
    sources = {path: data for path, data in sources.items() if path not in files}
    with caches.of_project(project.root) as store:
        changed = {path: data for path, data in sources.items() if not store.has(keys[path])}
        with compile_in_workers(changed if len(sources) > 1 else {}, store, keys, project, hints=hints) as stored:
            for path in [path for path in sources if path not in changed]:
                if file := _load(store.get(keys[path]), path, project):
                    files[path] = file
                else:
                    changed[path] = sources[path]  # its media have changed, or it is damaged

            def collect() -> Iterator[Path]:
                for path, file in _compile_changed(changed, stored, store, keys, project, hints=hints):
                    files[path] = file
                    yield path

            for _ in progress(collect(), len(changed)):
                pass
        # With hints and without: 'check' and 'build' take turns.
        store.keep_only({caches.LAST_BUILD, caches.LOCK_HISTORY, *keys.values(), *other_keys.values()})
    recent.clear()
    recent.update({path: (key, files[path]) for path, key in keys.items() if not files[path].media})
    return {path: files[path] for deck in project.decks for path in deck.sources}


def _read_sources(
    project: Project, unsaved: Source | None, *, hints: bool
) -> tuple[dict[Path, CompiledFile], dict[Path, bytes]]:
    """The bytes of all files; and, compiled, those that cannot be read, and the one that is ``unsaved``."""
    files: dict[Path, CompiledFile] = {}
    sources: dict[Path, bytes] = {}
    for path in [path for deck in project.decks for path in deck.sources]:
        report = Report()
        if unsaved and path == unsaved.path:
            files[path] = compile_source(unsaved, project, report, hints=hints)
        elif (data := read_source(path, project.root, report)) is not None:
            sources[path] = data
        else:
            files[path] = CompiledFile(findings=tuple(report))
    return files, sources


def _shared(project: Project) -> bytes:
    """A hash of what all compiled files of a project depend on, except their media."""
    state = hashlib.sha256(f"{caches.compiler_version()}\n{caches.month()}\n".encode())
    for name in (PROJECT_FILE, SOURCES_FILE):
        state.update(hashlib.sha256(read_source(project.root / name, project.root, Report()) or b"").digest())
    for note_type in project.note_types.values():
        state.update(type_hash(note_type, project.settings.tag).encode())
    # A file with an error declares nothing, and a note type with an error has no hash.
    declared = {of: sorted(names) for of, names in project.declared.items()}
    state.update(f"{declared}\n{project.consent}".encode())
    return state.digest()


def _keys(hashes: Mapping[Path, bytes], shared: bytes, *, hints: bool) -> dict[Path, str]:
    """The keys of files in the cache, of those that were compiled with hints or of those without."""
    return {path: hashlib.sha256(shared + bytes([hints]) + own).hexdigest() for path, own in hashes.items()}


def _load(data: bytes | None, path: Path, project: Project) -> CompiledFile | None:
    try:
        return stored_file.load(data, path, project) if data else None
    except stored_file.LOAD_ERRORS:
        return None


def _compile_changed(
    changed: Mapping[Path, bytes],
    stored: Iterable[Path],
    store: caches.Cache,
    keys: Mapping[Path, str],
    project: Project,
    *,
    hints: bool,
) -> Iterator[tuple[Path, CompiledFile]]:
    """The changed files, which are stored as well. Those that no worker compiles are compiled here."""
    remaining = dict(changed)
    for path in stored:
        file = _load(store.get(keys[path]), path, project)
        if file is not None:
            del remaining[path]
            yield path, file
    for path, data in remaining.items():
        file = compile_file(path, data, project, hints=hints)
        store.put(keys[path], stored_file.dump(file, path))
        yield path, file
