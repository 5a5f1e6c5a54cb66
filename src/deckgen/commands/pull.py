"""``deckgen pull``."""

from __future__ import annotations

from pathlib import Path

import click

from deckgen.compiler.pipeline import compile_project
from deckgen.core import terminal
from deckgen.core.diagnostics import Rejected
from deckgen.editing.open_files import save
from deckgen.editing.pull import pull
from deckgen.packages.read_package import read_package
from deckgen.project.location import find_project
from deckgen.reports.pull_report import patch, report_lines, summary


@click.command()
@click.argument("source", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--write", is_flag=True, help="Make the changes in the sources.")
def command(source: Path, write: bool) -> None:
    """Bring edits that were made in Anki into the sources.

    SOURCE is a deck or collection that Anki exported (.apkg or .colpkg). The changes are printed as a patch; each was
    compiled, and gives the card exactly what Anki has. What cannot be changed in the sources is listed with both texts,
    and so are texts that were edited on both sides. Exit with status 1 if anything is left.

    Example: deckgen pull export.apkg --write
    """
    root = find_project()
    notes = read_package(source).notes
    compilation = compile_project(root, hints=False)
    if compilation.failed:
        raise Rejected(*compilation.findings, message="nothing was pulled: fix the errors first")
    pulled = pull(compilation, notes)
    for remark in pulled.remarks:
        terminal.warn(remark)
    if write:
        save(pulled.files, root)
    terminal.echo(patch(pulled), nl=False)
    for line in report_lines(pulled):
        terminal.echo(line, err=True)
    terminal.echo(summary(pulled, written=write), err=True)
    raise click.exceptions.Exit(int(bool(pulled.left)))
