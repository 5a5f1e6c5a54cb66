"""``python -m deckgen``, and the command ``deckgen``: an interrupt is one line, also while the first modules load, and
who is told to end cleans up first."""

from __future__ import annotations

import gc
import os
import signal
import sys


def run() -> None:
    """Run the command of this process's arguments."""
    gc.disable()  # nothing here makes cycles, and looking for them takes a sixth of a build
    signal.signal(signal.SIGINT, _leave_interrupted)
    for name in ("stdin", "stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by whoever started this; a file must not be opened in its place
            setattr(sys, name, open(os.devnull, "r+", encoding="utf-8"))  # noqa: SIM115 - it stays open
    from deckgen.cli import main

    def interrupt(*_: object) -> None:
        if not main.is_running:
            _leave_interrupted()
        raise KeyboardInterrupt

    signal.signal(signal.SIGINT, interrupt)
    signal.signal(signal.SIGTERM, _end)
    try:
        main(prog_name="deckgen")
    except SystemExit as leaving:
        if isinstance(leaving.code, int):
            _leave_at_once(leaving.code)
        raise


def _leave_interrupted(*_: object) -> None:
    os.write(2, b"interrupted\n")
    os._exit(130)


def _end(*_: object) -> None:
    raise SystemExit(128 + signal.SIGTERM)


def _leave_at_once(code: int) -> None:
    """End without first giving back every object, which takes a twentieth of most runs; return if output is stuck."""
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except (OSError, ValueError):
        return
    os._exit(code)


if __name__ == "__main__":
    run()
