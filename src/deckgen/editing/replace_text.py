"""Replace a text of a source with another one, and keep every other character."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace

from deckgen.core.differences import common_runs, differences
from deckgen.core.nodes import MappingNode, ScalarNode, SequenceNode, texts_below
from deckgen.editing.open_files import OpenFile
from deckgen.editing.text_edits import Edit, all_texts, apply_edits, end_of, quoted, remove_pair, reparse


def with_text(file: OpenFile, text: str) -> OpenFile | None:
    """A file with another text; None if that is broken."""
    source = replace(file.source, text=text)
    root = reparse(text, source)
    return OpenFile(source, root) if isinstance(root, MappingNode) else None


def replace_text(file: OpenFile, scalar: ScalarNode, new: str) -> OpenFile | None:
    """A file in which a scalar has another value; None if that would change anything else."""
    at, around = _index_and_parent(file, scalar)
    wanted = all_texts(file.root)
    wanted[at] = False, new
    for edits in _ways(file.source.text, scalar, new, flow=around.flow):
        edited = with_text(file, apply_edits(file.source.text, edits))
        if edited and all_texts(edited.root) == wanted:
            return edited
    return None


def replace_with_html(file: OpenFile, scalar: ScalarNode, html: str) -> OpenFile | None:
    """A file in which a text is a mapping with HTML instead."""
    edit = Edit(scalar.start, end_of(file.source.text, scalar), f"{{html: {quoted(html, flow=True)}}}")
    return with_text(file, apply_edits(file.source.text, [edit]))


def remove_text(file: OpenFile, scalar: ScalarNode) -> OpenFile | None:
    """A file without a key whose value is a scalar; None if there is no such key, or that would change anything
    else."""
    at, around = _index_and_parent(file, scalar)
    if not isinstance(around, MappingNode) or len(around.pairs) == 1:
        return None
    name = next(name for name, pair in around.pairs.items() if pair.value.start == scalar.start)
    edited = with_text(file, apply_edits(file.source.text, [remove_pair(file.source.text, around, name)]))
    remaining = all_texts(file.root)
    del remaining[at - 1 : at + 1]
    return edited if edited and all_texts(edited.root) == remaining else None


def _index_and_parent(file: OpenFile, scalar: ScalarNode) -> tuple[int, MappingNode | SequenceNode]:
    """The index of a scalar among all texts of a file, and what it stands in."""
    texts = enumerate(texts_below(file.root))
    at, found = next((at, one) for at, one in texts if one.scalar.start == scalar.start and not one.is_key)
    assert found.around is not None, "a file is a mapping"
    return at, found.around


def _ways(text: str, scalar: ScalarNode, new: str, *, flow: bool) -> Iterator[list[Edit]]:
    """Ways to write a new value: changed where the old one stands, or written anew."""
    raw = text[scalar.start : scalar.end]
    edits = _edits_in_place(raw, scalar, new)
    if edits is not None:
        yield edits
        if raw[:1] not in ("|", ">", "'", '"'):  # the line breaks stay, even if the text now needs quotes
            moved = (replace(edit, start=edit.start - scalar.start, end=edit.end - scalar.start) for edit in edits)
            yield [Edit(scalar.start, scalar.end, _in_quotes(apply_edits(raw, moved)))]
    line = text.rfind("\n", 0, scalar.start) + 1
    indent = re.match(r"[ -]*", text[line:])
    assert indent is not None
    column = len(indent[0])
    lines = quoted(new, flow).split("\n")
    written = "\n".join([lines[0], *(f"{' ' * column}{line}" if line else "" for line in lines[1:])])
    end = end_of(text, scalar)
    yield [Edit(scalar.start, end, written)]
    if "\n" in new and not flow:  # in a list without a key, the text below '|' is indented by the dash only
        deeper = "\n".join([lines[0], *(f"{' ' * (column + 2)}{line}" if line else "" for line in lines[1:])])
        yield [Edit(scalar.start, end, deeper)]


def _in_quotes(raw: str) -> str:
    if "'" in raw and not any(character in raw for character in '"\\'):
        return f'"{raw}"'
    inside = raw.replace("'", "''")
    return f"'{inside}'"


def _edits_in_place(raw: str, scalar: ScalarNode, new: str) -> list[Edit] | None:
    """The edits within a scalar as it stands in the file; None if its style cannot hold the new value."""
    style = raw[:1]
    old, after = _words(scalar.value.strip()), _words(new)
    value = scalar.value.strip()
    lines = (value, raw) if style == "|" else (value.replace("\n", " "), raw.replace("\n", " "))
    typed_at = {at: index for run, typed in common_runs(*lines) for at, index in zip(run, typed, strict=True)}
    starts = [0]
    for word in old:
        starts.append(starts[-1] + len(word))
    indent = _indent(raw)
    edits: list[Edit] = []
    for hunk in differences(old, after):
        first, last, words = starts[hunk.start], starts[hunk.end], "".join(after[hunk.new_start : hunk.new_end])
        inside = [typed_at[at] for at in range(first, last) if at in typed_at]
        if inside:
            begin, finish = inside[0], inside[-1] + 1
        elif first - 1 in typed_at and value[first - 1] != "\n":
            begin = finish = typed_at[first - 1] + 1
        else:
            begin = finish = typed_at.get(first, -1)
        if begin < 0:
            return None
        if "\n" in words and style != "|":
            return None
        edits.append(Edit(scalar.start + begin, scalar.start + finish, _escaped(words, style, indent)))
    return edits


def _words(text: str) -> list[str]:
    return re.findall(r"\s+|\w+|[^\w\s]", text)


def _indent(raw: str) -> str:
    """The indentation of the lines of a text below ``|``."""
    found = re.search(r"\n( *)\S", raw)
    return found[1] if found else ""


def _escaped(words: str, style: str, indent: str) -> str:
    if style == "'":
        return words.replace("'", "''")
    if style == '"':
        return json.dumps(words, ensure_ascii=False)[1:-1]
    return words.replace("\n", f"\n{indent}") if style == "|" else words
