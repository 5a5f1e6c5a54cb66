"""A card asks two questions."""

from __future__ import annotations

import re
from collections.abc import Iterator

from deckgen.lint.api import Context, Finding, LintRule, NoteText

_WH = r"(?:what|why|how|when|where|which|who)"
_ASKS = re.compile(rf"\b{_WH}\b")
_AND_ASKS = re.compile(rf"\band {_WH}\b")


def check_note(note: NoteText, context: Context) -> Iterator[Finding]:
    for front in note.fronts:
        text = front.lower
        first = _ASKS.search(text) if "and" in front.words else None
        if text.rfind("?") - text.find("?") > 1 or (first and _AND_ASKS.search(text, first.end())):
            help = "write two entries, each with one question"
            yield Finding(note.identity, front.position, "the card asks two questions", help)


RULE = LintRule(
    "two-questions",
    __doc__,
    "If the learner recalls only one answer, no grade fits; a prompt must be focused (Matuschak, How to write good "
    "prompts).",
    wrong="""
faq:
  - id: two
    domain: basics
    question: What is ice, and why does ice float? # <- wrong
    answer: Frozen water
""",
    right="""
faq:
  - id: one
    domain: basics
    question: What is ice made of?
    answer: Frozen water
  - id: other
    domain: basics
    question: Why does ice float?
    answer: Its density is lower
""",
    check_note=check_note,
    english=True,
)
