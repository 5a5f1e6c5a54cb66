"""The filters of Anki's templates (``{{furigana:Term}}``), and how Anki shows what they make.

Anki's own code is in ``rslib/src/template_filters.rs``; the tests compare ours with real Anki. As in Anki, an unknown
filter leaves the text as it is: add-ons define more of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from deckgen.cards import cloze
from deckgen.language.readings import replace_readings, without_readings
from deckgen.text.escaping import unescaped


def apply(name: str, text: str, field: str, number: int, *, is_front: bool) -> str:
    """Apply a filter to the text of a field, for the card with a number."""
    if name == "cloze":
        return cloze.reveal(text, number, is_front=is_front)
    if name == "cloze-only":
        return ", ".join(cloze.hidden(text, number))
    if name.startswith("tts "):
        return f"[anki:tts lang={name[4:]}]{text}[/anki:tts]"
    if name == "type":  # clients replace this by a box to type in on the front, and by a comparison on the back
        return f"[[type:{field}]]"
    if name == "hint":  # Anki's has a script, which pages of ours do not run
        return f"<details class=hint><summary>{field}</summary>{text}</details>" if text.strip() else ""
    return _FILTERS[name](text) if name in _FILTERS else text


def _without_tags(text: str) -> str:
    tagged, end, rest = text.rpartition(">")  # otherwise each '<' that is never closed would be searched to the end
    return unescaped(re.sub(r"<[^>]*>", "", tagged + end) + rest).replace("\xa0", " ")


def _kana(text: str) -> str:
    """Text in which each reading stands in place of its word."""
    return replace_readings(text.replace("&nbsp;", " "), lambda word, reading: reading)


def _furigana(text: str) -> str:
    """Text with its readings above it."""
    return replace_readings(text.replace("&nbsp;", " "), "<ruby><rb>{}</rb><rt>{}</rt></ruby>".format)


_FILTERS: dict[str, Callable[[str], str]] = {
    "text": _without_tags,
    "kanji": without_readings,
    "kana": _kana,
    "furigana": _furigana,
}
