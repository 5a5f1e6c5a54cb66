"""The two readers of YAML held together: one tree for one text."""

from __future__ import annotations

from pathlib import Path

from deckgen.core.diagnostics import Report
from deckgen.language import lines
from deckgen.language import yaml_events as events
from deckgen.language.source import Node, Scalar, Sequence, Source


def _tree(node: Node, text: str) -> object:
    """All that a tree says, with the places where it says it; the ends of block texts without the lines below."""
    if isinstance(node, Scalar):
        return node.value, node.start, text[node.start : node.end].rstrip()
    end = node.end if node.flow else None
    if isinstance(node, Sequence):
        return node.start, end, [_tree(item, text) for item in node.items]
    pairs = [(_tree(pair.key, text), _tree(pair.value, text)) for pair in node.pairs.values()]
    return node.start, end, list(node.pairs), pairs


def read_alike(text: str) -> bool:
    """Whether the reader of lines knows a text; then PyYAML's events give the same tree, without a fault."""
    source = Source(Path("x.yaml"), "x.yaml", text)
    read = lines.parse(source)
    if read is None:
        return False
    report = Report()
    parsed = events.parse(source, report)
    assert not list(report), text
    assert parsed is not None, text
    assert _tree(read, text) == _tree(parsed, text), text
    return True
