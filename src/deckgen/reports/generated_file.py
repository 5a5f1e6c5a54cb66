"""Generated files, which keep their time of change while their content stays the same."""

from __future__ import annotations

from pathlib import Path

from deckgen.core.outputs import Outputs


def write_if_changed(path: Path, text: str) -> bool:
    """Write a file unless it has this text already; returns whether it was written."""
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return False
    with Outputs() as outputs:
        outputs.text(path, text)
        outputs.commit()
    return True
