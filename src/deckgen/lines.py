"""YAML as nearly all of it is written, read line by line: several times as fast as by the events of a parser.

It knows block mappings and lists, texts on one line (plain or in quotes without escapes), texts below ``|`` and ``>``,
lists of words between brackets, and comments on lines of their own. Whatever else a text has, faults included, is left
to the parser: this reader gives up at the first line that it is not sure of. The tests hold the two together.
"""

from __future__ import annotations

import re
import unicodedata

from deckgen.source import Mapping, Node, Pair, Scalar, Sequence

MAX_CHARACTERS = 4_000_000
"""A longer text is left to the parser, which bounds what one may hold."""

MAX_DEPTH = 12
END = -1

_KEY = re.compile(r"[a-zA-Z0-9_][a-zA-Z0-9_-]{0,99}")
_WORDS = r"\w[\w.+/-]*(?:(?: |::?)\w[\w.+/-]*)*"
_ITEM = re.compile(_WORDS)
_LIST = re.compile(rf"\[(?:{_WORDS}(?:, *{_WORDS})*)?\]")
_INDICATORS = frozenset("-?:,[]{}#&*!|>'\"%@`")  # https://yaml.org/spec/1.1/#c-indicator
_SIGNS = frozenset({"|", "|-", ">", ">-"})


def parse(text: str) -> Mapping | None:
    """The mapping that a text holds, the same that the parser would give; None where that is to be asked."""
    if len(text) > MAX_CHARACTERS or "\t" in text or not text.endswith("\n"):
        return None
    rows = _Rows(text)
    try:
        mapping = rows.mapping(0, MAX_DEPTH)
    except _Unsure:
        return None
    return mapping if rows.column == END else None


class _Unsure(Exception):
    """What stands here is for the parser to judge."""


class _Rows:
    """The rows of a text, one after the other; blank ones and comments are passed over.

    Of the row that is next, ``rest`` is what is still to be read, ``at`` the index where that begins in the text, and
    ``column`` how far the row is indented, or END when all are read.
    """

    def __init__(self, text: str) -> None:
        self._rows = text.split("\n")
        self._number = 0
        self._behind = 0
        self.at = 0
        self.advance()

    def advance(self) -> None:
        """Go on to the next row."""
        rows, number, behind = self._rows, self._number, self._behind
        while number < len(rows):
            row = rows[number]
            rest = row.lstrip(" ")
            number += 1
            behind += len(row) + 1
            if rest and rest[0] != "#":
                self.column = len(row) - len(rest)
                self.at = behind - 1 - len(rest)
                self.rest = rest.rstrip(" ")
                self._number, self._behind = number, behind
                return
        self.column, self.rest = END, ""

    def mapping(self, column: int, depth: int) -> Mapping:
        """The mapping whose first key is next; ``depth`` collections may stand inside each other."""
        mapping = Mapping(self.at)
        pairs = mapping.pairs
        while self.column == column and not self.rest.startswith("- "):
            at, rest = self.at, self.rest
            name, colon, value = (rest[:-1], ":", "") if rest[-1] == ":" else rest.partition(": ")
            if not colon or name in pairs or not _KEY.fullmatch(name):
                raise _Unsure
            end = at + len(name)
            if value:
                value = value.lstrip(" ")
                node = self._value(value, at + len(rest) - len(value), column)
                self.advance()
            else:
                self.advance()
                node = self._below(column, depth - 1) or Scalar("", end + 1, end + 1)
            pairs[name] = Pair(Scalar(name, at, end), node)
        if self.column > column or not pairs:
            raise _Unsure
        return mapping

    def _below(self, column: int, depth: int) -> Node | None:
        """The collection below a key in some column; None if nothing stands there."""
        if not depth:
            raise _Unsure
        if self.rest.startswith("- ") and self.column >= column:
            return self._sequence(self.column, depth)
        return self.mapping(self.column, depth) if self.column > column else None

    def _sequence(self, column: int, depth: int) -> Sequence:
        sequence = Sequence(self.at)
        append = sequence.items.append
        while self.column == column and self.rest.startswith("- "):
            rest = self.rest[2:].lstrip(" ")
            behind = len(self.rest) - len(rest)
            self.at += behind
            self.rest = rest
            if rest[-1] == ":" or ": " in rest:
                if not depth:
                    raise _Unsure
                self.column += behind
                append(self.mapping(self.column, depth - 1))
            else:
                append(self._value(rest, self.at, column))
                self.advance()
        if self.column > column:
            raise _Unsure
        return sequence

    def _value(self, text: str, at: int, column: int) -> Node:
        """What stands behind a key or a dash, and may go on in deeper rows."""
        first = text[0]
        if first not in _INDICATORS or (first == "-" and len(text) > 1 and text[1] != " "):
            if ": " in text or " #" in text or text[-1] == ":":
                raise _Unsure
            return Scalar(normal(text), at, at + len(text))
        if first in "'\"":
            inside = text[1:-1]
            if len(text) < 2 or text[-1] != first or first in inside or (first == '"' and "\\" in inside):
                raise _Unsure
            return Scalar(normal(inside), at, at + len(text))
        if first == "[" and _LIST.fullmatch(text):
            sequence = Sequence(at, flow=True, end=at + len(text))
            for item in _ITEM.finditer(text):
                sequence.items.append(Scalar(normal(item[0]), at + item.start(), at + item.end()))
            return sequence
        if text in _SIGNS:
            return self._block(text, at, column)
        raise _Unsure

    def _block(self, sign: str, at: int, column: int) -> Scalar:
        """The text of the rows below a sign, which are indented by more than a column."""
        rows, number = self._rows, self._number
        first = rows[number] if number < len(rows) else ""
        indent = len(first) - len(first.lstrip(" "))
        if indent <= column or indent == len(first):
            raise _Unsure
        lines, end = [], self._behind
        while number < len(rows) and not rows[number][:indent].strip(" "):
            line = rows[number][indent:]
            lines.append(line)
            self._behind += len(rows[number]) + 1
            number += 1
            end = self._behind - 1 if line else end
        self._number = number
        while not lines[-1]:
            lines.pop()
        if sign[0] == "|":
            value = "\n".join(lines)
        elif all(line and line[0] != " " for line in lines):  # folded; blank and deeper rows would be kept apart
            value = " ".join(lines)
        else:
            raise _Unsure
        return Scalar(normal(value if sign[-1] == "-" else f"{value}\n"), at, end)


def normal(text: str) -> str:
    """A text with its letters composed, as Anki stores it."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)
