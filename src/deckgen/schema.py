"""What an author may write: keys declared once, each with its shape and its manual, read with all problems reported.

A record is a frozen dataclass whose fields are made by ``key``. From that one declaration come the reader, the messages
and the reference of the language.
"""

from __future__ import annotations

import dataclasses
import inspect
import re
from collections.abc import Callable
from collections.abc import Mapping as MappingOf
from dataclasses import dataclass
from functools import cache
from typing import Any, Generic, NamedTuple, Protocol, TypeVar, cast

from deckgen import markup, rules
from deckgen.diagnostic import Report, Rule, did_you_mean, nearest
from deckgen.markup import FindMedia, Markup
from deckgen.note import Link
from deckgen.source import Mapping, Node, Scalar, Sequence, Source, noun

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
MAX_ID = 80


@dataclass(frozen=True)
class Reader:
    """What reading a file needs: the file, where problems go, the declared names, and the media beside it."""

    source: Source
    report: Report
    names: MappingOf[str, MappingOf[str, object]]
    find_media: FindMedia
    defaults: MappingOf[str, object] = dataclasses.field(default_factory=dict)

    def error(self, rule: Rule, node: Node, message: str, help: str = "") -> None:
        self.report.add(rule, self.source.position(node), message, help)


class Shape(Protocol[T_co]):
    """A kind of value: ``noun`` says what an author writes, ``read`` gives the value or, having reported why, None."""

    @property
    def noun(self) -> str: ...

    def read(self, node: Node, reader: Reader) -> T_co | None: ...


@dataclass(frozen=True)
class Key:
    """A key of a record: what it takes, what it is for, and whether it may be left out."""

    name: str
    shape: Shape[object]
    manual: str
    required: bool
    inherited: bool


def key(
    shape: Shape[T], manual: str, *, default: object = dataclasses.MISSING, inherited: bool = False
) -> Any:  # the field's annotation says what it is; Any lets it stand as the field's default
    """Declare a record's key; without a default it is required. An inherited one may stand at the top of the file."""
    metadata = {"shape": shape, "manual": manual, "inherited": inherited}
    return dataclasses.field(default=default, metadata=metadata, kw_only=True)


class Plan(NamedTuple):
    """What reading a record type needs to know of it."""

    keys: dict[str, Key]
    required: frozenset[str]
    inherits: bool
    exactly_one: tuple[frozenset[str], ...]
    at_most_one: tuple[frozenset[str], ...]


def keys(record: Any) -> dict[str, Key]:
    """The keys of a record by name: the id, its own, and those that it has in common with others."""
    return _plan(record).keys


@cache
def _plan(record: Any) -> Plan:
    fields = [field for field in dataclasses.fields(record) if "shape" in field.metadata]
    owners = {
        name: place
        for place, owner in reversed(list(enumerate(record.__mro__)))
        for name in inspect.get_annotations(owner)
    }
    fields.sort(key=lambda field: (field.name != "id", owners[field.name]))
    own = {
        field.name: Key(
            field.name,
            field.metadata["shape"],
            field.metadata["manual"],
            field.default is dataclasses.MISSING,
            field.metadata["inherited"],
        )
        for field in fields
    }
    return Plan(
        own,
        frozenset(name for name, declared in own.items() if declared.required),
        any(declared.inherited for declared in own.values()),
        tuple(map(frozenset, getattr(record, "EXACTLY_ONE", ()))),
        tuple(map(frozenset, getattr(record, "AT_MOST_ONE", ()))),
    )


