"""Text as HTML that shows it: none turns into Anki's template, cloze, sound or LaTeX syntax, nor into MathJax's.

Braces, brackets and double colons become entities.
"""

from __future__ import annotations

import re

_MATHS_SIGN = re.compile(r"\\(?=[()\]]|&#91;)")
# Anki normalizes fields to NFC, which makes one character of a '>', be it a tag's, and U+0338 behind it.
_NEEDS_ESCAPE = re.compile(r"[&<>{}\[\u0338]|::")
_ENTITIES = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", "{": "&#123;", "}": "&#125;", "[": "&#91;", "\u0338": "&#824;"},
)


def escape(text: str) -> str:
    """Text as HTML that shows it, and that neither Anki nor MathJax finds syntax of its own in."""
    html = entities(text)
    return _MATHS_SIGN.sub(r'<span class="mathjax_ignore">\\</span>', html) if "\\" in html else html


def attribute(text: str) -> str:
    """Text for a quoted attribute, safe from Anki's own syntax as well."""
    return entities(text).replace('"', "&quot;")


def escape_maths(maths: str) -> str:
    """Maths with its delimiters bare, so that Anki finds it, and nothing in it that Anki takes for a sound or LaTeX."""
    return maths[:2] + entities(maths[2:-2]).replace(":", "&#58;") + maths[-2:]


def entities(text: str) -> str:
    """Text with an entity for every sign that HTML or Anki would read as its own; MathJax's stay."""
    if not _NEEDS_ESCAPE.search(text):
        return text
    return text.translate(_ENTITIES).replace("::", "&#58;&#58;")
