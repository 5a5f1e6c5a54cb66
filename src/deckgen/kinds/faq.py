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
things, write `items`; each gets an id, so that it keeps its card when others are added. Steps in an order belong to a
procedure.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from deckgen.kind import Entry, Items, Kind, frame, identity
from deckgen.markup import Markup
from deckgen.note import Note
from deckgen.note_types import lists, question
from deckgen.note_types.lists import Item
from deckgen.project import Project
from deckgen.schema import Flag, MarkupText, key


@dataclass(frozen=True)
class Faq(Entry):
    """What an author writes for one question."""

    EXACTLY_ONE: ClassVar = (("answer", "items"),)
    AT_MOST_ONE: ClassVar = (("items", "why"), ("items", "reverse"))

    question: Markup = key(MarkupText(), "The front of the card. It must stand alone: name the topic, not 'it'.")
    answer: Markup | None = key(MarkupText(), "The answer in a few words; all that is graded.", default=None)
    items: tuple[Item, ...] | None = key(Items(), "The answer as a list, instead of `answer`.", default=None)
    full: Markup | None = key(MarkupText(), "The whole answer, shown below the short one; not graded.", default=None)
    why: Markup | None = key(MarkupText(), "The reason, asked on a second card.", default=None)
    reverse: bool = key(Flag(), "Whether a card also asks from the answer to the question.", default=False)


def notes(faq: Faq, project: Project) -> Iterator[Note]:
    """One note: a question, or a list."""
    who = identity(faq, "faq", faq, project, title=faq.question.html)
    around = frame(faq, project)
    if faq.items is not None:
        yield lists.note(who, around, faq.question, faq.items, lists.set_cards(faq.items), faq.full)
    elif faq.answer is not None:
        yield question.note(who, around, faq.question, faq.answer, faq.full, faq.why, faq.reverse)


KIND = Kind(name="faq", section="faq", plural="Questions", entry=Faq, notes=notes)
