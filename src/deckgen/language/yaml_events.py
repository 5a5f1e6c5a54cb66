"""YAML by the events of PyYAML, which knows all of it and says what is wrong with a text.

The events of its C parser (its pure Python one where libyaml is missing) are faster than any of its loaders and keep
what those drop: positions, duplicate keys, and the text itself (``no``, ``1:30``, ``007``). Anchors, aliases, merge
keys and tags are refused, so a node tree is never larger than its file.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, cast

import yaml

from deckgen.core.characters import FORBIDDEN, found_hidden
from deckgen.core.diagnostics import Position, Report
from deckgen.language import rules
from deckgen.language.source import Mapping, Node, Pair, Scalar, Sequence, Source, normal, noun

MAX_DEPTH = 24
MAX_NODES = 2_000_000
"""How many keys and values one file may have: some 300,000 entries, and a bound on the memory that reading it takes."""


def parse(source: Source, report: Report) -> Node | None:
    """The file's node tree, or None when it is empty or not the YAML that deckgen reads (reported)."""
    try:
        return _Builder(source, report).document()
    except _TooDeep as error:
        report.add(
            rules.TOO_DEEP,
            Position(source.name, error.mark.line + 1, error.mark.column + 1),
            f"values stand inside values more than {MAX_DEPTH} deep",
        )
    except _TooMany as error:
        report.add(
            rules.FILE_TOO_LARGE,
            Position(source.name, error.mark.line + 1, error.mark.column + 1),
            f"expected at most {MAX_NODES:,} keys and values, found more",
            "split it into several files: all of a deck's files are read together",
        )
    except yaml.MarkedYAMLError as error:
        _report_syntax(source, error, report)
    except yaml.reader.ReaderError as error:
        report.add(
            rules.CONTROL_CHARACTER,
            source.position_at(error.position),
            f"expected visible characters, found U+{error.character:04X}",
        )
    except (ValueError, OverflowError):  # of the pure Python parser, which does not say where
        report.add(rules.SYNTAX, Position(source.name), "expected an escape or version that there is, found another")
    return None


class _Refused(Exception):
    def __init__(self, mark: yaml.Mark) -> None:
        self.mark = mark


class _TooDeep(_Refused):
    pass


class _TooMany(_Refused):
    pass


def _event_reader(text: str) -> Callable[[], Any]:
    """The next event at each call. Only the parsers of the loaders are used: nothing is ever constructed."""
    loader = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader
    return loader(text).get_event


