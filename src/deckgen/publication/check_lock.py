"""Checks against the lock: report changes that Anki could not apply to learners' collections, and wrong clocks.

``check_times`` and ``check_published`` come before publication, ``check_publication`` checks the new lock.
``compiler/check_changes`` warns of changes that Anki does apply, but perhaps not as the author expects.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from deckgen.cards.note import Note
from deckgen.cards.note_type import NoteType
from deckgen.core import clock, rules
from deckgen.core.diagnostics import Diagnostic, Position, Report, listed
from deckgen.core.location import short_path
from deckgen.project import git
from deckgen.project import lock as locks
from deckgen.project.git_process import GitError
from deckgen.project.lock import LOCK_FILE, Lock
from deckgen.project.lock_lines import NoteLine
from deckgen.project.lock_places import line_of, times
from deckgen.project.project import Project
from deckgen.publication.card_numbers import keeps_numbers
from deckgen.publication.publish import Publication
from deckgen.publication.published import Published

_IGNORE = "if nobody imported that build, ignore this: the next build forgets it; otherwise: "

MAX_NAMED = 5
"""The most notes that are named in one message."""

MAX_SOUGHT = 3
"""The most entries that are sought in git's history, which takes a third of a millisecond for each commit."""


def check_publication(
    publication: Publication, project: Project, lock_text: str, numbered: Sequence[str], *, locked: bool
) -> tuple[Diagnostic, ...]:
    """Find reasons not to record a publication in the lock, whose new text would be ``lock_text``. The
    last build had the notes ``numbered``, whose card numbers only the lock knows."""
    report = Report()
    if lost := sorted(set(numbered).intersection(publication.new)):
        position = _position_in_lock(project)
        message = (
            f"the lines of {listed(lost, MAX_NAMED)} are lost, so cards that learners have may now ask for other items"
        )
        report.add(rules.LOST_LINE, position, message, f"restore {LOCK_FILE} from a copy, and build again")
    if locked and lock_text != project.lock_text:
        position = _position_in_lock(project)
        message = ", ".join(publication.changes()) or "its lines must be put in order after a merge"
        help = "run 'deckgen build' without --locked, and commit deckgen.lock"
        report.add(rules.LOCK_OUTDATED, position, f"the lock is not up to date ({message})", help)
    _check_readable(publication.lock, lock_text, project, report)
    return tuple(report)


def check_published(notes: Sequence[Note], project: Project, published: Published, report: Report) -> None:
    """Report published notes that could no longer be updated in learners' collections."""
    lock, known = project.lock, published.notes
    if lock.namespace and project.settings.namespace and lock.namespace != project.settings.namespace:
        message = (
            f"deckgen.lock has the namespace '{lock.namespace}', but deckgen.yaml has '{project.settings.namespace}'"
        )
        help = "put it back: with another namespace Anki sees every card as new, and learners get each card twice"
        report.add(rules.NAMESPACE_CHANGED, project.settings.position, message, help)
    found = 0
    changed_cloze: set[NoteType] = set()
    for note in notes if known else ():
        lines = known.get(note.identity.id)
        if lines is None:
            continue
        found += 1
        for line in lines:
            if line.note_type != note.note_type.name:
                if line.note_type in published.types_of(note.id):
                    _report_other_type(note, line, published, report)
            elif _changed_cloze(note, lines):
                changed_cloze.add(note.note_type)
            elif len(lines) == 1 and not keeps_numbers(note, line.numbers):  # a merge may have left several
                position = _position_of("note", note.identity.id, project)
                message = f"the card numbers of '{note.identity.label}' are wrong: the line was edited by hand"
                report.add(rules.BAD_LOCK, position, message, "take the lock from an earlier commit")
    if found < len(known):
        _report_vanished(notes, project, published, report)
    for note_type in sorted({note.note_type for note in notes}, key=lambda note_type: note_type.name):
        _check_type(note_type, note_type in changed_cloze, project, published, report)


