"""``deckgen build``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from deckgen.core import clock, terminal
from deckgen.core.location import find_project, output_of, short_path

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from deckgen.compiler.pipeline import Build
    from deckgen.compiler.receipt import Receipt
    from deckgen.core.diagnostics import Diagnostic


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option(
    "-o", "--output", metavar="DIR", type=click.Path(file_okay=False, path_type=Path), help="Put the packages into DIR."
)
@click.option("--locked", is_flag=True, help="Fail if deckgen.lock would change; for releases and CI.")
@click.option(
    "--since",
    metavar="GIT-REF",
    help="Also build packages and update files with only what is new since a commit, branch or tag.",
)
@terminal.verbosity
def command(
    paths: tuple[Path, ...], output: Path | None, locked: bool, since: str | None, quiet: bool, verbose: bool
) -> None:
    """Build the decks' packages, ready to import into Anki.

    With PATHS, builds only the decks that these files and folders belong to. If any source has an error, nothing is
    written, and earlier packages stay as they are. The file deckgen.lock records what changed; keep it in git.

    Example: deckgen build --since v1 decks/pain
    """
    packages(find_project(), paths, output, locked=locked, since=since, quiet=quiet, verbose=verbose)


def packages(
    root: Path,
    paths: Sequence[Path],
    output: Path | None = None,
    *,
    locked: bool = False,
    since: str | None = None,
    quiet: bool = False,
    verbose: bool = False,
) -> None:
    """Build a project's packages, unless nothing changed since the last time, and report it. Exit if it has errors."""
    from deckgen.compiler import receipt as receipts
    from deckgen.core.outputs import one_at_a_time

    output = output or output_of(root)
    request = [str(output), locked, *map(str, paths)]
    with one_at_a_time(root):
        last = receipts.load(root)
        before = receipts.fingerprint(root, request, output)
        if since is None and before and last.still_holds(before.everything, clock.now()):
            _report_unchanged(last, quiet=quiet)
            return
        built = _build(root, paths, output, last, since, locked=locked, quiet=quiet)
        lines = list(_package_lines(built))
        after = receipts.fingerprint(root, request, output)
        if before and after and before.sources == after.sources and not built.compilation.published.remarks:
            receipts.save(root, built.receipt(after.everything, lines))
    if not quiet:
        _report(built, lines, verbose=verbose)


def _build(
    root: Path,
    paths: Sequence[Path],
    output: Path,
    last: Receipt,
    since: str | None,
    *,
    locked: bool,
    quiet: bool,
) -> Build:
    from deckgen.compiler.compile_all import silently
    from deckgen.compiler.pipeline import build
    from deckgen.project.lock import LOCK_FILE

    earlier = []
    if since is not None:
        from deckgen.compiler.history import compile_at, earlier_build

        earlier.append(earlier_build(since, compile_at(root, since)))
    progress = silently if quiet else terminal.progress
    built = build(root, paths, output, last, locked=locked, earlier=earlier, progress=progress)
    for remark in built.compilation.published.remarks:
        terminal.warn(remark)
    project = built.compilation.project
    _show(built.findings, {short_path(root / LOCK_FILE): project.lock_text})
    if built.failed:
        files = terminal.count(sum(len(deck.sources) for deck in project.decks), "file")
        terminal.echo(f"{files}: nothing was built; {terminal.count_problems(built.findings)}", err=True)
        raise click.exceptions.Exit(1)
    return built


def _show(findings: Sequence[Diagnostic], unsaved: Mapping[str, str] | None = None) -> None:
    from deckgen.reports.finding_text import show_findings

    show_findings(findings, unsaved)


def _report_unchanged(last: Receipt, *, quiet: bool) -> None:
    """Report a build in which nothing changed."""
    findings = last.diagnostics()
    if findings:
        _show(findings)
    if not quiet:
        for line in last.lines:
            terminal.echo(f"{line}, unchanged")
        terminal.echo(f"0 new, 0 changed, 0 retired, {last.notes:,} unchanged: {terminal.count_problems(findings)}")


def _package_lines(built: Build) -> Iterator[str]:
    from deckgen.reports.summary import count_contents

    for package, output in built.packages:
        yield f"{short_path(output.path)}: {count_contents(package.notes)}"


def _report(built: Build, lines: Sequence[str], *, verbose: bool) -> None:
    from deckgen.reports.summary import count_contents

    publication = built.publication
    assert publication is not None
    if verbose:
        for change in publication.note_changes():
            terminal.echo(change)
    for line, (_, output) in zip(lines, built.packages, strict=True):
        terminal.echo(f"{line}, unchanged" if output.unchanged else line)
    for news in built.news:
        if news.path:
            terminal.echo(f"{short_path(news.path)}: {count_contents(news.package.notes)}")
        else:
            terminal.echo(f"{news.package.name}: nothing is new since {news.since}")
        if news.update_file:
            terminal.echo(
                f"{short_path(news.update_file)}: an update file with the same changes, for learners who write on cards"
            )
    if publication.types:
        terminal.echo(f"note types with a new style: {', '.join(publication.types)}")
    terminal.echo(f"{publication.summary()}: {terminal.count_problems(built.findings)}")
