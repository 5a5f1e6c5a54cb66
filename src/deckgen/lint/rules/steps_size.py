"""A procedure has too many steps in a row."""

from __future__ import annotations

from collections.abc import Iterator

from deckgen.lint.api import Context, Finding, LintRule, NoteText, Threshold


def check_note(note: NoteText, context: Context) -> Iterator[Finding]:
    statement, most = note.statement, context.thresholds["warning"]
    if statement.ordered and not statement.groups and len(note.items) > most:
        message = f"there are {len(note.items)} steps in a row; up to {most:g} are easy to learn"
        help = "divide them into `phases:`, each with an id and a name"
        yield Finding(note.identity, note.items[0].position, message, help)


RULE = LintRule(
    "steps-size",
    __doc__,
    "More than about seven things in a row are easier to learn in parts (Wozniak, Twenty rules, 9 and 10).",
    wrong="""
procedures:
  - id: long
    domain: basics
    name: A long procedure
    steps: [a: A, b: B, c: C, d: D, e: E, f: F, g: G, h: H] # <- wrong
""",
    right="""
procedures:
  - id: long
    domain: basics
    name: A long procedure
    steps:
      phases:
        - id: first
          name: At first
          items: [a: A, b: B, c: C, d: D]
        - id: last
          name: At last
          items: [e: E, f: F, g: G, h: H]
""",
    check_note=check_note,
    thresholds={
        "warning": Threshold(7, "The most steps in a row without a warning."),
    },
)
