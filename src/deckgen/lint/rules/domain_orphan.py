"""Domains without cards, or with too few or too many."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from deckgen.cards.note import Identity
from deckgen.core.diagnostics import Rule, Severity
from deckgen.lint.api import Context, Fact, Finding, LintRule


def check_project(identities: Sequence[Identity], facts: Sequence[Fact], context: Context) -> Iterator[Finding]:
    counts = Counter([identity.domain for identity in identities])
    total = len(identities)
    place = context.project.file.position
    thresholds = context.thresholds
    for domain in context.project.file.domains:
        share = 100 * counts[domain] / total
        if not counts[domain]:
            help = "write a card for it, or take it out of deckgen.yaml"
            yield Finding(identities[0], place, f"the domain '{domain}' has no card", help)
        elif total >= thresholds["least"] and not thresholds["low"] <= share <= thresholds["high"]:
            message = f"the domain '{domain}' has {share:.0f} % of the notes"
            yield Finding(identities[0], place, message, severity=Severity.HINT)


RULE = LintRule(
    Rule(
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
    ),
    thresholds={"low": 3, "high": 50, "least": 40},
    check_project=check_project,
    needs_all_entries=True,
)
