"""Questions that are asked twice, nearly twice, or with two answers.

Near-linear: two questions are compared only if they share one of their rarest pairs of neighbouring words.
"""

from __future__ import annotations

from array import array
from collections.abc import Hashable, Iterable, Iterator, Sequence
from functools import cache
from itertools import chain, combinations, compress, pairwise, repeat
from operator import ne
from typing import NamedTuple, TypeVar
from zlib import crc32

from deckgen.cards.note import Identity
from deckgen.core.diagnostics import Position, Rule, Severity
from deckgen.lint.api import Check, Fact, Finding, Limits, Readings, content_words
from deckgen.project.project import Project

T = TypeVar("T", bound=Hashable)

DUP_EXACT = Rule(
    "dup-exact",
    "A question is asked twice.",
    "The learner studies it twice for one thing learned. Anki sees it only within one note type.",
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
)

CONFLICT = Rule(
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
)

DUP_NEAR = Rule(
    "dup-near",
    "Two questions are nearly the same.",
    "They are taken for each other, or learned twice (Wozniak, Twenty rules, 11: combat interference).",
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
    severity=Severity.WARNING,
)

DUP_SAME_ANSWER = Rule(
    "dup-same-answer",
    "Two questions of a kind have the same answer.",
    "That may be meant; if it is one fact asked twice, one card is enough.",
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
)

MOST_COMMON = 40
"""A pair of words that more questions share does not bring them together: it is a phrase of the deck."""

TELLING_PAIRS = 6
"""By how many pairs of neighbouring words, the longest, a question is found; by more, where some are as long as the
last of these. Long words are the rare ones; which are rare indeed would be known only once all questions are read."""

MOST_WORDS = 200
"""A longer question is not compared with those that are nearly the same: it is too long anyway, and each word costs."""


class _Front(NamedTuple):
    """A question that an author worded: its words, those of its answer, where the answer is, whether it is a list, and
    the telling pairs of words."""

    words: str
    answer: str
    line: int
    column: int
    is_list: bool
    pairs: str


def _gather(readings: Readings) -> Iterator[Fact]:
    for note, front, answers in readings.heads:
        statement, identity = note.statement, note.identity
        if statement.worded or identity.kind == "resource":
            continue
        is_list = statement.prompt is not None
        place = (front if is_list else answers[0]).position
        said = " ".join([word for answer in answers for word in answer.words])
        words, pairs = " ".join(front.words), _telling_pairs(front.words)
        yield Fact(identity, front.position, (words, said, place.line, place.column, is_list, pairs))


def _telling_pairs(words: Sequence[str]) -> str:
    """The pairs of words by which a question is found: their checksums, in hexadecimal digits."""
    if not 1 < len(words) <= MOST_WORDS:
        return ""
    lengths = [len(one) + len(other) for one, other in pairwise(words)]
    least = sorted(lengths)[-TELLING_PAIRS:][0]
    telling = {f"{words[place]} {words[place + 1]}": None for place, length in enumerate(lengths) if length >= least}
    return array("I", [crc32(pair.encode()) for pair in telling]).tobytes().hex()


def _dup_exact(
    identities: Sequence[Identity], facts: Sequence[Fact], limits: Limits, project: Project
) -> Iterator[Finding]:
    for first, fact, one, other in _same_questions(facts):
        if other.answer == one.answer:
            message = f"the question is that of {first.identity.label}: {first.position}"
            yield Finding(fact.identity, fact.position, message, "delete one of the two")


def _conflict(
    identities: Sequence[Identity], facts: Sequence[Fact], limits: Limits, project: Project
) -> Iterator[Finding]:
    for first, fact, one, other in _same_questions(facts):
        if other.answer != one.answer:
            message = f"the question has another answer in {first.identity.label}: {first.position}"
            place = Position(fact.position.path, other.line, other.column)
            yield Finding(fact.identity, place, message, "correct one of the two, or word one question more closely")


def _same_questions(facts: Sequence[Fact]) -> Iterator[tuple[Fact, Fact, _Front, _Front]]:
    seen: dict[str, Fact] = {}
    for fact in facts:
        first = seen.setdefault(fact.data[0], fact)
        if first is not fact:
            yield first, fact, _Front(*first.data), _Front(*fact.data)


