"""Numbers that could be taken for a rule of treatment."""

from __future__ import annotations

import re
from collections.abc import Iterator

from deckgen.cards.note import Identity
from deckgen.core.diagnostics import Rule
from deckgen.lint.api import Check, Finding, Limits, Readings, Text
from deckgen.project.project import Project

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


_DIGIT = re.compile(r"\d")
_ALL_BUT_DIGITS = bytes({*range(1, 256)} - {*b"0123456789"})


def _first_digits(texts: list[str]) -> Iterator[tuple[int, int]]:
    """The places of the texts that have digits, and where in each the first is. Few have: to ask all at once is several
    times as fast as one by one."""
    whole = "\0".join(texts)
    if whole.isascii():
        for place, digits in enumerate(whole.encode().translate(None, _ALL_BUT_DIGITS).split(b"\0")):
            if digits:
                yield place, texts[place].find(chr(digits[0]))
    else:
        for place, text in enumerate(texts):
            if first := _DIGIT.search(text):
                yield place, first.start()


def _clinical_number(readings: Readings, limits: Limits, project: Project) -> Iterator[Finding]:
    told: set[str] = set()
    for identity, text, at in _with_digits(readings):
        # From the first digit on the patterns are fast.
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
    short = [*readings.fronts, *[(identity, answer) for identity, _, answer in readings.asked]]
    short += [(note.identity, item) for note, _, items in readings.lists for item in items]
    for place, at in _first_digits([text.plain for _, text in short]):
        identity, text = short[place]
        yield identity, text, at
    long = [(note.identity, markup) for note in readings.notes if (markup := note.statement.full) is not None]
    for place, _ in _first_digits([markup.text for _, markup in long]):
        identity, full = long[place]
        text = Text(full)
        for _, at in _first_digits([text.plain]):  # not only in an address
            yield identity, text, at


CHECKS = (Check(CLINICAL_NUMBER, _clinical_number),)
