"""A list of examples is asked as if it were complete."""

from __future__ import annotations

import re
from collections.abc import Iterator

from deckgen.lint.api import Context, Finding, LintRule, NoteText, Text

_OPEN = re.compile(r"\b(?:such as|among others|for example|for instance|e\.g\.|including|and so on|etc\.)")


def check_note(note: NoteText, context: Context) -> Iterator[Finding]:
    statement = note.statement
    if note.prompt is None or statement.open or statement.ordered:
        return
    for text in (note.prompt, *([Text.of(statement.full)] if statement.full else [])):
        if match := _OPEN.search(text.lower):
            message = f"'{match[0]}' introduces examples, but the list is asked as if it were complete"
            help = "add 'open: true' to the entry, or delete these words"
            yield Finding(note.identity, text.position, message, help)


RULE = LintRule(
    "list-open-as-closed",
    __doc__,
    "A learner who names another example is graded wrong; ask for examples instead (Matuschak, on open lists).",
    wrong="""
faq:
  - id: closed
    domain: basics
    question: Name the two metals.
    items: [iron: Iron, copper: Copper]
    full: There are many metals, such as iron and copper. # <- wrong
""",
    right="""
faq:
  - id: open
    domain: basics
    question: Name two metals.
    open: true
    items: [iron: Iron, copper: Copper]
    full: There are many metals, such as iron and copper.
""",
    check_note=check_note,
    english=True,
)
