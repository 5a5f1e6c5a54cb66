"""A question can be answered with yes or no."""

from __future__ import annotations

import re
from collections.abc import Iterator

from deckgen.lint.api import Context, Finding, LintRule, NoteText

_VERBS = frozenset("is are was were do does did can could should may must has have had will would".split())
_YES_OR_NO = re.compile(r"(?:yes|no)(?:[,.;:]|$)")


def check_note(note: NoteText, context: Context) -> Iterator[Finding]:
    for asked in () if note.statement.cued else note.asked:
        front = asked.front
        asks = front.plain.endswith("?") and front.words and front.words[0] in _VERBS
        if asks or _YES_OR_NO.match(asked.answer.lower):
            message = "the question can be answered with yes or no"
            help = "ask 'what', 'why' or 'which', so that the learner has something to recall"
            yield Finding(note.identity, front.position, message, help)


RULE = LintRule(
    "yes-no",
    __doc__,
    "It takes no effort, and a guess is right half the time (Matuschak, How to write good prompts).",
    wrong="""
faq:
  - id: guess
    domain: basics
    question: Is water made of hydrogen and oxygen? # <- wrong
    answer: Of both
""",
    right="""
faq:
  - id: recall
    domain: basics
    question: Name the two elements of water.
    items: [hydrogen: Hydrogen, oxygen: Oxygen]
""",
    check_note=check_note,
    english=True,
)
