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

Each key below the name is a facet. It becomes a note, and deckgen writes its question. Write a facet as text (one
answer), as a list (items with ids), or as a mapping if it needs its own question or source. Each step makes a card,
which shows the two steps before it; a step can be a mapping with `text` and `why`. Divide more than seven steps into
`phases`. Everything else worth asking goes into `facts`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from deckgen.cards.list_cards import Group, Item
from deckgen.cards.note import Identity, Note, Waiver
from deckgen.cards.note_types import lists, question
from deckgen.cards.note_types.frame import SharedFields
from deckgen.cards.words import Words
from deckgen.core import rules
from deckgen.core.diagnostics import Position
from deckgen.core.nodes import MappingNode
from deckgen.kinds.entry import REVIEWED, SOURCE, Entry, Kind, Reviewed, Waivers, identify, shared_fields_for
from deckgen.kinds.items import PHASES, SET, SET_GROUPS, STEPS, Items, earlier_id
from deckgen.language.keys import key, make, record, with_values
from deckgen.language.patterns import Date, Slug
from deckgen.language.records import Either, ListOf, Record
from deckgen.language.shapes import Reader
from deckgen.language.values import Flag, MarkupText, Text
from deckgen.project.project import Project
from deckgen.text.escaping import escape, unescaped
from deckgen.text.markup import Markup


@record
class Part:
    """The keys by which a part of a procedure can differ from the procedure."""

    position: Position
    question: Markup | None = key(MarkupText(), "The front of the card; by default deckgen writes one.", default=None)
    full: Markup | None = key(MarkupText(), "The full answer, shown below the short one; not graded.", default=None)
    hint: Markup | None = key(MarkupText(), "A hint below the question.", default=None)
    extra: Markup | None = key(MarkupText(), "More to read below the answer; not asked.", default=None)
    source: tuple[str, ...] = key(ListOf(SOURCE), "What supports it, instead of the procedure's source.", default=())
    as_of: str | None = key(Date(), "When it was true, for facts that change.", default=None)
    allow: tuple[Waiver, ...] = key(Waivers(), "Rules that it may break, each with the reason.", default=())
    reviewed: Reviewed | None = key(REVIEWED, "Who checked this part, and when.", default=None)


@record
class Facet(Part):
    """A facet written as a mapping."""

    EXACTLY_ONE: ClassVar = (("answer", "items", "groups"),)
    AT_MOST_ONE: ClassVar = (("items", "why"), ("groups", "why"), ("answer", "open"))

    answer: Markup | None = key(MarkupText(), "The answer in a few words.", default=None)
    items: tuple[Item, ...] | None = key(
        Items(SET), "A list of two to five answers, instead of `answer`.", default=None
    )
    groups: tuple[Group, ...] | None = key(SET_GROUPS, "A list of six to nine answers, in named groups.", default=None)
    open: bool = key(Flag(), "The list only gives examples and is not complete.", default=False)
    why: Markup | None = key(MarkupText(), "The reason, asked for on a second card.", default=None)


@record
class Fact(Facet):
    """Another question about a procedure."""

    id: str = key(Slug(), "Permanent identifier of the fact, unique within the procedure; never change it.")
    was: str | None = earlier_id("fact", "their progress")
    question: Markup = key(MarkupText(), "The front of the card; it names the procedure.")


@record
class Steps(Part):
    """Steps written as a mapping."""

    EXACTLY_ONE: ClassVar = (("items", "phases"),)

    items: tuple[Item, ...] | None = key(Items(STEPS), "The steps in order, each with an id.", default=None)
    phases: tuple[Group, ...] | None = key(PHASES, "Many steps, in two to five named phases.", default=None)


_FACET = Either("text, a list of items, or a mapping", Record(Facet, "a facet"), text="answer", items="items")
_STEPS = Either("a list of steps, each an id and its text", Record(Steps, "steps"), items="items")


@record
class Procedure(Entry):
    """What an author writes for one procedure."""

    name: Markup = key(MarkupText(), "The procedure's full name.")
    acronym: str | None = key(Text(), "Its acronym, asked for on its own card.", default=None)
    definition: Facet | None = key(_FACET, "What it is.", default=None)
    other_names: Facet | None = key(_FACET, "What else it is called.", default=None)
    indications: Facet | None = key(_FACET, "When it is done.", default=None)
    guidance: Facet | None = key(_FACET, "How the instrument is guided to the target.", default=None)
    risks: Facet | None = key(_FACET, "What can go wrong.", default=None)
    steps: Steps | None = key(_STEPS, "The steps in order, each with an id.", default=None)
    facts: tuple[Fact, ...] = key(ListOf(Record(Fact, "a fact")), "Other questions about it.", default=())

    def check_values(self, node: MappingNode, reader: Reader) -> bool:
        """Check that there is something to ask."""
        if any(getattr(self, name) for name in _ASKED):
            return True
        message = "expected something to ask about the procedure, found none"
        reader.error(rules.NO_CARD, node, message, f"write one of the keys {', '.join(_ASKED)}")
        return False


