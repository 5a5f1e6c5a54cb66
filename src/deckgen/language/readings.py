"""Text with readings in brackets, as Anki's ``furigana`` filter takes them: ``日本語[にほんご]``.

A bracket that directly follows a word is a reading; one after a space is shown as typed.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from deckgen.core.characters import IDEOGRAPHS
from deckgen.language.values import MarkupText
from deckgen.media.media import MediaFile
from deckgen.text import markdown
from deckgen.text.escaping import BRACKET
from deckgen.text.markup import FindMedia, MarkupError, restored
from deckgen.text.maths import end_of

# A bracket that Anki reads as a sound, speech or LaTeX is none of ours, nor is one in maths or code.
_TOKEN = re.compile(
    rf"""(?P<opening> \\[(\[] | `+ ) | \\.
      | (?<=[^\s\[\]!\\])(?!{BRACKET})\[(?P<reading>[^\[\]\n]+)\](?![(\[:])""",
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_MARKS = str.maketrans({"\ufde2": "[", "\ufde3": "]"})  # stand for brackets; no source can hold these characters


class ReadingText(MarkupText):
    """Text in Markdown with readings in brackets."""

    noun = "text, with readings in brackets: 日本語[にほんご]"

    def render(self, text: str, find_media: FindMedia) -> tuple[str, tuple[MediaFile, ...], list[MarkupError]]:
        marked = _marked(text) if len(text) <= markdown.MAX_CHARACTERS else text
        html, media, errors = markdown.render(marked, find_media)
        typed = [restored(error, marked, lambda part: part.translate(_MARKS)) for error in errors]
        return _SPACE.sub(_doubled, without_reading_marks(html)).translate(_MARKS), media, typed


def _marked(text: str) -> str:
    """A text with noncharacters for the brackets of its readings."""
    parts: list[str] = []
    done = at = 0
    while token := _TOKEN.search(text, at):
        at = token.end()
        if reading := token["reading"]:
            parts += [text[done : token.start()], f"\ufde2{reading}\ufde3"]
            done = at
        elif token["opening"]:
            at = end_of(token["opening"], text, at)
    return "".join(parts) + text[done:]


_SPACE = re.compile(" (?=([^ >\ufde2])[^ >\ufde2]*\ufde2)")
_UNSEEN = re.compile("<[^>]*>|\ufde2[^\ufde3]*\ufde3")


def _doubled(space: re.Match[str]) -> str:
    """Double a space before a word with a reading, since Anki's filters take one away. In Japanese and Chinese it only
    separates the word from the characters before it."""
    before = _UNSEEN.sub("", space.string[max(space.start() - 300, 0) : space.start()])[-1:]
    separates = re.match(f"[{IDEOGRAPHS}0-9]", before) and re.match(f"[{IDEOGRAPHS}]", space[1])
    return " " if separates else "  "


def without_reading_marks(html: str) -> str:
    """HTML in which Anki's filters find no reading: as entities, brackets are what they look like."""
    return _READING_MARK.sub("&lsqb;", html) if "[" in html else html


_READING_MARK = re.compile(r"(?<=[^ >])\[(?!sound:)")


def has_reading(html: str) -> bool:
    """Whether a text has a reading."""
    return replace_readings(html, lambda word, reading: "") != html


def replace_readings(html: str, write: Callable[[str, str], str]) -> str:
    r"""Write each word and its reading anew, with the space before them, as Anki's filters find them: by the expression
    `` ?([^ >]+?)\[(?!sound:)(.+?)\]`` (``rslib/src/template_filters.rs``), which Python would take hours to search for.
    """
    parts: list[str] = []
    done = at = 0
    while (at := html.find("[", at)) >= 0:
        end = html.find("]", at + 2)
        if end < 0:
            break
        word = max(html.rfind(" ", done, at), html.rfind(">", done, at), done - 1) + 1
        if word == at or html.startswith("sound:", at + 1) or html.find("\n", at, end) >= 0:
            at += 1
            continue
        before = word - 1 if word > done and html[word - 1] == " " else word
        parts += [html[done:before], write(html[word:at], html[at + 1 : end])]
        done = at = end + 1
    return "".join(parts) + html[done:]


def characters(html: str) -> str:
    """Only the characters of a text, as HTML: without its readings and tags."""
    return re.sub("<[^>]*>", "", without_readings(html))


def without_readings(html: str) -> str:
    """A text without its readings, by the rule of Anki's ``kanji`` filter."""
    return replace_readings(html.replace("&nbsp;", " "), lambda word, reading: word)
