"""``deckgen check``."""

from __future__ import annotations

from pathlib import Path

import click

from deckgen.compiler.compile_all import silently
from deckgen.compiler.pipeline import compile_project
from deckgen.core import terminal
from deckgen.core.diagnostics import Severity, has_errors, select
from deckgen.core.location import find_project
from deckgen.lint.run import all_rules
from deckgen.reports.finding_formats import FORMATS
from deckgen.reports.summary import summary


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option("--strict", is_flag=True, help="Fail on warnings too.")
@click.option(
    "--select",
    "selected",
    multiple=True,
    metavar="RULE",
    help="Report only this rule; can be repeated.",
    shell_complete=terminal.completing(lambda _: [*all_rules()]),
)
@click.option(
    "--ignore",
    "ignored",
    multiple=True,
    metavar="RULE",
    help="Do not report this rule; can be repeated.",
    shell_complete=terminal.completing(lambda _: [*all_rules()]),
)
@click.option("--hints", is_flag=True, help="Report hints too; they never affect the exit status.")
@terminal.format_option(FORMATS)
@terminal.verbosity
def command(
    paths: tuple[Path, ...],
    strict: bool,
    selected: tuple[str, ...],
    ignored: tuple[str, ...],
    hints: bool,
    format: str,
    quiet: bool,
    verbose: bool,
) -> None:
    """Report every problem in the sources.

    With PATHS, reports only problems in these files and folders. The exit status is 1 if there is an error or, with
    --strict, a warning. 'deckgen explain RULE' describes a rule.

    Example: deckgen check --strict decks/pain
    """
    for name in (*selected, *ignored):
        if name not in all_rules():
            raise terminal.unknown_name("rule", name, all_rules(), "'deckgen explain' lists the rules")
    hints = hints or format in ("json", "sarif")
    progress = silently if quiet else terminal.progress
    compilation = compile_project(find_project(), paths, hints=hints or bool(selected), progress=progress)
    for remark in compilation.published.remarks:
        terminal.warn(remark)
    findings = select(compilation.findings, selected, ignored, hints=hints)
    terminal.echo(FORMATS[format](findings), nl=False, commands=format == "github")
    if format == "text":
        if verbose and not compilation.failed:
            for deck in (deck for package in compilation.packages for deck in package.decks):
                terminal.echo(f"{deck.name}: {terminal.count(len(deck.notes), 'note')}")
        if not quiet:
            terminal.echo(summary(compilation, findings))
    warned = any(found.severity is Severity.WARNING for found in findings)
    raise click.exceptions.Exit(int(has_errors(findings) or (strict and warned)))
