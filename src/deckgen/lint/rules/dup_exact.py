"""A question is asked twice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from deckgen.cards.note import Identity
from deckgen.core.diagnostics import Severity
from deckgen.lint.api import Context, Fact, Finding, LintRule
from deckgen.lint.questions import Question, collect_questions, same_questions


def check_project(identities: Sequence[Identity], facts: Sequence[Fact], context: Context) -> Iterator[Finding]:
    for first, fact in same_questions(facts):
        if Question(*first.data).answer == Question(*fact.data).answer:
            message = f"same question as {first.identity.label}: {first.position}"
            yield Finding(fact.identity, fact.position, message, "delete one of the two")


RULE = LintRule(
    "dup-exact",
    __doc__,
    "The learner studies it twice and learns one thing. Anki notices it only within one note type.",
    wrong="""
faq:
  - id: one
    domain: basics
    question: What is ice made of?
    answer: Frozen water
  - id: other
    domain: basics
    question: What is *ice* made of # <- wrong
    answer: Frozen water
""",
    right="""
faq:
  - id: one
    domain: basics
    question: What is ice made of?
    answer: Frozen water
  - id: other
    domain: basics
    question: What is steam made of?
    answer: Water as a gas
""",
    severity=Severity.ERROR,
    collect_facts=collect_questions,
    check_project=check_project,
)
