"""A graded answer has a word that says nothing definite."""

from __future__ import annotations

from collections.abc import Iterator

from deckgen.core.diagnostics import Severity
from deckgen.lint.api import Context, Finding, LintRule, NoteText

_VAGUE = frozenset("various many several etc important key crucial thing things stuff".split())


def check_note(note: NoteText, context: Context) -> Iterator[Finding]:
    for asked in note.asked:
        word = next((word for word in asked.answer.words if word in _VAGUE), None)
        if word:
            message = f"'{word}' says nothing definite"
            yield Finding(note.identity, asked.answer.position, message, "be specific, or leave it out")


RULE = LintRule(
    "vague",
    __doc__,
    "'Various', 'important' or 'etc.' can be neither recalled nor graded.",
    wrong="""
faq:
  - id: vague
    domain: basics
    question: What does ice do on water?
    answer: Various important things # <- wrong
""",
    right="""
faq:
  - id: definite
    domain: basics
    question: What does ice do on water?
    answer: Float
""",
    severity=Severity.HINT,
    check_note=check_note,
    english=True,
)
