"""A graded answer has too many characters."""

from __future__ import annotations

from collections.abc import Iterator

from deckgen.lint.api import Context, Finding, LintRule, NoteText, Threshold
from deckgen.lint.lengths import MINIMUM, SHORTEN, severity_of


def check_note(note: NoteText, context: Context) -> Iterator[Finding]:
    for asked in note.asked:
        count = len(asked.answer.plain)
        if severity := severity_of(count, context.thresholds):
            message = f"the answer has {count} characters; up to {context.thresholds['warning']:g} read well on a phone"
            yield Finding(note.identity, asked.answer.position, message, SHORTEN, severity)


RULE = LintRule(
    "answer-chars",
    __doc__,
    f"{MINIMUM} On a phone, a long answer fills the screen.",
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
    check_note=check_note,
    thresholds={
        "warning": Threshold(200, "The most characters in an answer without a warning."),
        "error": Threshold(300, "The most characters in an answer without an error."),
    },
)
