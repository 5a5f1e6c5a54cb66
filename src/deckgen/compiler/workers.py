"""Compile files in other processes."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import cache, partial
from pathlib import Path

from deckgen.compiler import stored_file
from deckgen.compiler.compile_file import compile_file
from deckgen.core.diagnostics import Report
from deckgen.kinds.registry import all_kinds
from deckgen.lint.run import all_lint_rules
from deckgen.own_types.consent import Consent
from deckgen.project.cache import Cache
from deckgen.project.project import Project, load

MOST_PROCESSES = 4
"""More workers would not make a build faster: linking and packing are done by one process."""

WORTH_WORKERS = {"fork": 200_000, "spawn": 1_500_000}
"""Above this many bytes of changed sources, a build is faster with workers; by the method that starts them."""


@contextmanager
def compiling(
    changed: Mapping[Path, bytes], store: Cache, keys: Mapping[Path, str], project: Project, *, hints: bool
) -> Iterator[Iterable[Path]]:
    """Start to compile files, the largest first; provides the path of each one that is in the store, under its key.
    Meanwhile, the caller can do other work. Provides nothing where workers are not worth it, and stops early if one
    fails.

    A pool would wait for ever for the rest of a result if a worker were killed while it sends one, as one is when
    memory runs out. So workers send nothing: they store what they made.
    """
    count, method = min(_processors(), MOST_PROCESSES), _method()
    if count == 1 or sum(map(len, changed.values())) < WORTH_WORKERS[method]:
        yield ()
        return
    import multiprocessing
    from concurrent.futures import BrokenExecutor, ProcessPoolExecutor

    all_kinds(), all_lint_rules()  # here, and not once in each worker
    paths = sorted(changed, key=lambda path: (-len(changed[path]), path))
    failures = (BrokenExecutor, ImportError, NotImplementedError, OSError)  # some systems have no semaphores
    pool = None
    results: Iterable[Path] = ()
    with suppress(*failures):
        pool = ProcessPoolExecutor(min(count, len(paths)), multiprocessing.get_context(method), _start)
        compile_one = partial(_compile, project.root, project.consent, hints, store)
        jobs = [(keys[path], path, changed[path]) for path in paths]
        # Handing over a small file takes longer than compiling it.
        done = pool.map(compile_one, jobs, chunksize=1 + len(paths) // 100)
        results = (path for path, _ in zip(paths, done, strict=True))
    wait = True
    try:
        yield _until_failure(results, failures)
    except (KeyboardInterrupt, SystemExit):
        wait = False  # the same signal may have ended workers
        raise
    finally:
        if pool:
            pool.shutdown(wait=wait, cancel_futures=True)


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _method() -> str:
    """How workers start: by a fork, which needs no imports, where no other thread can hold a lock. On other systems,
    libraries may have threads of their own."""
    return "fork" if sys.platform == "linux" and threading.active_count() == 1 else "spawn"


def _until_failure(results: Iterable[Path], failures: tuple[type[Exception], ...]) -> Iterator[Path]:
    with suppress(*failures):
        yield from results


def _start() -> None:
    """Leave interrupts to the parent process, and end with it even if it is killed. The pool itself ends workers with
    SIGTERM when another one was killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):  # Windows has no SIGHUP
            signal.signal(getattr(signal, name), signal.SIG_DFL)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    import multiprocessing

    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _compile(root: Path, consent: Consent, hints: bool, store: Cache, job: tuple[str, Path, bytes]) -> None:
    key, path, data = job
    store.put(key, stored_file.dump(compile_file(path, data, _project(root, consent), hints=hints), path))


@cache
def _project(root: Path, consent: Consent) -> Project:
    return load(root, Report(), with_lock=False, consent=consent)
