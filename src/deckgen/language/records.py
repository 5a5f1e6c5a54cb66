"""Keys declared once, each with its shape and its manual, and the records, lists and mappings that they make.

A record has a position and keys, declared in its class by ``key``. From that one declaration come the reader, the
messages, the reference of the language and the JSON Schema.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from itertools import islice
from typing import Any, Generic, NamedTuple, TypeVar, cast

from deckgen.core.diagnostics import Position, nearest
from deckgen.language import rules
from deckgen.language.nodes import MappingNode, Node, ScalarNode, SequenceNode, noun
from deckgen.language.values import ID_SCHEMA, JsonSchema, Outline, Reader, Shape, check_id

T = TypeVar("T")

MAX_LISTED = 100
"""How many values a list may have: far more than any entry needs, and a bound on what all entries of a file repeat."""


REQUIRED = object()
"""Stands for the default of a key that has none."""


class Key(NamedTuple):
    """A key of a record: what it takes, what it is for, what it is where it was left out, and whether it may stand at
    the top of the file."""

    shape: Shape[object]
    manual: str
    default: Any
    inherited: bool
    name: str = ""

    @property
    def required(self) -> bool:
        return self.default is REQUIRED


def key(
    shape: Shape[T], manual: str, *, default: object = REQUIRED, inherited: bool = False
) -> Any:  # the annotation says what it is; Any lets it stand as the value
    """Declare a record's key; without a default it is required. An inherited one may stand at the top of the file."""
    return Key(shape, manual, default, inherited)


def record(type: type[T]) -> type[T]:
    """Make a class with keys a record type, whose records ``filled`` makes. It has the keys of its bases as well."""
    own = {name: value._replace(name=name) for name, value in tuple(vars(type).items()) if isinstance(value, Key)}
    for name, declared in own.items():
        if declared.required:
            delattr(type, name)
        else:
            setattr(type, name, declared.default)
    keys = {**own, **{name: declared for name, declared in getattr(type, "KEYS", {}).items() if name not in own}}
    cast("Any", type).KEYS = {name: keys[name] for name in sorted(keys, key="id".__ne__)}
    return type


class Plan(NamedTuple):
    """What reading a record type needs to know of it."""

    keys: dict[str, Key]
    readers: dict[str, Callable[[Node, Reader], object]]
    required: frozenset[str]
    inherits: bool
    exactly_one: tuple[frozenset[str], ...]
    at_most_one: tuple[frozenset[str], ...]


def keys(record: Any) -> dict[str, Key]:
    """The keys of a record by name: the id, its own, and those that it has in common with others."""
    return _plan(record).keys


@cache
def _plan(record: Any) -> Plan:
    own: dict[str, Key] = record.KEYS
    return Plan(
        own,
        {name: declared.shape.read for name, declared in own.items()},
        frozenset(name for name, declared in own.items() if declared.required),
        any(declared.inherited for declared in own.values()),
        tuple(map(frozenset, getattr(record, "EXACTLY_ONE", ()))),
        tuple(map(frozenset, getattr(record, "AT_MOST_ONE", ()))),
    )


def filled(record: type[T], position: Position, values: Mapping[str, object]) -> T:
    """A record with values for all keys that it must have; what was left out stands at its class."""
    made = object.__new__(record)
    object.__setattr__(made, "__dict__", {**values, "position": position})
    return made


def changed(record: T, **values: object) -> T:
    """A record with other values for some of its keys."""
    made = object.__new__(type(record))
    object.__setattr__(made, "__dict__", {**record.__dict__, **values})
    return made


@cache
def _groups_fit(record: Any, present: frozenset[str]) -> bool:
    """Whether of each group of keys as many stand as may. Few of all possible sets of keys are ever written."""
    plan = _plan(record)
    return all(len(group & present) == 1 for group in plan.exactly_one) and all(
        len(group & present) < 2 for group in plan.at_most_one
    )


