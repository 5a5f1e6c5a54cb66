"""Real files of every format: whole ones are accepted; cut or extended ones, and huge pictures, are not."""

from __future__ import annotations

import io
import struct
import time
import zipfile
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import sample
from deckgen.media.media_formats import extent, problem

# Made by Pillow and FFmpeg.
FILES = sorted((Path(__file__).parents[1] / "media_files").iterdir())


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_whole_file_is_accepted(path):
    data = path.read_bytes()

    assert problem(data, path.suffix) is None
    assert problem(data + bytes(300), path.suffix) is None
    assert extent(data, path.suffix)[1:] == ((0, 0) if path.stem == "tone" else (3, 2))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_file_that_was_cut_off_is_damaged(path):
    data = path.read_bytes()
    cut = [size for size in range(len(data)) if problem(data[:size], path.suffix) is None]

    # Ogg ends with any page, MP3 with any frame, and a frame of FLAC does not tell its length.
    streams = {".mp3": 5, ".ogg": 5, ".opus": 5, ".flac": len(data)}
    assert len(cut) <= streams.get(path.suffix, 0)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_file_that_goes_on_as_another_one_is_refused(path):
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as other:
        other.writestr("a.txt", "a")
    found = problem(path.read_bytes() + archive.getvalue(), path.suffix)

    assert found is not None
    assert found.endswith("its end")


@pytest.mark.parametrize(("width", "height"), [(10_001, 1), (1, 10_001), (10_000, 10_000), (2**31, 2**31)])
def test_a_picture_of_absurd_size_is_refused(width, height):
    chunk = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    whole = sample.png()
    at = whole.index(b"IHDR")
    data = whole[:at] + chunk + struct.pack(">I", zlib.crc32(chunk)) + whole[at + len(chunk) + 4 :]
    found = f"found {width:,} × {height:,}"

    assert (
        problem(data, ".png") == f"expected at most 10,000 pixels in width and height, and 50 million in all, {found}"
    )


def test_a_picture_without_a_size_is_refused():
    data = bytearray(next(path for path in FILES if path.suffix == ".gif").read_bytes())
    data[6:10] = bytes(4)

    assert problem(bytes(data), ".gif") == "the picture has no size"


def test_an_m4a_without_its_sound_is_refused():
    data = next(path for path in FILES if path.suffix == ".m4a").read_bytes()

    assert problem(data[: int.from_bytes(data[:4], "big")], ".m4a") == "it has no sound"
    assert problem(data[:-5], ".m4a") == "it ends too early"


@given(st.sampled_from(FILES), st.data())
def test_no_bytes_are_too_much_for_it(path, data):
    whole = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 5))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))

    assert isinstance(problem(bytes(whole), path.suffix), str | None)


@pytest.mark.parametrize(
    "path", [FILES[0], *[path for path in FILES if path.stem == "tone"]], ids=lambda path: path.name
)
@pytest.mark.parametrize("filler", [b"\0", b"\xff", b"\x01", b"\xff\xd8", b"OggS" + bytes(23)])
def test_five_million_tiny_pieces_are_not_walked_for_long(path, filler):
    began = time.monotonic()
    problem(path.read_bytes()[:60] + filler * (5_000_000 // len(filler)), path.suffix)

    assert time.monotonic() - began < 5
