"""Texts that are too long to be asked, graded or recalled as one."""

from __future__ import annotations

from collections.abc import Iterator

from deckgen.core.diagnostics import Rule, Severity
from deckgen.lint.api import Check, Finding, Limits, Readings, weigh
from deckgen.project.project import Project

_MINIMUM = "The shorter what is recalled, the more surely it is (Wozniak, Twenty rules of formulating knowledge, 4)."

ANSWER_LENGTH = Rule(
    "answer-length",
    "A graded answer has too many words.",
    f"{_MINIMUM} Put the rest into `full`, which is shown and not graded.",
    wrong="""
faq:
  - id: long
    domain: basics
    question: Why is the sky blue?
    answer: > # <- wrong
      Because air scatters light of short wavelengths far more than light of long ones, so that from every part of the
      sky which is not the sun itself it is mostly blue light that comes to our eyes.
""",
    right="""
faq:
  - id: short
    domain: basics
    question: Why is the sky blue?
    answer: Air scatters blue light most
    full: Light of short wavelengths is scattered far more than light of long ones.
""",
    severity=Severity.WARNING,
)

ANSWER_CHARS = Rule(
    "answer-chars",
    "A graded answer has too many characters.",
    f"{_MINIMUM} On a phone such an answer fills the screen.",
    wrong="""
faq:
  - id: long
    domain: basics
    question: Which words are long?
    answer: > # <- wrong
      Otorhinolaryngological, electroencephalographic, pneumonoultramicroscopic, immunoelectrophoretically,
      psychoneuroendocrinological, hepaticocholangiogastrostomy, spectrophotofluorometrically, thyroparathyroidectomized
""",
    right="""
faq:
  - id: short
    domain: basics
    question: Which word is long?
    answer: Otorhinolaryngological
""",
    severity=Severity.WARNING,
)

QUESTION_LENGTH = Rule(
    "question-length",
    "A question is too long to be taken in at a glance.",
    "Every review begins with reading it; optimised wording makes each faster (Wozniak, Twenty rules, 12).",
    wrong="""
faq:
  - id: long
    domain: basics
    question: > # <- wrong
      Considering everything that you have learned so far about the colours of light and about the air through which it
      comes to us, what would you say makes the sky look blue?
    answer: Scattering
""",
    right="""
faq:
  - id: short
    domain: basics
    question: What makes the sky look blue?
    answer: Scattering
""",
    severity=Severity.WARNING,
)

ITEM_LENGTH = Rule(
    "item-length",
    "An item of a list is too long; a step may be longer than an item of a set.",
    f"{_MINIMUM} The items of a list are recalled together.",
    wrong="""
faq:
  - id: long
    domain: basics
    question: Name the two states.
    items:
      - ice: Ice, which is what water becomes when it is cold enough # <- wrong
      - steam: Steam
""",
    right="""
faq:
  - id: short
    domain: basics
    question: Name the two states.
    items:
      - ice: Ice
      - steam: Steam
""",
    severity=Severity.WARNING,
)


_SHORTEN = "shorten it, and put what else is worth reading into `full`"


def _answer_length(readings: Readings, limits: Limits, project: Project) -> Iterator[Finding]:
    least = min(limits.values())
    for identity, _, answer in readings.asked:
        count = len(answer.words)
        if count > least and (weight := weigh(count, limits)):
            message = f"the answer has {count} words; up to {limits['hint']:g} are easily recalled"
            yield Finding(identity, answer.position, message, _SHORTEN, weight)


def _answer_chars(readings: Readings, limits: Limits, project: Project) -> Iterator[Finding]:
    least = min(limits.values())
    for identity, _, answer in readings.asked:
        count = len(answer.plain)
        if count > least and (weight := weigh(count, limits)):
            message = f"the answer has {count} characters; up to {limits['warning']:g} are well read on a phone"
            yield Finding(identity, answer.position, message, _SHORTEN, weight)


def _question_length(readings: Readings, limits: Limits, project: Project) -> Iterator[Finding]:
    most = limits["characters"]
    least = min(limits.values())
    for identity, front in readings.fronts:
        count = len(front.words)
        if count > least and (weight := weigh(count, limits)):
            message = f"the question has {count} words; up to {limits['hint']:g} are read at a glance"
            help = "leave out what the domain and topic above it say"
            yield Finding(identity, front.position, message, help, weight)
        elif len(front.plain) > most:
            message = f"the question has {len(front.plain)} characters; up to {most:g} are read at a glance"
            yield Finding(identity, front.position, message)


def _item_length(readings: Readings, limits: Limits, project: Project) -> Iterator[Finding]:
    least = min(limits.values())
    for note, _, items in readings.lists:
        own = limits
        if note.statement.ordered:
            own = {"warning": limits["step-warning"], "error": limits["step-error"]}
        for item in items:
            count = len(item.words)
            if count > least and (weight := weigh(count, own)):
                message = f"the item has {count} words; up to {own['warning']:g} are recalled among others"
                help = "split it, or move the detail into `full`"
                yield Finding(note.identity, item.position, message, help, weight)


CHECKS = (
    Check(ANSWER_LENGTH, _answer_length, {"hint": 15, "warning": 25, "error": 50}),
    Check(ANSWER_CHARS, _answer_chars, {"warning": 200, "error": 300}),
    Check(QUESTION_LENGTH, _question_length, {"hint": 15, "warning": 25, "characters": 200}),
    Check(ITEM_LENGTH, _item_length, {"warning": 8, "error": 20, "step-warning": 18, "step-error": 30}),
)
