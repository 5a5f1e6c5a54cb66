"""Check the names of files and folders: are they possible, and different, on every system?"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from pathlib import Path

from deckgen.core import rules
from deckgen.core.characters import printable_line
from deckgen.core.diagnostics import Position, Report, Severity

_PORTS = [f"{port}{number}" for port in ("com", "lpt") for number in range(10)]
DEVICES = ("con", "prn", "aux", "nul", *_PORTS)
"""Names that are devices on Windows."""

# https://learn.microsoft.com/en-us/windows/win32/fileio/naming-a-file
NOT_ON_WINDOWS = re.compile(rf'[\x00-\x1f<>:"|?*\\]|[. ]\Z|\A(?:{"|".join(DEVICES)})(?=\.|\Z)', re.IGNORECASE)


def report_name(path: Path, position: Position, report: Report) -> bool:
    """Report a name that cannot be shown, or cannot be used on Windows. Return whether the file can be read."""
    name = path.name
    readable = printable_line(name) == name
    if not readable:
        message = f"expected a name of visible characters in UTF-8, found '{printable_line(name)}'"
        report.add(rules.FILE_NAME, position, message, "rename it; ASCII letters are safest")
    elif found := NOT_ON_WINDOWS.search(name):
        message = f"the name '{name}' cannot be used on Windows because of '{found[0]}'"
        report.add(rules.FILE_NAME, position, message, "rename it", Severity.WARNING)
    return readable


def report_clashes(names: Iterable[tuple[str, Position]], report: Report) -> None:
    """Report each name in a folder that differs from an earlier one only in case, or in how accents are encoded."""
    first: dict[str, str] = {}
    for name, position in names:
        folded = unicodedata.normalize("NFC", name).casefold()
        if folded in first:
            other = f" by '{first[folded]}', which differs only in case or accents" if first[folded] != name else ""
            message = f"the name '{name}' is already used{other}"
            report.add(rules.NAME_CLASH, position, message, "rename one of the two")
        first.setdefault(folded, name)
