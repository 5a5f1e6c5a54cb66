"""What a kind is, and what the entries of all kinds have in common."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, Final, Generic, TypeVar

from deckgen.cards.note import Identity, Note, Waiver, guid
from deckgen.cards.note_types.frame import Frame, around
from deckgen.core.diagnostics import Position
from deckgen.language import rules
from deckgen.language.escaping import escape
from deckgen.language.markup import Markup, media_of
from deckgen.language.nodes import MappingNode, Node
from deckgen.language.records import ListOf, MapOf, key, record
from deckgen.language.shapes import JsonSchema, Reader, SchemaBuilder
from deckgen.language.values import Date, Flag, Link, LinkTo, MarkupText, Name, Slug, Tag, Text
from deckgen.project.project import Project

DOMAIN = Name("domain", rules.UNKNOWN_DOMAIN, "deckgen.yaml")
SOURCE = Name("source", rules.UNKNOWN_SOURCE, "sources.yaml")


@record
class About:
    """What a statement is about and what it rests on. At the top of a file the keys are defaults for its entries."""

    position: Position
    domain: str = key(DOMAIN, "The skill domain, one of those in deckgen.yaml.", inherited=True)
    source: tuple[str, ...] = key(
        ListOf(SOURCE), "What the statement rests on: one or more keys of sources.yaml.", default=(), inherited=True
    )
    as_of: str | None = key(
        Date(),
        "When the statement was true, for facts that age: 2026, 2026-11 or 2026-11-24.",
        default=None,
        inherited=True,
    )
    tags: tuple[str, ...] = key(
        ListOf(Tag()), "More tags, each put under the project's own; '::' makes levels.", default=(), inherited=True
    )
    topic: Markup | None = key(
        MarkupText(),
        "What the card is about, shown above its question beside the domain.",
        default=None,
        inherited=True,
    )
    hide_domain: bool = key(
        Flag(),
        "Whether the domain above the question would give the answer away; the project's title then stands there.",
        default=False,
    )
    hint: Markup | None = key(
        MarkupText(), "A cue below the question, for when two cards could have the same answer.", default=None
    )
    extra: Markup | None = key(MarkupText(), "More to know, below the answer; not asked.", default=None)


_REASONS = MapOf(Text(), "a rule", of="rule")


class Waivers:
    """Rules that an entry may break, each with the reason."""

    noun = "a mapping from rules to the reasons for breaking them"

    def read(self, node: Node, reader: Reader) -> tuple[Waiver, ...] | None:
        reasons = _REASONS.read(node, reader)
        if reasons is None or not isinstance(node, MappingNode):
            return None
        return tuple(Waiver(rule, reasons[rule], reader.source.position(pair.key)) for rule, pair in node.pairs.items())

    def json_schema(self, builder: SchemaBuilder) -> JsonSchema:
        return builder.define("allow", lambda: _REASONS.json_schema(builder))


@record
class Entry(About):
    """What an author writes for one thing to learn."""

    id: str = key(Slug(), "The entry's identity for ever: its text may change, its id may not.")
    was: str | None = key(
        Slug(),
        "The id under which it was first published, if it has another today: learners keep their progress.",
        default=None,
    )
    confuse_with: tuple[Link, ...] = key(
        ListOf(LinkTo()),
        "Ids of entries of this kind that are easily taken for it; both cards then say so.",
        default=(),
    )
    allow: tuple[Waiver, ...] = key(
        Waivers(), "Rules that it may break, each with the reason; `deckgen explain` lists them.", default=()
    )


E = TypeVar("E", bound=Entry)


class Kind(Generic[E]):
    """A kind of entries: its name, the section of a file that holds it, what an author writes, and the notes from it.

    ``plural`` names its subdeck, ``asked`` the keys that 'deckgen new' asks for. The module's docstring is the kind's
    manual.
    """

    def __init__(
        self,
        name: str,
        section: str,
        plural: str,
        entry: type[E],
        notes: Callable[[E, Project], Iterator[Note]],
        asked: tuple[str, ...],
    ) -> None:
        self.name: Final = name
        self.section: Final = section
        self.plural: Final = plural
        self.entry: Final = entry
        self.notes: Final = notes
        self.asked: Final = asked


AnyKind = Kind[Any]


def identity(
    entry: Entry,
    kind: str,
    about: About,
    project: Project,
    title: str,
    facet: str = "",
    waivers: tuple[Waiver, ...] = (),
) -> Identity:
    """What every note of an entry says of itself; ``facet`` tells the notes of one entry apart."""
    own = f"{kind}/{entry.id}"
    label = f"{own}/{facet}" if facet else own
    id = f"{kind}/{entry.was}{label.removeprefix(own)}" if entry.was else label
    links = entry.confuse_with and tuple(Link(f"{kind}/{other.id}", other.position) for other in entry.confuse_with)
    return Identity(  # by place: the names of as many would cost more than all else here
        id,
        guid(project.file.namespace, id),
        label,
        kind,
        own,
        about.domain,
        title,
        _tags(project.file.tag, about.domain, kind, about.tags),
        links,
        about.position,
        about.source,
        about.as_of,
        waivers or entry.allow,
    )


@cache
def _tags(above: str, domain: str, kind: str, tags: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"{above}::{tag}" for tag in dict.fromkeys((f"domain::{domain}", f"kind::{kind}", *tags)))


def frame(about: About, project: Project, who: Identity, topic: str = "") -> Frame:
    """What stands around the question and the answer of a note."""
    return around(
        who.label,
        escape(project.file.title) if about.hide_domain else project.domain_html(about.domain),
        about.topic.html if about.topic else topic,
        project.sources_html(about.source),
        about.as_of or "",
        about.hint,
        about.extra,
        media_of((about.hint, about.extra, about.topic)),
    )
