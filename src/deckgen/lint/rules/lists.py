"""Lists that are not asked as such, or not as they can be recalled."""

from __future__ import annotations

import re
from collections.abc import Iterator

from deckgen.core.diagnostics import Rule, Severity
from deckgen.lint.api import Check, Finding, Limits, Readings, Text
from deckgen.project.project import Project

LIST_COUNT_MISSING = Rule(
    "list-count-missing",
    "A question for a list does not say how many there are.",
    "Without the number nobody knows when the list is complete; a prompt must be precise (Matuschak, How to write good "
    "prompts).",
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
)

LIST_OPEN_AS_CLOSED = Rule(
    "list-open-as-closed",
    "A list of examples is asked as if it were complete.",
    "Who knows a further example would be wrong; such a list is asked for examples (Matuschak, on open lists).",
    wrong="""
faq:
  - id: closed
    domain: basics
    question: Name the two metals.
    items: [iron: Iron, copper: Copper]
    full: There are many metals, such as iron and copper. # <- wrong
""",
    right="""
faq:
  - id: open
    domain: basics
    question: Name two metals.
    open: true
    items: [iron: Iron, copper: Copper]
    full: There are many metals, such as iron and copper.
""",
    severity=Severity.WARNING,
)

STEPS_SIZE = Rule(
    "steps-size",
    "A procedure has more steps than are well learned in one row.",
    "More than about seven things in a row are better learned in parts (Wozniak, Twenty rules, 9 and 10).",
    wrong="""
procedures:
  - id: long
    domain: basics
    name: A long procedure
    steps: [a: A, b: B, c: C, d: D, e: E, f: F, g: G, h: H] # <- wrong
""",
    right="""
procedures:
  - id: long
    domain: basics
    name: A long procedure
    steps:
      phases:
        - id: first
          name: At first
          items: [a: A, b: B, c: C, d: D]
        - id: last
          name: At last
          items: [e: E, f: F, g: G, h: H]
""",
    severity=Severity.WARNING,
)

ITEM_DUP = Rule(
    "item-dup",
    "A list has the same item twice.",
    "One of the two is lost in every recall.",
    wrong="""
faq:
  - id: twice
    domain: basics
    question: Name the three primary colours.
    items:
      - red: Red
      - blue: Blue
      - again: red # <- wrong
""",
    right="""
faq:
  - id: once
    domain: basics
    question: Name the three primary colours.
    items: [red: Red, blue: Blue, yellow: Yellow]
""",
)

ANSWER_HIDES_LIST = Rule(
    "answer-hides-list",
    "An answer strings three or more things together.",
    "They are recalled as a list, and forgotten one by one; as `items` each has its card (Wozniak, Twenty rules, 9).",
    wrong="""
faq:
  - id: hidden
    domain: basics
    question: What are the states of matter?
    answer: Solid, liquid and gas # <- wrong
""",
    right="""
faq:
  - id: shown
    domain: basics
    question: Name the three states of matter.
    items: [solid: Solid, liquid: Liquid, gas: Gas]
""",
    severity=Severity.WARNING,
)

_NUMBERS = {
    word: number
    for number, word in enumerate("two three four five six seven eight nine ten eleven twelve both".split(), 2)
} | {"both": 2, "pair": 2}
_OPEN = re.compile(
    r"\b(?:such as|among others|for example|for instance|e\.g\.|including|and so on|etc\.)", re.IGNORECASE
)
_AND_LAST = re.compile(r" (?:.+ )?(?:and|or) .", re.DOTALL)
_TWO_LAST = re.compile(r" .+ (?:and|or) .", re.DOTALL)


def _list_count_missing(readings: Readings, limits: Limits, project: Project) -> Iterator[Finding]:
    for note, prompt, items in readings.lists:
        if note.statement.ordered:
            continue
        named = {str(_NUMBERS.get(word, word)) for word in prompt.words}
        count = len(items)
        if str(count) not in named and "both" not in prompt.words:
            message = f"the question does not say that there are {count}"
            yield Finding(note.identity, prompt.position, message, "for example: 'Name the three …'")


def _list_open_as_closed(readings: Readings, limits: Limits, project: Project) -> Iterator[Finding]:
    for note, prompt, _ in readings.lists:
        statement = note.statement
        if statement.open or statement.ordered:
            continue
        for text in (prompt, Text(statement.full)) if statement.full else (prompt,):
            match = _OPEN.search(text.plain)
            if match:
                message = f"'{match[0]}' says that these are examples, but the list is asked as complete"
                help = "write 'open: true', or leave those words out"
                yield Finding(note.identity, text.position, message, help)


def _steps_size(readings: Readings, limits: Limits, project: Project) -> Iterator[Finding]:
    for note, _, _ in readings.lists:
        statement = note.statement
        if statement.ordered and not statement.groups and len(statement.items) > limits["warning"]:
            message = f"there are {len(statement.items)} steps in one row; up to {limits['warning']:g} are well learned"
            help = "put them into `phases:`, each with an id and a name"
            yield Finding(note.identity, statement.items[0].position, message, help)


def _item_dup(readings: Readings, limits: Limits, project: Project) -> Iterator[Finding]:
    for note, _, items in readings.lists:
        seen: dict[tuple[str, ...], int] = {}
        for item in items:
            words = tuple(item.words)
            line = seen.setdefault(words, item.position.line)
            if words and line != item.position.line:
                message = f"'{item.plain}' is in the list already, in line {line}"
                yield Finding(note.identity, item.position, message)


def _is_list(text: str) -> bool:
    """Whether a text is like 'a, b and c' or 'a; b; c'. It is split: one pattern for it is slow on hostile texts."""
    separator = ";" if ";" in text else ","
    first, *more = text.split(separator)
    if not first or not more or not all(len(part) > 1 and part.startswith(" ") for part in more):
        return False
    return len(more) > 1 if separator == ";" else bool((_AND_LAST if len(more) > 1 else _TWO_LAST).match(more[-1]))


def _answer_hides_list(readings: Readings, limits: Limits, project: Project) -> Iterator[Finding]:
    for note, _, answers in readings.heads:
        if note.statement.prompt is not None or note.identity.kind == "resource":
            continue
        text = answers[0].plain
        if ("," in text or ";" in text) and _is_list(text.rstrip(".")):
            message = "the answer is a list of three or more"
            yield Finding(note.identity, answers[0].position, message, "write it as `items:`, each with an id")


CHECKS = (
    Check(LIST_COUNT_MISSING, _list_count_missing),
    Check(LIST_OPEN_AS_CLOSED, _list_open_as_closed),
    Check(STEPS_SIZE, _steps_size, {"warning": 7}),
    Check(ITEM_DUP, _item_dup),
    Check(ANSWER_HIDES_LIST, _answer_hides_list),
)