def _dup_near(
    identities: Sequence[Identity], facts: Sequence[Fact], limits: Limits, project: Project
) -> Iterator[Finding]:
    telling = cache(lambda words: content_words(words.split()))
    for one, other in _candidates(facts):
        words, others = facts[one].data[0], facts[other].data[0]
        if words == others or not telling(words) or not telling(others):
            continue
        from rapidfuzz.fuzz import ratio  # few projects get here

        alike = len(telling(words) & telling(others)) / len(telling(words) | telling(others))
        score = ratio(words, others, score_cutoff=100 * limits["ratio"]) / 100
        if (score and alike >= limits["least-words"]) or alike >= limits["words"]:
            message = f"the question is nearly that of {facts[one].identity.label}: {facts[one].position}"
            help = "make them plainly different, or delete one of the two"
            yield Finding(facts[other].identity, facts[other].position, message, help)


def _candidates(facts: Sequence[Fact]) -> list[tuple[int, int]]:
    """The places of two questions, the earlier first, that share two telling pairs of words, or one if a question has
    few."""
    pairs, counts = array("I"), list[int]()  # of all facts in one row, and how many of them each has
    for fact in facts:
        own = bytes.fromhex(fact.data[5])
        pairs.frombytes(own)
        counts.append(len(own) // pairs.itemsize)
    shared = _shared(pairs, _repeated(range(len(counts)), counts))
    holders = {pair: holding for pair, holding in shared.items() if len(holding) <= MOST_COMMON}
    held: dict[int, list[int]] = {}  # what each place shares with any other, in one order for all places
    for pair, holding in holders.items():
        for place in holding:
            held.setdefault(place, []).append(pair)
    places = sorted([place for place, own in held.items() if len(own) > 1])
    twos = [list(combinations(held[place], 2)) for place in places]
    alike = _shared(list(chain.from_iterable(twos)), _repeated(places, map(len, twos)))
    found = set(chain.from_iterable([combinations(holding, 2) for holding in alike.values()]))
    few = {place for place, count in enumerate(counts) if count < TELLING_PAIRS // 2}
    for holding in holders.values() if few else ():
        found.update([two for two in combinations(holding, 2) if not few.isdisjoint(two)])
    return sorted(found)


def _repeated(places: Iterable[int], counts: Iterable[int]) -> list[int]:
    return list(chain.from_iterable(map(repeat, places, counts)))


def _shared(things: Sequence[T], places: Sequence[int]) -> dict[T, list[int]]:
    """The things that are at several places, which ascend, with those."""
    first: dict[T, int] = {}
    firsts = list(map(first.setdefault, things, places))  # most things are at one place: no list for these
    shared: dict[T, list[int]] = {}
    for thing, one, other in compress(zip(things, firsts, places, strict=True), map(ne, firsts, places)):
        at = shared.setdefault(thing, [one])
        if at[-1] != other:
            at.append(other)
    return shared


def _dup_same_answer(
    identities: Sequence[Identity], facts: Sequence[Fact], limits: Limits, project: Project
) -> Iterator[Finding]:
    seen: dict[tuple[str, str], Fact] = {}
    for fact in facts:
        front = _Front(*fact.data)
        if front.is_list or not front.answer:
            continue
        first = seen.setdefault((fact.identity.kind, front.answer), fact)
        if first is not fact and first.data[0] != front.words:
            place = Position(fact.position.path, front.line, front.column)
            yield Finding(fact.identity, place, f"{first.identity.label} has the same answer: {first.position}")


CHECKS = (
    Check(DUP_EXACT, gather=_gather, judge=_dup_exact),
    Check(CONFLICT, gather=_gather, judge=_conflict),
    Check(DUP_NEAR, limits={"ratio": 0.85, "words": 0.7, "least-words": 0.5}, gather=_gather, judge=_dup_near),
    Check(DUP_SAME_ANSWER, gather=_gather, judge=_dup_same_answer),
)
