"""The keys of the project's own files: ``deckgen.yaml``, ``sources.yaml`` and ``deck.yaml``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from deckgen.core import rules
from deckgen.core.diagnostics import Position
from deckgen.core.nodes import MappingNode, Node, ScalarNode, noun
from deckgen.language import language_codes
from deckgen.language.keys import key, record
from deckgen.language.patterns import Date, Line, Number, Pattern, Tag, Url
from deckgen.language.records import ListOf, MapOf, Named
from deckgen.language.shapes import JsonSchema, Reader, SchemaBuilder
from deckgen.language.values import Choice, MarkupText, Text
from deckgen.text.escaping import attribute, escape
from deckgen.text.markup import Markup

GRADES = {
    "guideline": "Guideline or society",
    "regulator": "Regulator",
    "trial": "Trial or other study",
    "review": "Review",
    "textbook": "Textbook chapter",
    "patient": "Patient-level information",
    "article": "Article",
    "official": "Official site",
}
"""The grades of sources, as a card names them."""


class RuleSetting(NamedTuple):
    """How a project configures a content rule: switched on or off, or with other thresholds."""

    on: bool = True
    thresholds: Mapping[str, float] = MappingProxyType({})
    position: Position = Position("")


class RuleSettingShape:
    """``on``, ``off``, or thresholds by name."""

    noun = "'on', 'off', or a mapping from thresholds to numbers"

    def read(self, node: Node, reader: Reader) -> RuleSetting | None:
        position = reader.source.position(node)
        if isinstance(node, ScalarNode) and node.value in ("on", "off"):
            return RuleSetting(on=node.value == "on", position=position)
        if not isinstance(node, MappingNode):
            found = f"'{node.value}'" if isinstance(node, ScalarNode) else noun(node)
            words = {"yes": "on", "true": "on", "no": "off", "false": "off"}
            meant = words.get(node.value.lower(), "") if isinstance(node, ScalarNode) else ""
            help = f"for example: {meant}" if meant else ""
            reader.error(rules.BAD_VALUE, node, f"expected {self.noun}, found {found}", help)
            return None
        read = {name: Number().read(pair.value, reader) for name, pair in node.pairs.items()}
        thresholds = {name: threshold for name, threshold in read.items() if threshold is not None}
        return RuleSetting(thresholds=thresholds, position=position) if len(thresholds) == len(read) else None

    def json_schema(self, builder: SchemaBuilder) -> JsonSchema:
        thresholds = {"type": "object", "additionalProperties": Number().json_schema(builder)}
        return {"anyOf": [{"enum": ["on", "off"]}, thresholds]}


class DeckName(Line):
    """The name of a deck in Anki: ``::`` stands between a deck and its subdeck. Anki would change other names
    (``rslib/src/decks/name.rs``), and make a second deck for the name in an update file."""

    noun = "the name of a deck, with '::' directly between names"
    pattern = r"[^\s:](?:(?:(?!::).)*[^\s:])?(?:::[^\s:](?:(?:(?!::).)*[^\s:])?)*"

    def problem(self, text: str) -> str | None:
        return super().problem(text) or Pattern.problem(self, text)

    def suggestion(self, text: str) -> str:
        return "::".join(filter(None, (part.strip(": ") for part in re.split("::+", text))))


class LanguageTag(Pattern):
    """A language, by its code in ISO 639 and, if need be, a country or script."""

    noun = "the code of a language, such as en, de or pt-BR"
    pattern = rf"{language_codes.PATTERN}(?:-[A-Za-z0-9]{{2,8}})*"

    def suggestion(self, text: str) -> str:
        language, hyphen, rest = text.strip().replace("_", "-").partition("-")
        tag = language.lower() + hyphen + rest
        meant = " or ".join(map(language_codes.code_and_name, language_codes.likely_codes(language)))
        return meant if self.problem(tag) else tag


_RESERVED = re.compile(r"(?:.*\.)?(?:example(?:\.(?:com|edu|net|org))?|invalid|localhost|test)", re.IGNORECASE)
"""Names that the domain name system reserves for documentation and tests (RFC 2606, RFC 6761)."""


def is_example(namespace: str) -> bool:
    """Whether a namespace is reserved for documentation, like those in our examples. Two projects that copied it would
    overwrite each other's cards, so it must not be released."""
    return _RESERVED.fullmatch(namespace.strip()) is not None


