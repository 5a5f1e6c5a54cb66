"""``deckgen new``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from deckgen.compiler.pipeline import compile_project
from deckgen.core import terminal
from deckgen.core.diagnostics import Rejected, Report, Severity, has_errors
from deckgen.editing.new_entry import (
    AddedEntry,
    add_entry,
    default_of,
    file_at,
    file_in_deck,
    missing_key,
    offered_keys,
    questions,
    takes_list,
)
from deckgen.editing.open_files import open_files, save
from deckgen.editing.suggestions import suggest_domain, suggest_file, suggest_id
from deckgen.kinds.entry import AnyKind
from deckgen.kinds.registry import all_kinds
from deckgen.language.values import Flag
from deckgen.project.location import find_project, shown
from deckgen.reports import completion
from deckgen.reports.finding_text import show_findings
from deckgen.reports.manual import kind_summary
from deckgen.reports.note_text import cards_text


class _Kinds(click.Group):
    """A subcommand for each kind, with an option for each key."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [kind.name for kind in all_kinds().values()]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        kind = next((kind for kind in all_kinds().values() if kind.name == cmd_name), None)
        return None if kind is None else _command(kind)


@click.group(cls=_Kinds)
def command() -> None:
    """Add a new entry to the right file.

    Without options, asks for what is needed. Suggests an id, a domain and a file, warns of similar entries, and shows
    the cards. The rest of the file stays as it is.

    Example: deckgen new faq
    """


_COMPLETIONS = {
    "domain": terminal.completing(completion.domains),
    "source": terminal.completing(completion.sources),
    "confuse_with": terminal.completing(completion.entries),
}


def _command(kind: AnyKind) -> click.Command:
    options: list[click.Parameter] = [
        click.Option(
            ["--id"], metavar="ID", callback=terminal.as_text, help="The id; derived from the text by default."
        )
    ]
    for name, key in offered_keys(kind).items():
        is_flag, is_list = isinstance(key.shape, Flag), takes_list(key)
        options.append(
            click.Option(
                [f"--{name.replace('_', '-')}"],
                multiple=is_list,
                is_flag=is_flag,
                help=f"{key.manual}{' Can be repeated.' if is_list else ''}",
                callback=None if is_flag else terminal.as_text,
                shell_complete=_COMPLETIONS.get(name),
            )
        )
    file_type = click.Path(dir_okay=False, path_type=Path)
    options.append(click.Option(["--file", "path"], type=file_type, help="The file to add the entry to."))

    def run(id: str | None, path: Path | None, **given: Any) -> None:
        _add(kind, id, path, {name: _texts(value) for name, value in given.items() if value})

    help = f"{kind_summary(kind)}\n\nExample: deckgen new {kind.name}"
    return click.Command(kind.name, params=options, callback=run, help=help)


def _texts(value: str | bool | tuple[str, ...]) -> Sequence[str]:
    return value if isinstance(value, tuple) else ("true",) if value is True else (str(value),)


def _add(kind: AnyKind, id: str | None, path: Path | None, values: dict[str, Sequence[str]]) -> None:
    """Add an entry. Without values, ask for everything; with some, use the suggested id, domain and file."""
    compilation = compile_project(find_project())
    project = compilation.project
    if not project.decks:
        raise terminal.Failure("there is no deck yet: create a folder with a file deck.yaml that has a 'title'")
    files, domains = open_files(project, Report()), list(project.file.domains)
    interactive = not values
    ask = click.prompt if interactive else lambda label, default, **_: default
    if interactive:
        _ask_questions(kind, values)
    elif missing := missing_key(kind, values):
        raise terminal.UsageError(f"Missing option '--{missing}'.")
    id = id or ask("id", default=suggest_id(kind, values, files))
    if "domain" not in values:
        suggested = suggest_domain(values, compilation.notes, domains)
        values["domain"] = (ask("domain", default=suggested, type=click.Choice(domains)),)
    if path is None:
        path = Path(ask("file", default=shown(suggest_file(kind, values["domain"][0], id, project.decks, files))))
    path = file_in_deck(path, project)
    file = file_at(path, files, compilation.findings)
    if interactive:
        values["source"] = _ask_source(list(project.references), default_of(file, "source"))
    entry = add_entry(path, file, kind, {"id": (id,), **values}, project)
    _preview(entry, f"{kind.name}/{id}", project.root)
    if interactive and not click.confirm(f"\nAdd it to {entry.after.name}?", default=True):
        raise terminal.Failure("nothing was written")
    save([(entry.before, entry.after.text)])
    terminal.echo(f"{entry.after.name}:{entry.first_line}: {kind.name}/{id}")


def _preview(entry: AddedEntry, label: str, root: Path) -> None:
    """Show an entry with its findings and cards; stop if it has errors."""
    terminal.echo("\n" + "\n".join(entry.lines))
    compilation = compile_project(root, unsaved=entry.after)
    unsaved = {entry.after.name: entry.after.text}
    findings = [
        found
        for found in compilation.findings
        if found.position.path == entry.after.name
        and entry.first_line <= found.position.line <= entry.last_line
        and found.severity is not Severity.HINT
    ]
    if has_errors(findings):
        raise Rejected(*findings, message="nothing was written", unsaved=unsaved)
    show_findings(findings, unsaved)
    for note in compilation.notes:
        if note.identity.entry == label:
            terminal.echo(cards_text(note), nl=False)


# --- questions to the author ------------------------------------------------------------------------------------------


def _ask_questions(kind: AnyKind, answers: dict[str, Sequence[str]]) -> None:
    for question in questions(kind, answers):
        terminal.echo(f"\n{terminal.style(question.name, bold=True)}: {question.key.manual}")
        answer = _ask_list(question.name) if takes_list(question.key) else _ask_text(question.name, question.required)
        if answer:
            answers[question.name] = answer


def _ask_text(name: str, required: bool) -> list[str]:
    text = click.prompt(name, default=None if required else "", show_default=False).strip()
    return [text] if text else []


def _ask_list(name: str) -> list[str]:
    terminal.echo("one per line; an empty line ends the list")
    texts = []
    while text := click.prompt(name, default="", show_default=False).strip():
        texts.append(text)
    return texts


def _ask_source(known: Sequence[str], default: str) -> list[str]:
    terminal.echo(f"\n{terminal.style('source', bold=True)}: keys of sources.yaml, separated by commas")
    while True:
        text = click.prompt("source", default=default, show_default=bool(default))
        names = [name.strip() for name in text.strip("[] ").split(",") if name.strip()]
        unknown = next((name for name in names if name not in known), None)
        if unknown is None:
            return names
        terminal.echo(terminal.unknown_name("source", unknown, known, f"choose from: {', '.join(known)}").message)
