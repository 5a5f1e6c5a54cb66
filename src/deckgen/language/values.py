"""The values that an author writes as one text: Markdown, ids, dates, numbers, names and the like."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import ClassVar

from deckgen.core.diagnostics import Position, Rule, Severity, did_you_mean
from deckgen.core.urls import plain_url, url_problem
from deckgen.language import markdown, mathjax, rules
from deckgen.language.markup import FindMedia, Markup, MarkupError
from deckgen.language.media import MediaFile
from deckgen.language.nodes import Node, ScalarNode, noun
from deckgen.language.shapes import JsonSchema, Reader, SchemaBuilder
from deckgen.language.yaml_text import line_at, quote


class Text:
    """Plain text of one or more lines, as typed."""

    noun = "text"

    def read(self, node: Node, reader: Reader) -> str | None:
        if not isinstance(node, ScalarNode):
            help = quote(reader.source.text, line_at(reader.source.text, node.start)) if node.flow else ""
            reader.error(rules.WRONG_SHAPE, node, f"expected {self.noun}, found {noun(node)}", help)
            return None
        value = node.value.strip()
        if not value:
            reader.error(rules.EMPTY_TEXT, node, f"expected {self.noun}, found nothing")
            return None
        return value

    def json_schema(self, builder: SchemaBuilder) -> JsonSchema:
        return {"type": ["string", "number", "boolean"], "pattern": r"\S"}


TEXT = Text()


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
            near = reader.report.did_you_mean(error.misspelt, mathjax.spellings()) if error.misspelt else ""
            reader.report.add(error.rule, position, error.message + near, error.help)
        if any(error.rule.severity is Severity.ERROR for error in errors):
            return None
        if not html:
            reader.error(rules.EMPTY_TEXT, node, "expected text, found Markdown that shows nothing")
            return None
        return Markup(text, html, reader.source.position(node), media)

    def render(self, text: str, find_media: FindMedia) -> tuple[str, tuple[MediaFile, ...], list[MarkupError]]:
        """The HTML of a text, the media that it shows, and its errors. With errors the HTML is useless."""
        return markdown.render(text, find_media)

    def json_schema(self, builder: SchemaBuilder) -> JsonSchema:
        return TEXT.json_schema(builder)


_compiled = cache(re.compile)


class Pattern:
    """Text that matches a regular expression, which each subclass declares in syntax that ECMAScript shares."""

    noun: ClassVar[str]
    pattern: ClassVar[str]
    rule: ClassVar[Rule] = rules.BAD_VALUE
    types: ClassVar[tuple[str, ...]] = ("string",)
    """The types that other programs may give the value."""
    limits: ClassVar[JsonSchema] = {}
    """What else the JSON Schema says of the value."""

    def problem(self, text: str) -> str | None:
        """Say why a text is not such a value; return None if it is one."""
        return None if _compiled(self.pattern).fullmatch(text) else f"expected {self.noun}, found '{text}'"

    def suggestion(self, text: str) -> str:
        """A valid text like this one; empty if there is none."""
        return ""

    def check(self, text: str, node: Node, reader: Reader) -> bool:
        """Report a text that is no such value. Return whether it is one."""
        problem = self.problem(text)
        if problem is not None:
            suggestion = self.suggestion(text)
            reader.error(self.rule, node, problem, f"for example: {suggestion}" if suggestion else "")
        return problem is None

    def read(self, node: Node, reader: Reader) -> str | None:
        text = TEXT.read(node, reader)
        return text if text is not None and self.check(text, node, reader) else None

    def json_schema(self, builder: SchemaBuilder) -> JsonSchema:
        """``patternErrorMessage`` is not part of the standard; editors show it instead of the pattern."""
        pattern, message = rf"^\s*(?:{self.pattern})\s*$", f"expected {self.noun}"
        return {"type": list(self.types), "pattern": pattern, "patternErrorMessage": message, **self.limits}


class Line(Pattern):
    """Text without line breaks, for names that other files or Anki's list of decks show in one line."""

    noun = "one line of text"
    pattern = ".+"
    types = ("string", "number", "boolean")

    def problem(self, text: str) -> str | None:
        lines = text.count("\n") + 1
        return f"expected {self.noun}, found {lines} lines" if lines > 1 else None


class Slug(Pattern):
    """An id: lower-case letters and digits, in words joined by single hyphens."""

    noun = "an id of lower-case letters, digits and single hyphens"
    pattern = r"[a-z0-9]+(?:-[a-z0-9]+)*"
    rule = rules.BAD_ID
    types = ("string", "integer", "boolean")
    MAX_LENGTH = 80
    limits: ClassVar = {"maxLength": MAX_LENGTH, "minimum": 0}

    def problem(self, text: str) -> str | None:
        if len(text) > self.MAX_LENGTH:
            return f"expected an id of at most {self.MAX_LENGTH} characters, found {len(text)}"
        return super().problem(text)

    def suggestion(self, text: str) -> str:
        return slug(text)


def slug(text: str, words: int = 8) -> str:
    """Make an id of a text's first words, in Latin letters whatever its script; empty if it has no letters or digits.

    Chinese characters and Korean syllables count as words.
    """
    if not text.isascii():
        from anyascii import anyascii

        text = anyascii(_SYLLABLES.sub(r" \g<0> ", text))
    return "-".join(re.findall("[a-z0-9]+", text.lower())[:words])[: Slug.MAX_LENGTH].strip("-")


