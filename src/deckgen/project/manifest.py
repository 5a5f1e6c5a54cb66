"""The project's own files, key by key: ``deckgen.yaml``, ``sources.yaml``, and each deck's ``deck.yaml``."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from deckgen.core.diagnostics import Position
from deckgen.language import rules
from deckgen.language.escaping import attribute, escape
from deckgen.language.markup import Markup
from deckgen.language.nodes import MappingNode, Node, ScalarNode, noun
from deckgen.language.records import ListOf, MapOf, key, record
from deckgen.language.shapes import JsonSchema, Reader, SchemaBuilder
from deckgen.language.values import Choice, Date, Line, MarkupText, Number, Tag, Text, Url

GRADES = {
    "guideline": "Guideline, society or regulator",
    "review": "Review",
    "textbook": "Textbook chapter",
    "patient": "Patient-level information",
    "article": "Article",
    "official": "Official site",
}
"""What sort of source a statement rests on, as the card words it."""


class RuleSetting(NamedTuple):
    """How a project wants a content rule: switched off, or with other thresholds."""

    off: bool = False
    limits: Mapping[str, float] = MappingProxyType({})
    position: Position = Position("")


class RuleSettingShape:
    """``off``, or thresholds by name."""

    noun = "'off', or a mapping from thresholds to numbers"

    def read(self, node: Node, reader: Reader) -> RuleSetting | None:
        place = reader.source.position(node)
        if isinstance(node, ScalarNode) and node.value == "off":
            return RuleSetting(off=True, position=place)
        if not isinstance(node, MappingNode):
            found = f"'{node.value}'" if isinstance(node, ScalarNode) else noun(node)
            reader.error(rules.BAD_VALUE, node, f"expected {self.noun}, found {found}")
            return None
        limits = {name: Number().read(pair.value, reader) for name, pair in node.pairs.items()}
        if any(limit is None for limit in limits.values()):
            return None
        return RuleSetting(limits={name: limit for name, limit in limits.items() if limit is not None}, position=place)

    def json_schema(self, builder: SchemaBuilder) -> JsonSchema:
        limits = {"type": "object", "additionalProperties": Number().json_schema(builder)}
        return {"anyOf": [{"const": "off"}, limits]}


@record
class ProjectFile:
    """``deckgen.yaml``: what all decks of a project share."""

    position: Position
    namespace: str = key(
        Line(),
        "The project's identity for ever, such as a domain name of yours. Every card's identity hangs on it.",
    )
    title: str = key(Text(), "The project's name.")
    tag: str = key(Tag(), "The tag above all tags of the project, so that they never mix with a learner's own.")
    domains: dict[str, str] = key(MapOf(Text()), "The skill domains: id and title. Each entry belongs to one.")
    authors: tuple[str, ...] = key(ListOf(Text()), "Who wrote the decks.", default=())
    licence: str = key(Text(), "The licence of the decks' text, as decks say it.", default="")
    disclaimer: Markup | None = key(MarkupText(), "What every deck says before it is studied.", default=None)
    rules: dict[str, RuleSetting] | None = key(
        MapOf(RuleSettingShape(), "a content rule", of="rule"),
        "Content rules that this project sets otherwise: `off`, or other thresholds.",
        default=None,
    )
    targets: dict[str, float] | None = key(
        MapOf(Number(), "a skill domain", of="domain"),
        "How many notes a skill domain is to have; `deckgen stats` says how far it is.",
        default=None,
    )


@record
class Reference:
    """One entry of ``sources.yaml``: a work that statements rest on."""

    position: Position
    title: str = key(Text(), "The work's title, as the card names it.")
    url: str | None = key(Url(), "Where it can be read.", default=None)
    publisher: str | None = key(Text(), "Who published it.", default=None)
    published: str | None = key(Date(), "When it was published or last revised.", default=None)
    accessed: str | None = key(Date(), "When it was read for these decks.", default=None)
    grade: str | None = key(
        Choice(tuple(GRADES)), "What sort of source it is; cards show it for patient-level information.", default=None
    )

    @property
    def html(self) -> str:
        """The work as a card names it: title as a link, publisher, year, day of reading."""
        title = escape(self.title)
        if self.url:
            title = f'<a href="{attribute(self.url)}">{title}</a>'
        details = [escape(self.publisher)] if self.publisher else []
        details += [self.published[:4]] if self.published else []
        details += [f'read <span class="nowrap">{self.accessed}</span>'] if self.accessed else []
        return ", ".join([title, *details])


@record
class DeckFile:
    """``deck.yaml``: one folder with it is one deck and one package."""

    position: Position
    title: str = key(Line(), "The deck's name in Anki; '::' puts it under another. Anki knows a deck by it: keep it.")
    description: Markup | None = key(MarkupText(), "What Anki shows above the deck's study button.", default=None)
    subdecks: dict[str, str] | None = key(
        MapOf(Line(), "a kind", of="kind"),
        "The subdeck of each kind, such as 'procedure: Procedures'.",
        default=None,
    )
