"""Text in Markdown for GitHub, exactly as it is: it formats nothing, loads nothing, links nothing and notifies nobody.

The sources of a pull request are a stranger's. GitHub links addresses, and notifies whom an ``@`` names, even where
Markdown was escaped, so an invisible space (U+200B) separates those characters from what follows.
"""

from __future__ import annotations

import re

from deckgen.core.characters import printable_line

_SPECIAL = re.compile(r"[\\`*_\[\]<>#|~$]|&(?=[#\w])")
_LINKED = re.compile(r"@(?=\w)|#(?=\w)|:(?=//)|www(?=\.)|gh-(?=\d)", re.IGNORECASE)


def inline(text: str) -> str:
    """Text in a line of Markdown."""
    escaped = _LINKED.sub("\\g<0>\u200b", printable_line(text))
    return _SPECIAL.sub(r"\\\g<0>", escaped).replace("\u200b", "&#8203;")


def code(text: str) -> str:
    """A name as code."""
    text = printable_line(text)
    if "`" not in text:
        return f"`{text}`" if text.strip() else inline(text)
    fence = "`" * (max(map(len, re.findall("`+", text))) + 1)
    return f"{fence} {text} {fence}"
