"""``deckgen diff``."""

from __future__ import annotations

from pathlib import Path

import click

from deckgen.core import terminal
from deckgen.core.characters import printable_line
from deckgen.core.diagnostics import listed
from deckgen.core.location import find_project
from deckgen.publication.lock_changes import adopted_since, refuse_releases_since
from deckgen.reports.diff import diff_files, diff_since, diff_with_sources
from deckgen.reports.diff_report import FORMATS


@click.command()
@click.argument("old", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("new", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--since", metavar="GIT-REF", help="Compare with the sources of a commit, branch or tag.")
@terminal.format_option(FORMATS)
@click.option("--exit-code", is_flag=True, help="Exit with status 1 if there are differences.")
def command(old: Path | None, new: Path | None, since: str | None, format: str, exit_code: bool) -> None:
    """Show how decks changed, note by note and word by word.

    Compares two Anki packages, OLD and NEW. Without NEW, compares OLD with the current sources. With --since, compares
    the current sources with those of another commit, and fails if deckgen.lock records a release that the lock of that
    commit does not.

    Example: deckgen diff --since v1
    """
    if since is not None and old is None:
        diffs = diff_since(since, find_project())
    elif since is None and old is not None:
        diffs = diff_files(old, new) if new else diff_with_sources(old, find_project())
    else:
        raise terminal.UsageError("say what to compare with: a package, or --since and a commit, branch or tag")
    terminal.echo(FORMATS[format](diffs), nl=False)
    if since is not None:
        if taken := adopted_since(find_project(), since):
            terminal.warn(f"deckgen.lock newly adopts: {listed([*map(printable_line, taken)])}")
        refuse_releases_since(find_project(), since)
    raise click.exceptions.Exit(int(exit_code and any(diffs.values())))
