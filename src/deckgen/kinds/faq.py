"""A question with one short answer or a list of answers.

Example:

    domain: basics
    source: [book]

    faq:
      - id: two-phases
        question: How many phases does a clinical encounter have in this model?
        answer: Two
        full: Gathering information, and explaining what was found.
        why: Explaining before enough is known misleads.
      - id: three-inputs
        question: Which three inputs does a clinician put together?
        items:
          - history: The history
          - examination: The physical examination
          - imaging: Imaging

Learners grade themselves on the answer, so keep it to a few words; everything else worth reading goes into `full`. If
the answer is several things, write `items`. Each item has an id, so that it keeps its card when you add others. A card
asks for two or three items together; four or five are also asked one by one; divide six to nine into `groups`. If the
source says "including" or "such as", the list only gives examples: add `open: true`. It is then asked only as a whole,
and five or more items need groups. Steps in an order belong to a procedure.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from deckgen.cards.list_cards import Group, Item
from deckgen.cards.note import Note
from deckgen.cards.note_types import lists, question
from deckgen.cards.note_types.question import Reverse
from deckgen.core.diagnostics import Position
from deckgen.kinds.entry import Entry, Kind, identify, shared_fields_for
from deckgen.kinds.items import SET, SET_GROUPS, Items
from deckgen.language.keys import key, record
from deckgen.language.records import Record
from deckgen.language.values import Flag, MarkupText
from deckgen.project.project import Project
from deckgen.text.markup import Markup


@record
class ReverseQuestion:
    """What an author writes for a question that asks from the answer."""

    position: Position
    question: Markup = key(MarkupText(), "The front of the card, which states what the first card asks for.")
    answer: Markup = key(MarkupText(), "The answer in a few words; only this is graded.")


@record
class Faq(Entry):
    """What an author writes for one question."""

    EXACTLY_ONE: ClassVar = (("answer", "items", "groups"),)
    AT_MOST_ONE: ClassVar = (
        ("items", "why"),
        ("items", "reverse"),
        ("groups", "why"),
        ("groups", "reverse"),
        ("answer", "open"),
    )

    question: Markup = key(MarkupText(), "The front of the card. Name the topic, not 'it': cards come in any order.")
    answer: Markup | None = key(MarkupText(), "The answer in a few words; only this is graded.", default=None)
    items: tuple[Item, ...] | None = key(
        Items(SET), "A list of two to five answers, instead of `answer`.", default=None
    )
    groups: tuple[Group, ...] | None = key(SET_GROUPS, "A list of six to nine answers, in named groups.", default=None)
    open: bool = key(Flag(), "The list only gives examples and is not complete.", default=False)
    full: Markup | None = key(MarkupText(), "The full answer, shown below the short one; not graded.", default=None)
    why: Markup | None = key(MarkupText(), "The reason, asked for on a second card.", default=None)
    reverse: ReverseQuestion | None = key(
        Record(ReverseQuestion, "a reverse question"),
        "A card in the other direction, with its own question and answer.",
        default=None,
    )


def notes(faq: Faq, project: Project) -> Iterator[Note]:
    """Make one note: a question, or a set."""
    identity = identify(faq, "faq", project, title=faq.question.html)
    shared = shared_fields_for(faq, project, identity)
    if faq.answer is not None:
        reverse = Reverse(faq.reverse.question, faq.reverse.answer) if faq.reverse else None
        yield question.note(identity, shared, faq.question, faq.answer, faq.full, faq.why, reverse)
    else:
        yield lists.set_note(identity, shared, faq.question, faq.items, faq.groups, faq.full, is_open=faq.open)


KIND = Kind(
    name="faq",
    section="faq",
    plural="Questions",
    entry=Faq,
    notes=notes,
    asked=("question", "answer", "items", "full"),
)
