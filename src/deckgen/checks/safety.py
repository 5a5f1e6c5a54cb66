"""Numbers that could be taken for a rule of treatment."""

from __future__ import annotations

import re
from collections.abc import Iterator

from deckgen.checking import Check, Finding, Limits, Reading, Readings, Text
from deckgen.diagnostic import Rule
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
    for reading in readings.notes:
        for text, at in _with_digits(reading):
            match = _AMOUNT.search(text.plain, at) or _LEVELS.search(text.plain, max(0, at - 1))
            if match and not _rests_on_guideline(reading, project):
                message = f"'{match[0]}' is a number that may be acted upon, and no guideline is its source"
                help = "leave it out, or name a source of the grade 'guideline'"
                yield Finding(reading.identity, text.position, message, help)
                break


def _rests_on_guideline(reading: Reading, project: Project) -> bool:
    return any(work.grade == "guideline" for work in project.works(reading.identity.source))


def _with_digits(reading: Reading) -> Iterator[tuple[Text, int]]:
    """The texts of a note that have digits, and where the first is."""
    for text in (*reading.fronts, *[answer for _, answer in reading.asked], *reading.items):
        if first := _first_digit(text.plain):
            yield text, first.start()
    if reading.statement.full is not None and _first_digit(reading.statement.full.text):
        full = Text(reading.statement.full)
        if first := _first_digit(full.plain):  # not only in an address
            yield full, first.start()


CHECKS = (Check(CLINICAL_NUMBER, _clinical_number),)
