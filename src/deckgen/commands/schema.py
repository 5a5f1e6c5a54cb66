"""``deckgen schema``."""

from __future__ import annotations

from pathlib import Path

import click

from deckgen.core import terminal
from deckgen.core.diagnostics import Report
from deckgen.core.location import find_project, short_path
from deckgen.manual.json_schema import SCHEMAS, render, write_schemas
from deckgen.project.project import load


@click.command()
@click.argument("name", type=click.Choice(list(SCHEMAS)), default="cards")
@click.option(
    "-o",
    "--output",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write all schemas into DIR instead.",
)
def command(name: str, output: Path | None) -> None:
    """Print a JSON Schema of the sources, for editors.

    Each schema describes one sort of file: 'cards' (the default) files of entries, 'deck' deck.yaml, 'note-type'
    type.yaml, 'project' deckgen.yaml, and 'sources' sources.yaml.

    Example: deckgen schema --output decks/schema
    """
    project = load(find_project(), Report())
    if output is None:
        terminal.echo(render(name, project), nl=False)
    else:
        for path in write_schemas(output, project):
            terminal.echo(short_path(path))
