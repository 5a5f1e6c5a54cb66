"""The formats of pictures and sounds, and the structure of their files: the size of a picture, where the file ends.

A file that ends early is damaged; one that goes on may be a second file in disguise.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterator
from enum import Enum
from struct import Struct
from typing import NamedTuple

MAX_PIECES = 1_000_000
"""How many pieces a file may have, so that walking them takes a limited time."""

MAX_SIDE = 10_000
MAX_PIXELS = 50_000_000
"""How large a picture may be. A phone holds all its pixels in memory, four bytes each."""


class MediaKind(Enum):
    PICTURE = "picture"
    SOUND = "sound"


class Damaged(ValueError):
    """The structure of a file is not that of its format. The message says what is wrong."""


class Extent(NamedTuple):
    """Where a file should end; the width and height of a picture in pixels."""

    end: int
    width: int = 0
    height: int = 0


# https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT, 4.3.16: it may have a comment of 65,535 bytes
_ZIP_END, _ZIP_TAIL = b"PK\5\6", 22 + 65_535
_U16, _U32, _U64 = Struct(">H"), Struct(">I"), Struct(">Q")
_LE16, _LE32 = Struct("<H"), Struct("<I")


def begins_as(data: bytes, extension: str) -> bool:
    """Whether a file's first bytes are those of the format that its extension names."""
    return re.match(_FORMATS[extension].signature, data, re.DOTALL) is not None


def problem(data: bytes, extension: str) -> str | None:
    """What is wrong in a file of a format that is known by its extension; None if it is one whole picture or sound."""
    try:
        end, width, height = extent(data, extension)
    except Damaged as error:
        return str(error)
    if end > len(data):
        return "it ends too early"
    if extra := data[end:].strip(b"\0\r\n"):  # as some programs fill a file up
        return f"{len(extra):,} bytes of something else follow its end"
    if _ZIP_END in data[-_ZIP_TAIL:]:  # where the walk cannot tell the end
        return "a ZIP archive follows its end"
    if KINDS[extension] is MediaKind.PICTURE and not (width and height):
        return "the picture has no size"
    if width > MAX_SIDE or height > MAX_SIDE or width * height > MAX_PIXELS:
        return (
            f"expected at most {MAX_SIDE:,} pixels in width and height, and {MAX_PIXELS // 10**6} million in all, "
            f"found {width:,} × {height:,}"
        )
    return None


def extent(data: bytes, extension: str) -> Extent:
    """The extent of a file of a format that is known by its extension. Raises Damaged."""
    try:
        return _FORMATS[extension].walk(data)
    except (IndexError, ValueError, ArithmeticError) as error:
        raise error if isinstance(error, Damaged) else Damaged("it ends too early") from None


def _number(number: Struct, data: bytes, at: int) -> int:
    if at + number.size > len(data):
        raise Damaged("it ends too early")
    (value,) = number.unpack_from(data, at)
    assert isinstance(value, int)
    return value


def _pieces() -> Iterator[int]:
    """Count the pieces of a file; raise Damaged if there are too many."""
    yield from range(1, MAX_PIECES)
    raise Damaged("it has too many pieces")


def _png(data: bytes) -> Extent:
    """https://www.w3.org/TR/png-3/#5Chunk-layout"""
    at, pieces = 8, _pieces()
    while True:
        next(pieces)
        size, kind = _number(_U32, data, at), data[at + 4 : at + 8]
        end = at + 12 + size
        if _number(_U32, data, end - 4) != zlib.crc32(memoryview(data)[at + 4 : end - 4]):
            raise Damaged("a part of it is damaged")
        at = end
        if kind == b"IEND":
            return Extent(end, _number(_U32, data, 16), _number(_U32, data, 20))


_JPEG_MARKER = re.compile(rb"\xff+([^\x00\xff\xd0-\xd7])")
_JPEG_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


