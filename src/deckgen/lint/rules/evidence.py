"""What a statement rests on, and how old it is."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence

from deckgen.cards.note import Identity
from deckgen.core import clock
from deckgen.core.diagnostics import Rule, Severity
from deckgen.lint.api import Check, Fact, Finding, Limits, Readings
from deckgen.project.project import Project

SOURCE_MISSING = Rule(
    "source-missing",
    "A card names no source; of a procedure that is an error.",
    "A learner must be able to follow every statement to where it comes from (Wozniak, Twenty rules, 18: provide "
    "sources).",
    wrong="""
# file: deckgen.yaml
namespace: example.org
title: Sample
tag: sample
domains: {basics: Basics}
# file: demo/cards.yaml
faq:
  - id: unfounded # <- wrong
    domain: basics
    question: What is ice made of?
    answer: Frozen water
""",
    right="""
# file: deckgen.yaml
namespace: example.org
title: Sample
tag: sample
domains: {basics: Basics}
# file: demo/cards.yaml
faq:
  - id: founded
    domain: basics
    source: [book]
    question: What is ice made of?
    answer: Frozen water
""",
    severity=Severity.WARNING,
)

AS_OF_MISSING = Rule(
    "as-of-missing",
    "A fact that ages has no date.",
    "Names, offices and guidelines change; a card must say when it was true (Wozniak, Twenty rules, 19: date-stamp).",
    wrong="""
resources:
  - id: undated # <- wrong
    domain: basics
    name: Ocean Office
    role: The agency that measures tides
""",
    right="""
resources:
  - id: dated
    domain: basics
    as_of: 2026-11
    name: Ocean Office
    role: The agency that measures tides
""",
    severity=Severity.WARNING,
)

STALE = Rule(
    "stale",
    "A resource was last looked at long ago.",
    "Addresses and names of societies change within a few years; the threshold is our choice.",
    wrong="""
resources:
  - id: old # <- wrong
    domain: basics
    as_of: 2001-01
    name: Ocean Office
    role: The agency that measures tides
""",
    right="""
resources:
  - id: new
    domain: basics
    as_of: 2099-12
    name: Ocean Office
    role: The agency that measures tides
""",
    severity=Severity.WARNING,
)

URL = Rule(
    "url",
    "An address carries tracking parameters.",
    "They tell a third party who follows the link, and make the same page look like many.",
    wrong="""
# file: sources.yaml
book:
  title: A book # <- wrong
  url: https://example.org/book?utm_source=deck
# file: demo/cards.yaml
faq: [{id: one, domain: basics, source: [book], question: What is ice made of?, answer: Frozen water}]
""",
    right="""
# file: sources.yaml
book:
  title: A book
  url: https://example.org/book?id=7
# file: demo/cards.yaml
faq: [{id: one, domain: basics, source: [book], question: What is ice made of?, answer: Frozen water}]
""",
    severity=Severity.WARNING,
)

_TRACKING = ("utm_", "fbclid", "gclid", "mc_eid", "igshid", "msclkid")


def _source_missing(readings: Readings, limits: Limits, project: Project) -> Iterator[Finding]:
    for note in readings.notes:
        identity = note.identity
        if not identity.source:
            weight = Severity.ERROR if identity.kind == "procedure" else None
            help = "write 'source: [key]' with a key of sources.yaml, here or at the top of the file"
            yield Finding(identity, identity.position, f"'{identity.label}' names no source", help, weight)


def _as_of_missing(readings: Readings, limits: Limits, project: Project) -> Iterator[Finding]:
    of_guidelines = limits["guidelines"]
    for note in readings.notes:
        identity = note.identity
        if identity.as_of:
            continue
        if identity.kind == "resource" or (of_guidelines and _rests_on_undated_guideline(identity, project)):
            message = f"'{identity.label}' does not say when it was true"
            yield Finding(identity, identity.position, message, "write for example 'as_of: 2026-11'")


def _rests_on_undated_guideline(identity: Identity, project: Project) -> bool:
    return any(work.grade == "guideline" and not work.published for work in project.works(identity.source))


def _stale(readings: Readings, limits: Limits, project: Project) -> Iterator[Finding]:
    now = time.gmtime(clock.now())
    for note in readings.notes:
        identity = note.identity
        if identity.kind == "resource" and identity.as_of:
            year, month = int(identity.as_of[:4]), int(identity.as_of[5:7] or 12)
            age = (now.tm_year - year) * 12 + now.tm_mon - month
            if age > limits["months"]:
                message = f"'{identity.label}' was last looked at {age} months ago"
                help = "look again, and write today's month into `as_of:`"
                yield Finding(identity, identity.position, message, help)


def _url(identities: Sequence[Identity], facts: Sequence[Fact], limits: Limits, project: Project) -> Iterator[Finding]:
    cited: dict[str, Identity] = {}
    for identity in identities:
        for key in identity.source:
            cited.setdefault(key, identity)
    for key, work in project.references.items():
        if work.url and "?" in work.url and key in cited:
            from urllib.parse import parse_qsl, urlsplit

            tracking = [name for name, _ in parse_qsl(urlsplit(work.url).query) if name.startswith(_TRACKING)]
            if tracking:
                message = f"the address of '{key}' has the tracking parameter '{tracking[0]}'"
                yield Finding(cited[key], work.position, message, "delete it from the address")


CHECKS = (
    Check(SOURCE_MISSING, _source_missing),
    Check(AS_OF_MISSING, _as_of_missing, {"guidelines": 0}),
    Check(STALE, _stale, {"months": 24}),
    Check(URL, judge=_url),
)
