"""A domain has no card, or a disproportionate share of all notes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from deckgen.cards.note import Identity
from deckgen.core.diagnostics import Severity
from deckgen.lint.api import Context, Fact, Finding, LintRule, Threshold


def check_project(identities: Sequence[Identity], facts: Sequence[Fact], context: Context) -> Iterator[Finding]:
    counts = Counter([identity.domain for identity in identities])
    total = len(identities)
    thresholds = context.thresholds
    for domain, position in context.project.settings.domains.positions.items():
        share = 100 * counts[domain] / total
        if not counts[domain]:
            help = "write a card for it, or remove it from deckgen.yaml"
            yield Finding(identities[0], position, f"the domain '{domain}' has no card", help)
        elif total >= thresholds["least"] and not thresholds["low"] <= share <= thresholds["high"]:
            expected = f"expected {thresholds['low']:g}% to {thresholds['high']:g}%"
            message = f"the domain '{domain}' has {share:.0f}% of the notes; {expected}"
            is_small = share < thresholds["low"]
            help = "write more cards for it, or merge it with another domain" if is_small else "divide it in two"
            yield Finding(identities[0], position, message, help, Severity.HINT)


RULE = LintRule(
    "domain-orphan",
    __doc__,
    "Learners choose what to study by domain, and a domain without cards offers them nothing.",
    wrong="""
# file: deckgen.yaml
namespace: example.org
title: Sample
tag: sample
domains:
  basics: Basics
  others: Other things # <- wrong
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
    thresholds={
        "low": Threshold(3, "The smallest share of the notes, in percent, that a domain can have without a hint."),
        "high": Threshold(50, "The largest share of the notes, in percent, that a domain can have without a hint."),
        "least": Threshold(40, "Shares are compared if there are at least this many notes."),
    },
    check_project=check_project,
    needs_all_entries=True,
)
