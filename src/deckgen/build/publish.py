"""Publishing: today's notes against those published before, and the lock that results.

Only a note that says something else than before gets the time of today. What would strand learners is an error: an id
that is gone, another namespace, a note type whose fields or templates changed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import chain
from operator import sub
from typing import NamedTuple

from deckgen.cards.note import Note, NoteType, content_hash
from deckgen.core import clock
from deckgen.core.diagnostics import Position, Report
from deckgen.language import rules
from deckgen.project import lock as locks
from deckgen.project.location import shown
from deckgen.project.lock import FILE, Lock, NoteLine, TypeLine, line_of
from deckgen.project.project import Project

CLOCK_TOLERANCE = 60
"""Seconds that the clocks of two machines may differ."""

ID_STEP = 32
"""Milliseconds between the ids of two notes in a package: a card's id is its note's plus its ordinal."""


def check_published(notes: Sequence[Note], project: Project, report: Report) -> None:
    """Report what was published and could not be updated in learners' collections."""
    lock, published = project.lock, project.lock.notes
    if lock.namespace and project.file.namespace and lock.namespace != project.file.namespace:
        message = f"the published cards have the namespace '{lock.namespace}', found '{project.file.namespace}'"
        help = "put it back: with another one every card is a new card to Anki, and learners keep the old ones beside"
        report.add(rules.NAMESPACE_CHANGED, project.file.position, message, help)
    found = 0
    for note in notes if published else ():
        lines = published.get(note.identity.id)
        if lines is None:
            continue
        found += 1
        for line in lines:
            if line.note_type != note.note_type.name:
                _report_other_type(note, line, report)
    if found < len(published):
        _report_vanished(notes, project, report)
    for note_type in {note.note_type for note in notes}:
        for known_type in lock.types.get(note_type.name, ()):
            if (known_type.fields, known_type.templates) != _shape(note_type):
                place = Position(shown(project.root / FILE), line_of(project.lock_text, f"type {note_type.name} "))
                message = f"the note type '{note_type.name}' was published with other fields or templates"
                help = "use the deckgen that published it: Anki would refuse to update learners' notes of this type"
                report.add(rules.NOTE_TYPE_CHANGED, place, message, help)


def _report_vanished(notes: Sequence[Note], project: Project, report: Report) -> None:
    published, known = project.lock.notes, {note.identity.id for note in notes}
    vanished, added = sorted(published.keys() - known), sorted(known - published.keys())
    for id in vanished:
        place = Position(shown(project.root / FILE), line_of(project.lock_text, f"note {id} "))
        entry = "/".join(id.split("/")[:2])
        message = f"'{id}' was published, but no source has it{report.did_you_mean(id, added)}"
        help = (
            f"renamed? write 'was: {entry.partition('/')[2]}' under the new id; taken out? run: "
            f"deckgen retire {id} --reason '…'"
        )
        report.add(rules.VANISHED_ID, place, message, help)


def _report_other_type(note: Note, line: NoteLine, report: Report) -> None:
    message = f"'{note.identity.label}' was published as a {line.note_type}, and is a {note.note_type.name} now"
    help = (
        "learners' cards cannot become of another sort: put back what it was, or write the new one under "
        f"another id (of a procedure, under `facts`) and run: deckgen retire {note.id} --reason '…'"
    )
    report.add(rules.OTHER_NOTE_TYPE, note.identity.position, message, help)


def check_clock(lock: Lock, now: int, project: Project, report: Report, *, needed: bool) -> None:
    """Report times in the lock that the clock has not reached: one of the two is wrong.

    It is an error only where something is to be stamped: a learner's own edit always loses against a later time.
    """
    latest, start = latest_time(lock)
    if latest > now + CLOCK_TOLERANCE:
        place = Position(shown(project.root / FILE), line_of(project.lock_text, start))
        message = f"this was published at {_readable(latest)}, but the clock says {_readable(now)}"
        help = "set the clock of this machine; if it is right, the time in this line is wrong: put in the clock's"
        report.add(rules.CLOCK_BEHIND if needed else rules.FUTURE_TIME, place, message, help)
    elif needed and now < clock.EARLIEST:
        place = Position(shown(project.root / FILE))
        message = f"the clock says {_readable(now)}, when there was no deck yet"
        report.add(rules.CLOCK_BEHIND, place, message, "set the clock of this machine, or SOURCE_DATE_EPOCH")


def check_readable(lock: Lock, lock_text: str, project: Project, report: Report) -> None:
    """Report a lock that could not be read again: too large, or with ids that are too low."""
    if any(line.created < locks.EARLIEST_ID for (line,) in lock.notes.values()):
        place = Position(shown(project.root / FILE))
        message = "the next notes would have ids from before there were decks, since so many lines have the earliest"
        report.add(rules.BAD_LOCK, place, message, "take the lock from an earlier commit")
    size = len(lock_text.encode())
    if size > locks.MAX_BYTES:
        place = Position(shown(project.root / FILE))
        message = f"the lock would have {size:,} bytes; at most {locks.MAX_BYTES:,} are read"
        report.add(rules.FILE_TOO_LARGE, place, message, "split the project in two, each with a namespace of its own")


def latest_time(lock: Lock) -> tuple[int, str]:
    """The latest time in a lock, and what the line that has it begins with."""
    times = [line.modified for own in lock.notes.values() for line in own]
    times += [line.modified for own in lock.types.values() for line in own]
    latest = max(times, default=0)
    notes = (f"note {line.id} " for own in lock.notes.values() for line in own if line.modified == latest)
    types = (f"type {line.name} " for own in lock.types.values() for line in own if line.modified == latest)
    return latest, next(chain(notes, types), "")


