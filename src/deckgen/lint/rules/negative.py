"""A question is phrased in the negative."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from deckgen.core.diagnostics import Severity
from deckgen.lint.api import Context, Finding, LintRule, NoteText

_NEGATIVE = frozenset({"not", "except", "least", "never"})


def check_note(note: NoteText, context: Context) -> Iterator[Finding]:
    for front in note.fronts:
        if word := _negative(front.words):
            message = f"the question is negative: '{word}'"
            yield Finding(note.identity, front.position, message, "ask what is true, without the negation")


def _negative(words: Sequence[str]) -> str | None:
    for before, word in pairwise(("", *words)):
        if (word in _NEGATIVE or word.endswith(("n't", "n’t"))) and (before, word) != ("at", "least"):
            return word
    return None


RULE = LintRule(
    "negative",
    __doc__,
    "A 'not' is easily overlooked, and the learner recalls what is not true.",
    wrong="""
faq:
  - id: not
    domain: basics
    question: Which state of water is not fluid? # <- wrong
    answer: Ice
""",
    right="""
faq:
  - id: solid
    domain: basics
    question: Which state of water is solid?
    answer: Ice
""",
    severity=Severity.HINT,
    check_note=check_note,
    english=True,
)
