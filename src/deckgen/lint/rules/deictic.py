"""Questions that point to something outside the card."""

from __future__ import annotations

import re
from collections.abc import Iterator

from deckgen.core.diagnostics import Rule, Severity
from deckgen.lint.api import Context, Finding, LintRule, NoteText

_DEICTIC = re.compile(
    r"\b(?:the (?:article|text|author|passage|chapter|paper|seed)s?|according to the (?:text|article)|"
    r"as mentioned|above(?:-mentioned)?|below|the following|previous(?:ly)? (?:card|question)|"
    r"this (?:article|text|card))(?![\w-])",
    re.IGNORECASE,
)


def check_note(note: NoteText, context: Context) -> Iterator[Finding]:
    for front in note.fronts:
        if match := _DEICTIC.search(front.plain):
            message = f"'{match[0]}' points to something that is not on the card"
            yield Finding(note.identity, front.position, message, "say it in words that stand alone")


RULE = LintRule(
    Rule(
        "deictic",
        "A question points to something outside the card.",
        "A card must stand alone: the learner does not have the text it came from.",
        wrong="""
faq:
  - id: pointing
    domain: basics
    question: What does the article say of ice? # <- wrong
    answer: That ice floats
""",
        right="""
faq:
  - id: alone
    domain: basics
    question: What does ice do on water?
    answer: Float
""",
        severity=Severity.WARNING,
    ),
    check_note=check_note,
)