@record
class ProjectFile:
    """``deckgen.yaml``: what all decks of a project share."""

    position: Position
    namespace: str = key(
        Line(),
        "Permanent identifier of the project, for example your domain name; never change it: it identifies every card.",
    )
    title: str = key(Text(), "The title of the project.")
    tag: str = key(Tag(), "The tag above all tags of the project. It keeps them apart from the learner's own tags.")
    domains: Named[str] = key(MapOf(Text()), "The domains, by id, each with its title. Every entry belongs to one.")
    language: str = key(
        LanguageTag(),
        "The language of the cards, such as en or de. Content rules that rely on English words ignore all others.",
        default="en",
    )
    words: Named[str] | None = key(
        MapOf(Line(), "a phrase", of="phrase"),
        "Your own wording or translation of phrases that deckgen puts on cards, such as `why: What for?`.",
        default=None,
    )
    authors: tuple[str, ...] = key(ListOf(Text()), "The authors of the decks.", default=())
    licence: str = key(Text(), "The licence of the text; the decks show it.", default="")
    disclaimer: Markup | None = key(MarkupText(), "A disclaimer that every deck shows.", default=None)
    rules: dict[str, RuleSetting] | None = key(
        MapOf(RuleSettingShape(), "a content rule", of="rule"),
        "Content rules to switch `on` or `off`, or to give other thresholds.",
        default=None,
    )
    targets: Named[float] | None = key(
        MapOf(Number(), "a domain", of="domain"),
        "How many notes each domain should have; `deckgen stats` shows the progress.",
        default=None,
    )

    @property
    def terms(self) -> str:
        """Who made the decks, and their licence, as text; empty if neither is known."""
        authors = [f"By {', '.join(self.authors)}."] if self.authors else []
        return " ".join([*authors, *([f"Licence: {self.licence}."] if self.licence else [])])


@record
class Reference:
    """An entry of ``sources.yaml``: a work that supports statements."""

    position: Position
    title: str = key(Text(), "The title of the work; cards show it.")
    url: str | None = key(Url(), "Its web address.", default=None)
    publisher: str | None = key(Text(), "Its publisher.", default=None)
    published: str | None = key(Date(), "When it was published or last revised.", default=None)
    accessed: str | None = key(
        Date(),
        "When somebody read it for these decks. Cards do not show it; `deckgen stats` reports old dates.",
        default=None,
    )
    grade: str | None = key(
        Choice(tuple(GRADES)),
        "The grade of the source. Cards show only the grade `patient`.",
        default=None,
    )

    @property
    def html(self) -> str:
        """The work as a card shows it: title with link, publisher and year. Cards do not show when it was read:
        otherwise they would change each time somebody reads the work again."""
        title = escape(self.title)
        if self.url:
            title = f'<a href="{attribute(self.url)}">{title}</a>'
        details = [escape(self.publisher)] if self.publisher else []
        details += [self.published[:4]] if self.published else []
        return ", ".join([title, *details])


@record
class DeckFile:
    """``deck.yaml``: the folder that contains it is a deck and becomes a package."""

    position: Position
    title: str = key(
        DeckName(),
        "The name of the deck in Anki. Do not change it: Anki identifies the deck by it. '::' makes a subdeck.",
    )
    description: Markup | None = key(
        MarkupText(), "The description that Anki shows above the study button.", default=None
    )
    subdecks: str = key(
        Choice(("none", "kind", "domain", "folder")),
        "How to divide the deck into subdecks: by `kind`, by `domain`, by `folder` of the YAML file, or `none`, the "
        "default. Anki introduces the new cards one subdeck after the other, in alphabetical order.",
        default="none",
    )
    folders: Named[str] | None = key(
        MapOf(DeckName()),
        "With `subdecks: folder`, the names of folders in Anki, if not their own: `head: Head & Neck`.",
        default=None,
    )
