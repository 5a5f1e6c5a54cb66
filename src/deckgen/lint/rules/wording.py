"""Words that make a question too easy, too vague, or unclear without what stands around it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from deckgen.core.diagnostics import Rule, Severity
from deckgen.lint.api import Check, Finding, Limits, Readings
from deckgen.project.project import Project

YES_NO = Rule(
    "yes-no",
    "A question can be answered with yes or no.",
    "It takes no effort and is right half the time by guessing (Matuschak, How to write good prompts).",
    wrong="""
faq:
  - id: guess
    domain: basics
    question: Is water made of hydrogen and oxygen? # <- wrong
    answer: Of both
""",
    right="""
faq:
  - id: recall
    domain: basics
    question: Name the two elements of water.
    items: [hydrogen: Hydrogen, oxygen: Oxygen]
""",
    severity=Severity.WARNING,
)

TWO_QUESTIONS = Rule(
    "two-questions",
    "A card asks two things.",
    "If only one is recalled, no grade fits; a prompt must be focused (Matuschak, How to write good prompts).",
    wrong="""
faq:
  - id: two
    domain: basics
    question: What is ice, and why does ice float? # <- wrong
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
    question: Why does ice float?
    answer: Its density is lower
""",
    severity=Severity.WARNING,
)

PRONOUN = Rule(
    "pronoun",
    "A question has a pronoun whose noun is not in it.",
    "Cards come in any order: nothing before this one says what 'it' is (Bjornstad, Rules for precise cards).",
    wrong="""
faq:
  - id: it
    domain: basics
    question: Why does it float? # <- wrong
    answer: Its density is low
""",
    right="""
faq:
  - id: ice
    domain: basics
    question: Why does ice float?
    answer: Its density is low
""",
    severity=Severity.WARNING,
)

DEICTIC = Rule(
    "deictic",
    "A question points to something outside the card.",
    "A card must stand alone: the learner does not have the text it came from.",
    wrong="""
faq:
  - id: pointing
    domain: basics
    question: What does the article say of ice? # <- wrong
    answer: That ice floats
""",
    right="""
faq:
  - id: alone
    domain: basics
    question: What does ice do on water?
    answer: Float
""",
    severity=Severity.WARNING,
)

NEGATIVE = Rule(
    "negative",
    "A question is put in the negative.",
    "A 'not' is easily read over, and what is recalled is what is not so.",
    wrong="""
faq:
  - id: not
    domain: basics
    question: Which state of water is not fluid? # <- wrong
    answer: Ice
""",
    right="""
faq:
  - id: solid
    domain: basics
    question: Which state of water is solid?
    answer: Ice
""",
    severity=Severity.HINT,
)

VAGUE = Rule(
    "vague",
    "A graded answer has a word that says nothing definite.",
    "'Various', 'important' or 'etc.' cannot be recalled, nor graded.",
    wrong="""
faq:
  - id: vague
    domain: basics
    question: What does ice do on water?
    answer: Various important things # <- wrong
""",
    right="""
faq:
  - id: definite
    domain: basics
    question: What does ice do on water?
    answer: Float
