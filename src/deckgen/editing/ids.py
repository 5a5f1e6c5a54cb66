"""Ids that an author left out: found by the schema, made of the text, and written in front of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from deckgen.editing import text_edits as surgery
from deckgen.editing.text_edits import Edit
from deckgen.kinds.items import Groups, Items
from deckgen.kinds.registry import all_kinds
from deckgen.language.nodes import MappingNode, Node, ScalarNode, SequenceNode
from deckgen.language.records import Either, ListOf, Record, keys
from deckgen.language.source import Source
from deckgen.language.values import MarkupText, Text, slug


class Missing(NamedTuple):
    """A place without an id, the id for it, and the edits that write it."""

    node: Node
    id: str
    edits: tuple[Edit, ...]


def taken_ids(node: Node) -> dict[str, set[str]]:
    """The ids of a file's entries, by section."""
    return {section: _ids(entries) for section, entries in _sections(node)}


def missing_ids(source: Source, node: Node, taken: dict[str, set[str]]) -> Iterator[Missing]:
    """The places of a file that lack an id. What is found is added to ``taken``, the ids of the whole project."""
    kinds = all_kinds()
    for section, entries in _sections(node):
        record = Record(kinds[section].entry, section)
        for entry in entries.items:
            yield from _in_record(source, record, entry, taken.setdefault(section, set()))


def _sections(node: Node) -> Iterator[tuple[str, SequenceNode]]:
    if isinstance(node, MappingNode):
        for section in all_kinds():
            pair = node.pairs.get(section)
            if pair is not None and isinstance(pair.value, SequenceNode):
                yield section, pair.value


def _ids(entries: SequenceNode) -> set[str]:
    found = (entry.pairs.get("id") for entry in entries.items if isinstance(entry, MappingNode))
    return {pair.value.value for pair in found if pair and isinstance(pair.value, ScalarNode)}


def _in(source: Source, shape: Any, node: Node) -> Iterator[Missing]:
    """What lacks an id below a value of some shape."""
    if isinstance(shape, Either):
        short = shape.short(node)
        yield from _in(source, short.shape if short else shape.record, node)
    elif isinstance(shape, ListOf) and isinstance(node, SequenceNode):
        taken = _ids(node)
        for item in node.items:
            yield from _in_record(source, shape.item, item, taken)
    elif isinstance(shape, Groups) and isinstance(node, SequenceNode):
        taken = _ids(node)
        for group in node.items:
            yield from _in_record(source, shape.record, group, taken)
    elif isinstance(shape, Items) and isinstance(node, SequenceNode):
        taken = {name for item in node.items if isinstance(item, MappingNode) for name in item.pairs}
        for item in node.items:
            if isinstance(item, ScalarNode) and item.value.strip():
                yield _new_item(source, item, taken)
    elif isinstance(shape, Record):
        yield from _in_record(source, shape, node, set())


def _in_record(source: Source, shape: Any, node: Node, taken: set[str]) -> Iterator[Missing]:
    if not isinstance(shape, Record) or not isinstance(node, MappingNode):
        return
    own = keys(shape.type)
    if "id" in own and "id" not in node.pairs and node.pairs:
        words = next((text for name, text in _texts(node) if own.get(name) and _names_it(own[name])), "")
        yield _new_entry(source, node, free_id(words, taken))
    for name, pair in node.pairs.items():
        if name in own:
            yield from _in(source, own[name].shape, pair.value)


def _texts(node: MappingNode) -> Iterator[tuple[str, str]]:
    return ((name, pair.value.value) for name, pair in node.pairs.items() if isinstance(pair.value, ScalarNode))


def _names_it(key: Any) -> bool:
    return key.required and isinstance(key.shape, MarkupText | Text)


_SMALL_WORDS = frozenset(
    """a about an and are as at be by can do does for from has have how in into is it its must name of on or that the
    their they this to two three four five six seven eight was were what when where which who whom whose why
    with""".split()
)


def free_id(text: str, taken: set[str]) -> str:
    """An id made of a text's telling words that nothing has yet."""
    words = slug(text, words=99).split("-")
    telling = [word for word in words if word not in _SMALL_WORDS] or words
    base = slug(" ".join(telling), words=6) or "entry"
    id, number = base, 1
    while id in taken:
        number += 1
        id = f"{base}-{number}"
    taken.add(id)
    return id


def _new_entry(source: Source, node: MappingNode, id: str) -> Missing:
    if node.flow:
        return Missing(node, id, (Edit(node.start + 1, node.start + 1, f"id: {id}, "),))
    return Missing(node, id, (Edit(node.start, node.start, f"id: {id}\n{' ' * source.column(node)}"),))


def _new_item(source: Source, item: ScalarNode, taken: set[str]) -> Missing:
    id = free_id(item.value, taken)
    start, end = item.start, item.end
    edits = [Edit(start, start, f"{id}: ")]
    line = source.text.find("\n", start) + 1
    while 0 < line < end:  # what goes on below must be indented deeper than the id that now stands above
        if source.text[line] != "\n":
            edits.append(Edit(line, line, "  "))
        line = source.text.find("\n", line) + 1
    return Missing(item, id, tuple(edits))


def with_ids(source: Source, node: Node, found: list[Missing]) -> str | None:
    """The file's text with the ids; None if that would change anything else."""
    text = surgery.apply(source.text, (edit for missing in found for edit in missing.edits))
    edited = surgery.reread(text, source)
    if edited is None:
        return None
    rest = iter(surgery.scalars(edited))
    added = sum(2 if isinstance(missing.node, MappingNode) else 1 for missing in found)
    before = list(surgery.scalars(node))
    in_order = all(any(value == other for other in rest) for value in before)
    return text if in_order and len(list(surgery.scalars(edited))) == len(before) + added else None
