"""``deckgen pull``."""

from __future__ import annotations

from pathlib import Path

import click

from deckgen.compiler.pipeline import compile_project
from deckgen.core import terminal
from deckgen.core.diagnostics import Rejected
from deckgen.core.location import find_project
from deckgen.editing.open_files import save
from deckgen.pulling.collection import read_collection
from deckgen.pulling.pull import pull
from deckgen.reports.pull_report import patch, report_lines, summary


@click.command()
@click.argument("source", type=click.Path(path_type=Path))
@click.option("--write", is_flag=True, help="Write the changes into the sources.")
def command(source: Path, write: bool) -> None:
    """Bring edits that were made in Anki into the sources.

    SOURCE is a file that Anki exported: a deck (.apkg), a collection (.colpkg), or notes as text (.txt) with HTML and
    unique identifiers. Or it is 'anki', for the running Anki with the add-on AnkiConnect.

    Prints the changes as a patch. With the patch, each changed card says exactly what it says in Anki. Lists the edits
    that you must make by hand, with both texts and the reason: no change to a source text has this effect, the sources
    have changed the same text, or the edited text may be an earlier one. If there are any, the exit status is 1.
    Ignores what belongs to the learner: My notes, tags and progress.

    Example: deckgen pull export.apkg --write
    """
    root = find_project()
    compilation = compile_project(root, hints=False)
    if compilation.failed:
        raise Rejected(*compilation.findings, message="nothing was pulled: fix the errors first")
    pulled = pull(compilation, read_collection(source, compilation))
    for remark in pulled.remarks:
        terminal.warn(remark)
    if write:
        save(pulled.files, root)
    terminal.echo_for_program(patch(pulled))
    for line in report_lines(pulled):
        terminal.echo(line, err=True)
    terminal.echo(summary(pulled, written=write), err=True)
    raise click.exceptions.Exit(int(bool(pulled.left)))
