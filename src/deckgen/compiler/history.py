"""Make the packages of a project as it is now, or as it was at a commit, without touching the project."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from deckgen.compiler import cache
from deckgen.compiler.pipeline import Compilation, compile_project
from deckgen.compiler.publish import publish
from deckgen.core import clock
from deckgen.core.diagnostics import Rejected, Report
from deckgen.core.terminal import Failure, warn
from deckgen.packages import partial_package
from deckgen.packages.partial_package import Earlier
from deckgen.packages.write_package import write_package
from deckgen.project import git
from deckgen.project.lock import FILE, MAX_BYTES, Lock
from deckgen.project.project import load


def earlier_packages(root: Path, reference: str) -> Earlier:
    """The times of the packages that a project's sources made at a commit."""
    with sources_at(root, reference) as then:
        compilation, lock = _published(then)
        return partial_package.earlier_packages(reference, compilation.packages, lock)


@contextmanager
def packages_of(root: Path) -> Iterator[dict[str, Path]]:
    """Write the packages of a project into a temporary folder, and yield their paths by name."""
    compilation, lock = _published(root)
    with tempfile.TemporaryDirectory() as folder:
        paths = {package.name: Path(folder, f"{package.name}.apkg") for package in compilation.packages}
        for package in compilation.packages:
            write_package(package, lock, compilation.project.file.tag, paths[package.name])
        yield paths


def refuse_releases_since(root: Path, reference: str) -> None:
    """Raise Failure if the lock names a release that the lock of a commit does not: a contributor's changes must not
    make the cards of an unfinished state permanent."""
    try:
        (hash,) = git.versions_at(root, [reference], FILE)
        (then,) = git.read_versions(root, [hash], MAX_BYTES) if hash else (b"",)
    except git.Failure as failure:
        raise Failure(f"git cannot give {FILE} of '{reference}': {failure}") from None
    lines = then.decode(errors="replace").splitlines()
    releases = load(root, Report()).lock.releases
    for name in sorted(name for name, date in releases.items() if f"release {name} {date}" not in lines):
        raise Failure(
            f"{FILE} names the release {name}, which '{reference}' does not have: take the line out; maintainers make "
            "releases, with 'deckgen release'"
        )


def _published(root: Path) -> tuple[Compilation, Lock]:
    compilation = compile_project(root, hints=False)
    if compilation.failed:
        raise Rejected(*compilation.findings)
    publication = publish(
        compilation.project,
        compilation.published,
        compilation.names,
        compilation.notes,
        compilation.retired,
        clock.EARLIEST,
    )
    return compilation, publication.lock


def earlier_sources(root: Path, word: str) -> Iterator[Path]:
    """A project as HEAD has it, and as it was before each of the latest commits that changed how often a word occurs;
    nothing without git."""
    references = ["HEAD"]
    try:
        references += [f"{commit}^" for commit in git.commits_about(root, word)]
    except git.Failure:
        return
    for reference in references:
        with suppress(Failure), sources_at(root, reference) as then:  # the first commit has none before it
            yield then


@contextmanager
def sources_at(root: Path, reference: str) -> Iterator[Path]:
    """A project as a commit has it, in a folder of its own."""
    root = root.resolve()
    with tempfile.TemporaryDirectory() as folder:
        then = Path(folder, root.name)
        try:
            left_out = git.write_files(root, reference, then)
        except git.Failure as failure:
            raise Failure(f"git cannot give the sources of '{reference}': {failure}") from None
        if left_out:
            names = ", ".join(map(ascii, left_out[:3])) + (", ..." if len(left_out) > 3 else "")
            warn(f"links and submodules of '{reference}' are left out: {names}")
        try:
            yield then
        finally:
            cache.forget(then)
