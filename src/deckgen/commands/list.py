"""``deckgen list``."""

from __future__ import annotations

from pathlib import Path

import click

from deckgen.compiler.pipeline import compile_project
from deckgen.core import terminal
from deckgen.core.diagnostics import select
from deckgen.core.location import find_project
from deckgen.kinds.registry import kinds_by_name
from deckgen.project.selection import within
from deckgen.reports import completion
from deckgen.reports.finding_text import show_findings
from deckgen.reports.note_list import FORMATS, is_wanted


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option(
    "--domain",
    metavar="DOMAIN",
    help="Only entries of this domain.",
    shell_complete=terminal.completing(completion.domains),
)
@click.option(
    "--kind",
    metavar="KIND",
    help="Only entries of this kind; 'deckgen explain' lists the kinds.",
    shell_complete=terminal.completing(completion.kinds),
)
@click.option("--search", metavar="TEXT", help="Only entries with this text on their cards.")
@terminal.format_option(FORMATS)
def command(paths: tuple[Path, ...], domain: str | None, kind: str | None, search: str | None, format: str) -> None:
    """List the entries and how many cards each makes.

    With PATHS, lists only the entries in these files and folders. With --format html, prints their cards, front and
    back, with boxes to tick, for a review on paper.

    Example: deckgen list --search nerve decks/pain
    """
    compilation = compile_project(find_project(), paths, hints=False)
    if compilation.failed:
        show_findings(select(compilation.findings))
    domains = compilation.project.settings.domains
    for noun, name, known in (("domain", domain, domains), ("kind", kind, kinds_by_name())):
        if name is not None and name not in known:
            raise terminal.unknown_name(noun, name, known, f"choose from: {', '.join(known)}")
    living = [note for package in compilation.packages if not package.retired for note in package.notes]
    is_inside = within(paths or [compilation.project.root])
    wanted = [
        note for note in living if is_inside(note.identity.position.path) and is_wanted(note, domain, kind, search)
    ]
    terminal.echo(FORMATS[format](wanted), nl=False)
