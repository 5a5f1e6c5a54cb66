"""Two terms have the same meaning, or two meanings the same term, and no hint tells them apart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from deckgen.cards.note import Identity
from deckgen.lint.api import Context, Fact, Finding, LintRule, NoteText, Text


class _Front(NamedTuple):
    """The data of a fact about a front: what it shows, its hint, and the answer."""

    shown: str
    hint: str
    answer: str


def collect_facts(note: NoteText) -> Iterator[Fact]:
    """The fronts of a term."""
    if note.statement.vocabulary:
        hint = Text.of(note.statement.hint).lower if note.statement.hint else ""
        for asked in note.asked:
            data = _Front(asked.front.plain, hint, asked.answer.lower)
            yield Fact(note.identity, asked.front.position, data)


def check_project(identities: Sequence[Identity], facts: Sequence[Fact], context: Context) -> Iterator[Finding]:
    first: dict[tuple[str, str], Fact] = {}
    for fact in facts:
        front = _Front(*fact.data)
        earlier = first.setdefault((front.shown.lower(), front.hint), fact)
        if _Front(*earlier.data).answer != front.answer:
            message = f"'{front.shown}' has another answer in {earlier.identity.label}: {earlier.position}"
            yield Finding(fact.identity, fact.position, message, "give both a `hint` that distinguishes them")


RULE = LintRule(
    "same-meaning",
    __doc__,
    "A card that shows only what they share has two right answers.",
    wrong="""
terms:
  - id: ser
    domain: basics
    term: ser
    meaning: to be
  - id: estar
    domain: basics
    term: estar
    meaning: to be # <- wrong
""",
    right="""
terms:
  - id: ser
    domain: basics
    term: ser
    meaning: to be
    hint: what it always is
  - id: estar
    domain: basics
    term: estar
    meaning: to be
    hint: how or where it is now
""",
    collect_facts=collect_facts,
    check_project=check_project,
)
