"""What a statement rests on, and how old it is."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from urllib.parse import parse_qsl, urlsplit

from deckgen.checking import Check, Finding, Limits, Reading
from deckgen.diagnostic import Rule, Severity
from deckgen.project import Project

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


def _source_missing(readings: Sequence[Reading], limits: Limits, project: Project) -> Iterator[Finding]:
    for reading in readings:
        identity = reading.note.identity
        if not identity.source:
            weight = Severity.ERROR if identity.kind == "procedure" else None
            help = "write 'source: [key]' with a key of sources.yaml, here or at the top of the file"
            yield Finding(reading, identity.position, f"'{identity.label}' names no source", help, weight)


def _as_of_missing(readings: Sequence[Reading], limits: Limits, project: Project) -> Iterator[Finding]:
    for reading in readings:
        identity = reading.note.identity
        guideline = any(
            project.references[key].grade == "guideline" and not project.references[key].published
            for key in identity.source
            if key in project.references
        )
        if not identity.as_of and (identity.kind == "resource" or (guideline and limits["guidelines"])):
            message = f"'{identity.label}' does not say when it was true"
            yield Finding(reading, identity.position, message, "write for example 'as_of: 2026-11'")


def _stale(readings: Sequence[Reading], limits: Limits, project: Project) -> Iterator[Finding]:
    now = time.gmtime(int(os.environ.get("SOURCE_DATE_EPOCH") or time.time()))
    for reading in readings:
        identity = reading.note.identity
        if identity.kind != "resource" or not identity.as_of:
            continue
        year, month = int(identity.as_of[:4]), int(identity.as_of[5:7] or 12)
        age = (now.tm_year - year) * 12 + now.tm_mon - month
        if age > limits["months"]:
            message = f"'{identity.label}' was last looked at {age} months ago"
            yield Finding(reading, identity.position, message, "look again, and write today's month into `as_of:`")


def _url(readings: Sequence[Reading], limits: Limits, project: Project) -> Iterator[Finding]:
    cited: dict[str, Reading] = {}
    for reading in readings:
        for key in reading.note.identity.source:
            cited.setdefault(key, reading)
    for key, work in project.references.items():
        if work.url and key in cited:
            tracking = [name for name, _ in parse_qsl(urlsplit(work.url).query) if name.startswith(_TRACKING)]
            if tracking:
                message = f"the address of '{key}' has the tracking parameter '{tracking[0]}'"
                yield Finding(cited[key], work.position, message, "delete it from the address")


CHECKS = (
    Check(SOURCE_MISSING, _source_missing),
    Check(AS_OF_MISSING, _as_of_missing, {"guidelines": 0}),
    Check(STALE, _stale, {"months": 24}),
    Check(URL, _url),
)