class Record(Generic[T]):
    """A mapping with the keys of a record type; ``title`` is how messages call it.

    The type may name groups of keys of which ``EXACTLY_ONE`` or ``AT_MOST_ONE`` may stand.
    """

    def __init__(self, type: type[T], title: str) -> None:
        self.type = type
        self.title = title

    @property
    def parts(self) -> list[object]:
        """The shapes that a value is made of; each shape that holds others has these."""
        return [declared.shape for declared in keys(self.type).values()]

    @property
    def noun(self) -> str:
        return f"a mapping with the keys of {self.title}"

    def read(self, node: Node, reader: Reader) -> T | None:
        if not isinstance(node, MappingNode):
            reader.error(rules.WRONG_SHAPE, node, f"expected {self.noun}, found {noun(node)}", _list_keys(self.type))
            return None
        plan, pairs = _plan(cast("Any", self.type)), node.pairs
        values: dict[str, object] = dict(reader.defaults) if plan.inherits else {}
        complete = True
        for name, pair in pairs.items():
            read = plan.readers.get(name)
            if read is None:
                message = f"'{name}' is not a key of {self.title}{reader.report.did_you_mean(name, plan.keys)}"
                in_braces = node.flow and isinstance(pair.value, ScalarNode) and not pair.value.value
                help = "inside {…} a comma begins another key: put the text before it in quotes"
                reader.error(rules.UNKNOWN_KEY, pair.key, message, help if in_braces else _list_keys(self.type))
                complete = False
                continue
            value = read(pair.value, reader)
            if value is None:
                complete = False
            else:
                values[name] = value
        if not plan.required <= values.keys() or not _groups_fit(cast("Any", self.type), frozenset(pairs)):
            complete = self._keys_fit(node, values, plan, reader) and complete
        if not complete:
            return None
        return filled(self.type, reader.source.position(node), values)

    def _keys_fit(self, node: MappingNode, values: dict[str, object], plan: Plan, reader: Reader) -> bool:
        """Whether all keys are there that must be, and those that exclude each other do so."""
        present = frozenset(node.pairs)
        missing = [{name} for name in plan.keys if name in plan.required and name not in values and name not in present]
        missing += [set(group) for group in plan.exactly_one if not group & present]
        clashing = [group & present for group in (*plan.exactly_one, *plan.at_most_one) if len(group & present) > 1]
        if not missing and not clashing:
            return True
        misspelt = {nearest(name, plan.keys) for name in islice(present.difference(plan.keys), 20)}
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

    def json_schema(self, outline: Outline) -> JsonSchema:
        return outline.define(self.type.__name__, lambda: self._definition(outline))

    def _definition(self, outline: Outline) -> JsonSchema:
        plan = _plan(cast("Any", self.type))
        definition: JsonSchema = {
            "type": "object",
            "title": self.title,
            "properties": {
                name: {"description": declared.manual, **declared.shape.json_schema(outline)}
                for name, declared in plan.keys.items()
            },
            "required": sorted(name for name in plan.required if not plan.keys[name].inherited),
            "additionalProperties": False,
        }
        groups: list[JsonSchema] = [
            {"oneOf": [{"required": [name]} for name in sorted(group)]} for group in plan.exactly_one
        ]
        groups += [{"not": {"required": sorted(group)}} for group in plan.at_most_one]
        return {**definition, "allOf": groups} if groups else definition


def _list_keys(record: Any) -> str:
    return "keys: " + ", ".join(keys(record))


