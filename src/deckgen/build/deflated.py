"""A deflated stream in pieces, each deflated by itself, so that one can be kept and put into another stream."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

_END = b"\x03\x00"
"""Ends a deflated stream: a last block with nothing in it."""


class Piece(NamedTuple):
    """A part of a deflated stream, which can be read without the parts before it, and the size and the checksum of what
    it holds."""

    data: bytes
    size: int
    checksum: int


def deflate(data: bytes) -> Piece:
    """What some bytes become in a stream."""
    compressor = zlib.compressobj(1, zlib.DEFLATED, -zlib.MAX_WBITS)
    return Piece(compressor.compress(data) + compressor.flush(zlib.Z_SYNC_FLUSH), len(data), zlib.crc32(data))


def add(archive: zipfile.ZipFile, name: str, pieces: Sequence[Piece]) -> int:
    """Add a member to an archive, and say where in its file the first piece begins. zipfile would deflate it; so it is
    told to add what it is given, and then what that is."""
    member = zipfile.ZipInfo(name)
    size = checksum = 0
    assert archive.fp is not None
    with archive.open(member, "w") as target:
        start = archive.fp.tell()
        for piece in pieces:
            target.write(piece.data)
            size, checksum = size + piece.size, _joined(checksum, piece.checksum, piece.size)
        target.write(_END)
    member.compress_type, member.file_size, member.CRC = zipfile.ZIP_DEFLATED, size, checksum
    archive.fp.seek(member.header_offset)
    archive.fp.write(member.FileHeader())
    return start


# A CRC-32 is the remainder of a polynomial, whose highest power is the lowest bit here. That of one text before another
# is that of the first, times x to the power of the bits of the other, plus that of the other.


def _joined(checksum: int, other: int, size: int) -> int:
    return _times(_power(8 * size), checksum) ^ other


@cache
def _power(exponent: int) -> int:
    """A power of x."""
    if exponent < 2:
        return 1 << (31 - exponent)
    half = _power(exponent // 2)
    return _times(_times(half, half), _power(exponent % 2))


def _times(one: int, other: int) -> int:
    product = 0
    for bit in range(31, -1, -1):
        if one >> bit & 1:
            product ^= other
        other = other >> 1 ^ (0xEDB88320 if other & 1 else 0)
    return product
