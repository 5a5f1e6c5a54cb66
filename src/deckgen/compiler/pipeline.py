"""The build on one page: load the project, compile its files, link the notes, check them, publish, write.

To publish is to make the new lock, which says what learners have; nothing is sent anywhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from deckgen.cards.note import Note, Package
from deckgen.compiler.arrange import check_decks, check_media, deck_packages, retirements
from deckgen.compiler.check_adopted import check_adopted
from deckgen.compiler.check_changes import check_changes, check_namespace, lock_names
from deckgen.compiler.compile_all import Progress, Recent, compile_all, silently
from deckgen.compiler.link import link
from deckgen.compiler.receipt import Receipt, file_hash
from deckgen.core import clock, rules
from deckgen.core.diagnostics import Diagnostic, Report, has_errors, select
from deckgen.core.location import checkout_of
from deckgen.core.outputs import Outputs
from deckgen.core.source import Source
from deckgen.core.terminal import Failure
from deckgen.lint.run import LintResult, check_project, check_settings
from deckgen.own_types.consent import Consent
from deckgen.packages.partial_package import EarlierBuild, changed_part, partial_package
from deckgen.packages.retired_file import write_retired_file
from deckgen.packages.update_file import write_update_file
from deckgen.packages.write_package import collection, content_digest, write_package, write_zip
from deckgen.project import lock as locks
from deckgen.project.project import Project, load
from deckgen.project.selection import chosen_decks, findings_in
from deckgen.publication.check_lock import check_publication, check_published, check_times
from deckgen.publication.publish import Publication, publish
from deckgen.publication.published import Published, read_published
from deckgen.publication.retired import retired_notes


class Compilation(NamedTuple):
    """A compiled project.

    ``published`` is what learners may have, ``lock_names`` the title, tag and deck names for the new lock, ``packages``
    those of the chosen decks, ``notes`` and ``retired`` the notes of all decks. Entries with errors are missing, so a
    compilation with errors may be shown but not published; it is ``complete`` if no entry is missing. ``lint`` is what
    the content rules found in each file.
    """

    project: Project
    published: Published
    lock_names: Mapping[str, str]
    packages: tuple[Package, ...]
    notes: tuple[Note, ...]
    retired: tuple[Note, ...]
    findings: tuple[Diagnostic, ...]
    complete: bool
    lint: tuple[LintResult, ...]

    @property
    def failed(self) -> bool:
        return has_errors(self.findings)

    def publication(self, now: int) -> Publication:
        """What publishing the notes at a time would record."""
        return publish(self.project, self.published, self.lock_names, self.notes, self.retired, now)


def compile_project(
    root: Path,
    paths: Sequence[Path] = (),
    *,
    hints: bool = True,
    progress: Progress = silently,
    unsaved: Source | None = None,
    recent: Recent | None = None,
    consent: Consent | None = None,
) -> Compilation:
    """Compile the project in a folder, and apply all content rules. With ``paths``, the result has only their decks and
    findings; all files are still read, since an id must be unique in the whole project. For ``unsaved`` and ``recent``
    see ``compile_all``, for ``consent`` see ``load``."""
    compilation = _compile_notes(root, paths, progress, unsaved, recent, consent=consent, hints=hints)
    return _compare_notes(compilation, paths, hints=hints)


def _compile_notes(
    root: Path,
    paths: Sequence[Path],
    progress: Progress,
    unsaved: Source | None = None,
    recent: Recent | None = None,
    *,
    hints: bool,
    release: str = "",
    consent: Consent | None = None,
) -> Compilation:
    """Compile a project, without the content rules that compare its notes. For a new ``release``, what was published
    includes the releases of other branches."""
    report = Report()
    project = load(root, report, consent=consent)
    if unsaved:
        project = project.with_source(unsaved.path)
    files = compile_all(project, progress, unsaved, recent, hints=hints)
    report.extend(chain.from_iterable((*file.findings, *file.lint.findings) for file in files.values()))
    report.extend(project.media.details)
    check_settings(project, report)
    check_namespace(project, report)
    check_decks(project, files, report)
    published = read_published(project, everywhere=bool(release) and release not in project.lock.releases)
    notes = link([note for file in files.values() for note in file.notes], published, report)
    notices = retired_notes(retirements(project, files), notes, project, published, report)
    retired = tuple(chain.from_iterable(notices.values()))
    names = lock_names(project, files)
    complete = not report.has_errors  # a note may be missing, or a file unused, only because an entry has an error
    check_times(project, clock.now(), report)
    if complete:
        check_published((*notes, *retired), project, published, report)
        check_adopted(notes, project, report)
        check_changes(notes, names, project, published, report)
        check_media(project, files, report)
    packages = deck_packages(project, chosen_decks(paths, project, report), files, notes, notices)
    lint = tuple([file.lint for file in files.values()])
    return Compilation(project, published, names, packages, tuple(notes), retired, tuple(report), complete, lint)


def _compare_notes(compilation: Compilation, paths: Sequence[Path], *, hints: bool) -> Compilation:
    """Apply the content rules that compare notes. With ``paths``, keep only the findings there."""
    report = Report()
    report.extend(compilation.findings)
    identities = [note.identity for note in compilation.notes]
    complete = compilation.complete
    report.extend(check_project(identities, compilation.lint, compilation.project, complete=complete, hints=hints))
    return compilation._replace(findings=findings_in(paths, report))


class Output(NamedTuple):
    """A file in the output folder: its path, the digest of its content, and whether it was there already."""

    path: Path
    digest: str
    unchanged: bool = False


class News(NamedTuple):
    """What is new in a ``deck`` ``since`` an earlier build.

    ``package`` has only the new and changed notes, and ``changed`` counts the changed ones. If nothing is new, no file
    was written, and ``package`` is the whole package.
    """

    deck: str
    since: str
    package: Package
    changed: int = 0
    path: Path | None = None
    update_file: Path | None = None


class Build(NamedTuple):
    """The result of a build: what it compiled and found and, without errors, what it published and wrote.

    ``news`` has one element for each deck and each earlier build that was asked for.
    """

    compilation: Compilation
    findings: tuple[Diagnostic, ...]
    publication: Publication | None = None
    packages: tuple[tuple[Package, Output], ...] = ()
    news: tuple[News, ...] = ()

    @property
    def failed(self) -> bool:
        return has_errors(self.findings)

    def receipt(self, read: str, lines: Sequence[str]) -> Receipt:
        """The receipt of this build; ``read`` is the hash of its input, ``lines`` what it printed about each
        package."""
        assert self.publication is not None
        written = [output for _, output in self.packages]
        return Receipt(
            read=read,
            lines=lines,
            findings=[found.row() for found in self.findings if found.rule not in rules.UNTIL_BUILT],
            notes=len(self.compilation.notes),
            numbered=[note.id for note in self.compilation.notes if note.note_type.numbered_fields],
            latest=locks.span(self.publication.lock)[1],
            written={str(output.path): [output.digest, file_hash(output.path)] for output in written},
        )


def build(
    root: Path,
    paths: Sequence[Path],
    output: Path,
    last: Receipt,
    *,
    locked: bool = False,
    earlier: Sequence[EarlierBuild] = (),
    release: str = "",
    progress: Progress = silently,
) -> Build:
    """Build the packages of a project into a folder, and record in the lock what changed. After an error, all files
    stay as they were. A file that the ``last`` build wrote is not written again if its content is the same. ``earlier``
    asks for packages of what is new since some earlier builds. With ``release``, the lock records the build as a
    release of that name, with today's date unless it has the release already."""
    compilation = _compile_notes(root, paths, progress, hints=False, release=release)
    project = compilation.project
    if compilation.failed:
        compilation = _compare_notes(compilation, paths, hints=False)
        return Build(compilation, select(compilation.findings))
    publication = compilation.publication(clock.now())
    lock = publication.lock
    if release:
        lock = lock._replace(releases={release: str(clock.today()), **lock.releases})
    lock_text = str(lock)
    lock_findings = check_publication(publication, project, lock_text, last.numbered, locked=locked)
    packages: list[tuple[Package, Output]] = []
    news: list[News] = []
    obstacle: OSError | Failure | None = None
    with Outputs(checkout_of(root)) as outputs:
        if not has_errors(lock_findings):
            try:
                outputs.folder(output)
                if lock_text != project.lock_text:
                    outputs.text(root / locks.LOCK_FILE, lock_text)
                packages += _write_packages(compilation, lock, output, last, outputs)
                for before in earlier:
                    news += _write_news(compilation, lock, output, before, outputs)
            except (OSError, Failure) as error:
                obstacle = error  # problems in the sources are reported first
        compilation = _compare_notes(compilation, paths, hints=False)  # while other threads compress the packages
        findings = (*select(compilation.findings), *lock_findings)
        if has_errors(findings):
            return Build(compilation, findings)
        if obstacle:
            raise obstacle
        outputs.commit()
    return Build(compilation, findings, publication, tuple(packages), tuple(news))


