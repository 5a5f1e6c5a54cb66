"""Commands in processes of their own, with a limit of memory and time. Each is forked from a process that has loaded
deckgen already: to start Python and load it anew takes longer than most commands."""

from __future__ import annotations

import multiprocessing
import os
import resource
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from deckgen.__main__ import run

_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(["deckgen.cli", "deckgen.commands.diff", "deckgen.commands.preview"])


def deckgen(*arguments: str, memory: int, seconds: float) -> subprocess.CompletedProcess[str]:
    """Run a command in the working folder, as the process of a user does, with at most so many bytes of memory."""
    with TemporaryDirectory(prefix="apart-") as name:
        outputs = [Path(name, "stdout"), Path(name, "stderr")]
        process = _CONTEXT.Process(target=_run, args=(arguments, Path.cwd(), dict(os.environ), memory, outputs))
        process.start()
        process.join(seconds)
        if process.exitcode is None:
            process.kill()
            process.join()
            raise subprocess.TimeoutExpired(arguments, seconds)
        return subprocess.CompletedProcess(arguments, process.exitcode, *[path.read_text() for path in outputs])


def _run(
    arguments: Sequence[str], folder: Path, environment: dict[str, str], memory: int, outputs: Sequence[Path]
) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    for number, path in enumerate(outputs, 1):
        file = os.open(path, os.O_WRONLY | os.O_CREAT)
        os.dup2(file, number)
        os.close(file)
    sys.argv = ["deckgen", *arguments]
    run()
