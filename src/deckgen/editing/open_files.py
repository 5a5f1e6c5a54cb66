"""Source files opened for editing: their text and nodes, and how edited ones are saved."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from deckgen.core.diagnostics import Report
from deckgen.core.location import checkout_of
from deckgen.core.nodes import MappingNode, Node, ScalarNode, SequenceNode
from deckgen.core.outputs import Outputs, one_at_a_time
from deckgen.core.source import Source
from deckgen.core.terminal import Failure
from deckgen.language.yaml_reader import parse
from deckgen.project.project import Project, load_source


@dataclass(frozen=True, slots=True)
class OpenFile:
    """A source file and its top-level mapping."""

    source: Source
    root: MappingNode

    def entries(self, section: str) -> list[Node]:
        """The entries of a section; none if the file does not have it."""
        pair = self.root.pairs.get(section)
        return pair.value.items if pair and isinstance(pair.value, SequenceNode) else []


def text_of(node: Node, key: str) -> str:
    """The text of a key of a mapping; empty if it has none."""
    pair = node.pairs.get(key) if isinstance(node, MappingNode) else None
    return pair.value.value if pair and isinstance(pair.value, ScalarNode) else ""


def open_files(project: Project, report: Report) -> list[OpenFile]:
    """Open the files of entries of all decks. Those that cannot be read are reported and left out."""
    files = []
    for path in (path for deck in project.decks for path in deck.sources):
        source = load_source(path, project.root, report)
        root = parse(source, report) if source else None
        if source is not None and isinstance(root, MappingNode):
            files.append(OpenFile(source, root))
    return files


def save(edited: Iterable[tuple[Source, str]], root: Path) -> None:
    """Write the new texts of a project's files, all of them or none. Fails if a file on disk is no longer the one that
    was read, since an editor may have saved it in the meantime."""
    with one_at_a_time(root), Outputs(checkout_of(root)) as outputs:
        for source, text in edited:
            on_disk = source.path.read_text(encoding="utf-8", errors="replace") if source.path.exists() else ""
            if on_disk != source.mark + source.text:
                raise Failure(f"{source.name} was changed by another program; run the command again")
            outputs.text(source.path, source.on_disk(text))
        outputs.commit()
