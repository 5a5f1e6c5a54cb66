"""Resources that are taken for one another: acronyms that clash, clues that fit two."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from deckgen.checking import Check, Finding, Limits, Reading, content_words
from deckgen.diagnostic import Rule, Severity
from deckgen.note_types.resource import RESOURCE
from deckgen.project import Project

ACRONYM_CLASH = Rule(
    "acronym-clash",
    "Two resources have the same acronym, or acronyms of the same letters.",
    "They interfere (Wozniak, Twenty rules, 11). Of one acronym with two names no card is made; two that are alike "
    "should name each other in `confuse_with`.",
    wrong="""
resources:
  - {id: one, domain: basics, name: First Ocean Office, acronym: FOO, role: The one in the north, as_of: 2026-11}
  - {id: other, domain: basics, name: Ocean Food Office, acronym: OFO, role: The other, as_of: 2026-11} # <- wrong
""",
    right="""
resources:
  - id: one
    domain: basics
    name: First Ocean Office
    acronym: FOO
    role: The one in the north
    as_of: 2026-11
    confuse_with: [other]
  - {id: other, domain: basics, name: Ocean Food Office, acronym: OFO, role: A caterer, as_of: 2026-11}
""",
    severity=Severity.WARNING,
)

CLUE_NOT_UNIQUE = Rule(
    "clue-not-unique",
    "The role of a resource fits another one as well.",
    "Asked for the name, the learner cannot know which is meant.",
    wrong="""
resources:
  - {id: one, domain: basics, name: Ocean Office, role: The agency that measures northern tides, as_of: 2026-11}
  - {id: other, domain: basics, name: Tide House, role: The agency that measures tides, as_of: 2026-11} # <- wrong
""",
    right="""
resources:
  - {id: one, domain: basics, name: Ocean Office, role: The agency that measures northern tides, as_of: 2026-11}
  - {id: other, domain: basics, name: Tide House, role: A museum of fishing, as_of: 2026-11}
""",
    severity=Severity.WARNING,
)

_ACRONYM, _ROLE = RESOURCE.index("Acronym"), RESOURCE.index("Role")


def _resources(readings: Sequence[Reading]) -> list[Reading]:
    return [reading for reading in readings if reading.note.note_type is RESOURCE]


def _acronym_clash(readings: Sequence[Reading], limits: Limits, project: Project) -> Iterator[Finding]:
    seen: dict[str, list[Reading]] = defaultdict(list)
    for reading in _resources(readings):
        acronym = reading.note.fields[_ACRONYM]
        for other in seen["".join(sorted(acronym.upper()))] if acronym else ():
            same = other.note.fields[_ACRONYM].upper() == acronym.upper()
            if not same and _know_each_other(reading, other):
                continue
            what = "the acronym" if same else "an acronym of the same letters as"
            message = f"'{acronym}' is {what} {'of ' if same else ''}{other.note.identity.label}"
            yield Finding(reading, reading.note.identity.position, message, "name it in `confuse_with:`")
        seen["".join(sorted(acronym.upper()))].append(reading)


def _know_each_other(one: Reading, other: Reading) -> bool:
    own, others = one.note.identity, other.note.identity
    return any(link.id == others.entry for link in own.confuse_with) or any(
        link.id == own.entry for link in others.confuse_with
    )


def _clue_not_unique(readings: Sequence[Reading], limits: Limits, project: Project) -> Iterator[Finding]:
    clues = [
        (reading, reading.asked[0][0], content_words(reading.asked[0][0].words))
        for reading in _resources(readings)
        if reading.note.fields[_ROLE]
    ]
    holders: dict[str, list[int]] = defaultdict(list)
    for place, (_, _, words) in enumerate(clues):
        for word in words:
            holders[word].append(place)
    for place, (reading, text, words) in enumerate(clues):
        # Clues that share half of their words share one of the rarer half of either's words.
        rare = sorted(words, key=lambda word: (len(holders[word]), word))[: len(words) // 2 + 1]
        for other in sorted({other for word in rare for other in holders[word][:50] if other < place}):
            theirs = clues[other][2]
            if len(words & theirs) / len(words | theirs) >= limits["words"]:
                message = f"the role could be that of {clues[other][0].note.identity.label} as well"
                yield Finding(reading, text.position, message, "name one fact that is true of no other")
                break


CHECKS = (
    Check(ACRONYM_CLASH, _acronym_clash),
    Check(CLUE_NOT_UNIQUE, _clue_not_unique, {"words": 0.5}),
)
