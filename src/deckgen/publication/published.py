"""What learners may have of a project: the lines of its lock, and those that git's history of the lock adds.

A revert, a merge or a lost file can remove lines from the lock although learners have the notes. So the lines of all
releases in the history of HEAD count as published, too, and those of releases that the lock records, wherever their
tags are; in a project without releases, those of all committed locks. A release is a tag whose lock records that
release; until the first one is tagged, every commit whose lock records it.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from deckgen.core import clock
from deckgen.core.location import repository_of
from deckgen.core.terminal import count
from deckgen.project import cache as caches
from deckgen.project import git
from deckgen.project.git_process import GitError
from deckgen.project.lock import LOCK_FILE, MAX_LOCK_BYTES, Lock
from deckgen.project.lock_lines import NoteLine, TypeLine
from deckgen.project.project import Project
from deckgen.publication.card_numbers import published_numbers
from deckgen.publication.lock_history import (
    LockHistory,
    load_history,
    parsed_line,
    update_history,
)


@dataclass(frozen=True, eq=False)
class Published:
    """The lines of a lock and those that its history adds, by note id, by note type and by the name of a release.
    ``released`` are the lines of released notes. ``remarks`` say why the history may be incomplete;
    ``obstacles`` are those that prevent a release."""

    root: Path
    lock: Lock
    notes: Mapping[str, tuple[NoteLine, ...]]
    types: Mapping[str, tuple[TypeLine, ...]]
    releases: Mapping[str, str]
    released: Mapping[str, tuple[NoteLine, ...]]
    history: LockHistory
    remarks: tuple[str, ...] = ()
    obstacles: tuple[str, ...] = ()

    @property
    def has_releases(self) -> bool:
        return bool(self.releases)

    def is_released(self, id: str) -> bool:
        """Whether a release has a note. If the lock records a release that git's history does not have, nobody can tell
        what is in it, so every note counts as released. A release that is not committed yet has the notes of the
        lock."""
        if self._has_unseen_release:
            return True
        return (bool(self._unseen) and id in self.lock.notes) or (
            bool(self.history.releases) and id in self._ids_in_history
        )

    def is_released_type(self, line: TypeLine) -> bool:
        """Whether a release has a note type with the fields and templates of a line."""
        if self._has_unseen_release:
            return True
        return (bool(self._unseen) and line in self.lock.types.get(line.name, ())) or (
            bool(self.history.releases) and str(line) in self.history.lines
        )

    @cached_property
    def _has_unseen_release(self) -> bool:
        """Whether a release is committed that git's history does not have, or may be, since there is no git."""
        unseen = self._unseen
        return bool(unseen) and (self.committed_text is None or bool(_committed_of(unseen, self.committed_text)))

    @cached_property
    def _unseen(self) -> Set[str]:
        """The releases that the lock records and that git's history does not have."""
        return self.lock.releases.keys() - set(self.history.releases)

    def is_known(self, id: str) -> bool:
        """Whether learners may have a note: it is in a release or, without releases, in any build."""
        return id in self.notes and (self.is_released(id) or not self.has_releases)

    def has_entry(self, id: str) -> bool:
        """Whether learners may have a note of an entry, or the note with this id."""
        return any(self.is_known(note) for note in self.notes if f"{note}/".startswith(f"{id}/"))

    @cached_property
    def _ids_in_history(self) -> frozenset[str]:
        return frozenset(line.split(" ", 2)[1] for line in self.history.lines if line.startswith("note "))

    def types_of(self, id: str) -> frozenset[str]:
        """The types that a note has in releases, if any is known; otherwise those of all its lines. A branch may have
        built it as another type than the one that was released."""
        return frozenset(line.note_type for line in self.released.get(id) or self.notes[id])

    def numbers(self, id: str, note_type: str) -> Mapping[str, int]:
        """The number of each card that a note of a type ever had. Before its release, a note can have had another type,
        whose cards are not cards of this one."""
        lines, released = self.notes.get(id, ()), self.released.get(id, ())
        if lines and {line.note_type for line in lines} != {note_type}:
            lines = tuple([line for line in lines if line.note_type == note_type])
            released = tuple([line for line in released if line.note_type == note_type])
        return published_numbers(lines, released)

    def is_committed(self, line: NoteLine) -> bool:
        """Whether a line was committed; without git, every line counts as committed."""
        return self._committed is None or str(line) in self._committed

    @cached_property
    def _committed(self) -> frozenset[str] | None:
        if self.committed_text is None:
            return None
        return frozenset(self.committed_text.splitlines()).union(self.history.lines)

    @cached_property
    def committed_text(self) -> str | None:
        """The lock that HEAD has; empty if it has none, None without git."""
        try:
            return git.read_at(self.root, "HEAD", f"./{LOCK_FILE}", MAX_LOCK_BYTES)
        except GitError:
            return None


def read_published(project: Project, *, everywhere: bool = False) -> Published:
    """Read what was published: with ``everywhere``, in the releases of all branches."""
    root, lock, namespace = project.root.resolve(), project.lock, project.settings.namespace
    recorded = sorted(lock.releases)
    if repository_of(root) is None:
        return _combined(root, lock, project.lock_text, LockHistory(), ())
    obstacles: list[str] = []
    history = LockHistory()
    try:
        state = git.state(root)
        with caches.of_project(root) as cache:
            history = LockHistory() if everywhere else load_history(cache)
            if (history.state, history.namespace, history.recorded) != (state, namespace, recorded):
                history = update_history(history, root, state, namespace, recorded, everywhere=everywhere)
                if not everywhere:
                    cache.put(caches.LOCK_HISTORY, json.dumps(history._replace(tagged=dict(history.tagged))).encode())
        if history.is_shallow:
            obstacles.append(
                "this clone is shallow: earlier releases may be missing; run 'git fetch --unshallow --tags'"
            )
        elif lock.namespace == namespace and (unseen := _without_tag(root, lock, history)):
            obstacles.append(_missing_tag(root, unseen[0]))
    except GitError as failure:
        obstacles.append(f"the history of {LOCK_FILE} could not be read: {failure}")
    published = _combined(root, lock, project.lock_text, history, obstacles)
    return _since_releases(replace(published, releases=lock.releases)) if everywhere else published


