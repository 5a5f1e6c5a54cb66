"""Generated files, which are only written if their content changes."""

from __future__ import annotations

from pathlib import Path

from deckgen.core.location import checkout_of, short_path
from deckgen.core.outputs import Outputs
from deckgen.core.terminal import Failure


def write_if_changed(path: Path, text: str, root: Path) -> bool:
    """Write a file for a project unless it has this text already; returns whether it was written. Raises Failure, and
    writes nothing, if the file there is not text. A link or pipe is replaced."""
    with Outputs(checkout_of(root)) as outputs:
        outputs.folder(path.parent)
        try:
            if path.is_file() and not path.is_symlink() and path.read_text(encoding="utf-8") == text:
                return False
        except ValueError:
            raise Failure(f"'{short_path(path)}' is not a text file; name another file") from None
        outputs.text(path, text)
        outputs.commit()
    return True
