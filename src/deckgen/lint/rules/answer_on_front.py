"""The question of another card in the deck gives the answer away."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import islice, pairwise
from operator import add

from deckgen.cards.note import Identity
from deckgen.core.location import short_path
from deckgen.lint.api import Context, Fact, Finding, LintRule, Threshold
from deckgen.lint.questions import MOST_WORDS, Question, answer_position, collect_questions
from deckgen.lint.words import content_words

LONGEST = 8
"""Longer answers are not searched for. Neither is a single word: questions need the words of their subject."""

MOST_ALIKE = 20
"""How many questions with the same answer a front is compared with, so that the time stays proportional to the number
of notes."""


def check_project(identities: Sequence[Identity], facts: Sequence[Fact], context: Context) -> Iterator[Finding]:
    questions = [Question(*fact.data) for fact in facts]
    decks = {short_path(path): deck.name for deck in context.project.decks for path in deck.sources}
    answers: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))  # by deck and answer
    around: dict[tuple[str, str], set[tuple[int, int]]] = defaultdict(set)  # where answers have a pair of words
    for index, (fact, question) in enumerate(zip(facts, questions, strict=True)):
        if not question.is_list and 0 < question.answer.count(" ") < LONGEST:
            answers[decks[fact.position.path]][question.answer].append(index)
            words = question.answer.split()
            before = _longest_pair(words)
            around[words[before], words[before + 1]].add((before, len(words) - before))
    for shown, (fact, question) in enumerate(zip(facts, questions, strict=True)):
        words = question.words.split()
        if len(words) > MOST_WORDS or around.keys().isdisjoint(pairwise(words)):
            continue
        of_deck = answers[decks[fact.position.path]]
        for at, pair in enumerate(pairwise(words)):
            for before, after in around.get(pair, ()):
                if before > at or after > len(words) - at:
                    continue
                alike = of_deck.get(" ".join(words[at - before : at + after]), ())
                for index in islice(alike, MOST_ALIKE):
                    if index != shown and _leads_to(words, questions[index], context.thresholds["share"]):
                        message = f"the question of {fact.identity.label} gives the answer away: {fact.position}"
                        help = "reword that question, or ask for something else"
                        yield Finding(facts[index].identity, answer_position(facts[index]), message, help)


def _longest_pair(words: Sequence[str]) -> int:
    """The index of the longest two neighbouring words. Long words are rare, so few fronts have both."""
    lengths = list(map(len, words))
    pairs = list(map(add, lengths, lengths[1:]))
    return pairs.index(max(pairs))


def _leads_to(words: Sequence[str], question: Question, share: float) -> bool:
    """Whether a front that shows the answer also brings the question to mind: it has many of the question's words."""
    content = content_words(question.words.split())
    return len(content & set(words)) >= share * len(content)


RULE = LintRule(
    "answer-on-front",
    __doc__,
    "A learner who has just read the other card does not have to recall anything. Only questions about one subject are "
    "compared: those that share many words.",
    wrong="""
faq:
  - id: vessel
    domain: basics
    question: Which vessel carries blood from the right ventricle to the lungs?
    answer: The pulmonary artery # <- wrong
  - id: gas
    domain: basics
    question: The pulmonary artery carries blood from the right ventricle to the lungs. How much oxygen is in it?
    answer: Little
""",
    right="""
faq:
  - id: vessel
    domain: basics
    question: Which vessel carries blood from the right ventricle to the lungs?
    answer: The pulmonary artery
  - id: gas
    domain: basics
    question: How rich in oxygen is the blood of the pulmonary artery?
    answer: Poor
""",
    collect_facts=collect_questions,
    check_project=check_project,
    thresholds={
        "share": Threshold(
            0.5,
            "The share of a question's content words, from 0 to 1, that the other question must contain along "
            "with the answer.",
        ),
    },
)
