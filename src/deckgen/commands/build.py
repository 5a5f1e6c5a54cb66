"""``deckgen build``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from deckgen.core import clock, terminal
from deckgen.project.location import find_project
from deckgen.reports import finding_text

if TYPE_CHECKING:
    from deckgen.build.compiler import Compilation
    from deckgen.build.models import Edition
    from deckgen.build.output import Outputs
    from deckgen.build.partial_package import Earlier
    from deckgen.build.publish import Publication
    from deckgen.build.receipt import Receipt
    from deckgen.cards.note import Package
    from deckgen.core.diagnostics import Diagnostic
    from deckgen.core.processes import Helper
    from deckgen.project.project import Project


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option(
    "-o", "--output", metavar="DIR", type=click.Path(file_okay=False, path_type=Path), help="Put the packages into DIR."
)
@click.option("--locked", is_flag=True, help="Fail if deckgen.lock would change; for releases and CI.")
@click.option(
    "--since", metavar="GIT-REF", help="Also build packages of only what is new since a commit, branch or tag."
)
@terminal.loudness
def command(
    paths: tuple[Path, ...], output: Path | None, locked: bool, since: str | None, quiet: bool, verbose: bool
) -> None:
    """Build the decks' packages, ready to import into Anki.

    With PATHS, only the decks that those files and folders belong to. An error in any source means that nothing is
    written: earlier packages stay as they are. What changed since the last build is recorded in deckgen.lock; keep that
    file in git.
    """
    from deckgen.build import receipt as receipts
    from deckgen.build.output import one_at_a_time
    from deckgen.project.location import output_of

    root = find_project()
    output = output or output_of(root)
    request = [str(output), locked, *map(str, paths)]
    with one_at_a_time(root, lambda: click.echo("waiting for another build of this project to finish", err=True)):
        earlier = _earlier(root, since) if since is not None else None
        before = receipts.fingerprint(root, request, {output})
        receipt = receipts.find(root, before, clock.now()) if earlier is None else None
        if receipt is not None:
            _say_again(receipt, quiet=quiet)
            return
        made = _build(root, paths, output, earlier, locked=locked, quiet=quiet, verbose=verbose)
        after = receipts.fingerprint(root, request, {output})
        if before is not None and after is not None and before.sources == after.sources:
            receipts.keep(root, made._replace(read=after.everything))


def _earlier(root: Path, since: str) -> Earlier:
    from deckgen.build import history

    return history.earlier(root, since)


def _say_again(receipt: Receipt, *, quiet: bool) -> None:
    """What a build says in which nothing changed."""
    findings = tuple(receipt.shown_findings())
    finding_text.show_findings(findings, err=True)
    if not quiet:
        for line in receipt.lines:
            click.echo(f"{line}, unchanged")
        click.echo(f"0 new, 0 changed, 0 retired, {receipt.notes:,} unchanged: {terminal.count_problems(findings)}")


def _build(
    root: Path,
    paths: Sequence[Path],
    output: Path,
    earlier: Earlier | None,
    *,
    locked: bool,
    quiet: bool,
    verbose: bool,
) -> Receipt:
    from deckgen.build.models import Edition
    from deckgen.build.output import Outputs
    from deckgen.build.publish import latest_time, publish
    from deckgen.build.receipt import Receipt
    from deckgen.build.session import opening

    with (
        Outputs() as outputs,
        opening(root, paths, quiet=quiet, hints=False, serve=_write_update) as (unjudged, judged, helper),
    ):
        project, compilation = unjudged.project, unjudged.compilation
        problems: tuple[Diagnostic, ...] = ()
        if not unjudged.failed:
            now = clock.now()
            publication = publish(project, compilation.notes, compilation.retired, now)
            lock_text = str(publication.lock)
            problems = tuple(_check(publication, project, now, lock_text, locked))
        if not unjudged.with_findings(problems).failed:
            edition = Edition(project.file.namespace, project.file.tag, publication.lock)
            lines, made = _write(compilation.packages, edition, lock_text, project, output, outputs, helper)
            news = [*_write_news(compilation.packages, edition, earlier, project, output, outputs)] if earlier else []
        session = judged().chosen().with_findings(problems)
        # The context holds these until the process ends, which gives none back: a twentieth of a large build.
        click.get_current_context().find_root().obj = session, judged, publication if not unjudged.failed else None
        finding_text.show_findings(session.findings, err=True)
        if session.failed:
            click.echo(session.summary("nothing was built"), err=True)
            raise click.exceptions.Exit(1)
        outputs.commit()
    if not quiet:
        _report(publication, session.findings, [*lines, *news], verbose=verbose)
    latest, _ = latest_time(publication.lock)
    contents = [line.removesuffix(", unchanged") for line in lines]
    return Receipt("", contents, [found.row() for found in session.findings], len(compilation.notes), latest, made)


def _report(publication: Publication, findings: Sequence[Diagnostic], lines: Sequence[str], *, verbose: bool) -> None:
    if verbose:
        for state in ("new", "changed", "retired"):
            for id in getattr(publication, state):
                click.echo(f"{state}: {id}")
    for line in lines:
        click.echo(line)
    if publication.types:
        click.echo(f"look of the cards changed: {', '.join(publication.types)} notes")
    click.echo(f"{_count_changes(publication)}: {terminal.count_problems(findings)}")


def _check(publication: Publication, project: Project, now: int, lock_text: str, locked: bool) -> Iterable[Diagnostic]:
    """What forbids, or warns of, this publication."""
    from deckgen.build.publish import check_clock, check_readable
    from deckgen.core.diagnostics import Position, Report
    from deckgen.language import rules
    from deckgen.project.location import shown
    from deckgen.project.lock import FILE

    report = Report()
    outdated = lock_text != project.lock_text
    if not locked:
        check_clock(project.lock, now, project, report, needed=outdated)
    elif outdated:
        place = Position(shown(project.root / FILE))
        states = [(state, id) for state in ("new", "changed", "retired") for id in getattr(publication, state)]
        states += [("changed", f"the note type {name}") for name in publication.types]
        message = ", ".join(f"{state}: {id}" for state, id in states) or "it needs to be put in order after a merge"
        help = "run 'deckgen build' without --locked, and commit deckgen.lock"
        report.add(rules.LOCK_OUTDATED, place, f"the lock is not up to date ({message})", help)
    check_readable(publication.lock, lock_text, project, report)
    return report


def _write(
    packages: Sequence[Package],
    edition: Edition,
    lock_text: str,
    project: Project,
    folder: Path,
    outputs: Outputs,
    helper: Helper | None,
) -> tuple[list[str], dict[str, str]]:
    """Write the lock and every package that is not current, yet to be moved into place; the lines that say what was
    done, and what is there then, with the digests of packages."""
    from deckgen.build import cache as caches
    from deckgen.build import package as apkg
    from deckgen.build import update_file
    from deckgen.build.former import Former
    from deckgen.build.receipt import has_mark
    from deckgen.build.session import count_contents
    from deckgen.project.location import shown
    from deckgen.project.lock import FILE

    outputs.folder(folder)
    lines, made = [], {}
    if lock_text != project.lock_text:
        outputs.text(project.root / FILE, lock_text)
    drafts = [apkg.draft(package, edition) for package in packages]
    current = {own.package.name for own in drafts if has_mark(folder / f"{own.package.name}.apkg", own.digest)}
    # The packages last: after a build that was killed one is taken for current only if all else is in its place.
    with caches.of_project(project.root) as cache:
        for package in packages:
            update = folder / f"{package.name}-update.txt"
            if not package.retired:
                made[str(update)] = ""
                if not (package.name in current and update.is_file()):
                    former = Former(update, cache)
                    own_write = partial(update_file.write, package, edition.tag, former=former)
                    outputs.file(update, own_write, None if former.helps() else helper, package.name)
        if helper:
            helper.finish()
        for own in drafts:
            name = own.package.name
            path = folder / f"{name}.apkg"
            made[str(path)] = own.digest
            if name not in current:
                outputs.file(path, partial(apkg.write, own, former=Former(path, cache)))
            said = ", unchanged" if name in current else ""
            lines.append(f"{shown(path)}: {count_contents([own.package])}{said}")
    return lines, made


def _write_update(project: Project, compilation: Compilation, request: Sequence[str]) -> None:
    """Write an update file, in the process that does so while this one writes packages."""
    from deckgen.build import cache as caches
    from deckgen.build import update_file
    from deckgen.build.former import Former

    name, place, path = request
    (package,) = [package for package in compilation.packages if package.name == name]
    with caches.of_project(project.root) as cache:
        update_file.write(package, project.file.tag, Path(place), Former(Path(path), cache))


def _write_news(
    packages: Sequence[Package],
    edition: Edition,
    earlier: Earlier,
    project: Project,
    folder: Path,
    outputs: Outputs,
) -> Iterable[str]:
    """Write packages of what is new, yet to be moved into place; the lines that say what was done."""
    from deckgen.build import package as apkg
    from deckgen.build.former import Former
    from deckgen.build.partial_package import delta
    from deckgen.build.session import count_contents
    from deckgen.project.location import shown

    for package in packages:
        if package.retired:
            continue
        news = delta(package, edition, earlier)
        if news is None:
            yield f"{package.name}: nothing is new since {earlier.since}"
        elif news.name in {deck.name for deck in project.decks}:
            raise terminal.Failure(f"what is new in '{package.name}' would have the name of the deck '{news.name}'")
        else:
            path = folder / f"{news.name}.apkg"
            outputs.file(path, partial(apkg.write, apkg.draft(news, edition), former=Former(path)))
            yield f"{shown(path)}: {count_contents([news])}"


def _count_changes(publication: Publication) -> str:
    changes = [f"{len(getattr(publication, state)):,} {state}" for state in ("new", "changed", "retired")]
    return f"{', '.join(changes)}, {publication.unchanged:,} unchanged"
