"""Questions that are asked twice, nearly twice, or with two answers.

Near-linear: two questions are compared only if they share one of their rarest pairs of neighbouring words.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from deckgen.checking import Check, Finding, Limits, Reading, Text, content_words
from deckgen.diagnostic import Rule, Severity
from deckgen.project import Project

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


class _Front(NamedTuple):
    reading: Reading
    text: Text
    answer: str
    key: tuple[str, ...]


def _fronts(readings: Sequence[Reading]) -> Iterator[_Front]:
    """Every question that an author worded, with what it is compared by."""
    for reading in readings:
        if reading.note.identity.kind == "resource" or reading.note.statement.worded:
            continue
        for front, answer in reading.asked[:1]:
            yield _Front(reading, front, " ".join(answer.words), tuple(front.words))
        if reading.prompt is not None:
            items = " ".join(word for item in reading.items for word in item.words)
            yield _Front(reading, reading.prompt, items, tuple(reading.prompt.words))


def _dup_exact(readings: Sequence[Reading], limits: Limits, project: Project) -> Iterator[Finding]:
    for first, front in _same_questions(readings):
        if front.answer == first.answer:
            message = f"the question is that of {first.reading.note.identity.label}: {first.text.position}"
            yield Finding(front.reading, front.text.position, message, "delete one of the two")


def _conflict(readings: Sequence[Reading], limits: Limits, project: Project) -> Iterator[Finding]:
    for first, front in _same_questions(readings):
        if front.answer != first.answer:
            message = f"the question has another answer in {first.reading.note.identity.label}: {first.text.position}"
            place = front.reading.asked[0][1].position if front.reading.asked else front.text.position
            yield Finding(front.reading, place, message, "correct one of the two, or word one question more closely")


def _same_questions(readings: Sequence[Reading]) -> Iterator[tuple[_Front, _Front]]:
    seen: dict[tuple[str, ...], _Front] = {}
    for front in _fronts(readings):
        first = seen.setdefault(front.key, front)
        if first is not front:
            yield first, front


def _dup_near(readings: Sequence[Reading], limits: Limits, project: Project) -> Iterator[Finding]:
    from rapidfuzz.fuzz import ratio

    fronts = list(_fronts(readings))
    sentences = [" ".join(front.key) for front in fronts]
    telling = [content_words(front.key) for front in fronts]
    for one, other in _candidates(fronts):
        if fronts[one].key == fronts[other].key or not telling[one] or not telling[other]:
            continue
        alike = len(telling[one] & telling[other]) / len(telling[one] | telling[other])
        score = ratio(sentences[one], sentences[other], score_cutoff=100 * limits["ratio"]) / 100
        if (score and alike >= limits["least-words"]) or alike >= limits["words"]:
            first = fronts[one].reading.note.identity
            message = f"the question is nearly that of {first.label}: {fronts[one].text.position}"
            help = "make them plainly different, or delete one of the two"
            yield Finding(fronts[other].reading, fronts[other].text.position, message, help)


def _candidates(fronts: Sequence[_Front]) -> list[tuple[int, int]]:
    """Pairs of questions, the earlier first, that share one of their four rarest pairs of neighbouring words."""
    pairs = [set(zip(front.key, front.key[1:], strict=False)) for front in fronts]
    common = Counter(pair for own in pairs for pair in own)
    holders: dict[tuple[str, str], list[int]] = defaultdict(list)
    for place, own in enumerate(pairs):
        for pair in sorted(
            (pair for pair in own if 1 < common[pair] <= MOST_COMMON), key=lambda pair: (common[pair], pair)
        )[:4]:
            holders[pair].append(place)
    found = {(one, other) for own in holders.values() for at, one in enumerate(own) for other in own[at + 1 :]}
    return sorted(found)


def _dup_same_answer(readings: Sequence[Reading], limits: Limits, project: Project) -> Iterator[Finding]:
    seen: dict[tuple[str, str], _Front] = {}
    for front in _fronts(readings):
        if not front.reading.asked or not front.answer:
            continue
        first = seen.setdefault((front.reading.note.identity.kind, front.answer), front)
        if first is not front and first.key != front.key:
            message = f"{first.reading.note.identity.label} has the same answer: {first.text.position}"
            yield Finding(front.reading, front.reading.asked[0][1].position, message)


CHECKS = (
    Check(DUP_EXACT, _dup_exact),
    Check(CONFLICT, _conflict),
    Check(DUP_NEAR, _dup_near, {"ratio": 0.85, "words": 0.7, "least-words": 0.5}),
    Check(DUP_SAME_ANSWER, _dup_same_answer),
)