@dataclass(frozen=True)
class Record(Generic[T]):
    """A mapping with the keys of a record type; ``title`` is how messages call it.

    The type may name groups of keys of which ``EXACTLY_ONE`` or ``AT_MOST_ONE`` may stand.
    """

    type: type[T]
    title: str

    @property
    def noun(self) -> str:
        return f"a mapping with the keys of {self.title}"

    def read(self, node: Node, reader: Reader) -> T | None:
        if not isinstance(node, Mapping):
            reader.error(rules.WRONG_SHAPE, node, f"expected {self.noun}, found {noun(node)}", _list_keys(self.type))
            return None
        plan, pairs = _plan(cast("Any", self.type)), node.pairs
        values: dict[str, object] = dict(reader.defaults) if plan.inherits else {}
        complete = True
        for name, (key_node, value_node) in pairs.items():
            declared = plan.keys.get(name)
            if declared is None:
                message = f"'{name}' is not a key of {self.title}{did_you_mean(name, plan.keys)}"
                in_braces = node.flow and isinstance(value_node, Scalar) and not value_node.value
                help = "inside {…} a comma begins another key: put the text before it in quotes"
                reader.error(rules.UNKNOWN_KEY, key_node, message, help if in_braces else _list_keys(self.type))
                complete = False
                continue
            value = declared.shape.read(value_node, reader)
            if value is None:
                complete = False
            else:
                values[name] = value
        if not plan.required <= values.keys() or plan.exactly_one or plan.at_most_one:
            complete = self._keys_fit(node, values, plan, reader) and complete
        if not complete:
            return None
        return cast("Callable[..., T]", self.type)(position=reader.source.position(node), **values)

    def _keys_fit(self, node: Mapping, values: dict[str, object], plan: Plan, reader: Reader) -> bool:
        """Whether all keys are there that must be, and those that exclude each other do so."""
        present = node.pairs.keys()
        missing = [{name} for name in plan.keys if name in plan.required and name not in values and name not in present]
        missing += [set(group) for group in plan.exactly_one if not group & present]
        clashing = [group & present for group in (*plan.exactly_one, *plan.at_most_one) if len(group & present) > 1]
        if not missing and not clashing:
            return True
        misspelt = {nearest(name, plan.keys) for name in present if name not in plan.keys}
        for group in missing:
            names = [name for name in plan.keys if name in group]
            if misspelt & group:  # reported as the key that it is not
                continue
            where = " (here or at the top of the file)" if plan.keys[names[0]].inherited else ""
            message = f"expected the key {' or '.join(map(repr, names))} of {self.title}{where}, found none"
            manuals = " ".join(f"{name}: {plan.keys[name].manual}" for name in names)
            if names == ["id"]:
                manuals += " 'deckgen ids' writes it for you."
            reader.error(rules.MISSING_KEY, node, message, manuals)
        for clash in clashing:
            first, second, *_ = (name for name in node.pairs if name in clash)
            message = f"expected '{first}' or '{second}', found both"
            reader.error(rules.CONFLICTING_KEYS, node.pairs[second].key, message)
        return False


def _list_keys(record: Any) -> str:
    return "keys: " + ", ".join(keys(record))


@dataclass(frozen=True)
class Text:
    """Plain text, one line or more, taken as typed."""

    noun: str = "text"

    def read(self, node: Node, reader: Reader) -> str | None:
        if not isinstance(node, Scalar):
            reader.error(rules.WRONG_SHAPE, node, f"expected {self.noun}, found {noun(node)}")
            return None
        value = node.value.strip()
        if not value:
            reader.error(rules.EMPTY_TEXT, node, f"expected {self.noun}, found nothing")
            return None
        return value


_TEXT = Text()


@dataclass(frozen=True)
class MarkupText:
    """Text in Markdown."""

    noun: str = "text"

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
                reader.report.add(error.rule, position, error.message, error.help)
            return None
        if not html:
            reader.error(rules.EMPTY_TEXT, node, "expected text, found Markdown that shows nothing")
            return None
        return Markup(text, html, reader.source.position(node), media)


@dataclass(frozen=True)
class Slug:
    """An id: lower-case letters and digits, in groups joined by single hyphens."""

    noun: str = "an id such as 'nerve-block'"

    def read(self, node: Node, reader: Reader) -> str | None:
        value = _TEXT.read(node, reader)
        if value is None:
            return None
        return value if check_id(value, node, reader) else None


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


@dataclass(frozen=True)
class LinkTo:
    """The id of another entry; whether there is one is known when all files are read."""

    noun: str = "the id of another entry"

    def read(self, node: Node, reader: Reader) -> Link | None:
        value = Slug().read(node, reader)
        return None if value is None else Link(value, reader.source.position(node))


@dataclass(frozen=True)
class EntryPath:
    """A kind and an id, and the part of the entry where only one of its notes is meant."""

    noun: str = "a kind and an id such as 'faq/nerve-block'"

    def read(self, node: Node, reader: Reader) -> str | None:
        value = _TEXT.read(node, reader)
        if value is None or re.fullmatch(rf"{ID.pattern}(?:/{ID.pattern})+", value):
            return value
        reader.error(rules.BAD_ID, node, f"expected {self.noun}, found '{value}'")
        return None


@dataclass(frozen=True)
class Name:
    """One of the names declared elsewhere in the project, such as a skill domain."""

    of: str
    unknown: Rule
    where: str

    @property
    def noun(self) -> str:
        return f"a {self.of} declared in {self.where}"

    def read(self, node: Node, reader: Reader) -> str | None:
        value = _TEXT.read(node, reader)
        known = reader.names.get(self.of)
        if value is None or known is None or value in known:  # unknown names: their file has errors of its own
            return value
        message = f"'{value}' is not a {self.of} of this project{did_you_mean(value, known)}"
        reader.error(self.unknown, node, message, f"declared in {self.where}: {', '.join(known) or 'none'}")
        return None


@dataclass(frozen=True)
class Flag:
    """``true`` or ``false``."""

    noun: str = "true or false"

    def read(self, node: Node, reader: Reader) -> bool | None:
        value = _TEXT.read(node, reader)
        if value in ("true", "false"):
            return value == "true"
        if value is not None:
            reader.error(rules.BAD_VALUE, node, f"expected true or false, found '{value}'")
        return None


