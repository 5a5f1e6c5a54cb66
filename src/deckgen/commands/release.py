"""``deckgen release``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from deckgen.core import clock, terminal
from deckgen.core.terminal import Failure, UsageError
from deckgen.project.location import find_project, output_of, shown
from deckgen.project.lock import FILE, RELEASE_NAME
from deckgen.project.namespace import is_example

if TYPE_CHECKING:
    from deckgen.compiler.pipeline import Build


@click.command()
@click.argument("name")
def command(name: str) -> None:
    """Record a release in deckgen.lock, so that git's history tells later builds what learners have.

    NAME is also the name of the git tag to set, such as v1 or 2026-11. The lock must be up to date and committed. Notes
    that a release of another branch carried with a later time are restamped. From then on a note of the release can be
    renamed or retired, but not just deleted.

    Example: deckgen release 2026-11
    """
    from deckgen.core.outputs import one_at_a_time
    from deckgen.reports.finding_text import show_findings

    if not RELEASE_NAME.fullmatch(name):
        raise UsageError(f"expected letters, digits, '.', '_' and '-' in the name of a release, found {name!a}")
    root = find_project()
    with one_at_a_time(root, lambda: terminal.echo("waiting for another build of this project to finish", err=True)):
        built = _release(root, name)
    show_findings(built.findings)
    if built.failed:
        terminal.echo(f"nothing was released; {terminal.count_problems(built.findings)}", err=True)
        raise click.exceptions.Exit(1)
    assert built.publication is not None
    lock = shown(root / FILE)
    terminal.echo(f"{lock}: records the release {name}; {built.publication.summary()}")
    terminal.echo(f"now run: git commit -m 'Release {name}' {lock} && git tag {name}")


def _release(root: Path, name: str) -> Build:
    """Build a project, and record the build in its lock as a release; raises Failure if the lock is not up to date or
    not committed, if there is such a release, if git cannot tell what was released before, or if the namespace is an
    example."""
    from deckgen.compiler import receipt as receipts
    from deckgen.compiler.pipeline import Build, build, compile_project
    from deckgen.compiler.publish import publish
    from deckgen.core.diagnostics import select

    if not RELEASE_NAME.fullmatch(name):
        raise UsageError(f"expected letters, digits, '.', '_' and '-' in the name of a release, found {name!a}")
    compilation = compile_project(root, hints=False)
    if compilation.failed:
        return Build(compilation, select(compilation.findings))
    project, published = compilation.project, compilation.published
    if is_example(project.file.namespace):
        raise Failure(f"the namespace '{project.file.namespace}' is an example: choose one of your own first")
    lock = publish(project, published, compilation.names, compilation.notes, compilation.retired, clock.now()).lock
    if str(lock) != project.lock_text:
        raise Failure(f"{FILE} is not up to date: run 'deckgen build', commit {FILE}, and try again")
    if published.remarks:
        raise Failure(f"nothing was released: {published.remarks[0]}")
    if published.committed_text is None:
        raise Failure("a release needs git, whose history tells later builds what learners have: run 'git init'")
    if published.committed_text != project.lock_text:
        raise Failure(f"{FILE} has changes that are not committed: commit them, and try again")
    if name in project.lock.releases or name in published.tags():
        raise Failure(f"there is a release or a tag with the name {name}: choose another")
    return build(root, (), output_of(root), receipts.load(root), release=name)
