"""``deckgen retire``."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import click

from deckgen.core import terminal
from deckgen.project.location import find_project
from deckgen.reports import finding_text

if TYPE_CHECKING:
    from deckgen.core.diagnostics import Diagnostic
    from deckgen.language.source import Source
    from deckgen.project.project import Project


@click.command()
@click.argument("id")
@click.option(
    "--reason", required=True, callback=terminal.as_text, help="Why it is taken out; learners read it on the card."
)
@click.option("--successor", metavar="ID", help="The entry that replaces it.")
def command(id: str, reason: str, successor: str | None) -> None:
    """Take an entry out of the decks, with a word to those who learned it.

    ID is a kind and an id, such as faq/old-question, or one note of an entry, such as procedure/nerve-block/risks. The
    entry moves to the section 'retired:' of its file, comments elsewhere stay as they are. The next build puts a notice
    for learners into a package of its own.
    """
    from deckgen.core.diagnostics import Report, did_you_mean
    from deckgen.core.outputs import Outputs
    from deckgen.editing.retire_entry import Removal, find_entry
    from deckgen.language import yaml_reader
    from deckgen.project import project as projects

    report = Report()
    project = projects.load(find_project(), report)
    entries: list[str] = []
    removal: Removal | None = None
    for path in (path for deck in project.decks for path in deck.sources):
        loaded = projects.load_source(path, project.root, report)
        node = yaml_reader.parse(loaded, report) if loaded else None
        if loaded is not None and node is not None:
            known, found = find_entry(loaded, node, id)
            entries += known
            removal = removal or found
    finding_text.show_findings(list(report), err=True)
    if report.has_errors:
        raise terminal.Failure("nothing was retired, since not all files could be read")
    if removal is None:
        raise terminal.Failure(f"there is no entry '{id}'{did_you_mean(id, entries)}")
    published = [
        note for note in project.lock.notes if note == removal.identity or note.startswith(f"{removal.identity}/")
    ]
    if not published:
        raise terminal.Failure(f"'{id}' was never published: just delete it from {removal.source.name}")
    if successor == id:
        raise terminal.Failure(f"'{id}' cannot replace itself")
    if successor is not None and successor not in entries:
        raise terminal.Failure(f"there is no entry '{successor}'{did_you_mean(successor, entries)}")
    text = removal.text(reason, successor, time.strftime("%Y-%m-%d"))
    if text is None:
        raise terminal.Failure(
            f"cannot take '{id}' out of {removal.source.name} without changing more; please do it by hand"
        )
    wrong = _made_wrong(removal.source, text, project)
    if wrong:
        finding_text.show_findings(wrong, err=True, texts={removal.source.name: text})
        raise terminal.Failure("nothing was retired")
    with Outputs() as outputs:
        outputs.text(removal.source.path, text, removal.source.newline)
        outputs.commit()
    click.echo(
        f"{removal.source.name}: '{id}' is retired. 'deckgen build' will put its notice into a package of its own."
    )


def _made_wrong(before: Source, text: str, project: Project) -> list[Diagnostic]:
    """The errors that an edit brings into a source."""
    from deckgen.compiler.compile_file import compile_source
    from deckgen.core.diagnostics import Report, Severity
    from deckgen.language.source import Source

    after = Source(before.path, before.name, text, before.newline)
    known = {(found.rule, found.message) for found in compile_source(before, project, Report()).findings}
    errors = [one for one in compile_source(after, project, Report()).findings if one.severity is Severity.ERROR]
    return [found for found in errors if (found.rule, found.message) not in known]
