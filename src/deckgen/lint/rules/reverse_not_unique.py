"""Two reversed cards show the same answer and ask for different questions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from deckgen.cards.note import Identity
from deckgen.lint.api import Context, Fact, Finding, LintRule, NoteText


def collect_facts(note: NoteText) -> Iterator[Fact]:
    """The answer that a reversed card shows."""
    if note.statement.is_reversed:
        answer = note.asked[0].answer
        yield Fact(note.identity, answer.position, [" ".join(answer.words) or answer.lower])


def check_project(identities: Sequence[Identity], facts: Sequence[Fact], context: Context) -> Iterator[Finding]:
    first: dict[str, Fact] = {}
    for fact in facts:
        earlier = first.setdefault(fact.data[0], fact)
        if earlier is not fact:
            message = f"the reversed card shows the same as that of {earlier.identity.label}: {earlier.position}"
            help = "remove 'reverse: true' from one of the two, or say more in its answer"
            yield Finding(fact.identity, fact.position, message, help)


RULE = LintRule(
    "reverse-not-unique",
    __doc__,
    "A learner who sees the answer cannot know which of the two questions is meant.",
    wrong="""
faq:
  - id: capital
    domain: basics
    question: Which city is the capital of Australia?
    answer: Canberra
    reverse: true
  - id: planned
    domain: basics
    question: What did Walter Burley Griffin plan?
    answer: Canberra # <- wrong
    reverse: true
""",
    right="""
faq:
  - id: capital
    domain: basics
    question: Which city is the capital of Australia?
    answer: Canberra
    reverse: true
  - id: planned
    domain: basics
    question: What did Walter Burley Griffin plan?
    answer: Canberra
""",
    collect_facts=collect_facts,
    check_project=check_project,
)
