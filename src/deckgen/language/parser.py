"""A text becomes nodes: YAML as the author typed it.

Most texts are of a sort that is read line by line. The others, and all that have a fault, are read by the events of
PyYAML, which takes longer, to load it as well.
"""

from __future__ import annotations

from deckgen.core.diagnostics import Report
from deckgen.language import lines
from deckgen.language.source import Node, Source


def parse(source: Source, report: Report) -> Node | None:
    """The file's node tree, or None when it is empty or not the YAML that deckgen reads (reported)."""
    node = lines.parse(source)
    if node is not None:
        return node
    from deckgen.language import yaml_events as events

    return events.parse(source, report)