""",
    severity=Severity.HINT,
)

_YES_NO = frozenset("is are was were do does did can could should may must has have had will would".split())
_YES_OR_NO = re.compile(r"(?:yes|no)(?:[,.;:]|$)", re.IGNORECASE)
_WH = r"(?:what|why|how|when|where|which|who)"
_ASKS = re.compile(rf"\b{_WH}\b", re.IGNORECASE)
_AND_ASKS = re.compile(rf"\band {_WH}\b", re.IGNORECASE)
_PRONOUNS = frozenset("it its they them their this that these those he she his her".split())
_ALWAYS_OUTSIDE = frozenset("they them this these those he she his her".split())
_DEICTIC = re.compile(
    r"\b(?:the (?:article|text|author|passage|chapter|paper|seed)s?\b|above|below|as mentioned|the following|"
    r"according to the (?:text|article)|previous(?:ly)? (?:card|question)|this (?:article|text|card))",
    re.IGNORECASE,
)
_DEICTIC_WORDS = frozenset(
    """article articles text texts author authors passage passages chapter chapters paper papers seed seeds above
    above-mentioned below mentioned following previous previously card""".split()
)
_NEGATIVE = re.compile(r"\b(?:not|except|least|never)\b|n't\b", re.IGNORECASE)
_VAGUE = re.compile(r"\b(?:various|many|several|etc|important|key|crucial|things?|stuff)\b", re.IGNORECASE)


def _yes_no(readings: Readings, limits: Limits, project: Project) -> Iterator[Finding]:
    for identity, front, answer in readings.asked:
        asks = not _YES_NO.isdisjoint(front.words[:1]) and front.plain.endswith("?")
        if (asks or _YES_OR_NO.match(answer.plain)) and identity.kind != "resource":
            message = "the question can be answered with yes or no"
            help = "ask 'what', 'why' or 'which', so that something is recalled"
            yield Finding(identity, front.position, message, help)


def _two_questions(readings: Readings, limits: Limits, project: Project) -> Iterator[Finding]:
    for identity, front in readings.fronts:
        text = front.plain
        first = _ASKS.search(text) if "and" in front.words else None
        if text.rfind("?") - text.find("?") > 1 or (first and _AND_ASKS.search(text, first.end())):
            yield Finding(identity, front.position, "the card asks two things", "make two cards of it")


def _pronoun(readings: Readings, limits: Limits, project: Project) -> Iterator[Finding]:
    for identity, front in readings.fronts:
        words = front.words
        if _PRONOUNS.isdisjoint(words) or identity.kind == "resource":
            continue
        for place, word in enumerate(words):
            if word in _PRONOUNS and _stands_alone(words, place):
                yield Finding(identity, front.position, f"what is '{word}'?", "name it: cards come in any order")
                break


def _stands_alone(words: list[str], place: int) -> bool:
    """Whether a pronoun has nothing before it that it could stand for, and no noun right behind it."""
    word, before = words[place], words[:place]
    if word in ("that", "those"):  # mostly 'the one that …'
        return place == 0
    if word in _ALWAYS_OUTSIDE and place == 0:
        return True
    nouns = [other for other in before if len(other) > 3 and other not in _QUESTION_WORDS]
    return not nouns


_QUESTION_WORDS = frozenset(
    "what when where which whose does have must should could would name many much with from often besides".split()
)


def _deictic(readings: Readings, limits: Limits, project: Project) -> Iterator[Finding]:
    for identity, front in readings.fronts:
        match = not _DEICTIC_WORDS.isdisjoint(front.words) and _DEICTIC.search(front.plain)
        if match:
            message = f"'{match[0]}' points to something that is not on the card"
            yield Finding(identity, front.position, message, "say it in words that stand alone")


def _negative(readings: Readings, limits: Limits, project: Project) -> Iterator[Finding]:
    for identity, front in readings.fronts:
        match = _NEGATIVE.search(front.plain)
        if match:
            message = f"the question is in the negative: '{match[0]}'"
            yield Finding(identity, front.position, message, "ask for what is so")


def _vague(readings: Readings, limits: Limits, project: Project) -> Iterator[Finding]:
    for identity, _, answer in readings.asked:
        match = _VAGUE.search(answer.plain)
        if match:
            message = f"'{match[0]}' says nothing definite"
            yield Finding(identity, answer.position, message, "say which, or leave it out")


CHECKS = (
    Check(YES_NO, _yes_no),
    Check(TWO_QUESTIONS, _two_questions),
    Check(PRONOUN, _pronoun),
    Check(DEICTIC, _deictic),
    Check(NEGATIVE, _negative),
    Check(VAGUE, _vague),
)
