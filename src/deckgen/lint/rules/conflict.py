"""Questions with two answers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from deckgen.cards.note import Identity
from deckgen.core.diagnostics import Rule
from deckgen.lint.api import Context, Fact, Finding, LintRule
from deckgen.lint.questions import Question, answer_position, collect_questions, same_questions


def check_project(identities: Sequence[Identity], facts: Sequence[Fact], context: Context) -> Iterator[Finding]:
    for first, fact in same_questions(facts):
        if Question(*first.data).answer != Question(*fact.data).answer:
            message = f"the question has another answer in {first.identity.label}: {first.position}"
            help = "correct one of the two, or word one question more closely"
            yield Finding(fact.identity, answer_position(fact), message, help)


RULE = LintRule(
    Rule(
        "conflict",
        "A question is asked twice, with different answers.",
        "Whatever the learner answers is wrong on one of the two.",
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
    ),
    collect_facts=collect_questions,
    check_project=check_project,
)
