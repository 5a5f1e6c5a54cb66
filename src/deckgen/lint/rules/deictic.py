"""A question refers to something outside the card, or a text mentions the deck."""

from __future__ import annotations

import re
from collections.abc import Iterator

from deckgen.lint.api import Context, Finding, LintRule, NoteText

_DEICTIC = re.compile(
    r"\b(?:the (?:article|text|author|passage|chapter|paper|seed)s?|according to the (?:text|article)|"
    r"as mentioned|above(?:-mentioned)?|below|the following|previous(?:ly)? (?:card|question)|"
    r"this (?:article|text|card))(?![\w-])"
)
_DECK = re.compile(r"\b(?:this|these|our|the present) (?:decks?|flash ?cards?)(?![\w-])", re.IGNORECASE)


def check_note(note: NoteText, context: Context) -> Iterator[Finding]:
    for front in note.fronts:
        if match := _DEICTIC.search(front.lower):
            message = f"'{match[0]}' refers to something that is not on the card"
            yield Finding(note.identity, front.position, message, "reword it so that the card stands alone")
    for text in note.statement.shown:
        lower = text.lower()
        if ("deck" in lower or "flash" in lower) and (match := _DECK.search(text)):
            message = f"'{match[0]}' is about the deck, not about the subject"
            yield Finding(note.identity, note.identity.position, message, "write about the subject, or delete it")
            break


RULE = LintRule(
    "deictic",
    __doc__,
    "A card must stand alone: the learner does not see the text that it came from.",
    wrong="""
faq:
  - id: pointing
    domain: basics
    question: What does the article say about ice? # <- wrong
    answer: That ice floats
""",
    right="""
faq:
  - id: alone
    domain: basics
    question: What does ice do on water?
    answer: Float
""",
    check_note=check_note,
    english=True,
)
