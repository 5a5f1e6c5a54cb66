"""Card numbers: the ordinal in Anki of each card of a note, now and in every later build.

Anki keeps a learner's progress by note and ordinal. So a card keeps the number that it was first given, and no other
card of the note ever gets that number.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from deckgen.cards.note import NUMBER, SEPARATOR, WHOLE, Note, NumberedCard
from deckgen.cards.note_type import MAX_CARDS, NoteType
from deckgen.cards.template import numbers_by_name
from deckgen.project.lock_lines import NoteLine

_LOST = "-"
"""Begins the name of a number that no card keeps, as in ``-6``; no item can have such an id."""


def with_card_numbers(note: Note, published: Mapping[str, int]) -> Note:
    """Assign the numbers and ordinals of a note's cards; ``published`` has the number of each card it ever had.

    Only the cards of a note type with numbered fields need this. In others, a card has the number of its template.
    """
    if not note.note_type.numbered_fields:
        if not note.cards and note.note_type.anki and published:
            # Anki keeps the first card of a note whose fronts are all empty.
            note = note._replace(cards=(0,), numbers=numbers_by_name(note.note_type, (0,)))
        if published.keys() <= note.numbers.keys():
            return note
        own = {card: number for card, number in published.items() if _number_of(note.note_type, card) == number}
        return note._replace(numbers={**own, **note.numbers})
    cards = [card for card in note.numbered if not card.only_if_published or card.id in published]
    whole = WHOLE in [card.id for card in note.numbered]
    numbers = _allot(published, [card.id for card in cards], last=MAX_CARDS - whole)
    text = SEPARATOR.join(_with_card_texts(note.note_type, note.fields, cards, numbers))
    ords = tuple(sorted([numbers[card.id] - 1 for card in cards]))
    return note._replace(text=text, numbered=(), cards=ords, numbers=numbers)


def keeps_numbers(note: Note, published: Mapping[str, int]) -> bool:
    """Whether every published card that the note's type can have keeps its number, and no two cards have the same one.
    The templates of a project's own type are compared with the released ones instead."""
    if note.note_type.is_from_project or published == note.numbers:
        return True
    if not note.note_type.numbered_fields:
        published = {card: number for card, number in published.items() if _number_of(note.note_type, card)}
    return published.items() <= note.numbers.items() and len(set(note.numbers.values())) == len(note.numbers)


def _number_of(note_type: NoteType, card: str) -> int:
    """The number that a card has in every note of a type without numbered fields; 0 if none of them can have it. A note
    that had another type before its release has such cards in the lock."""
    if note_type.cloze:
        return int(card[1:]) if re.fullmatch("c[0-9]{1,3}", card) else 0
    return next((number for number, one in enumerate(note_type.templates, 1) if one.key == card), 0)


def published_numbers(lines: Sequence[NoteLine], released: Sequence[NoteLine] = ()) -> Mapping[str, int]:
    """The number of each card that a note ever had, from all lines that are known for it.

    A card keeps the number that a release gave it. If two branches gave one number to two cards, and no release has
    either, learners of each branch know a different card by it. So neither card keeps the number, and both get new
    ones. A number that no card keeps is recorded as lost: ``-6`` has number 6.
    """
    if len(lines) < 2 and not released:
        return lines[0].numbers if lines else {}
    numbers = dict(published_numbers(released)) if released else {}
    fixed = set(numbers.values())
    given = {(card, number) for line in (*released, *lines) for card, number in line.numbers.items()}
    cards_with = Counter(number for _, number in given)
    kept = {card: number for card, number in sorted(given, reverse=True) if cards_with[number] == 1}
    numbers = {card: number for card, number in kept.items() if number not in fixed} | numbers
    highest = max([number for card, number in given if card != WHOLE], default=0)
    for card in sorted({card for card, _ in given if not card.startswith(_LOST)} - numbers.keys()):
        numbers[card] = highest = _next(highest, MAX_CARDS - 1)
    return numbers | {f"{_LOST}{number}": number for number in cards_with.keys() - numbers.values()}


def _with_card_texts(
    note_type: NoteType, fields: Sequence[str], cards: Iterable[NumberedCard], numbers: Mapping[str, int]
) -> list[str]:
    """Put the text of each card into the field of its number; a number too high for the note type has none."""
    filled = list(fields)
    for card in cards:
        number = numbers[card.id]
        if number <= MAX_CARDS:
            filled[note_type.numbered_fields[number - 1]] = card.html.replace(NUMBER, str(number))
    return filled


def _allot(published: Mapping[str, int], cards: Iterable[str], last: int) -> dict[str, int]:
    """Give each card without a number the next free one.

    ``last`` is the last number for ordinary cards: the very last one is reserved for the card that asks for the whole.
    If a note has too many cards, some get numbers above MAX_CARDS, for which it has no fields; linking reports that.
    """
    numbers = dict(published)
    highest = max([number for card, number in published.items() if card != WHOLE], default=0)
    for card in cards:
        if card == WHOLE:
            numbers[card] = MAX_CARDS
        elif card not in numbers:
            numbers[card] = highest = _next(highest, last)
    return numbers


def _next(number: int, last: int) -> int:
    """The number after another; after ``last``, those above MAX_CARDS, which no note has a field for."""
    return MAX_CARDS + 1 if number == last else number + 1
