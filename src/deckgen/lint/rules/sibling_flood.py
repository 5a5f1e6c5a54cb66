"""One note makes many cards."""

from __future__ import annotations

from collections.abc import Iterator

from deckgen.core.diagnostics import Severity
from deckgen.lint.api import Context, Finding, LintRule, NoteText, Threshold


def check_note(note: NoteText, context: Context) -> Iterator[Finding]:
    most = context.thresholds["hint"]
    if note.card_count > most:
        message = f"this note makes {note.card_count} cards; up to {most:g} are seen in reasonable time"
        help = "if learners do not have it yet, divide it into two entries"
        yield Finding(note.identity, note.identity.position, message, help)


RULE = LintRule(
    "sibling-flood",
    __doc__,
    "Anki shows the cards of a note on different days, so it takes a long time to see each of them once.",
    wrong="""
procedures:
  - id: long
    domain: basics
    name: A long procedure
    steps:
      phases: # <- wrong
        - id: first
          name: At first
          items: [a: A, b: B, c: C, d: D]
        - id: last
          name: At last
          items: [e: E, f: F, g: G, h: H]
""",
    right="""
procedures:
  - id: short
    domain: basics
    name: A short procedure
    steps: [a: A, b: B, c: C]
""",
    severity=Severity.HINT,
    check_note=check_note,
    thresholds={
        "hint": Threshold(8, "The most cards of one note without a hint."),
    },
)
