"""What a content rule is, and a note as such rules read it.

A rule's module in ``checks/`` names its ``CHECKS``; each has a manual (a ``Rule``), thresholds that ``deckgen.yaml``
may set, and a function that yields what it found.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from deckgen.diagnostic import Position, Rule, Severity
from deckgen.markup import Markup
from deckgen.note import Identity, Note
from deckgen.project import Project

Limits = Mapping[str, float]


class Text:
    """A text of an author as a reader sees it."""

    __slots__ = ("_plain", "_words", "markup")

    def __init__(self, markup: Markup) -> None:
        self.markup = markup
        self._plain: str | None = None
        self._words: list[str] | None = None

    @property
    def position(self) -> Position:
        return self.markup.position

    @property
    def plain(self) -> str:
        """The text without its markup."""
        if self._plain is None:
            markup = self.markup
            self._plain = markup.text if markup.text == markup.html else _visible(markup.html)
        return self._plain

    @property
    def words(self) -> list[str]:
        """The words in small letters; ``facet-joint`` is one, punctuation is none."""
        if self._words is None:
            text = self.plain
            if text.isascii() and "-" not in text and "'" not in text:
                self._words = text.encode().translate(_APART).decode().split()
            else:
                self._words = _WORD.findall(text.lower())
        return self._words


_WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")
_APART = bytes([ord(chr(code).lower()) if chr(code).isalnum() else ord(" ") for code in range(128)]).ljust(256)
"""For texts without a sign that joins words: several times as fast as the pattern."""


def _visible(markup: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", markup)).split())


class Reading:
    """A note as the rules read it, word by word: each question that is ``asked`` with its answer, or the ``prompt`` of
    a list and its ``items``; ``fronts`` is all that asks, each question once."""

    __slots__ = ("asked", "fronts", "full", "identity", "items", "note", "prompt")

    def __init__(self, note: Note) -> None:
        statement = note.statement
        self.note = note
        self.identity = note.identity
        self.prompt = Text(statement.prompt) if statement.prompt else None
        self.items = [Text(item) for item in statement.items]
        self.full = Text(statement.full) if statement.full else None
        self.asked: list[tuple[Text, Text]] = []
        self.fronts: list[Text] = [self.prompt] if self.prompt else []
        fronts: dict[int, Text] = {}
        for front, answer in statement.asked:
            text = fronts.get(id(front))
            if text is None:
                text = fronts[id(front)] = Text(front)
                self.fronts.append(text)
            self.asked.append((text, Text(answer)))


class Finding(NamedTuple):
    """What a rule found in a note: where, what, what to do, and its weight where that is not the rule's own."""

    identity: Identity
    position: Position
    message: str
    help: str = ""
    weight: Severity | None = None


class Fact(NamedTuple):
    """What a rule keeps of a note, to compare it with other notes: texts, numbers, and lists of such."""

    identity: Identity
    position: Position
    data: tuple[Any, ...]


Look = Callable[[Reading, Limits, Project], Iterable[Finding]]
Gather = Callable[[Reading], Iterable[Fact]]
Judge = Callable[[Sequence[Identity], Sequence[Fact], Limits, Project], Iterable[Finding]]


@dataclass(frozen=True)
class Check:
    """A content rule: its manual, what looks for it, and the thresholds from which it speaks.

    A rule that can be judged by one note alone has a ``look``. One that compares notes has a ``judge`` of all notes and
    of the facts that its ``gather`` keeps of each; a file's facts are kept with what it was compiled to, so they are as
    few and short as will do. A judge that needs the ``whole`` project is left out while some entries have errors.
    """

    rule: Rule
    look: Look | None = None
    limits: Limits = field(default_factory=dict)
    gather: Gather | None = None
    judge: Judge | None = None
    whole: bool = False


def weigh(amount: float, limits: Limits) -> Severity | None:
    """The weight of an amount that is over the limit called ``error``, ``warning`` or ``hint``."""
    for severity, name in _WEIGHTS:
        if name in limits and amount > limits[name]:
            return severity
    return None


_WEIGHTS = tuple((severity, severity.value) for severity in Severity)

_SMALL = frozenset(
    """a about after all also am an and any are as at be because been before being between both but by can could did do
    does during each either for from had has have he her him his how if in into is it its itself many may more most much
    must name no nor not of off on one or other our out over own say she should so some such than that the their them
    then there these they this those through to too under until up use used uses very was we were what when where which
    while who whom whose why will with within without would you your""".split()
)


def content_words(words: Iterable[str]) -> set[str]:
    """The words that carry the meaning."""
    return {word for word in words if word not in _SMALL}
