"""Find the Markdown that compiles to some HTML, byte for byte."""

from __future__ import annotations

import re
from collections.abc import Iterator

from deckgen.core.rules import MEDIA_NOT_FOUND
from deckgen.language.deletions import DeletionText, has_deletion
from deckgen.language.values import MarkupText
from deckgen.media.media import MediaFile, MediaProblem
from deckgen.text.escaping import unescaped

MAX_LENGTH = 20_000
"""Longer HTML stays HTML: nobody would edit such a text as Markdown."""

_INLINE = {"strong": "**", "em": "*", "del": "~~", "code": "`"}
_MARKS = re.compile(rf"</?(?:{'|'.join(_INLINE)})>")
_LINK = re.compile(r'<a href="([^"<>\s()]+)">([^<>\[\]]+)</a>')
_ITEM = re.compile(r"<li>((?:(?!</?(?:li|ul|ol)>).)*)</li>", re.DOTALL)
_LIST = re.compile(r"<(ul|ol)>((?:<li>(?:(?!</?(?:li|ul|ol)>).)*</li>)+)</\1>", re.DOTALL)
_SPECIAL = re.compile(r"([*`\[\]\\~^<])")


def markdown_of(html: str) -> str | None:
    """A text in Markdown, with deletions if the HTML has some, that compiles to exactly this HTML; None if none was
    found."""
    if len(html) > MAX_LENGTH:
        return None
    return next((text for text in _candidates(html) if _compiles_to(text, html)), None)


def escape_markdown(text: str) -> str:
    """A text of one line in Markdown, which shows every character of it."""
    return _SPECIAL.sub(r"\\\1", text)


def _candidates(html: str) -> Iterator[str]:
    plain = unescaped(html)
    yield plain
    if "<" not in html:
        yield escape_markdown(plain)
        return
    text = _LINK.sub(r"[\2](\1)", html)
    text = _MARKS.sub(lambda found: _INLINE[found[0].strip("</>")], text)
    text = _LIST.sub(_list, text)
    text = text.replace("</p><p>", "\n\n").removeprefix("<p>").removesuffix("</p>").replace("<br>", "\\\n")
    yield unescaped(text).strip()


def _list(found: re.Match[str]) -> str:
    items = _ITEM.findall(found[2])
    bullets = ["-"] * len(items) if found[1] == "ul" else [f"{number}." for number in range(1, len(items) + 1)]
    return "\n\n" + "\n".join(f"{bullet} {item}" for bullet, item in zip(bullets, items, strict=True)) + "\n\n"


def _compiles_to(text: str, html: str) -> bool:
    if not text.strip() or text != text.strip():
        return False
    kind = DeletionText() if has_deletion(text) else MarkupText()
    made, media, errors = kind.render(text, _no_media)
    return made == html and not media and not errors


def _no_media(reference: str) -> MediaFile | MediaProblem:
    return MediaProblem(MEDIA_NOT_FOUND, reference)
