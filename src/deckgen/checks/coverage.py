"""What a project covers: its domains, the names it uses, and how much a note asks at once."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from deckgen.checking import Check, Finding, Limits, Reading, content_words, each
from deckgen.diagnostic import Rule, Severity
from deckgen.project import Project

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


def _domain_orphan(readings: Sequence[Reading], limits: Limits, project: Project) -> Iterator[Finding]:
    counts = Counter(reading.note.identity.domain for reading in readings)
    total = sum(counts.values())
    for domain in project.file.domains:
        share = 100 * counts[domain] / total if total else 0
        place = project.file.position
        if not counts[domain]:
            help = "write a card for it, or take it out of deckgen.yaml"
            yield Finding(readings[0], place, f"the domain '{domain}' has no card", help)
        elif total >= limits["least"] and not limits["low"] <= share <= limits["high"]:
            message = f"the domain '{domain}' has {share:.0f} % of the notes"
            yield Finding(readings[0], place, message, "", Severity.HINT)


def _orphan_item(readings: Sequence[Reading], limits: Limits, project: Project) -> Iterator[Finding]:
    explained: set[str] = set()
    for reading in readings:
        for front in reading.fronts:
            explained |= content_words(front.words)
        explained |= content_words(reading.note.identity.title.lower().split())
    for reading in readings:
        if reading.note.statement.ordered or not reading.note.statement.items:
            continue
        own = {word for front in reading.fronts for word in front.words}
        for item in reading.items:
            words = content_words(item.words)
            if words and not (words & explained) - own:
                yield Finding(reading, item.position, f"no other card asks about '{item.plain}'")


_ACRONYM = re.compile(r"\b[A-Z]{2,6}\b")
_SPELLED = re.compile(r"\(([A-Z]{2,6})\)|\b([A-Z]{2,6}) \(")  # 'the name (TN)' or 'TN (the name)'


def _acronym_unexpanded(readings: Sequence[Reading], limits: Limits, project: Project) -> Iterator[Finding]:
    spelled = {"US", "UK", "EU", "OK"}
    for reading in readings:
        for field in reading.note.fields:
            if "(" in field:
                spelled |= {part for pair in _SPELLED.findall(field) for part in pair}
        for front in reading.fronts:
            if "stand for" in front.plain:
                spelled |= set(_ACRONYM.findall(front.plain))
        if reading.note.identity.kind == "resource":
            spelled |= set(_ACRONYM.findall(reading.note.fields[reading.note.note_type.index("Acronym")]))
    for reading in readings:
        for front in reading.fronts:
            unknown = [found for found in _ACRONYM.findall(front.plain) if found not in spelled]
            if unknown:
                message = f"no card spells out '{unknown[0]}'"
                yield Finding(
                    reading, front.position, message, f"write it out once, for example 'the name ({unknown[0]})'"
                )


def _sibling_flood(reading: Reading, limits: Limits) -> Iterator[Finding]:
    count = len(reading.note.cards)
    if count > limits["hint"]:
        yield Finding(reading, reading.note.identity.position, f"this note makes {count} cards")


CHECKS = (
    Check(DOMAIN_ORPHAN, _domain_orphan, {"low": 3, "high": 50, "least": 40}, whole=True),
    Check(ORPHAN_ITEM, _orphan_item, whole=True),
    Check(ACRONYM_UNEXPANDED, _acronym_unexpanded, whole=True),
    Check(SIBLING_FLOOD, each(_sibling_flood), {"hint": 8}),
)
