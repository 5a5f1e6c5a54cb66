"""A card states a dose, a percentage, a temperature or a vertebral level, and does not cite a guideline."""

from __future__ import annotations

import re
from collections.abc import Iterator

from deckgen.core.diagnostics import Severity
from deckgen.lint.api import Context, Finding, LintRule, NoteText, Text

_AMOUNT = re.compile(
    r"\d(?<!\d\d)\d*(?:[.,]\d+)?\s*"
    r"(?:%|mg|µg|mcg|ug|g|kg|ml|mL|cc|mmol|IU|units?\b|°\s*C?|degrees|volts?|Hz|mSv|mGy)(?![a-z])"
)
_LEVELS = re.compile(r"[CTLS](?<!\w.)\d{1,2}(?:\s*[-/–]\s*[CTLS]?\d{1,2})\b")
_DIGIT = re.compile(r"\d")


def check_note(note: NoteText, context: Context) -> Iterator[Finding]:
    for text in _texts(note):
        match = _AMOUNT.search(text.plain) or _LEVELS.search(text.plain)
        if match and not _rests_on_guideline(note, context):
            message = f"'{match[0]}' is a number that readers may act on, and its source is not a guideline"
            help = "leave it out, or cite a source with 'grade: guideline'"
            yield Finding(note.identity, text.position, message, help)
            break  # one finding per note


def _texts(note: NoteText) -> Iterator[Text]:
    """The texts of a note, in the order of the card."""
    yield from note.fronts
    yield from [asked.answer for asked in note.asked]
    yield from note.items
    full = note.statement.full
    if full and _DIGIT.search(full.text):  # most have no number, and are not worth reading
        yield Text.of(full)


def _rests_on_guideline(note: NoteText, context: Context) -> bool:
    return any(work.grade == "guideline" for work in context.project.works(note.identity.source))


RULE = LintRule(
    "clinical-number",
    __doc__,
    "Readers act on such numbers. In a deck, only a guideline, a society or a regulator may vouch for them.",
    wrong="""
faq:
  - id: dose
    domain: basics
    question: How much of the drug is given?
    answer: 40 mg # <- wrong
""",
    right="""
faq:
  - id: no-dose
    domain: basics
    question: What decides how much of a drug is given?
    answer: Its label
""",
    severity=Severity.ERROR,
    check_note=check_note,
)
