"""No other card asks about an item of a set."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from deckgen.cards.note import Identity
from deckgen.core.diagnostics import Severity
from deckgen.lint.api import Context, Fact, Finding, LintRule, NoteText
from deckgen.lint.words import content_words


def collect_facts(note: NoteText) -> Iterator[Fact]:
    """The words that a note asks about, and each item of its set: its text and its words."""
    asked = {word for front in note.fronts for word in front.words}
    words = content_words([*asked, *note.identity.title.lower().split()])
    yield Fact(note.identity, note.identity.position, ["", " ".join(sorted(words))])
    for item in () if note.statement.ordered else note.items:
        if own := content_words(item.words):
            yield Fact(note.identity, item.position, [item.plain, " ".join(sorted(own))])


def check_project(identities: Sequence[Identity], facts: Sequence[Fact], context: Context) -> Iterator[Finding]:
    first: dict[str, str] = {}  # the note that asks about a word
    shared: set[str] = set()  # words that several notes ask about
    for fact in facts:
        item, words = fact.data
        for word in () if item else words.split():
            if first.setdefault(word, fact.identity.id) != fact.identity.id:
                shared.add(word)
    for fact in facts:
        item, words = fact.data
        own = fact.identity.id
        if item and not any(word in shared or first.get(word, own) != own for word in words.split()):
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
