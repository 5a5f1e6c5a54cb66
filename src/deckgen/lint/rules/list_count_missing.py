"""Questions for a list that do not say how many items it has."""

from __future__ import annotations

from collections.abc import Iterator

from deckgen.core.diagnostics import Rule, Severity
from deckgen.lint.api import Context, Finding, LintRule, NoteText

_NUMBERS = {
    word: number for number, word in enumerate("two three four five six seven eight nine ten eleven twelve".split(), 2)
} | {"both": 2, "pair": 2}


def check_note(note: NoteText, context: Context) -> Iterator[Finding]:
    if note.prompt is None or note.statement.ordered:
        return
    count = len(note.items)
    named = {str(_NUMBERS.get(word, word)) for word in note.prompt.words}
    if str(count) not in named and "both" not in note.prompt.words:
        message = f"the question does not say that there are {count}"
        yield Finding(note.identity, note.prompt.position, message, "for example: 'Name the three …'")


RULE = LintRule(
    Rule(
        "list-count-missing",
        "A question for a list does not say how many there are.",
        "Without the number nobody knows when the list is complete; a prompt must be precise (Matuschak, How to write "
        "good prompts).",
        wrong="""
faq:
  - id: uncounted
    domain: basics
    question: Name the states of matter. # <- wrong
    items: [solid: Solid, liquid: Liquid, gas: Gas]
""",
        right="""
faq:
  - id: counted
    domain: basics
    question: Name the three states of matter.
    items: [solid: Solid, liquid: Liquid, gas: Gas]
""",
        severity=Severity.WARNING,
    ),
    check_note=check_note,
)
