"""A file becomes nodes: YAML read as the author typed it, every node with its position.

Built on the events of PyYAML's C parser (its pure Python one where libyaml is missing), which is faster than any of its
loaders and keeps what they drop: positions, duplicate keys, and the text itself (``no``, ``1:30``, ``007``). Anchors,
aliases, merge keys and tags are refused, so a node tree is never larger than its file.
"""

from __future__ import annotations

import os
import re
import stat
import unicodedata
from bisect import bisect_right
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, cast

import yaml

from deckgen import rules
from deckgen.diagnostic import Position, Report

MAX_BYTES = 64 * 2**20
MAX_DEPTH = 24
MAX_NODES = 2_000_000
"""How many keys and values one file may have: some 300,000 entries, and a bound on the memory that reading it takes."""

# Control characters break fields (Anki splits them at U+001F), line separators shift every later position, and the
# others are invisible or turn text round: a reviewer could not see what a source says. U+FDD0… are noncharacters.
FORBIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u200b\u2028-\u202e\u2060-\u2069\ufdd0-\ufdef\ufeff\ufff9-\uffff\U000e0000-\U000e007f]"
)
_ASCII = re.compile("[\x00-\x7f]+")
_PLAIN_BYTES = bytes([*b"\t\n\r", *range(0x20, 0x7F), *range(0x80, 0x100)])


class Mark(Protocol):
    """A place in a file, as PyYAML gives it; all three count from 0."""

    index: int
    line: int
    column: int


if TYPE_CHECKING:

    class Scalar:
        """A text. PyYAML's own event is the node, since it already holds all of this."""

        value: str
        anchor: str | None
        tag: str | None
        style: str | None
        start_mark: Mark
        end_mark: Mark
else:
    Scalar = yaml.ScalarEvent


class Pair(NamedTuple):
    """One ``key: value`` of a mapping."""

    key: Scalar
    value: Node


class Mapping:
    """A mapping; ``pairs`` by key, in source order. A ``flow`` one stands between braces."""

    __slots__ = ("end_mark", "flow", "pairs", "start_mark")

    def __init__(self, start_mark: Mark, flow: bool) -> None:
        self.start_mark = self.end_mark = start_mark
        self.flow = flow
        self.pairs: dict[str, Pair] = {}


class Sequence:
    """A list. A ``flow`` one stands between brackets."""

    __slots__ = ("end_mark", "flow", "items", "start_mark")

    def __init__(self, start_mark: Mark, flow: bool) -> None:
        self.start_mark = self.end_mark = start_mark
        self.flow = flow
        self.items: list[Node] = []


Node = Scalar | Mapping | Sequence


def noun(node: Node) -> str:
    """What a node is, in the author's words."""
    if isinstance(node, Mapping):
        return "a mapping"
    if isinstance(node, Sequence):
        return "a list"
    return "text" if node.value else "nothing"


class Source:
    """One file: its path, the name shown to the author, its text, and where things are in it.

    Lines end in line feeds in ``text``; ``newline`` is what they end in on disk.
    """

    def __init__(self, path: Path, name: str, text: str, newline: str = "\n") -> None:
        self.path = path
        self.name = name
        self.text = text
        self.newline = newline

    @cached_property
    def _line_starts(self) -> list[int]:
        return [0, *(match.end() for match in re.finditer("\n", self.text))]

    def position(self, node: Node) -> Position:
        mark = node.start_mark
        if mark.index >= len(self.text):  # nothing stands there: the parser may count a line that there is not
            return self.position_at(len(self.text))
        return Position(self.name, mark.line + 1, mark.column + 1)

    def locate(self, scalar: Scalar, snippet: str, occurrence: int = 0) -> Position:
        """Where a snippet of a scalar's value stands in the file; the scalar itself if folding or escapes hide it."""
        at = scalar.start_mark.index - 1
        for _ in range(occurrence + 1):
            at = self.text.find(snippet, at + 1, scalar.end_mark.index)
            if at < 0:
                return self.position(scalar)
        return self.position_at(at)

    def position_at(self, index: int) -> Position:
        line = bisect_right(self._line_starts, index)
        return Position(self.name, line, index - self._line_starts[line - 1] + 1)


