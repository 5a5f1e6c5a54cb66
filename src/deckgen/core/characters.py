"""Characters that no source may contain, those that no output may, and those of scripts without spaces."""

from __future__ import annotations

import os
import re
import unicodedata

# Control characters break fields (Anki splits them at U+001F), line separators shift every later position, and the
# others are invisible or reverse text direction, so that a reviewer could not see what a source says. U+FDD0… are
# noncharacters.
FORBIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u200b\u2028-\u202e\u2060-\u2069\ufdd0-\ufdef\ufeff\ufff9-\uffff\U000e0000-\U000e007f]"
)

# What a terminal or a log acts on, or hides: control characters but line feed and tab, line separators, marks of text
# direction, invisible characters, and the halves of surrogate pairs that stand for bytes that are not UTF-8.
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f"
    "\ud800-\udfff\ufdd0-\ufdef\ufeff\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e007f]"
)

IDEOGRAPHS = "\u2e80-\u312f\u31a0-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\U00020000-\U0003ffff"
"""Chinese and Japanese characters and their punctuation, as a part of a regular expression."""


def hidden_characters(text: str) -> list[tuple[int, str]]:
    """The forbidden characters of a text with their indexes. Those that spell a flag are allowed, and so is a pair
    around words of another direction in a line."""
    found = [(match.start(), match[0]) for match in FORBIDDEN.finditer(text)]
    if found:
        allowed = {index for match in re.finditer(_ALLOWED, text) for index in range(*match.span())}
        found = [one for one in found if one[0] not in allowed]
    return found


_FLAG = "\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{2,6}\U000e007f"  # of England, Scotland, Wales …
_IN_ISOLATE = f"[^\n{FORBIDDEN.pattern[1:-1]}]"
_ISOLATE = f"[\u2066-\u2068]{_IN_ISOLATE}*(?:[\u2066-\u2068]{_IN_ISOLATE}*\u2069{_IN_ISOLATE}*)*\u2069"
_ALLOWED = f"{_FLAG}|{_ISOLATE}"  # compiled when it is needed, which is rarely


def found_hidden(character: str) -> str:
    """The message about a forbidden character."""
    return f"expected visible characters, found U+{ord(character):04X} {unicodedata.name(character, '')}".strip()


def decoded(text: str) -> str:
    """Text from the command line or the file system with a replacement for each byte that is not UTF-8."""
    return text if text.isascii() else os.fsencode(text).decode(errors="replace")


def printable(text: str) -> str:
    """Replace the characters that a terminal or a log would act on; line feeds and tabs stay."""
    return text if text.isascii() and text.isprintable() else _UNPRINTABLE.sub("\ufffd", text)


def printable_line(text: str) -> str:
    """Make text from outside (a path, a name in a package) fit for one line of output."""
    return printable(text).replace("\t", "\ufffd").replace("\n", "\ufffd")


def as_json(data: object) -> str:
    """Data as JSON in ASCII. Other characters are escaped, so that they survive any encoding of the terminal."""
    import json

    # GitHub runs a line of a log that contains '##[' (see terminal.echo).
    return json.dumps(data, indent=1).replace("##[", "#\\u0023[") + "\n"
