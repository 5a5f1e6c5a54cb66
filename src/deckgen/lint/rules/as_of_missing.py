"""A fact that can change has no date."""

from __future__ import annotations

from collections.abc import Iterator

from deckgen.cards.note import Identity
from deckgen.lint.api import Context, Finding, LintRule, NoteText, Threshold


def check_note(note: NoteText, context: Context) -> Iterator[Finding]:
    identity = note.identity
    if not identity.as_of and (note.statement.ages or _rests_on_undated_guideline(identity, context)):
        message = f"'{identity.label}' has no date, but what it says can change"
        help = "write the month in which you checked it, for example 'as_of: 2026-11'"
        yield Finding(identity, identity.position, message, help)


def _rests_on_undated_guideline(identity: Identity, context: Context) -> bool:
    works = context.project.works(identity.source) if context.thresholds["guidelines"] else ()
    return any(work.grade == "guideline" and not work.published for work in works)


RULE = LintRule(
    "as-of-missing",
    __doc__,
    "Names, offices and guidelines change; a card must say when its statement was true (Wozniak, Twenty rules, "
    "19: date-stamp).",
    wrong="""
resources:
  - id: undated # <- wrong
    domain: basics
    name: Ocean Office
    role: The agency that measures tides
""",
    right="""
resources:
  - id: dated
    domain: basics
    as_of: 2026-11
    name: Ocean Office
    role: The agency that measures tides
""",
    check_note=check_note,
    thresholds={
        "guidelines": Threshold(
            0,
            "With 1, entries also need a date if their source is a guideline without a `published` date; with "
            "0, they do not.",
        ),
    },
)
