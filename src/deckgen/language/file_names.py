"""Names of files and folders: those that another system cannot have, or would take for one and the same."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from pathlib import Path

from deckgen.core.characters import displayed
from deckgen.core.diagnostics import Position, Report, Severity
from deckgen.language import rules

# https://learn.microsoft.com/en-us/windows/win32/fileio/naming-a-file
_NOT_ON_WINDOWS = re.compile(
    r'[\x00-\x1f<>:"|?*\\]|[. ]\Z|\A(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?=\.|\Z)', re.IGNORECASE
)


def report_name(path: Path, position: Position, report: Report) -> bool:
    """Whether a file or folder has a name that can be read; reported if not, or if Windows cannot have it."""
    name = path.name
    readable = displayed(name) == name
    if not readable:
        message = f"expected a name in UTF-8, found '{displayed(name)}'"
        report.add(rules.FILE_NAME, position, message, "rename it in letters that every system has")
    elif found := _NOT_ON_WINDOWS.search(name):
        message = f"the name '{name}' cannot stand on Windows: '{found[0]}'"
        report.add(rules.FILE_NAME, position, message, "give it another name", Severity.WARNING)
    return readable


def report_clashes(names: Iterable[tuple[str, Position]], report: Report) -> None:
    """Report each name that differs from an earlier one of the same folder in case or in the coding of accents only."""
    first: dict[str, str] = {}
    for name, position in names:
        folded = unicodedata.normalize("NFC", name).casefold()
        if folded in first:
            by = f" by '{first[folded]}' where upper and lower case are equal" if first[folded] != name else ""
            message = f"the name '{name}' is taken{by}"
            report.add(rules.NAME_CLASH, position, message, "give one of the two another name")
        first.setdefault(folded, name)
