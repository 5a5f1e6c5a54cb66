"""A card states a dose, a time, a percentage or a vertebral level, and cites neither a guideline nor a regulator."""

from __future__ import annotations

import re
from collections.abc import Iterator

from deckgen.core.diagnostics import Position, Severity
from deckgen.lint.api import Context, Finding, LintRule, NoteText
from deckgen.text.escaping import unescaped

_UNITS = (
    "%|percent|per cent|° ?[cf]?|degrees?|"
    "mg|milligrams?|µg|mcg|ug|micrograms?|g|grams?|kg|kilograms?|"
    "ml|cc|millilit(?:er|re)s?|lit(?:er|re)s?|mmol|mol|meq|iu|units?|"
    "minutes?|mins?|hours?|hrs?|h|days?|weeks?|months?|"
    "mm ?hg|mm|cm|volts?|v|hz|hertz|khz|msv|mgy|gy|ma|kv"
)
_AMOUNT = re.compile(rf"(?<!\d)\d+(?:[.,]\d+)*(?:\s*|-)(?:{_UNITS})(?![^\W_])", re.IGNORECASE)
_DILUTION = re.compile(r"(?<![\d:])1\s*:\s*\d{1,3}(?:[\s,.]?\d{3})+(?!\d)")
_LEVEL = re.compile(r"(?<![^\W_])[CTLS]\d{1,2}(?![^\W_])")
_MARKS = re.compile(r"[*~^\\]")
_TAG = re.compile("<[^<>]*>")
_DIGIT = re.compile(r"\d")
_VOUCHING = ("guideline", "regulator")


def check_note(note: NoteText, context: Context) -> Iterator[Finding]:
    for text, position in _texts(note):
        match = _DIGIT.search(text) and (_AMOUNT.search(text) or _DILUTION.search(text) or _LEVEL.search(text))
        if match:
            if not _is_vouched_for(note, context):
                message = f"readers may act on the number '{match[0]}', but no guideline or regulator supports it"
                help = (
                    "delete it, or cite a source that has 'grade: guideline' or 'grade: regulator' in sources.yaml; if "
                    "nobody treats patients according to this deck, write 'clinical-number: off' under `rules:` in "
                    "deckgen.yaml"
                )
                yield Finding(note.identity, position, message, help)
            break  # one finding per note


def _texts(note: NoteText) -> Iterator[tuple[str, Position]]:
    """The texts of a note in the order of the card, and then every text that its cards show."""
    for text in (*note.fronts, *[asked.answer for asked in note.asked], *note.items):
        yield text.plain, text.position
    if full := note.statement.full:
        yield _without_marks(full.text), full.position
    for shown in note.statement.shown:
        yield _without_marks(shown), note.identity.position
        if "<" in shown:  # a field in HTML
            yield _without_marks(_TAG.sub("", shown)), note.identity.position


def _without_marks(text: str) -> str:
    return _MARKS.sub("", unescaped(text))


def _is_vouched_for(note: NoteText, context: Context) -> bool:
    return any(work.grade in _VOUCHING for work in context.project.works(note.identity.source))


RULE = LintRule(
    "clinical-number",
    __doc__,
    "Readers act on such numbers. In a medical deck, only a guideline or a regulator may vouch for them.",
    wrong="""
# file: deckgen.yaml
namespace: example.org
title: Sample
tag: sample
domains: {basics: Basics}
rules: {clinical-number: on, domain-orphan: off, source-missing: off}
# file: demo/cards.yaml
faq:
  - id: dose
    domain: basics
    question: How much of the drug is given?
    answer: 40 mg # <- wrong
""",
    right="""
# file: deckgen.yaml
namespace: example.org
title: Sample
tag: sample
domains: {basics: Basics}
rules: {clinical-number: on, domain-orphan: off, source-missing: off}
# file: demo/cards.yaml
faq:
  - id: no-dose
    domain: basics
    question: What decides how much of a drug is given?
    answer: Its label
""",
    severity=Severity.ERROR,
    check_note=check_note,
    optional=True,
)
