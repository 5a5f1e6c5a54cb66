"""``deckgen retire``."""

from __future__ import annotations

import click

from deckgen.core import clock, terminal
from deckgen.core.diagnostics import Rejected, Report
from deckgen.core.location import find_project
from deckgen.editing.open_files import open_files, save
from deckgen.editing.retire_entry import retire_entry
from deckgen.project.project import load
from deckgen.publication.published import read_published
from deckgen.reports.completion import entries


@click.command()
@click.argument("id", shell_complete=terminal.completing(entries))
@click.option(
    "--reason", required=True, callback=terminal.checked_text, help="Why it is retired, for learners to read."
)
@click.option(
    "--successor",
    metavar="ID",
    help="The entry that replaces it.",
    shell_complete=terminal.completing(entries),
)
def command(id: str, reason: str, successor: str | None) -> None:
    """Withdraw an entry that learners already have.

    ID is an entry's kind and id (faq/old-question) or one of its notes (procedure/nerve-block/risks). Moves the entry
    to the section 'retired:' of its file; the rest of the file stays as it is. The next build writes a file that tells
    learners why it was retired and how to find its cards. Works even if you have deleted the text of the entry.

    Example: deckgen retire faq/old-question --reason "The advice has changed." --successor faq/new-question
    """
    report = Report()
    project = load(find_project(), report)
    files = open_files(project, report)
    if report.has_errors:
        raise Rejected(*report, message="nothing was retired: fix the errors first")
    published = read_published(project, everywhere=True)  # a release also misses what only other branches released
    source, text = retire_entry(project, published, files, id, reason, successor, str(clock.today()))
    save([(source, text)], project.root)
    terminal.echo(f"{source.name}: '{id}' is retired; 'deckgen build' writes the file that tells learners")
