"""The role of a resource also fits another resource."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import chain

from deckgen.cards.note import Identity
from deckgen.lint.api import Context, Fact, Finding, LintRule, NoteText, Text, Threshold
from deckgen.lint.words import content_words

MOST_COMPARED = 50
"""How many other clues with a word in common a clue is compared with."""

MOST_WORDS = 100
"""A longer clue is not compared. It is too long anyway, and each word takes time."""


def collect_facts(note: NoteText) -> Iterator[Fact]:
    """The content words of a clue."""
    if note.statement.clue:
        clue = Text.of(note.statement.clue)
        words = content_words(clue.words)
        if 0 < len(words) <= MOST_WORDS:
            yield Fact(note.identity, clue.position, [" ".join(sorted(words))])


def check_project(identities: Sequence[Identity], facts: Sequence[Fact], context: Context) -> Iterator[Finding]:
    least = context.thresholds["words"]
    clues = [frozenset(fact.data[0].split()) for fact in facts]
    common = Counter(chain.from_iterable(clues))
    rarity = {word: index for index, word in enumerate(sorted(common, key=lambda word: (common[word], word)))}
    holders: dict[str, list[int]] = defaultdict(list)
    for index, words in enumerate(clues):
        # Two clues that share enough words share two of the rarest words of each: the rest would not be enough.
        needed = math.ceil(least * len(words))
        rarest = sorted(words, key=rarity.__getitem__)[: len(words) - needed + 2]
        shares = Counter(chain.from_iterable([holders[word] for word in rarest]))
        for other in sorted([other for other, count in shares.items() if count > 1 or needed < 2]):
            shared = len(words & clues[other])
            if shared >= least * len(words | clues[other]):
                message = f"the role also fits {facts[other].identity.label}: {facts[other].position}"
                yield Finding(
                    facts[index].identity, facts[index].position, message, "state a fact that is true only here"
                )
                break
        for word in rarest:
            if len(holders[word]) < MOST_COMPARED:
                holders[word].append(index)


RULE = LintRule(
    "clue-not-unique",
    __doc__,
    "When asked for the name, the learner cannot know which one is meant.",
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
    thresholds={
        "words": Threshold(
            0.5,
            "The share of their content words, from 0 to 1, that two roles must have in common for the rule to "
            "report them.",
        ),
    },
    collect_facts=collect_facts,
    check_project=check_project,
    english=True,
)
