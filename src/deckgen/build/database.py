"""An SQLite database, page by page: the pages of some rows can be made alone, kept, and put into a later file again.

SQLite itself writes all rows anew, and its versions do not all write the same bytes. Its format is small and will stay
as it is: https://sqlite.org/fileformat2.html, whose words are used here.
"""

from __future__ import annotations

import sys
from array import array
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import accumulate, pairwise
from typing import Final

PAGE_SIZE = 16_384
"""Of SQLite's usual pages, of 4,096 bytes, each has room for two notes of usual size and is left half empty."""

_HEADER = 100
"""Bytes at the start of the first page that are not the page's own."""

_LEAF, _INTERIOR = b"\x0d", b"\x05"

_MOST_LOCAL = PAGE_SIZE - 35
_LEAST_LOCAL = (PAGE_SIZE - 12) * 32 // 255 - 23
"""Bytes of a record that a page may hold; of a longer one it holds between these, and other pages the rest."""

_OVERFLOW = PAGE_SIZE - 4

_MOST_CHILDREN = 1_000
"""Of an interior page, which has room for the numbers and keys of some more."""

Leaf = tuple[int, int]
"""The number of a page of rows and the key of its last row."""


@cache
def varint(number: int) -> bytes:
    """A number from 0 in seven bits a byte, all but the last of which have the eighth."""
    assert number >= 0
    digits = [number & 0x7F]
    while number := number >> 7:
        digits.append(number & 0x7F | 0x80)
    return bytes(reversed(digits))


def _key(number: int) -> bytes:
    """As ``varint``, for numbers of which each is another, but all begin alike."""
    if number < 1 << 14:
        return varint(number)
    return _start(number >> 14) + bytes((number >> 7 & 0x7F | 0x80, number & 0x7F))


@cache
def _start(number: int) -> bytes:
    return bytes([digit | 0x80 for digit in varint(number)])


def record(values: Iterable[int | str | None]) -> bytes:
    """A row as it is stored."""
    types, contents = list[bytes](), list[bytes]()
    for value in values:
        if value is None:
            types.append(b"\x00")
        elif isinstance(value, str):
            contents.append(value.encode())
            types.append(varint(13 + 2 * len(contents[-1])))
        else:
            contents.append(value.to_bytes(8, "big", signed=True))
            types.append(b"\x06")
    header = b"".join(types)
    assert len(header) < 0x7F  # so that its length is one byte
    return b"".join((varint(1 + len(header)), header, *contents))


class Pages:
    """Pages that stand one after the other, the ``first`` of them by its number in the file; only if they are
    ``movable`` would they be the same elsewhere."""

    def __init__(self, first: int) -> None:
        self.first: Final = first
        self.movable = True
        self._parts: list[bytes] = []  # joined only once: most of them are long texts
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def __bytes__(self) -> bytes:
        return b"".join(self._parts)

    def rows(self, keys: Sequence[int], records: Sequence[tuple[bytes, bytes]]) -> list[Leaf]:
        """Add pages for some rows of a table, whose keys ascend and whose records are in two parts each."""
        leaves: list[Leaf] = []
        parts, lengths, room, last = list[bytes](), list[int](), PAGE_SIZE - 8, 0
        for key, row in zip(keys, records, strict=True):
            size = len(row[0]) + len(row[1])
            start, end = row if size <= _MOST_LOCAL else (self._overflowing(b"".join(row)), b"")
            start = b"".join((varint(size), _key(key), start))
            length = len(start) + len(end)
            room -= length + 2
            if room < 0:
                leaves.append((self._add(_page(_LEAF, parts, lengths)), last))
                parts, lengths, room = [], [], PAGE_SIZE - 10 - length
            parts += (start, end)
            lengths.append(length)
            last = key
        if parts:
            leaves.append((self._add(_page(_LEAF, parts, lengths)), last))
        return leaves

    def _overflowing(self, content: bytes) -> bytes:
        """The part of a long record that its own page holds, and the number of the first page that has more."""
        self.movable = False
        rest = _LEAST_LOCAL + (len(content) - _LEAST_LOCAL) % _OVERFLOW
        local = rest if rest <= _MOST_LOCAL else _LEAST_LOCAL
        start = self.first + len(self)
        parts = [content[at : at + _OVERFLOW] for at in range(local, len(content), _OVERFLOW)]
        for number, part in enumerate(parts, start + 1):
            following = number if number < start + len(parts) else 0
            self._add([following.to_bytes(4, "big"), part, bytes(_OVERFLOW - len(part))])
        return content[:local] + start.to_bytes(4, "big")

    def tree(self, leaves: Sequence[Leaf]) -> int:
        """Add what leads to all pages of a table, in the order of their keys; the number of the page to begin with."""
        if not leaves:
            return self._add(_page(_LEAF, [], []))
        while len(leaves) > 1:
            count = -(-len(leaves) // _MOST_CHILDREN)  # of about the same size: none may have a single child
            bounds = [len(leaves) * place // count for place in range(count + 1)]
            leaves = [self._parent(leaves[start:end]) for start, end in pairwise(bounds)]
        return leaves[0][0]

    def _parent(self, children: Sequence[Leaf]) -> Leaf:
        *others, (rightmost, last) = children
        cells = [page.to_bytes(4, "big") + varint(key) for page, key in others]
        return self._add(_page(_INTERIOR, cells, [*map(len, cells)], pointer=rightmost.to_bytes(4, "big"))), last

    def _add(self, page: Iterable[bytes]) -> int:
        self._parts += page
        self._count += 1
        return self.first + self._count - 1


def _page(
    kind: bytes, parts: Sequence[bytes], lengths: Sequence[int], *, pointer: bytes = b"", before: bytes = b""
) -> Sequence[bytes]:
    """A page of cells, which have these lengths one after the other, in parts."""
    start = PAGE_SIZE - sum(lengths)
    starts = array("H", list(accumulate(lengths, initial=start))[:-1])
    if sys.byteorder == "little":
        starts.byteswap()
    count = len(lengths).to_bytes(2, "big")
    head = b"".join((before, kind, b"\0\0", count, start.to_bytes(2, "big"), b"\0", pointer, starts.tobytes()))
    return head, bytes(start - len(head)), *parts


def first_page(tables: Sequence[tuple[str, str, int]], pages: int) -> bytes:
    """The first page of a database that has so many pages, and tables by their names, each with the statement that
    creates it and the page to begin with."""
    header = b"".join(
        (
            b"SQLite format 3\0",
            PAGE_SIZE.to_bytes(2, "big"),
            b"\x01\x01\x00\x40\x20\x20",  # no write-ahead log, nothing reserved, and three that are always so
            _words(1, pages, 0, 0),  # changes; no free pages
            _words(1, 4, 0, 0, 1, 0, 0, 0),  # changes of the schema, its format, UTF-8
            bytes(20),
            _words(1, 3_040_000),  # the changes when this version of SQLite was the last to write
        )
    )
    assert len(header) == _HEADER
    rows = [record(("table", name, name, root, statement)) for name, statement, root in tables]
    cells = [varint(len(row)) + varint(key) + row for key, row in enumerate(rows, 1)]
    return b"".join(_page(_LEAF, cells, [*map(len, cells)], before=header))


def _words(*numbers: int) -> bytes:
    return b"".join([number.to_bytes(4, "big") for number in numbers])
