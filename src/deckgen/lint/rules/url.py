"""An address carries tracking parameters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from urllib.parse import parse_qsl, urlsplit

from deckgen.cards.note import Identity
from deckgen.lint.api import Context, Fact, Finding, LintRule

_TRACKING = ("utm_", "fbclid", "gclid", "mc_eid", "igshid", "msclkid")


def check_project(identities: Sequence[Identity], facts: Sequence[Fact], context: Context) -> Iterator[Finding]:
    cited: dict[str, Identity] = {}
    for identity in identities:
        for key in identity.source:
            cited.setdefault(key, identity)
    for key, work in context.project.references.items():
        if work.url and key in cited:
            tracking = [name for name, _ in parse_qsl(urlsplit(work.url).query) if name.startswith(_TRACKING)]
            if tracking:
                message = f"the address of '{key}' has the tracking parameter '{tracking[0]}'"
                yield Finding(cited[key], work.position, message, "delete the parameter from the address")


RULE = LintRule(
    "url",
    __doc__,
    "Tracking parameters tell a third party who follows the link, and make one page look like many.",
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
    check_project=check_project,
)
