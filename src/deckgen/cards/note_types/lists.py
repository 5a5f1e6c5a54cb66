"""The list note type: a set or a sequence of steps, with a card for each item and one for the whole.

Anki blanks a cloze field that has no deletion with the card's number. So each card number has its own field, and the
cards of a list can show different parts of it without a script, in every client and every version since 2.1.49.
"""

from __future__ import annotations

from collections.abc import Sequence

from deckgen.cards.list_cards import Group, Item, grouped_set_cards, phased_step_cards, set_cards, step_cards
from deckgen.cards.note import Identity, Note, NumberedCard, Statement
from deckgen.cards.note_type import MAX_CARDS, Field, NoteType
from deckgen.cards.note_types import frame
from deckgen.cards.note_types.frame import SharedFields
from deckgen.text.markup import Markup

_PROMPT = '<div class="question" dir="auto">{{Prompt}}</div>'
_ITEMS = f'<div class="answer items" dir="auto">{frame.CLOZES}</div>'

NOTE_TYPE = NoteType(
    name="list",
    fields=(Field("Prompt"), Field("Full"), *frame.NUMBERED, *frame.FIELDS),
    templates=(
        frame.template(
            "list",
            "List",
            _PROMPT,
            f"{_ITEMS}\n{frame.FULL}",
            (f"{{{{Prompt}}}} {frame.CLOZES}", frame.CLOZES),
            blank=_ITEMS,
        ),
    ),
    css=frame.stylesheet(),
    cloze=True,
    numbered_fields=range(2, 2 + MAX_CARDS),
)


def set_note(
    identity: Identity,
    shared: SharedFields,
    prompt: Markup,
    items: Sequence[Item] | None,
    groups: Sequence[Group] | None,
    full: Markup | None,
    *,
    is_open: bool,
    worded: bool = False,
    actionable: bool = False,
) -> Note:
    """A set, plain or in groups. An open set lists examples. ``worded`` says that deckgen wrote the prompt."""
    words = shared.words
    cards = set_cards(items or (), words, is_open) if groups is None else grouped_set_cards(groups, words, is_open)
    statement = Statement(open=is_open, worded=worded, actionable=actionable)
    return _note(identity, shared, prompt, items, groups, cards, full, statement)


def steps_note(
    identity: Identity,
    shared: SharedFields,
    prompt: Markup,
    steps: Sequence[Item] | None,
    phases: Sequence[Group] | None,
    full: Markup | None,
    *,
    worded: bool,
) -> Note:
    """Steps in order, plain or in phases."""
    cards = step_cards(steps or (), shared.words) if phases is None else phased_step_cards(phases, shared.words)
    statement = Statement(ordered=True, worded=worded, actionable=True)
    return _note(identity, shared, prompt, steps, phases, cards, full, statement)


def _note(
    identity: Identity,
    shared: SharedFields,
    prompt: Markup,
    items: Sequence[Item] | None,
    groups: Sequence[Group] | None,
    cards: Sequence[NumberedCard],
    full: Markup | None,
    statement: Statement,
) -> Note:
    """A list note, whose cards get their numbers when the project is linked."""
    everything = [*(items or ()), *(item for group in groups or () for item in group.items)]
    texts = [prompt, full, *(group.name for group in groups or ()), *(item.text for item in everything)]
    texts += [item.why for item in everything]
    below = f'<p class="open">{shared.words("open")}</p>' if statement.open else ""
    fields = [prompt.html, (full.html if full else "") + below, *frame.NO_TEXTS]
    statement = statement._replace(
        prompt=prompt,
        items=tuple(item.text for item in everything),
        full=full,
        groups=len(groups or ()),
    )
    return frame.note(NOTE_TYPE, identity, shared, fields, texts, statement, numbered=cards)
