"""A list has the same item twice."""

from __future__ import annotations

from collections.abc import Iterator

from deckgen.core.diagnostics import Severity
from deckgen.lint.api import Context, Finding, LintRule, NoteText


def check_note(note: NoteText, context: Context) -> Iterator[Finding]:
    lines: dict[tuple[str, ...], int] = {}
    for item in note.items:
        words = tuple(item.words)
        line = lines.setdefault(words, item.position.line)
        if words and line != item.position.line:
            message = f"'{item.plain}' is already in the list, on line {line}"
            yield Finding(note.identity, item.position, message, "delete one of the two")


RULE = LintRule(
    "item-dup",
    __doc__,
    "Nobody names an item twice, so no answer is complete.",
    wrong="""
faq:
  - id: twice
    domain: basics
    question: Name the three primary colours.
    items:
      - red: Red
      - blue: Blue
      - again: red # <- wrong
""",
    right="""
faq:
  - id: once
    domain: basics
    question: Name the three primary colours.
    items: [red: Red, blue: Blue, yellow: Yellow]
""",
    severity=Severity.ERROR,
    check_note=check_note,
)
