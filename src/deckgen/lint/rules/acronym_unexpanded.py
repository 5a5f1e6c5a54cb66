"""A question has an acronym that no card spells out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from deckgen.cards.note import Identity
from deckgen.lint.api import Context, Fact, Finding, LintRule, NoteText

_ACRONYM = re.compile(r"\b[A-Z]{2,6}\b")
_SPELLED = re.compile(r"\(([A-Z]{2,6})\)|\b([A-Z]{2,6}) \(")  # 'the name (TN)' or 'TN (the name)'
_EVERYBODY_KNOWS = frozenset({"US", "UK", "EU", "OK"})


def collect_facts(note: NoteText) -> Iterator[Fact]:
    """The acronyms that a note spells out, and those in each of its questions."""
    spelled = _spelled(note.statement.shown)
    spelled.update(_ACRONYM.findall(note.acronym))
    if spelled:
        yield Fact(note.identity, note.identity.position, [[], sorted(spelled)])
    for front in note.fronts:
        if front.plain[1:] == front.lower[1:]:  # no capital but the first letter; faster than searching
            continue
        if asked := _ACRONYM.findall(front.plain):
            yield Fact(note.identity, front.position, [[], asked] if "stand for" in front.plain else [asked, []])


def _spelled(texts: Iterable[str]) -> set[str]:
    return {part for text in texts if "(" in text for pair in _SPELLED.findall(text) for part in pair if part}


def check_project(identities: Sequence[Identity], facts: Sequence[Fact], context: Context) -> Iterator[Finding]:
    project = context.project
    cited = project.works({key for identity in identities for key in identity.source})
    beside = [text for work in cited for text in (work.title, work.publisher or "")]
    known = _EVERYBODY_KNOWS | _spelled([*beside, *project.settings.domains.values()])
    known = known.union(*[fact.data[1] for fact in facts])
    for fact in facts:
        unknown = next((acronym for acronym in fact.data[0] if acronym not in known), None)
        if unknown:
            help = f"spell it out once, for example 'the full name ({unknown})'"
            yield Finding(fact.identity, fact.position, f"no card spells out '{unknown}'", help)


RULE = LintRule(
    "acronym-unexpanded",
    __doc__,
    "Learners should know the concept before its acronym (Anki manual, on keeping cards simple).",
    wrong="""
faq:
  - id: acronym
    domain: basics
    question: Where is the OFO? # <- wrong
    answer: In the north
""",
    right="""
faq:
  - id: acronym
    domain: basics
    question: Where is the Ocean Food Office (OFO)?
    answer: In the north
""",
    collect_facts=collect_facts,
    check_project=check_project,
    needs_all_entries=True,
)