_SYLLABLES = re.compile("[\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003ffff]")


SLUG = Slug()


@dataclass(frozen=True, slots=True)
class Link:
    """The id of another entry, and where the author wrote it."""

    id: str
    position: Position


class EntryPath(Pattern):
    """A kind and an id, and the name of a note if only that note of the entry is meant."""

    noun = "a kind and an id like 'faq/nerve-block'"
    pattern = rf"{Slug.pattern}(?:/{Slug.pattern})+"
    rule = rules.BAD_ID


class Flag:
    """``true`` or ``false``."""

    noun = "true or false"

    def read(self, node: Node, reader: Reader) -> bool | None:
        value = TEXT.read(node, reader)
        if value in ("true", "false"):
            return value == "true"
        if value is not None:
            reader.error(rules.BAD_VALUE, node, f"expected {self.noun}, found '{value}'")
        return None

    def json_schema(self, builder: SchemaBuilder) -> JsonSchema:
        return {"enum": [True, False, "true", "false"]}


class _Decimal(Pattern):
    noun = "a number"
    pattern = r"[0-9]{1,9}(?:\.[0-9]{1,9})?"
    types = ("number", "string")
    limits: ClassVar = {"minimum": 0}


class Number:
    """A number, whole or with a decimal point."""

    noun = _Decimal.noun

    def read(self, node: Node, reader: Reader) -> float | None:
        text = _Decimal().read(node, reader)
        return None if text is None else float(text)

    def json_schema(self, builder: SchemaBuilder) -> JsonSchema:
        return _Decimal().json_schema(builder)


class Date(Pattern):
    """A year, a month or a day."""

    noun = "a date like 2026, 2026-11 or 2026-11-24"
    pattern = (
        "(?:19|20)[0-9][0-9](?:-(?:(?:0[1-9]|1[0-2])"
        "|02-(?:0[1-9]|[12][0-9])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)"
        "|(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])))?"
    )
    rule = rules.BAD_DATE
    types = ("string", "integer")
    limits: ClassVar = {"minimum": 1900, "maximum": 2099}

    def problem(self, text: str) -> str | None:
        import calendar

        problem = super().problem(text)
        if problem is None and text.endswith("-02-29") and not calendar.isleap(int(text[:4])):
            return f"expected a day that exists, found '{text}'"
        return problem


class Url(Pattern):
    """A web or mail address."""

    noun = "a web address like https://example.org"
    pattern = r"https?://[^\s/?#@]+\.[^\s@]*|https?://[^\s/?#@]+\.[^\s/?#@]*[/?#]\S*|mailto:\S*@\S*"
    rule = rules.BAD_URL

    def problem(self, text: str) -> str | None:
        return url_problem(text)

    def read(self, node: Node, reader: Reader) -> str | None:
        url = super().read(node, reader)
        return None if url is None else plain_url(url)


class Tag(Pattern):
    """An Anki tag; ``::`` separates levels."""

    _NOT_IN_TAGS = r"\s!\"$%'()*,/;<=>?@\[\\\]^`{|}~"

    noun = "a tag of letters, digits and hyphens, with '::' between levels"
    pattern = rf"[^:{_NOT_IN_TAGS}]+(?:::[^:{_NOT_IN_TAGS}]+)*"
    rule = rules.BAD_TAG
    types = ("string", "number", "boolean")

    def suggestion(self, text: str) -> str:
        levels = (re.sub(rf"[:{self._NOT_IN_TAGS}]+", "-", level).strip("-") for level in text.split("::"))
        return "::".join(filter(None, levels))


class Choice:
    """One of a few words."""

    def __init__(self, options: tuple[str, ...]) -> None:
        self.options = options
        self.noun = "one of " + ", ".join(options)

    def read(self, node: Node, reader: Reader) -> str | None:
        value = TEXT.read(node, reader)
        if value is None or value in self.options:
            return value
        similar = did_you_mean(value, self.options)
        reader.error(rules.BAD_VALUE, node, f"expected {self.noun}, found '{value}'{similar}")
        return None

    def json_schema(self, builder: SchemaBuilder) -> JsonSchema:
        return {"enum": list(self.options)}


class Name:
    """One of the names that the project declares elsewhere, such as a skill domain."""

    def __init__(self, of: str, unknown: Rule, where: str) -> None:
        self.of = of
        self.unknown = unknown
        self.where = where
        self.noun = f"a {of} declared in {where}"

    def read(self, node: Node, reader: Reader) -> str | None:
        value = TEXT.read(node, reader)
        known = reader.names.get(self.of)
        if value is None or known is None or value in known:  # known is None if the file with the names has errors
            return value
        message = f"'{value}' is not a {self.of} of this project{reader.report.did_you_mean(value, known)}"
        names = ", ".join(islice(known, 50)) or "none"
        reader.error(self.unknown, node, message, f"declared in {self.where}: {names}")
        return None

    def json_schema(self, builder: SchemaBuilder) -> JsonSchema:
        known = builder.names.get(self.of)
        if known is None:
            return TEXT.json_schema(builder)
        return builder.define(self.of, lambda: {"enum": list(known), "enumDescriptions": list(known.values())})
