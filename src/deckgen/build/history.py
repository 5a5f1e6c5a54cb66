"""What the decks are now and what they were at another commit, as the contents of the packages that they make."""

from __future__ import annotations

import subprocess
import tarfile
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

from deckgen.build import cache
from deckgen.build import package as apkg
from deckgen.build import partial_package as delta
from deckgen.build.former import Former
from deckgen.build.models import Edition
from deckgen.build.partial_package import Earlier
from deckgen.build.publish import publish
from deckgen.build.session import open_session
from deckgen.cards.note import Package
from deckgen.core import clock, terminal
from deckgen.reports import finding_text
from deckgen.reports.read_package import Contents, read

RETIRED = "-retired"
"""What the name of a package ends in that holds a deck's retired notes."""


def contents_of(root: Path) -> dict[str, Contents]:
    """The contents of the packages that a project's sources make, by name. Nothing is written into the project."""
    with packages_of(root) as paths:
        return {name: read(path) for name, path in paths.items()}


def earlier(root: Path, reference: str) -> Earlier:
    """The packages that a project's sources made at a commit."""
    with sources_at(root, reference) as then:
        return delta.earlier(reference, *_published(then))


@contextmanager
def packages_of(root: Path) -> Iterator[dict[str, Path]]:
    """The packages that a project's sources make, by name, for as long as the context lasts."""
    packages, edition = _published(root)
    with tempfile.TemporaryDirectory() as folder:
        paths = {package.name: Path(folder, f"{package.name}.apkg") for package in packages}
        for package, path in zip(packages, paths.values(), strict=True):
            apkg.write(apkg.draft(package, edition), path, Former(path))
        yield paths


def _published(root: Path) -> tuple[Sequence[Package], Edition]:
    session = open_session(root, [], quiet=True, hints=False)
    if session.failed:
        finding_text.show_findings(session.findings, err=True)
        raise terminal.Failure("the sources have errors, so there is nothing to compare")
    project, compilation = session.project, session.compilation
    publication = publish(project, compilation.notes, compilation.retired, clock.EARLIEST)
    return compilation.packages, Edition(project.file.namespace, project.file.tag, publication.lock)


@contextmanager
def sources_at(root: Path, reference: str) -> Iterator[Path]:
    """A project as a commit has it, in a folder of its own."""
    root = root.resolve()
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
        try:
            yield Path(folder, inside)
        finally:
            cache.forget(Path(folder, inside))


def _git(folder: Path, *arguments: str) -> bytes:
    command = ["git", "-C", str(folder), *arguments]
    return subprocess.run(command, check=True, capture_output=True).stdout  # noqa: S603 - no shell reads it
