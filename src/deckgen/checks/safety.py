"""Numbers that could be taken for a rule of treatment."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain

from deckgen.checking import Check, Finding, Limits, Readings, Text
from deckgen.diagnostic import Rule
from deckgen.note import Identity
from deckgen.project import Project

CLINICAL_NUMBER = Rule(
    "clinical-number",
    "A card states a dose, a percentage, a temperature or a vertebral level without a guideline as its source.",
    "Such numbers are acted upon. Only a guideline, a society or a regulator may vouch for them in a deck.",
    wrong="""
faq:
  - id: dose
    domain: basics
    question: How much of it is given?
    answer: 40 mg # <- wrong
    allow: {pronoun: It is an example}
""",
    right="""
faq:
  - id: no-dose
    domain: basics
    question: What decides how much of a drug is given?
    answer: Its label
""",
)

_AMOUNT = re.compile(
    r"\d(?<!\d\d)\d*(?:[.,]\d+)?\s*(?:%|mg|µg|mcg|ug|g|kg|ml|mL|cc|mmol|IU|units?\b|°\s*C?|degrees|volts?|Hz|mSv|mGy)(?![a-z])"
)
_LEVELS = re.compile(r"[CTLS](?<!\w.)\d{1,2}(?:\s*[-/–]\s*[CTLS]?\d{1,2})\b")


_DIGIT, _ASCII_DIGIT = re.compile(r"\d"), re.compile("[0-9]")


def _first_digit(text: str) -> re.Match[str] | None:
    """Few texts have one; and from there, the patterns are fast."""
    return (_ASCII_DIGIT if text.isascii() else _DIGIT).search(text)


def _clinical_number(readings: Readings, limits: Limits, project: Project) -> Iterator[Finding]:
    told: set[str] = set()
    for identity, text, at in _with_digits(readings):
        match = _AMOUNT.search(text.plain, at) or _LEVELS.search(text.plain, max(0, at - 1))
        if match and identity.id not in told and not _rests_on_guideline(identity, project):
            told.add(identity.id)
            message = f"'{match[0]}' is a number that may be acted upon, and no guideline is its source"
            help = "leave it out, or name a source of the grade 'guideline'"
            yield Finding(identity, text.position, message, help)


def _rests_on_guideline(identity: Identity, project: Project) -> bool:
    return any(work.grade == "guideline" for work in project.works(identity.source))


def _with_digits(readings: Readings) -> Iterator[tuple[Identity, Text, int]]:
    """The texts that have digits, and where the first is; those of a note in the order of its card."""
    answers = ((identity, answer) for identity, _, answer in readings.asked)
    items = ((note.identity, item) for note, _, items in readings.lists for item in items)
    for identity, text in chain(readings.fronts, answers, items):
        if first := _first_digit(text.plain):
            yield identity, text, first.start()
    for note in readings.notes:
        markup = note.statement.full
        if markup is not None and _first_digit(markup.text):
            full = Text(markup)
            if first := _first_digit(full.plain):  # not only in an address
                yield note.identity, full, first.start()


CHECKS = (Check(CLINICAL_NUMBER, _clinical_number),)