def _since_releases(published: Published) -> Published:
    """What a new release is compared with: for each released note and note type, the content and time of the last
    release. What was built in between counts only for its card numbers: text that was taken back is no reason to
    replace what learners have, and text that changed gets the time of the new release, since learners may have imported
    the last one after it was built."""
    if not published.history.releases:
        return published
    notes, types = dict(published.notes), dict(published.types)
    released: dict[str, list[NoteLine]] = defaultdict(list)
    released_types: dict[str, list[TypeLine]] = defaultdict(list)
    for line in map(parsed_line, published.history.lines):
        if isinstance(line, NoteLine):
            released[line.id].append(line)
        elif isinstance(line, TypeLine):
            released_types[line.name].append(line)
    for id, last in released.items():
        notes[id] = tuple([line.with_content(one.hash, one.modified) for one in last for line in notes[id]])
    types |= {name: tuple(last) for name, last in released_types.items()}
    return replace(published, notes=notes, types=types)


def _without_tag(root: Path, lock: Lock, history: LockHistory) -> list[str]:
    """The releases of a lock that have no tag. A release that is not committed yet does not count: it is tagged after
    the commit."""
    unseen = sorted(lock.releases.keys() - set(history.releases))
    committed = git.read_at(root, "HEAD", f"./{LOCK_FILE}", MAX_LOCK_BYTES) if unseen else ""
    return _committed_of(unseen, committed)


def _missing_tag(root: Path, release: str) -> str:
    """The remark that a release has no tag, and what to do."""
    if git.commit_of(root, f"refs/tags/{release}"):
        message = f"the tag {release} is on a commit whose {LOCK_FILE} does not record that release"
        return f"{message}: run 'git tag --force {release} COMMIT' with the commit that records it"
    return f"git has no tag for the release {release}: run 'git fetch --tags', or tag its commit"


def _committed_of(releases: Iterable[str], committed: str) -> list[str]:
    """Those of some releases that a committed lock records."""
    return [name for name in releases if f"\nrelease {name} " in committed]


def _combined(root: Path, lock: Lock, lock_text: str, history: LockHistory, obstacles: Sequence[str]) -> Published:
    """Add the lines of the history to those of the lock, except those that the lock already includes. Of a note with a
    time in the future, only the card numbers count."""
    notes, types, releases = dict(lock.notes), dict(lock.types), dict(lock.releases)
    released: dict[str, tuple[NoteLine, ...]] = {}
    in_lock = set(lock_text.splitlines())
    merged = {id for id, lines in lock.notes.items() if len(lines) > 1}
    latest = clock.now() + clock.TOLERANCE
    future: list[int] = []
    for text in history.lines:
        if text in in_lock and not (merged and text.split(" ", 2)[1] in merged):
            continue
        line = parsed_line(text)
        if isinstance(line, NoteLine):
            known = lock.notes.get(line.id, ())
            if line.modified > latest:
                future.append(line.modified)
                line = line.with_content("", clock.EARLIEST)
            if not (len(known) == 1 and _includes(known[0], line, other_type=not history.releases)):
                notes[line.id] = (*notes.get(line.id, ()), line)
                if history.releases:
                    released[line.id] = (*released.get(line.id, ()), line)
        elif isinstance(line, TypeLine):
            if line.modified > latest:
                future.append(line.modified)
            else:
                types[line.name] = (*types.get(line.name, ()), line)
        elif line is not None and line[0] in history.releases:
            releases.setdefault(*line)
    remarks = list(obstacles)
    if history.invalid:
        remarks.append(f"skipped {count(history.invalid, 'invalid line')} in earlier versions of {LOCK_FILE}")
    if future:
        remarks.append(_ahead(len(future), max(future), is_released=bool(history.releases)))
        obstacles = (*obstacles, remarks[-1]) if history.releases else obstacles
    return Published(root, lock, notes, types, releases, released, history, tuple(remarks), tuple(obstacles))


def _ahead(lines: int, latest: int, *, is_released: bool) -> str:
    """The remark about times in the future, and what to do."""
    remark = f"earlier versions of {LOCK_FILE} have {count(lines, 'line')} with times in the future, up to "
    remark += f"{clock.readable(latest)}: if the clock of this machine is wrong, set it"
    if is_released:
        remark += (
            "; if it is right, a release was made with a wrong clock, and learners who imported it get no newer texts "
            "until that time: wait and release again, or delete that release's tag and its line in the lock, and build"
        )
    return remark


def _includes(line: NoteLine, earlier: NoteLine, *, other_type: bool) -> bool:
    """Whether a line says everything that an earlier one says, which may be of an ``other_type`` if it was never
    released."""
    newer = line.modified > earlier.modified or (line.modified == earlier.modified and line.hash == earlier.hash)
    has_cards = earlier.numbers.items() <= line.numbers.items() or (other_type and line.note_type != earlier.note_type)
    return newer and line.created <= earlier.created and has_cards
