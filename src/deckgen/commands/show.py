"""``deckgen show``."""

from __future__ import annotations

import click

from deckgen.compiler.pipeline import compile_project
from deckgen.core import terminal
from deckgen.core.diagnostics import select
from deckgen.core.location import find_project
from deckgen.reports.completion import entries
from deckgen.reports.finding_text import show_findings
from deckgen.reports.note_text import note_text, notes_of


@click.command()
@click.argument("id", shell_complete=terminal.completing(entries))
def command(id: str) -> None:
    """Show the notes and cards of an entry as a learner sees them.

    ID is an entry's kind and id (faq/two-phases), its id alone (two-phases), or one of its notes
    (procedure/nerve-block/steps).

    Example: deckgen show faq/two-phases
    """
    compilation = compile_project(find_project(), hints=False)
    if compilation.failed:
        show_findings(select(compilation.findings))
    notes = notes_of(id, compilation.notes)
    if not notes:
        entries = {note.identity.entry for note in compilation.notes}
        ids = {entry.partition("/")[2] for entry in entries} if "/" not in id else set()
        raise terminal.unknown_name("entry", id, sorted(entries | ids), "'deckgen list' lists the entries")
    for note in notes:
        terminal.echo(note_text(note), nl=False)
