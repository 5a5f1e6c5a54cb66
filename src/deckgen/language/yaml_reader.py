"""Read YAML into nodes with positions, every scalar as the text that the author typed.

The events of PyYAML's C parser (or of its pure Python parser, where libyaml is missing) are faster than any of its
loaders. They keep what loaders drop: positions, duplicate keys, and the text itself (``no``, ``1:30``, ``007``).
Anchors, aliases, merge keys and tags are errors, so a node tree is never larger than its file.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NoReturn

import yaml
from yaml import AliasEvent, MappingEndEvent, MappingStartEvent, ScalarEvent, SequenceEndEvent, StreamEndEvent
from yaml.events import CollectionEndEvent, CollectionStartEvent

from deckgen.core import rules
from deckgen.core.characters import FORBIDDEN, found_hidden, hidden_characters
from deckgen.core.diagnostics import Position, Report, Rule
from deckgen.core.nodes import MappingNode, Node, Pair, ScalarNode, SequenceNode, noun
from deckgen.core.source import Source, normal
from deckgen.language.yaml_errors import MISREAD_SPACES, explain, misread_key
from deckgen.language.yaml_text import (
    YamlProblem,
    cut_off,
    escape_problem,
    folding_problem,
    how_to_quote,
    line_at,
    refolded,
)

MAX_DEPTH = 24
MAX_NODES = 2_000_000
"""How many keys and values one file may have: some 300,000 entries, and a bound on the memory that reading it takes."""

MAX_KEYS = 20_000
"""How many keys one mapping may have."""


def parse(source: Source, report: Report) -> Node | None:
    """Parse a file. Return None, and report why, if it is empty or is not the YAML that deckgen reads."""
    if (marker := source.text.find("<<<<<<< ")) >= 0 and source.text[marker - 1 : marker] in ("", "\n"):
        help = "keep the lines of one side, or of both, and delete the lines with <<<<<<<, ======= and >>>>>>>"
        report.add(rules.MERGE_CONFLICT, source.position_at(marker), "expected keys and values, found a conflict", help)
        return None
    builder = _Builder(source, report)
    try:
        root = builder.document()
    except _Refused:
        pass
    except yaml.MarkedYAMLError as error:
        if not builder.has_unquoted_braces:  # the text goes on after the braces, which is reported already
            mark: Any = error.problem_mark or error.context_mark
            opened: Any = error.context_mark or mark
            problem = explain(source.text, error.problem or "", mark.index, error.context or "", opened.index)
            _add_problems(source, [problem], report)
    except (ValueError, OverflowError):  # the pure Python parser raises them and does not say where
        report.add(rules.SYNTAX, Position(source.name), "expected a valid escape or YAML version")
    else:
        may_be_misread = not source.text.isascii() and any(space in source.text for space in MISREAD_SPACES)
        misread = misread_key(source.text, root) if root and may_be_misread else None
        if misread is None:
            _add_problems(source, cut_off(source.text, root) if root else (), report)
            return root
        _add_problems(source, [misread], report)
    return None


def _add_problems(source: Source, problems: Iterable[YamlProblem], report: Report) -> None:
    for found in problems:
        report.add(found.rule, source.position_at(found.at), found.message, found.help)


class _Refused(Exception):
    """The file is YAML, but too large or too deep. It was reported."""


class _Builder:
    """Build the node tree from the parser's events. No YAML object is ever constructed."""

    def __init__(self, source: Source, report: Report) -> None:
        self._source = source
        self._report = report
        self._nodes = 0
        self.has_unquoted_braces = False
        loader = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader
        self._next = loader(source.text).get_event

    def document(self) -> Node | None:
        self._next()  # the start of the stream
        if isinstance(self._next(), StreamEndEvent):
            position, message = Position(self._source.name), "expected keys and values, found nothing"
            self._report.add(rules.EMPTY_FILE, position, message, "fill it in, or delete it if nothing needs it")
            return None
        node = self._node(self._next(), 0)
        self._next()  # the end of the document
        event = self._next()
        if not isinstance(event, StreamEndEvent):
            help = "delete the line with '---', or move what is below it into a file of its own"
            self._error(rules.SEVERAL_DOCUMENTS, event, "expected one document, found a second after '---'", help)
            return None
        return node

    def _node(self, event: Any, depth: int) -> Node:
        self._nodes += 1
        if self._nodes > MAX_NODES:
            help = "split it into several files: all files of a deck are read together"
            message = f"expected at most {MAX_NODES:,} keys and values, found more"
            self._refuse(rules.FILE_TOO_LARGE, event, message, help)
        kind = type(event)
        if kind is ScalarEvent:
            return self._scalar(event)
        if depth >= MAX_DEPTH:
            self._refuse(rules.TOO_DEEP, event, f"expected values nested at most {MAX_DEPTH} deep, found more")
        if kind is AliasEvent:
            message = f"expected text, found the alias '*{event.anchor}'"
            help = f"write the value out again; if '*' is meant as text or bold, {self._how_to_quote(event)}"
            self._error(rules.ANCHOR_OR_ALIAS, event, message, help)
            return ScalarNode("?", *_span(event, event))
        if event.anchor is not None or event.tag is not None:
            self._report_property(event)
        if (
            kind is MappingStartEvent
            and event.flow_style
            and self._source.text.startswith("{{", event.start_mark.index)
        ):
            return self._unquoted_braces(event)
        return self._mapping(event, depth + 1) if kind is MappingStartEvent else self._sequence(event, depth + 1)

    def _scalar(self, event: Any) -> ScalarNode:
        if event.anchor is not None or event.tag is not None:
            self._report_property(event)
        value: str = event.value
        start, end = event.start_mark.index, event.end_mark.index
        if end - start > len(value) + 2 and event.style != "|":
            value = self._as_typed(value, event.style, start, end)
        if event.style == '"' and (hidden := hidden_characters(value)):  # an escape such as "\x00" made it
            help = "delete the escape after '\\' that stands for it"
            self._error(rules.CONTROL_CHARACTER, event, found_hidden(hidden[0][1]), help)
            value = FORBIDDEN.sub("", value)
        return ScalarNode(normal(value), start, end)

    def _as_typed(self, value: str, style: str, start: int, end: int) -> str:
        """The value of a text with escapes or several lines. What YAML would change is reported."""
        raw = self._source.text[start:end]
        found = escape_problem(raw, start) if style == '"' and "\\" in raw else None
        if "\n" in raw.rstrip():
            found = found or folding_problem(raw, start)
            value = refolded(raw, value)
        _add_problems(self._source, filter(None, [found]), self._report)
        return value

    def _unquoted_braces(self, start: Any) -> ScalarNode:
        """Report a text that begins with '{{', which YAML reads as a mapping in a mapping, and read it as text."""
        self.has_unquoted_braces = True
        self._error(
            rules.SYNTAX, start, "expected text, found '{{', which text cannot start with", self._how_to_quote(start)
        )
        depth = 1
        while depth:
            event = self._next()
            depth += isinstance(event, CollectionStartEvent) - isinstance(event, CollectionEndEvent)
        begin, end = _span(start, event)
        return ScalarNode(normal(self._source.text[begin:end]), begin, end)

    def _sequence(self, start: Any, depth: int) -> SequenceNode:
        items: list[Node] = []
        while type(event := self._next()) is not SequenceEndEvent:
            items.append(self._node(event, depth))
        return SequenceNode(*_span(start, event), items, start.flow_style)

    def _mapping(self, start: Any, depth: int) -> MappingNode:
        pairs: dict[str, Pair] = {}
        while type(event := self._next()) is not MappingEndEvent:
            key: Any = self._node(event, depth)
            value = self._node(self._next(), depth)
            if type(event) is not ScalarEvent or key.value in pairs or key.value == "<<":
                self._report_key(event, key, pairs)
            else:
                pairs[key.value] = Pair(key, value)
                if len(pairs) > MAX_KEYS:
                    message = f"expected at most {MAX_KEYS:,} keys in one mapping, found more"
                    self._refuse(rules.TOO_MANY, event, message)
        return MappingNode(*_span(start, event), pairs, start.flow_style)

    # -- problems -----------------------------------------------------------------------------------------------------

    def _position(self, event: Any) -> Position:
        return Position(self._source.name, event.start_mark.line + 1, event.start_mark.column + 1)

    def _error(self, rule: Rule, event: Any, message: str, help: str = "") -> None:
        self._report.add(rule, self._position(event), message, help)

    def _refuse(self, rule: Rule, event: Any, message: str, help: str = "") -> NoReturn:
        self._error(rule, event, message, help)
        raise _Refused

    def _report_property(self, event: Any) -> None:
        """Report the anchor or the tag of a value."""
        if event.anchor is not None:
            rule, found, mark = rules.ANCHOR_OR_ALIAS, f"the anchor '&{event.anchor}'", "&"
        else:
            rule, found, mark = rules.YAML_TAG, f"the tag '{event.tag}'", "!"
        help = f"if '{mark}' is meant as text, {self._how_to_quote(event)}"
        self._error(rule, event, f"expected text, found {found}", help)

    def _how_to_quote(self, event: Any) -> str:
        return how_to_quote(self._source.text, line_at(self._source.text, event.start_mark.index))

    def _report_key(self, event: Any, key: Node, pairs: dict[str, Pair]) -> None:
        """Report a key that cannot be added to a mapping."""
        if isinstance(event, AliasEvent):
            return  # reported as an alias
        if not isinstance(key, ScalarNode):
            self._error(rules.WRONG_SHAPE, event, f"expected a key, found {noun(key)}", self._how_to_quote(event))
        elif key.value in pairs:
            first = self._source.position(pairs[key.value].key).line
            message = f"duplicate key '{key.value}'; it was first used on line {first}"
            help = "delete one of the two, or move the contents of both below one key"
            self._error(rules.DUPLICATE_KEY, event, message, help)
        elif key.value == "<<":
            help = "write the keys out; a key at the top of a file is a default for all its entries"
            self._error(rules.ANCHOR_OR_ALIAS, event, "expected a key, found the merge key '<<'", help)


def _span(first: Any, last: Any) -> tuple[int, int]:
    """The indexes in the text where the first of two events begins and the last one ends."""
    return first.start_mark.index, last.end_mark.index
