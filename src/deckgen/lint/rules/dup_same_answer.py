"""Two questions have the same answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from deckgen.cards.note import Identity
from deckgen.core.diagnostics import Severity
from deckgen.lint.api import Context, Fact, Finding, LintRule
from deckgen.lint.questions import Question, answer_position, collect_questions


def check_project(identities: Sequence[Identity], facts: Sequence[Fact], context: Context) -> Iterator[Finding]:
    first: dict[str, Fact] = {}
    for fact in facts:
        question = Question(*fact.data)
        if question.is_list or not question.answer:
            continue
        earlier = first.setdefault(question.answer, fact)
        if Question(*earlier.data).words != question.words:
            message = f"same answer as {earlier.identity.label}: {earlier.position}"
            yield Finding(fact.identity, answer_position(fact), message, "delete one if both ask for the same fact")


RULE = LintRule(
    "dup-same-answer",
    __doc__,
    "That may be intended. If both ask for the same fact, one card is enough.",
    wrong="""
faq:
  - id: one
    domain: basics
    question: What is ice made of?
    answer: Frozen water
  - id: other
    domain: basics
    question: What lies on lakes in winter?
    answer: Frozen water # <- wrong
""",
    right="""
faq:
  - id: one
    domain: basics
    question: What is ice made of?
    answer: Frozen water
  - id: other
    domain: basics
    question: What lies on lakes in winter?
    answer: A sheet of ice
""",
    severity=Severity.HINT,
    collect_facts=collect_questions,
    check_project=check_project,
)
