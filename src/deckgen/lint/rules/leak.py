"""Answers that the question gives away."""

from __future__ import annotations

from collections.abc import Iterator

from deckgen.core.diagnostics import Rule, Severity
from deckgen.lint.api import Check, Finding, Limits, Readings, content_words
from deckgen.project.project import Project

LEAK = Rule(
    "leak",
    "The answer, or much of it, stands in the question.",
    "A card must take effort: what can be read off the front is not recalled (Matuschak, How to write good prompts).",
    wrong="""
faq:
  - id: leaking
    domain: basics
    question: What does the boiling point of water depend on, air pressure? # <- wrong
    answer: Air pressure
""",
    right="""
faq:
  - id: tight
    domain: basics
    question: What does the boiling point of water depend on?
    answer: Air pressure
""",
    severity=Severity.WARNING,
)

SHORT = 8
"""Up to so many words an answer is looked for as it stands."""


def _leak(readings: Readings, limits: Limits, project: Project) -> Iterator[Finding]:
    for identity, front, answer in readings.asked:
        shared = content_words(set(front.words).intersection(answer.words))
        if not shared:
            continue
        telling = content_words(answer.words)
        help = "word the question without the answer's words"
        if len(answer.words) <= SHORT and _stands_in(answer.words, front.words):
            message = f"the question contains its answer, '{answer.plain}'"
            yield Finding(identity, front.position, message, help, Severity.ERROR)
            continue
        enough = len(telling) if len(telling) <= 2 else limits["share"] * len(telling)  # of two words one says little
        if len(telling) > 1 and len(shared) >= enough:
            words = ", ".join(f"'{word}'" for word in answer.words if word in shared)
            message = f"the question contains {len(shared)} of the {len(telling)} telling words of its answer: {words}"
            yield Finding(identity, front.position, message, help)


def _stands_in(part: list[str], whole: list[str]) -> bool:
    return any(whole[place : place + len(part)] == part for place in range(len(whole) - len(part) + 1))


CHECKS = (Check(LEAK, _leak, {"share": 0.5}),)
