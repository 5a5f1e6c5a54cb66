"""The shapes that consist of others: records, with their unknown, missing and conflicting keys, lists and mappings."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from itertools import islice
from typing import Any, Generic, TypeVar

from deckgen.core import rules
from deckgen.core.diagnostics import Position, nearest
from deckgen.core.nodes import MappingNode, Node, ScalarNode, SequenceNode, noun
from deckgen.language.keys import Key, keys, make
from deckgen.language.patterns import SLUG
from deckgen.language.shapes import JsonSchema, Reader, SchemaBuilder, Shape

T = TypeVar("T")

MAX_LISTED = 100
"""How many values a list may have: far more than any entry needs. It limits what every entry of a file repeats if the
list is a default."""


_OTHER_WORDS = {
    "answers": "items",
    "back": "answer meaning",
    "comment": "extra",
    "complications": "risks",
    "contraindications": "facts",
    "date": "as_of published",
    "explanation": "full extra",
    "front": "question term",
    "image": "picture",
    "link": "url",
    "list": "items",
    "name": "title",
    "note": "extra",
    "notes": "extra",
    "reference": "source",
    "references": "source",
    "sound": "audio",
    "text": "answer",
    "title": "name",
    "translation": "meaning",
    "website": "url",
    "year": "published as_of",
}
"""Words that authors use for keys, each with the keys that it can stand for."""

Groups = tuple[frozenset[str], ...]
"""Groups of keys that exclude each other."""


@cache
def _obeys_groups(exactly_one: Groups, at_most_one: Groups, given: frozenset[str]) -> bool:
    """Whether the right number of keys of each group is given. Cached: entries have few different sets of keys."""
    counts = [len(group & given) for group in exactly_one]
    return all(count == 1 for count in counts) and all(len(group & given) < 2 for group in at_most_one)


class Record(Generic[T]):
    """A mapping with the keys of a record type, which messages call ``title``.

    The type may name groups of keys in ``EXACTLY_ONE`` and ``AT_MOST_ONE``. If it has a method
    ``check_values(node, reader)``, that reports values that contradict each other, and returns whether there are none.
    """

    def __init__(self, type: type[T], title: str) -> None:
        self.type: Any = type
        self.title = title
        self.noun = f"a mapping with the keys of {title}"
        self._readers = {name: key.shape.read for name, key in keys(type).items()}
        self._inherits = any(key.inherited for key in keys(type).values())
        self._required = frozenset(name for name, key in keys(type).items() if key.required)
        self._exactly_one: Groups = tuple(map(frozenset, getattr(type, "EXACTLY_ONE", ())))
        self._at_most_one: Groups = tuple(map(frozenset, getattr(type, "AT_MOST_ONE", ())))
        self._check_values: Callable[[T, MappingNode, Reader], bool] | None = getattr(type, "check_values", None)

    @property
    def parts(self) -> list[object]:
        """The shapes of its values. Every shape that contains others lists them as ``parts``."""
        return [key.shape for key in keys(self.type).values()]

    def read(self, node: Node, reader: Reader) -> T | None:
        if not isinstance(node, MappingNode):
            reader.error(rules.WRONG_SHAPE, node, f"expected {self.noun}, found {noun(node)}", self._list_keys())
            return None
        values: dict[str, object] = dict(reader.defaults) if self._inherits else {}
        complete = True
        for name, pair in node.pairs.items():
            read = self._readers.get(name)
            if read is None:
                self._report_unknown(name, node, reader)
                complete = False
            elif (value := read(pair.value, reader)) is None:
                complete = False
            else:
                values[name] = value
        given = frozenset(node.pairs)
        if not self._required <= values.keys() or not _obeys_groups(self._exactly_one, self._at_most_one, given):
            complete = self._check_keys(node, values, reader) and complete
        if not complete:
            return None
        made: T = make(self.type, reader.source.position(node), values)
        return made if self._check_values is None or self._check_values(made, node, reader) else None

    def _report_unknown(self, name: str, node: MappingNode, reader: Reader) -> None:
        pair = node.pairs[name]
        meant = self._meant(name)
        near = f"; did you mean '{meant}'?" if meant else reader.report.did_you_mean(name, keys(self.type))
        message = f"'{name}' is not a key of {self.title}{near}"
        after_comma = node.flow and isinstance(pair.value, ScalarNode) and not pair.value.value
        help = "inside {…} a comma starts another key: put a text that contains a comma in quotes"
        outer = None if near or isinstance(pair.value, ScalarNode) else self._outer(name)
        below = f"'{name}' is a key of `{outer}`: write it below that; " if outer else ""
        reader.error(rules.UNKNOWN_KEY, pair.key, message, help if after_comma else below + self._list_keys())

    def _outer(self, name: str) -> str | None:
        """The key whose value may have a key of this name."""
        inside = ((outer, record) for outer, key in keys(self.type).items() for record in records_in(key.shape))
        return next((outer for outer, record in inside if name in keys(record.type)), None)

    def _meant(self, name: str) -> str | None:
        """The key that another word for it stands for."""
        words = _OTHER_WORDS.get(name.lower(), "").split()
        return next((word for word in words if word in keys(self.type)), None)

    def _check_keys(self, node: MappingNode, values: dict[str, object], reader: Reader) -> bool:
        """Report missing keys, and keys that exclude each other. Return whether there are none."""
        declared, given = keys(self.type), frozenset(node.pairs)
        missing = [{name} for name in declared if name in self._required and name not in {*values, *given}]
        missing += [set(group) for group in self._exactly_one if not group & given]
        clashing = [group & given for group in (*self._exactly_one, *self._at_most_one) if len(group & given) > 1]
        if not missing and not clashing:
            return True
        misspelt = {self._meant(name) or nearest(name, declared) for name in islice(given.difference(declared), 20)}
        for group in missing:
            if misspelt & group:  # reported as an unknown key
                continue
            names = [name for name in declared if name in group]
            where = " (here or at the top of the file)" if declared[names[0]].inherited else ""
            message = f"expected the key {' or '.join(map(repr, names))} of {self.title}{where}, found none"
            manuals = " ".join(f"{name}: {declared[name].manual}" for name in names)
            if names == ["id"]:
                manuals += " 'deckgen ids' adds it for you."
            reader.error(rules.MISSING_KEY, node, message, manuals)
        for clash in clashing:
            first, second, *_ = (name for name in node.pairs if name in clash)
            message = f"expected '{first}' or '{second}', found both"
            reader.error(rules.CONFLICTING_KEYS, node.pairs[second].key, message, "delete one of the two")
        return False

    def _list_keys(self) -> str:
        return "keys: " + ", ".join(keys(self.type))

    def json_schema(self, builder: SchemaBuilder) -> JsonSchema:
        return builder.define(self.type.__name__, lambda: self._definition(builder))

    def _definition(self, builder: SchemaBuilder) -> JsonSchema:
        declared = keys(self.type)
        definition: JsonSchema = {
            "type": "object",
            "title": self.title,
            "properties": {
                name: {"description": key.manual, **key.shape.json_schema(builder)} for name, key in declared.items()
            },
            "required": sorted(name for name in self._required if not declared[name].inherited),
            "additionalProperties": False,
        }
        groups: list[JsonSchema] = [
            {"oneOf": [{"required": [name]} for name in sorted(group)]} for group in self._exactly_one
        ]
        groups += [{"not": {"required": sorted(group)}} for group in self._at_most_one]
        return {**definition, "allOf": groups} if groups else definition


class ListOf(Generic[T]):
    """A list. A ``single`` value may be given without a dash."""

    def __init__(self, item: Shape[T], *, single: bool = True) -> None:
        self.item = item
        self.single = single
        self.noun = f"a list, each item {item.noun}"
        self.parts: list[object] = [item]

    def read(self, node: Node, reader: Reader) -> tuple[T, ...] | None:
        if not isinstance(node, SequenceNode):
            if not self.single or (isinstance(node, ScalarNode) and not node.value):
                help = "begin each with '- ', on a line of its own below the key"
                reader.error(rules.WRONG_SHAPE, node, f"expected {self.noun}, found {noun(node)}", help)
                return None
            value = self.item.read(node, reader)
            return None if value is None else (value,)
        if len(node.items) > MAX_LISTED:
            reader.error(rules.TOO_MANY, node, f"expected at most {MAX_LISTED} values, found {len(node.items):,}")
            return None
        values = [self.item.read(item, reader) for item in node.items]
        given = [value for value in values if value is not None]
        return tuple(given) if len(given) == len(values) else None

    def json_schema(self, builder: SchemaBuilder) -> JsonSchema:
        item = self.item.json_schema(builder)
        several = {"type": "array", "items": item, "maxItems": MAX_LISTED}
        return {"anyOf": [item, several]} if self.single else several


class Named(dict[str, T]):
    """Values by the names that an author gave them, and the position of each name."""

    positions: dict[str, Position]


class MapOf(Generic[T]):
    """A mapping from names to values of one shape.

    The author chooses the names, or they are names ``of`` something declared elsewhere, such as a domain. Whoever uses
    the mapping then checks that they exist.
    """

    def __init__(self, value: Shape[T], name: str = "an id", of: str = "") -> None:
        self.value = value
        self.of = of
        self.noun = f"a mapping from {name} to {value.noun}"
        self.help = f"write each on a line of its own below the key, without a hyphen: {name}, a colon and {value.noun}"
        self.parts: list[object] = [value]

    def read(self, node: Node, reader: Reader) -> Named[T] | None:
        if not isinstance(node, MappingNode):
            reader.error(rules.WRONG_SHAPE, node, f"expected {self.noun}, found {noun(node)}", self.help)
            return None
        values: Named[T] = Named()
        values.positions = {name: reader.source.position(pair.key) for name, pair in node.pairs.items()}
        for name, pair in node.pairs.items():
            is_name = SLUG.check(name, pair.key, reader)
            value = self.value.read(pair.value, reader)
            if is_name and value is not None:
                values[name] = value
        return values if len(values) == len(node.pairs) else None

    def json_schema(self, builder: SchemaBuilder) -> JsonSchema:
        value = self.value.json_schema(builder)
        if self.of in builder.declared:
            named = {name: {"description": title, **value} for name, title in builder.declared[self.of].items()}
            return {"type": "object", "properties": named, "additionalProperties": False}
        return {"type": "object", "propertyNames": SLUG.json_schema(builder), "additionalProperties": value}


class Either(Generic[T]):
    """A record, or its short form: a text or a list that stands for one of its keys."""

    def __init__(self, noun: str, record: Record[T], *, text: str | None = None, items: str | None = None) -> None:
        self.noun = noun
        self.record = record
        self.text = text
        self.items = items
        self.parts: list[object] = [record]

    def short(self, node: Node) -> Key | None:
        """The key that a node in the short form stands for."""
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
        return None if value is None else make(self.record.type, reader.source.position(node), {key.name: value})

    def json_schema(self, builder: SchemaBuilder) -> JsonSchema:
        short = [keys(self.record.type)[name].shape for name in (self.text, self.items) if name]
        return {"anyOf": [shape.json_schema(builder) for shape in (*short, self.record)]}


def records_in(shape: object) -> Iterator[Record[Any]]:
    """The records that a shape contains, each once, from the outside in."""
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
