"""A question, or the line above it, contains the answer or much of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from deckgen.core.diagnostics import Severity
from deckgen.lint.api import Context, Finding, LintRule, NoteText, Threshold, words_of
from deckgen.lint.words import content_words

SHORT = 8
"""Answers of at most this many words are searched for as a phrase. That is an error, or a warning if the phrase has a
single content word."""


def check_note(note: NoteText, context: Context) -> Iterator[Finding]:
    is_english = context.project.words.language == "en"  # of other languages we do not know which words carry meaning
    for asked in note.asked:
        front, answer = asked.front, asked.answer
        content = content_words(answer.words)
        shared = content.intersection(front.words)
        if not shared:
            continue
        help = "reword the question without the words of its answer"
        if len(answer.words) <= SHORT and _contains(front.words, answer.words):
            message = f"the question contains its answer, '{answer.plain}'"
            if len(content) == 1:  # there may be no other word: 'What is the plural of sheep?'
                help += "; if no other word is possible, add `allow: {leak: the reason}`"
                yield Finding(note.identity, front.position, message, help, Severity.WARNING)
            else:
                yield Finding(note.identity, front.position, message, help, Severity.ERROR)
        elif is_english and len(content) > 1 and len(shared) >= _enough(len(content), context.thresholds["share"]):
            words = ", ".join(f"'{word}'" for word in answer.words if word in shared)
            message = f"the question contains {len(shared)} of the {len(content)} content words of its answer: {words}"
            yield Finding(note.identity, front.position, message, help)
    above = words_of(note.statement.above)
    asked_first = note.asked if note.statement.cued else note.asked[:1]  # then come the reason and the reverse
    for text in (*[asked.answer for asked in asked_first], *note.items):
        if len(text.words) <= SHORT and _contains(above, text.words) and content_words(text.words):
            message = f"the line above the question contains its answer, '{text.plain}'"
            help = "give the entry another `topic`, or write 'hide_domain: true'"
            yield Finding(note.identity, text.position, message, help, Severity.ERROR)


def _contains(words: Sequence[str], part: Sequence[str]) -> bool:
    return any(words[start : start + len(part)] == part for start in range(len(words) - len(part) + 1))


def _enough(count: int, share: float) -> float:
    """How many of an answer's content words give it away; one of two does not."""
    return count if count <= 2 else share * count


RULE = LintRule(
    "leak",
    __doc__,
    "A card must take effort: nobody needs to recall what the front shows (Matuschak, How to write good prompts).",
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
    check_note=check_note,
    thresholds={
        "share": Threshold(
            0.5,
            "The share of an answer's content words, from 0 to 1, that a question must contain for the rule to "
            "report it. If the answer has only two, it must contain both.",
        ),
    },
)
