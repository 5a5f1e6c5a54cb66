"""A graded answer has too many words."""

from __future__ import annotations

from collections.abc import Iterator

from deckgen.lint.api import Context, Finding, LintRule, NoteText, Threshold
from deckgen.lint.lengths import MINIMUM, SHORTEN, severity_of


def check_note(note: NoteText, context: Context) -> Iterator[Finding]:
    for asked in note.asked:
        count = len(asked.answer.words)
        if severity := severity_of(count, context.thresholds):
            message = f"the answer has {count} words; up to {context.thresholds['hint']:g} are easy to recall"
            yield Finding(note.identity, asked.answer.position, message, SHORTEN, severity)


RULE = LintRule(
    "answer-length",
    __doc__,
    f"{MINIMUM} Put the rest in `full`, which is shown but not graded.",
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
    check_note=check_note,
    thresholds={
        "hint": Threshold(15, "The most words in an answer without a hint."),
        "warning": Threshold(25, "The most words in an answer without a warning."),
        "error": Threshold(50, "The most words in an answer without an error."),
    },
)
