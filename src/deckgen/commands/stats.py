"""``deckgen stats``."""

from __future__ import annotations

import re
from pathlib import Path

import click

from deckgen.compiler.pipeline import compile_project
from deckgen.core import clock, terminal
from deckgen.core.diagnostics import Rejected
from deckgen.core.location import find_project
from deckgen.project.generated_file import write_if_changed
from deckgen.reports.stats import collect_stats
from deckgen.reports.stats_report import FORMATS


def _age(ctx: click.Context, param: click.Parameter, value: str) -> int:
    """Read a duration such as ``24m`` or ``2y`` as a number of months."""
    found = re.fullmatch(r"(\d{1,4})([my])", value)
    if found is None:
        raise click.BadParameter(f"expected months or years, such as 24m or 2y, found '{value}'")
    return int(found[1]) * (12 if found[2] == "y" else 1)


@click.command()
@terminal.format_option(FORMATS)
@click.option("-o", "--output", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path), help="Write to FILE.")
@click.option(
    "--stale",
    callback=_age,
    metavar="AGE",
    default="24m",
    help="List sources and statements last checked longer ago than this: 24m, 2y.",
)
@click.option("--per-day", type=click.IntRange(1, 9999), default=20, help="New cards per day, as set in Anki.")
def command(format: str, output: Path | None, stale: int, per_day: int) -> None:
    """Count notes and cards by deck, domain and kind, and sources by grade and age.

    Compares each domain with the 'targets' in deckgen.yaml, shows how many days the new cards will last, and lists
    sources and statements that have not been checked for longer than --stale.

    Example: deckgen stats --format svg --output coverage.svg
    """
    root = find_project()
    compilation = compile_project(root, hints=False)
    if compilation.failed:
        raise Rejected(*compilation.findings, message="fix the errors first")
    text = FORMATS[format](collect_stats(compilation, clock.today(), stale, per_day))
    if output is None:
        terminal.echo(text, nl=False)
    else:
        write_if_changed(output, terminal.plain(text), root)
