"""A file with only one entry and the defaults of its own file, so that compiling it is cheap even if that file is
large."""

from __future__ import annotations

from dataclasses import dataclass

from deckgen.core.nodes import SequenceNode
from deckgen.editing.open_files import OpenFile
from deckgen.editing.replace_text import with_text
from deckgen.editing.text_edits import Edit, end_of
from deckgen.kinds.entry import About
from deckgen.language.keys import keys


@dataclass(frozen=True, slots=True)
class Excerpt:
    """An entry as the only one of a file. ``start`` and ``end`` are where it stands in its own file, ``lead`` and
    ``tail`` the lengths of what is around it here."""

    file: OpenFile
    start: int
    end: int
    lead: int
    tail: int

    def edit(self, changed: OpenFile) -> Edit:
        """The edit of the entry's own file that makes a change of the excerpt there."""
        text = changed.source.text
        return Edit(self.start, self.end, text[self.lead : len(text) - self.tail])


def excerpt(file: OpenFile, section: str, index: int) -> Excerpt | None:
    """The excerpt of an entry; None if it cannot be read alone."""
    text, entries = file.source.text, file.root.pairs[section].value
    if not isinstance(entries, SequenceNode):
        return None
    item = entries.items[index]
    start, end, tail = item.start, end_of(text, item), "]\n"
    if not entries.flow:
        start = text.rfind("\n", 0, text.rfind("-", 0, item.start)) + 1
        end, tail = text.find("\n", end) + 1 or len(text), ""
    defaults = [pair for name, pair in file.root.pairs.items() if name in keys(About)]
    lead = "".join(f"{text[pair.key.start : end_of(text, pair.value)]}\n" for pair in defaults)
    lead += f"{section}: [" if entries.flow else f"{section}:\n"
    alone = with_text(file, f"{lead}{text[start:end]}{tail}")
    return Excerpt(alone, start, end, len(lead), len(tail)) if alone and len(alone.entries(section)) == 1 else None
