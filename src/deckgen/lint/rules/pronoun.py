"""A question has a pronoun that refers to nothing in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from deckgen.lint.api import Context, Finding, LintRule, NoteText
from deckgen.text.markup import media_of

_PRONOUNS = frozenset("it its they them their this that these those he she his her".split())
_ALWAYS_OUTSIDE = frozenset("they them this these those he she his her".split())
_QUESTION_WORDS = frozenset(
    "what when where which whose does have must should could would name many much with from often besides".split()
)


def check_note(note: NoteText, context: Context) -> Iterator[Finding]:
    texts = [note.statement.prompt, *(one.front for one in note.statement.asked)]
    if note.statement.cued or media_of(texts):
        return  # a pronoun may stand for what the picture shows
    for front in note.fronts:
        for index, word in enumerate(front.words):
            if word in _PRONOUNS and _stands_alone(front.words, index):
                message = f"'{word}' refers to nothing in the question"
                yield Finding(note.identity, front.position, message, "write the noun instead: cards come in any order")
                break


def _stands_alone(words: Sequence[str], index: int) -> bool:
    """Whether there is no noun before a pronoun that it could stand for."""
    word, before = words[index], words[:index]
    if word in ("that", "those"):  # mostly 'the one that …'
        return index == 0
    if word in _ALWAYS_OUTSIDE and index == 0:
        return True
    return not any(len(other) > 3 and other not in _QUESTION_WORDS for other in before)


RULE = LintRule(
    "pronoun",
    __doc__,
    "Cards come in any order, so no earlier card says what 'it' is (Bjornstad, Rules for precise cards).",
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
    check_note=check_note,
    english=True,
)
