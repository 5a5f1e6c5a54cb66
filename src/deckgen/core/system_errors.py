"""Describe what the operating system refused: the path, the reason, and what to do about it."""

from __future__ import annotations

import errno
import os
from pathlib import Path

from deckgen.core.characters import printable_line
from deckgen.core.location import short_path

_PERMISSION = "ask the owner of the folder for permission, or work on a copy that is yours"
_SPACE = "delete what you do not need on this disk, and try again"

_NEXT_STEPS = {
    errno.EACCES: _PERMISSION,
    errno.EPERM: _PERMISSION,
    errno.ENOSPC: _SPACE,
    getattr(errno, "EDQUOT", errno.ENOSPC): _SPACE,
    errno.EROFS: "nothing can be written to this disk: copy the project to another one",
    errno.ENAMETOOLONG: "choose a shorter name",
}


def describe(error: OSError) -> str:
    """Describe an OSError in one line."""
    if not _has_working_folder():
        return "the current folder no longer exists: change to another folder, for example with 'cd', and try again"
    name = f"'{short_path(Path(os.fsdecode(error.filename)))}': " if error.filename else ""
    help = _NEXT_STEPS.get(error.errno or 0)
    return f"{name}{printable_line(error.strerror or str(error))}{f'; {help}' if help else ''}"


def _has_working_folder() -> bool:
    try:
        os.getcwd()
    except OSError:
        return False
    return True
