"""The command ``deckgen``; the only module that prints or exits."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import click

from deckgen import __version__, rules
from deckgen.diagnostic import Diagnostic, Position, Report, Severity

T = TypeVar("T")


class Failure(click.ClickException):
    """Something that the user must see to, other than a finding in a source. Exit status 1."""

    def show(self, file: Any = None) -> None:
        click.echo(f"{click.style('error:', fg='red', bold=True)} {self.message}", err=True, color=_color())


class _Commands(click.Group):
    """Turns what goes wrong outside the sources into one line; a traceback is for ``--debug``."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            click.echo("interrupted; nothing was changed", err=True)
            ctx.exit(130)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except OSError as error:
            if ctx.params.get("debug"):
                raise
            name = f"'{error.filename}': " if error.filename else ""
            raise Failure(f"{name}{error.strerror or error}") from error
        except Exception as error:
            if ctx.params.get("debug"):
                raise
            raise Failure(
                f"deckgen itself failed ({type(error).__name__}: {error}); please report it with what "
                "'deckgen --debug …' prints"
            ) from error


def _color() -> bool | None:
    return False if os.environ.get("NO_COLOR") else None


def _loudness(command: Callable[..., Any]) -> Callable[..., Any]:
    command = click.option("-v", "--verbose", count=True, help="Say more.")(command)
    return click.option("-q", "--quiet", is_flag=True, help="Say nothing but problems.")(command)


_paths = click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))


@click.group(cls=_Commands, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="deckgen")
@click.option("-C", "directory", metavar="DIR", type=click.Path(exists=True, file_okay=False), help="Run as if in DIR.")
@click.option("--debug", is_flag=True, help="Show tracebacks.")
@click.pass_context
def main(ctx: click.Context, directory: str | None, debug: bool) -> None:
    """Compile YAML sources to Anki decks.

    The project is found by walking up from here to a deckgen.yaml.
    """
    if directory:
        os.chdir(directory)
    if ctx.invoked_subcommand is None:
        _say_what_next(ctx)


@main.command()
@_paths
@_loudness
def check(paths: Sequence[Path], quiet: bool, verbose: int) -> None:
    """Report what is wrong with the sources, all of it in one run.

    With PATHS, only what is wrong in those files and folders.
    """
    run = _compile(paths, None if quiet else verbose)
    run.print_findings(err=False)
    if not quiet or run.failed:
        click.echo(run.summary())
    sys.exit(run.failed)


@main.command()
@_paths
@click.option(
    "-o", "--output", metavar="DIR", type=click.Path(file_okay=False, path_type=Path), help="Where packages go."
)
@_loudness
def build(paths: Sequence[Path], output: Path | None, quiet: bool, verbose: int) -> None:
    """Build the decks' packages, ready to import into Anki.

    With PATHS, only the decks that these files and folders belong to. With an error in any source nothing is written,
    and earlier packages stay as they are.
    """
    from deckgen import package

    run = _compile(paths, None if quiet else verbose)
    run.print_findings(err=True)
    if run.failed:
        click.echo(run.summary("nothing was built"), err=True)
        sys.exit(1)
    folder = output or run.project.output
    folder.mkdir(parents=True, exist_ok=True)
    edition = _edition(run)
    finished = []
    for deck in run.packages:
        path = folder / f"{deck.name}.apkg"
        mark = package.digest(deck, edition)
        current = package.is_current(path, mark)
        if not current:
            finished.append((package.write(deck, path, edition, mark), path))
        if not quiet:
            cards = sum(len(note.cards) for note in deck.notes)
            state = "unchanged" if current else "written"
            click.echo(f"{_shown(path)}: {_count(len(deck.notes), 'note')}, {_count(cards, 'card')} ({state})")
    for unfinished, path in finished:
        os.replace(unfinished, path)
    if not quiet:
        written = len(finished)
        click.echo(run.summary(f"{written} written, {len(run.packages) - written} unchanged"))


# --- what commands share ----------------------------------------------------------------------------------------------


@dataclass
class _Run:
    """A project compiled, and what was found in it."""

    project: Any
    packages: list[Any]
    findings: list[Diagnostic]
    files: int

    @property
    def failed(self) -> bool:
        return any(found.rule.severity is Severity.ERROR for found in self.findings)

    def print_findings(self, err: bool) -> None:
        for found in self.findings:
            click.echo(_in_context(found), err=err, color=_color())

    def summary(self, outcome: str = "") -> str:
        notes = [note for deck in self.packages for note in deck.notes]
        errors = sum(found.rule.severity is Severity.ERROR for found in self.findings)
        parts = [f"{_count(self.files, 'file')}"]
        if not self.failed:
            parts.append(f"{_count(len(notes), 'note')}, {_count(sum(len(note.cards) for note in notes), 'card')}")
        problems = f"{_count(errors, 'error')}, {_count(len(self.findings) - errors, 'warning')}"
        return f"{', '.join(parts)}: {f'{outcome}; ' if outcome else ''}{problems}"


