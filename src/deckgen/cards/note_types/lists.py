"""The list note type: a set or steps of one note, each item on a card of its own, and a card for all of it.

Anki blanks a cloze field that has no deletion of the card's number. So each card number has a field of its own, and
lists whose cards show different parts of each other need no script, on any client and every version since 2.1.49.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from deckgen.cards.note import (
    CARD_NUMBERS,
    NUMBER,
    SEPARATOR,
    Field,
    Identity,
    Note,
    NoteType,
    NumberedCard,
    Statement,
    Template,
)
from deckgen.cards.note_types import frame
from deckgen.cards.note_types.frame import Frame
from deckgen.language.markdown import Markup, media_of
from deckgen.project.lock import allot

ALL = "*"
"""The card that asks for the whole list; always number 1. No item can have this id."""

SMALL_SET = 3
"""Up to so many items the others in sight give one away: only the whole set is asked."""

MAX_SET, MAX_GROUPED_SET, MAX_RECALLED_STEPS, MAX_STEPS, MAX_PHASED_STEPS = 5, 9, 7, 12, 18
"""How many can be recalled. A set of more than five is practically unlearnable without groups (Wozniak, Twenty rules of
formulating knowledge, 9); the rest is our choice, within the card numbers that a note has."""

SHOWN_BEFORE = 2
"""How many steps before the one that is asked are in sight."""

_TEXTS = tuple(f"Text {number}" for number in range(1, CARD_NUMBERS + 1))
_PROMPT = '<div class="question" dir="auto">{{Prompt}}</div>'
_CLOZES = "".join(f"{{{{cloze:{text}}}}}" for text in _TEXTS)
_FULL = '{{#Full}}<section class="full" dir="auto">{{Full}}</section>{{/Full}}'

LIST = NoteType(
    name="list",
    fields=(
        Field("Prompt"),
        Field("Full"),
        *(Field(text, collapsed=True) for text in _TEXTS),
        *frame.FIELDS,
    ),
    templates=(
        Template(
            "List",
            frame.front("list", _PROMPT, f'<div class="answer items" dir="auto">{_CLOZES}</div>'),
            frame.back("list", _PROMPT, f'<div class="answer items" dir="auto">{_CLOZES}</div>\n{_FULL}'),
            f"{{{{Prompt}}}} {_CLOZES}",
            _CLOZES,
        ),
    ),
    css=frame.stylesheet(),
    cloze=True,
)

_FIRST_TEXT = LIST.index("Text 1")
_NO_TEXTS = ("",) * CARD_NUMBERS


class Item:
    """An item of a set or a step of a procedure; the id keeps its card when the list changes around it."""

    __slots__ = ("id", "text", "why")

    def __init__(self, id: str, text: Markup, why: Markup | None = None) -> None:
        self.id: Final = id
        self.text: Final = text
        self.why: Final = why


class Group(NamedTuple):
    """A named part of a set, or a phase of a procedure."""

    id: str
    name: Markup
    items: tuple[Item, ...]


def set_note(
    identity: Identity,
    around: Frame,
    prompt: Markup,
    items: Sequence[Item] | None,
    groups: Sequence[Group] | None,
    full: Markup | None = None,
    *,
    is_open: bool = False,
    worded: bool = False,
    actionable: bool = False,
) -> Note:
    """A set, or one in groups; an open one is of examples. ``worded`` says that deckgen wrote the prompt."""
    if groups is None:
        cards = set_cards(items or (), is_open)
        below = ""
    else:
        cards = grouped_set_cards(groups, is_open)
        below = whole_groups(groups)
    below = ('<p class="open">These are examples; there are more.</p>' if is_open else "") + below
    return _note(
        identity,
        around,
        prompt,
        items,
        groups,
        cards,
        full,
        below,
        is_open=is_open,
        worded=worded,
        actionable=actionable,
    )


def steps_note(
    identity: Identity,
    around: Frame,
    prompt: Markup,
    steps: Sequence[Item] | None,
    phases: Sequence[Group] | None,
    full: Markup | None = None,
    *,
    worded: bool = False,
) -> Note:
    """Steps in their order, or in phases."""
    if phases is None:
        cards, below = step_cards(steps or ()), whole_list(steps or ())
    else:
        cards, below = phased_step_cards(phases), whole_groups(phases)
    return _note(
        identity, around, prompt, steps, phases, cards, full, below, is_ordered=True, worded=worded, actionable=True
    )


def set_cards(items: Sequence[Item], is_open: bool = False) -> list[NumberedCard]:
    """A set is asked as a whole, and from four items on item by item with the others in sight."""
    everything = f"The {_number(len(items))} examples" if is_open else _all(len(items))
    shown = [item.text.html for item in items]
    hidden = list(map(_hide, shown))
    cards = [NumberedCard(ALL, _asked(everything, _list(hidden)))]
    for place, asked in enumerate(items):
        lines = [*shown[:place], hidden[place], *shown[place + 1 :]]
        cards.append(NumberedCard(asked.id, _asked("The missing one", _list(lines)), len(items) <= SMALL_SET))
    return [*cards, *_whys(items)]


def grouped_set_cards(groups: Sequence[Group], is_open: bool = False) -> list[NumberedCard]:
    """A large set is asked in two storeys: the names of its groups, then the items of each."""
    names = _list(f'{_hide(group.name.html)} <span class="count">({len(group.items)})</span>' for group in groups)
    cards = [NumberedCard(ALL, _asked(f"The {_number(len(groups))} groups", names))]
    for asked in groups:
        what = f"The {_number(len(asked.items))} {'examples' if is_open else 'items'} of this group"
        rows = [f"{group.name.html}{_list(map(_hidden, group.items)) if group is asked else ''}" for group in groups]
        cards.append(NumberedCard(asked.id, _asked(what, _list(rows))))
    return [*cards, *_whys([item for group in groups for item in group.items])]


def step_cards(steps: Sequence[Item]) -> list[NumberedCard]:
    """Steps are asked in order, each with one or two before it in sight and none after it; all at once if not many."""
    all_of_them = _asked(f"{_all(len(steps))}, in order", _list(map(_hidden, steps)))
    many = len(steps) > MAX_RECALLED_STEPS
    return [NumberedCard(ALL, all_of_them, only_if_published=many), *_next_steps(steps, {}), *_whys(steps)]


def phased_step_cards(phases: Sequence[Group]) -> list[NumberedCard]:
    """Many steps are asked in order below the name of their phase, and the phases in order."""
    names = _list(_hide(phase.name.html) for phase in phases)
    steps = [step for phase in phases for step in phase.items]
    headings = {phase.items[0].id: phase.name.html for phase in phases}
    first = NumberedCard(ALL, _asked(f"The {_number(len(phases))} phases, in order", names))
    return [first, *_next_steps(steps, headings), *_whys(steps)]


def _next_steps(steps: Sequence[Item], headings: Mapping[str, str]) -> Iterable[NumberedCard]:
    """A card for each step; a heading stands above the first step of its phase, where that is in sight."""
    for place, asked in enumerate(steps):
        first = max(0, place - SHOWN_BEFORE)
        parts = ['<p class="gap">…</p>'] if first else []
        lines: list[str] = []
        for number, step in enumerate(steps[first : place + 1], first):
            if step.id in headings:
                parts += [_list(lines, number + 1 - len(lines))] if lines else []
                parts.append(f'<p class="phase">{headings[step.id]}</p>')
                lines = []
            lines.append(_hidden(step) if step is asked else step.text.html)
        parts.append(_list(lines, place + 2 - len(lines)))
        yield NumberedCard(asked.id, _asked("What comes next?" if place else "What comes first?", "".join(parts)))


def _whys(items: Sequence[Item]) -> Iterable[NumberedCard]:
    """A card for the reason of each item that has one."""
    for item in items:
        if item.why is not None:
            html = f'<p class="given">{item.text.html}</p>{_asked("Why?", f"<p>{_hide(item.why.html)}</p>")}'
            yield NumberedCard(f"{item.id}/why", html)


def whole_list(items: Sequence[Item]) -> str:
    """All items, for the backs of cards that show only some of them."""
    return f'<div class="whole">{_list(item.text.html for item in items)}</div>'


def whole_groups(groups: Sequence[Group]) -> str:
    """All groups with their items, numbered through, for the backs of cards that show only some of them."""
    parts, place = [], 1
    for group in groups:
        parts.append(f'<p class="phase">{group.name.html}</p>{_list((item.text.html for item in group.items), place)}')
        place += len(group.items)
    return f'<div class="whole">{"".join(parts)}</div>'


_NUMBERS = ("", "", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


def _number(count: int) -> str:
    return _NUMBERS[count] if count < len(_NUMBERS) else str(count)


def _all(count: int) -> str:
    return "Both" if count == 2 else f"All {_number(count)}"


def _hide(html: str) -> str:
    return f"{_OPENING}{html}}}}}"


def _opening(number: object) -> str:
    """What begins a cloze deletion; no text of an author has it, since its braces and colons are entities."""
    return f"{{{{c{number}::"


_OPENING = _opening(NUMBER)


def _hidden(item: Item) -> str:
    return _hide(item.text.html)


def _asked(question: str, html: str) -> str:
    return f'<p class="ask">{question}</p>{html}'


def _list(lines: Iterable[str], start: int = 1) -> str:
    opening = "<ol>" if start == 1 else f'<ol start="{start}">'
    inside = "</li><li>".join(lines)
    return f"{opening}<li>{inside}</li></ol>"


def _note(
    identity: Identity,
    around: Frame,
    prompt: Markup,
    items: Sequence[Item] | None,
    groups: Sequence[Group] | None,
    cards: Sequence[NumberedCard],
    full: Markup | None,
    below: str,
    *,
    is_ordered: bool = False,
    is_open: bool = False,
    worded: bool = False,
    actionable: bool = False,
) -> Note:
    """A list note that no learner has yet: its cards are numbered as they come."""
    everything = [*(items or ()), *(item for group in groups or () for item in group.items)]
    texts = [prompt, full, *(group.name for group in groups or ()), *(item.text for item in everything)]
    texts += [item.why for item in everything]
    made = [card for card in cards if not card.only_if_published]
    numbers = allot({}, (card.id for card in made), first=ALL)
    fields = [prompt.html, (full.html if full else "") + below, *_NO_TEXTS]
    return Note(
        identity=identity,
        note_type=LIST,
        text=SEPARATOR.join(fill_numbers(fields, made, numbers)) + around.text,
        media=media_of(texts) + around.media,
        cards=tuple(sorted(numbers[card.id] - 1 for card in made)),
        numbers=numbers,
        unpublished=tuple(card for card in cards if card.only_if_published),
        statement=Statement(
            prompt=prompt,
            items=tuple(item.text for item in everything),
            full=full,
            groups=len(groups or ()),
            ordered=is_ordered,
            open=is_open,
            worded=worded,
            actionable=actionable,
            shown=frame.all_typed(texts, around),
        ),
    )


def fill_numbers(fields: Sequence[str], cards: Iterable[NumberedCard], numbers: Mapping[str, int]) -> list[str]:
    """A list note's fields with each card's text in the field of its number; there is none for one that is too high."""
    filled = list(fields)
    for card in cards:
        number = numbers[card.id]
        if number <= CARD_NUMBERS:
            filled[_FIRST_TEXT + number - 1] = card.html.replace(NUMBER, str(number))
    return filled


def renumbered(note: Note, known: Mapping[str, int]) -> Note:
    """A list note whose cards have the numbers that learners know them by, if any."""
    if known.keys() == note.numbers.keys() and known == note.numbers:
        return note
    fields = list(note.fields)
    texts = fields[_FIRST_TEXT : _FIRST_TEXT + CARD_NUMBERS]
    cards = [
        NumberedCard(id, texts[number - 1].replace(_opening(number), _OPENING))
        for id, number in note.numbers.items()
        if number <= CARD_NUMBERS
    ]
    cards += [card for card in note.unpublished if card.id in known]
    numbers = allot(known, (card.id for card in cards), first=ALL)
    fields[_FIRST_TEXT : _FIRST_TEXT + CARD_NUMBERS] = _NO_TEXTS
    return note.changed(
        SEPARATOR.join(fill_numbers(fields, cards, numbers)),
        cards=tuple(sorted(numbers[card.id] - 1 for card in cards)),
        numbers=numbers,
    )
