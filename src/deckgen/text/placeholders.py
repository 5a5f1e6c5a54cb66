r"""Protect characters that are not Markdown here before a CommonMark parser sees a text, and put them back.

``_`` is never emphasis, ``*`` never inside a word, a backslash escapes only what would otherwise be Markdown, and
addresses stay as typed. ``H~2~O`` and ``x^2^`` are marked as lowered and raised. Noncharacters stand in their
places: the parser takes them for letters, and no source can contain them.
"""

from __future__ import annotations

import re

from deckgen.core.characters import IDEOGRAPHS

_UNDERSCORE, _STAR, _BACKSLASH, _TILDE, _CARET, _AMPERSAND = "\ufdd2\ufdd3\ufdd4\ufdd5\ufdd6\ufdd7"
_ESCAPE = "\ufdd8"  # a backslash that is not shown
_LOWER, _LOWER_END, _RAISE, _RAISE_END = "\ufdd9\ufdda\ufddb\ufddc"
_SOFT_BREAK = "\ufddd"
MARK, MARK_END, OPENING = "\ufde0\ufde1\ufde4"
"""Marks of cloze deletions are cut out of a text. The number of each stands there between ``MARK`` (``OPENING`` for an
opening mark) and ``MARK_END``."""

_CHARACTERS = {_UNDERSCORE: "_", _STAR: "*", _BACKSLASH: "\\", _TILDE: "~", _CARET: "^", _AMPERSAND: "&"}
_SHOWN = str.maketrans({**_CHARACTERS, _ESCAPE: ""})
_TYPED = str.maketrans({**_CHARACTERS, _ESCAPE: "\\", _LOWER: "~", _LOWER_END: "~", _RAISE: "^", _RAISE_END: "^"})
_FORMATS = str.maketrans({_LOWER: "<sub>", _LOWER_END: "</sub>", _RAISE: "<sup>", _RAISE_END: "</sup>"})

# Large sets of characters take milliseconds to compile: the functions of re do so when they first need one.

# Elsewhere than in scripts without spaces between words, and Korean, whose particles follow bold words directly.
_WORD = rf"(?![\u0e00-\u109f\u1100-\u11ff\u1780-\u17ff\uac00-\ud7ff{IDEOGRAPHS}])[\w{_UNDERSCORE}]"
_RAISED = "¹²³⁰⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉"  # such as that after the letter of '*r*²'
_STARS = re.compile(r"\*+(?=[^\s*])")
_TILDES = re.compile(r"(^[ >]*)?(~+)", re.MULTILINE)
_BACKSLASHES = re.compile(
    r"""(?P<block>^(?:[ \t>]|(?:[-+*]|\d{1,9}[.)])(?=[ \t]))*\d{0,9})
        \\ (?= (?<=\d\\)[.)]\s | (?<!\d\\)(?:[-+](?:\s|$) | -- | > | \#{1,6}(?:\s|$)) )
      | \\ (?P<mark>[*~^])
      | \\ (?P<parsed> [`|\n] | <(?=[a-zA-Z/!?]) | &(?=\#?\w+;) | \](?=[(\[:]) | !(?=\[) )
      | \\""",
    re.VERBOSE | re.MULTILINE,
)
_TABLE = r"(?m)^[ >]*\|?[ ]*:?-+:?[ ]*(?:\|[ ]*(?::?-+:?[ ]*)?)+$"
_ADDRESS = re.compile(
    r"(?<!\]\()(?<!<)\b(?:https?://|ftp://|www\.)[^\s<>()\[\]`|\"]*[^\s<>()\[\]`|\"*~^.,;:!?'\\]", re.IGNORECASE
)
_PLACEHOLDERS = str.maketrans({character: placeholder for placeholder, character in _CHARACTERS.items()})
_SUFFIX = re.compile(r"(~(?<!~~)|\^(?<!\^\^))(?!\1)([^\s\\~^*`\[\]<>|、。，；]{1,40})\1(?!\1)")
_IN_FORMULA = re.compile(r"[0-9]*[-+\u2212]?")
_A_MARK = f"[{MARK}{OPENING}][0-9]+{MARK_END}"
_MARKS_BEFORE = re.compile(f"(?:{MARK}[0-9]+{MARK_END})+$")
_MARKS_AFTER = re.compile(f"(?:{OPENING}[0-9]+{MARK_END})*")
_BREAK = rf"([{IDEOGRAPHS}](?:</[a-z]+>|{_A_MARK})*){_SOFT_BREAK}(?=(?:<[a-z]+>|{_A_MARK})*[{IDEOGRAPHS}])"


