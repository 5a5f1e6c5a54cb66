"""``deckgen check``."""

from __future__ import annotations

from pathlib import Path

import click

from deckgen import terminal


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))
@terminal.loudness
def command(paths: tuple[Path, ...], quiet: bool, verbose: bool) -> None:
    """Report everything that is wrong with the sources.

    With PATHS, only what is wrong in those files and folders.
    """
    from deckgen.session import count_contents, find_project, open_session

    session = open_session(find_project(), paths, quiet=quiet)
    terminal.show_findings(session.findings, err=False)
    if verbose:
        for package in session.compilation.packages:
            for deck in package.decks:
                click.echo(f"{deck.name}: {terminal.count(len(deck.notes), 'note')}")
            click.echo(f"{package.name}: {count_contents([package])}")
    if not quiet:
        click.echo(session.summary())
    raise click.exceptions.Exit(session.failed)
