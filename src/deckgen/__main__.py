"""The entry point of ``deckgen`` and ``python -m deckgen``, and how a process ends: an interrupt prints one line, even
while modules are loading, and SIGTERM or a closed terminal lets a command clean up."""

from __future__ import annotations

import gc
import os
import signal
import sys

_TOO_LITTLE_MEMORY = b"error: there is too little memory for this; close other programs and try again\n"


def run() -> None:
    """Run the command that the process's arguments name."""
    if sys.flags.optimize > 1:
        sys.exit("error: Python removes texts that deckgen needs: unset PYTHONOPTIMIZE, or leave out -OO")
    gc.disable()  # nothing here makes reference cycles, and searching for them takes a sixth of a build
    signal.signal(signal.SIGINT, _leave_interrupted)
    for name in ("stdin", "stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by the parent process; no other file may get its number
            setattr(sys, name, open(os.devnull, "r+", encoding="utf-8"))  # noqa: SIM115 - it stays open
        getattr(sys, name).reconfigure(errors="replace")  # characters that the terminal's encoding does not have
    from deckgen.cli import main

    def interrupt(*_: object) -> None:
        if not main.is_running:
            _leave_interrupted()
        raise KeyboardInterrupt

    signal.signal(signal.SIGINT, interrupt)
    signal.signal(signal.SIGTERM, _end)
    if hasattr(signal, "SIGHUP") and signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:  # as nohup sets it
        signal.signal(signal.SIGHUP, _end)
    sys.unraisablehook = _after_callback
    try:
        main(prog_name="deckgen")
    except MemoryError:
        if "--debug" in sys.argv:
            raise
        os.write(2, _TOO_LITTLE_MEMORY)  # anything else could need some
        os._exit(1)
    except SystemExit as leaving:
        if isinstance(leaving.code, int):
            _leave_at_once(leaving.code)
        raise


def _leave_interrupted(*_: object) -> None:
    os.write(2, b"interrupted\n")
    os._exit(130)


def _end(*_: object) -> None:
    raise SystemExit(128 + signal.SIGTERM)


def _after_callback(found: sys.UnraisableHookArgs) -> None:
    """Repeat a signal whose exception Python swallowed, as it does in its own callbacks while modules are loading."""
    ends = {SystemExit: signal.SIGTERM, KeyboardInterrupt: signal.SIGINT}.get(found.exc_type)
    if ends is None or not hasattr(signal, "setitimer"):
        sys.__unraisablehook__(found)
        return
    signal.signal(signal.SIGALRM, signal.getsignal(ends))
    signal.setitimer(signal.ITIMER_REAL, 0.001)  # after the callback


def _leave_at_once(code: int) -> None:
    """Exit without freeing every object, which takes a twentieth of most runs. Return if output cannot be written."""
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except (OSError, ValueError):
        return
    os._exit(code)


if __name__ == "__main__":
    run()
