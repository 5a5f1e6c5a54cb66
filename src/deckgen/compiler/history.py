"""Compile a project as it was at a commit, or make its packages then and now, without touching the project."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from deckgen.cards.note import Note
from deckgen.compiler.pipeline import Compilation, compile_project
from deckgen.core import clock
from deckgen.core.diagnostics import Rejected
from deckgen.core.location import PROJECT_FILE
from deckgen.core.terminal import Failure, count_problems, warn
from deckgen.packages.partial_package import EarlierBuild, times
from deckgen.packages.write_package import write_package
from deckgen.project import cache, git
from deckgen.project.git_process import GitError
from deckgen.project.lock import Lock
from deckgen.publication.lock_history import folder_at


def compile_at(root: Path, reference: str, help: str = "name another commit") -> Compilation:
    """Compile a project as it was at a commit; raises Failure, with the next step, if its sources have errors. The
    media files that the notes name no longer exist."""
    with _sources_at(root, reference) as (then, _):
        if not (then / PROJECT_FILE).is_file():
            raise Failure(f"'{reference}' has no project in '{root.name}'; {help}")
        compilation = compile_project(then, hints=False)
        if compilation.failed:
            problems = count_problems(compilation.findings)
            raise Failure(f"the sources of '{reference}' have {problems}; {help}")
        return compilation


def earlier_build(reference: str, compilation: Compilation) -> EarlierBuild:
    """When each note last changed in the packages that a project made at a commit."""
    lock = _lock(compilation)
    return EarlierBuild(reference, {package.name: times(package, lock) for package in compilation.packages})


def _lock(compilation: Compilation) -> Lock:
    """The lock that a compilation makes. It is not recorded; so what is not in the project's lock gets the earliest
    time, and a comparison does not depend on when it is made."""
    return compilation.publication(clock.EARLIEST).lock


def earlier_notes(root: Path, reference: str) -> tuple[Note, ...]:
    """The notes that a project's sources made at a commit, without those of entries with errors."""
    with _sources_at(root, reference) as (then, _):
        return compile_project(then, hints=False).notes if (then / PROJECT_FILE).is_file() else ()


@contextmanager
def packages_of(root: Path) -> Iterator[dict[str, Path]]:
    """Write the packages of a project into a temporary folder, and yield their paths by name."""
    compilation = compile_project(root, hints=False)
    if compilation.failed:
        raise Rejected(*compilation.findings)
    with temporary_packages(compilation, _lock(compilation)) as paths:
        yield paths


@contextmanager
def packages_at(root: Path, reference: str) -> Iterator[dict[str, Path]]:
    """Write the packages of a project at a commit into a temporary folder, and yield their paths by name.

    The commit may have errors, or no project yet: then the broken entries, or all packages, are missing, and a warning
    says so.
    """
    with _sources_at(root, reference) as (then, left_out):
        if not (then / PROJECT_FILE).is_file():
            warn(f"'{reference}' has no project in '{root.name}': every card counts as new")
            yield {}
            return
        compilation = compile_project(then, hints=False)
        about = f"links and submodules of '{reference}' are left out: {left_out}" if left_out else ""
        if compilation.failed:
            problems = count_problems(compilation.findings)
            about = about or f"the sources of '{reference}' have {problems}"
            warn(f"{about}; entries with errors count as new")
        elif about:
            warn(about)
        with temporary_packages(compilation, _lock(compilation)) as paths:
            yield paths


@contextmanager
def temporary_packages(compilation: Compilation, lock: Lock) -> Iterator[dict[str, Path]]:
    """Write the packages of a compilation with a lock into a temporary folder, and yield their paths by name."""
    with tempfile.TemporaryDirectory() as folder:
        paths = {package.name: Path(folder, f"{package.name}.apkg") for package in compilation.packages}
        for package in compilation.packages:
            write_package(package, lock, compilation.project.settings.tag, paths[package.name])
        yield paths


def earlier_sources(root: Path, word: str) -> Iterator[Path]:
    """Yield a project as it is at HEAD, and as it was before each of the latest commits that added or removed a word;
    nothing without git."""
    references = ["HEAD"]
    try:
        references += [f"{commit}^" for commit in git.commits_about(root, word)]
    except GitError:
        return
    for reference in references:
        with suppress(Failure), _sources_at(root, reference) as (then, _):  # the first commit has none before it
            if (then / PROJECT_FILE).is_file():
                yield then


@contextmanager
def _sources_at(root: Path, reference: str) -> Iterator[tuple[Path, str]]:
    """Write a project as it was at a commit into a temporary folder; yield the folder, and the names of the links and
    submodules that were left out."""
    root = root.resolve()
    with tempfile.TemporaryDirectory() as folder:
        then = Path(folder, root.name)
        try:
            left_out = git.write_files(root, reference, then, folder_at(root, reference))
        except GitError as failure:
            raise Failure(f"git cannot give the sources of '{reference}': {failure}") from None
        try:
            yield then, ", ".join(map(ascii, left_out[:3])) + (", ..." if len(left_out) > 3 else "")
        finally:
            cache.forget(then)
