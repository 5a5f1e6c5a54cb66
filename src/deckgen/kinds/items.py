"""Lists as authors write them: items with ids, the groups of a set, the phases of a procedure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, ClassVar, NamedTuple

from deckgen.cards.list_cards import (
    GROUP_CARD,
    MAX_GROUPED_SET,
    MAX_PHASED_STEPS,
    MAX_RECALLED_STEPS,
    MAX_SET,
    MAX_STEPS,
    Group,
    Item,
)
from deckgen.core import rules
from deckgen.core.diagnostics import Position
from deckgen.core.nodes import MappingNode, Node, ScalarNode, SequenceNode, noun
from deckgen.language.keys import key, record
from deckgen.language.patterns import SLUG, Slug
from deckgen.language.records import Either, ListOf, Record
from deckgen.language.shapes import JsonSchema, Reader, SchemaBuilder
from deckgen.language.values import MarkupText
from deckgen.language.yaml_text import QUOTE_IT
from deckgen.text.markup import Markup


class Limit(NamedTuple):
    """How many items a list may have, what messages call them, and what to do with too few or too many of them."""

    most: int
    noun: str
    too_few: str
    too_many: str
    divided: Limit | None = None
    """The limit of the same list when it is divided as ``too_many`` says."""


_ALONE = "add another one, or use a key with a single text, such as `answer`"
_RECALLED = f"people cannot recall so many at once: write several entries, each with up to {MAX_SET} items"
_TWO_PROCEDURES = "split the procedure into two entries"
GROUPED_SET = Limit(MAX_GROUPED_SET, "items", _ALONE, f"{_RECALLED}, or with up to {MAX_GROUPED_SET} in `groups:`")
SET = Limit(
    MAX_SET, "items", _ALONE, f"split them into `groups:` of up to {MAX_SET}, each with an id and a name", GROUPED_SET
)
GROUP = Limit(MAX_SET, "items", "add another one, or put it into another group", "divide the group in two")
GROUPS = Limit(MAX_SET, "groups", "add another one, or write its items below `items:`", _RECALLED)
_ONE_STEP = "add another one, or ask for it under `facts:`"
PHASED_STEPS = Limit(MAX_PHASED_STEPS, "steps", _ONE_STEP, _TWO_PROCEDURES)
STEPS = Limit(
    MAX_STEPS,
    "steps",
    _ONE_STEP,
    f"split them into `phases:` of up to {MAX_RECALLED_STEPS}, each with an id and a name",
    PHASED_STEPS,
)
PHASE = Limit(MAX_RECALLED_STEPS, "steps", "add another one, or put it into another phase", "split the phase in two")
PHASES_OF_STEPS = Limit(
    MAX_SET, "phases", "add another one, or write its steps as a list below `steps:`", _TWO_PROCEDURES
)


def earlier_id(what: str, kept: str = "its card") -> Any:
    """Declare the key for the id that something had before it was renamed."""
    manual = f"The id under which the {what} was first released, if it was renamed since; learners keep {kept}."
    return key(Slug(), manual, default=None)


@record
class ItemText:
    """An item written as a mapping."""

    position: Position
    text: Markup = key(MarkupText(), "What is to be recalled.")
    why: Markup | None = key(MarkupText(), "The reason, asked for on its own card.", default=None)
    was: str | None = earlier_id("item")


_ITEM = Either("text, or a mapping with `text`, `why` and `was`", Record(ItemText, "an item"), text="text")


class Items:
    """A list to recall, each item an id and its text (``- esi: Epidural steroid injection``)."""

    noun = "a list of items, each an id and its text"
    parts = (_ITEM,)

    def __init__(self, limit: Limit) -> None:
        self.limit = limit

    def read(self, node: Node, reader: Reader) -> tuple[Item, ...] | None:
        if not isinstance(node, SequenceNode):
            help = "begin each with a hyphen, a space and an id, on a line of its own below the key: '- red: Red'"
            reader.error(rules.WRONG_SHAPE, node, f"expected {self.noun}, found {noun(node)}", help)
            return None
        items = [self._item(item, reader) for item in node.items]
        if not _fits(len(items), self.limit, node, reader) or not all(items):
            return None
        complete = [item for item in items if item is not None]
        unique = _ids_are_unique(_ids(node), reader) and _cards_are_unique(_first_ids(complete, node), reader)
        return tuple(complete) if unique else None

    def _item(self, node: Node, reader: Reader) -> Item | None:
        if not isinstance(node, MappingNode) or len(node.pairs) != 1:
            message = f"expected an item of the form '- its-id: its text', found {noun(node)}"
            help = "write an id, a colon and the text: 'red: Red'; or, to say more, 'red: {text: Red, why: The reason}'"
            if isinstance(node, ScalarNode) and node.value.strip():
                help = "run 'deckgen ids' to add the missing ids: by its id, an item keeps its card when you add others"
            reader.error(rules.WRONG_SHAPE, node, message, help)
            return None
        ((name, pair),) = node.pairs.items()
        if (problem := SLUG.problem(name)) is not None:
            help = f"for example: {SLUG.suggestion(name) or 'red'}; if it is text, {QUOTE_IT}"
            reader.error(rules.BAD_ID, pair.key, problem, help)
        item = _ITEM.read(pair.value, reader)
        return Item(item.was or name, item.text, item.why) if item and problem is None else None

    def json_schema(self, builder: SchemaBuilder) -> JsonSchema:
        item = {
            "type": "object",
            "minProperties": 1,
            "maxProperties": 1,
            "propertyNames": SLUG.json_schema(builder),
            "additionalProperties": builder.define("item", lambda: _ITEM.json_schema(builder)),
        }
        return {"type": "array", "items": item, "minItems": 2, "maxItems": self.limit.most}


def _fits(count: int, limit: Limit, node: Node, reader: Reader) -> bool:
    fits = 2 <= count <= limit.most
    if count < 2:
        reader.error(rules.SHORT_LIST, node, f"expected at least two {limit.noun}, found {count}", limit.too_few)
    elif count > limit.most:
        while limit.divided and count > limit.divided.most:  # dividing it would lead to the next error
            limit = limit.divided
        message = f"expected at most {limit.most} {limit.noun}, found {count}"
        reader.error(rules.LONG_LIST, node, message, limit.too_many)
    return fits


NEWER_ID = "choose another id for the newer of the two; if it is a copy, delete it"

_Ids = Sequence[tuple[str, Node]]
"""Ids, each with the node that has it."""


def _ids_are_unique(ids: _Ids, reader: Reader) -> bool:
    """Report an id that is given twice, at its second node. Return whether there is none."""
    repeated = list(_repeated(ids, reader))
    for id, node, where in repeated:
        reader.error(rules.DUPLICATE_ID, node, f"the id '{id}' is already used in {where}", NEWER_ID)
    return not repeated


def _cards_are_unique(first_ids: _Ids, reader: Reader) -> bool:
    """The same for the ids that items and groups were first given, which identify their cards."""
    repeated = list(_repeated(first_ids, reader))
    for id, node, where in repeated:
        reader.error(rules.DUPLICATE_ID, node, *repeated_first_id(id.removesuffix(GROUP_CARD), where))
    return not repeated


def repeated_first_id(first_id: str, where: str) -> tuple[str, str]:
    """The message and the next step for an id under which the part in another place was first released."""
    help = "its card keeps that id, so choose another one for the newer of the two"
    return f"what is in {where} was first released as '{first_id}'", help


def _repeated(ids: _Ids, reader: Reader) -> Iterator[tuple[str, Node, str]]:
    """Each id that was used before, its node, and where it was used first."""
    seen: dict[str, Node] = {}
    for id, node in ids:
        first = seen.setdefault(id, node)
        if first is not node:
            yield id, node, reader.source.position(first).seen_from(reader.source.position(node))


@record
class SetGroup:
    """A part of a set."""

    position: Position
    id: str = key(Slug(), "Permanent identifier of the group; its card's schedule is tied to it, so never change it.")
    was: str | None = earlier_id("group")
    name: Markup = key(MarkupText(), "The name of the group, which is asked for as well.")
    items: tuple[Item, ...] = key(Items(GROUP), "Its items.")


@record
class Phase:
    """A part of a procedure's steps. It has no card of its own to keep."""

    was: ClassVar = None
    position: Position
    id: str = key(Slug(), "Permanent identifier of the phase; never change it.")
    name: Markup = key(MarkupText(), "The name of the phase, which is asked for as well.")
    items: tuple[Item, ...] = key(Items(PHASE), "Its steps, in order.")


