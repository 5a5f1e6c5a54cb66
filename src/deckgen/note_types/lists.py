"""The list note type: items or steps of one note, each on a card of its own, and a card for the whole list.

Anki blanks a cloze field that has no deletion of the card's number. So each card number has a field of its own, and
lists whose cards show different parts of each other need no script, on any client and every version since 2.1.49.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from deckgen.markup import Markup
from deckgen.note import CARD_NUMBERS, NUMBER, Field, Identity, Note, NoteType, NumberedCard, Template
from deckgen.note_types import frame
from deckgen.note_types.frame import Frame

ALL = "*"
"""The card that asks for the whole list; always number 1. No item can have this id."""

MAX_ITEMS = CARD_NUMBERS - 1
SMALL = 3
"""Up to so many items the others give one away: only the whole list is asked."""

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
            frame.back("list", _PROMPT, f'<div class="answer items" id="answer" dir="auto">{_CLOZES}</div>\n{_FULL}'),
            f"{{{{Prompt}}}} {_CLOZES}",
            _CLOZES,
        ),
    ),
    css=frame.stylesheet(),
    cloze=True,
)


class Item(NamedTuple):
    """An item of a list or a step of a procedure; the id keeps its card when the list changes around it."""

    id: str
    text: Markup


def set_cards(items: Sequence[Item]) -> tuple[NumberedCard, ...]:
    """A set is asked as a whole, and from four items on item by item with the others in sight."""
    cards = [NumberedCard(ALL, _numbered(_hidden(item.text.html) for item in items))]
    if len(items) > SMALL:
        for asked in items:
            shown = (_hidden(item.text.html) if item is asked else item.text.html for item in items)
            cards.append(NumberedCard(asked.id, _numbered(shown)))
    return tuple(cards)


def step_cards(steps: Sequence[Item]) -> tuple[NumberedCard, ...]:
    """Steps are asked as a whole, and each with those before it in sight and none after it."""
    cards = [NumberedCard(ALL, _numbered(_hidden(step.text.html) for step in steps))]
    for position, asked in enumerate(steps):
        shown = [step.text.html for step in steps[:position]]
        cards.append(NumberedCard(asked.id, _numbered([*shown, _hidden(asked.text.html)])))
    return tuple(cards)


def _hidden(html: str) -> str:
    return f"{{{{c{NUMBER}::{html}}}}}"


def _numbered(lines: Iterable[str]) -> str:
    return "<ol>" + "".join(f"<li>{line}</li>" for line in lines) + "</ol>"


def note(
    identity: Identity,
    around: Frame,
    prompt: Markup,
    items: Sequence[Item],
    cards: tuple[NumberedCard, ...],
    full: Markup | None = None,
) -> Note:
    """A list note; its numbered fields are empty until the cards have their numbers."""
    texts = [prompt, *(item.text for item in items), *([full] if full else [])]
    return Note(
        identity=identity,
        note_type=LIST,
        fields=(prompt.html, full.html if full else "", *[""] * CARD_NUMBERS, *around.values(identity.label)),
        media=(*(file for text in texts for file in text.media), *around.media),
        numbered=cards,
    )


def fill_numbers(fields: Sequence[str], cards: Iterable[NumberedCard], numbers: Mapping[str, int]) -> list[str]:
    """A list note's fields with each card's text in the field of its number."""
    filled = list(fields)
    first = LIST.index("Text 1")
    for card in cards:
        filled[first + numbers[card.id] - 1] = card.html.replace(NUMBER, str(numbers[card.id]))
    return filled
