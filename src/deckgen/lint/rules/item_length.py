"""An item of a list is too long. A step may be longer than an item of a set."""

from __future__ import annotations

from collections.abc import Iterator

from deckgen.lint.api import Context, Finding, LintRule, NoteText, Threshold
from deckgen.lint.lengths import MINIMUM, severity_of


def check_note(note: NoteText, context: Context) -> Iterator[Finding]:
    thresholds = context.thresholds
    if note.statement.ordered:
        thresholds = {"warning": thresholds["step-warning"], "error": thresholds["step-error"]}
    for item in note.items:
        count = len(item.words)
        if severity := severity_of(count, thresholds):
            message = f"the item has {count} words; up to {thresholds['warning']:g} are easy to recall in a list"
            help = "split it, or move the details to `full`"
            yield Finding(note.identity, item.position, message, help, severity)


RULE = LintRule(
    "item-length",
    __doc__,
    f"{MINIMUM} The items of a list are recalled together.",
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
    check_note=check_note,
    thresholds={
        "warning": Threshold(8, "The most words in an item of a set without a warning."),
        "error": Threshold(20, "The most words in an item of a set without an error."),
        "step-warning": Threshold(18, "The most words in a step without a warning."),
        "step-error": Threshold(30, "The most words in a step without an error."),
    },
)
