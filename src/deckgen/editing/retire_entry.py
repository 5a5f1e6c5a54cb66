"""Taking an entry, or one note of it, out of a source and writing it down as retired, to the letter nothing else."""

from __future__ import annotations

from typing import NamedTuple

from deckgen.compiler.retired import SECTION
from deckgen.editing import text_edits as surgery
from deckgen.editing.text_edits import Edit, quoted
from deckgen.kinds.registry import all_kinds
from deckgen.language.nodes import MappingNode, Node, ScalarNode, SequenceNode
from deckgen.language.records import keys
from deckgen.language.source import Source
from deckgen.language.values import MarkupText


class Removal(NamedTuple):
    """What is to be taken out: its file, the edit that does so, its identity, and the words that name it."""

    source: Source
    node: MappingNode
    edit: Edit
    identity: str
    title: str

    def text(self, reason: str, successor: str | None, today: str) -> str | None:
        """The file's text after it; None if that would break the file."""
        values = {"id": self.identity, "title": self.title, "reason": reason, "successor": successor, "on": today}
        lines = [f"{name}: {quoted(value)}\n" for name, value in values.items() if value]
        section = self.node.pairs.get(SECTION)
        end = len(self.source.text)
        if section is None:
            record = f"\n{SECTION}:\n  - {'    '.join(lines)}"
        elif isinstance(section.value, SequenceNode) and section.value.items and not section.value.flow:
            dash = " " * self.source.column(section.value)
            end = surgery.next_line(self.source.text, surgery.end_of(self.source.text, section.value))
            record = f"{dash}- {f'{dash}  '.join(lines)}"
        else:
            return None
        before = "" if self.source.text.endswith("\n", 0, end) else "\n"
        # A block of text above would take comments below for its last lines; then they go as well.
        edit = self.edit if self._keeps_others() else surgery.with_comments(self.source.text, self.edit)
        edits = [edit, Edit(end, end, before + record)]
        text = surgery.apply(self.source.text, edits)
        return text if surgery.reread(text, self.source) is not None else None

    def _keeps_others(self) -> bool:
        """Whether all texts of the file but those of one run stay what they are."""
        edited = surgery.reread(surgery.apply(self.source.text, [self.edit]), self.source)
        was = [text.strip() for text in surgery.scalars(self.node)]
        left = [text.strip() for text in surgery.scalars(edited)] if edited else []
        same = next((place for place, pair in enumerate(zip(was, left, strict=False)) if pair[0] != pair[1]), len(left))
        return left[same:] == was[len(was) - (len(left) - same) :]


def find_entry(source: Source, node: Node, id: str) -> tuple[list[str], Removal | None]:
    """The entries of a file as ``kind/id``, and the removal of the one that is asked for, if it is here."""
    entries: list[str] = []
    removal: Removal | None = None
    if not isinstance(node, MappingNode):
        return entries, None
    for section, kind in all_kinds().items():
        pair = node.pairs.get(section)
        if pair is None or not isinstance(pair.value, SequenceNode):
            continue
        for place, entry in enumerate(pair.value.items):
            label = f"{kind.name}/{_text(entry, 'id')}"
            entries.append(label)
            if isinstance(entry, MappingNode) and (id == label or id.startswith(f"{label}/")):
                first = f"{kind.name}/{_text(entry, 'was') or _text(entry, 'id')}"
                edit = _edit(source.text, node, section, place, id[len(label) + 1 :])
                if edit is not None:
                    title = _title(entry, kind.entry) + id[len(label) :].replace("/", ": ", 1)
                    removal = Removal(source, node, edit, first + id[len(label) :], title)
    return entries, removal


def _edit(text: str, node: MappingNode, section: str, place: int, part: str) -> Edit | None:
    """The edit that takes out an entry, or a part of it such as ``risks`` or ``facts/reason``."""
    entries = node.pairs[section].value
    assert isinstance(entries, SequenceNode)
    entry = entries.items[place]
    if not part:
        if len(entries.items) > 1:
            return surgery.without_item(text, entries, place)
        return surgery.without_pair(text, node, section)
    assert isinstance(entry, MappingNode)
    name, _, id = part.partition("/")
    pair = entry.pairs.get(name.replace("-", "_"))
    if pair is None:
        return None
    facts = pair.value.items if isinstance(pair.value, SequenceNode) else [pair.value]
    ids = [_text(fact, "id") for fact in facts]
    if id and id not in ids:
        return None
    if id and isinstance(pair.value, SequenceNode) and len(facts) > 1:
        return surgery.without_item(text, pair.value, ids.index(id))
    return surgery.without_pair(text, entry, pair.key.value)


def _text(node: Node, name: str) -> str:
    pair = node.pairs.get(name) if isinstance(node, MappingNode) else None
    return pair.value.value if pair and isinstance(pair.value, ScalarNode) else ""


def _title(entry: MappingNode, record: type) -> str:
    """The first words that an entry must have: its question or name."""
    for name, key in keys(record).items():
        if key.required and isinstance(key.shape, MarkupText):
            return " ".join(_text(entry, name).split())
    return ""
