"""Acronyms that are taken for one another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from deckgen.cards.note import Identity
from deckgen.core.diagnostics import Rule, Severity
from deckgen.lint.api import Context, Fact, Finding, LintRule, NoteText

MOST_COMPARED = 50
"""With how many others an acronym of the same letters is compared."""


def collect_facts(note: NoteText) -> Iterator[Fact]:
    if note.acronym:
        yield Fact(note.identity, note.identity.position, [note.acronym])


def check_project(identities: Sequence[Identity], facts: Sequence[Fact], context: Context) -> Iterator[Finding]:
    same_letters: dict[str, list[Fact]] = defaultdict(list)
    for fact in facts:
        acronym: str = fact.data[0]
        others = same_letters["".join(sorted(acronym.upper()))]
        for other in others[:MOST_COMPARED]:
            same = other.data[0].upper() == acronym.upper()
            if not same and _know_each_other(fact.identity, other.identity):
                continue
            what = "the acronym" if same else "an acronym of the same letters as"
            message = f"'{acronym}' is {what} {'of ' if same else ''}{other.identity.label}"
            yield Finding(fact.identity, fact.position, message, "name it in `confuse_with:`")
            break  # of many that clash, each is told of one
        others.append(fact)


def _know_each_other(one: Identity, other: Identity) -> bool:
    return any(link.id == other.entry for link in one.confuse_with) or any(
        link.id == one.entry for link in other.confuse_with
    )


RULE = LintRule(
    Rule(
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
    ),
    collect_facts=collect_facts,
    check_project=check_project,
)