class Groups:
    """Named groups of items. ``limit`` is that of the groups, ``item_limit`` that of all their items."""

    def __init__(self, record: Record[Any], limit: Limit, item_limit: Limit) -> None:
        self.noun = f"a list of {limit.noun}, each with `id`, `name` and `items`"
        self.record = record
        self.limit = limit
        self.item_limit = item_limit
        self.parts = (record,)
        self._groups = ListOf(record, single=False)

    def read(self, node: Node, reader: Reader) -> tuple[Group, ...] | None:
        parts = node.items if isinstance(node, SequenceNode) else ()
        if [part for part in parts if _is_short(part, reader)]:  # all of them are reported
            return None
        found = self._groups.read(node, reader)
        if found is None or not isinstance(node, SequenceNode):
            return None
        groups = tuple(Group(group.was or group.id, group.name, group.items) for group in found)
        if not _fits(len(groups), self.limit, node, reader):
            return None
        item_nodes = [_items_of(one) for one in node.items]
        ids: list[tuple[str, Node]] = [(group.id, one) for group, one in zip(found, node.items, strict=True)]
        first_ids = [(group.id + GROUP_CARD, one) for group, one in zip(groups, node.items, strict=True)]
        for group, items in zip(groups, item_nodes, strict=True):
            ids += _ids(items)
            first_ids += _first_ids(group.items, items)
        count = sum(len(group.items) for group in groups)
        unique = _ids_are_unique(ids, reader) and _cards_are_unique(first_ids, reader)
        return groups if unique and _fits(count, self.item_limit, node, reader) else None

    def json_schema(self, builder: SchemaBuilder) -> JsonSchema:
        item = self.record.json_schema(builder)
        return {"type": "array", "items": item, "minItems": 2, "maxItems": self.limit.most}


