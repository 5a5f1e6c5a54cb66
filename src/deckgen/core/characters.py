"""Characters that no source may contain, and paths whose bytes are not text."""

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


def found_hidden(character: str) -> str:
    """The message about a forbidden character."""
    return f"expected visible characters, found U+{ord(character):04X} {unicodedata.name(character, '')}".strip()


def decoded(text: str) -> str:
    """Text from the command line or the file system with a replacement for each byte that is not UTF-8."""
    return text if text.isascii() else os.fsencode(text).decode(errors="replace")


def displayed(path: str) -> str:
    """Make a path fit for a line of output: its bytes may not be UTF-8, and it may have line breaks or hidden
    characters."""
    if path.isascii() and path.isprintable():
        return path
    text = FORBIDDEN.sub("\ufffd", decoded(path))
    return text.replace("\t", "\ufffd").replace("\n", "\ufffd")
