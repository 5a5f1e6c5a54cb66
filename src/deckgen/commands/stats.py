"""``deckgen stats``."""

from __future__ import annotations

import re
from datetime import date, datetime, timezone
from pathlib import Path

import click

from deckgen.core import clock, terminal
from deckgen.project.location import find_project
from deckgen.reports import finding_text


def _months(ctx: click.Context, param: click.Parameter, value: str) -> int:
    """A length of time such as ``24m`` or ``2y``, in months."""
    found = re.fullmatch(r"(\d{1,4})([my])", value)
    if found is None:
        raise click.BadParameter(f"expected months or years such as 24m or 2y, found '{value}'")
    return int(found[1]) * (12 if found[2] == "y" else 1)


@click.command()
@click.option("--format", "shape", type=click.Choice(("text", "json", "svg")), default="text", help="How to say it.")
@click.option("-o", "--output", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path), help="Write to FILE.")
@click.option("--stale", callback=_months, metavar="AGE", default="24m", help="What has aged: 24m or 2y, for example.")
@click.option("--per-day", type=click.IntRange(1, 9999), default=20, help="New cards a day, as a learner sets them.")
def command(shape: str, output: Path | None, stale: int, per_day: int) -> None:
    """Count notes and cards by deck, skill domain and kind, and their sources by grade and age.

    Says how far each domain is from the 'targets' in deckgen.yaml, how many days the new cards last, and which sources
    were not read, and statements not confirmed, for longer than --stale.
    """
    from deckgen.compiler.pipeline import compile_project
    from deckgen.core.outputs import Outputs
    from deckgen.reports import stats_report as charts
    from deckgen.reports.stats import survey

    compilation = compile_project(find_project())
    if compilation.failed:
        finding_text.show_findings(compilation.findings, err=True)
        raise terminal.Failure("with errors the numbers would be wrong")
    found = survey(compilation, _today(), stale, per_day)
    if shape == "text":
        text = "".join(f"{line}\n" for line in charts.as_text(found))
    else:
        text = charts.as_json(found) if shape == "json" else charts.as_svg(found, compilation.project.file.title)
    if output is None:
        click.echo(text, nl=False, color=terminal.color())
    elif not output.exists() or output.read_text(encoding="utf-8") != text:
        with Outputs() as outputs:
            outputs.text(output, click.unstyle(text))
            outputs.commit()


def _today() -> date:
    return datetime.fromtimestamp(clock.now(), timezone.utc).date()
