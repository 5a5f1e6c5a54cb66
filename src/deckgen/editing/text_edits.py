"""Changes to a source's text that leave every other character, comments among them, as its author wrote it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from deckgen.core.diagnostics import Report
from deckgen.language import yaml_reader
from deckgen.language.nodes import MappingNode, Node, Pair, ScalarNode, SequenceNode
from deckgen.language.source import Source


class Edit(NamedTuple):
    """Put ``text`` in the place of the characters from ``start`` to ``end``."""

    start: int
    end: int
    text: str


def apply(text: str, edits: Iterable[Edit]) -> str:
    """A text with edits that do not overlap."""
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end), reverse=True):
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text


def reread(edited: str, original: Source) -> Node | None:
    """The nodes of an edited text; None if the edit broke it."""
    report = Report()
    node = yaml_reader.parse(Source(original.path, original.name, edited), report)
    return None if report.has_errors else node


def scalars(node: Node) -> Iterator[str]:
    """All keys and texts of a tree, in source order."""
    if isinstance(node, MappingNode):
        for name, pair in node.pairs.items():
            yield name
            yield from scalars(pair.value)
    elif isinstance(node, SequenceNode):
        for item in node.items:
            yield from scalars(item)
    else:
        yield node.value


def end_of(text: str, node: Node) -> int:
    """The index behind a node's last character; blank lines and comments that follow it are not its own."""
    if isinstance(node, ScalarNode):
        block = text.startswith(("|", ">"), node.start)
        return node.start + len(text[node.start : node.end].rstrip()) if block else node.end
    if node.flow:
        return node.end
    if isinstance(node, MappingNode):
        return _end_of_pair(text, list(node.pairs.values())[-1]) if node.pairs else node.start
    return end_of(text, node.items[-1]) if node.items else node.start


def _end_of_pair(text: str, pair: Pair) -> int:
    """Of a key without a colon, as in ``? key``, the key's end: its value seems to be where the next thing begins."""
    end = end_of(text, pair.key)
    return end_of(text, pair.value) if _COLON.match(text, end) else end


_COLON = re.compile(r"(?:\s|#[^\n]*\n)*:")


def line_start(text: str, index: int) -> int:
    return text.rfind("\n", 0, index) + 1


def next_line(text: str, index: int) -> int:
    """The start of the line after the one that an index is in."""
    end = text.find("\n", index)
    return len(text) if end < 0 else end + 1


def without_item(text: str, sequence: SequenceNode, place: int) -> Edit:
    """The edit that takes an item out of a list of several."""
    node = sequence.items[place]
    start, end = node.start, end_of(text, node)
    if sequence.flow:
        after = re.compile(r"\s*,\s*").match(text, end)
        if after and place < len(sequence.items) - 1:
            return Edit(start, after.end(), "")
        return Edit(end_of(text, sequence.items[place - 1]), end, "")
    return Edit(line_start(text, text.rfind("-", 0, start)), next_line(text, end), "")


def without_pair(text: str, mapping: MappingNode, name: str) -> Edit:
    """The edit that takes a key and its value out of a mapping of several."""
    pair = mapping.pairs[name]
    key, value = pair.key, pair.value
    if not mapping.flow:
        return Edit(line_start(text, key.start), next_line(text, _end_of_pair(text, pair)), "")
    names = list(mapping.pairs)
    place = names.index(name)
    if place == 0:
        return Edit(key.start, mapping.pairs[names[1]].key.start, "")
    return Edit(end_of(text, mapping.pairs[names[place - 1]].value), end_of(text, value), "")


def with_comments(text: str, edit: Edit) -> Edit:
    """An edit that takes out lines, and with them the comments below that are indented by more than the first."""
    lines, end = text[edit.start : edit.end], edit.end
    column = len(lines) - len(lines.lstrip(" "))
    while (comment := _COMMENT.match(text, end)) and len(comment[1]) > column:
        end = comment.end()
    return edit._replace(end=end)


_COMMENT = re.compile(r"(?: *\n)*( *)#[^\n]*(?:\n|\Z)")


def quoted(text: str, flow: bool = False) -> str:
    """A text as YAML that is read as just that text: plain where that is safe, else in double quotes. Within brackets
    (``flow``) a comma is not."""
    if re.fullmatch(r"[\w(][\w ,.;()/%+?-]*", text) and not text.endswith(" ") and not (flow and "," in text):
        return text
    return json.dumps(text, ensure_ascii=False)
