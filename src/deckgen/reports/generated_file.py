"""Generated files, which keep their time of change while their content stays the same."""

from __future__ import annotations

from pathlib import Path

from deckgen.core.outputs import Outputs
from deckgen.core.terminal import Failure
from deckgen.project.location import shown


def write_if_changed(path: Path, text: str) -> bool:
    """Write a file unless it has this text already; returns whether it was written. Raises Failure, and writes nothing,
    if the file there is not text."""
    try:
        if path.is_file() and path.read_text(encoding="utf-8") == text:
            return False
    except ValueError:
        raise Failure(f"'{shown(path)}' is not a text file; name another file") from None
    with Outputs() as outputs:
        outputs.text(path, text)
        outputs.commit()
    return True