@dataclass(frozen=True)
class Number:
    """A number, whole or with a point."""

    noun: str = "a number"

    def read(self, node: Node, reader: Reader) -> float | None:
        value = _TEXT.read(node, reader)
        if value is None or re.fullmatch(r"\d{1,9}(?:\.\d{1,9})?", value, re.ASCII):
            return None if value is None else float(value)
        reader.error(rules.BAD_VALUE, node, f"expected a number, found '{value}'")
        return None


@dataclass(frozen=True)
class Date:
    """A year, a month or a day."""

    noun: str = "a date such as 2026, 2026-11 or 2026-11-24"

    def read(self, node: Node, reader: Reader) -> str | None:
        value = _TEXT.read(node, reader)
        if value is None or _is_date(value):
            return value
        reader.error(rules.BAD_DATE, node, f"expected {self.noun}, found '{value}'")
        return None


def _is_date(value: str) -> bool:
    import datetime

    if not re.fullmatch(r"(?:19|20)\d\d(?:-\d\d){0,2}", value, re.ASCII):
        return False
    try:
        datetime.date.fromisoformat((value + "-01-01")[:10])
    except ValueError:
        return False
    return True


@dataclass(frozen=True)
class Url:
    """A web or mail address."""

    noun: str = "a web address such as https://example.org"

    def read(self, node: Node, reader: Reader) -> str | None:
        value = _TEXT.read(node, reader)
        if value is None:
            return None
        problem = markup.url_problem(value)
        if problem:
            reader.error(rules.BAD_URL, node, problem)
        return None if problem else value


@dataclass(frozen=True)
class Choice:
    """One of a few words."""

    options: tuple[str, ...]

    @property
    def noun(self) -> str:
        return "one of " + ", ".join(self.options)

    def read(self, node: Node, reader: Reader) -> str | None:
        value = _TEXT.read(node, reader)
        if value is None or value in self.options:
            return value
        reader.error(rules.BAD_VALUE, node, f"expected {self.noun}, found '{value}'{did_you_mean(value, self.options)}")
        return None


@dataclass(frozen=True)
class Tag:
    """An Anki tag; ``::`` makes a tree."""

    noun: str = "a tag without spaces"

    def read(self, node: Node, reader: Reader) -> str | None:
        value = _TEXT.read(node, reader)
        if value is None or re.fullmatch(r"[\w.+#&-]+(?:::[\w.+#&-]+)*", value):
            return value
        message = f"expected letters, digits, hyphens and '::' between levels, found '{value}'"
        near = re.sub(r"[^\w:.+#&-]+", "-", value).strip("-:")
        reader.error(rules.BAD_TAG, node, message, f"for example: {near}" if near else "")
        return None


@dataclass(frozen=True)
class ListOf(Generic[T]):
    """A list; a single value may stand without its dash."""

    item: Shape[T]
    single: bool = True

    @property
    def noun(self) -> str:
        return f"a list, each item {self.item.noun}"

    def read(self, node: Node, reader: Reader) -> tuple[T, ...] | None:
        if not isinstance(node, Sequence):
            if not self.single or (isinstance(node, Scalar) and not node.value):
                reader.error(rules.WRONG_SHAPE, node, f"expected {self.noun}, found {noun(node)}")
                return None
            value = self.item.read(node, reader)
            return None if value is None else (value,)
        values = [self.item.read(item, reader) for item in node.items]
        if any(value is None for value in values):
            return None
        return tuple(cast("list[T]", values))


@dataclass(frozen=True)
class MapOf(Generic[T]):
    """A mapping from names of the author's choosing to values of one shape."""

    value: Shape[T]
    name: str = "an id"

    @property
    def noun(self) -> str:
        return f"a mapping from {self.name} to {self.value.noun}"

    def read(self, node: Node, reader: Reader) -> dict[str, T] | None:
        if not isinstance(node, Mapping):
            reader.error(rules.WRONG_SHAPE, node, f"expected {self.noun}, found {noun(node)}")
            return None
        values: dict[str, T] = {}
        complete = True
        for name, (key_node, value_node) in node.pairs.items():
            valid = check_id(name, key_node, reader)
            value = self.value.read(value_node, reader)
            if value is None or not valid:
                complete = False
            else:
                values[name] = value
        return values if complete else None


@dataclass(frozen=True)
class Either(Generic[T]):
    """A record, or a short form of it: text or a list that stands for one of its keys."""

    noun: str
    record: Record[T]
    text: str | None = None
    list: str | None = None

    def short(self, node: Node) -> Key | None:
        """The key that a node of this form stands for."""
        name = self.text if isinstance(node, Scalar) else self.list if isinstance(node, Sequence) else None
        return keys(self.record.type)[name] if name else None

    def read(self, node: Node, reader: Reader) -> T | None:
        if isinstance(node, Mapping):
            return self.record.read(node, reader)
        key = self.short(node)
        if key is None:
            reader.error(rules.WRONG_SHAPE, node, f"expected {self.noun}, found {noun(node)}")
            return None
        value = key.shape.read(node, reader)
        make = cast("Callable[..., T]", self.record.type)
        return None if value is None else make(position=reader.source.position(node), **{key.name: value})
