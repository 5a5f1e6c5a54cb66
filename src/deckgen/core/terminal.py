"""Print to the terminal or a log: errors and warnings, counts, styles, progress, pages of the manual. Read answers.

File names, texts and packages of strangers are printed too. Everything goes through ``echo``, which makes it harmless.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO, TypeVar, cast

import click

from deckgen.core.characters import printable, printable_line
from deckgen.core.diagnostics import Diagnostic, Severity, did_you_mean

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

T = TypeVar("T")

_OWN = f"\x1b{os.urandom(8).hex()}"
"""The beginning of our own escape sequences until they are printed; no text from outside can contain it."""

# A runner takes a line that begins with '::' or contains '##[' for a command (ActionCommand.cs in actions/runner), and
# Azure Pipelines one that contains '##vso['. They skip invisible characters. Other lines must not look like that.
_UNSEEN = r"[^\w!-~\n]*"
_COMMAND = re.compile(rf"(?m)^({_UNSEEN}):(?={_UNSEEN}:)")
_INNER_COMMAND = re.compile(rf"#(?={_UNSEEN}#{_UNSEEN}\w*{_UNSEEN}\[)")
_RUNNERS = ("GITHUB_ACTIONS", "TF_BUILD")


class Failure(click.ClickException):
    """A problem that is not in a source; exit status 1."""

    def show(self, file: Any = None) -> None:
        echo(f"{style('error:', fg='red', bold=True)} {self.message}", err=True)


UsageError = click.UsageError
"""Wrong usage of a command; exit status 2."""


def warn(message: str) -> None:
    """Print a warning that is not about a source."""
    echo(f"{style('warning:', fg='yellow', bold=True)} {message}", err=True)


def style(text: str, **look: Any) -> str:
    """Text with a style, for ``echo``; the arguments are those of click.style."""
    before, _, after = click.style("\0", **look).replace("\x1b", _OWN).partition("\0")
    return f"{before}{text}{after}"


def plain(text: str) -> str:
    """Text from ``style`` as it is written into a file: without styles."""
    return click.unstyle(_harmless(text))


def echo(text: str = "", *, err: bool = False, nl: bool = True, commands: bool = False) -> None:
    """Print text; all output goes through here.

    Only our own styles reach the terminal: other escape sequences, control characters and marks of text direction are
    replaced. In the log of a runner, no line is a command, except with ``commands``.
    """
    click.echo(_harmless(text, commands=commands), err=err, nl=nl, color=color())


def echo_for_program(text: str) -> None:
    """Print text that another program reads, such as a patch: exactly, in UTF-8. A terminal or a log shows it as
    ``echo`` does."""
    if sys.stdout.isatty() or any(map(os.environ.get, _RUNNERS)):
        echo(text, nl=False)
    else:
        click.echo(text.encode(errors="surrogateescape"), nl=False)


def _harmless(text: str, *, commands: bool = False) -> str:
    text = "\x1b".join(map(printable, text.split(_OWN)))
    if any(map(os.environ.get, _RUNNERS)):
        text = _INNER_COMMAND.sub("\ufffd", text)
        text = text if commands else _COMMAND.sub("\\1\ufffd", text)
    return text


@contextmanager
def harmless_errors() -> Iterator[None]:
    """Make the message of a usage error harmless, since click prints it itself."""
    try:
        yield
    except UsageError as error:
        error.message = plain(error.message)  # type: ignore[misc]
        raise


def color() -> bool | None:
    """Return False if colours are not wanted (https://no-color.org) or not possible, else None: click decides."""
    return False if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb" else None


def verbosity(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options ``-q`` and ``-v``."""
    command = click.option("-v", "--verbose", is_flag=True, help="Print more details.")(command)
    return click.option("-q", "--quiet", is_flag=True, help="Only print problems.")(command)


def format_option(formats: Iterable[str]) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The option ``--format``, which is text by default."""
    return click.option("--format", type=click.Choice(list(formats)), default="text", help="Output format.")


def completing(
    names: Callable[[Path], Iterable[str]],
) -> Callable[[click.Context, click.Parameter, str], list[CompletionItem]]:
    """Shell completion for an argument: the names in a folder, or a mapping from names to descriptions."""

    def complete(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        from click.shell_completion import CompletionItem

        try:
            found = names(Path(ctx.find_root().params.get("directory") or "."))
        except Exception:  # half a project cannot be read; a shell has no place for an error
            return []
        described = found if isinstance(found, Mapping) else dict.fromkeys(found)
        return [
            CompletionItem(printable_line(name), help=printable_line(help) if help else None)
            for name, help in described.items()
            if name.startswith(incomplete)
        ]

    return complete


def unknown_name(noun: str, name: str, known: Iterable[str], hint: str = "") -> UsageError:
    """The usage error for a name that does not exist, with the nearest one that does."""
    message = f"there is no {noun} '{name}'{did_you_mean(name, known)}"
    return UsageError(f"{message}\n{hint}" if hint else message)


class CommandGroup(click.Group):
    """A group of commands, each of which messages call a ``noun``; ``hint`` says how to list them."""

    noun = "command"
    hint = "'deckgen --help' lists the commands"

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        known = self.list_commands(ctx)
        if args and not args[0].startswith("-") and args[0] not in known:
            raise unknown_name(self.noun, args[0], known, self.hint)
        return super().resolve_command(ctx, args)


def checked_text(ctx: click.Context, param: click.Parameter, value: Any) -> Any:
    """Check the value of an option that becomes text in a source; a required one must not be empty."""
    for text in (value,) if isinstance(value, str) else value or ():
        check_text(text)
        if param.required and not text.strip():
            raise click.BadParameter("expected text, found nothing")
    return value


def checked_line(ctx: click.Context, param: click.Parameter, value: Any) -> Any:
    """Check the value of an option that becomes one line of text in a source."""
    for text in (value,) if isinstance(value, str) else value or ():
        if "\n" in text:
            raise click.BadParameter(f"expected one line of text, found {text.count(chr(10)) + 1} lines")
    return checked_text(ctx, param, value)


def check_text(text: str) -> None:
    """Raise BadParameter, a usage error, for text that contains characters which are forbidden in a source."""
    from deckgen.core.characters import decoded, found_hidden, hidden_characters

    if decoded(text) != text:
        raise click.BadParameter(f"expected text in UTF-8, found '{decoded(text)}'")
    for _, hidden in hidden_characters(text):
        raise click.BadParameter(found_hidden(hidden))


def ask(question: str, read: Callable[[str], T], default: str = "") -> T:
    """Ask until the answer can be read, and say each time what is wrong with it."""
    answer: T = click.prompt(question, default=default, show_default=bool(default), value_proc=read)
    return answer


@contextmanager
def limited_input(lines: int, characters: int) -> Iterator[None]:
    """Read at most this many ``lines`` from standard input, each of at most this many ``characters``."""
    stdin = sys.stdin
    sys.stdin = cast("TextIO", _Limited(stdin, lines, characters))
    try:
        yield
    finally:
        sys.stdin = stdin


class _Limited:
    """A stream of text that ends with an error if it has too long or too many lines."""

    def __init__(self, stream: TextIO, lines: int, characters: int) -> None:
        self._stream = stream
        self._lines = lines
        self._characters = characters
        self._read = 0

    def readline(self, size: int = -1) -> str:
        self._read += 1
        line = self._stream.readline(self._characters + 1)
        if len(line) > self._characters:
            raise Failure(f"expected at most {self._characters:,} characters in an answer, found more")
        if self._read > self._lines:
            raise Failure(f"expected at most {self._lines:,} answers, found more")
        return line

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def count(number: int, thing: str, things: str = "") -> str:
    """``1 card``, ``2 cards``."""
    return f"{number:,} {thing if number == 1 else things or f'{thing}s'}"


def count_problems(findings: Sequence[Diagnostic]) -> str:
    """``0 errors, 2 warnings``, and hints if there are any."""
    errors, warnings, hints = (sum(found.severity is severity for found in findings) for severity in Severity)
    counted = f"{count(errors, 'error')}, {count(warnings, 'warning')}"
    return f"{counted}, {count(hints, 'hint')}" if hints else counted


def progress(files: Iterable[T], total: int) -> Iterator[T]:
    """Pass files on as they are compiled. On a terminal, show a progress bar after a second."""
    remaining = iter(files)
    if sys.stderr.isatty():
        started = time.monotonic()
        for done, file in enumerate(remaining, 1):
            yield file
            if time.monotonic() - started > 1:
                with click.progressbar(length=total, label="compiling", file=sys.stderr) as bar:
                    bar.update(done)
                    for later in remaining:
                        bar.update(1)
                        yield later
    yield from remaining


def launch(path: Path) -> bool:
    """Open a file as the system opens files of its kind. Return whether that succeeded."""
    return click.launch(str(path)) == 0


def show_page(page: str) -> None:
    """Print a page of the manual (Markdown) in the width of the terminal; show a long page in a pager."""
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(_page_lines(page))).strip("\n")
    tall = text.count("\n") > shutil.get_terminal_size().lines and sys.stdout.isatty()
    click.echo_via_pager(_harmless(text) + "\n", color=color()) if tall else echo(text)


def _page_lines(page: str) -> Iterator[str]:
    import textwrap

    width = min(max(shutil.get_terminal_size().columns, 50), 100)  # like click, even in a narrower one
    for number, block in enumerate(re.split(r"^(```yaml\n.*?^```)$", page, flags=re.MULTILINE | re.DOTALL)):
        if number % 2:
            yield from (f"    {line}".rstrip() for line in block.splitlines()[1:-1])
            continue
        for paragraph in re.split(r"\n{2,}", block.strip("\n")):
            yield ""
            if paragraph.startswith("|"):
                yield from (_row(line, width) for line in paragraph.splitlines()[2:])
            elif paragraph.startswith("#"):
                yield style(paragraph.lstrip("# "), bold=True)
            else:
                text = textwrap.fill(" ".join(paragraph.split()), width)
                yield re.sub(r"\*\*(.+?)\*\*", lambda found: style(found[1], bold=True), text)
        yield ""


def _row(line: str, width: int) -> str:
    """Format a row of a Markdown table: a name, what it takes (if the table says so), and what it is."""
    import textwrap

    name, *cells = (cell.strip() for cell in line.strip("|").split(" | "))
    text = f"{cells[1]} ({cells[0]})" if len(cells) > 1 else cells[0]
    return textwrap.fill(text, width, initial_indent=f"  {name.strip('`'):<18} ", subsequent_indent=" " * 21)
