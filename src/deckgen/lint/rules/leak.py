"""Answers that the question gives away."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from deckgen.core.diagnostics import Rule, Severity
from deckgen.lint.api import Context, Finding, LintRule, NoteText
from deckgen.lint.words import content_words

SHORT = 8
"""An answer of up to so many words is looked for as it stands."""


def check_note(note: NoteText, context: Context) -> Iterator[Finding]:
    for asked in note.asked:
        front, answer = asked.front, asked.answer
        telling = content_words(answer.words)
        shared = telling & set(front.words)
        help = "word the question without the answer's words"
        if shared and len(answer.words) <= SHORT and _contains(front.words, answer.words):
            message = f"the question contains its answer, '{answer.plain}'"
            yield Finding(note.identity, front.position, message, help, Severity.ERROR)
        elif len(telling) > 1 and len(shared) >= _enough(len(telling), context.thresholds["share"]):
            words = ", ".join(f"'{word}'" for word in answer.words if word in shared)
            message = f"the question contains {len(shared)} of the {len(telling)} telling words of its answer: {words}"
            yield Finding(note.identity, front.position, message, help)


def _contains(words: Sequence[str], part: Sequence[str]) -> bool:
    return any(words[place : place + len(part)] == part for place in range(len(words) - len(part) + 1))


def _enough(telling: int, share: float) -> float:
    """How many telling words of an answer give it away: of two words, one says little."""
    return telling if telling <= 2 else share * telling


RULE = LintRule(
    Rule(
        "leak",
        "The answer, or much of it, stands in the question.",
        "A card must take effort: what can be read off the front is not recalled (Matuschak, How to write good "
        "prompts).",
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
    ),
    check_note=check_note,
    thresholds={"share": 0.5},
)
