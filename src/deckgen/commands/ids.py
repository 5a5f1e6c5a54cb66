"""``deckgen ids``."""

from __future__ import annotations

import click

from deckgen.core import terminal
from deckgen.core.diagnostics import Rejected, Report
from deckgen.core.location import find_project
from deckgen.editing.ids import add_ids, find_missing_ids
from deckgen.editing.open_files import open_files, save
from deckgen.project.project import load


@click.command()
@click.option("--check", is_flag=True, help="Only list the missing ids; exit with status 1 if there are any.")
def command(check: bool) -> None:
    """Add missing ids to entries, items and steps.

    Derives each id from the words of the text. Everything else in the files stays as it is, even comments and line
    breaks.

    Example: deckgen ids --check
    """
    report = Report()
    root = find_project()
    files = open_files(load(root, report), report)
    if report.has_errors:
        raise Rejected(*report, message="no ids were added: fix the errors first")
    found = [(file, missing) for file, missing in find_missing_ids(files) if missing]
    for file, missing in found:
        for one in missing:
            terminal.echo(f"{file.source.position(one.node)}: {one.id}")
    number = terminal.count(sum(len(missing) for _, missing in found), "id")
    if check:
        terminal.echo(f"{number} missing")
        raise click.exceptions.Exit(int(bool(found)))
    save(((file.source, add_ids(file, missing)) for file, missing in found), root)
    terminal.echo(f"{number} added")
