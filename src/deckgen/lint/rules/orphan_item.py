"""No other card asks about an item of a set."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from deckgen.cards.note import Identity
from deckgen.core.diagnostics import Severity
from deckgen.lint.api import Context, Fact, Finding, LintRule, NoteText
from deckgen.lint.words import content_words


def collect_facts(note: NoteText) -> Iterator[Fact]:
    """The words that a note asks about, and each item of its set: its text, and its words that are not asked about."""
    asked = {word for front in note.fronts for word in front.words}
    words = content_words([*asked, *note.identity.title.lower().split()])
    yield Fact(note.identity, note.identity.position, ["", " ".join(sorted(words))])
    for item in () if note.statement.ordered else note.items:
        if own := content_words(item.words):
            yield Fact(note.identity, item.position, [item.plain, " ".join(sorted(own - asked))])


def check_project(identities: Sequence[Identity], facts: Sequence[Fact], context: Context) -> Iterator[Finding]:
    explained: set[str] = set()
    for fact in facts:
        item, words = fact.data
        if not item:
            explained.update(words.split())
    for fact in facts:
        item, words = fact.data
        if item and explained.isdisjoint(words.split()):
            help = "write a card about it"
            yield Finding(fact.identity, fact.position, f"no other card asks about '{item}'", help)


RULE = LintRule(
    "orphan-item",
    __doc__,
    "Names that mean nothing to the learner are learned by rote (Wozniak, Twenty rules, 1: understand first).",
    wrong="""
faq:
  - id: metals
    domain: basics
    question: Name two metals.
    open: true
    items:
      - iron: Iron # <- wrong
      - copper: Copper
  - id: copper
    domain: basics
    question: What colour is copper?
    answer: A reddish one
""",
    right="""
faq:
  - id: metals
    domain: basics
    question: Name two metals.
    open: true
    items: [iron: Iron, copper: Copper]
  - id: copper
    domain: basics
    question: What colour is copper?
    answer: A reddish one
  - id: iron
    domain: basics
    question: What does iron turn into in damp air?
    answer: Rust
""",
    severity=Severity.HINT,
    collect_facts=collect_facts,
    check_project=check_project,
    needs_all_entries=True,
    english=True,
)
