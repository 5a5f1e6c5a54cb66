"""What a project covers: its domains, the names it uses, and how much a note asks at once."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from deckgen.cards.note import Identity
from deckgen.cards.note_types.resource import NOTE_TYPE as RESOURCE
from deckgen.core.diagnostics import Rule, Severity
from deckgen.lint.api import Check, Fact, Finding, Limits, Readings, content_words
from deckgen.project.project import Project

DOMAIN_ORPHAN = Rule(
    "domain-orphan",
    "A skill domain has no card, or a share of all cards that is out of proportion.",
    "Learners choose by domain: an empty one is a promise not kept.",
    wrong="""
# file: deckgen.yaml
namespace: example.org # <- wrong
title: Sample
tag: sample
domains: {basics: Basics, others: Other things}
rules: {source-missing: off}
# file: demo/cards.yaml
faq: [{id: one, domain: basics, question: What is ice made of?, answer: Frozen water}]
""",
    right="""
# file: deckgen.yaml
namespace: example.org
title: Sample
tag: sample
domains: {basics: Basics}
rules: {source-missing: off}
# file: demo/cards.yaml
faq: [{id: one, domain: basics, question: What is ice made of?, answer: Frozen water}]
""",
    severity=Severity.WARNING,
)

ORPHAN_ITEM = Rule(
    "orphan-item",
    "An item of a list is explained by no other card.",
    "A list of names that are only names is learned by rote (Wozniak, Twenty rules, 1: understand first).",
    wrong="""
faq:
  - id: metals
    domain: basics
    question: Name two metals.
    open: true
    items:
      - iron: Iron # <- wrong
      - copper: Copper
  - id: copper
    domain: basics
    question: What colour has copper?
    answer: A reddish one
""",
    right="""
faq:
  - id: metals
    domain: basics
    question: Name two metals.
    open: true
    items: [iron: Iron, copper: Copper]
  - id: copper
    domain: basics
    question: What colour has copper?
    answer: A reddish one
  - id: iron
    domain: basics
    question: What becomes of iron in damp air?
    answer: Rust
""",
    severity=Severity.HINT,
)

ACRONYM_UNEXPANDED = Rule(
    "acronym-unexpanded",
    "A question has an acronym that no card spells out.",
    "One should know the concept before its acronym (Anki manual, on keeping cards simple).",
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
    severity=Severity.WARNING,
)

SIBLING_FLOOD = Rule(
    "sibling-flood",
    "One note makes many cards.",
    "Anki shows siblings on different days, so a note of many cards takes long to be seen once.",
    wrong="""
procedures:
  - id: long
    domain: basics
    name: A long procedure
    steps:
      phases: # <- wrong
        - id: first
          name: At first
          items: [a: A, b: B, c: C, d: D]
        - id: last
          name: At last
          items: [e: E, f: F, g: G, h: H]
""",
    right="""
procedures:
  - id: short
    domain: basics
    name: A short procedure
    steps: [a: A, b: B, c: C]
""",
    severity=Severity.HINT,
)


def _domain_orphan(
    identities: Sequence[Identity], facts: Sequence[Fact], limits: Limits, project: Project
) -> Iterator[Finding]:
    counts = Counter(identity.domain for identity in identities)
    total = sum(counts.values())
    for domain in project.file.domains:
        share = 100 * counts[domain] / total if total else 0
        place = project.file.position
        if not counts[domain]:
            help = "write a card for it, or take it out of deckgen.yaml"
            yield Finding(identities[0], place, f"the domain '{domain}' has no card", help)
        elif total >= limits["least"] and not limits["low"] <= share <= limits["high"]:
            message = f"the domain '{domain}' has {share:.0f} % of the notes"
            yield Finding(identities[0], place, message, "", Severity.HINT)


def _gather_items(readings: Readings) -> Iterator[Fact]:
    """What a note asks about, and each item of its set: what it says, and which of that its own question does not."""
    fronts: dict[str, set[str]] = defaultdict(set)
    for identity, front in readings.fronts:
        fronts[identity.id].update(front.words)
    for note in readings.notes:
        identity = note.identity
        asked_about = content_words([*fronts[identity.id], *identity.title.lower().split()])
        yield Fact(identity, identity.position, ("", sorted(asked_about)))
    for note, _, items in readings.lists:
        for item in items if not note.statement.ordered else ():
            words = content_words(item.words)
            if words:
                data = (item.plain, sorted(words - fronts[note.identity.id]))
                yield Fact(note.identity, item.position, data)


def _orphan_item(
    identities: Sequence[Identity], facts: Sequence[Fact], limits: Limits, project: Project
) -> Iterator[Finding]:
    explained: set[str] = set()
    for fact in facts:
        item, words = fact.data
        if not item:
            explained.update(words)
    for fact in facts:
        item, words = fact.data
        if item and explained.isdisjoint(words):
            yield Finding(fact.identity, fact.position, f"no other card asks about '{item}'")


_ACRONYM = re.compile(r"\b[A-Z]{2,6}\b")
_SPELLED = re.compile(r"\(([A-Z]{2,6})\)|\b([A-Z]{2,6}) \(")  # 'the name (TN)' or 'TN (the name)'
_EVERYBODY_KNOWS = frozenset({"US", "UK", "EU", "OK"})
_ACRONYM_FIELD = RESOURCE.index("Acronym")


def _gather_acronyms(readings: Readings) -> Iterator[Fact]:
    """The acronyms that a note spells out, and those that each of its questions has."""
    for note in readings.notes:
        spelled: set[str] = set()
        if "(" in note.text:
            spelled.update(part for pair in _SPELLED.findall(note.text) for part in pair if part)
        if note.note_type is RESOURCE:
            spelled.update(_ACRONYM.findall(note.fields[_ACRONYM_FIELD]))
        if spelled:
            yield Fact(note.identity, note.identity.position, ([], sorted(spelled)))
    for identity, front in readings.fronts:
        asked = [] if front.plain[1:].islower() else _ACRONYM.findall(front.plain)
        if asked:
            yield Fact(identity, front.position, ([], asked) if "stand for" in front.plain else (asked, []))


def _acronym_unexpanded(
    identities: Sequence[Identity], facts: Sequence[Fact], limits: Limits, project: Project
) -> Iterator[Finding]:
    known = _EVERYBODY_KNOWS.union(*(fact.data[1] for fact in facts))
    for fact in facts:
        asked, _ = fact.data
        unknown = next((acronym for acronym in asked if acronym not in known), None)
        if unknown:
            help = f"write it out once, for example 'the name ({unknown})'"
            yield Finding(fact.identity, fact.position, f"no card spells out '{unknown}'", help)


def _sibling_flood(readings: Readings, limits: Limits, project: Project) -> Iterator[Finding]:
    for note in readings.notes:
        count = len(note.cards)
        if count > limits["hint"]:
            yield Finding(note.identity, note.identity.position, f"this note makes {count} cards")


CHECKS = (
    Check(DOMAIN_ORPHAN, limits={"low": 3, "high": 50, "least": 40}, judge=_domain_orphan, whole=True),
    Check(ORPHAN_ITEM, gather=_gather_items, judge=_orphan_item, whole=True),
    Check(ACRONYM_UNEXPANDED, gather=_gather_acronyms, judge=_acronym_unexpanded, whole=True),
    Check(SIBLING_FLOOD, _sibling_flood, {"hint": 8}),
)
