"""Findings as text for a terminal: each with its source line, a caret, and the next step."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping, Sequence
from functools import lru_cache
from io import BytesIO
from itertools import islice
from pathlib import Path

from deckgen.core.diagnostics import Diagnostic, Position, Severity
from deckgen.core.location import PROJECT_FILE
from deckgen.core.source import MAX_SOURCE_BYTES
from deckgen.core.terminal import echo, style

MAX_SHOWN = 200
"""How many findings are printed; more would only scroll the first ones away."""

_COLORS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.HINT: "cyan"}


def show_findings(findings: Sequence[Diagnostic], unsaved: Mapping[str, str] | None = None) -> None:
    """Print findings to standard error; ``unsaved`` has the text of files that are not on disk, by name."""
    echo(as_text(findings, unsaved), nl=False, err=True)


def as_text(findings: Sequence[Diagnostic], unsaved: Mapping[str, str] | None = None) -> str:
    """The first findings as text."""
    shown = [_in_context(found, unsaved) for found in findings[:MAX_SHOWN]]
    if len(findings) > MAX_SHOWN:
        shown.append(f"... and {len(findings) - MAX_SHOWN:,} more; fix these first")
    return "".join(f"{text}\n" for text in shown)


def _in_context(found: Diagnostic, unsaved: Mapping[str, str] | None = None) -> str:
    """A finding with its source line, a caret below the column, and the next step."""
    position, color = found.position, _COLORS[found.severity]
    severity = style(f"{found.severity.value}:", fg=color, bold=True)
    lines = [f"{style(str(position), bold=True)}: {severity} {found.message} [{found.rule}]"]
    text, column = excerpt(position, unsaved)
    if text:
        number = f"{position.line:>5}"
        indent = "".join("\t" if character == "\t" else " " for character in text[: column - 1])
        lines += [f"{number} | {text}", f"{' ' * len(number)} | {indent}{style('^', fg=color, bold=True)}"]
    if found.help:
        lines.append(f"      = {found.help}")
    return "\n".join(lines)


def excerpt(position: Position, unsaved: Mapping[str, str] | None = None) -> tuple[str, int]:
    """The source line at a position, cut to what surrounds its column and safe to print; and the column within it."""
    try:
        text = (unsaved or {}).get(position.path)
        lines = _open(position.path) if text is None else _Lines(text.encode())
        line = lines.line(position.line).decode(errors="replace")
    except (OSError, UnicodeEncodeError):  # as where the names of files are ASCII only
        return "", 1
    start = position.column - 80 if position.column > 160 else 0
    line = line[start : max(160, position.column + 40)]
    if start:
        line = "…" + line[1:]
    if not line.isprintable():
        line = "".join(character if character.isprintable() or character == "\t" else "\ufffd" for character in line)
    return line.rstrip(), position.column - start


class _Lines:
    """Reads lines of a file without splitting all of it: files are large, and findings are sorted by line."""

    def __init__(self, data: bytes) -> None:
        self._rest = BytesIO(data.replace(b"\r\n", b"\n").replace(b"\r", b"\n") if b"\r" in data else data)
        self._number = 0
        self._line = b""

    def line(self, number: int) -> bytes:
        """A line without its line break, counted from 1; empty after the last line."""
        if number < self._number:
            self._rest.seek(0)
            self._number, self._line = 0, b""
        if number > self._number:
            self._line = next(islice(self._rest, number - self._number - 1, None), b"")
            self._number = number
        return self._line.rstrip(b"\n")


def _open(path: str) -> _Lines:
    """A file's lines; none of a file that is too large for a source, or reached through a link, which may lead out of
    the project."""
    status = os.stat(path)
    if not stat.S_ISREG(status.st_mode) or status.st_size > MAX_SOURCE_BYTES or _is_linked(Path(path)):
        return _Lines(b"")
    return _read(path, status.st_mtime_ns)


def _is_linked(path: Path) -> bool:
    """Whether a file, or a folder between it and the project's, is a link."""
    for current in (path, *path.parents):
        if current.is_symlink():
            return True
        if (current / PROJECT_FILE).exists():
            return False
    return False


@lru_cache(maxsize=1)  # findings are sorted by file
def _read(path: str, modified: int) -> _Lines:
    data = Path(path).read_bytes()
    return _Lines(b"" if b"\0" in data else data)  # pictures and sounds have no lines
