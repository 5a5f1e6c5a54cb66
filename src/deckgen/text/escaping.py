"""Escape text so that Anki shows it as it was typed, and finds it as a learner types it.

Anki searches the HTML of fields. So only characters that HTML, Anki or MathJax would misread become entities.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

SOUND = r"\[sound:([^\[\]]+)\]"
"""A sound in a field, with the name of its file."""

BRACKET = r"\[(?=/?(?:sound:|anki:|latex\]|\$))"
"""The bracket that begins a sound, speech or LaTeX for Anki, or their end, whatever the case of the letters."""

# Anki normalizes fields to NFC, which joins a '>', even that of a tag, with a U+0338 after it. Clozes begin with two
# braces.
_MISREAD = re.compile(rf"<|&(?=#|[a-zA-Z]{{2}})|\u0338|{BRACKET}|\{{(?=\{{c[0-9])", re.IGNORECASE)
_BRACKET = re.compile(BRACKET, re.IGNORECASE)
_MATHS_DELIMITER = re.compile(r"\\(?=[()\[\]]|&lsqb;)")
_IN_CLOZE = re.compile(r"\}(?=\})|:(?=:)")
_ENTITIES = {
    "<": "&lt;",
    "&": "&amp;",
    "[": "&lsqb;",
    "{": "&lcub;",
    "}": "&rcub;",
    ":": "&colon;",
    "\u0338": "&#824;",
}


def escape(text: str) -> str:
    """Escape text for HTML, Anki and MathJax."""
    text = entities(text)
    return _MATHS_DELIMITER.sub(r'<span class="mathjax_ignore">\\</span>', text) if "\\" in text else text


def attribute(text: str) -> str:
    """Escape text for a quoted attribute, even for programs that take the first ``>`` for the end of the tag, and for
    Anki's filters, which take a bracket for a reading and would open the attribute."""
    return entities(text).replace(">", "&gt;").replace('"', "&quot;").replace("[", "&#91;")


def escape_maths(maths: str) -> str:
    """Escape maths but not its delimiters, so that Anki finds the maths, but no sound or LaTeX inside it."""
    body = entities(maths[2:-2])
    if _BRACKET.match(f"[{body}"):  # in r'\[sound:…\]' the delimiter is the bracket
        body = f"&#{ord(body[0])};{body[1:]}"
    return maths[:2] + body + maths[-2:]


def within_cloze(html: str) -> str:
    """Escape HTML further so that it can stand within a cloze deletion, which ends at ``}}`` and has a hint after
    ``::``."""
    if "}" not in html and "::" not in html:
        return html
    return _IN_CLOZE.sub(_entity, html) + (" " if html.endswith("}") else "")


def entities(text: str) -> str:
    """Replace what HTML or Anki would misread with entities; MathJax's delimiters stay."""
    return _MISREAD.sub(_entity, text)


def _entity(found: re.Match[str]) -> str:
    return _ENTITIES[found[0]]


def unescaped(html: str) -> str:
    """Text in which characters stand for their references, as browsers show it."""
    from html import unescape

    return unescape(with_short_references(html)) if "&" in html else html


def with_short_references(html: str) -> str:
    """HTML whose references have few digits: Python refuses to read a number with thousands of digits."""
    return _LONG_NUMBER.sub(_short, html)


_LONG_NUMBER = re.compile("&#([0-9]{9,});?")


def _short(found: re.Match[str]) -> str:
    digits = found[1].lstrip("0")
    return f"&#{digits or 0};" if len(digits) < 9 else "\ufffd"


_REFERENCE = re.compile(r"&(?:#([0-9]{1,7})|#[xX]([0-9a-fA-F]{1,6})|([a-zA-Z0-9]+));")


def references_in(text: str) -> Iterator[tuple[str, str]]:
    """The character references in a text, each with what it stands for."""
    for reference in _REFERENCE.finditer(text):
        decimal, hexadecimal, name = reference.groups()
        if name:
            from html.entities import html5

            yield reference[0], html5.get(f"{name};", "")
            continue
        number = int(decimal) if decimal else int(hexadecimal, 16)
        valid = number < 0xD800 or 0xDFFF < number <= 0x10FFFF
        yield reference[0], chr(number) if valid else "\ufffd"  # as CommonMark shows it
