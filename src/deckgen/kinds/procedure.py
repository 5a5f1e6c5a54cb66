"""A procedure: what it is, when and how it is done, what can go wrong, and its steps in order.

Example:

    domain: basics
    source: [book]

    procedures:
      - id: hand-hygiene
        name: Hand hygiene
        definition: Cleaning the hands with soap and water, or with an alcohol rub.
        indications:
          - before: Before touching a patient
          - after: After touching a patient
        risks: {question: What harms the skin in hand hygiene?, answer: Hot water, source: [book]}
        steps:
          - wet: Wet the hands.
          - soap: Take soap.
          - rub: Rub all surfaces.
          - rinse: Rinse and dry.
        facts:
          - id: reason
            question: What does hand hygiene break?
            answer: The chain of transmission

Each key below the name is a facet and becomes a note of its own, whose question names the procedure. Write a facet as
text (one answer), as a list (items with ids), or as a mapping when it needs its own question or source. `steps` are
asked in order, each with the steps before it in sight. Anything else worth asking goes under `facts`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import ClassVar

from deckgen import rules
from deckgen.diagnostic import Position
from deckgen.kind import SOURCE, Entry, Items, Kind, frame, identity
from deckgen.markup import Markup, escape
from deckgen.note import Note
from deckgen.note_types import lists, question
from deckgen.note_types.lists import Item
from deckgen.project import Project
from deckgen.schema import Date, ListOf, MarkupText, Reader, Record, Slug, Text, key
from deckgen.source import Mapping, Node, Sequence, noun


@dataclass(frozen=True)
class Facet:
    """One facet written out: its question and source where they differ from the procedure's."""

    EXACTLY_ONE: ClassVar = (("answer", "items"),)
    AT_MOST_ONE: ClassVar = (("items", "why"),)

    position: Position
    question: Markup | None = key(MarkupText(), "The front of the card; without it deckgen words one.", default=None)
    answer: Markup | None = key(MarkupText(), "The answer in a few words.", default=None)
    items: tuple[Item, ...] | None = key(Items(), "The answer as a list, instead of `answer`.", default=None)
    full: Markup | None = key(MarkupText(), "The whole answer, below the short one; not graded.", default=None)
    why: Markup | None = key(MarkupText(), "The reason, asked on a second card.", default=None)
    hint: Markup | None = key(MarkupText(), "A cue below the question.", default=None)
    extra: Markup | None = key(MarkupText(), "More to know, below the answer; not asked.", default=None)
    source: tuple[str, ...] = key(
        ListOf(SOURCE), "What this facet rests on, instead of the procedure's source.", default=()
    )
    as_of: str | None = key(Date(), "When it was true, for facts that age.", default=None)


@dataclass(frozen=True)
class Fact(Facet):
    """A further question about a procedure."""

    id: str = key(Slug(), "The fact's identity for ever, unique within the procedure.")
    question: Markup = key(MarkupText(), "The front of the card; it names the procedure.")


@dataclass(frozen=True)
class FacetShape:
    """Text, a list of items, or a mapping with more keys."""

    noun: str = "text, a list of items, or a mapping with an answer or items"

    def read(self, node: Node, reader: Reader) -> Facet | None:
        if isinstance(node, Mapping):
            return Record(Facet, "a facet").read(node, reader)
        if isinstance(node, Sequence):
            items = Items().read(node, reader)
            return Facet(position=reader.source.position(node), items=items) if items else None
        answer = MarkupText().read(node, reader)
        return Facet(position=answer.position, answer=answer) if answer else None


@dataclass(frozen=True)
class Steps:
    """The steps in order, or a mapping with `items` and more keys."""

    noun: str = "a list of steps, each an id and its text"

    def read(self, node: Node, reader: Reader) -> Facet | None:
        facet = FacetShape().read(node, reader) if isinstance(node, Mapping | Sequence) else None
        if facet is not None and facet.items is not None:
            return facet
        if facet is not None or not isinstance(node, Mapping | Sequence):
            reader.error(rules.WRONG_SHAPE, node, f"expected {self.noun}, found {noun(node)}")
        return None