def _jpeg(data: bytes) -> Extent:
    """ITU-T T.81, annex B: segments after markers, and compressed pictures in which no marker occurs."""
    at, width, height, pieces = 2, 0, 0, _pieces()
    while True:
        next(pieces)
        found = _JPEG_MARKER.search(data, at)
        if found is None:
            raise Damaged("it ends too early")
        kind, at = found[1][0], found.end()
        if kind == 0xD9:
            return Extent(at, width, height)
        if kind in _JPEG_FRAMES and not width:
            height, width = _number(_U16, data, at + 3), _number(_U16, data, at + 5)
        at += max(_number(_U16, data, at), 2)


def _gif(data: bytes) -> Extent:
    """https://www.w3.org/Graphics/GIF/spec-gif89a.txt"""
    at, pieces = 13 + _gif_colours(data[10]), _pieces()
    while data[at] != 0x3B:
        if data[at] == 0x2C:
            at += 11 + _gif_colours(data[at + 9])
        elif data[at] == 0x21:
            at += 2
        else:
            raise Damaged("a part of it is damaged")
        while data[at]:
            next(pieces)
            at += 1 + data[at]
        at += 1
    return Extent(at + 1, _number(_LE16, data, 6), _number(_LE16, data, 8))


def _gif_colours(flags: int) -> int:
    """The number of bytes of a table of colours."""
    return 3 << (flags & 7) + 1 if flags & 0x80 else 0


def _webp(data: bytes) -> Extent:
    """https://developers.google.com/speed/webp/docs/riff_container"""
    end = _riff(data).end
    kind = data[12:16]
    if kind == b"VP8X":
        return Extent(end, 1 + _little(data[24:27]), 1 + _little(data[27:30]))
    if kind == b"VP8L":
        bits = _number(_LE32, data, 21)
        return Extent(end, 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF))
    return Extent(end, _number(_LE16, data, 26) & 0x3FFF, _number(_LE16, data, 28) & 0x3FFF)


def _little(data: bytes) -> int:
    return int.from_bytes(data, "little")


def _riff(data: bytes) -> Extent:
    """A RIFF file. Programs that write to a pipe cannot know its size, and write 0 or the largest number."""
    size = _number(_LE32, data, 4)
    return Extent(len(data) if size in (0, 0xFFFFFFFF) else 8 + size)


def _ogg(data: bytes) -> Extent:
    """RFC 3533, section 6: pages."""
    at, pieces = 0, _pieces()
    while data[at : at + 4] == b"OggS":
        next(pieces)
        table = data[at + 27 : at + 27 + data[at + 26]]
        if len(table) < data[at + 26]:
            raise Damaged("it ends too early")
        at += 27 + len(table) + sum(table)
    return Extent(at)


def _m4a(data: bytes) -> Extent:
    """ISO/IEC 14496-12, section 4.2: boxes."""
    at, seen, pieces = 0, set[bytes](), _pieces()
    while at < len(data) and data[at + 4 : at + 8].isalnum():
        next(pieces)
        size, kind = _number(_U32, data, at), data[at + 4 : at + 8]
        if size == 1:
            size = _number(_U64, data, at + 8)
        seen.add(kind)
        at = at + max(size, 8) if size else len(data)
    if at <= len(data) and not {b"moov", b"mdat"} <= seen:
        raise Damaged("it has no sound")
    return Extent(at)


def _flac(data: bytes) -> Extent:
    """RFC 9639, section 8: blocks of metadata, then frames up to the end, of which only the first is looked at."""
    at, is_last, pieces = 4, False, _pieces()
    while not is_last:
        next(pieces)
        is_last = data[at] >= 0x80
        at += 4 + (_number(_U32, data, at) & 0xFFFFFF)
    if data[at] != 0xFF or data[at + 1] & 0xFC != 0xF8:
        raise Damaged("it has no sound")
    return Extent(len(data))


# http://www.mp3-tech.org/programmer/frame_header.html: kilobits per second of layer III, in MPEG 1, and in 2 and 2.5
_BITRATES = {
    3: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    2: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_RATES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}
