"""``deckgen check``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from deckgen.core import terminal
from deckgen.core.diagnostics import Severity
from deckgen.project.location import find_project
from deckgen.reports import finding_text
from deckgen.reports.finding_formats import FORMATS


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option("--strict", is_flag=True, help="Let warnings fail as errors do.")
@click.option("--select", multiple=True, metavar="RULE", help="Report only this rule; may be given more than once.")
@click.option("--ignore", multiple=True, metavar="RULE", help="Do not report this rule; may be given more than once.")
@click.option("--hints", is_flag=True, help="Report hints as well, which never fail.")
@click.option("--format", "shape", type=click.Choice(FORMATS), default="text", help="How to report.")
@terminal.loudness
def command(
    paths: tuple[Path, ...],
    strict: bool,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    hints: bool,
    shape: str,
    quiet: bool,
    verbose: bool,
) -> None:
    """Report everything that is wrong with the sources.

    With PATHS, only what is wrong in those files and folders. Exit status 1 if there is an error, or with --strict a
    warning. 'deckgen explain RULE' says more of a rule.
    """
    from deckgen.compiler.compile_all import silently
    from deckgen.compiler.pipeline import compile_project
    from deckgen.core import diagnostics
    from deckgen.reports import finding_formats
    from deckgen.reports.summary import summary

    _check_rules((*select, *ignore))
    hints = hints or shape != "text"
    progress = silently if quiet else terminal.progress
    compilation = compile_project(find_project(), paths, hints=hints or bool(select), progress=progress)
    findings = diagnostics.select(compilation.findings, select, ignore, hints=hints)
    fails = {Severity.ERROR, Severity.WARNING} if strict else {Severity.ERROR}
    status = int(any(found.severity in fails for found in findings))
    if shape != "text":
        click.echo(finding_formats.render(findings, shape), nl=False)
        raise click.exceptions.Exit(status)
    finding_text.show_findings(findings, err=False)
    if verbose and not compilation.failed:
        for package in compilation.packages:
            for deck in package.decks:
                click.echo(f"{deck.name}: {terminal.count(len(deck.notes), 'note')}")
    if not quiet:
        click.echo(summary(compilation, findings))
    raise click.exceptions.Exit(status)


def _check_rules(names: Sequence[str]) -> None:
    from deckgen.core.diagnostics import did_you_mean
    from deckgen.lint.run import all_rules

    known = [rule.name for rule in all_rules()]
    for name in names:
        if name not in known:
            raise click.BadParameter(f"'{name}' is not a rule{did_you_mean(name, known)}", param_hint="RULE")