_FACET = FacetShape()


@dataclass(frozen=True)
class Procedure(Entry):
    """What an author writes for one procedure."""

    name: Markup = key(MarkupText(), "The procedure's full name.")
    acronym: str | None = key(Text(), "Its acronym, asked on a card of its own.", default=None)
    definition: Facet | None = key(_FACET, "What it is.", default=None)
    other_names: Facet | None = key(_FACET, "What else it is called.", default=None)
    indications: Facet | None = key(_FACET, "When it is done.", default=None)
    guidance: Facet | None = key(_FACET, "How the instrument is guided to its target.", default=None)
    risks: Facet | None = key(_FACET, "What can go wrong.", default=None)
    steps: Facet | None = key(Steps(), "The steps in order, each with an id.", default=None)
    facts: tuple[Fact, ...] = key(ListOf(Record(Fact, "a fact")), "Further questions about it.", default=())


_COUNTS = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")

# The question of each facet: for one answer, and for a list.
_QUESTIONS = {
    "definition": ("Define {name}.", "Name the {count} parts of {name}."),
    "other_names": ("What is another name for {name}?", "Name {count} other names for {name}."),
    "indications": ("When is {name} considered?", "Name {count} indications for {name}."),
    "guidance": ("How is {name} guided?", "Name {count} ways of guiding {name}."),
    "risks": ("What can go wrong in {name}?", "Name {count} risks of {name}."),
    "steps": ("", "Name the {count} steps of {name} in order."),
}


def notes(procedure: Procedure, project: Project) -> Iterator[Note]:
    """A note for each facet and fact."""
    if procedure.acronym:
        asked = f"What does the acronym {procedure.acronym} stand for?"
        answer = Facet(position=procedure.position, answer=procedure.name)
        yield _note(procedure, "acronym", answer, Markup(asked, escape(asked), procedure.position), project)
    for name, (one, several) in _QUESTIONS.items():
        facet: Facet | None = getattr(procedure, name)
        if facet is not None:
            yield _note(procedure, name.replace("_", "-"), facet, _question(procedure, facet, one, several), project)
    for fact in procedure.facts:
        yield _note(procedure, f"facts/{fact.id}", fact, fact.question, project)


def _note(procedure: Procedure, name: str, facet: Facet, asked: Markup, project: Project) -> Note:
    about = replace(
        procedure,
        position=facet.position,
        source=facet.source or procedure.source,
        as_of=facet.as_of or procedure.as_of,
        hint=facet.hint,
        extra=facet.extra or procedure.extra,
    )
    who = identity(procedure, "procedure", about, project, title=procedure.name.html, facet=name)
    around = frame(about, project, topic=procedure.name.html)
    if facet.items is not None:
        cards = lists.step_cards(facet.items) if name == "steps" else lists.set_cards(facet.items)
        return lists.note(who, around, asked, facet.items, cards, facet.full)
    assert facet.answer is not None  # a facet has one of the two
    return question.note(who, around, asked, facet.answer, facet.full, facet.why)


def _question(procedure: Procedure, facet: Facet, one: str, several: str) -> Markup:
    """The facet's own question, or one made of the procedure's name."""
    if facet.question is not None:
        return facet.question
    name = procedure.name
    pattern = one if facet.items is None else several
    count = (
        "" if facet.items is None else _COUNTS[len(facet.items) - 2] if len(facet.items) < 13 else str(len(facet.items))
    )
    text = pattern.format(name=_within_sentence(name.text), count=count)
    return Markup(text, pattern.format(name=_within_sentence(name.html), count=count), facet.position)


def _within_sentence(name: str) -> str:
    """A name with a small first letter, unless it begins with an acronym or a person's name would need it."""
    return name[0].lower() + name[1:] if name[1:2].islower() else name


KIND = Kind(name="procedure", section="procedures", plural="Procedures", entry=Procedure, notes=notes)
