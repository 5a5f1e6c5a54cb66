"""Report every change of a project's sources, even if their folder is replaced."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from watchfiles import watch

from deckgen.preview.server import Server

STEP = 10
"""Milliseconds to wait for another change before compiling, since an editor may write a file in parts."""

RETRY = 0.5
"""Seconds to wait before a folder that cannot be watched is tried again."""


def changes(root: Path, server: Server) -> Iterator[object]:
    """Yield whenever the sources change, until the server ends; the first time after a second at the latest, since a
    file may have been saved while the first page was rendered.

    Watching ends if the folder is renamed, replaced or deleted, or has a name that is not UTF-8; it then begins anew.
    Sources that cannot be rendered are tried again each second, since what stands in the way may be elsewhere.
    """
    while not server.ended:
        with suppress(OSError, RuntimeError):  # there is no such folder, or the watcher cannot decode a name
            watched = _identity(root)
            began = False
            for changed in watch(
                root, step=STEP, debounce=200, rust_timeout=1000, yield_on_timeout=True, raise_interrupt=False
            ):
                if server.ended:
                    return
                if changed or not began or server.failed:
                    began = True
                    yield changed
                if _identity(root) != watched:
                    break
        yield ()
        time.sleep(RETRY)


def _identity(folder: Path) -> tuple[int, int]:
    status = folder.stat()
    return status.st_dev, status.st_ino