def _readable(seconds: int) -> str:
    import datetime

    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).strftime("%Y-%m-%d %H:%M:%S UTC")


def _shape(note_type: NoteType) -> tuple[tuple[str, ...], tuple[str, ...]]:
    fields = tuple(field.name for field in note_type.fields)
    return fields, tuple(template.name for template in note_type.templates)


def type_hash(note_type: NoteType) -> str:
    """Everything of a note type that Anki replaces when a newer one comes."""
    content = repr((note_type.name, note_type.fields, note_type.templates, note_type.css, note_type.cloze))
    return hashlib.sha256(content.encode()).hexdigest()[:16]


class Publication(NamedTuple):
    """A new lock, and how it differs from the one before: the ids of notes, sorted, how many others there are, and the
    names of note types."""

    lock: Lock
    new: tuple[str, ...]
    changed: tuple[str, ...]
    retired: tuple[str, ...]
    unchanged: int
    types: tuple[str, ...]


def publish(project: Project, living: Sequence[Note], retired: Sequence[Note], now: int) -> Publication:
    """The lock after these notes are published at a time: only what changed gets it."""
    old, published = project.lock, project.lock.notes
    new: dict[str, tuple[Note, str]] = {}
    lines: dict[str, NoteLine] = {}  # of those whose line is not what it was: there may be very many others
    changed: set[str] = set()
    moments: list[int] = []
    for note in (*living, *retired):
        id, hash = note.identity.id, note.hash or content_hash(note)
        known = published.get(id)
        if known is None:
            new[id] = note, hash
            continue
        line = known[0] if len(known) == 1 else _settled(known, hash)
        if line.hash != hash:
            changed.add(id)
            newest = max(one.modified for one in known)
            line = line.published(hash, max(now, newest + 1))
        line = line.of(note.note_type.name, note.numbers)
        if line is not known[0] or len(known) > 1:
            lines[id] = line
        moments.append(line.created)
    lines |= _first_lines(new.values(), moments, now)
    moments += [lines[id].created for id in new]
    everything = {**published, **{id: (line,) for id, line in lines.items()}}
    if len(everything) > len(moments):  # the lock has notes that are no more
        everything = {note.id: everything[note.id] for note in (*living, *retired)}
    if not _is_spread(moments):
        everything = _spread(everything)
    note_types = {note.note_type for note in (*living, *retired)}
    types = {note_type.name: _type_line(old, note_type, now) for note_type in note_types}
    gone = {note.id for note in retired}
    return Publication(
        Lock(project.file.namespace, everything, {**old.types, **{name: (line,) for name, line in types.items()}}),
        new=tuple(sorted(new)),
        changed=tuple(sorted(changed - gone)),
        retired=tuple(sorted(changed & gone)),
        unchanged=len(living) - len(changed - gone) - len(new.keys() - gone),
        types=tuple(sorted(name for name, line in types.items() if old.types.get(name, (line,)) != (line,))),
    )


def _settled(lines: Sequence[NoteLine], hash: str) -> NoteLine:
    """One line of those that a merge left for a note: the oldest with today's content, else the newest."""
    matching = [line for line in lines if line.hash == hash]
    line = min(matching, key=_modified) if matching else max(lines, key=_modified)
    return line.created_at(min(one.created for one in lines))


def _modified(line: NoteLine | TypeLine) -> int:
    return line.modified


def _first_lines(new: Collection[tuple[Note, str]], taken: Sequence[int], now: int) -> dict[str, NoteLine]:
    """Lines for new notes. Their ids are moments in the past that no other note has, in the order of the sources."""
    start = now * 1000 - len(new) * ID_STEP
    if taken and start <= max(taken) + ID_STEP:
        start = min(taken) - len(new) * ID_STEP
    return {
        note.id: NoteLine(note.id, note.note_type.name, hash, now, start + place * ID_STEP, note.numbers)
        for place, (note, hash) in enumerate(new)
    }


def _is_spread(moments: Iterable[int]) -> bool:
    """Whether ids are far enough apart."""
    moments = sorted(moments)
    return min(map(sub, moments[1:], moments), default=ID_STEP) >= ID_STEP


def _spread(lines: Mapping[str, tuple[NoteLine, ...]]) -> dict[str, tuple[NoteLine, ...]]:
    """Lines whose ids are far enough apart: of two notes that two branches gave one moment, one gets an earlier."""
    spread: dict[str, tuple[NoteLine, ...]] = {}
    floor = min([line.created for (line,) in lines.values()])
    last = floor - ID_STEP
    for line in sorted([line for (line,) in lines.values()], key=lambda line: (line.created, line.id)):
        if line.created - last < ID_STEP:
            floor -= ID_STEP
            spread[line.id] = (line.created_at(floor),)
        else:
            spread[line.id] = (line,)
            last = line.created
    return spread


def _type_line(lock: Lock, note_type: NoteType, now: int) -> TypeLine:
    own = lock.types.get(note_type.name, ())
    hash = type_hash(note_type)
    matching = [line for line in own if line.hash == hash]
    if matching:
        return min(matching, key=_modified)
    modified = max([now, *(line.modified + 1 for line in own)])
    return TypeLine(note_type.name, hash, modified, *_shape(note_type))