class ListOf(Generic[T]):
    """A list; a ``single`` value may stand without its dash."""

    def __init__(self, item: Shape[T], *, single: bool = True) -> None:
        self.item = item
        self.single = single
        self.parts: list[object] = [item]

    @property
    def noun(self) -> str:
        return f"a list, each item {self.item.noun}"

    def read(self, node: Node, reader: Reader) -> tuple[T, ...] | None:
        if not isinstance(node, SequenceNode):
            if not self.single or (isinstance(node, ScalarNode) and not node.value):
                reader.error(rules.WRONG_SHAPE, node, f"expected {self.noun}, found {noun(node)}")
                return None
            value = self.item.read(node, reader)
            return None if value is None else (value,)
        if len(node.items) > MAX_LISTED:
            reader.error(rules.TOO_MANY, node, f"expected at most {MAX_LISTED} values, found {len(node.items):,}")
            return None
        values = [self.item.read(item, reader) for item in node.items]
        if any(value is None for value in values):
            return None
        return tuple(cast("list[T]", values))

    def json_schema(self, outline: Outline) -> JsonSchema:
        item = self.item.json_schema(outline)
        several = {"type": "array", "items": item, "maxItems": MAX_LISTED}
        return {"anyOf": [item, several]} if self.single else several


class MapOf(Generic[T]):
    """A mapping from names to values of one shape. The names are of the author's choosing, or ``of`` a sort that is
    declared elsewhere; then whoever reads them sees to it that they exist."""

    def __init__(self, value: Shape[T], name: str = "an id", of: str = "") -> None:
        self.value = value
        self.name = name
        self.of = of
        self.parts: list[object] = [value]

    @property
    def noun(self) -> str:
        return f"a mapping from {self.name} to {self.value.noun}"

    def read(self, node: Node, reader: Reader) -> dict[str, T] | None:
        if not isinstance(node, MappingNode):
            reader.error(rules.WRONG_SHAPE, node, f"expected {self.noun}, found {noun(node)}")
            return None
        values: dict[str, T] = {}
        complete = True
        for name, pair in node.pairs.items():
            valid = check_id(name, pair.key, reader)
            value = self.value.read(pair.value, reader)
            if value is None or not valid:
                complete = False
            else:
                values[name] = value
        return values if complete else None

    def json_schema(self, outline: Outline) -> JsonSchema:
        value = self.value.json_schema(outline)
        if self.of in outline.names:
            named = {name: {"description": title, **value} for name, title in outline.names[self.of].items()}
            return {"type": "object", "properties": named, "additionalProperties": False}
        return {"type": "object", "propertyNames": ID_SCHEMA, "additionalProperties": value}


class Either(Generic[T]):
    """A record, or a short form of it: a text or a list that stands for one of its keys."""

    def __init__(self, noun: str, record: Record[T], *, text: str | None = None, items: str | None = None) -> None:
        self.noun = noun
        self.record = record
        self.text = text
        self.items = items
        self.parts: list[object] = [record]

    def short(self, node: Node) -> Key | None:
        """The key that a node of this form stands for."""
        name = self.text if isinstance(node, ScalarNode) else self.items if isinstance(node, SequenceNode) else None
        return keys(self.record.type)[name] if name else None

    def read(self, node: Node, reader: Reader) -> T | None:
        if isinstance(node, MappingNode):
            return self.record.read(node, reader)
        key = self.short(node)
        if key is None:
            reader.error(rules.WRONG_SHAPE, node, f"expected {self.noun}, found {noun(node)}")
            return None
        value = key.shape.read(node, reader)
        return None if value is None else filled(self.record.type, reader.source.position(node), {key.name: value})

    def json_schema(self, outline: Outline) -> JsonSchema:
        short = [keys(self.record.type)[name].shape for name in (self.text, self.items) if name]
        return {"anyOf": [shape.json_schema(outline) for shape in (*short, self.record)]}


def records_in(shape: object) -> Iterator[Record[Any]]:
    """The records that a value of a shape is made of, each once, from the outside in."""
    seen: set[Any] = set()
    waiting = [shape]
    while waiting:
        found = waiting.pop(0)
        if isinstance(found, Record):
            if found.type in seen:
                continue
            seen.add(found.type)
            yield found
        waiting += getattr(found, "parts", ())
