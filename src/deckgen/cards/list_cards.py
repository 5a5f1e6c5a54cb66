"""The cards of sets and steps, as HTML with a cloze deletion where something is asked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate
from typing import NamedTuple

from deckgen.cards.note import NUMBER, WHOLE, NumberedCard
from deckgen.cards.words import Words
from deckgen.text.escaping import SOUND, within_cloze
from deckgen.text.markup import Markup

SMALL_SET = 3
"""Up to this many items, the others in sight would give one away, so only the whole set is asked."""


MAX_SET = 5


MAX_GROUPED_SET = 9


MAX_RECALLED_STEPS = 7


MAX_STEPS = 12


MAX_PHASED_STEPS = 18
"""How many items can be recalled. A set of more than five is practically unlearnable without groups (Wozniak, Twenty
rules of formulating knowledge, 9); the other limits are our choice, within the card numbers that a note has."""


SHOWN_BEFORE = 2
"""How many steps are shown before the one that is asked."""


GROUP_CARD = "/items"
"""Ends the id of the card that asks for the items of a group, so that no item can have the same id."""


_SOUND = re.compile(rf"\s*{SOUND}")


class Item(NamedTuple):
    """An item of a set or a step of a procedure. Its id, the first that it was given, keeps its card when the list
    changes around it."""

    id: str
    text: Markup
    why: Markup | None = None


class Group(NamedTuple):
    """A named part of a set, or a phase of a procedure; its id is the first that it was given."""

    id: str
    name: Markup
    items: tuple[Item, ...]


def set_cards(items: Sequence[Item], words: Words, is_open: bool) -> list[NumberedCard]:
    """Ask for the whole set and, from four items on, for each item with the others in sight.

    An open set is only asked as a whole: what is missing from examples has many right answers.
    """
    everything = words("examples", count=words.number(len(items))) if is_open else _all(len(items), words)
    shown = list(map(_in_sight, items))
    hidden = list(map(_hidden, items))
    cards = [NumberedCard(WHOLE, _asked(everything, _list(hidden)))]
    for index, asked in enumerate(items):
        lines = [*shown[:index], hidden[index], *shown[index + 1 :]]
        html = _asked(words("missing"), _list(lines))
        cards.append(NumberedCard(asked.id, html, is_open or len(items) <= SMALL_SET))
    return [*cards, *_whys(items, words)]


def grouped_set_cards(groups: Sequence[Group], words: Words, is_open: bool) -> list[NumberedCard]:
    """Ask for a large set in two levels: the names of its groups, then the items of each group.

    An item whose card was published before the set was divided is still asked, with the others of its group in sight.
    """
    names = _list(
        f'{_hide(group.name.html)} <span class="count">({len(group.items)})</span>'
        + _later(_list(map(_in_sight, group.items)))
        for group in groups
    )
    cards = [NumberedCard(WHOLE, _asked(words("groups", count=words.number(len(groups))), names))]
    for asked in groups:
        what = words("group-examples" if is_open else "group-items", count=words.number(len(asked.items)))
        name = f'<p class="phase">{_silent(asked.name.html)}</p>'
        others = _later("".join(_named(group) for group in groups if group is not asked))
        html = _asked(what, name + _list(map(_hidden, asked.items))) + others
        cards.append(NumberedCard(asked.id + GROUP_CARD, html))
        for item in asked.items:
            lines = _list(_hidden(one) if one is item else _in_sight(one) for one in asked.items)
            html = _asked(words("missing-in-group"), name + lines) + others
            cards.append(NumberedCard(item.id, html, only_if_published=True))
    return [*cards, *_whys([item for group in groups for item in group.items], words)]


def step_cards(steps: Sequence[Item], words: Words) -> list[NumberedCard]:
    """Ask for each step with the one or two before it in sight, and for all steps at once unless there are many."""
    all_of_them = _asked(_all(len(steps), words, "-in-order"), _list(map(_hidden, steps)))
    many = len(steps) > MAX_RECALLED_STEPS
    return [
        NumberedCard(WHOLE, all_of_them, only_if_published=many),
        *_next_steps(steps, {}, words),
        *_whys(steps, words),
    ]


def phased_step_cards(phases: Sequence[Group], words: Words) -> list[NumberedCard]:
    """Ask for each step below the name of its phase, and for the phases in order."""
    steps = [step for phase in phases for step in phase.items]
    headings = {phase.items[0].id: _silent(phase.name.html) for phase in phases}
    begins = accumulate((len(phase.items) for phase in phases), initial=1)
    names = _list(
        _hide(phase.name.html) + _later(_list(map(_in_sight, phase.items), start))
        for phase, start in zip(phases, begins, strict=False)
    )
    first = NumberedCard(WHOLE, _asked(words("phases", count=words.number(len(phases))), names))
    return [first, *_next_steps(steps, headings, words), *_whys(steps, words)]


def _next_steps(steps: Sequence[Item], headings: Mapping[str, str], words: Words) -> Iterable[NumberedCard]:
    """A card for each step. A heading is shown above the first step of its phase if that step is in sight."""
    for index, asked in enumerate(steps):
        first = max(0, index - SHOWN_BEFORE)
        gap = '<p class="gap">…</p>' if first else ""
        numbered = list(enumerate(steps))
        lines = "".join(_numbered(numbered[first : index + 1], headings, asked))
        rest = _later("".join([*_numbered(numbered[:first], headings), *_numbered(numbered[index + 1 :], headings)]))
        question = words("next-step" if index else "first-step")
        yield NumberedCard(asked.id, _asked(question, gap + lines) + rest)


def _numbered(
    steps: Sequence[tuple[int, Item]], headings: Mapping[str, str], asked: Item | None = None
) -> Iterator[str]:
    """Steps with their numbers, below the headings of the phases that begin with one of them; one may be ``asked``."""
    lines: list[str] = []
    for number, step in steps:
        if step.id in headings:
            if lines:
                yield _list(lines, number + 1 - len(lines))
            yield f'<p class="phase">{headings[step.id]}</p>'
            lines = []
        lines.append(_hidden(step) if step is asked else _in_sight(step))
    if lines:
        yield _list(lines, steps[-1][0] + 2 - len(lines))


def _whys(items: Sequence[Item], words: Words) -> Iterable[NumberedCard]:
    """A card for the reason of each item that has a ``why``."""
    for item in items:
        if item.why is not None:
            html = f'<p class="given">{_in_sight(item)}</p>{_asked(words("why"), f"<p>{_hide(item.why.html)}</p>")}'
            yield NumberedCard(f"{item.id}/why", html)


def _named(group: Group) -> str:
    """A group of a set with its items, which are shown and not asked."""
    return f'<p class="phase">{_silent(group.name.html)}</p>{_list(map(_in_sight, group.items))}'


def _later(html: str) -> str:
    """What only the back of a card shows. The stylesheet hides it on the front, which has a deletion."""
    return f'<div class="later">{_hide(html)}</div>' if html else ""


def _all(count: int, words: Words, order: str = "") -> str:
    return words(f"both{order}") if count == 2 else words(f"all{order}", count=words.number(count))


def _hide(html: str) -> str:
    """Hide text in a cloze deletion with the number of its card."""
    return f"{{{{c{NUMBER}::{within_cloze(html)}}}}}"


def _hidden(item: Item) -> str:
    return _hide(item.text.html)


def _in_sight(item: Item) -> str:
    """An item that is shown and not asked."""
    return _silent(item.text.html)


def _silent(html: str) -> str:
    """HTML without sounds. Only what is asked is heard: Anki plays every sound of a side when it is shown."""
    return _SOUND.sub("", html) if "[sound:" in html else html


def _asked(question: str, html: str) -> str:
    return f'<p class="ask">{question}</p>{html}'


def _list(lines: Iterable[str], start: int = 1) -> str:
    opening = "<ol>" if start == 1 else f'<ol start="{start}">'
    inside = "</li><li>".join(lines)
    return f"{opening}<li>{inside}</li></ol>"
