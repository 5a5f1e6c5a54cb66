"""``deckgen open``."""

from __future__ import annotations

from pathlib import Path

import click

from deckgen.commands import build
from deckgen.core import terminal
from deckgen.core.diagnostics import Report
from deckgen.core.location import find_project, output_of, short_path
from deckgen.packages.anki_program import open_package
from deckgen.project.project import load
from deckgen.reports.completion import decks


@click.command()
@click.argument("deck", required=False, shell_complete=terminal.completing(decks))
def command(deck: str | None) -> None:
    """Build a deck and open it in Anki.

    DECK is the name of a deck's folder; without it, opens all decks. Anki shows its own dialog before it imports
    anything. If Anki is running with the add-on AnkiConnect, the add-on opens the dialog; otherwise, your system
    opens the package with its default program.

    Example: deckgen open pain
    """
    for package in open_decks(deck):
        terminal.echo(f"{short_path(package)}: opened in Anki")


def open_decks(deck: str | None) -> list[Path]:
    """Build one or all decks and open them in Anki. Return the packages."""
    root, report = find_project(), Report()
    project = load(root, report, with_lock=False)
    if not report.has_errors:  # otherwise the build tells more
        project.require_deck()
    folders = {one.name: one.path for one in project.decks}
    if deck is not None and deck not in folders:
        raise terminal.unknown_name("deck", deck, folders, f"decks: {', '.join(folders)}")
    chosen = [deck] if deck is not None else list(folders)
    build.packages(root, [folders[name] for name in chosen] if deck is not None else [], quiet=True)
    packages = [output_of(root) / f"{name}.apkg" for name in chosen]
    for package in packages:
        open_package(package)
    return packages
