"""An author's text as typed and as HTML, and the errors in one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple, NoReturn

from deckgen.core import rules
from deckgen.core.diagnostics import Position, Rule
from deckgen.media.media import MediaFile, MediaProblem

MAX_ERRORS = 20
"""After so many errors the rest of a text is skipped: locating each one costs a search."""

FindMedia = Callable[[str], MediaFile | MediaProblem]
"""Find the file that a picture's or sound's path refers to."""


@dataclass(frozen=True, slots=True, eq=False)
class Markup:
    """A text as the author typed it, as the HTML of a field, and the media that it shows."""

    text: str
    html: str
    position: Position
    media: tuple[MediaFile, ...] = ()


def media_of(texts: Iterable[Markup | None]) -> tuple[MediaFile, ...]:
    """The media that some texts show."""
    return tuple([file for text in texts if text and text.media for file in text.media])


class MarkupError(NamedTuple):
    """An error in a text. ``snippet`` is the part of the text to point at; ``occurrence`` counts it from 0.

    ``misspelt`` is a command of MathJax that may be a typing error.
    """

    rule: Rule
    message: str
    snippet: str = ""
    occurrence: int = 0
    help: str = ""
    misspelt: str = ""


def restored(error: MarkupError, text: str, restore: Callable[[str], str]) -> MarkupError:
    """Translate an error about a text with placeholders into one about the text as typed."""
    snippet, at = restore(error.snippet), -1
    for _ in range(error.occurrence + 1):
        at = text.find(error.snippet, at + 1)
    occurrence = restore(text[:at]).count(snippet) if snippet and at >= 0 else error.occurrence
    return error._replace(
        message=restore(error.message), snippet=snippet, occurrence=occurrence, help=restore(error.help)
    )


class Hopeless(Exception):
    """The rest of a text is not worth reading: it is too large, or has too many errors."""


class MarkupErrors:
    """Collect the errors of one text."""

    def __init__(self) -> None:
        self.found: list[MarkupError] = []
        self._occurrences: dict[str, int] = {}

    def add(
        self,
        rule: Rule,
        message: str,
        snippet: str,
        help: str = "",
        occurrence: int | None = None,
        misspelt: str = "",
    ) -> None:
        """Add an error. Without ``occurrence``, errors with the same snippet point at one occurrence after another.
        Raise Hopeless after the last one that is kept."""
        if occurrence is None:
            occurrence = self._occurrences.get(snippet, 0)
            self._occurrences[snippet] = occurrence + 1
        self.found.append(MarkupError(rule, message, snippet, occurrence, help, misspelt))
        if len(self.found) == MAX_ERRORS:
            raise Hopeless

    def too_large(self, message: str) -> NoReturn:
        """Replace all errors with one about the whole text, and raise Hopeless."""
        self.found = [MarkupError(rules.FILE_TOO_LARGE, message)]
        raise Hopeless