def _compile(paths: Sequence[Path], verbosity: int | None) -> _Run:
    from deckgen import compiler
    from deckgen import project as projects

    root = projects.find(Path.cwd())
    report = Report()
    if root is None:
        place = Position(f"{_shown(Path.cwd() / 'decks')}/{projects.PROJECT_FILE}")
        help = "run deckgen inside a project, or with -C DIR; a project begins with the file decks/deckgen.yaml"
        report.add(rules.MISSING_FILE, place, "expected this file here or in a folder above", help)
        return _Run(None, [], list(report), 0)
    project = projects.load(root, report)
    decks = _decks_of(paths, project)
    files = sum(len(deck.sources) + 1 for deck in project.decks) + 2
    packages = compiler.compile_project(project, report, decks, _progress if verbosity is not None else _plain)
    wanted = [path.resolve() for path in paths]
    findings = [found for found in report if not wanted or _lies_in(found, wanted)]
    hidden = report.has_errors and not any(found.rule.severity is Severity.ERROR for found in findings)
    if hidden:  # the decks asked for are fine, but they cannot be linked while others are not
        findings = list(report)
    if verbosity:
        for deck in packages:
            for part in deck.decks:
                click.echo(f"{part.name}: {_count(len(part.notes), 'note')}", err=True)
    return _Run(project, packages, findings, files)


def _decks_of(paths: Sequence[Path], project: Any) -> list[Any]:
    if not paths:
        return list(project.decks)
    chosen = []
    for path in paths:
        place = path.resolve()
        own = [
            deck
            for deck in project.decks
            if place.is_relative_to(deck.path.resolve()) or deck.path.resolve().is_relative_to(place)
        ]
        if not own and not place.is_relative_to(project.root.resolve()):
            raise click.BadParameter(f"'{path}' belongs to no deck of {_shown(project.root)}", param_hint="PATHS")
        chosen += own
    return [deck for deck in project.decks if deck in chosen]


def _lies_in(found: Diagnostic, wanted: Sequence[Path]) -> bool:
    path = Path(found.position.path).resolve()
    return any(path.is_relative_to(place) for place in wanted)


def _edition(run: _Run) -> Any:
    from deckgen.package import ID_STEP, Edition, Stamp

    now = int(os.environ.get("SOURCE_DATE_EPOCH") or time.time())
    notes = [note for deck in run.packages for note in deck.notes]
    first = now * 1000 - len(notes) * ID_STEP
    stamps = {note.id: Stamp(first + place * ID_STEP, now) for place, note in enumerate(notes)}
    return Edition(
        run.project.file.namespace, run.project.file.tag, stamps, dict.fromkeys(("list", "question", "resource"), now)
    )


def _plain(items: Sequence[T]) -> Iterable[T]:
    return items


def _progress(items: Sequence[T]) -> Iterator[T]:
    """The items, with a bar on a terminal once they have taken a second."""
    if not sys.stderr.isatty():
        yield from items
        return
    started, done = time.monotonic(), 0
    remaining = iter(items)
    for item in remaining:
        yield item
        done += 1
        if time.monotonic() - started > 1 and done < len(items):
            break
    with click.progressbar(remaining, length=len(items) - done, label="compiling", file=sys.stderr) as bar:
        yield from bar


def _in_context(found: Diagnostic) -> str:
    """A diagnostic with the line it speaks of, a caret, and what to do next."""
    position = found.position
    colour = "red" if found.rule.severity is Severity.ERROR else "yellow"
    severity = click.style(f"{found.rule.severity.value}:", fg=colour, bold=True)
    lines = [f"{click.style(str(position), bold=True)}: {severity} {found.message} [{found.rule.name}]"]
    text = _line(position)
    if text:
        number = f"{position.line:>5}"
        lead = "".join("\t" if character == "\t" else " " for character in text[: position.column - 1])
        lines += [f"{number} | {text}", f"{' ' * len(number)} | {lead}{click.style('^', fg=colour, bold=True)}"]
    if found.help:
        lines.append(f"      = {found.help}")
    return "\n".join(lines)


def _line(position: Position) -> str:
    try:
        text = Path(position.path).read_text(encoding="utf-8", errors="replace")
        return text.splitlines()[position.line - 1].rstrip()[:200]
    except (OSError, IndexError):
        return ""


def _count(number: int, thing: str) -> str:
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"


def _shown(path: Path) -> str:
    from deckgen.project import shown

    return shown(path)


def _say_what_next(ctx: click.Context) -> None:
    from deckgen import project as projects

    root = projects.find(Path.cwd())
    if root is None:
        click.echo(ctx.get_help())
        return
    project = projects.load(root, Report())
    click.echo(f"{project.file.title or 'A project'} in {_shown(root)}: {_count(len(project.decks), 'deck')}.")
    for deck in project.decks:
        click.echo(f"  {_shown(deck.path)}: {deck.file.title}, {_count(len(deck.sources), 'file')}")
    click.echo("\nNext:")
    for name, command in main.commands.items():
        click.echo(f"  deckgen {name:<8} {command.get_short_help_str()}")
    click.echo("  deckgen --help   All options.")