def _check_type(
    note_type: NoteType, changed_cloze: bool, project: Project, published: Published, report: Report
) -> None:
    """Report a released note type that changed; before the first release, warn of one that was only built."""
    structure = (note_type.field_names, note_type.template_names)
    known = published.types.get(note_type.name, ())
    others = [line for line in known if (line.fields, line.templates) != structure]
    if others and (not note_type.is_from_project or any(map(published.is_released_type, others))):
        way = (
            "restore them, or make another note type"
            if note_type.is_from_project
            else "use the deckgen that released it"
        )
        help = f"{way}: Anki would refuse to update learners' notes of this type"
        message = f"the note type '{note_type.name}' was released with other fields or templates"
        report.add(rules.NOTE_TYPE_CHANGED, _position_of("type", note_type.name, project), message, help)
    elif changed_cloze and any(map(published.is_released_type, known)):
        message = f"the note type '{note_type.name}' was released {'without' if note_type.cloze else 'with'} `cloze`"
        help = "undo the change, or make another note type: learners' cards would ask for something else"
        report.add(rules.NOTE_TYPE_CHANGED, _position_of("type", note_type.name, project), message, help)
    elif not published.has_releases and set(others).intersection(project.lock.types.get(note_type.name, ())):
        help = f"{_IGNORE}restore them, since Anki would refuse to update the notes"
        message = f"the note type '{note_type.name}' was built with other fields or templates"
        report.add(rules.DROPPED_ID, _position_of("type", note_type.name, project), message, help)


def _position_of(kind: str, name: str, project: Project) -> Position:
    """Where the lock has the line of a kind, such as ``note``, about a name."""
    return _position_in_lock(project, line_of(project.lock_text, kind, name))


def _position_in_lock(project: Project, line: int = 1) -> Position:
    return Position(short_path(project.root / LOCK_FILE), line)


def _changed_cloze(note: Note, lines: Sequence[NoteLine]) -> bool:
    """Whether the cards of a note were made by deletions and are now made by templates, or the other way round."""
    if not note.note_type.is_from_project:  # deckgen's own types never change
        return False
    published = [card for line in lines for card in line.numbers.items()]
    made_by_deletions = all(card == f"c{number}" for card, number in published)
    return bool(published) and made_by_deletions != note.note_type.cloze


def _report_vanished(notes: Sequence[Note], project: Project, published: Published, report: Report) -> None:
    """Report published notes that no source makes any more; if no note of an entry is left, report the entry once.
    After a release, only released notes are reported; before the first one, every note that was built, as a warning."""
    built, known = project.lock.notes, {note.identity.id for note in notes}
    entries = {_entry(id) for id in known}
    added = sorted(known - published.notes.keys())
    elsewhere = [name for name in published.history.releases if name not in published.releases]
    reported: set[str] = set()
    for id in sorted(published.notes.keys() - known):
        released = published.is_released(id)
        missing = id if _entry(id) in entries else _entry(id)
        if missing in reported or not (released or (id in built and not published.has_releases)):
            continue
        reported.add(missing)
        position = _position_of("note", id, project)
        possible = added if missing == id else sorted({_entry(one) for one in added} - entries)
        near = report.did_you_mean(missing, possible)
        may_be_found = len(reported) <= MAX_SOUGHT and any(map(published.is_committed, published.notes[id]))
        was_in = _where_it_was(missing, notes, project) if may_be_found else ""
        ways = f"if you deleted it, run: deckgen retire {missing} --reason '…'"
        if missing != id or missing.count("/") != 2:  # a facet such as the risks of a procedure has no other name
            ways = f"if you renamed it, write 'was: {missing.rpartition('/')[2]}' under the new id; {ways}"
        if elsewhere and id not in built:
            ways = f"if the branch of {' or '.join(elsewhere[-MAX_NAMED:])} has it, merge that branch; {ways}"
        if released:
            report.add(
                rules.VANISHED_ID, position, f"'{missing}' was released, but no source has it{was_in}{near}", ways
            )
        else:
            message = f"'{missing}' was in an earlier build, but no source has it{was_in}{near}"
            report.add(rules.DROPPED_ID, position, message, f"{_IGNORE}{ways}")


