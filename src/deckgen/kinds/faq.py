"""A question that a learner should be able to answer, with one short answer or a list.

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

The answer is graded: keep it to a few words, and put what else is worth reading into `full`. When the answer is several
things, write `items`; each gets an id, so that it keeps its card when others are added. Two or three are asked
together, four or five also one by one; six to nine must be put into `groups`. A list of examples is `open: true`.
Steps in an order belong to a procedure.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from deckgen.cards.note import Note
from deckgen.cards.note_types import lists, question
from deckgen.cards.note_types.lists import Group, Item
from deckgen.kinds.entry import Entry, Kind, frame, identity
from deckgen.kinds.items import SET, SET_GROUPS, Items
from deckgen.language.markup import Markup
from deckgen.language.records import key, record
from deckgen.language.values import Flag, MarkupText
from deckgen.project.project import Project


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

    question: Markup = key(MarkupText(), "The front of the card. It must stand alone: name the topic, not 'it'.")
    answer: Markup | None = key(MarkupText(), "The answer in a few words; all that is graded.", default=None)
    items: tuple[Item, ...] | None = key(
        Items(SET), "The answer as a list of two to five, instead of `answer`.", default=None
    )
    groups: tuple[Group, ...] | None = key(
        SET_GROUPS, "The answer as a list of six to nine, in groups with names.", default=None
    )
    open: bool = key(Flag(), "Whether the list is of examples, more of which could be named.", default=False)
    full: Markup | None = key(MarkupText(), "The whole answer, shown below the short one; not graded.", default=None)
    why: Markup | None = key(MarkupText(), "The reason, asked on a second card.", default=None)
    reverse: bool = key(Flag(), "Whether a card also asks from the answer to the question.", default=False)


def notes(faq: Faq, project: Project) -> Iterator[Note]:
    """One note: a question, or a set."""
    who = identity(faq, "faq", faq, project, title=faq.question.html)
    around = frame(faq, project, who)
    if faq.answer is not None:
        yield question.note(who, around, faq.question, faq.answer, faq.full, faq.why, faq.reverse)
    else:
        yield lists.set_note(who, around, faq.question, faq.items, faq.groups, faq.full, is_open=faq.open)


KIND = Kind(
    name="faq",
    section="faq",
    plural="Questions",
    entry=Faq,
    notes=notes,
    asked=("question", "answer", "items", "full"),
)
