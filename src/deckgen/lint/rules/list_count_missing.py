"""A question for a list does not say how many items it has."""

from __future__ import annotations

from collections.abc import Iterator

from deckgen.lint.api import Context, Finding, LintRule, NoteText

_WORDS = dict(enumerate("two three four five six seven eight nine ten eleven twelve".split(), 2))


def check_note(note: NoteText, context: Context) -> Iterator[Finding]:
    if note.prompt is None or note.statement.ordered:
        return
    count = len(note.items)
    number = _WORDS.get(count, str(count))
    expected = {number, str(count), "both", *(["pair"] if count == 2 else [])}
    if expected.isdisjoint(note.prompt.words):
        others = [word for word in note.prompt.words if word in _WORDS.values() or word in map(str, _WORDS)]
        if others:
            message = f"the question says '{others[0]}', but the list has {count} items"
            yield Finding(note.identity, note.prompt.position, message, f"write '{number}' instead of '{others[0]}'")
            return
        message = f"the question does not say that the list has {count} items"
        yield Finding(note.identity, note.prompt.position, message, f"for example: 'Name the {number} …'")


RULE = LintRule(
    "list-count-missing",
    __doc__,
    "Without the number, a learner cannot know when the list is complete; a prompt must be precise (Matuschak, How to "
    "write good prompts).",
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
    check_note=check_note,
    english=True,
)
