"""``deckgen ids``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from deckgen.core import terminal
from deckgen.project.location import find_project
from deckgen.reports import finding_text

if TYPE_CHECKING:
    from deckgen.language.source import Source


@click.command()
@click.option("--check", is_flag=True, help="Only say what is missing; exit status 1 if anything is.")
def command(check: bool) -> None:
    """Write the ids that entries, items and steps lack.

    An id is made of the words of its text. Nothing else in the files changes, comments and line breaks included.
    """
    from deckgen.core.diagnostics import Report
    from deckgen.core.outputs import Outputs
    from deckgen.editing import ids as identifiers
    from deckgen.language import yaml_reader
    from deckgen.project import project

    report = Report()
    opened = project.load(find_project(), report)
    files = []
    taken: dict[str, set[str]] = {}
    for path in (path for deck in opened.decks for path in deck.sources):
        loaded = project.load_source(path, opened.root, report)
        node = yaml_reader.parse(loaded, report) if loaded else None
        if loaded is not None and node is not None:
            files.append((loaded, node))
            for section, ids in identifiers.taken_ids(node).items():
                taken.setdefault(section, set()).update(ids)
    finding_text.show_findings(list(report), err=True)
    if report.has_errors:
        click.echo(f"no ids were written: {terminal.count_problems(list(report))}", err=True)
        raise click.exceptions.Exit(1)
    written, refused = 0, False
    with Outputs() as outputs:
        for loaded, node in files:
            found = list(identifiers.missing_ids(loaded, node, taken))
            text = identifiers.with_ids(loaded, node, found) if found else None
            for missing in found:
                click.echo(f"{loaded.position(missing.node)}: {missing.id}")
            if found and not check and (text is None or not _is_unchanged(loaded)):
                refused = True
                click.echo(f"{loaded.name}: cannot write the ids without changing more; please write them", err=True)
            elif text is not None and not check:
                outputs.text(loaded.path, text, loaded.newline)
            written += len(found)
        if not refused:
            outputs.commit()
    if refused:
        click.echo("nothing was written", err=True)
    else:
        click.echo(f"{terminal.count(written, 'id')} {'missing' if check else 'written'}")
    raise click.exceptions.Exit(1 if refused or (check and written) else 0)


def _is_unchanged(loaded: Source) -> bool:
    """Whether the file is still as it was read: an editor may have saved it meanwhile."""
    return loaded.path.read_text(encoding="utf-8") == loaded.text  # both with line feeds
