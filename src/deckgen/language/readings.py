"""Text with readings in brackets, as Anki's ``furigana`` filter takes them: ``日本語[にほんご]``.

A bracket that directly follows a word is a reading; one after a space is shown as typed.
"""

from __future__ import annotations

import re

from deckgen.language.values import MarkupText
from deckgen.media.media import MediaFile
from deckgen.text import markdown
from deckgen.text.markup import FindMedia, MarkupError, restored

# A bracket that Anki reads as a sound, speech or LaTeX is none of ours.
_TYPED = re.compile(r"(?<=[^\s\[\]!\\])\[(?!/?(?:sound:|anki:|latex\]|\$))([^\[\]\n]+)\](?![(\[:])", re.IGNORECASE)
READING = re.compile(r" ?([^ >]{1,200}?)\[(?!sound:)(.+?)\]")
"""A word and its reading, as Anki's filters find them (``rslib/src/template_filters.rs``)."""

_MARKS = str.maketrans({"\ufde2": "[", "\ufde3": "]"})  # stand for brackets; no source can hold these characters


class ReadingText(MarkupText):
    """Text in Markdown with readings in brackets."""

    noun = "text, with readings in brackets: 日本語[にほんご]"

    def render(self, text: str, find_media: FindMedia) -> tuple[str, tuple[MediaFile, ...], list[MarkupError]]:
        marked = _TYPED.sub("\ufde2\\1\ufde3", text)
        html, media, errors = markdown.render(marked, find_media)
        typed = [restored(error, marked, lambda part: part.translate(_MARKS)) for error in errors]
        return html.translate(_MARKS), media, typed


def has_reading(html: str) -> bool:
    """Whether a text has a reading."""
    return READING.search(html) is not None


def characters(html: str) -> str:
    """Only the characters of a text, as HTML: without its readings and tags."""
    return re.sub("<[^>]*>", "", without_readings(html))


def without_readings(html: str) -> str:
    """A text without its readings, by the rule of Anki's ``kanji`` filter."""
    return READING.sub(r"\1", html.replace("&nbsp;", " "))
