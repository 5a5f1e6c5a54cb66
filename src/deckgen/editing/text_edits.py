"""Edits to the text of a source that keep every other character, comments included."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from deckgen.core.diagnostics import Report
from deckgen.core.nodes import MappingNode, Node, Pair, ScalarNode, SequenceNode, texts_below
from deckgen.core.source import Source
from deckgen.editing.open_files import OpenFile
from deckgen.language.yaml_reader import parse


@dataclass(frozen=True, slots=True)
class Edit:
    """Replaces the characters from ``start`` to ``end`` with ``text``."""

    start: int
    end: int
    text: str


def apply_edits(text: str, edits: Iterable[Edit]) -> str:
    """Apply edits, which must not overlap, to a text."""
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end), reverse=True):
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text


def reparse(text: str, original: Source) -> Node | None:
    """The nodes of an edited text; None if the edit broke it."""
    report = Report()
    node = parse(Source(original.path, original.name, text), report)
    return None if report.has_errors else node


def all_texts(node: Node) -> list[tuple[bool, str]]:
    """All keys and texts below a node, in source order, each with whether it is a key; without the spaces around them,
    which never count."""
    return [(one.is_key, one.scalar.value.strip()) for one in texts_below(node)]


def end_of(text: str, node: Node) -> int:
    """The index after a node's last character, without the blank lines and comments that follow."""
    if isinstance(node, ScalarNode):
        is_block = text.startswith(("|", ">"), node.start)
        return node.start + len(text[node.start : node.end].rstrip()) if is_block else node.end
    if node.flow:
        return node.end
    if isinstance(node, MappingNode):
        return _end_of_pair(text, list(node.pairs.values())[-1]) if node.pairs else node.start
    return end_of(text, node.items[-1]) if node.items else node.start


def _end_of_pair(text: str, pair: Pair) -> int:
    end = end_of(text, pair.key)
    if not _COLON.match(text, end):  # '? key' without a colon: PyYAML places its empty value before the next token
        return end
    return end_of(text, pair.value)


_COLON = re.compile(r"(?:\s|#[^\n]*\n)*:")


def _line_start(text: str, index: int) -> int:
    return text.rfind("\n", 0, index) + 1


def _next_line(text: str, index: int) -> int:
    """The start of the line after the one with an index."""
    end = text.find("\n", index)
    return len(text) if end < 0 else end + 1


def remove_item(text: str, sequence: SequenceNode, index: int) -> Edit:
    """The edit that removes one of several items of a list."""
    node = sequence.items[index]
    start, end = node.start, end_of(text, node)
    if sequence.flow:
        before = end_of(text, sequence.items[index - 1]) if index else None
        return _remove_in_brackets(text, before, start, end)
    first, after = _line_start(text, text.rfind("-", 0, start)), _next_line(text, end)
    below_blank = text.endswith("\n\n", 0, first)
    if (below_blank or not index) and text.startswith("\n", after):
        after += 1  # or a blank line would follow another one, or the key of the list
    elif below_blank and after == len(text):
        first -= 1
    return Edit(first, after, "")


def remove_pair(text: str, mapping: MappingNode, name: str) -> Edit:
    """The edit that removes one of several keys of a mapping, with its value."""
    pair = mapping.pairs[name]
    if not mapping.flow:
        return Edit(_line_start(text, pair.key.start), _next_line(text, _end_of_pair(text, pair)), "")
    names = list(mapping.pairs)
    index = names.index(name)
    before = end_of(text, mapping.pairs[names[index - 1]].value) if index else None
    return _remove_in_brackets(text, before, pair.key.start, end_of(text, pair.value))


def _remove_in_brackets(text: str, before: int | None, start: int, end: int) -> Edit:
    """The edit that removes one of several values between brackets, and a comma next to it, but no comment. ``before``
    is where the value before it ends, if there is one."""
    if before is not None and "#" not in text[before:start]:
        return Edit(before, end, "")
    comma = _COMMA.match(text, end)
    return Edit(start, comma.end() if comma else end, "")  # YAML ignores a comma before the closing bracket


