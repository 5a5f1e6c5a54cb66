"""A resource has not been checked recently."""

from __future__ import annotations

import time
from collections.abc import Iterator

from deckgen.core import clock
from deckgen.lint.api import Context, Finding, LintRule, NoteText, Threshold


def check_note(note: NoteText, context: Context) -> Iterator[Finding]:
    identity = note.identity
    if note.statement.ages and identity.as_of:
        now = time.gmtime(clock.now())
        year, month = int(identity.as_of[:4]), int(identity.as_of[5:7] or 12)
        age = (now.tm_year - year) * 12 + now.tm_mon - month
        if age > context.thresholds["months"]:
            message = f"'{identity.label}' was last checked {age} months ago"
            help = f"check that it is still true, then write 'as_of: {now.tm_year}-{now.tm_mon:02}'"
            yield Finding(identity, identity.position, message, help)


RULE = LintRule(
    "stale",
    __doc__,
    "Addresses and names of societies change within a few years. The threshold is our choice.",
    wrong="""
resources:
  - id: old # <- wrong
    domain: basics
    as_of: 2001-01
    name: Ocean Office
    role: The agency that measures tides
""",
    right="""
resources:
  - id: new
    domain: basics
    as_of: 2099-12
    name: Ocean Office
    role: The agency that measures tides
""",
    check_note=check_note,
    thresholds={
        "months": Threshold(24, "The greatest age of `as_of`, in months, without a warning."),
    },
)
