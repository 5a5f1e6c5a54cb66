"""``deckgen list``."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from deckgen.core import terminal
from deckgen.core.diagnostics import select
from deckgen.project.location import find_project
from deckgen.reports import finding_text

if TYPE_CHECKING:
    from deckgen.cards.note import Note


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option("--domain", metavar="DOMAIN", help="Only entries of this skill domain.")
@click.option("--kind", metavar="KIND", help="Only entries of this kind; 'deckgen explain' lists the kinds.")
@click.option("--search", metavar="TEXT", help="Only entries in whose cards this text stands.")
@click.option("--format", "shape", type=click.Choice(("text", "json")), default="text", help="How to list them.")
def command(paths: tuple[Path, ...], domain: str | None, kind: str | None, search: str | None, shape: str) -> None:
    """List the entries, each with its cards and where it is written.

    With PATHS, only those in these files and folders.
    """
    from deckgen.compiler.pipeline import compile_project

    compilation = compile_project(find_project(), paths)
    if compilation.failed:
        finding_text.show_findings(select(compilation.findings), err=True)
    kinds = sorted({note.identity.kind for note in compilation.notes})
    _check(domain, list(compilation.project.file.domains), "--domain", "domain")
    _check(kind, kinds, "--kind", "kind")
    places = [path.resolve() for path in paths]
    notes = [
        note
        for package in compilation.packages
        for note in package.notes
        if not package.retired
        and domain in (None, note.identity.domain)
        and kind in (None, note.identity.kind)
        and (not places or any(Path(note.identity.position.path).resolve().is_relative_to(place) for place in places))
        and (not search or search.casefold() in _text(note).casefold())
    ]
    if shape == "json":
        click.echo(json.dumps([_as_data(note) for note in notes], ensure_ascii=False, indent=1))
        return
    for line in _lines(notes):
        click.echo(line, color=terminal.color())


def _check(value: str | None, known: Sequence[str], option: str, what: str) -> None:
    from deckgen.core.diagnostics import did_you_mean

    if value is not None and value not in known:
        message = f"'{value}' is not a {what}{did_you_mean(value, known)}"
        raise click.BadParameter(f"{message}\nthere are: {', '.join(known)}", param_hint=option)


def _text(note: Note) -> str:
    from deckgen.reports.diff import readable

    return " ".join(readable(field) for field in note.fields if field)


def _question(note: Note) -> str:
    from deckgen.reports.diff import readable

    return readable(next(field for field in note.fields if field))


def _lines(notes: Sequence[Note]) -> Iterator[str]:
    entries: dict[str, list[Note]] = {}
    for note in notes:
        entries.setdefault(note.identity.entry, []).append(note)
    width = max(map(len, entries), default=0)
    for entry, own in entries.items():
        cards = sum(len(note.cards) for note in own)
        name = click.style(f"{entry:<{width}}", bold=True)
        yield f"{name} {cards:>3}  {_question(own[0])}"
    total = sum(len(note.cards) for note in notes)
    counted = (terminal.count(len(entries), "entry", "entries"), terminal.count(len(notes), "note"))
    yield ", ".join((*counted, terminal.count(total, "card")))


def _as_data(note: Note) -> dict[str, object]:
    who = note.identity
    return {
        "id": who.label,
        "entry": who.entry,
        "kind": who.kind,
        "domain": who.domain,
        "tags": who.tags,
        "source": who.source,
        "as_of": who.as_of,
        "cards": len(note.cards),
        "question": _question(note),
        "path": who.position.path,
        "line": who.position.line,
    }
