"""The values that an author may write: each shape reads one and reports what is wrong with it, and says in JSON Schema
what it takes, for editors."""

from __future__ import annotations

import re
from collections.abc import Callable
from collections.abc import Mapping as MappingOf
from functools import lru_cache
from itertools import islice
from typing import Any, Final, Protocol, TypeVar

from deckgen import markup, mathjax, rules
from deckgen.addresses import url_problem
from deckgen.diagnostic import Report, Rule, did_you_mean
from deckgen.markup import FindMedia, Markup
from deckgen.note import Link
from deckgen.source import Node, Scalar, Source, noun

T_co = TypeVar("T_co", covariant=True)

JsonSchema = dict[str, Any]

ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
MAX_ID = 80


class Reader:
    """What reading a file needs: the file, where problems go, the declared names, the media beside it, and what the
    file says for all its entries."""

    def __init__(
        self,
        source: Source,
        report: Report,
        names: MappingOf[str, MappingOf[str, object]],
        find_media: FindMedia,
    ) -> None:
        self.source: Final = source
        self.report: Final = report
        self.names: Final = names
        self.find_media: Final = find_media
        self.defaults: dict[str, object] = {}

    def error(self, rule: Rule, node: Node, message: str, help: str = "") -> None:
        self.report.add(rule, self.source.position(node), message, help)


class Outline:
    """A JSON Schema in the making: the names that the project declares, each with its title, and the definitions that
    the schema's parts refer to."""

    def __init__(self, names: MappingOf[str, MappingOf[str, str]]) -> None:
        self.names = names
        self.definitions: dict[str, JsonSchema] = {}

    def define(self, name: str, make: Callable[[], JsonSchema]) -> JsonSchema:
        """A reference to a definition, which is made when it is first referred to."""
        if name not in self.definitions:
            self.definitions[name] = {}  # a shape that holds itself refers to it
            self.definitions[name] = make()
        return {"$ref": f"#/$defs/{name}"}


class Shape(Protocol[T_co]):
    """A kind of value: ``noun`` says what an author writes, ``read`` gives the value or, having reported why, None.

    ``json_schema`` accepts what ``read`` does, as far as the standard can say it. Other programs read ``true`` and
    ``2026`` as a truth value and a number, so these stand beside text.
    """

    @property
    def noun(self) -> str: ...

    def read(self, node: Node, reader: Reader) -> T_co | None: ...

    def json_schema(self, outline: Outline) -> JsonSchema: ...


TEXT_SCHEMA: JsonSchema = {"type": ["string", "number", "boolean"], "pattern": r"\S"}
ID_SCHEMA: JsonSchema = {
    "type": ["string", "integer", "boolean"],
    "pattern": rf"^\s*{ID.pattern}\s*$",
    "patternErrorMessage": "expected lower-case letters and digits, in words joined by single hyphens",
    "maxLength": MAX_ID,
    "minimum": 0,
}
"""``patternErrorMessage`` is no part of the standard; editors show it in place of the pattern."""


class Text:
    """Plain text, one line or more, taken as typed."""

    noun = "text"

    def read(self, node: Node, reader: Reader) -> str | None:
        if not isinstance(node, Scalar):
            reader.error(rules.WRONG_SHAPE, node, f"expected {self.noun}, found {noun(node)}")
            return None
        value = node.value.strip()
        if not value:
            reader.error(rules.EMPTY_TEXT, node, f"expected {self.noun}, found nothing")
            return None
        return value

    def json_schema(self, outline: Outline) -> JsonSchema:
        return dict(TEXT_SCHEMA)


_TEXT = Text()


class Line:
    """Plain text without line breaks, for names that stand in lines of other files or in Anki's list of decks."""

    noun = "one line of text"

    def read(self, node: Node, reader: Reader) -> str | None:
        value = _TEXT.read(node, reader)
        if value is None or "\n" not in value:
            return value
        reader.error(rules.BAD_VALUE, node, f"expected {self.noun}, found {value.count(chr(10)) + 1} lines")
        return None

    def json_schema(self, outline: Outline) -> JsonSchema:
        message = f"expected {self.noun}"
        return {"type": TEXT_SCHEMA["type"], "pattern": r"^\s*\S.*\s*$", "patternErrorMessage": message}


