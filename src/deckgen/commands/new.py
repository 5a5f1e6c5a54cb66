"""``deckgen new``."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from deckgen.compiler.pipeline import Compilation, compile_project
from deckgen.core import terminal
from deckgen.core.diagnostics import Diagnostic, Rejected, Report, has_errors
from deckgen.core.location import find_project, short_path
from deckgen.editing.ids import taken_ids
from deckgen.editing.new_entry import (
    AddedEntry,
    add_entry,
    default_of,
    entry_lines,
    file_at,
    file_in_deck,
    missing_key,
    offered_keys,
    questions,
    takes_list,
)
from deckgen.editing.open_files import OpenFile, open_files, save
from deckgen.editing.suggestions import suggest_domain, suggest_file, suggest_id
from deckgen.editing.text_edits import item
from deckgen.kinds.entry import AnyKind
from deckgen.kinds.registry import kinds_by_name
from deckgen.language.patterns import Slug, slug
from deckgen.language.values import Flag
from deckgen.manual.manual import kind_summary
from deckgen.project.deck_files import SOURCES_FILE
from deckgen.project.project import Project
from deckgen.reports import completion
from deckgen.reports.finding_text import show_findings
from deckgen.reports.note_text import cards_text
from deckgen.text.markdown import MAX_CHARACTERS


class _Kinds(terminal.CommandGroup):
    """A subcommand for each kind, with an option for each key."""

    noun = "kind"
    hint = "'deckgen new --help' describes the kinds"

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(kinds_by_name())

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        kind = kinds_by_name().get(cmd_name)
        return None if kind is None else _command(kind)


@click.group(cls=_Kinds, subcommand_metavar="KIND [ARGS]...")
def command() -> None:
    """Add a new entry to the right file.

    Without options, asks for what is needed. Suggests an id, a domain and a file, warns of similar entries, and shows
    the cards before it writes anything. With options, uses its suggestions without asking, and says if the entry gets
    its source from the file. The rest of the file stays as it is.

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
            ["--id"], metavar="ID", callback=terminal.checked_text, help="The id; derived from the text by default."
        )
    ]
    for name, key in offered_keys(kind).items():
        is_flag, is_list = isinstance(key.shape, Flag), takes_list(key)
        options.append(
            click.Option(
                [f"--{name.replace('_', '-')}"],
                multiple=is_list,
                is_flag=is_flag or None,
                help=f"{key.manual}{' Can be repeated.' if is_list else ''}",
                callback=None if is_flag else terminal.checked_text,
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
    compilation = compile_project(find_project(), hints=False)
    project = compilation.project
    project.require_deck()
    files = open_files(project, Report())
    if not values:
        entry = _converse(kind, compilation, files, id, path)
    elif missing := missing_key(kind, values):
        raise terminal.UsageError(f"Missing option '--{missing}'.")
    else:
        values["id"] = (id or suggest_id(kind, values, files),)
        values.setdefault("domain", (suggest_domain(values, compilation.notes, project.settings.domains),))
        path = path or suggest_file(kind, values["domain"][0], values["id"][0], project.decks, files)
        path = file_in_deck(path, project)
        file = file_at(path, files, compilation.findings)
        entry = add_entry(path, file, kind, values, project)
        if errors := _preview(entry, project.root):
            raise Rejected(*errors, message="nothing was written", unsaved={entry.after.name: entry.after.text})
        if "source" not in values and (default := default_of(file, "source")):
            keys = ", ".join(default)
            terminal.echo(f"source: {keys}, the default of {entry.after.name}; --source names another one")
    save([(entry.before, entry.after.text)], project.root)
    terminal.echo(f"{entry.after.name}:{entry.first_line}: {entry.label}")


def _preview(entry: AddedEntry, root: Path) -> Sequence[Diagnostic]:
    """Show an entry with its cards and warnings, and return its errors."""
    terminal.echo("\n" + "\n".join(entry.lines))
    compilation = compile_project(root, hints=False, unsaved=entry.after)
    findings = [
        found
        for found in compilation.findings
        if found.position.path == entry.after.name and entry.first_line <= found.position.line <= entry.last_line
    ]
    if has_errors(findings):
        return findings
    show_findings(findings, {entry.after.name: entry.after.text})
    for note in compilation.notes:
        if note.identity.entry == entry.label:
            terminal.echo(cards_text(note), nl=False)
    return ()


# --- questions to the author ------------------------------------------------------------------------------------------

MAX_ANSWERS = 1_000
"""Lines that are read, so that endless input does not keep a command running."""


def _converse(
    kind: AnyKind, compilation: Compilation, files: Sequence[OpenFile], id: str | None, path: Path | None
) -> AddedEntry:
    """Ask for an entry until it has no errors, and whether to add it. Nothing that was typed is lost."""
    project, domains = compilation.project, list(compilation.project.settings.domains)
    values: dict[str, Sequence[str]] = {}
    with terminal.limited_input(MAX_ANSWERS, MAX_CHARACTERS), _kept(kind, values):
        while True:
            _ask_questions(kind, values)
            id = _ask_id(kind, id or suggest_id(kind, values, files), taken_ids(files, kind.section))
            values["id"] = (id,)
            suggested = values.get("domain") or [suggest_domain(values, compilation.notes, domains)]
            values["domain"] = (click.prompt("domain", default=suggested[0], type=click.Choice(domains)),)
            path = _ask_file(path or suggest_file(kind, values["domain"][0], id, project.decks, files), project)
            file = file_at(path, files, compilation.findings)
            default = values.get("source") or default_of(file, "source")
            values["source"] = _ask_source(list(project.references), ", ".join(default))
            entry = add_entry(path, file, kind, values, project)
            errors = _preview(entry, project.root)
            if not errors:
                break
            show_findings(errors, {entry.after.name: entry.after.text})
            terminal.echo("\nnothing was written yet; answer again (Enter keeps an answer)")
        if not click.confirm(f"\nAdd it to {entry.after.name}?", default=True):
            raise terminal.Failure("nothing was written")
    return entry


@contextmanager
def _kept(kind: AnyKind, values: Mapping[str, Sequence[str]]) -> Iterator[None]:
    """Print what was typed as an entry, if it is not written."""
    try:
        yield
    except (click.Abort, click.ClickException, Rejected):
        if lines := entry_lines(kind, values):
            terminal.echo("\n\nnothing was written; what you typed:\n\n" + item(lines, "  "), err=True)
        raise


def _ask_questions(kind: AnyKind, answers: dict[str, Sequence[str]]) -> None:
    """Ask for the texts of an entry; earlier answers can be kept."""
    earlier = dict(answers)
    for name in kind.asked:
        answers.pop(name, None)
    for question in questions(kind, answers):
        name = question.name
        optional = "" if question.required else " (optional)"
        terminal.echo(f"\n{terminal.style(name, bold=True)}{optional}: {question.key.manual}")
        if takes_list(question.key):
            _ask_list(name, answers, earlier.get(name, ()))
        else:
            _ask_text(name, answers, earlier.get(name, ()), required=question.required)


def _typed(text: str) -> str:
    """An answer; it is asked for again if it has characters that no source may have."""
    terminal.check_text(text)
    return text.strip()


def _ask_text(name: str, answers: dict[str, Sequence[str]], earlier: Sequence[str], *, required: bool) -> None:
    default = earlier[0] if earlier else None if required else ""
    if text := click.prompt(name, default=default, show_default=bool(earlier), value_proc=_typed):
        answers[name] = [text]


def _ask_list(name: str, answers: dict[str, Sequence[str]], earlier: Sequence[str]) -> None:
    if earlier:
        terminal.echo("\n".join(f"  {text}" for text in earlier))
        if click.confirm("keep these?", default=True):
            answers[name] = earlier
            return
    terminal.echo("one per line; an empty line ends the list")
    texts: list[str] = []
    while text := terminal.ask(name, _typed):
        texts.append(text)
        answers[name] = texts


def _ask_id(kind: AnyKind, suggested: str, taken: Collection[str]) -> str:
    def checked(text: str) -> str:
        if text in taken:
            raise terminal.UsageError(f"the id of {kind.name}/{text} is already used; choose another")
        if not re.fullmatch(Slug.pattern, text):
            raise terminal.UsageError(f"expected {Slug.noun}, found '{text}'; for example {slug(text) or suggested}")
        return text

    return terminal.ask("id", checked, suggested)


def _ask_file(suggested: Path, project: Project) -> Path:
    def checked(text: str) -> Path:
        try:
            return file_in_deck(Path(text), project)
        except terminal.UsageError as error:
            decks = ", ".join(short_path(deck.path) for deck in project.decks)
            raise terminal.UsageError(f"{error.message}; decks: {decks}") from None

    return terminal.ask("file", checked, short_path(suggested))


def _ask_source(known: Sequence[str], default: str) -> list[str]:
    def checked(text: str) -> list[str]:
        names = [name.strip() for name in text.strip("[] ").split(",") if name.strip()]
        for name in names:
            if name not in known:
                raise terminal.unknown_name("source", name, known, f"{SOURCES_FILE} lists the sources")
        return names

    terminal.echo(f"\n{terminal.style('source', bold=True)} (optional): keys of {SOURCES_FILE}, separated by commas")
    return terminal.ask("source", checked, default)
