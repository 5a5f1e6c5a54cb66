"""``python -m deckgen``, and the command ``deckgen``: an interrupt is one line, also while the first modules load, and
who is told to end cleans up first."""

from __future__ import annotations

import os
import signal


def run() -> None:
    """Run the command of this process's arguments."""
    signal.signal(signal.SIGINT, _leave)
    from deckgen.cli import main

    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, _end)
    main(prog_name="deckgen")


def _leave(*_: object) -> None:
    os.write(2, b"interrupted\n")
    os._exit(130)


def _end(*_: object) -> None:
    raise SystemExit(128 + signal.SIGTERM)


if __name__ == "__main__":
    run()
