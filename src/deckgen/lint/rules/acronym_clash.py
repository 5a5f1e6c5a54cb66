"""Two resources have the same acronym, or acronyms with the same letters."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from deckgen.cards.note import Identity
from deckgen.lint.api import Context, Fact, Finding, LintRule, NoteText

MOST_COMPARED = 50
"""How many acronyms with the same letters an acronym is compared with."""


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
            label = f"{other.identity.label}: {other.position}"
            if same:
                message = f"'{acronym}' is also the acronym of {label}"
                help = "delete `acronym:` in one of the two, or write 'allow: {acronym-clash: the reason}'"
            else:
                message = f"'{acronym}' has the same letters as '{other.data[0]}', the acronym of {label}"
                help = f"add '{other.identity.entry.partition('/')[2]}' to `confuse_with:`"
            yield Finding(fact.identity, fact.position, message, help)
            break  # one finding is enough, however many clash
        others.append(fact)


def _know_each_other(one: Identity, other: Identity) -> bool:
    return any(link.id == other.entry for link in one.confuse_with) or any(
        link.id == one.entry for link in other.confuse_with
    )


RULE = LintRule(
    "acronym-clash",
    __doc__,
    "Learners confuse them (Wozniak, Twenty rules, 11: combat interference). An acronym with two meanings gets no "
    "card; resources with similar acronyms should name each other in `confuse_with`.",
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
    collect_facts=collect_facts,
    check_project=check_project,
)
