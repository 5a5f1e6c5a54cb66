"""Work that another process does while this one goes on, where the system can and has a processor for it."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable
from types import TracebackType
from typing import Generic, TypeVar, cast

T = TypeVar("T")


def processors() -> int:
    """How many processes can work at once; one where the system cannot fork."""
    if not hasattr(os, "fork"):
        return 1
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Task(Generic[T]):
    """Some work, whose result is made of what JSON can hold.

    It begins at once in a process of its own, or, not ``meanwhile``, when its result is asked for. If that process
    fails, this one does the work anew. Used as a context, a task that nobody waits for any more is ended.
    """

    def __init__(self, work: Callable[[], T], *, meanwhile: bool) -> None:
        self._work = work
        self._process = 0
        self._pipe = -1
        self._results: list[T] = []
        if meanwhile and processors() > 1:
            self._start()

    def _start(self) -> None:
        self._pipe, theirs = os.pipe()
        self._process = os.fork()
        if self._process:
            os.close(theirs)
            return
        try:  # nothing of this process may be finished twice: neither what it has yet to print nor to clean up
            signal.signal(signal.SIGINT, signal.SIG_DFL)
            answer = json.dumps(self._work(), ensure_ascii=False).encode()
            with os.fdopen(theirs, "wb") as pipe:
                pipe.write(answer)
        finally:
            os._exit(0)

    @property
    def is_meanwhile(self) -> bool:
        """Whether another process is at it."""
        return self._process > 0

    def result(self) -> T:
        """What came of the work, once it is done; raises whatever the work raises."""
        if not self._results:
            self._results.append(self._answer() if self._process else self._work())
        return self._results[0]

    def _answer(self) -> T:
        with os.fdopen(os.dup(self._pipe), "rb") as pipe:
            answer = pipe.read()
        return cast("T", json.loads(answer)) if answer else self._work()

    def __enter__(self) -> Task[T]:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        if self._process:
            os.close(self._pipe)
            os.kill(self._process, signal.SIGKILL)
            os.waitpid(self._process, 0)
            self._process = 0
