"""``deckgen diff``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from deckgen.core import terminal
from deckgen.project.location import find_project

if TYPE_CHECKING:
    from deckgen.packages.read_package import Contents
    from deckgen.reports.diff import Difference

FORMATS = ("text", "markdown", "json")


@click.command()
@click.argument("old", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("new", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--since", metavar="GIT-REF", help="Compare the sources of a commit, branch or tag with those here.")
@click.option("--format", "shape", type=click.Choice(FORMATS), default="text", help="How to say it.")
@click.option("--exit-code", is_flag=True, help="Exit with 1 if there is a difference.")
def command(old: Path | None, new: Path | None, since: str | None, shape: str, exit_code: bool) -> None:
    """Say how decks changed, note by note and word by word.

    OLD and NEW are any two packages of Anki. Without NEW the package is compared with the sources here, as they would
    be built; with --since and no package, these sources with those of another commit.
    """
    from deckgen.compiler import history
    from deckgen.packages.read_package import NotAPackage, read
    from deckgen.project.project import RETIRED
    from deckgen.reports import diff_report as changes
    from deckgen.reports.diff import compare

    if (old is None) == (since is None):
        raise click.UsageError("name a package, or a commit with --since")
    try:
        if since is not None:
            with history.sources_at(find_project(), since) as root:
                differences = _by_deck(_contents(root), _contents(find_project()))
        elif new is not None:
            assert old is not None
            differences = {new.stem: compare(read(old), read(new))}
        else:
            assert old is not None
            built = _contents(find_project())
            decks = [name for name in built if not name.endswith(RETIRED)]
            deck = decks[0] if len(decks) == 1 else old.stem
            if deck not in decks:
                raise terminal.Failure(f"no deck here is called '{old.stem}'; there are: {', '.join(decks)}")
            differences = {deck: compare(read(old), built[deck], built.get(deck + RETIRED))}
    except NotAPackage as error:
        raise terminal.Failure(str(error)) from None
    click.echo(changes.render(differences, shape), nl=False, color=terminal.color())
    raise click.exceptions.Exit(exit_code and any(differences.values()))


def _contents(root: Path) -> dict[str, Contents]:
    """The contents of the packages that a project's sources make, by name."""
    from deckgen.compiler.history import packages_of
    from deckgen.packages.read_package import read

    with packages_of(root) as paths:
        return {name: read(path) for name, path in paths.items()}


def _by_deck(old: dict[str, Contents], new: dict[str, Contents]) -> dict[str, Difference]:
    from deckgen.packages.read_package import Contents
    from deckgen.project.project import RETIRED
    from deckgen.reports.diff import compare

    nothing = Contents({}, {})
    decks = [name for name in dict.fromkeys((*new, *old)) if not name.endswith(RETIRED)]
    return {name: compare(old.get(name, nothing), new.get(name, nothing), new.get(name + RETIRED)) for name in decks}
