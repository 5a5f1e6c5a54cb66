"""``deckgen init``."""

from __future__ import annotations

from pathlib import Path

import click

from deckgen.core import terminal
from deckgen.core.diagnostics import Report
from deckgen.core.location import shown
from deckgen.editing.new_project import NewProject, installed_from, propose_namespace, write_project
from deckgen.manual.json_schema import write_schemas
from deckgen.project.manifest import LanguageTag
from deckgen.project.project import load


@click.command()
@click.argument("folder", metavar="[DIR]", type=click.Path(file_okay=False, path_type=Path), default=Path())
@click.option("--title", callback=terminal.as_text, help="The title of the deck.")
@click.option("--author", callback=terminal.as_text, help="The author of the deck.")
@click.option("--language", callback=terminal.as_text, help="The language of the cards: en, de, pt-BR.")
@click.option(
    "--domain",
    "domains",
    multiple=True,
    callback=terminal.as_text,
    help="A part of the subject. Can be repeated.",
)
@click.option("--namespace", callback=terminal.as_text, help="The permanent identifier; by default, a new one.")
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
    """Begin a project.

    Writes a complete project with sample cards into DIR, by default the current directory. Asks for what the options
    do not give. Existing files stay as they are.

    Example: deckgen init verbs --title "Spanish verbs" --author "A. Author" --language en --domain Verbs
    """
    title = title or click.prompt("Title of the deck").strip()
    author = author or click.prompt("Author").strip()
    language = language or click.prompt("Language of the cards", default="en").strip()
    if LanguageTag().problem(language):
        raise terminal.UsageError(f"'{language}' is not {LanguageTag.noun}")
    if not domains:
        terminal.echo("A domain is a part of the subject; learners can study one at a time.")
    domains = domains or tuple(
        domain.strip() for domain in click.prompt("Domains, separated by commas").split(",") if domain.strip()
    )
    new = NewProject(title, author, language, domains, namespace or propose_namespace(title), clinical)
    written = write_project(folder, new)
    root = folder / "decks"
    written += write_schemas(root / "schema", load(root, Report()))
    for path in written:
        terminal.echo(shown(path))
    here = "" if folder.resolve() == Path.cwd() else f"-C {shown(folder)} "
    terminal.echo(f"\nTo see the cards: deckgen {here}preview --watch --open\nTo build the deck: deckgen {here}build")
    if "/OWNER/" in installed_from():
        terminal.echo(f"In {shown(folder / 'README.md')} and the workflow, replace OWNER by where you got deckgen from")
