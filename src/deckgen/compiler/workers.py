"""Compile files in other processes."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from deckgen.compiler import stored_file
from deckgen.compiler.compile_file import compile_file
from deckgen.core.diagnostics import Report
from deckgen.kinds.registry import all_kinds
from deckgen.lint.run import all_lint_rules
from deckgen.own_types.consent import Consent
from deckgen.project.cache import Cache
from deckgen.project.project import Project, load

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

MOST_PROCESSES = 4
"""More workers would not make a build faster: linking and packing are done by one process."""

WORTH_WORKERS = {"fork": 200_000, "spawn": 1_500_000}
"""Above this many bytes of changed sources, a build is faster with workers; by the method that starts them."""


@contextmanager
def compile_in_workers(
    changed: Mapping[Path, bytes], store: Cache, keys: Mapping[Path, str], project: Project, *, hints: bool
) -> Iterator[Iterable[Path]]:
    """Start to compile files, the largest first. Workers hand what they compile over in the store: only the path of
    each file that is there, under its key, is yielded. Meanwhile, the caller can do other work. Yields nothing where
    workers are not worth it, and not all files if a worker fails or is killed, as one is when memory runs out.

    Workers share no queue or lock, since one that was killed would keep it: each has its own files, stores what it
    makes, and writes a byte into its pipe when a file is done.
    """
    count, method = min(_processors(), MOST_PROCESSES), _method()
    if count == 1 or sum(map(len, changed.values())) < WORTH_WORKERS[method]:
        yield ()
        return
    import multiprocessing

    all_kinds(), all_lint_rules()  # here, and not once in each worker
    paths = sorted(changed, key=lambda path: (-len(changed[path]), path))
    context: Any = multiprocessing.get_context(method)
    processes: list[BaseProcess] = []
    shares: dict[Connection, Iterator[Path]] = {}
    try:
        with suppress(OSError):  # too many processes or open files
            for number in range(min(count, len(paths))):
                receiver, sender = context.Pipe(duplex=False)
                share = paths[number::count]
                files = [(keys[path], path, changed[path]) for path in share]
                process = context.Process(
                    target=_work, args=(sender, project.root, project.consent, hints, store, files)
                )
                process.start()
                sender.close()  # only the worker keeps it open, so that its end closes the pipe
                processes.append(process)
                shares[receiver] = iter(share)
        yield _done(shares)
    finally:
        for process in processes:
            process.terminate()
            process.join()


def _done(shares: Mapping[Connection, Iterator[Path]]) -> Iterator[Path]:
    """The files of workers as they are done, until all workers have ended."""
    from multiprocessing.connection import wait

    waiting = dict(shares)
    while waiting:
        ready: list[Any] = wait(list(waiting))
        for receiver in ready:
            if _is_done(receiver):
                yield next(waiting[receiver])
            else:
                del waiting[receiver]


def _is_done(receiver: Connection) -> bool:
    """Whether a worker says that a file is done; if not, it has ended."""
    try:
        receiver.recv_bytes()
    except (EOFError, OSError):
        return False
    return True


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _method() -> str:
    """How workers start: by a fork, which needs no imports, where no other thread can hold a lock. On other systems,
    libraries may have threads of their own."""
    return "fork" if sys.platform == "linux" and threading.active_count() == 1 else "spawn"


def _work(
    sender: Connection,
    root: Path,
    consent: Consent,
    hints: bool,
    store: Cache,
    files: Iterable[tuple[str, Path, bytes]],
) -> None:
    """Compile files into the store. If one fails, the parent process compiles it and the rest, and says why it fails.

    A worker ignores interrupts, which its parent process handles, and ends when that ends, even if it is killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):  # Windows has no SIGHUP
            signal.signal(getattr(signal, name), signal.SIG_DFL)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    with suppress(Exception):
        project = load(root, Report(), with_lock=False, consent=consent)
        for key, path, data in files:
            store.put(key, stored_file.dump(compile_file(path, data, project, hints=hints), path))
            sender.send_bytes(b".")


def _end_with_parent() -> None:
    import multiprocessing

    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