def _write_packages(
    compilation: Compilation, lock: locks.Lock, output: Path, last: Receipt, outputs: Outputs
) -> Iterator[tuple[Package, Output]]:
    """Write the packages that the ``last`` build did not write. Other threads compress them."""
    tag = compilation.project.settings.tag
    for package in compilation.packages:
        digest = content_digest(package, lock, tag)
        path = output / package.file_name
        is_current = last.has(path, digest)
        if not is_current and package.retired:
            outputs.file(path, partial(write_retired_file, package, tag))
        elif not is_current:
            database = collection(package, lock, tag)
            outputs.file_in_background(path, partial(write_zip, package, database))
        yield package, Output(path, digest, is_current)


def _write_news(
    compilation: Compilation, lock: locks.Lock, output: Path, earlier: EarlierBuild, outputs: Outputs
) -> Iterator[News]:
    """Write, for each deck, a package of what is new and an update file of what changed."""
    project = compilation.project
    for package in compilation.packages:
        if package.retired:
            continue
        news = partial_package(package, lock, earlier)
        if news is None:
            yield News(package.name, earlier.since, package)
            continue
        if news.name in {deck.name for deck in project.decks}:
            message = f"the package of what is new in '{package.name}' would overwrite that of '{news.name}'"
            raise Failure(message)
        path = output / f"{news.name}.apkg"
        outputs.file(path, partial(write_package, news, lock, project.settings.tag))
        changes = changed_part(news, lock, earlier)
        update = output / f"{news.name}.txt" if changes.notes else None
        if update:
            outputs.file(update, partial(write_update_file, changes, lock))
        yield News(package.name, earlier.since, news, len(changes.notes), path, update)
