"""Read a source file as UTF-8 text, and find positions in it."""

from __future__ import annotations

import math
import os
import re
import stat
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from pathlib import Path

from deckgen.core import rules
from deckgen.core.characters import FORBIDDEN, found_hidden, hidden_characters
from deckgen.core.diagnostics import Position, Report
from deckgen.core.differences import differences
from deckgen.core.nodes import Node, ScalarNode

MAX_SOURCE_BYTES = 64 * 2**20

_ASCII = re.compile("[\x00-\x7f]+")
_PLAIN_BYTES = bytes([*b"\t\n\r", *range(0x20, 0x7F), *range(0x80, 0x100)])


def normal(text: str) -> str:
    """Compose accented letters (NFC), as Anki does."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


MAX_HIDDEN = 20
"""How many hidden characters of a file are reported one by one."""

MAX_COMPARED = 4 * 10**8
"""The most pairs of lines that are compared in a file that mixes line endings, to keep the end of each: a bound on the
memory that this takes."""

_MARK = "\ufeff"


@dataclass(frozen=True)
class Source:
    """A file that was read: its path, the name shown to the author, and its text.

    Lines of ``text`` end in line feeds; ``line_ends`` are what they end in on disk, if that is anything else. ``mark``
    is the byte order mark with which some editors on Windows begin a file.
    """

    path: Path
    name: str
    text: str
    line_ends: tuple[str, ...] = ()
    mark: str = ""

    def on_disk(self, text: str) -> str:
        """Another version of the text as this file has it on disk: lines that stay, or stand for others, keep the line
        ends."""
        own, old, new = list(self.line_ends), self.text.split("\n"), text.split("\n")
        usual = max(("\n", "\r\n", "\r"), key=own.count)
        if len(set(own)) < 2 or len(old) * len(new) > MAX_COMPARED:
            return self.mark + text.replace("\n", usual)
        ends: list[str] = []
        at = 0
        for hunk in differences(old[:-1], new[:-1]):
            count = hunk.new_end - hunk.new_start
            ends += own[at : hunk.start] + [*own[hunk.start : hunk.end], *[usual] * count][:count]
            at = hunk.end
        ends += own[at:]
        return self.mark + "".join(line + end for line, end in zip(new, [*ends, ""], strict=True))

    def position(self, node: Node) -> Position:
        return self.position_at(node.start)

    def column(self, node: Node) -> int:
        """The number of characters before a node in its line."""
        return node.start - self.text.rfind("\n", 0, node.start) - 1

    def locate(self, scalar: ScalarNode, snippet: str, occurrence: int = 0) -> Position:
        """The position of a snippet of a scalar's value; that of the scalar if folding or escapes hide the snippet."""
        at = scalar.start - 1
        for _ in range(occurrence + 1):
            at = self.text.find(snippet, at + 1, scalar.end)
            if at < 0:
                return self.position(scalar)
        return self.position_at(at)

    def position_at(self, index: int) -> Position:
        starts = self._line_starts
        line = bisect_right(starts, index)
        return Position(self.name, line, index - starts[line - 1] + 1)

    @cached_property
    def _line_starts(self) -> list[int]:
        return list(accumulate((len(line) + 1 for line in self.text.split("\n")[:-1]), initial=0))


def read(path: Path, name: str, report: Report, most: int = MAX_SOURCE_BYTES) -> bytes | None:
    """Read the bytes of a file. Return None, and report why, if it cannot be read or has more than ``most`` bytes."""
    start = Position(name)
    try:
        if path.is_dir():
            report.add(rules.UNREADABLE_FILE, start, "expected a file, found a folder")
            return None
        with open(path, "rb", opener=_open_without_waiting) as file:
            # Ask the open file, since the path may refer to another one by now.
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode):
                report.add(rules.UNREADABLE_FILE, start, "expected a file, found a device or pipe")
                return None
            data = file.read(most + 1) if status.st_size <= most else b""
            size = max(len(data), status.st_size)
        if size > most:
            report.add(
                rules.FILE_TOO_LARGE,
                start,
                f"expected at most {most // 2**20} MB, found {math.ceil(size / 2**20)} MB",
                "split it into several files: all files of a deck are read together",
            )
            return None
    except OSError as error:
        report.add(rules.UNREADABLE_FILE, start, f"cannot read the file: {error.strerror or error}")
        return None
    return data


def is_lfs_pointer(data: bytes) -> bool:
    """Whether a file only says which file Git LFS should have put in its place."""
    return data.startswith(b"version https://git-lfs.github.com/spec/")


LFS_HELP = "Git LFS has not downloaded it: run 'git lfs pull'"


def _open_without_waiting(path: str, flags: int) -> int:
    """Open a file, but do not wait for somebody to write into a pipe."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def decode(path: Path, name: str, data: bytes, report: Report) -> Source | None:
    """Decode the bytes of a file. Return None, and report why, if they are not plain UTF-8."""
    start = Position(name)
    resave = "save it as UTF-8 (in VS Code: click the encoding in the status bar, then 'Save with Encoding')"
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
    mark = _MARK if text.startswith(_MARK) else ""
    text = text.removeprefix(mark)
    line_ends: tuple[str, ...] = ()
    if "\r" in text:
        line_ends = tuple(re.findall("\r\n|\r|\n", text))
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    source = Source(path, name, text, line_ends, mark)
    # Searching all of a clean file would take longer than parsing it; searching its few non-ASCII characters does not.
    if not data.translate(None, _PLAIN_BYTES) and (text.isascii() or not FORBIDDEN.search(_ASCII.sub("", text))):
        return source
    found = hidden_characters(text)
    for index, character in found[:MAX_HIDDEN]:
        help = "it is invisible in most editors: delete the characters around it and type them again"
        report.add(rules.CONTROL_CHARACTER, source.position_at(index), found_hidden(character), help)
    if len(found) > MAX_HIDDEN:
        message = f"expected visible characters, found {len(found) - MAX_HIDDEN:,} more hidden ones from here on"
        report.add(rules.CONTROL_CHARACTER, source.position_at(found[MAX_HIDDEN][0]), message)
    return None if found else source
