"""Two questions are nearly the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import chain, combinations

from deckgen.cards.note import Identity
from deckgen.lint.api import Context, Fact, Finding, LintRule, Threshold
from deckgen.lint.questions import TELLING_PAIRS, Question, collect_questions
from deckgen.lint.words import content_words

MOST_COMMON = 40
"""A pair of words that more questions share is a common phrase of the deck, and is ignored."""


def check_project(identities: Sequence[Identity], facts: Sequence[Fact], context: Context) -> Iterator[Finding]:
    questions = [Question(*fact.data) for fact in facts]
    thresholds = context.thresholds
    content = cache(lambda words: content_words(words.split()))
    for earlier, later in _candidates(questions):
        one, other = questions[earlier].words, questions[later].words
        if one == other or not content(one) or not content(other):
            continue
        shared = len(content(one) & content(other)) / len(content(one) | content(other))
        if shared >= thresholds["words"] or (
            shared >= thresholds["least-words"] and _similarity(one, other) >= thresholds["ratio"]
        ):
            message = f"nearly the same question as {facts[earlier].identity.label}: {facts[earlier].position}"
            help = "make them clearly different, or delete one of the two"
            yield Finding(facts[later].identity, facts[later].position, message, help)


def _similarity(one: str, other: str) -> float:
    """How similar two questions are, letter by letter, from 0 to 1."""
    from rapidfuzz.distance import Indel  # few projects get here

    return Indel.normalized_similarity(one, other)


def _candidates(questions: Sequence[Question]) -> list[tuple[int, int]]:
    """The indexes of every two questions that share two telling pairs, or one pair if one of them has few pairs.

    Only these are compared, so that the time grows with the number of questions and not with its square.
    """
    pairs = [question.telling_pairs.split() for question in questions]
    first: dict[str, int] = {}
    holders: dict[str, list[int]] = {}  # of the pairs that several questions have
    for index, own in enumerate(pairs):
        for pair in own:
            earlier = first.setdefault(pair, index)
            if earlier != index:
                holders.setdefault(pair, [earlier]).append(index)
    telling = [indexes for indexes in holders.values() if len(indexes) <= MOST_COMMON]
    shared = Counter(chain.from_iterable([combinations(indexes, 2) for indexes in telling]))
    few = {index for index, own in enumerate(pairs) if len(own) < TELLING_PAIRS // 2}
    return sorted([two for two, count in shared.items() if count > 1 or not few.isdisjoint(two)])


RULE = LintRule(
    "dup-near",
    __doc__,
    "Learners confuse them, or learn the same thing twice (Wozniak, Twenty rules, 11: combat interference).",
    wrong="""
faq:
  - id: one
    domain: basics
    question: Which gas do plants take from the air in daylight?
    answer: Carbon dioxide
  - id: other
    domain: basics
    question: Which gas do the plants take from air in daylight? # <- wrong
    answer: CO2
""",
    right="""
faq:
  - id: one
    domain: basics
    question: Which gas do plants take from the air in daylight?
    answer: Carbon dioxide
  - id: other
    domain: basics
    question: What do plants give off at night?
    answer: Some of what they took
""",
    thresholds={
        "ratio": Threshold(
            0.85,
            "How similar two questions must be, letter by letter, from 0 to 1, if they share fewer words than `words`.",
        ),
        "words": Threshold(
            0.7,
            "The share of their content words, from 0 to 1, that two questions must have in common for the rule to "
            "report them even if their letters differ.",
        ),
        "least-words": Threshold(0.5, "The share that two questions as similar as `ratio` must have in common."),
    },
    collect_facts=collect_questions,
    check_project=check_project,
)
