"""The history of a lock in git: the lines that earlier versions add to it. It is read once, and then cached.

Whole versions of the lock are read, not diffs, so that neither a merge nor a git setting can hide a line.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from time import time
from types import MappingProxyType
from typing import NamedTuple, TypeVar

from deckgen.core import clock
from deckgen.core.diagnostics import Report
from deckgen.core.location import PROJECT_FILE
from deckgen.project import cache as caches
from deckgen.project import git
from deckgen.project.lock import CONFLICT, FORMAT, LOCK_FILE, MAX_LOCK_BYTES
from deckgen.project.lock_lines import NoteLine, TypeLine, parse_note, parse_release, parse_type
from deckgen.project.project import load
from deckgen.publication.card_numbers import published_numbers

L = TypeVar("L", NoteLine, TypeLine)


class LockHistory(NamedTuple):
    """The lines that the history of a lock adds to it, in the form in which they are cached.

    ``state`` is the state of the repository when it was read. ``tagged`` has, for each tag, the hash of the lock at
    that tag, and whether that lock records the tag as a release. ``counted`` are the hashes of the versions whose lines
    count as published, and ``lines`` are those lines: the newest ones of each note and note type. ``releases`` are the
    tags that are releases, ``recorded`` are the releases that the lock records, and ``invalid`` is the number of lines
    that cannot be read."""

    state: str = ""
    namespace: str = ""
    releases: Sequence[str] = ()
    tagged: Mapping[str, tuple[str, bool]] = MappingProxyType({})
    counted: Sequence[str] = ()
    lines: Sequence[str] = ()
    invalid: int = 0
    recorded: Sequence[str] = ()

    @property
    def is_shallow(self) -> bool:
        """Whether the clone lacks earlier commits."""
        return self.state.startswith("true")


def load_history(cache: caches.Cache) -> LockHistory:
    data = cache.get(caches.LOCK_HISTORY)
    try:
        return LockHistory(*json.loads(data)) if data else LockHistory()
    except (ValueError, TypeError, RecursionError):
        return LockHistory()


def update_history(
    history: LockHistory, root: Path, state: str, namespace: str, recorded: Sequence[str], *, everywhere: bool
) -> LockHistory:
    """Read the versions of the lock that are new since an earlier state of the repository. The releases that the lock
    has ``recorded`` count wherever their tags are: a branch may have been squashed or rebased after its release. With
    ``everywhere``, all releases do, and not only those in the history of HEAD."""
    if state.count("\n") < 2:  # no commit yet
        return LockHistory(state, namespace)
    if history.namespace != namespace:
        history = LockHistory()
    tags = git.tags(root, merged=not everywhere)
    if not everywhere and not set(tags).issuperset(recorded):
        tags += sorted(set(git.tags(root, merged=False)).intersection(recorded).difference(tags))
    hashes = _locks_at(root, tags, _HERE)
    _add_moved(hashes, root, tags if everywhere else recorded, namespace)
    tagged = {tag: known for tag, known in history.tagged.items() if known[0] == hashes.get(tag)}
    unknown: dict[str, list[str]] = defaultdict(list)
    for tag in tags:
        if hashes[tag] and tag not in tagged:
            unknown[hashes[tag]].append(tag)
    lines: set[str] = set()
    read: set[str] = set()
    for hash, text in _versions(root, unknown, namespace):
        tagged |= {tag: (hash, f"\nrelease {tag} " in text) for tag in unknown[hash]}
        if any(tagged[tag][1] for tag in unknown[hash]):
            lines.update(text.split("\n"))
            read.add(hash)
    releases = [tag for tag in tags if tag in tagged and tagged[tag][1]]
    counted = {hashes[tag] for tag in releases} or _before_the_first_tag(root, namespace)
    known = set(history.counted) if counted.issuperset(history.counted) else set()
    for _, text in _versions(root, counted - known - read, namespace):
        lines.update(text.split("\n"))
    lines.update(history.lines if known else ())
    kept, invalid = _reduced(lines)
    invalid += history.invalid if known else 0
    return LockHistory(state, namespace, releases, tagged, sorted(counted), kept, invalid, recorded)


_HERE = f"./{LOCK_FILE}"


def _locks_at(root: Path, tags: Sequence[str], path: str) -> dict[str, str]:
    """The hash of the lock at each of some tags; empty for one without it."""
    return dict(zip(tags, git.versions_at(root, [f"refs/tags/{tag}" for tag in tags], path), strict=True))


def _add_moved(hashes: dict[str, str], root: Path, tags: Sequence[str], namespace: str) -> None:
    """Find the locks of some tags at which the project was in another folder of the repository."""
    missing = [tag for tag in tags if hashes.get(tag) == ""]
    for path in git.tagged_paths(root, LOCK_FILE) if missing else ():
        found = _locks_at(root, missing, path)
        own = {hash for hash, text in _versions(root, {*found.values()} - {""}, namespace) if text}
        hashes.update((tag, hash) for tag, hash in found.items() if hash in own)
        missing = [tag for tag in missing if not hashes[tag]]


def folder_at(root: Path, reference: str) -> str:
    """The folder of a project at a commit, as part of a path for git: ``./``, or from the top of the repository if it
    was moved since. A lock with the project's namespace tells which one it was. Raises GitError."""
    commit = git.commit_of(root, reference)
    if not commit or git.versions_at(root, [commit], f"./{PROJECT_FILE}") != [""]:
        return "./"
    namespace = load(root, Report()).settings.namespace
    for path in git.paths_at(root, commit, LOCK_FILE):
        hashes = set(git.versions_at(root, [commit], path)) - {""}
        if any(text for _, text in _versions(root, hashes, namespace)):
            return path.removesuffix(LOCK_FILE)
    return "./"


