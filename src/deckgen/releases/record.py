"""Record a release in the lock, and build its packages; or build those of a recorded release again, byte for byte."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from deckgen.cards.note import content_hash
from deckgen.cards.note_type import type_hash
from deckgen.compiler.check_deletions import check_deletions
from deckgen.compiler.history import compile_at, earlier_build
from deckgen.compiler.pipeline import Build, Compilation, build, compile_project
from deckgen.compiler.receipt import Receipt
from deckgen.core import clock
from deckgen.core.diagnostics import Diagnostic, Rejected, Report, Severity, select
from deckgen.core.location import short_path
from deckgen.core.rules import MEDIA_NOT_FOUND
from deckgen.core.terminal import Failure, count_problems, warn
from deckgen.packages.anki_schema import used_note_types
from deckgen.project import git
from deckgen.project.lock import LOCK_FILE, BadLine, Lock, parse
from deckgen.publication.published import Published

EARLIER_RELEASES = 3
"""The number of earlier releases whose learners get packages of only what is new."""


@dataclass(frozen=True, slots=True)
class EarlierRelease:
    """A release before this one, its date (YYYY-MM-DD), and what its sources make today."""

    name: str
    date: str
    compilation: Compilation


@dataclass(frozen=True, slots=True)
class Release:
    """A release, its date, what was built of it, the latest releases before it, the last one first, and the dates of
    all releases by name."""

    name: str
    date: str
    built: Build
    earlier: tuple[EarlierRelease, ...]
    releases: Mapping[str, str]
    is_tagged: bool


def make_release(root: Path, name: str, output: Path) -> Release:
    """Record a release in the lock of a project, and build its packages and what is new since earlier releases.

    A recorded release is made again if it is not committed yet or HEAD is its tag. Raises Rejected if
    there are errors or warnings, and Failure if the lock is not up to date or not committed, if the name is taken, or
    if git cannot tell what was released before.
    """
    compilation = compile_project(root, hints=False)
    findings = select(compilation.findings)
    if not all(map(_may_be_released, findings)):
        message = f"nothing was released: a release must have no errors or warnings; found {count_problems(findings)}"
        raise Rejected(*findings, message=message)
    _check(compilation, root, name)
    releases = compilation.project.lock.releases
    earlier = tuple(_earlier(root, name, compilation.published))
    _check_deletions(compilation, earlier)
    since = [earlier_build(one.name, one.compilation) for one in earlier]
    built = build(root, (), output, Receipt(), release=name, earlier=since)
    if built.failed:
        raise Rejected(*built.findings, message=f"nothing was released; {count_problems(built.findings)}")
    assert built.publication is not None
    releases = {name: str(clock.today()), **releases}
    return Release(name, releases[name], built, earlier, releases, bool(git.commit_of(root, f"refs/tags/{name}")))


def _may_be_released(found: Diagnostic) -> bool:
    """Whether a release may have a finding. A file that an adopted note shows may be missing, since learners never had
    it."""
    return found.rule == MEDIA_NOT_FOUND.name and found.severity is Severity.WARNING


def _check(compilation: Compilation, root: Path, name: str) -> None:
    """Raise Failure if this state of a project cannot be released under a name."""
    project, published = compilation.project, compilation.published
    lock, recorded = project.lock, name in project.lock.releases
    if str(compilation.publication(clock.now()).lock) != project.lock_text:
        raise Failure(f"{LOCK_FILE} is not up to date: run 'deckgen build', commit {LOCK_FILE}, and try again")
    project.require_deck()
    if published.obstacles:
        raise Failure(f"nothing was released: {published.obstacles[0]}")
    if published.committed_text is None:
        raise Failure("a release needs git, which records what learners have: run 'git init' and commit your files")
    tagged = git.commit_of(root, f"refs/tags/{name}")
    if tagged and not recorded:
        raise Failure(f"the tag {name} already exists and is not a release: choose another name")
    if tagged and tagged != git.commit_of(root, "HEAD"):
        raise Failure(f"the release {name} already exists: choose another name, or check out its tag to make it again")
    is_unchanged = published.committed_text == project.lock_text
    if not is_unchanged and not (recorded and _is_release_of(lock, published.committed_text, name)):
        raise Failure(f"{LOCK_FILE} has changes that are not committed: commit it, and try again")
    if not _is_committed(compilation, root):
        message = "the last commit does not have all sources of these cards"
        ways = f"run 'git add {short_path(root)}' and 'git commit', and try again"
        raise Failure(f"{message}: {ways}; 'git status --ignored' lists files that git ignores")


def _is_release_of(lock: Lock, committed_text: str, name: str) -> bool:
    """Whether a lock is the committed one with a release, which may have given notes other times and card numbers."""
    with suppress(BadLine):
        committed = parse(committed_text)
        if name not in committed.releases:
            recorded = committed._replace(releases={**committed.releases, name: lock.releases[name]})
            return _contents(lock) == _contents(recorded)
    return False


def _contents(lock: Lock) -> tuple[object, ...]:
    """What a lock says, without the times and card numbers of notes."""
    lines = [{name: {line.hash for line in of} for name, of in part.items()} for part in (lock.notes, lock.types)]
    return (*lines, lock.namespace, lock.names, lock.releases, lock.adopted)


def _is_committed(compilation: Compilation, root: Path) -> bool:
    """Whether the sources in HEAD make the same packages; 'git commit -a' leaves new files out."""
    try:
        committed = compile_at(root, "HEAD")
    except Failure:  # its sources have errors, such as a picture that is missing
        return False
    return _packed(compilation) == _packed(committed)


def _packed(compilation: Compilation) -> tuple[object, ...]:
    """What goes into the packages of a compilation, without the times of changes."""
    packages, tag = compilation.packages, compilation.project.settings.tag
    types = {type_hash(note_type, tag) for package in packages for note_type in used_note_types(package)}
    decks = [
        (package.name, deck.name, deck.description, deck.places, [(note.id, content_hash(note)) for note in deck.notes])
        for package in packages
        for deck in package.decks
    ]
    return types, decks, compilation.lock_names


def _check_deletions(compilation: Compilation, earlier: Sequence[EarlierRelease]) -> None:
    """Raise Rejected if a cloze deletion has another number than in the last release."""
    report = Report()
    for last in earlier[:1]:
        released = {note.identity.guid: note for note in last.compilation.notes}
        check_deletions(compilation.notes, released, last.name, report)
    if report.has_errors:
        raise Rejected(*report, message=f"nothing was released; {count_problems(list(report))}")


def _earlier(root: Path, name: str, published: Published) -> Iterator[EarlierRelease]:
    """The latest releases before this one whose sources can be compiled today, the last one first."""
    dates = published.releases
    names = [tag for tag in git.newest_first(root, published.history.releases) if tag in dates and tag != name]
    for tag in names[:EARLIER_RELEASES]:
        compilation = _compile(root, tag)
        if compilation:
            yield EarlierRelease(tag, dates[tag], compilation)


def _compile(root: Path, tag: str) -> Compilation | None:
    try:
        return compile_at(root, tag, "learners who have it import the whole deck")
    except Failure as failure:
        warn(f"there will be no packages with what is new since {tag}: {failure.message}")
        return None