_FACETS = ("definition", "other_names", "indications", "guidance", "risks")
_ASKED = ("acronym", *_FACETS, "steps", "facts")


def notes(procedure: Procedure, project: Project) -> Iterator[Note]:
    """Make a note for each facet and fact."""
    if procedure.acronym:
        acronym = make(Facet, procedure.position, {"answer": procedure.name})
        html = project.words("acronym-of", name=escape(procedure.acronym))
        asked = Markup(unescaped(html), html, procedure.position)
        yield _note(procedure, "acronym", acronym, asked, project, worded=True)
    for name in _FACETS:
        facet: Facet | None = getattr(procedure, name)
        if facet is not None:
            facet_id = name.replace("_", "-")
            asked = facet.question or _question(facet_id, procedure, facet, project.words)
            yield _note(procedure, facet_id, facet, asked, project, worded=facet.question is None)
    if (steps := procedure.steps) is not None:
        identity, shared = _identity_and_shared_fields(procedure, "steps", steps, project)
        text, html = (project.words("steps", name=name) for name in (procedure.name.text, procedure.name.html))
        asked = steps.question or Markup(text, html, steps.position)
        worded = steps.question is None
        yield lists.steps_note(identity, shared, asked, steps.items, steps.phases, steps.full, worded=worded)
    for fact in procedure.facts:
        was = f"facts/{fact.was}" if fact.was else ""
        yield _note(procedure, f"facts/{fact.id}", fact, fact.question, project, was=was)


def _note(
    procedure: Procedure,
    name: str,
    facet: Facet,
    asked: Markup,
    project: Project,
    *,
    was: str = "",
    worded: bool = False,
) -> Note:
    identity, shared = _identity_and_shared_fields(procedure, name, facet, project, was)
    if facet.answer is not None:
        return question.note(
            identity, shared, asked, facet.answer, facet.full, facet.why, worded=worded, actionable=True
        )
    items, groups = facet.items, facet.groups
    return lists.set_note(
        identity, shared, asked, items, groups, facet.full, is_open=facet.open, worded=worded, actionable=True
    )


def _identity_and_shared_fields(
    procedure: Procedure, name: str, part: Part, project: Project, was: str = ""
) -> tuple[Identity, SharedFields]:
    """The identity and the shared fields of a part's note: the procedure's, except for what the part says itself."""
    entry = with_values(
        procedure,
        position=part.position,
        source=part.source or procedure.source,
        as_of=part.as_of or procedure.as_of,
        hint=part.hint or procedure.hint,
        extra=part.extra or procedure.extra,
        allow=part.allow or procedure.allow,
        reviewed=part.reviewed or procedure.reviewed,
    )
    identity = identify(entry, "procedure", project, title=procedure.name.html, facet=name, was=was)
    topic = "" if name == "acronym" else procedure.name.html  # the name is what the acronym's card asks for
    return identity, shared_fields_for(entry, project, identity, topic)


def _question(id: str, procedure: Procedure, facet: Facet, words: Words) -> Markup:
    """Write the question for a facet of a procedure."""
    name = procedure.name
    phrase = id if facet.answer is not None else f"{id}-list"
    count = len(facet.items or ()) or sum(len(group.items) for group in facet.groups or ())
    text, html = (
        # the name comes last, since it may contain '{count}'
        words(phrase, count=words.number(count), name=_within_sentence(one) if words.language == "en" else one)
        for one in (name.text, name.html)
    )
    return Markup(text, html, facet.position)


def _within_sentence(name: str) -> str:
    """Lower the first letter of a name, unless its first word has other capitals, as in 'MRI', 'IgG' or 'McKenzie'."""
    first = name.partition(" ")[0]
    return first[0].lower() + name[1:] if first[1:2].islower() and first[1:] == first[1:].lower() else name


KIND = Kind(
    name="procedure",
    section="procedures",
    plural="Procedures",
    entry=Procedure,
    notes=notes,
    rank=1,
    asked=("name", "acronym", "definition", "indications", "risks", "steps"),
)
