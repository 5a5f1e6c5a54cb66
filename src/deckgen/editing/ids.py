"""Ids that an author left out: where the records' declarations require one, it is derived from the text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from deckgen.core.nodes import MappingNode, Node, ScalarNode, SequenceNode
from deckgen.core.source import Source
from deckgen.core.terminal import Failure
from deckgen.editing.open_files import OpenFile, text_of
from deckgen.editing.text_edits import Edit, all_texts, apply_edits, reparse
from deckgen.kinds.entry import is_title
from deckgen.kinds.items import Groups, Items
from deckgen.kinds.registry import all_kinds
from deckgen.language.keys import keys
from deckgen.language.patterns import slug, unused_names
from deckgen.language.records import Either, ListOf, Record


@dataclass(frozen=True, slots=True)
class MissingId:
    """A node without an id, the id for it, and the edits that add it."""

    node: Node
    id: str
    edits: tuple[Edit, ...]


def find_missing_ids(files: Sequence[OpenFile]) -> list[tuple[OpenFile, list[MissingId]]]:
    """The files of a project, each with its missing ids. New ids of entries are unique in the whole project."""
    taken = {section: taken_ids(files, section) for section in all_kinds()}
    return [(file, list(_in_file(file, taken))) for file in files]


def taken_ids(files: Sequence[OpenFile], section: str) -> set[str]:
    """The ids of the entries in a section of all files."""
    return {id for file in files for id in _ids(file.entries(section))}


def _in_file(file: OpenFile, taken: dict[str, set[str]]) -> Iterator[MissingId]:
    for section, kind in all_kinds().items():
        for entry in file.entries(section):
            yield from _in_record(file.source, Record(kind.entry, section), entry, taken[section])


def _ids(nodes: Sequence[Node]) -> set[str]:
    return {text_of(node, "id") for node in nodes}


def _in_value(source: Source, shape: Any, node: Node) -> Iterator[MissingId]:
    """The missing ids in a value of some shape."""
    if isinstance(shape, Either):
        short = shape.short(node)
        yield from _in_value(source, short.shape if short else shape.record, node)
    elif isinstance(shape, ListOf | Groups) and isinstance(node, SequenceNode):
        taken = _ids(node.items)
        for item in node.items:
            yield from _in_record(source, shape.item if isinstance(shape, ListOf) else shape.record, item, taken)
    elif isinstance(shape, Items) and isinstance(node, SequenceNode):
        taken = {name for item in node.items if isinstance(item, MappingNode) for name in item.pairs}
        for item in node.items:
            if isinstance(item, ScalarNode) and item.value.strip():
                yield _id_of_item(source, item, taken)
    elif isinstance(shape, Record):
        yield from _in_record(source, shape, node, set())


def _in_record(source: Source, shape: Any, node: Node, taken: set[str]) -> Iterator[MissingId]:
    if not isinstance(shape, Record) or not isinstance(node, MappingNode):
        return
    declared = keys(shape.type)
    if "id" in declared and "id" not in node.pairs and node.pairs:
        titles = (text_of(node, name) for name in node.pairs if name in declared and is_title(declared[name]))
        yield _id_of_entry(source, node, free_id(next(filter(None, titles), ""), taken))
    for name, pair in node.pairs.items():
        if name in declared:
            yield from _in_value(source, declared[name].shape, pair.value)


_SMALL_WORDS = frozenset(
    """a about an and are as at be by can do does for from has have how in into is it its must name of on or that the
    their they this to two three four five six seven eight was were what when where which who whom whose why
    with""".split()
)


def free_id(text: str, taken: set[str]) -> str:
    """An unused id made from the important words of a text; it is added to ``taken``."""
    words = slug(text, words=99).split("-")
    important = [word for word in words if word not in _SMALL_WORDS] or words
    return next(unused_names([slug(" ".join(important), words=6) or "entry"], taken))


def _id_of_entry(source: Source, node: MappingNode, id: str) -> MissingId:
    if node.flow:
        return MissingId(node, id, (Edit(node.start + 1, node.start + 1, f"id: {id}, "),))
    return MissingId(node, id, (Edit(node.start, node.start, f"id: {id}\n{' ' * source.column(node)}"),))


def _id_of_item(source: Source, item: ScalarNode, taken: set[str]) -> MissingId:
    id = free_id(item.value, taken)
    edits = [Edit(item.start, item.start, f"{id}: ")]
    line = source.text.find("\n", item.start) + 1
    while 0 < line < item.end:  # further lines of the text must be indented more than the id
        if source.text[line] != "\n":
            edits.append(Edit(line, line, "  "))
        line = source.text.find("\n", line) + 1
    return MissingId(item, id, tuple(edits))


def add_ids(file: OpenFile, missing: Sequence[MissingId]) -> str:
    """The text of a file with ids added; fails if that would change anything else."""
    text = apply_edits(file.source.text, (edit for one in missing for edit in one.edits))
    edited = reparse(text, file.source)
    before, after = all_texts(file.root), all_texts(edited) if edited else []
    added = sum(2 if isinstance(one.node, MappingNode) else 1 for one in missing)
    rest = iter(after)
    kept = all(any(value == other for other in rest) for value in before)
    if not kept or len(after) != len(before) + added:
        raise Failure(f"{file.source.name}: cannot add the ids without changing other text; add them by hand")
    return text
