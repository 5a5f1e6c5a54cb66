"""An answer lists three or more things."""

from __future__ import annotations

import re
from collections.abc import Iterator

from deckgen.lint.api import Context, Finding, LintRule, NoteText

_AND_LAST = re.compile(r" (?:.+ )?(?:and|or) .", re.DOTALL)
_TWO_LAST = re.compile(r" .+ (?:and|or) .", re.DOTALL)


def check_note(note: NoteText, context: Context) -> Iterator[Finding]:
    if note.asked and not note.statement.cued:
        answer = note.asked[0].answer
        if _is_list(answer.plain.rstrip(".")):
            message = "the answer is a list of three or more things"
            yield Finding(note.identity, answer.position, message, "write it as `items:`, each with an id")


def _is_list(text: str) -> bool:
    """Whether a text reads like 'a, b and c' or 'a; b; c'. A single pattern for this is slow on hostile texts."""
    separator = ";" if ";" in text else ","
    first, *more = text.split(separator)
    if not first or not more or not all(len(part) > 1 and part.startswith(" ") for part in more):
        return False
    if separator == ";":
        return len(more) > 1
    return bool((_AND_LAST if len(more) > 1 else _TWO_LAST).match(more[-1]))


RULE = LintRule(
    "answer-hides-list",
    __doc__,
    "A list is recalled as a whole and forgotten item by item. Written as `items`, each has a card of its own "
    "(Wozniak, Twenty rules, 9).",
    wrong="""
faq:
  - id: hidden
    domain: basics
    question: What are the states of matter?
    answer: Solid, liquid and gas # <- wrong
""",
    right="""
faq:
  - id: shown
    domain: basics
    question: Name the three states of matter.
    items: [solid: Solid, liquid: Liquid, gas: Gas]
""",
    check_note=check_note,
    english=True,
)