_COMMA = re.compile(r"\s*,(?:\s*(?=[^\s#]))?")


def add_pair(text: str, mapping: MappingNode, name: str, value: str) -> Edit:
    """The edit that adds a key with a text to the end of a mapping that has others."""
    last = end_of(text, mapping)
    if mapping.flow:
        end = end_of(text, list(mapping.pairs.values())[-1].value)
        return Edit(end, end, f", {quoted(name, flow=True)}: {quoted(value, flow=True)}")
    column = mapping.start - _line_start(text, mapping.start)
    lines = f"{quoted(name)}: {quoted(value)}".split("\n")
    written = "\n".join(f"{' ' * column}{line}" if line else "" for line in lines)
    gap = "" if "\n" in text[last:] else "\n"
    return Edit(_next_line(text, last), _next_line(text, last), f"{gap}{written}\n")


def with_comments_below(text: str, edit: Edit) -> Edit:
    """An edit that removes lines, extended by the comments below that are indented more than its first line."""
    lines, end = text[edit.start : edit.end], edit.end
    column = len(lines) - len(lines.lstrip(" "))
    while (comment := _COMMENT.match(text, end)) and len(comment[1]) > column:
        end = comment.end()
    return replace(edit, end=end)


_COMMENT = re.compile(r"(?: *\n)*( *)#[^\n]*(?:\n|\Z)")


def append_entry(file: OpenFile, section: str, lines: Sequence[str]) -> Edit | None:
    """The edit that adds an entry to the end of a section, indented and spaced like the others there; None if the
    section is empty, written in brackets, or not a list. Without the section, it is added to the end of the file."""
    text, pair = file.source.text, file.root.pairs.get(section)
    if pair is None:
        gap = ("\n" if text.endswith("\n") else "\n\n") if text else ""
        return Edit(len(text), len(text), f"{gap}{section}:\n{item(lines, '  ')}")
    entries = pair.value
    if not isinstance(entries, SequenceNode) or not entries.items or entries.flow:
        return None
    end = _next_line(text, end_of(text, entries))
    gap = "" if text.endswith("\n", 0, end) else "\n"
    gap += "\n" if len(entries.items) < 2 or _has_blank_line_above(text, entries.items[-1]) else ""
    return Edit(end, end, gap + item(lines, " " * file.source.column(entries)))


def item(lines: Sequence[str], indent: str) -> str:
    """Lines of YAML as an item of a list. A text of several lines is indented as a whole."""
    first, *others = "\n".join(lines).split("\n")
    return "".join([f"{indent}- {first}\n", *(f"{indent}  {line}\n" if line.strip() else "\n" for line in others)])


def _has_blank_line_above(text: str, entry: Node) -> bool:
    """Whether there is a blank line above an entry and its comments."""
    above = text[: _line_start(text, entry.start)].split("\n")[:-1]
    while above and above[-1].lstrip().startswith("#"):
        above.pop()
    return bool(above) and not above[-1].strip()


def quoted(text: str, flow: bool = False) -> str:
    """A text as YAML: plain where that is safe, else in quotes, or, if it has several lines, in the lines below ``|``.

    In a ``flow`` list a comma is not safe, and there are no further lines.
    """
    if re.fullmatch(r"[\w(][\w ,.;()/%+?-]*", text) and not text.endswith(" ") and not (flow and "," in text):
        return text
    if "\n" in text and text == text.strip() and not flow:
        return "|-\n" + "\n".join([f"  {line}" if line.strip() else line for line in text.split("\n")])
    if "\\" in text and text.isprintable():
        inside = text.replace("'", "''")
        return f"'{inside}'"
    written = json.dumps(text, ensure_ascii=False)
    return re.sub(r"\\([bfnrt\\])", lambda escape: _NUMBERS.get(escape[1], escape[0]), written)


_NUMBERS = {"b": "\\u0008", "f": "\\u000c", "n": "\\u000a", "r": "\\u000d", "t": "\\u0009"}
"""How escapes are written: the reader refuses letters."""
