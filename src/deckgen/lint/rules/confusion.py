"""Resources that are taken for one another: acronyms that clash, clues that fit two."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import chain

from deckgen.cards.note import Identity
from deckgen.cards.note_types.resource import NOTE_TYPE as RESOURCE
from deckgen.core.diagnostics import Rule, Severity
from deckgen.lint.api import Check, Fact, Finding, Limits, Readings, content_words
from deckgen.project.project import Project

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

MOST_COMPARED = 50
"""With how many others a resource is compared that share an acronym's letters or a word."""

MOST_WORDS = 100
"""A longer role is not compared: it is too long anyway, and each word costs."""

_ACRONYM, _ROLE = RESOURCE.index("Acronym"), RESOURCE.index("Role")


def _gather(readings: Readings) -> Iterator[Fact]:
    """The acronym of a resource, the telling words of its role, and the entries that it is easily taken for."""
    fronts = {id(note): front for note, front, _ in readings.heads if note.note_type is RESOURCE}
    for note in readings.notes:
        if note.note_type is not RESOURCE:
            continue
        identity, fields = note.identity, note.fields
        clue = fronts[id(note)] if fields[_ROLE] else None
        words = sorted(content_words(clue.words)) if clue else []
        place = clue.position if clue else identity.position
        yield Fact(identity, place, (fields[_ACRONYM], words, [link.id for link in identity.confuse_with]))


def _acronym_clash(
    identities: Sequence[Identity], facts: Sequence[Fact], limits: Limits, project: Project
) -> Iterator[Finding]:
    seen: dict[str, list[Fact]] = defaultdict(list)
    for fact in facts:
        acronym: str = fact.data[0]
        letters = seen["".join(sorted(acronym.upper()))]
        for other in letters[:MOST_COMPARED] if acronym else ():
            same = other.data[0].upper() == acronym.upper()
            if not same and _know_each_other(fact, other):
                continue
            what = "the acronym" if same else "an acronym of the same letters as"
            message = f"'{acronym}' is {what} {'of ' if same else ''}{other.identity.label}"
            yield Finding(fact.identity, fact.identity.position, message, "name it in `confuse_with:`")
            break  # of many that clash, each is told of one
        letters.append(fact)


def _know_each_other(one: Fact, other: Fact) -> bool:
    return other.identity.entry in one.data[2] or one.identity.entry in other.data[2]


def _clue_not_unique(
    identities: Sequence[Identity], facts: Sequence[Fact], limits: Limits, project: Project
) -> Iterator[Finding]:
    clues = [(fact, frozenset(fact.data[1])) for fact in facts if 0 < len(fact.data[1]) <= MOST_WORDS]
    common = Counter(chain.from_iterable([words for _, words in clues]))
    rarest_first = {word: rank for rank, word in enumerate(sorted(sorted(common), key=common.__getitem__))}
    alone = sum([count == 1 for count in common.values()])  # so many words no two clues share
    holders: list[list[int]] = [[] for _ in common]
    least = limits["words"]
    for place, (fact, words) in enumerate(clues):
        # Two clues that share so many words share two of the rarest of each, without which too few would be left.
        needed = math.ceil(least * len(words))
        rare = sorted(map(rarest_first.__getitem__, words))[: len(words) - needed + 2]
        rare = [rank for rank in rare if rank >= alone]
        shares = Counter(chain.from_iterable([holders[rank] for rank in rare]))
        for other in sorted([other for other, count in shares.items() if count > 1 or needed < 2]):
            theirs = clues[other][1]
            shared = len(words & theirs)
            if shared >= least * (len(words) + len(theirs) - shared):
                message = f"the role could be that of {clues[other][0].identity.label} as well"
                yield Finding(fact.identity, fact.position, message, "name one fact that is true of no other")
                break
        for rank in rare:
            if len(holders[rank]) < MOST_COMPARED:
                holders[rank].append(place)


CHECKS = (
    Check(ACRONYM_CLASH, gather=_gather, judge=_acronym_clash),
    Check(CLUE_NOT_UNIQUE, limits={"words": 0.5}, gather=_gather, judge=_clue_not_unique),
)
