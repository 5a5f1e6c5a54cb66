"""Fields as one line of text."""

from __future__ import annotations

import re

from deckgen.text.escaping import unescaped

# Fields can be a stranger's. What these match contains no other beginning of a match, so that a search takes time in
# proportion to the text.
_CLOZE = re.compile(r"\{\{c\d+::((?:(?!\{\{c|\}\}).)*)\}\}")
_PICTURE = re.compile(r"<img\b([^<>]*)>")
_FILE = re.compile(r"""src=["']?([^"' >]*)""")
_INLINE_TAG = re.compile(r"</?(?:strong|em|code|del|sub|sup|b|i|span|a)\b[^<>]*>")
_TAG = re.compile(r"<[^<>]*>")


def field_text(field: str) -> str:
    """A field as one line: pictures by file name, a dash before each list item, clozes in brackets."""
    text = _CLOZE.sub(lambda found: f"[{found[1].partition('::')[0]}]", field)
    text = _PICTURE.sub(lambda found: f" (picture {file[1] if (file := _FILE.search(found[1])) else ''}) ", text)
    text = _INLINE_TAG.sub("", text.replace("<li>", " – "))
    return " ".join(unescaped(_TAG.sub(" ", text)).split())
