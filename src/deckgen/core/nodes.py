"""The nodes of a parsed file: texts, mappings and lists, each with its position in the text.

They are tuples, since large projects have millions of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple


class ScalarNode(NamedTuple):
    """A text, and the indexes in its file where it begins and ends."""

    value: str
    start: int
    end: int


class Pair(NamedTuple):
    """One ``key: value`` of a mapping."""

    key: ScalarNode
    value: Node


class MappingNode(NamedTuple):
    """A mapping: its pairs by key, in source order. A ``flow`` mapping is written in braces."""

    start: int
    end: int
    pairs: dict[str, Pair]
    flow: bool


class SequenceNode(NamedTuple):
    """A list. A ``flow`` list is written in brackets."""

    start: int
    end: int
    items: list[Node]
    flow: bool


Node = ScalarNode | MappingNode | SequenceNode


def noun(node: Node) -> str:
    """What a node is, in the author's words."""
    if isinstance(node, MappingNode):
        return "a mapping"
    if isinstance(node, SequenceNode):
        return "a list"
    return "text" if node.value else "nothing"


class FoundText(NamedTuple):
    """A text below a node: its scalar, whether that is a key, and the mapping or list around it, if there is one."""

    scalar: ScalarNode
    is_key: bool
    around: MappingNode | SequenceNode | None


def texts_below(node: Node, around: MappingNode | SequenceNode | None = None) -> Iterator[FoundText]:
    """All keys and texts below a node, in source order."""
    if isinstance(node, ScalarNode):
        yield FoundText(node, False, around)
    elif isinstance(node, MappingNode):
        for pair in node.pairs.values():
            yield FoundText(pair.key, True, node)
            yield from texts_below(pair.value, node)
    else:
        for item in node.items:
            yield from texts_below(item, node)
