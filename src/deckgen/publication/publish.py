"""Compare today's notes with the published ones, and make the new lock.

Only a note whose content changed gets a new time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from operator import attrgetter, sub
from typing import NamedTuple

from deckgen.cards.note import ID_STEP, Note, content_hash
from deckgen.cards.note_type import NoteType, type_hash
from deckgen.project.lock import Lock
from deckgen.project.lock_lines import NoteLine, TypeLine
from deckgen.project.project import Project
from deckgen.publication.published import Published


class Publication(NamedTuple):
    """A new lock, and how it differs from the old one: the sorted ids of notes, and the names of changed note types.

    ``restamped`` notes have the same text as in the lock, but get a later time, since git's history shows that learners
    may have another text with a later time than the lock's. ``dropped`` notes were built but never released, and no
    longer exist.
    """

    lock: Lock
    new: tuple[str, ...]
    changed: tuple[str, ...]
    retired: tuple[str, ...]
    restamped: tuple[str, ...]
    dropped: tuple[str, ...]
    unchanged: int
    types: tuple[str, ...]

    def note_changes(self) -> list[str]:
        """Each note that changed, as ``new: faq/x``."""
        states = ("new", "changed", "retired", "restamped", "dropped")
        return [f"{state}: {id}" for state in states for id in getattr(self, state)]

    def changes(self) -> list[str]:
        """Each note and note type that changed."""
        return [*self.note_changes(), *[f"changed: the note type {name}" for name in self.types]]

    def summary(self) -> str:
        """``1 new, 0 changed, 0 retired, 138 unchanged``, and other states if there are any."""
        counts = [f"{len(getattr(self, state)):,} {state}" for state in ("new", "changed", "retired")]
        counts.append(f"{self.unchanged:,} unchanged")
        if self.restamped:
            counts.append(f"{len(self.restamped):,} restamped (old text restored)")
        if self.dropped:
            counts.append(f"{len(self.dropped):,} dropped (never released)")
        return ", ".join(counts)


def publish(
    project: Project,
    published: Published,
    lock_names: Mapping[str, str],
    living: Sequence[Note],
    retired: Sequence[Note],
    now: int,
) -> Publication:
    """Make the lock that publishes these notes and names. Only notes that changed get the time ``now``, or a later time
    if learners may already have a later one."""
    lock_notes = project.lock.notes
    new: list[Note] = []
    lines: dict[str, NoteLine] = {}  # only the lines that changed
    ids: dict[str, set[str]] = {"changed": set(), "restamped": set(), "": set()}
    moments: list[int] = []
    for note in (*living, *retired):
        id = note.identity.id
        known = published.notes.get(id)
        if known is None:
            new.append(note)
            continue
        in_lock = lock_notes.get(id, ())
        line, state = _next_line(note, known, in_lock, published, now)
        ids[state].add(id)
        if len(in_lock) != 1 or line is not in_lock[0]:
            lines[id] = line
        moments.append(line.created)
    lines |= _first_lines(new, moments, now)
    moments += [lines[note.id].created for note in new]
    everything = {**lock_notes, **{id: (line,) for id, line in lines.items()}}
    dropped: set[str] = set()
    if len(everything) > len(moments):  # the lock has notes that no longer exist
        everything = {note.id: everything[note.id] for note in (*living, *retired)}
        dropped = lock_notes.keys() - everything.keys()
    if not _is_spread(moments):
        everything = _spread(everything)
    note_types = {note.note_type for note in (*living, *retired)}
    types = {note_type.name: _type_line(published, note_type, project.settings.tag, now) for note_type in note_types}
    lock_types = project.lock.types
    new_ids, changed, restamped = {note.id for note in new}, ids["changed"], ids["restamped"]
    retired_ids = {note.id for note in retired}
    return Publication(
        Lock(
            project.settings.namespace,
            everything,
            {**lock_types, **{name: (line,) for name, line in types.items()}},
            {key: (name,) for key, name in lock_names.items()},
            published.releases,
            project.lock.adopted,
        ),
        new=tuple(sorted(new_ids)),
        changed=tuple(sorted(changed - retired_ids)),
        retired=tuple(sorted((changed | restamped) & retired_ids)),
        restamped=tuple(sorted(restamped - retired_ids)),
        dropped=tuple(sorted(dropped)),
        unchanged=len(living) - len((changed | restamped) - retired_ids) - len(new),
        types=tuple(sorted(name for name, line in types.items() if line not in lock_types.get(name, (line,)))),
    )


def _next_line(
    note: Note, known: Sequence[NoteLine], in_lock: Sequence[NoteLine], published: Published, now: int
) -> tuple[NoteLine, str]:
    """The new line of a note whose ``known`` lines are given, and its state: ``changed``, ``restamped`` or empty. If
    nothing differs, it is the known line itself."""
    hash = content_hash(note)
    line = known[0] if len(known) == 1 else _merged(known)
    state = ""
    if _needs_later_time(hash, known):
        state = "restamped" if len(in_lock) == 1 and in_lock[0].hash == hash else "changed"
        # A line that nobody committed, with a time that has not come, was built a moment ago or with a wrong clock.
        must_be_later = line.modified < now or len(known) > 1 or published.is_committed(line)
        line = line.with_content(hash, max(now, line.modified + 1) if must_be_later else now)
    return line.with_type(note.note_type.name, note.numbers, note.removed_cards), state


def _needs_later_time(hash: str, known: Sequence[NoteLine | TypeLine]) -> bool:
    """Whether a learner may have other content with the latest known time. Anki replaces only content that is older
    than what it imports."""
    if len(known) == 1:
        return known[0].hash != hash
    newest = max(line.modified for line in known)
    return any(line.hash != hash for line in known if line.modified == newest)


def _merged(lines: Sequence[NoteLine]) -> NoteLine:
    """The newest of the lines that a merge left for a note, with the time of the first publication."""
    return max(lines, key=attrgetter("modified")).with_created(min(one.created for one in lines))


def _first_lines(new: Sequence[Note], taken: Sequence[int], now: int) -> dict[str, NoteLine]:
    """Lines for new notes. Their ids are times in the past that no other note has, in the order of the sources."""
    start = now * 1000 - len(new) * ID_STEP
    if taken and start <= max(taken) + ID_STEP:
        start = min(taken) - len(new) * ID_STEP
    lines: dict[str, NoteLine] = {}
    for index, note in enumerate(new):
        created, type_name = start + index * ID_STEP, note.note_type.name
        hash = content_hash(note)
        lines[note.id] = NoteLine(note.id, type_name, hash, now, created, note.numbers, note.removed_cards)
    return lines


def _is_spread(moments: Iterable[int]) -> bool:
    """Whether ids are far enough apart."""
    moments = sorted(moments)
    return min(map(sub, moments[1:], moments), default=ID_STEP) >= ID_STEP


def _spread(lines: Mapping[str, tuple[NoteLine, ...]]) -> dict[str, tuple[NoteLine, ...]]:
    """Move ids apart: if two branches gave two notes the same time, one of the notes gets an earlier one."""
    spread: dict[str, tuple[NoteLine, ...]] = {}
    floor = min([line.created for (line,) in lines.values()])
    last = floor - ID_STEP
    for line in sorted([line for (line,) in lines.values()], key=lambda line: (line.created, line.id)):
        if line.created - last < ID_STEP:
            floor -= ID_STEP
            spread[line.id] = (line.with_created(floor),)
        else:
            spread[line.id] = (line,)
            last = line.created
    return spread


def _type_line(published: Published, note_type: NoteType, tag: str, now: int) -> TypeLine:
    known = published.types.get(note_type.name, ())
    hash = type_hash(note_type, tag)
    if known and not _needs_later_time(hash, known):
        return max(known, key=attrgetter("modified"))
    modified = max([now, *(line.modified + 1 for line in known)])
    return TypeLine(note_type.name, hash, modified, note_type.field_names, note_type.template_names)
