"""``deckgen init``."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from deckgen.core import terminal
from deckgen.core.diagnostics import Report
from deckgen.core.location import short_path
from deckgen.editing.new_project import NewProject, installed_from, propose_namespace, read_language, write_project
from deckgen.manual.json_schema import write_schemas
from deckgen.project.manifest import DeckName
from deckgen.project.project import load


def _required(text: str) -> str:
    terminal.check_text(text)
    if not text.strip():
        raise terminal.UsageError("an answer is needed; you can change it in the files later")
    return text.strip()


def _title(text: str) -> str:
    title = _required(text)
    if problem := DeckName().problem(title):
        raise terminal.UsageError(problem)
    return title


def _domains(text: str) -> list[str]:
    terminal.check_text(text)
    titles = [title.strip() for title in text.split(",") if title.strip()]
    if not titles:
        raise terminal.UsageError("at least one domain is needed, since every card belongs to one; for example: Basics")
    return titles


@click.command()
@click.argument("folder", metavar="[DIR]", type=click.Path(file_okay=False, path_type=Path), default=Path())
@click.option("--title", callback=terminal.checked_line, help="The title of the deck.")
@click.option("--author", callback=terminal.checked_line, help="The author of the deck.")
@click.option("--language", callback=terminal.checked_line, help="The language of the cards: en, de, pt-BR.")
@click.option(
    "--domain",
    "domains",
    multiple=True,
    callback=terminal.checked_line,
    help="A domain: a part of the subject. Can be repeated.",
)
@click.option("--namespace", callback=terminal.checked_line, help="The permanent identifier; by default, a new one.")
@click.option("--clinical", is_flag=True, help="Apply the rules for medical decks.")
def command(
    folder: Path,
    title: str | None,
    author: str | None,
    language: str | None,
    domains: tuple[str, ...],
    namespace: str | None,
    clinical: bool,
) -> None:
    """Create a project.

    Writes a complete project with sample cards into DIR, by default the current directory. Asks for what the options
    do not give. Existing files stay as they are.

    Example: deckgen init verbs --title "Spanish verbs" --author "A. Author" --language en --domain Verbs
    """
    title = _title(title) if title and title.strip() else terminal.ask("Title of the deck", _title)
    author = (author or "").strip() or terminal.ask("Author", _required)
    language = (
        read_language(language) if language else terminal.ask("Language of the cards", read_language, default="en")
    )
    domains = tuple(domain.strip() for domain in domains if domain.strip())
    if not domains:
        terminal.echo("A domain is a part of the subject; learners can study one at a time.")
        domains = tuple(terminal.ask("Domains, separated by commas", _domains))
    new = NewProject(title, author, language, domains, namespace or propose_namespace(title), clinical)
    written = write_project(folder, new)
    root = folder / "decks"
    written += write_schemas(root / "schema", load(root, Report()))
    for path in written:
        terminal.echo(short_path(path))
    here = "" if folder.resolve() == Path.cwd() else f"-C {shlex.quote(short_path(folder))} "
    terminal.echo(f"\nTo see the cards: deckgen {here}preview --watch --open\nTo build the deck: deckgen {here}build")
    if "/OWNER/" in installed_from():
        readme = short_path(folder / "README.md")
        terminal.echo(f"In {readme} and the workflow, replace OWNER with the GitHub account that hosts deckgen")
