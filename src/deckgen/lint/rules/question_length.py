"""A question is too long to be read at a glance."""

from __future__ import annotations

from collections.abc import Iterator

from deckgen.lint.api import Context, Finding, LintRule, NoteText, Threshold
from deckgen.lint.lengths import severity_of


def check_note(note: NoteText, context: Context) -> Iterator[Finding]:
    thresholds = context.thresholds
    help = "leave out what the domain and the topic above it already say"
    for front in note.fronts:
        words, characters = len(front.words), len(front.plain)
        if severity := severity_of(words, thresholds):
            message = f"the question has {words} words; up to {thresholds['hint']:g} can be read at a glance"
            yield Finding(note.identity, front.position, message, help, severity)
        elif characters > thresholds["characters"]:
            most = thresholds["characters"]
            message = f"the question has {characters} characters; up to {most:g} can be read at a glance"
            yield Finding(note.identity, front.position, message, help)


RULE = LintRule(
    "question-length",
    __doc__,
    "Every review begins with reading it, so short wording makes every review faster (Wozniak, Twenty rules, 12).",
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
    check_note=check_note,
    thresholds={
        "hint": Threshold(15, "The most words in a question without a hint."),
        "warning": Threshold(25, "The most words in a question without a warning."),
        "characters": Threshold(200, "The most characters in a question without a warning."),
    },
)
