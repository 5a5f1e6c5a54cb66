"""What a content rule is, and a note as such rules read it.

A rule's module in ``checks/`` names its ``CHECKS``; each has a manual (a ``Rule``), thresholds that ``deckgen.yaml``
may set, and a function that yields what it found.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from deckgen.diagnostic import Position, Rule, Severity
from deckgen.markup import Markup
from deckgen.note import Note
from deckgen.project import Project

Limits = Mapping[str, float]


class Text:
    """A text of an author as a reader sees it."""

    __slots__ = ("_words", "plain", "position")

    def __init__(self, markup: Markup) -> None:
        self.position = markup.position
        self.plain = markup.text if markup.text == markup.html else _visible(markup.html)
        self._words: list[str] | None = None

    @property
    def words(self) -> list[str]:
        """The words in small letters; ``facet-joint`` is one, punctuation is none."""
        if self._words is None:
            self._words = _WORD.findall(self.plain.lower())
        return self._words


_WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")


def _visible(markup: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", markup)).split())


class Reading:
    """A note as the rules read it: what it asks and answers, word by word."""

    def __init__(self, note: Note) -> None:
        self.note = note

    @cached_property
    def asked(self) -> list[tuple[Text, Text]]:
        """Each question with its answer."""
        return [(Text(front), Text(answer)) for front, answer in self.note.statement.asked]

    @cached_property
    def prompt(self) -> Text | None:
        return Text(self.note.statement.prompt) if self.note.statement.prompt else None

    @cached_property
    def items(self) -> list[Text]:
        return [Text(item) for item in self.note.statement.items]

    @cached_property
    def full(self) -> Text | None:
        return Text(self.note.statement.full) if self.note.statement.full else None

    @property
    def fronts(self) -> Iterator[Text]:
        """All that asks: each question once, or the prompt of a list."""
        seen: set[Position] = set()
        for front, _ in self.asked:
            if front.position not in seen:
                seen.add(front.position)
                yield front
        if self.prompt is not None:
            yield self.prompt


class Finding(NamedTuple):
    """What a rule found in a note: where, what, what to do, and its weight where that is not the rule's own."""

    reading: Reading
    position: Position
    message: str
    help: str = ""
    weight: Severity | None = None


Run = Callable[[Sequence[Reading], Limits, Project], Iterable[Finding]]


@dataclass(frozen=True)
class Check:
    """A content rule: its manual, what looks for it, and the thresholds from which it speaks.

    One that needs the ``whole`` project is left out while some entries have errors.
    """

    rule: Rule
    run: Run
    limits: Limits = field(default_factory=dict)
    whole: bool = False


def each(look: Callable[[Reading, Limits], Iterable[Finding]]) -> Run:
    """A check that looks at one note at a time."""

    def run(readings: Sequence[Reading], limits: Limits, project: Project) -> Iterator[Finding]:
        for reading in readings:
            yield from look(reading, limits)

    return run


def weigh(amount: float, limits: Limits) -> Severity | None:
    """The weight of an amount that is over the limit called ``hint``, ``warning`` or ``error``."""
    for severity in Severity:
        limit = limits.get(severity.value)
        if limit is not None and amount > limit:
            return severity
    return None


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
