"""``deckgen schema``."""

from __future__ import annotations

from pathlib import Path

import click

from deckgen.project.location import find_project

NAMES = ("cards", "deck", "project", "sources")


@click.command()
@click.argument("name", type=click.Choice(NAMES), default="cards")
@click.option(
    "-o", "--output", type=click.Path(file_okay=False, path_type=Path), help="Write all four into this folder."
)
def command(name: str, output: Path | None) -> None:
    """Print a JSON Schema of the sources, for editors.

    NAME is 'cards' (the entries of a deck, which is what you get without a name), 'deck' (deck.yaml), 'project'
    (deckgen.yaml) or 'sources' (sources.yaml).
    """
    from deckgen.core.diagnostics import Report
    from deckgen.project import location
    from deckgen.project import project as projects
    from deckgen.reports import json_schema

    project = projects.load(find_project(), Report())
    if output is None:
        click.echo(json_schema.render(name, project), nl=False)
        return
    for path, changed in json_schema.write(output, project).items():
        if changed:
            click.echo(location.shown(path))
