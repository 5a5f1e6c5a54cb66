"""``deckgen show``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import click

from deckgen.core import terminal
from deckgen.core.diagnostics import select
from deckgen.project.location import find_project
from deckgen.reports import finding_text
from deckgen.reports.card_lines import card_lines

if TYPE_CHECKING:
    from deckgen.cards.note import Note


@click.command()
@click.argument("id")
def command(id: str) -> None:
    """Show an entry's notes and cards as a learner sees them.

    ID is an entry's kind and id (faq/two-phases), its id alone, or one of its notes (procedure/nerve-block/steps).
    """
    from deckgen.compiler.pipeline import compile_project

    compilation = compile_project(find_project())
    if compilation.failed:
        finding_text.show_findings(select(compilation.findings), err=True)
    notes = _find(id, compilation.notes)
    click.echo("\n".join(_lines(notes)), color=terminal.color())


def _find(id: str, notes: Sequence[Note]) -> list[Note]:
    from deckgen.core.diagnostics import did_you_mean

    found = [note for note in notes if note.identity.label.startswith(f"{id}/") or note.identity.label == id]
    found = found or [note for note in notes if note.identity.entry.partition("/")[2] == id]
    if found:
        return found
    known = [note.identity.entry for note in notes]
    known += [name for entry in known for name in [entry.partition("/")[2]]] if "/" not in id else []
    message = f"there is no entry '{id}'{did_you_mean(id, known)}"
    raise click.BadParameter(f"{message}\n'deckgen list' lists them", param_hint="ID")


def _lines(notes: Sequence[Note]) -> Iterator[str]:
    for note in notes:
        who = note.identity
        yield click.style(f"{who.label}", bold=True) + f"  {terminal.count(len(note.cards), 'card')}, {who.position}"
        yield click.style(f"tags: {' '.join(who.tags)}", dim=True)
        yield from card_lines(note)
        yield ""
