"""Work that another process or thread does while this one goes on, where the system can and has a processor for it."""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import ClassVar, Generic, TypeVar, cast

T = TypeVar("T")


def processors() -> int:
    """How many processes can work at once; one where the system cannot fork."""
    if not hasattr(os, "fork"):
        return 1
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Task(Generic[T]):
    """Some work, whose result is made of what JSON can hold.

    It begins at once in a process of its own, or, not ``meanwhile``, when its result is asked for. If that process
    fails, this one does the work anew, and fails as well or does not. Used as a context, work that nobody waits for any
    more is stopped.
    """

    def __init__(self, work: Callable[[], T], *, meanwhile: bool) -> None:
        self._work = work
        self._done: tuple[T] | None = None
        self.is_meanwhile = meanwhile and processors() > 1
        if self.is_meanwhile:
            self._process, self._pipe = _start(work)

    def result(self) -> T:
        """What came of the work, once it is done; raises whatever the work raises."""
        if self._done is None:
            answer = self._answer() if self.is_meanwhile else b""
            self._done = (cast("T", json.loads(answer)) if answer else self._work(),)
        return self._done[0]

    def _answer(self) -> bytes:
        with os.fdopen(os.dup(self._pipe), "rb") as pipe:
            return pipe.read()

    def stop(self) -> None:
        """End the other process, whether it is done or not."""
        if self.is_meanwhile:
            self.is_meanwhile = False
            os.close(self._pipe)
            os.kill(self._process, signal.SIGKILL)
            os.waitpid(self._process, 0)

    def __enter__(self) -> Task[T]:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


class Turns:
    """Numbers from 0 that several processes take one by one, each number once: who is slower takes fewer.

    They lie in a pipe, out of which every process reads what comes next; so there may be MOST of them.
    """

    MOST: ClassVar = 2_000

    def __init__(self, count: int) -> None:
        assert count <= self.MOST
        self._pipe, filled = os.pipe()
        os.write(filled, b"".join([number.to_bytes(2, "big") for number in range(count)]))
        os.close(filled)

    def __iter__(self) -> Iterator[int]:
        while number := os.read(self._pipe, 2):
            yield int.from_bytes(number, "big")

    def __enter__(self) -> Turns:
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._pipe)


def at_once(works: Sequence[Callable[[], T]]) -> list[T]:
    """The results of several pieces of work, each done in a thread: for such as is left to C, which lets others run."""
    if len(works) < 2:
        return [work() for work in works]
    from threading import Thread

    results: dict[int, T] = {}

    def keep(place: int) -> None:
        with suppress(Exception):  # what fails is done anew below, and fails or does not
            results[place] = works[place]()

    threads = [Thread(target=keep, args=(place,)) for place in range(1, len(works))]
    for thread in threads:
        thread.start()
    keep(0)
    for thread in threads:
        thread.join()
    return [results[place] if place in results else works[place]() for place in range(len(works))]


def _start(work: Callable[[], object]) -> tuple[int, int]:
    """A process that does some work, by its number, and a pipe that gives the result; nothing, if it fails."""
    ours, theirs = os.pipe()
    process = os.fork()
    if process:
        os.close(theirs)
        return process, ours
    try:  # nothing of this process may be finished twice: neither what it has yet to print nor what it has to clean up
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        answer = json.dumps(work(), ensure_ascii=False).encode()
        with os.fdopen(theirs, "wb") as pipe:
            pipe.write(answer)
    except Exception:
        if sys.flags.dev_mode:  # elsewhere it is enough that the work is done anew
            import traceback

            traceback.print_exc()
    finally:
        os._exit(0)
