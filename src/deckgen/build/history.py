"""Make the packages of a project as it is now, or as it was at a commit, without touching the project."""

from __future__ import annotations

import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

from deckgen.build import cache, partial_package
from deckgen.build.package import write_package
from deckgen.build.partial_package import Earlier
from deckgen.build.pipeline import Compilation, compile_project
from deckgen.build.publish import publish
from deckgen.core import clock
from deckgen.core.diagnostics import Rejected
from deckgen.core.terminal import Failure
from deckgen.project.lock import Lock


def earlier_packages(root: Path, reference: str) -> Earlier:
    """The times of the packages that a project's sources made at a commit."""
    with sources_at(root, reference) as then:
        compilation, lock = _published(then)
        return partial_package.earlier_packages(reference, compilation.packages, lock)


@contextmanager
def packages_of(root: Path) -> Iterator[dict[str, Path]]:
    """Write the packages of a project into a temporary folder; gives their paths by name."""
    compilation, lock = _published(root)
    with tempfile.TemporaryDirectory() as folder:
        paths = {package.name: Path(folder, f"{package.name}.apkg") for package in compilation.packages}
        for package in compilation.packages:
            write_package(package, lock, compilation.project.file.tag, paths[package.name])
        yield paths


def _published(root: Path) -> tuple[Compilation, Lock]:
    compilation = compile_project(root, hints=False)
    if compilation.failed:
        raise Rejected(*compilation.findings)
    publication = publish(compilation.project, compilation.notes, compilation.retired, clock.EARLIEST)
    return compilation, publication.lock


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
        raise Failure(f"git cannot give the sources of '{reference}': {reason[-1] if reason else error}") from None
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