class MarkupText:
    """Text in Markdown."""

    noun = "text"

    def read(self, node: Node, reader: Reader) -> Markup | None:
        if isinstance(node, Scalar) and markup.is_plain(plain := node.value.strip()):
            return Markup(plain, plain, reader.source.position(node))
        text = _TEXT.read(node, reader)
        if text is None or not isinstance(node, Scalar):
            return None
        html, media, errors = markup.render(text, reader.find_media)
        if errors:
            for error in errors:
                position = reader.source.locate(node, error.snippet, error.occurrence)
                near = reader.report.did_you_mean(error.misspelt, mathjax.spellings()) if error.misspelt else ""
                reader.report.add(error.rule, position, error.message + near, error.help)
            return None
        if not html:
            reader.error(rules.EMPTY_TEXT, node, "expected text, found Markdown that shows nothing")
            return None
        return Markup(text, html, reader.source.position(node), media)

    def json_schema(self, outline: Outline) -> JsonSchema:
        return dict(TEXT_SCHEMA)


class Slug:
    """An id: lower-case letters and digits, in groups joined by single hyphens."""

    noun = "an id such as 'nerve-block'"

    def read(self, node: Node, reader: Reader) -> str | None:
        value = _TEXT.read(node, reader)
        return value if value is not None and check_id(value, node, reader) else None

    def json_schema(self, outline: Outline) -> JsonSchema:
        return dict(ID_SCHEMA)


def check_id(value: str, node: Node, reader: Reader) -> bool:
    """Whether a text may be an id; reported if not."""
    if ID.fullmatch(value) and len(value) <= MAX_ID:
        return True
    if len(value) > MAX_ID:
        message = f"expected an id of at most {MAX_ID} characters, found {len(value)}"
    else:
        message = f"expected lower-case letters, digits and single hyphens, found '{value}'"
    suggestion = slug(value)
    reader.error(rules.BAD_ID, node, message, f"for example: {suggestion}" if suggestion else "")
    return False


def slug(text: str, words: int = 8) -> str:
    """An id made of a text's first words; empty if it has no letter or digit that an id may have."""
    import unicodedata

    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return "-".join(re.findall(r"[a-z0-9]+", plain)[:words])[:MAX_ID].strip("-")


class LinkTo:
    """The id of another entry; whether there is one is known when all files are read."""

    noun = "the id of another entry"

    def read(self, node: Node, reader: Reader) -> Link | None:
        value = Slug().read(node, reader)
        return None if value is None else Link(value, reader.source.position(node))

    def json_schema(self, outline: Outline) -> JsonSchema:
        return dict(ID_SCHEMA)


class EntryPath:
    """A kind and an id, and the part of the entry where only one of its notes is meant."""

    noun = "a kind and an id such as 'faq/nerve-block'"

    def read(self, node: Node, reader: Reader) -> str | None:
        value = _TEXT.read(node, reader)
        if value is None or re.fullmatch(rf"{ID.pattern}(?:/{ID.pattern})+", value):
            return value
        reader.error(rules.BAD_ID, node, f"expected {self.noun}, found '{value}'")
        return None

    def json_schema(self, outline: Outline) -> JsonSchema:
        pattern = rf"^\s*{ID.pattern}(?:/{ID.pattern})+\s*$"
        return {"type": "string", "pattern": pattern, "patternErrorMessage": f"expected {self.noun}"}


class Name:
    """One of the names declared elsewhere in the project, such as a skill domain."""

    def __init__(self, of: str, unknown: Rule, where: str) -> None:
        self.of: Final = of
        self.unknown: Final = unknown
        self.where: Final = where

    @property
    def noun(self) -> str:
        return f"a {self.of} declared in {self.where}"

    def read(self, node: Node, reader: Reader) -> str | None:
        value = _TEXT.read(node, reader)
        known = reader.names.get(self.of)
        if value is None or known is None or value in known:  # unknown names: their file has errors of its own
            return value
        message = f"'{value}' is not a {self.of} of this project{reader.report.did_you_mean(value, known)}"
        reader.error(self.unknown, node, message, f"declared in {self.where}: {', '.join(islice(known, 50)) or 'none'}")
        return None

    def json_schema(self, outline: Outline) -> JsonSchema:
        known = outline.names.get(self.of)
        if known is None:
            return dict(TEXT_SCHEMA)
        return outline.define(self.of, lambda: {"enum": list(known), "enumDescriptions": list(known.values())})


class Flag:
    """``true`` or ``false``."""

    noun = "true or false"

    def read(self, node: Node, reader: Reader) -> bool | None:
        value = _TEXT.read(node, reader)
        if value in ("true", "false"):
            return value == "true"
        if value is not None:
            reader.error(rules.BAD_VALUE, node, f"expected true or false, found '{value}'")
        return None

    def json_schema(self, outline: Outline) -> JsonSchema:
        return {"enum": [True, False, "true", "false"]}


