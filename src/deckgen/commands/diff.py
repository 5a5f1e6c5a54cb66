"""``deckgen diff``."""

from __future__ import annotations

import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import click

from deckgen import terminal

if TYPE_CHECKING:
    from deckgen.contents import Contents
    from deckgen.difference import Difference

RETIRED = "-retired"
FORMATS = ("text", "markdown", "json")


@click.command()
@click.argument("old", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("new", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--since", metavar="GIT-REF", help="Compare the sources of a commit, branch or tag with those here.")
@click.option("--format", "shape", type=click.Choice(FORMATS), default="text", help="How to say it.")
@click.option("--exit-code", is_flag=True, help="Exit with 1 if there is a difference.")
def command(old: Path | None, new: Path | None, since: str | None, shape: str, exit_code: bool) -> None:
    """Say how decks changed, note by note and word by word.

    OLD and NEW are any two packages of Anki. Without NEW the package is compared with the sources here, as they would
    be built; with --since and no package, these sources with those of another commit.
    """
    from deckgen import changes
    from deckgen.contents import NotAPackage, read
    from deckgen.difference import compare

    if (old is None) == (since is None):
        raise click.UsageError("name a package, or a commit with --since")
    try:
        if since is not None:
            with _at(since) as root:
                differences = _by_deck(_built(root), _built(_root()))
        elif new is not None:
            assert old is not None
            differences = {new.stem: compare(read(old), read(new))}
        else:
            assert old is not None
            built = _built(_root())
            decks = [name for name in built if not name.endswith(RETIRED)]
            deck = decks[0] if len(decks) == 1 else old.stem
            if deck not in decks:
                raise terminal.Failure(f"no deck here is called '{old.stem}'; there are: {', '.join(decks)}")
            differences = {deck: compare(read(old), built[deck], built.get(deck + RETIRED))}
    except NotAPackage as error:
        raise terminal.Failure(str(error)) from None
    click.echo(changes.render(differences, shape), nl=False, color=terminal.color())
    raise click.exceptions.Exit(exit_code and any(differences.values()))


def _root() -> Path:
    from deckgen.session import find_project

    return find_project()


def _by_deck(old: dict[str, Contents], new: dict[str, Contents]) -> dict[str, Difference]:
    from deckgen.contents import Contents
    from deckgen.difference import compare

    nothing = Contents({}, {})
    decks = [name for name in dict.fromkeys((*new, *old)) if not name.endswith(RETIRED)]
    return {name: compare(old.get(name, nothing), new.get(name, nothing), new.get(name + RETIRED)) for name in decks}


def _built(root: Path) -> dict[str, Contents]:
    """The contents of the packages that a project's sources make, by deck. Nothing is written into the project."""
    from deckgen import package as apkg
    from deckgen.contents import read
    from deckgen.publication import publish
    from deckgen.session import open_session

    session = open_session(root, [], quiet=True)
    if session.failed:
        terminal.show_findings(session.findings, err=True)
        raise terminal.Failure("the sources have errors, so there is nothing to compare")
    project, compilation = session.project, session.compilation
    publication = publish(project, compilation.notes, compilation.retired, now=0)
    edition = apkg.Edition(project.file.namespace, project.file.tag, publication.lock)
    contents = {}
    with tempfile.TemporaryDirectory() as folder:
        for package in compilation.packages:
            apkg.write(package, Path(folder, package.name), edition)
            contents[package.name] = read(Path(folder, package.name))
    return contents


@contextmanager
def _at(reference: str) -> Iterator[Path]:
    """The project as a commit has it, in a folder of its own."""
    root = _root().resolve()
    try:
        top = _git(root, "rev-parse", "--show-toplevel").decode().strip()
        inside = root.relative_to(Path(top).resolve()).as_posix()
        commit = _git(root, "rev-parse", "--verify", "--end-of-options", f"{reference}^{{commit}}").decode().strip()
        archive = _git(Path(top), "archive", "--format=tar", commit, "--", inside)
    except subprocess.CalledProcessError as error:
        reason = error.stderr.decode(errors="replace").strip().splitlines()
        raise terminal.Failure(
            f"git cannot give the sources of '{reference}': {reason[-1] if reason else error}"
        ) from None
    with tempfile.TemporaryDirectory() as folder, tarfile.open(fileobj=BytesIO(archive)) as files:
        if hasattr(tarfile, "data_filter"):
            files.extractall(folder, filter="data")
        else:
            files.extractall(folder)  # noqa: S202 - made by git itself; older Pythons have no filter
        yield Path(folder, inside)


def _git(folder: Path, *arguments: str) -> bytes:
    command = ["git", "-C", str(folder), *arguments]
    return subprocess.run(command, check=True, capture_output=True).stdout  # noqa: S603 - no shell reads it
