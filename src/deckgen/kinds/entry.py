"""What a kind is, and what the entries of all kinds have in common."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, Generic, TypeVar

from deckgen.cards.note import Identity, Note, Review, Waiver, guid
from deckgen.cards.note_types.frame import SharedFields, shared_fields
from deckgen.core import rules
from deckgen.core.diagnostics import Position
from deckgen.core.nodes import MappingNode, Node
from deckgen.language.keys import Key, key, record
from deckgen.language.patterns import SLUG, Date, Line, Slug, Tag
from deckgen.language.records import ListOf, MapOf, Record
from deckgen.language.shapes import JsonSchema, Reader, SchemaBuilder
from deckgen.language.values import Flag, Link, MarkupText, Name, Text
from deckgen.project.project import Project
from deckgen.text.escaping import escape
from deckgen.text.markup import Markup, media_of

DOMAIN = Name("domain", rules.UNKNOWN_DOMAIN, "deckgen.yaml")
SOURCE = Name("source", rules.UNKNOWN_SOURCE, "sources.yaml")


class _SameKind(Slug):
    """The id of an entry of the same kind, so without the kind."""

    def suggestion(self, text: str) -> str:
        return super().suggestion(text.rpartition("/")[2])


@record
class About:
    """What a statement is about and what supports it. Those marked ``inherited`` can stand at the top of a
    file as defaults for its entries."""

    position: Position
    domain: str = key(DOMAIN, "The domain, one of those in deckgen.yaml.", inherited=True)
    source: tuple[str, ...] = key(
        ListOf(SOURCE), "What supports the statement: keys of sources.yaml.", default=(), inherited=True
    )
    as_of: str | None = key(
        Date(),
        "The date when the statement was true, for facts that change: 2026, 2026-11 or 2026-11-24.",
        default=None,
        inherited=True,
    )
    tags: tuple[str, ...] = key(
        ListOf(Tag()),
        "More tags, which Anki shows below the tag of the project; '::' separates levels.",
        default=(),
        inherited=True,
    )
    topic: Markup | None = key(
        MarkupText(),
        "The topic of the card, shown after the domain above the question.",
        default=None,
        inherited=True,
    )
    hide_domain: bool = key(
        Flag(),
        "Show the project's title above the question, because the domain would give the answer away.",
        default=False,
    )
    hint: Markup | None = key(
        MarkupText(),
        "A hint below the question, for when the question alone has more than one right answer.",
        default=None,
    )
    extra: Markup | None = key(MarkupText(), "More to read below the answer; not asked.", default=None)


_REASONS = MapOf(Text(), "a rule", of="rule")


class Waivers:
    """The rules that an entry may break, each with the reason."""

    noun = "a mapping from rules to the reasons for breaking them"

    def read(self, node: Node, reader: Reader) -> tuple[Waiver, ...] | None:
        reasons = _REASONS.read(node, reader)
        if reasons is None or not isinstance(node, MappingNode):
            return None
        return tuple(Waiver(rule, reasons[rule], reader.source.position(pair.key)) for rule, pair in node.pairs.items())

    def json_schema(self, builder: SchemaBuilder) -> JsonSchema:
        return builder.define("allow", lambda: _REASONS.json_schema(builder))


@record
class Reviewed:
    """A review as an author writes it."""

    position: Position
    by: str = key(Text(), "Who checked it, with a qualification, such as 'A. Name, MD'.")
    on: str = key(Date(), "When.")


REVIEWED = Record(Reviewed, "a review")


class LinkTo:
    """The id of another entry. Whether that exists is known once all files are read."""

    noun = "the id of another entry"

    def read(self, node: Node, reader: Reader) -> Link | None:
        id = _SameKind().read(node, reader)
        return None if id is None else Link(id, reader.source.position(node))

    def json_schema(self, builder: SchemaBuilder) -> JsonSchema:
        return SLUG.json_schema(builder)


@record
class Entry(About):
    """What an author writes for one thing to learn."""

    id: str = key(Slug(), "Permanent identifier of the entry; never change it, even when the text changes.")
    was: str | None = key(
        _SameKind(),
        "The id under which the entry was first released, if it was renamed since; learners keep their progress.",
        default=None,
    )
    confuse_with: tuple[Link, ...] = key(
        ListOf(LinkTo()),
        "Ids of entries of this kind that learners may confuse with it; the cards of both say so.",
        default=(),
    )
    allow: tuple[Waiver, ...] = key(
        Waivers(),
        "Rules that the entry may break, each with the reason; `deckgen explain` lists the rules.",
        default=(),
    )
    reviewed: Reviewed | None = key(
        REVIEWED,
        "Who checked the cards, and when. Cards do not show it, so a review changes no card.",
        default=None,
    )


E = TypeVar("E", bound=Entry)


@dataclass(frozen=True, slots=True)
class Kind(Generic[E]):
    """A kind of entries. The docstring of its module is its manual.

    ``section`` is the part of a file that contains its entries, ``plural`` the name of its subdeck, ``entry`` what an
    author writes, and ``asked`` the keys that 'deckgen new' asks for. ``notes`` makes the notes of an entry. New cards
    of kinds with a lower ``rank`` come first: 0 is for foundations, 1 for what builds on them, 2 for names to look up.
    ``unshown`` are the keys of all entries that no card of this kind shows.
    """

    name: str
    section: str
    plural: str
    entry: type[E]
    notes: Callable[[E, Project], Iterator[Note]]
    asked: tuple[str, ...]
    rank: int = 0
    unshown: tuple[str, ...] = ()


AnyKind = Kind[Any]


def is_title(key: Key) -> bool:
    """Whether the text of a key says what its entry is about: a question, a name or a title."""
    return key.required and not key.inherited and isinstance(key.shape, MarkupText | Text | Line)


def identify(entry: Entry, kind: str, project: Project, title: str, facet: str = "", was: str = "") -> Identity:
    """The identity of a note of an entry; ``facet`` distinguishes the notes of one entry, and ``was`` is the facet's
    first name, if it was renamed since."""
    suffix = f"/{facet}" if facet else ""
    id = f"{kind}/{entry.was or entry.id}" + (f"/{was}" if was else suffix)
    return Identity(
        id=id,
        guid=guid(project.settings.namespace, id),
        label=f"{kind}/{entry.id}{suffix}",
        kind=kind,
        entry=f"{kind}/{entry.id}",
        domain=entry.domain,
        title=title,
        tags=_tags(project.settings.tag, entry.domain, kind, entry.tags),
        confuse_with=tuple([Link(f"{kind}/{other.id}", other.position) for other in entry.confuse_with]),
        position=entry.position,
        source=entry.source,
        as_of=entry.as_of,
        waivers=entry.allow,
        reviewed=Review(entry.reviewed.by, entry.reviewed.on) if entry.reviewed else None,
    )


@cache
def _tags(above: str, domain: str, kind: str, tags: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"{above}::{tag}" for tag in dict.fromkeys((f"domain::{domain}", f"kind::{kind}", *tags)))


def shared_fields_for(entry: Entry, project: Project, identity: Identity, topic: str = "") -> SharedFields:
    """The fields that a note shares with all others; ``topic`` is used if the entry has none."""
    return shared_fields(
        identity.id,
        escape(project.settings.title) if entry.hide_domain else project.domain_html(entry.domain),
        entry.topic.html if entry.topic else topic,
        project.sources_html(entry.source),
        entry.as_of or "",
        entry.hint,
        entry.extra,
        media_of((entry.hint, entry.extra, entry.topic)),
        project.words,
    )
