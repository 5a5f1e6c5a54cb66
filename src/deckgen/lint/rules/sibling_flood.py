"""Notes that make many cards."""

from __future__ import annotations

from collections.abc import Iterator

from deckgen.core.diagnostics import Rule, Severity
from deckgen.lint.api import Context, Finding, LintRule, NoteText


def check_note(note: NoteText, context: Context) -> Iterator[Finding]:
    if note.card_count > context.thresholds["hint"]:
        yield Finding(note.identity, note.identity.position, f"this note makes {note.card_count} cards")


RULE = LintRule(
    Rule(
        "sibling-flood",
        "One note makes many cards.",
        "Anki shows siblings on different days, so a note of many cards takes long to be seen once.",
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
    ),
    check_note=check_note,
    thresholds={"hint": 8},
)
