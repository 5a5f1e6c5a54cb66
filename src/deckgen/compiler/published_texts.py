"""Published texts: which contents of a note learners may have, and what they said.

The lock has a hash of each note's content. Earlier versions of the lock, in git's history, have the hashes of earlier
contents; to get the texts themselves, the sources of that commit are compiled again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from deckgen.cards.note import Note, content_hash
from deckgen.compiler.history import earlier_notes
from deckgen.core.location import repository_of
from deckgen.core.terminal import Failure
from deckgen.project import git
from deckgen.project.git_process import GitError
from deckgen.project.lock import LOCK_FILE, MAX_LOCK_BYTES
from deckgen.project.lock_lines import parse_note
from deckgen.publication.published import Published

MAX_COMMITS = 40
"""How many earlier states of a project are compiled; each costs as much as a first build."""


@dataclass(frozen=True)
class PublishedHashes:
    """The content hashes that some notes were ever published with.

    ``commits`` has, by note id and hash, a commit with that text, or an empty string if there is none. ``latest`` has
    the hashes that were published last, ``since`` the time when that was (seconds since 1970). Unless ``is_complete``,
    some of the lock's history could not be read, and hashes may be missing.
    """

    root: Path
    commits: Mapping[str, Mapping[str, str]]
    latest: Mapping[str, frozenset[str]]
    since: Mapping[str, int]
    is_complete: bool
    remarks: tuple[str, ...] = ()

    def has(self, id: str, hash: str) -> bool:
        """Whether a note was ever published with the content that has this hash."""
        return hash in self.commits.get(id, {})

    def texts(self, notes: Collection[Note]) -> dict[str, dict[str, Note | None]]:
        """The published versions of some notes, by id and hash; None for a version that cannot be compiled again."""
        wanted: dict[str, set[str]] = defaultdict(set)
        found: dict[str, dict[str, Note | None]] = {}
        for note in notes:
            commits = self.commits.get(note.id, {})
            found[note.id] = dict.fromkeys(commits)
            now = content_hash(note)
            for hash, commit in commits.items():
                if hash == now:
                    found[note.id][hash] = note
                else:
                    wanted[commit].add(note.id)
        wanted.pop("", None)
        most_first = sorted(wanted, key=lambda commit: (-len(wanted[commit]), commit))
        for commit in most_first[:MAX_COMMITS]:
            if all(found[id][hash] for id in wanted[commit] for hash, of in self.commits[id].items() if of == commit):
                continue
            try:
                notes = earlier_notes(self.root, commit)
            except Failure:
                continue
            for note in notes:
                if note.id in found and (hash := content_hash(note)) in found[note.id]:
                    found[note.id][hash] = note
        return found


def published_hashes(published: Published, ids: Iterable[str]) -> PublishedHashes:
    """Read every version of the lock in the history of HEAD and of all tags, for some notes."""
    ids = frozenset(ids)
    commits: dict[str, dict[str, str]] = {}
    remarks = list(published.remarks)
    for id in ids:
        commits[id] = {line.hash: "" for line in published.notes.get(id, ())}
    is_shallow = published.history.is_shallow
    is_complete = not is_shallow and repository_of(published.root) is not None
    if ids and repository_of(published.root):
        try:
            versions = {hash: f"refs/tags/{tag}" for tag, (hash, is_own) in published.history.tagged.items() if is_own}
            versions |= git.versions(published.root, LOCK_FILE, "--tags")  # none from before the project was moved
            for commit, data in zip(
                versions.values(), git.read_versions(published.root, list(versions), MAX_LOCK_BYTES), strict=True
            ):
                for id, hash in _hashes(data.decode(errors="replace"), ids):
                    commits[id][hash] = commits[id].get(hash) or commit
        except GitError as failure:
            is_complete = False
            remarks.append(f"the history of {LOCK_FILE} could not be read: {failure}")
    since = {id: max(line.modified for line in published.notes[id]) for id in ids if id in published.notes}
    latest = {
        id: frozenset(line.hash for line in published.notes[id] if line.modified == moment)
        for id, moment in since.items()
    }
    return PublishedHashes(published.root, commits, latest, since, is_complete, tuple(dict.fromkeys(remarks)))


def _hashes(lock: str, ids: Collection[str]) -> Iterable[tuple[str, str]]:
    for line in lock.splitlines():
        if line.startswith("note ") and line.split(" ", 2)[1] in ids:
            try:
                note = parse_note(line)
            except ValueError:
                continue
            yield note.id, note.hash
