"""The questions of a project as facts, for the rules that compare them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from deckgen.core.diagnostics import Position
from deckgen.lint.api import Fact, NoteText

TELLING_PAIRS = 6
"""How many pairs of neighbouring words stand for a question: the longest, since long words are rare. Which pairs really
are rare would be known only after reading all questions."""

MOST_WORDS = 200
"""A longer question has no telling pairs. It is too long anyway, and each pair takes time."""


class Question(NamedTuple):
    """The data of a fact about a question. Words are separated by spaces, and so are telling pairs."""

    words: str
    answer: str
    answer_line: int
    answer_column: int
    is_list: bool
    telling_pairs: str


def collect_questions(note: NoteText) -> Iterator[Fact]:
    """The first question of a note, if an author worded it."""
    statement = note.statement
    if statement.worded or statement.cued or not note.fronts:
        return
    front = note.fronts[0]
    answers = note.items if note.prompt else (note.asked[0].answer,)
    position = front.position if note.prompt else answers[0].position
    words = " ".join([word for answer in answers for word in answer.words])
    pairs = _telling_pairs(front.words)
    data = Question(" ".join(front.words), words, position.line, position.column, note.prompt is not None, pairs)
    yield Fact(note.identity, front.position, data)


def _telling_pairs(words: Sequence[str]) -> str:
    """The longest pairs of neighbouring words, each joined by '_', which no word contains."""
    if len(words) > MOST_WORDS:
        return ""
    pairs = [f"{one}_{other}" for one, other in pairwise(words)]
    if len(pairs) > TELLING_PAIRS:
        least = sorted(map(len, pairs))[-TELLING_PAIRS]
        pairs = [pair for pair in pairs if len(pair) >= least]
    return " ".join(dict.fromkeys(pairs))


def same_questions(facts: Sequence[Fact]) -> Iterator[tuple[Fact, Fact]]:
    """Every question that was asked before, after the fact that asked it first."""
    first: dict[str, Fact] = {}
    for fact in facts:
        earlier = first.setdefault(Question(*fact.data).words, fact)
        if earlier is not fact:
            yield earlier, fact


def answer_position(fact: Fact) -> Position:
    """Where the answer to a question stands."""
    question = Question(*fact.data)
    return Position(fact.position.path, question.answer_line, question.answer_column)