_MP3_TAGS = re.compile(rb"TAG|APETAGEX|LYRICSBEGIN|ID3|3DI")


def _mp3(data: bytes) -> Extent:
    """Frames between tags of programs, whose ends are not looked for."""
    at, frames, pieces = 0, 0, _pieces()
    if data[:3] == b"ID3":  # https://id3.org/id3v2.4.0-structure: seven bits in each byte
        at = 10 + sum(data[6 + index] << 7 * (3 - index) for index in range(4))
    while at + 4 <= len(data) and data[at] == 0xFF and data[at + 1] >= 0xE0:
        next(pieces)
        header = _number(_U32, data, at)
        version, layer = header >> 19 & 3, header >> 17 & 3
        if layer != 1 or version == 1:
            raise Damaged("it is not an MP3")
        bitrate, rate = _BITRATES[version or 2][header >> 12 & 15], _RATES[version][header >> 10 & 3]
        at += (144 if version == 3 else 72) * bitrate * 1000 // rate + (header >> 9 & 1) or len(data)
        frames += 1
    if not frames:
        raise Damaged("it has no sound")
    return Extent(len(data) if _MP3_TAGS.match(data, at) else at)


class _Format(NamedTuple):
    """What files of a format are, the pattern of their first bytes, and how their structure is walked."""

    kind: MediaKind
    signature: bytes
    walk: Callable[[bytes], Extent]


_JPEG = _Format(MediaKind.PICTURE, rb"\xff\xd8\xff", _jpeg)
_OGG = _Format(MediaKind.SOUND, rb"OggS", _ogg)

_FORMATS = {
    ".flac": _Format(MediaKind.SOUND, rb"fLaC", _flac),
    ".gif": _Format(MediaKind.PICTURE, rb"GIF8", _gif),
    ".jpeg": _JPEG,
    ".jpg": _JPEG,
    ".m4a": _Format(MediaKind.SOUND, rb"....ftyp", _m4a),
    ".mp3": _Format(MediaKind.SOUND, rb"ID3|\xff[\xe0-\xff]", _mp3),
    ".oga": _OGG,
    ".ogg": _OGG,
    ".opus": _OGG,
    ".png": _Format(MediaKind.PICTURE, rb"\x89PNG\r\n\x1a\n", _png),
    ".wav": _Format(MediaKind.SOUND, rb"RIFF....WAVE", _riff),
    ".webp": _Format(MediaKind.PICTURE, rb"RIFF....WEBP", _webp),
}
"""The formats by extension (https://en.wikipedia.org/wiki/List_of_file_signatures). The first bytes of MP3 and M4A
vary, so their patterns are loose."""

KINDS = {".svg": MediaKind.PICTURE, **{extension: one.kind for extension, one in _FORMATS.items()}}
"""What every Anki can show, by extension. Drawings are text, which ``svg`` checks."""

ADOPTED_KINDS = {
    **KINDS,
    **dict.fromkeys(["", *".avif .bmp .ico .jfif .tif .tiff".split()], MediaKind.PICTURE),
    **dict.fromkeys(".3gp .aac .avi .flv .mkv .mov .mp4 .mpeg .mpg .ogv .ogx .spx .webm .wma".split(), MediaKind.SOUND),
}
"""What else Anki's editor accepts or accepted (``data-transfer.ts``). Not every device shows it, so only adopted decks
have it. Videos play as sounds. What was pasted from some sites has no extension."""


def mime_type(name: str) -> str:
    """The type that browsers are told of a file, by its name."""
    import mimetypes  # which only the preview and the review sheet need

    return mimetypes.guess_type(name)[0] or "application/octet-stream"


def data_url(name: str, data: bytes) -> str:
    """A URL that contains a file, so that a page needs no other."""
    import base64

    return f"data:{mime_type(name)};base64,{base64.b64encode(data).decode()}"
