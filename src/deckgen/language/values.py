"""The values that an author writes as one text: plain text, Markdown, and words that are declared elsewhere."""

from __future__ import annotations

import re
from itertools import islice
from typing import NamedTuple

from deckgen.core import rules
from deckgen.core.diagnostics import Position, Rule, Severity
from deckgen.core.nodes import Node, ScalarNode, noun
from deckgen.language.shapes import JsonSchema, Reader, SchemaBuilder
from deckgen.language.yaml_text import how_to_quote, line_at
from deckgen.media.media import MediaFile
from deckgen.text import markdown, mathjax_commands
from deckgen.text.markup import FindMedia, Markup, MarkupError


class Text:
    """Plain text of one or more lines, as typed."""

    noun = "text"

    def read(self, node: Node, reader: Reader) -> str | None:
        if not isinstance(node, ScalarNode):
            help = how_to_quote(reader.source.text, line_at(reader.source.text, node.start)) if node.flow else _ONE_TEXT
            reader.error(rules.WRONG_SHAPE, node, f"expected {self.noun}, found {noun(node)}", help)
            return None
        value = node.value.strip()
        if not value:
            line = line_at(reader.source.text, node.start)  # '>5' begins a text that is indented by five
            help = _FILL_IN if line.value[:1] in ("", "'", '"') else ""
            help = how_to_quote(reader.source.text, line) if re.match("[|>][0-9]", line.value) else help
            reader.error(rules.EMPTY_TEXT, node, f"expected {self.noun}, found nothing", help)
            return None
        return value

    def json_schema(self, builder: SchemaBuilder) -> JsonSchema:
        return {"type": ["string", "number", "boolean"], "pattern": r"\S"}


_ONE_TEXT = "write one text; a list of answers goes in a key such as `items`"
_FILL_IN = "write the text after the colon, or delete the key"

TEXT = Text()


_NOTHING = re.compile(r"(?:[\s\u200c-\u200f\u2800\u3164]|<(?!img|hr)[^>]*>)*")
"""HTML that shows nothing: white space, invisible characters, and elements without content."""


class MarkupText:
    """Text in Markdown."""

    noun = "text"

    def read(self, node: Node, reader: Reader) -> Markup | None:
        text = TEXT.read(node, reader)
        if text is None or not isinstance(node, ScalarNode):
            return None
        html, media, errors = self.render(text, reader.find_media)
        for error in errors:
            position = reader.source.locate(node, error.snippet, error.occurrence)
            near = reader.report.did_you_mean(error.misspelt, mathjax_commands.spellings()) if error.misspelt else ""
            reader.report.add(error.rule, position, error.message + near, error.help)
        if any(error.rule.severity is Severity.ERROR for error in errors):
            return None
        if _NOTHING.fullmatch(html):
            reader.error(rules.EMPTY_TEXT, node, "expected text, found Markdown that shows nothing")
            return None
        return Markup(text, html, reader.source.position(node), media)

    def render(self, text: str, find_media: FindMedia) -> tuple[str, tuple[MediaFile, ...], list[MarkupError]]:
        """The HTML of a text, the media that it shows, and its errors. The HTML is of no use if one of them has the
        severity error."""
        return markdown.render(text, find_media)

    def json_schema(self, builder: SchemaBuilder) -> JsonSchema:
        return TEXT.json_schema(builder)


class Link(NamedTuple):
    """The id of another entry, and where the author wrote it."""

    id: str
    position: Position


class Flag:
    """``true`` or ``false``."""

    noun = "true or false"

    def read(self, node: Node, reader: Reader) -> bool | None:
        value = TEXT.read(node, reader)
        if value in ("true", "false"):
            return value == "true"
        if value is not None:
            meant = "true" if value.lower() in ("yes", "on", "true", "1") else "false"
            reader.error(rules.BAD_VALUE, node, f"expected {self.noun}, found '{value}'", f"for example: {meant}")
        return None

    def json_schema(self, builder: SchemaBuilder) -> JsonSchema:
        return {"enum": [True, False, "true", "false"]}


class Choice:
    """One of a few words."""

    def __init__(self, options: tuple[str, ...]) -> None:
        self.options = options
        self.noun = "one of " + ", ".join(options)

    def read(self, node: Node, reader: Reader) -> str | None:
        value = TEXT.read(node, reader)
        if value is None or value in self.options:
            return value
        similar = reader.report.did_you_mean(value, self.options)
        reader.error(rules.BAD_VALUE, node, f"expected {self.noun}, found '{value}'{similar}")
        return None

    def json_schema(self, builder: SchemaBuilder) -> JsonSchema:
        return {"enum": list(self.options)}


class Name:
    """One of the names that the project declares elsewhere, such as a domain."""

    def __init__(self, of: str, unknown: Rule, where: str) -> None:
        self.of = of
        self.unknown = unknown
        self.where = where
        self.noun = f"a {of} declared in {where}"

    def read(self, node: Node, reader: Reader) -> str | None:
        value = TEXT.read(node, reader)
        known = reader.declared.get(self.of)
        if value is None or known is None or value in known:  # known is None if the file with the names has errors
            return value
        message = f"'{value}' is not a {self.of} of this project{reader.report.did_you_mean(value, known)}"
        names = ", ".join(islice(known, 50)) or "none"
        reader.error(self.unknown, node, message, f"declared in {self.where}: {names}; you can add others there")
        return None

    def json_schema(self, builder: SchemaBuilder) -> JsonSchema:
        known = builder.declared.get(self.of)
        if known is None:
            return TEXT.json_schema(builder)
        return builder.define(self.of, lambda: {"enum": list(known), "enumDescriptions": list(known.values())})
