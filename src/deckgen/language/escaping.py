"""Escape text so that Anki shows it as it was typed.

None of it becomes HTML, or Anki's template, cloze, sound or LaTeX syntax, or maths: braces, brackets and double colons
become entities.
"""

from __future__ import annotations

import re

_SIGNS = re.compile(r"[&<>{}\[\\\u0338]|::")
_MATHS_SIGN = re.compile(r"\\(?=[()\]]|&#91;)")
# Anki normalizes fields to NFC, which joins a '>', even that of a tag, with a U+0338 after it.
_ENTITIES = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", "{": "&#123;", "}": "&#125;", "[": "&#91;", "\u0338": "&#824;"},
)


def escape(text: str) -> str:
    """Escape text for HTML, Anki and MathJax."""
    if not _SIGNS.search(text):
        return text
    return _MATHS_SIGN.sub(r'<span class="mathjax_ignore">\\</span>', entities(text))


def attribute(text: str) -> str:
    """Escape text for a quoted attribute."""
    return entities(text).replace('"', "&quot;")


def escape_maths(maths: str) -> str:
    """Escape maths but not its delimiters, so that Anki finds the maths, but no sound or LaTeX inside it."""
    return maths[:2] + entities(maths[2:-2]).replace(":", "&#58;") + maths[-2:]


def entities(text: str) -> str:
    """Replace every character that HTML or Anki would interpret with an entity; MathJax's delimiters stay."""
    return text.translate(_ENTITIES).replace("::", "&#58;&#58;")
