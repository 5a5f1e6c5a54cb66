"""How deckgen speaks to people: findings with their line and a caret, counts, colours, a bar for long work."""

from __future__ import annotations

import os
import re
import shutil
import stat
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from deckgen.core.diagnostics import Diagnostic, Position, Severity

if TYPE_CHECKING:
    from deckgen.cards.note import Note

MAX_SHOWN = 200
"""How many findings are shown; a file that is wrong from top to bottom need not scroll everything else away."""


class Failure(click.ClickException):
    """Something that the user must see to, other than a finding in a source; exit status 1."""

    def show(self, file: Any = None) -> None:
        click.echo(f"{click.style('error:', fg='red', bold=True)} {self.message}", err=True, color=color())


def color() -> bool | None:
    """False where colours are not wanted (https://no-color.org); otherwise click decides."""
    return False if os.environ.get("NO_COLOR") else None


def loudness(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options ``-q`` and ``-v``."""
    command = click.option("-v", "--verbose", is_flag=True, help="Say more.")(command)
    return click.option("-q", "--quiet", is_flag=True, help="Say nothing but problems.")(command)


def as_text(ctx: click.Context, param: click.Parameter, value: Any) -> Any:
    """Texts for a source, as an option has them: with nothing in them that no source can hold."""
    from deckgen.language.file_names import displayed
    from deckgen.language.source import FORBIDDEN, found_hidden

    for text in (value,) if isinstance(value, str) else value or ():
        if displayed(text) != text:
            raise click.BadParameter(f"expected text in UTF-8, found '{displayed(text)}'")
        if hidden := FORBIDDEN.search(text):
            raise click.BadParameter(found_hidden(hidden[0]))
        if param.required and not text.strip():
            raise click.BadParameter("expected text, found nothing")
    return value


def count(number: int, thing: str, things: str = "") -> str:
    """``1 card``, ``2 cards``."""
    return f"{number:,} {thing if number == 1 else things or f'{thing}s'}"


def count_problems(findings: Sequence[Diagnostic]) -> str:
    """``0 errors, 2 warnings``; and hints, if there are any."""
    errors, warnings, hints = (sum(found.severity is severity for found in findings) for severity in Severity)
    counted = f"{count(errors, 'error')}, {count(warnings, 'warning')}"
    return f"{counted}, {count(hints, 'hint')}" if hints else counted


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
    lines = [f"{click.style(str(position), bold=True)}: {severity} {found.message} [{found.rule.name}]"]
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
    from deckgen.language.source import MAX_BYTES

    status = os.stat(path)
    if not stat.S_ISREG(status.st_mode) or status.st_size > MAX_BYTES or _is_linked(Path(path)):
        return _Lines(b"")
    return _lines_at(path, status.st_mtime_ns)


def _is_linked(path: Path) -> bool:
    """Whether a file, or a folder between it and the project's, is a link."""
    from deckgen.project.location import PROJECT_FILE

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


def find_project() -> Path:
    """The project's folder; without one the command ends with a finding."""
    from deckgen.language import rules
    from deckgen.project import location

    root = location.find(Path.cwd())
    if root is not None:
        return root
    place = Position(location.shown(Path.cwd() / "decks" / location.PROJECT_FILE))
    message = "expected this file here or in a folder above, found none"
    help = "run deckgen inside a project, or name one with -C DIR; a project begins with the file decks/deckgen.yaml"
    show_findings([Diagnostic(place, rules.MISSING_FILE, message, help)], err=True)
    raise click.exceptions.Exit(1)


def progress(turns: Iterable[int], count: int) -> Iterator[int]:
    """Numbers below a count, of which others may take some, with a bar on a terminal once they have taken a second."""
    remaining = iter(turns)
    if sys.stderr.isatty():
        started = time.monotonic()
        for turn in remaining:
            yield turn
            if time.monotonic() - started > 1:
                with click.progressbar(length=count, label="compiling", file=sys.stderr) as bar:
                    for later in remaining:
                        bar.update(later - bar.pos)
                        yield later
                    bar.update(count - bar.pos)
    yield from remaining


_LOOKS: dict[str, dict[str, Any]] = {
    "quiet": {"dim": True},
    "cloze": {"fg": "cyan", "bold": True},
    "question": {"bold": True},
    "": {},
}


def card_lines(note: Note) -> Iterator[str]:
    """A note's cards, front and back, as a learner sees them."""
    from deckgen.cards import plain_text as card_text
    from deckgen.cards.rendering import note_cards

    for ord, sides in note_cards(note):
        for name, html in zip(("front", "back"), sides, strict=True):
            yield ""
            yield click.style(f"  ── card {ord + 1}, {name}", dim=True)
            for line in card_text.lines(html):
                yield ("  " + "".join(click.style(piece.text, **_LOOKS[piece.look]) for piece in line)).rstrip()


def show_page(page: str) -> None:
    """Print a page of the manual, which is Markdown, for the width of the terminal; longer ones through a pager."""
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(_page_lines(page))).strip("\n")
    tall = text.count("\n") > shutil.get_terminal_size().lines and sys.stdout.isatty()
    click.echo_via_pager(text + "\n", color=color()) if tall else click.echo(text, color=color())


def _page_lines(page: str) -> Iterator[str]:
    import textwrap

    width = min(shutil.get_terminal_size().columns, 100)
    for number, block in enumerate(re.split(r"^(```yaml\n.*?^```)$", page, flags=re.MULTILINE | re.DOTALL)):
        if number % 2:
            yield from (f"    {line}".rstrip() for line in block.splitlines()[1:-1])
            continue
        for paragraph in re.split(r"\n{2,}", block.strip("\n")):
            yield ""
            if paragraph.startswith("|"):
                yield from (_row(line, width) for line in paragraph.splitlines()[2:])
            elif paragraph.startswith("#"):
                yield click.style(paragraph.lstrip("# "), bold=True)
            else:
                text = textwrap.fill(" ".join(paragraph.split()), width)
                yield re.sub(r"\*\*(.+?)\*\*", lambda found: click.style(found[1], bold=True), text)
        yield ""


def _row(line: str, width: int) -> str:
    """A row of a Markdown table: a name, perhaps what it takes, and what it is."""
    import textwrap

    name, *cells = (cell.strip() for cell in line.strip("|").split(" | "))
    text = f"{cells[1]} ({cells[0]})" if len(cells) > 1 else cells[0]
    return textwrap.fill(text, width, initial_indent=f"  {name.strip('`'):<18} ", subsequent_indent=" " * 21)