def _where_it_was(id: str, notes: Sequence[Note], project: Project) -> str:
    """``; it was in decks/demo/cards.yaml``: where the entry of a missing note is, or where git last saw it; empty if
    neither is known."""
    sibling = next((note for note in notes if _entry(note.id) == _entry(id)), None)
    if sibling:
        return f"; see {sibling.identity.position.path}:{sibling.identity.position.line}"
    with suppress(GitError):
        line = f"(id|was): *[\"']?{id.partition('/')[2]}[\"']?([ ,}}]|$)"
        files = [project.root / file for file in git.last_files_with(project.root, line, "*.yaml")]
        files = [file for file in files if file.exists()] or files  # a commit that moved it names both
        return f"; it was in {' or '.join(map(short_path, files[:2]))}" if files else ""
    return ""


def _entry(id: str) -> str:
    """The kind and id of the entry that makes a note."""
    return "/".join(id.split("/", 2)[:2])


def _report_other_type(note: Note, line: NoteLine, published: Published, report: Report) -> None:
    """Report a released note that has another type now; before the first release, warn of one that was only built."""
    old, new = line.note_type, note.note_type.name
    help = (
        "Anki cannot change the type of a note that learners have: restore the entry, or write the new one under "
        f"another id (in a procedure, under `facts`) and run: deckgen retire {note.id} --reason '…'"
    )
    if published.is_released(note.id):
        message = f"'{note.identity.label}' was released as a {old}, but is now a {new}"
        report.add(rules.OTHER_NOTE_TYPE, note.identity.position, message, help)
    elif not published.has_releases:
        message = f"'{note.identity.label}' was built as a {old}, but is now a {new}"
        report.add(rules.DROPPED_ID, note.identity.position, message, f"{_IGNORE}{help}")


MAX_LATER = 20
"""If more times in the lock are later than the clock, it is the clock that is wrong."""


def check_times(project: Project, now: int, report: Report) -> None:
    """Report every time in the lock that no build can have written. If the clock itself is wrong, report only that.

    Anki would ignore a correction whose time is too early, and every correction after one whose time is in the future.
    """
    name = short_path(project.root / LOCK_FILE)
    if now < clock.EARLIEST:
        message = f"the clock says {clock.readable(now)}, which is before deckgen existed"
        report.add(rules.CLOCK_BEHIND, Position(name), message, "set the clock of this machine, or SOURCE_DATE_EPOCH")
        return
    first, last = clock.EARLIEST, now + clock.TOLERANCE
    earliest, latest = locks.span(project.lock)
    if first <= earliest and latest <= last:
        return
    wrong = [time for time in times(project.lock_text) if not first <= time.seconds <= last]
    if sum(time.seconds > last for time in wrong) > MAX_LATER:
        until = clock.readable(latest)
        message = f"the clock says {clock.readable(now)}, but many times in {LOCK_FILE} are later, up to {until}"
        help = f"set the clock of this machine; if it is right, take {LOCK_FILE} from an earlier commit"
        report.add(rules.CLOCK_BEHIND, Position(name), message, help)
        return
    expected = f"expected a time between {clock.readable(first)} and now, {clock.readable(now)}"
    for time in wrong:
        right = now * time.units
        help = f"take this line from an earlier commit of {LOCK_FILE}, or replace {time.digits} with {right}"
        if time.seconds > last:
            help = f"set the clock of this machine; if it is right, {help}"
        message = f"{expected}; found {clock.readable(time.seconds)}"
        report.add(rules.LOCK_TIME, Position(name, time.line, time.column), message, help)


def _check_readable(lock: Lock, lock_text: str, project: Project, report: Report) -> None:
    """Report a lock that deckgen could not read again because it is too large or its ids are too low."""
    if any(line.created < 1000 * clock.EARLIEST for (line,) in lock.notes.values()):
        position = _position_in_lock(project)
        message = "new notes would get ids earlier than any deck, since too many lines have the earliest possible time"
        report.add(rules.BAD_LOCK, position, message, "take the lock from an earlier commit")
    size = len(lock_text.encode())
    if size > locks.MAX_LOCK_BYTES:
        position = _position_in_lock(project)
        message = f"the lock would have {size:,} bytes; at most {locks.MAX_LOCK_BYTES:,} are read"
        report.add(
            rules.FILE_TOO_LARGE, position, message, "split the project in two, each with a namespace of its own"
        )