def _is_short(group: Node, reader: Reader) -> bool:
    """Report a group that is written like an item, its id and then its items. Return whether it is."""
    if not isinstance(group, MappingNode) or len(group.pairs) != 1:
        return False
    ((name, pair),) = group.pairs.items()
    if name == "items" or not isinstance(pair.value, SequenceNode):
        return False
    help = f"write 'id: {SLUG.suggestion(name) or '…'}', its 'name: …', and the list below 'items:'"
    message = f"expected a group with `id`, `name` and `items`, found only '{name}'"
    reader.error(rules.WRONG_SHAPE, group, message, help)
    return True


def _items_of(group: Node) -> SequenceNode:
    assert isinstance(group, MappingNode)
    items = group.pairs["items"].value
    assert isinstance(items, SequenceNode)
    return items


def _ids(items: SequenceNode) -> _Ids:
    """The ids that items have today."""
    return [(name, item) for item in items.items if isinstance(item, MappingNode) for name in item.pairs]


def _first_ids(items: Iterable[Item], node: SequenceNode) -> _Ids:
    """The ids that items were first given."""
    return [(item.id, one) for item, one in zip(items, node.items, strict=True)]


SET_GROUPS = Groups(Record(SetGroup, "a group"), GROUPS, GROUPED_SET)
PHASES = Groups(Record(Phase, "a phase"), PHASES_OF_STEPS, PHASED_STEPS)
