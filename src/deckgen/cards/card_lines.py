"""Cards as lines of text for a terminal."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html.parser import HTMLParser

from deckgen.text.escaping import SOUND, with_short_references

_BLOCKS = frozenset("header main div section footer p ul ol li h1 blockquote pre hr br table tr".split())
_QUIET = frozenset(("crumb", "hint", "about", "full", "extra", "later", "gap", "open"))
_APART = frozenset(("full", "extra", "later", "about", "confusable", "mine"))


@dataclass(frozen=True, slots=True)
class Piece:
    """Text with a style: ``quiet``, ``cloze``, ``question`` or none."""

    text: str
    look: str = ""


def card_lines(side: str) -> list[list[Piece]]:
    """The lines of one side of a card. An empty line separates what is not part of the question or answer."""
    reader = _Reader()
    reader.feed(with_short_references(side))
    reader.close()
    reader.end_line()
    while reader.lines and not reader.lines[-1]:
        reader.lines.pop()
    return reader.lines


class _Reader(HTMLParser):
    """Collects lines, keeping a stack of the styles and list counters of open elements. The back of a card contains its
    front; there, it skips the empty place for the answer. On the front, it skips what only the back shows."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[list[Piece]] = []
        self._line: list[Piece] = []
        self._looks: list[str] = [""]
        self._counters: list[int | None] = []
        self._is_back = False
        self._skipping = 0  # how many elements were open when skipping began

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        classes = attributes.get("class", "").split()
        self._is_back = self._is_back or "turned" in classes
        if "unanswered" in classes if self._is_back else "later" in classes:
            self._skipping = len(self._looks)
        if tag in _BLOCKS:
            self.end_line()
        if _APART & set(classes) and self.lines and self.lines[-1]:
            self.lines.append([])
        if tag in ("ul", "ol"):
            start = _WHOLE_NUMBER.match(attributes.get("start", ""))
            self._counters.append((int(start[0]) if start else 1) if tag == "ol" else None)
        elif tag == "li":
            self._add(self._marker())
        elif tag in ("td", "th") and self._line:
            self._add(" | ")
        elif tag == "img":
            self._add(f"[picture: {attributes.get('alt', '')}]")
        elif tag == "svg" and classes == ["mask"]:
            self._add("covered")
        if tag not in ("br", "img", "hr"):
            self._looks.append(_look(classes) or self._looks[-1])

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS:
            self.end_line()
        if tag in ("ul", "ol") and self._counters:  # the HTML of a field may end what it did not begin
            self._counters.pop()
        if tag not in ("br", "img", "hr") and len(self._looks) > 1:
            self._looks.pop()
            if self._skipping == len(self._looks):
                self._skipping = 0

    def handle_data(self, data: str) -> None:
        self._add(_without_players(re.sub(r"\s+", " ", data if self._line else data.lstrip())))

    def _marker(self) -> str:
        indent = "  " * (len(self._counters) - 1)
        number = self._counters[-1] if self._counters else None
        if number is None:
            return f"{indent}- "
        self._counters[-1] = number + 1
        return f"{indent}{number}. "

    def _add(self, text: str) -> None:
        if not self._skipping and (text.strip() or (text and self._line)):
            self._line.append(
                Piece(text if self._line else text.lstrip() if not self._counters else text, self._looks[-1])
            )

    def end_line(self) -> None:
        if any(piece.text.strip() for piece in self._line):
            self.lines.append(self._line)
        self._line = []


def _look(classes: list[str]) -> str:
    if "cloze" in classes:
        return "cloze"
    if "question" in classes or "ask" in classes:
        return "question"
    return "quiet" if _QUIET & set(classes) else ""


_WHOLE_NUMBER = re.compile("-?[0-9]{1,9}")
_PLAYER = re.compile(rf"{SOUND}|\[anki:tts [^\[\]]*\][^\[]*\[/anki:tts\]")
_BOX = re.compile(r"\[\[type:[^\]]*\]\]")


def _without_players(text: str) -> str:
    """Text with short marks for sounds, speech and boxes to type in."""
    return _BOX.sub("[typed]", _PLAYER.sub("[sound]", text))
