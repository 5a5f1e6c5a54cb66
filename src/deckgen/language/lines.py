"""YAML as nearly all of it is written, read line by line, in about half the time that PyYAML's events take.

It knows block mappings and lists, texts on one line (plain or in quotes without escapes), texts below ``|`` and ``>``,
lists of words between brackets, and comments on lines of their own. Whatever else a text has, faults included, is left
to ``events``: this reader gives up at the first line that it is not sure of. The tests hold the two together.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import repeat
from operator import add, sub

from deckgen.language.source import Mapping, Node, Pair, Scalar, Sequence, Source, normal

MAX_CHARACTERS = 4_000_000
"""A longer text is left to ``events``, which bound what one may hold."""

MAX_DEPTH = 12
END = -1

_KEY = re.compile(r"[a-zA-Z0-9_][a-zA-Z0-9_-]{0,99}")
_WORDS = r"\w[\w.+/-]*(?:(?: |::?)\w[\w.+/-]*)*"
_ITEM = re.compile(_WORDS)
_LIST = re.compile(rf"\[(?:{_WORDS}(?:, *{_WORDS})*)?\]")
_INDICATORS = frozenset("-?:,[]{}#&*!|>'\"%@`")  # https://yaml.org/spec/1.1/#c-indicator
_NEVER_FIRST = _INDICATORS | {" "}
_SIGNS = frozenset({"|", "|-", ">", ">-"})


def parse(source: Source) -> Mapping | None:
    """The mapping that a file holds, the same that ``events`` would give; None where those are to be asked."""
    text = source.text
    if len(text) > MAX_CHARACTERS or "\t" in text or not text.endswith("\n"):
        return None
    rows = _Rows(source)
    try:
        mapping = rows.mapping(0, MAX_DEPTH)
    except _Unsure:
        return None
    return mapping if rows.at_end else None


class _Unsure(Exception):
    """What stands here is for PyYAML to judge."""


class _Rows:
    """The rows of a file, one after the other; blank ones and comments are passed over.

    Of each row ``rests`` has what stands behind its indent, ``columns`` the length of that, and ``starts`` the index
    where the rest begins. Behind the last row stands one whose column is END.
    """

    def __init__(self, source: Source) -> None:
        self._rows, starts = source.split()
        self._rests = list(map(str.lstrip, self._rows, repeat(" ")))
        self._columns: list[int] = list(map(sub, map(len, self._rows), map(len, self._rests)))
        self._starts: list[int] = list(map(add, starts, self._columns))
        self._columns[-1] = END
        self._number = 0

    @property
    def at_end(self) -> bool:
        return self._columns[self._number] == END

    def _advance(self, number: int) -> int:
        """Go on to a row, or to the next one that is neither blank nor a comment."""
        rests, last = self._rests, len(self._rests) - 1
        while number < last and (not rests[number] or rests[number][0] == "#"):
            number += 1
        self._number = number
        return number

    def mapping(self, column: int, depth: int) -> Mapping:
        """The mapping that begins in the next row; ``depth`` collections may stand inside each other."""
        rests, columns, starts = self._rests, self._columns, self._starts
        number = self._advance(self._number)
        mapping = Mapping(starts[number])
        pairs = mapping.pairs
        while True:
            pair = _simple_pair(rests[number], starts[number]) if columns[number] == column else None
            if pair is not None:
                number += 1
            else:
                number = self._advance(number)
                if columns[number] != column or rests[number].startswith("- "):
                    break
                pair = self._pair(number, depth)
                number = self._number
            name = pair.key.value
            if name in pairs:
                raise _Unsure
            pairs[name] = pair
        if columns[number] > column or not pairs:
            raise _Unsure
        return mapping

    def _pair(self, number: int, depth: int) -> Pair:
        """The pair of a row and those below it."""
        at, rest, column = self._starts[number], self._rests[number].rstrip(" "), self._columns[number]
        name, colon, value = (rest[:-1], ":", "") if rest[-1] == ":" else rest.partition(": ")
        if not colon or not _is_key(name):
            raise _Unsure
        key = Scalar(name, at, at + len(name))
        if value:
            value = value.lstrip(" ")
            return Pair(key, self._value(value, at + len(rest) - len(value), number))
        number = self._advance(number + 1)
        if not depth:
            raise _Unsure
        if self._columns[number] >= column and self._rests[number].startswith("- "):
            return Pair(key, self._sequence(depth - 1))
        if self._columns[number] > column:
            return Pair(key, self.mapping(self._columns[number], depth - 1))
        return Pair(key, Scalar("", key.end + 1, key.end + 1))

    def _sequence(self, depth: int) -> Sequence:
        """The list that begins in the next row."""
        rests, columns, starts, number = self._rests, self._columns, self._starts, self._number
        column = columns[number]
        sequence = Sequence(starts[number])
        append = sequence.items.append
        while True:
            if columns[number] != column or not rests[number].startswith("- "):
                number = self._advance(number)
                if columns[number] != column or not rests[number].startswith("- "):
                    break
            rest, at = rests[number][2:], starts[number] + 2
            below = rests[number + 1]
            if below and below[0] != "#" and columns[number + 1] <= column and (pair := _simple_pair(rest, at)):
                item = Mapping(at)  # of one pair, as items and steps are
                item.pairs[pair.key.value] = pair
                append(item)
                number += 1
                continue
            said = rest.strip(" ")
            at += len(rest) - len(rest.lstrip(" "))
            if not said or not depth:
                raise _Unsure
            if said[-1] == ":" or ": " in said:
                columns[number] += at - starts[number]
                starts[number], rests[number], self._number = at, said, number
                append(self.mapping(columns[number], depth - 1))
            else:
                append(self._value(said, at, number))
            number = self._number
        if columns[number] > column:
            raise _Unsure
        return sequence

    def _value(self, text: str, at: int, number: int) -> Node:
        """What stands behind the key or the dash of a row, and may go on in deeper ones."""
        self._number = number + 1
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
        if first == "[":
            sequence = Sequence(at, flow=True, end=at + len(text))
            sequence.items.extend([Scalar(item, at + start, at + end) for item, start, end in _listed(text)])
            return sequence
        if text in _SIGNS:
            return self._block(text, at, self._columns[number])
        raise _Unsure

    def _block(self, sign: str, at: int, column: int) -> Scalar:
        """The text of the rows below a sign, which are indented by more than a column."""
        rests, columns, first = self._rests, self._columns, self._number
        indent, number, last = columns[first], first, len(rests) - 1
        if indent <= column or not rests[first]:
            raise _Unsure
        while number < last and (columns[number] >= indent or not rests[number]):
            number += 1
        self._number = number
        lines = [row[indent:] for row in self._rows[first:number]]
        while not lines[-1]:
            lines.pop()
            number -= 1
        end = self._starts[number - 1] + len(rests[number - 1])
        if sign[0] == "|":
            value = "\n".join(lines)
        elif all(line and line[0] != " " for line in lines):  # folded; blank and deeper rows would be kept apart
            value = " ".join(lines)
        else:
            raise _Unsure
        return Scalar(normal(value if sign[-1] == "-" else f"{value}\n"), at, end)


def _simple_pair(row: str, at: int) -> Pair | None:
    """The pair of a row that begins somewhere, if it is a key and a plain text; most rows are."""
    name, _, value = row.partition(": ")
    if (
        not value
        or value[0] in _NEVER_FIRST
        or value[-1] in " :"
        or ": " in value
        or " #" in value
        or not _is_key(name)
    ):
        return None
    end = at + len(name)
    text = value if value.isascii() else normal(value)
    return Pair(Scalar(name, at, end), Scalar(text, end + 2, end + 2 + len(value)))


@lru_cache(maxsize=1_000)
def _listed(text: str) -> list[tuple[str, int, int]]:
    """The words of a list between brackets, and where in it they begin and end."""
    if not _LIST.fullmatch(text):
        raise _Unsure
    return [(normal(item[0]), *item.span()) for item in _ITEM.finditer(text)]


@lru_cache(maxsize=1_000)
def _is_key(name: str) -> bool:
    return bool(_KEY.fullmatch(name))