def protect(text: str) -> str:
    """Replace the characters that the parser must not take for Markdown."""
    if "://" in text or "www." in text:
        text = _ADDRESS.sub(lambda address: address[0].translate(_PLACEHOLDERS), text)
    if "_" in text:
        text = text.replace("_", _UNDERSCORE)
    if "\\" in text:
        in_table = "|" in text and re.search(_TABLE, text) is not None
        text = _BACKSLASHES.sub(lambda found: _backslash(found, in_table=in_table), text)
    if "*" in text:
        text = _STARS.sub(_stars, text)
    if "~" in text or "^" in text:
        text = _TILDES.sub(_tildes, _SUFFIX.sub(_suffix, text))
    return text


def typed(text: str) -> str:
    """Put the characters back as the author typed them, for code and addresses."""
    return text if text.isascii() else text.translate(_TYPED)


def shown(text: str) -> str:
    """Put the characters back as readers see them. Formats stay marked."""
    return text if text.isascii() else text.translate(_SHOWN)


def with_formats(html: str) -> str:
    """Write the tags of lowered and raised text."""
    return html if html.isascii() else html.translate(_FORMATS)


def soft_break(text: str) -> str:
    """The replacement for a line break within a paragraph: a space, or a mark that ``with_breaks`` replaces."""
    return " " if text.isascii() else _SOFT_BREAK


def with_breaks(html: str) -> str:
    """Write soft line breaks: nothing between ideographs, which are written without spaces, a space elsewhere."""
    return re.sub(_BREAK, r"\1", html).replace(_SOFT_BREAK, " ") if _SOFT_BREAK in html else html


def _backslash(found: re.Match[str], *, in_table: bool) -> str:
    if found["block"] is not None:
        return found["block"] + _ESCAPE
    if found["mark"]:
        return _ESCAPE + found["mark"].translate(_PLACEHOLDERS)
    if found["parsed"] and (found["parsed"] != "|" or in_table):
        return found[0]
    return _BACKSLASH + (found["parsed"] or "")


def _stars(stars: re.Match[str]) -> str:
    """Stars that follow a word or a closing bracket, and precede a word or an opening bracket, are not emphasis."""
    before, after = _around(stars)
    if not before or before.isspace() or not after or after in _RAISED:
        return stars[0]
    inside = (before in ")]}" or re.match(_WORD, before)) and (after in "([{" or re.match(_WORD, after))
    return _STAR * len(stars[0]) if inside else stars[0]


def _tildes(tildes: re.Match[str]) -> str:
    """Two tildes strike text out, and three at the start of a line begin code."""
    start, run = tildes.groups()
    count = len(run)
    return tildes[0] if count == 2 or (count > 2 and start is not None) else (start or "") + _TILDE * count


def _suffix(found: re.Match[str]) -> str:
    """``~2~`` and ``^2^``. Inside a word only as in a chemical formula, so that ``a^2+b^2`` stays as it is."""
    before, after = _around(found)
    mark, content = found.groups()
    attached = before != "" and (before in ")]}" or re.match(_WORD, before) is not None)
    in_formula = _IN_FORMULA.fullmatch(re.sub(_A_MARK, "", content))
    if attached and re.match(_WORD, after) and (after.isdigit() or not in_formula):
        return found[0]
    if mark == "^":
        return f"{_RAISE}{content}{_RAISE_END}"
    return f"{_LOWER}{content}{_LOWER_END}" if before and not before.isspace() else found[0]


def _around(found: re.Match[str]) -> tuple[str, str]:
    """The characters before and after a match, beyond a deletion that ends or begins there; empty at an end."""
    text, start, end = found.string, found.start(), found.end()
    if text[start - 1 : start] == MARK_END and (marks := _MARKS_BEFORE.search(text, max(start - 40, 0), start)):
        start = marks.start()
    if (marks := _MARKS_AFTER.match(text, end)) is not None:
        end = marks.end()
    return text[max(start - 1, 0) : start], text[end : end + 1]
