"""Names of files and folders: which of them another system would take for one and the same."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from deckgen import rules
from deckgen.diagnostic import Position, Report


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
