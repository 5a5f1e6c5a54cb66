"""A list of examples is too long to be asked as a whole."""

from __future__ import annotations

from collections.abc import Iterator

from deckgen.core.diagnostics import Severity
from deckgen.lint.api import Context, Finding, LintRule, NoteText, Threshold


def check_note(note: NoteText, context: Context) -> Iterator[Finding]:
    statement = note.statement
    if note.prompt and statement.open and not statement.groups and len(note.items) > context.thresholds["items"]:
        most = context.thresholds["items"]
        message = f"{len(note.items)} examples are asked at once; up to {most:g} can be recalled"
        help = "leave some out, or split them into `groups:`, each with an id and a name"
        yield Finding(note.identity, note.prompt.position, message, help)


RULE = LintRule(
    "open-list-size",
    __doc__,
    "An open list is asked only as a whole, since a gap in it has many right answers. Nobody recalls so many at once.",
    wrong="""
faq:
  - id: metals
    domain: basics
    question: Name five metals. # <- wrong
    open: true
    items: [iron: Iron, copper: Copper, tin: Tin, zinc: Zinc, lead: Lead]
""",
    right="""
faq:
  - id: metals
    domain: basics
    question: Name three metals.
    open: true
    items: [iron: Iron, copper: Copper, tin: Tin]
""",
    severity=Severity.ERROR,
    check_note=check_note,
    thresholds={
        "items": Threshold(4, "The most examples that can be asked as a whole."),
    },
)