class _Builder:
    """Builds nodes from events."""

    def __init__(self, source: Source, report: Report) -> None:
        self._source = source
        self._report = report
        self._count = 0
        self._next = _event_reader(source.text)

    def document(self) -> Node | None:
        self._next()  # stream start
        if isinstance(self._next(), yaml.StreamEndEvent):
            self._report.add(rules.EMPTY_FILE, Position(self._source.name), "expected keys and values, found nothing")
            return None
        node = self._node(self._next(), 0)
        self._next()  # document end
        event = self._next()
        if not isinstance(event, yaml.StreamEndEvent):
            self._report.add(
                rules.SEVERAL_DOCUMENTS, self._position(event), "expected one document, found a second after '---'"
            )
            return None
        return node

    def _position(self, event: Any) -> Position:
        return Position(self._source.name, event.start_mark.line + 1, event.start_mark.column + 1)

    def _node(self, event: Any, depth: int) -> Node:
        self._count += 1
        if self._count > MAX_NODES:
            raise _TooMany(event.start_mark)
        if isinstance(event, yaml.ScalarEvent):
            if event.anchor is not None or event.tag is not None:
                self._refuse(event)
            value: str = event.value
            if event.style == '"' and (hidden := FORBIDDEN.search(value)):  # an escape such as "\0" made it
                help = "delete the escape after '\\' that stands for it"
                self._report.add(rules.CONTROL_CHARACTER, self._position(event), found_hidden(hidden[0]), help)
                value = FORBIDDEN.sub("", value)
            return self._scalar(event, normal(value))
        if depth >= MAX_DEPTH:
            raise _TooDeep(event.start_mark)
        if isinstance(event, yaml.AliasEvent):
            self._report.add(
                rules.ANCHOR_OR_ALIAS,
                self._position(event),
                f"expected text, found the alias '*{event.anchor}'",
                "write the value out again; if '*' is meant as text or bold, put the text in quotes",
            )
            return self._scalar(event, "?")
        if event.anchor is not None or event.tag is not None:
            self._refuse(event)
        return (
            self._mapping(event, depth) if isinstance(event, yaml.MappingStartEvent) else self._sequence(event, depth)
        )

    def _scalar(self, event: Any, value: str) -> Scalar:
        return Scalar(value, self._index(event.start_mark), self._index(event.end_mark))

    def _index(self, mark: yaml.Mark) -> int:
        """Where a mark stands; the parser may count a line at the end that there is not."""
        return min(mark.index, len(self._source.text))

    def _refuse(self, event: Any) -> None:
        if event.anchor is not None:
            self._report.add(
                rules.ANCHOR_OR_ALIAS,
                self._position(event),
                f"expected text, found the anchor '&{event.anchor}'",
                "if '&' is meant as text, put the text in quotes",
            )
        else:
            self._report.add(
                rules.YAML_TAG,
                self._position(event),
                f"expected text, found the tag '{event.tag}'",
                "if '!' is meant as text, put the text in quotes",
            )

    def _sequence(self, start: Any, depth: int) -> Sequence:
        sequence = Sequence(self._index(start.start_mark), flow=start.flow_style)
        append = sequence.items.append
        event: Any
        while type(event := self._next()) is not yaml.SequenceEndEvent:
            append(self._node(event, depth + 1))
        sequence.end = self._index(cast("Any", event).end_mark)
        return sequence

    def _mapping(self, start: Any, depth: int) -> Mapping:
        mapping = Mapping(self._index(start.start_mark), flow=start.flow_style)
        pairs = mapping.pairs
        event: Any
        while type(event := self._next()) is not yaml.MappingEndEvent:
            key = self._node(event, depth + 1)
            value = self._node(self._next(), depth + 1)
            if isinstance(event, yaml.AliasEvent):
                continue  # reported
            if not isinstance(key, Scalar):
                self._report.add(rules.WRONG_SHAPE, self._position(event), f"expected a key, found {noun(key)}")
            elif key.value in pairs:
                first = self._source.position(pairs[key.value].key).line
                self._report.add(
                    rules.DUPLICATE_KEY,
                    self._position(event),
                    f"the key '{key.value}' stands here a second time; the first is in line {first}",
                )
            elif key.value == "<<":
                self._report.add(
                    rules.ANCHOR_OR_ALIAS,
                    self._position(event),
                    "expected a key, found the merge key '<<'",
                    "write the keys out; a key at the top of a file is a default for all its entries",
                )
            else:
                pairs[key.value] = Pair(key, value)
        mapping.end = self._index(cast("Any", event).end_mark)
        return mapping


_QUOTE_IT = "put the whole text in quotes: \"…\" (and double any quote of the same sort inside: '…''…')"


def _report_syntax(source: Source, error: yaml.MarkedYAMLError, report: Report) -> None:
    """One syntax error, in an author's words; the parser cannot go on after it, so it is the file's only one."""
    mark: Any = error.problem_mark or error.context_mark
    line_start = source.text.rfind("\n", 0, mark.index) + 1
    indent = re.compile("[ \t]*").match(source.text, line_start)
    if indent and "\t" in indent[0]:
        report.add(
            rules.TAB_INDENT,
            source.position_at(line_start + indent[0].index("\t")),
            "expected spaces, found a tab",
            "indent with two spaces a level (most editors can convert tabs to spaces)",
        )
        return
    index, message, help = _explain(source, error, mark.index)
    report.add(rules.SYNTAX, source.position_at(index), message, help)


def _explain(source: Source, error: yaml.MarkedYAMLError, at: int) -> tuple[int, str, str]:
    """The parser's words turned into the place an author should look at, what was found, and what to do."""
    problem, context = error.problem or "", error.context or ""
    opened = error.context_mark.index if error.context_mark else at
    if "mapping values are not allowed" in problem:
        return at, "expected text, found a second ': ' in it or a deeper indent than the lines above", _QUOTE_IT
    if "cannot start any token" in problem:
        return at, f"expected text, found '{source.text[at]}', which cannot begin a text", _QUOTE_IT
    if "quoted scalar" in context and "end of stream" in problem:
        return opened, "expected a closing quote, found the end of the file", _QUOTE_IT
    if "unknown escape character" in problem:
        return at, "expected an escape that YAML knows after '\\' in \"…\"", "use '…' instead: it has no escapes"
    if "flow node" in context:
        return at, "expected a value or a closing bracket", _QUOTE_IT
    if "flow" in context:
        bracket = "]" if "sequence" in context else "}"
        return opened, f"expected ',' or '{bracket}' for the bracket that opens here", _QUOTE_IT
    if "could not find expected ':'" in problem:
        return opened, "expected 'key: value', found text without a ': '", "a space must follow the colon"
    if "block" in context:
        message = "expected the next key or list item in the same column as the ones before it"
        return at, message, "bring the line to the column of its siblings, or " + _QUOTE_IT
    return at, problem or "this is not YAML", ""
