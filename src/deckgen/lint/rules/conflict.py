"""A question is asked twice, with different answers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from deckgen.cards.note import Identity
from deckgen.core.diagnostics import Severity
from deckgen.lint.api import Context, Fact, Finding, LintRule
from deckgen.lint.questions import Question, answer_position, collect_questions, same_questions


def check_project(identities: Sequence[Identity], facts: Sequence[Fact], context: Context) -> Iterator[Finding]:
    for first, fact in same_questions(facts):
        if Question(*first.data).answer != Question(*fact.data).answer:
            message = f"{first.identity.label} asks the same question and gives another answer: {first.position}"
            help = "correct one of the answers, or make one question more specific"
            yield Finding(fact.identity, answer_position(fact), message, help)


RULE = LintRule(
    "conflict",
    __doc__,
    "Whatever the learner answers is wrong on one of the two cards.",
    wrong="""
faq:
  - id: one
    domain: basics
    question: What is ice made of?
    answer: Frozen water
  - id: other
    domain: basics
    question: What is ice made of?
    answer: Cold milk # <- wrong
""",
    right="""
faq:
  - id: one
    domain: basics
    question: What is ice made of?
    answer: Frozen water
  - id: other
    domain: basics
    question: What is in a scoop from the parlour?
    answer: Cold milk
""",
    severity=Severity.ERROR,
    collect_facts=collect_questions,
    check_project=check_project,
)
