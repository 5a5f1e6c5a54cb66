"""A list has the same item twice."""

from __future__ import annotations

from collections.abc import Iterator

from deckgen.core.diagnostics import Position, Severity
from deckgen.lint.api import Context, Finding, LintRule, NoteText


def check_note(note: NoteText, context: Context) -> Iterator[Finding]:
    first: dict[tuple[str, ...], Position] = {}
    for item in note.items:
        words = tuple(item.words)
        earlier = first.setdefault(words, item.position)
        if words and earlier != item.position:
            message = f"'{item.plain}' is already in the list, in {earlier.seen_from(item.position)}"
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
