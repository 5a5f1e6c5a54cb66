"""``deckgen adopt``."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import click

from deckgen.core import terminal

if TYPE_CHECKING:
    from deckgen.adoption.adopt import Adoption
    from deckgen.packages.anki_proof import Proof


@click.command()
@click.argument("file", type=click.Path(exists=True, path_type=Path))
@click.argument("folder", metavar="[DIR]", required=False, type=click.Path(file_okay=False, path_type=Path))
@click.option("--deck", callback=terminal.checked_text, help="Adopt only this deck and its subdecks.")
@click.option("--title", callback=terminal.checked_line, help="The title of the project; by default, that of the deck.")
@click.option(
    "--author", "authors", multiple=True, callback=terminal.checked_line, help="An author of the deck. Can be repeated."
)
@click.option(
    "--language", callback=terminal.checked_text, default="en", help="The language of the cards: en, de, pt-BR."
)
@click.option("--namespace", callback=terminal.checked_line, help="The permanent identifier; by default, a new one.")
@click.option("--prove", is_flag=True, help="Import FILE and then a rebuild into Anki; stop if that changes anything.")
def command(
    file: Path,
    folder: Path | None,
    deck: str | None,
    title: str | None,
    authors: tuple[str, ...],
    language: str,
    namespace: str | None,
    prove: bool,
) -> None:
    """Create a project from a deck that learners already have.

    FILE is an Anki package (.apkg), a collection (.colpkg, with --deck), or CrowdAnki's deck.json. Writes the project
    into DIR, a new or empty folder, and lists what differs from FILE. For learners, the project's packages are the same
    deck: they keep their progress, and get only what changes from now on.

    Example: deckgen adopt verbs.apkg verbs --prove
    """
    from deckgen.adoption.adopt import RELEASE, adopt
    from deckgen.adoption.adopted_files import ProjectValues
    from deckgen.core.diagnostics import Report
    from deckgen.core.location import short_path
    from deckgen.editing.new_project import propose_namespace, read_language
    from deckgen.language.patterns import slug
    from deckgen.manual.json_schema import write_schemas
    from deckgen.packages.package_file import Media
    from deckgen.packages.read_crowdanki import DECK_FILE, CrowdAnkiMedia, read_crowdanki
    from deckgen.packages.read_package import read_package
    from deckgen.project.project import load
    from deckgen.reports.summary import count_contents
    from deckgen.reports.unsafe_parts import unsafe_parts

    language = read_language(language)
    if file.suffix.lower() == ".colpkg" and deck is None:
        raise terminal.UsageError("a collection has all decks of a learner: name one with --deck")
    file = file / DECK_FILE if file.is_dir() else file
    is_json = file.suffix.lower() == ".json"
    if is_json and prove:
        raise terminal.UsageError(f"--prove needs a package: {DECK_FILE} has no ids and times that Anki compares")
    contents, media = (read_crowdanki(file), CrowdAnkiMedia(file)) if is_json else (read_package(file), Media(file))
    folder = folder or Path(slug(file.parent.name if is_json else file.stem) or "deck")
    project = ProjectValues(title, authors, language, namespace or propose_namespace(title or deck or file.stem))
    with adopt(contents, media, folder, project, deck) as adoption:
        proof = _proof(file, adoption) if prove else None
    write_schemas(folder / "decks" / "schema", load(folder / "decks", Report()))
    terminal.echo(f"{short_path(folder)}: {count_contents(adoption.compilation.notes)}")
    for remark in adoption.remarks:
        terminal.echo(f"differs: {remark}")
    if adoption.remarks:
        terminal.echo("to keep more: repair the deck in Anki, export it again, and adopt that")
    if proof:
        terminal.echo(f"proved with {proof}")
    if parts := len(list(unsafe_parts(adoption.compilation))):
        texts = terminal.count(parts, "text")
        terminal.echo(f"before you can build: deckgen allows {texts} only with your consent; run 'deckgen consent'")
    target = shlex.quote(short_path(folder))
    commands = (f"cd {target}", "git init", "git add -A", "git commit -m Adopt", f"git tag {RELEASE}")
    terminal.echo("\n  ".join(["\nNext, run:", *commands]))


def _proof(file: Path, adoption: Adoption) -> Proof:
    """What Anki says when it imports a rebuild; raises Failure if it would change anything."""
    from deckgen.compiler.history import temporary_packages
    from deckgen.packages.anki_proof import prove

    with temporary_packages(adoption.compilation, adoption.lock) as paths:
        proof = prove(file, [*paths.values()])
    if not proof:
        raise terminal.Failure(f"nothing was adopted, since a rebuild is not the same deck: {proof}")
    return proof
