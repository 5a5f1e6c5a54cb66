"""Findings as text for a terminal: each with its source line, a caret, and what to do next."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping, Sequence
from functools import lru_cache
from io import BytesIO
from itertools import islice
from pathlib import Path

import click

from deckgen.core.diagnostics import Diagnostic, Position, Severity
from deckgen.core.terminal import color
from deckgen.language.source import MAX_BYTES
from deckgen.project.location import PROJECT_FILE

MAX_SHOWN = 200
"""Findings that are printed: a file that is wrong from top to bottom must not scroll everything else away."""


def show_findings(findings: Sequence[Diagnostic], *, err: bool, texts: Mapping[str, str] | None = None) -> None:
    """Print findings, each with the line it speaks of; ``texts`` are those of files that are not saved yet."""
    shown = [in_context(found, texts) for found in findings[:MAX_SHOWN]]
    if len(findings) > MAX_SHOWN:
        shown.append(f"... and {len(findings) - MAX_SHOWN:,} more; mend these first")
    if shown:
        click.echo("\n".join(shown), err=err, color=color())


def in_context(found: Diagnostic, texts: Mapping[str, str] | None = None) -> str:
    """A finding with the line that it speaks of, a caret, and what to do next."""
    position = found.position
    tint = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.HINT: "cyan"}[found.severity]
    severity = click.style(f"{found.severity.value}:", fg=tint, bold=True)
    lines = [f"{click.style(str(position), bold=True)}: {severity} {found.message} [{found.rule}]"]
    text, column = excerpt(position, texts)
    if text:
        margin = f"{position.line:>5}"
        lead = "".join("\t" if character == "\t" else " " for character in text[: column - 1])
        lines += [f"{margin} | {text}", f"{' ' * len(margin)} | {lead}{click.style('^', fg=tint, bold=True)}"]
    if found.help:
        lines.append(f"      = {found.help}")
    return "\n".join(lines)


def excerpt(position: Position, texts: Mapping[str, str] | None = None) -> tuple[str, int]:
    """A line of a file, cut off on both sides of its column, without characters that could move the cursor; and where
    the column is in it, counted from 1."""
    try:
        whole = (texts or {}).get(position.path)
        lines = _lines(position.path) if whole is None else _Lines(whole.encode())
        text = lines.line(position.line).decode(errors="replace")
    except OSError:
        return "", 1
    start = position.column - 80 if position.column > 160 else 0
    text = text[start : max(160, position.column + 40)]
    if start:
        text = "…" + text[1:]
    if not text.isprintable():
        text = "".join(character if character.isprintable() or character == "\t" else "\ufffd" for character in text)
    return text.rstrip(), position.column - start


class _Lines:
    """The lines of a file, of which few are shown, one after the other: the others are only passed over."""

    def __init__(self, data: bytes) -> None:
        self._data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n") if b"\r" in data else data
        self._rest = BytesIO(self._data)
        self._number = 0
        self._line = b""

    def line(self, number: int) -> bytes:
        """A line, counted from 1, without what ends it; nothing, if there are not so many."""
        if number < self._number:
            self._rest.seek(0)
            self._number, self._line = 0, b""
        if number > self._number:
            self._line = next(islice(self._rest, number - self._number - 1, None), b"")
            self._number = number
        return self._line.rstrip(b"\n")


def _lines(path: str) -> _Lines:
    """A file's lines; none of one that is a picture or a sound, or larger than any source, or reached through a link,
    which may lead out of the project."""
    status = os.stat(path)
    if not stat.S_ISREG(status.st_mode) or status.st_size > MAX_BYTES or _is_linked(Path(path)):
        return _Lines(b"")
    return _lines_at(path, status.st_mtime_ns)


def _is_linked(path: Path) -> bool:
    """Whether a file, or a folder between it and the project's, is a link."""
    for place in (path, *path.parents):
        if place.is_symlink():
            return True
        if (place / PROJECT_FILE).exists():
            return False
    return False


@lru_cache(maxsize=1)  # findings are sorted by file
def _lines_at(path: str, changed: int) -> _Lines:
    data = Path(path).read_bytes()
    return _Lines(b"" if b"\0" in data else data)