def read(path: Path, name: str, report: Report) -> bytes | None:
    """A file's bytes, or None when it cannot be read (reported)."""
    start = Position(name)
    try:
        if path.is_dir():
            report.add(rules.UNREADABLE_FILE, start, "expected a file, found a folder")
            return None
        with open(path, "rb", opener=_open_without_waiting) as file:
            # Asked of the open file: the path may be another one's by now.
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode):
                report.add(rules.UNREADABLE_FILE, start, "expected a file, found a device or pipe")
                return None
            data = file.read(MAX_BYTES + 1) if status.st_size <= MAX_BYTES else b""
            size = max(len(data), status.st_size)
        if size > MAX_BYTES:
            report.add(
                rules.FILE_TOO_LARGE,
                start,
                f"the file has {size // 2**20} MB; at most {MAX_BYTES // 2**20} MB are read",
                "split it into several files: all of a deck's files are read together",
            )
            return None
    except OSError as error:
        report.add(rules.UNREADABLE_FILE, start, f"cannot read the file: {error.strerror or error}")
        return None
    return data


def decode(path: Path, name: str, data: bytes, report: Report) -> Source | None:
    """The text of a file's bytes, or None when they are not plain UTF-8 (reported)."""
    text = _decode(data, name, report)
    return None if text is None else Source(path, name, text, "\r\n" if b"\r\n" in data else "\n")


def _open_without_waiting(path: str, flags: int) -> int:
    """A pipe would otherwise be waited for until somebody writes into it."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _decode(data: bytes, name: str, report: Report) -> str | None:
    start = Position(name)
    resave = "save it again as UTF-8 (VS Code: click the encoding in the bar below, then 'Save with Encoding')"
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in data[:4]:
        report.add(rules.NOT_UTF_8, start, "expected UTF-8, found UTF-16 or UTF-32", resave)
        return None
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8").replace("\r\n", "\n").replace("\r", "\n")
        position = Position(name, before.count("\n") + 1, len(before) - before.rfind("\n"))
        report.add(rules.NOT_UTF_8, position, f"expected UTF-8, found the byte 0x{data[error.start]:02x}", resave)
        return None
    if text.startswith("\ufeff"):
        report.add(rules.BYTE_ORDER_MARK, start, "the file starts with an invisible byte order mark", resave)
        text = text[1:]
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    source = Source(Path(name), name, text)
    # Searched whole, a clean file would cost more than its parsing; its few characters beyond ASCII do not.
    if not data.translate(None, _PLAIN_BYTES) and not FORBIDDEN.search(_ASCII.sub("", text)):
        return text
    found: dict[str, int] = {}
    for match in FORBIDDEN.finditer(text):
        found.setdefault(match[0], match.start())
    for character, index in found.items():
        help = "delete it; it is invisible in most editors, so delete the characters around it and type them again"
        _report_character(character, source.position_at(index), report, help)
    return None if found else text


def _report_character(character: str, position: Position, report: Report, help: str) -> None:
    report.add(rules.CONTROL_CHARACTER, position, found_hidden(character), help)


def found_hidden(character: str) -> str:
    """The message about a forbidden character."""
    return f"expected visible characters, found U+{ord(character):04X} {unicodedata.name(character, '')}".strip()


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
    def __init__(self, mark: Mark) -> None:
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
        if isinstance(event, Scalar):
            if event.anchor is not None or event.tag is not None:
                self._refuse(event)
            if event.style == '"' and (hidden := FORBIDDEN.search(event.value)):  # an escape such as "\0" made it
                help = "delete the escape after '\\' that stands for it"
                _report_character(hidden[0], self._position(event), self._report, help)
                event.value = FORBIDDEN.sub("", event.value)
            if not event.value.isascii():
                event.value = unicodedata.normalize("NFC", event.value)  # as Anki stores it
            return event
        if depth >= MAX_DEPTH:
            raise _TooDeep(event.start_mark)
        if isinstance(event, yaml.AliasEvent):
            self._report.add(
                rules.ANCHOR_OR_ALIAS,
                self._position(event),
                f"expected text, found the alias '*{event.anchor}'",
                "write the value out again; if '*' is meant as text or bold, put the text in quotes",
            )
            stand_in: Any = yaml.ScalarEvent(None, None, (True, True), "?", event.start_mark, event.end_mark)
            return cast("Scalar", stand_in)
        if event.anchor is not None or event.tag is not None:
            self._refuse(event)
        return (
            self._mapping(event, depth) if isinstance(event, yaml.MappingStartEvent) else self._sequence(event, depth)
        )

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
        sequence = Sequence(start.start_mark, start.flow_style)
        append = sequence.items.append
        event: Any
        while type(event := self._next()) is not yaml.SequenceEndEvent:
            append(self._node(event, depth + 1))
        sequence.end_mark = cast("Any", event).end_mark
        return sequence

    def _mapping(self, start: Any, depth: int) -> Mapping:
        mapping = Mapping(start.start_mark, start.flow_style)
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
                first = pairs[key.value].key.start_mark.line + 1
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
        mapping.end_mark = cast("Any", event).end_mark
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
