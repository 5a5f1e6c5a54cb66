"""A card names no source. For a procedure, that is an error."""

from __future__ import annotations

from collections.abc import Iterator

from deckgen.core.diagnostics import Severity
from deckgen.lint.api import Context, Finding, LintRule, NoteText


def check_note(note: NoteText, context: Context) -> Iterator[Finding]:
    identity = note.identity
    if not identity.source:
        severity = Severity.ERROR if note.statement.actionable else None
        help = "write 'source: [key]' with a key from sources.yaml, here or at the top of the file"
        yield Finding(identity, identity.position, f"'{identity.label}' names no source", help, severity)


RULE = LintRule(
    "source-missing",
    __doc__,
    "Learners must be able to trace every statement to its source (Wozniak, Twenty rules, 18: provide sources).",
    wrong="""
# file: deckgen.yaml
namespace: example.org
title: Sample
tag: sample
domains: {basics: Basics}
# file: demo/cards.yaml
faq:
  - id: unfounded # <- wrong
    domain: basics
    question: What is ice made of?
    answer: Frozen water
""",
    right="""
# file: deckgen.yaml
namespace: example.org
title: Sample
tag: sample
domains: {basics: Basics}
# file: demo/cards.yaml
faq:
  - id: founded
    domain: basics
    source: [book]
    question: What is ice made of?
    answer: Frozen water
""",
    check_note=check_note,
)
