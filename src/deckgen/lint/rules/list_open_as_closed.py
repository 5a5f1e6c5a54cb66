"""Lists of examples that are asked as complete."""

from __future__ import annotations

import re
from collections.abc import Iterator

from deckgen.core.diagnostics import Rule, Severity
from deckgen.lint.api import Context, Finding, LintRule, NoteText, Text

_OPEN = re.compile(
    r"\b(?:such as|among others|for example|for instance|e\.g\.|including|and so on|etc\.)", re.IGNORECASE
)


def check_note(note: NoteText, context: Context) -> Iterator[Finding]:
    statement = note.statement
    if note.prompt is None or statement.open or statement.ordered:
        return
    for text in (note.prompt, *([Text.of(statement.full)] if statement.full else [])):
        if match := _OPEN.search(text.plain):
            message = f"'{match[0]}' says that these are examples, but the list is asked as complete"
            help = "write 'open: true', or leave those words out"
            yield Finding(note.identity, text.position, message, help)


RULE = LintRule(
    Rule(
        "list-open-as-closed",
        "A list of examples is asked as if it were complete.",
        "Who knows a further example would be wrong; such a list is asked for examples (Matuschak, on open lists).",
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
        severity=Severity.WARNING,
    ),
    check_note=check_note,
)
