"""Work that another process or thread does while this one goes on, where the system can and has a processor for it."""

from __future__ import annotations

import json
import os
import signal
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from typing import Any, ClassVar, Generic, TypeVar

T = TypeVar("T")


def processors() -> int:
    """How many processes can work at once; one where the system cannot fork."""
    return 1
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Helper:
    """Another process, which does work step by step, and then answers what it is asked, until nobody asks any more.

    Its work is given the requests, as they come, and yields the result of each step, then None, then the answers in the
    order of the requests; all of it made of what JSON can hold. If it fails, the rest is missing. Used as a context,
    the process ends with it.
    """

    def __init__(self, work: Callable[[Iterator[Any]], Iterable[Any]]) -> None:
        self._process, self._to, self._from = _start(work)
        self._part = b""
        self._lines: deque[bytes] = deque()
        self._has_results = True
        self._asked = 0
        self._answers: list[Any] = []

    def results(self, *, wait: bool) -> Iterator[Any]:
        """The results of the steps that were done since this was asked for; waiting, of all that are to be done."""
        while self._has_results and (line := self._line(wait=wait)):
            result = json.loads(line)
            self._has_results = result is not None
            if self._has_results:
                yield result

    def ask(self, request: object) -> Callable[[], tuple[Any, ...]]:
        """Send a request; what waits for the answer to it, and gives nothing if there will be none."""
        number = self._asked
        self._asked += 1
        with suppress(OSError):  # it has failed, and will not answer
            os.write(self._to, json.dumps(request).encode() + b"\n")
        return lambda: self._answer(number)

    def finish(self) -> None:
        """Let the process end once it has answered."""
        os.close(self._to)
        self._to = -1

    def _answer(self, number: int) -> tuple[Any, ...]:
        deque(self.results(wait=True), maxlen=0)
        while len(self._answers) <= number and (line := self._line(wait=True)):
            self._answers.append(json.loads(line))
        return tuple(self._answers[number : number + 1])

    def _line(self, *, wait: bool) -> bytes:
        """What the process wrote next; nothing, if it did not yet and is not waited for, or will not any more."""
        os.set_blocking(self._from, wait)
        while not self._lines:
            try:
                data = os.read(self._from, 1 << 20)
            except BlockingIOError:
                return b""
            if not data:
                return b""
            *lines, self._part = (self._part + data).split(b"\n")
            self._lines.extend(lines)
        return self._lines.popleft()

    def __enter__(self) -> Helper:
        return self

    def __exit__(self, *_: object) -> None:
        if self._to >= 0:
            self.finish()
        os.close(self._from)
        os.kill(self._process, signal.SIGKILL)
        os.waitpid(self._process, 0)


class Task(Generic[T]):
    """Some work, whose result is made of what JSON can hold.

    A helper, if there is one, is asked for it at once. Without one, or if it fails, the work is done here when its
    result is wanted, and fails as well or does not.
    """

    def __init__(self, work: Callable[[], T], helper: Helper | None = None, request: object = None) -> None:
        self._work = work
        self._answer = helper.ask(request) if helper else None
        self._done: tuple[T, ...] = ()

    def result(self) -> T:
        """What came of the work, once it is done; raises whatever the work raises."""
        if not self._done:
            self._done = (self._answer() if self._answer else ()) or (self._work(),)
        return self._done[0]


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
    """The results of several pieces of work, done by threads: for such as is left to C, which lets others run."""
    count = min(processors(), len(works))
    if count < 2:
        return [work() for work in works]
    from threading import Thread

    results: dict[int, T] = {}
    turns = iter(range(len(works)))  # from which each thread takes what comes next

    def keep() -> None:
        for place in turns:
            with suppress(Exception):  # what fails is done anew below, and fails or does not
                results[place] = works[place]()

    threads = [Thread(target=keep) for _ in range(1, count)]
    for thread in threads:
        thread.start()
    keep()
    for thread in threads:
        thread.join()
    return [results[place] if place in results else works[place]() for place in range(len(works))]


def _start(work: Callable[[Iterator[Any]], Iterable[Any]]) -> tuple[int, int, int]:
    """A process that does some work, by its number, and the pipes to it and from it, in which all is a line each."""
    requests, to = os.pipe()
    ours, results = os.pipe()
    _widen(results)
    process = os.fork()
    if process:
        os.close(requests)
        os.close(results)
        return process, to, ours
    try:  # nothing of this process may be finished twice: neither what it has yet to print nor what it has to clean up
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        os.close(to)
        os.close(ours)
        with os.fdopen(requests, "rb") as lines, os.fdopen(results, "wb") as pipe:
            for result in work(map(json.loads, lines)):
                pipe.write(json.dumps(result).encode() + b"\n")
                pipe.flush()
    except Exception:
        if sys.flags.dev_mode:  # elsewhere it is enough that the work is done anew
            import traceback

            traceback.print_exc()
    finally:
        os._exit(0)


def _widen(pipe: int) -> None:
    """Give a pipe room for what nobody reads for a while, where the system can: a full one is waited for."""
    with suppress(ImportError, AttributeError, OSError):
        import fcntl

        fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, 1 << 20)