def _before_the_first_tag(root: Path, namespace: str) -> set[str]:
    """The versions of the lock that count until a release is tagged: all of them or, if HEAD records a release, those
    that record one. Learners never had what was dropped before that release."""
    versions, (head,) = set(git.versions(root, LOCK_FILE)), git.versions_at(root, ["HEAD"], _HERE)

    def recording_a_release(hashes: Iterable[str]) -> set[str]:
        return {hash for hash, text in _versions(root, hashes, namespace) if "\nrelease " in text}

    return recording_a_release(versions) if head and recording_a_release([head]) else versions


def _versions(root: Path, hashes: Iterable[str], namespace: str) -> Iterator[tuple[str, str]]:
    """The hash and text of some versions of the lock; the text is empty if the format or the namespace is another."""
    hashes = sorted(hashes)
    for hash, data in zip(hashes, git.read_versions(root, hashes, MAX_LOCK_BYTES) if hashes else (), strict=True):
        text = f"\n{data.decode(errors='replace')}"
        yield hash, text if f"\nformat {FORMAT}\n" in text and f"\nnamespace {namespace}\n" in text else ""


_OTHER = ("#", "format ", "adopted ", "namespace ", "name ", *CONFLICT)
"""The beginnings of lines that are skipped and do not count as invalid."""


def _reduced(lines: Iterable[str]) -> tuple[list[str], int]:
    """The newest lines of every note and note type, sorted, with all of the note's card numbers and the time of its
    first publication, the lines with times in the future, and the lines of releases; and the number of lines that are
    invalid."""
    notes: dict[str, list[NoteLine]] = defaultdict(list)
    types: dict[str, list[TypeLine]] = defaultdict(list)
    kept: list[str] = []
    invalid = 0
    latest = time() + clock.TOLERANCE  # by the real clock: the result is cached for builds with other clocks
    for text in lines:
        line = parsed_line(text)
        if isinstance(line, NoteLine | TypeLine) and line.modified > latest:
            kept.append(text)
        elif isinstance(line, NoteLine):
            notes[line.id].append(line)
        elif isinstance(line, TypeLine):
            types[line.name].append(line)
        elif line is not None:
            kept.append(text)
        elif text.strip() and not text.startswith(_OTHER):
            invalid += 1
    kept += [str(line) for of_type in types.values() for line in _newest(of_type)]
    for of_note in notes.values():
        created = min(line.created for line in of_note)
        for line in _newest(of_note):
            numbers = published_numbers([one for one in of_note if one.note_type == line.note_type])
            kept.append(str(line.with_created(created).with_type(line.note_type, numbers)))
    return sorted(set(kept)), invalid


def parsed_line(text: str) -> NoteLine | TypeLine | tuple[str, str] | None:
    """The line of a note or a note type, or the name and date of a release; None for a line that is none of these."""
    try:
        if text.startswith("note "):
            return parse_note(text)
        if text.startswith("type "):
            return parse_type(text)
        return parse_release(text) if text.startswith("release ") else None
    except ValueError:
        return None


def _newest(lines: Sequence[L]) -> list[L]:
    latest = max(line.modified for line in lines)
    return [line for line in lines if line.modified == latest]