_NUMBER = r"[0-9]{1,9}(?:\.[0-9]{1,9})?"


class Number:
    """A number, whole or with a point."""

    noun = "a number"

    def read(self, node: Node, reader: Reader) -> float | None:
        value = _TEXT.read(node, reader)
        if value is None or re.fullmatch(_NUMBER, value):
            return None if value is None else float(value)
        reader.error(rules.BAD_VALUE, node, f"expected a number, found '{value}'")
        return None

    def json_schema(self, outline: Outline) -> JsonSchema:
        return {"type": ["number", "string"], "minimum": 0, "pattern": f"^{_NUMBER}$"}


_MONTH = "(?:0[1-9]|1[0-2])"
_DAY = "(?:02-(?:0[1-9]|[12][0-9])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01]))"
_DATE = f"(?:19|20)[0-9][0-9](?:-(?:{_MONTH}|{_DAY}))?"


class Date:
    """A year, a month or a day."""

    noun = "a date such as 2026, 2026-11 or 2026-11-24"

    def read(self, node: Node, reader: Reader) -> str | None:
        value = _TEXT.read(node, reader)
        if value is None or _is_date(value):
            return value
        reader.error(rules.BAD_DATE, node, f"expected {self.noun}, found '{value}'")
        return None

    def json_schema(self, outline: Outline) -> JsonSchema:
        return {
            "type": ["string", "integer"],
            "pattern": f"^{_DATE}$",
            "patternErrorMessage": f"expected {self.noun}",
            "minimum": 1900,
            "maximum": 2099,
        }


@lru_cache(maxsize=1_000)
def _is_date(value: str) -> bool:
    import datetime

    if not re.fullmatch(_DATE, value):
        return False
    try:  # the 29th of February
        datetime.date.fromisoformat((value + "-01-01")[:10])
    except ValueError:
        return False
    return True


_URL = r"^\s*(?:https?://[^\s/?#@]+\.[^\s@]*|https?://[^\s/?#@]+\.[^\s/?#@]*[/?#]\S*|mailto:\S*@\S*)\s*$"


class Url:
    """A web or mail address."""

    noun = "a web address such as https://example.org"

    def read(self, node: Node, reader: Reader) -> str | None:
        value = _TEXT.read(node, reader)
        if value is None:
            return None
        problem = url_problem(value)
        if problem:
            reader.error(rules.BAD_URL, node, problem)
        return None if problem else value

    def json_schema(self, outline: Outline) -> JsonSchema:
        return {"type": "string", "pattern": _URL, "patternErrorMessage": f"expected {self.noun}"}


class Choice:
    """One of a few words."""

    def __init__(self, options: tuple[str, ...]) -> None:
        self.options: Final = options

    @property
    def noun(self) -> str:
        return "one of " + ", ".join(self.options)

    def read(self, node: Node, reader: Reader) -> str | None:
        value = _TEXT.read(node, reader)
        if value is None or value in self.options:
            return value
        reader.error(rules.BAD_VALUE, node, f"expected {self.noun}, found '{value}'{did_you_mean(value, self.options)}")
        return None

    def json_schema(self, outline: Outline) -> JsonSchema:
        return {"enum": list(self.options)}


_TAG_PATH = re.compile(r"[\w.+#&-]+(?:::[\w.+#&-]+)*")
_PART = r"[^\s!\"$%'()*,/:;<=>?@\[\\\]^`{|}~]+"
_TAG = rf"^\s*{_PART}(?:::{_PART})*\s*$"


class Tag:
    """An Anki tag; ``::`` makes a tree."""

    noun = "a tag without spaces"

    def read(self, node: Node, reader: Reader) -> str | None:
        value = _TEXT.read(node, reader)
        if value is None or _TAG_PATH.fullmatch(value):
            return value
        message = f"expected letters, digits, hyphens and '::' between levels, found '{value}'"
        near = re.sub(r"[^\w:.+#&-]+", "-", value).strip("-:")
        reader.error(rules.BAD_TAG, node, message, f"for example: {near}" if near else "")
        return None

    def json_schema(self, outline: Outline) -> JsonSchema:
        message = "expected letters, digits and hyphens, with '::' between levels"
        return {"type": ["string", "number", "boolean"], "pattern": _TAG, "patternErrorMessage": message}
