"""What a content rule is, and a note as such rules read it.

A rule's module in ``checks/`` names its ``CHECKS``; each has a manual (a ``Rule``), thresholds that ``deckgen.yaml``
may set, and a function that yields what it found.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from deckgen.cards.note import Identity, Note
from deckgen.core.diagnostics import Position, Rule, Severity
from deckgen.language.markup import Markup
from deckgen.project.project import Project

Limits = Mapping[str, float]


class Text:
    """A text of an author as a reader sees it: ``plain``, without its markup, and its ``words`` in small letters, of
    which ``facet-joint`` is one and punctuation none."""

    __slots__ = ("markup", "plain", "words")

    def __init__(self, markup: Markup) -> None:
        self.markup: Final = markup
        self.plain = plain = markup.text if markup.text == markup.html else _visible(markup.html)
        if plain.isascii() and "-" not in plain and "'" not in plain:
            self.words = plain.encode().translate(_APART).decode().split()
        else:
            self.words = _WORD.findall(plain.lower())

    @property
    def position(self) -> Position:
        return self.markup.position


_WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")
_APART = bytes([ord(chr(code).lower()) if chr(code).isalnum() else ord(" ") for code in range(128)]).ljust(256)
"""For texts without a sign that joins words: several times as fast as the pattern."""


def _visible(markup: str) -> str:
    import html

    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", markup)).split())


class Readings:
    """The notes of a file as the rules read them, and of all of them in a row, word by word: the questions with their
    answers, all that asks (each question once), the lists with their prompts and items, and as ``heads`` what each note
    asks first, with the one answer or the items."""

    def __init__(self, notes: Iterable[Note]) -> None:
        self.notes = list(notes)
        self.asked: list[tuple[Identity, Text, Text]] = []
        self.fronts: list[tuple[Identity, Text]] = []
        self.lists: list[tuple[Note, Text, list[Text]]] = []
        self.heads: list[tuple[Note, Text, list[Text]]] = []
        for note in self.notes:
            identity, statement = note.identity, note.statement
            if statement.prompt is not None:
                prompt, items = Text(statement.prompt), list(map(Text, statement.items))
                self.fronts.append((identity, prompt))
                self.lists.append((note, prompt, items))
                self.heads.append((note, prompt, items))
            markup = None
            for asked in statement.asked:
                front, said = asked.front, Text(asked.answer)
                if front is not markup:  # questions with one front stand together
                    text = Text(front)
                    self.fronts.append((identity, text))
                    if markup is None:
                        self.heads.append((note, text, [said]))
                    markup = front
                self.asked.append((identity, text, said))


class Finding(NamedTuple):
    """What a rule found in a note: where, what, what to do, and its weight where that is not the rule's own."""

    identity: Identity
    position: Position
    message: str
    help: str = ""
    weight: Severity | None = None


class Fact:
    """What a rule keeps of a note, to compare it with other notes: texts, numbers, and lists of such."""

    __slots__ = ("data", "identity", "position")

    def __init__(self, identity: Identity, position: Position, data: tuple[Any, ...]) -> None:
        self.identity: Final = identity
        self.position: Final = position
        self.data: Final = data


Look = Callable[[Readings, Limits, Project], Iterable[Finding]]
Gather = Callable[[Readings], Iterable[Fact]]
Judge = Callable[[Sequence[Identity], Sequence[Fact], Limits, Project], Iterable[Finding]]


class Check(NamedTuple):
    """A content rule: its manual, what looks for it, and the thresholds from which it speaks.

    A rule that can be judged by one note alone has a ``look`` at the notes of a file. One that compares notes has a
    ``judge`` of all notes and of the facts that its ``gather`` keeps of each; a file's facts are kept with what it was
    compiled to, so they are as few and short as will do. A judge that needs the ``whole`` project is left out while
    some entries have errors.
    """

    rule: Rule
    look: Look | None = None
    limits: Limits = MappingProxyType({})
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
