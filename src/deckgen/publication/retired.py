"""Retired entries: removed from the decks, but still in the collections of those who learned them.

Anki never deletes a note because a package no longer has it. So learners get a text file that says why each entry was
retired and what replaces it, with a search that finds its cards in Anki.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Container, Mapping, Sequence

from deckgen.cards.note import SEPARATOR, Identity, Note, guid
from deckgen.core import rules
from deckgen.core.diagnostics import Position, Report
from deckgen.language.keys import key, record
from deckgen.language.patterns import Date, EntryPath
from deckgen.language.values import MarkupText
from deckgen.project.lock_lines import NoteLine
from deckgen.project.project import Project
from deckgen.publication.published import Published
from deckgen.text.escaping import escape
from deckgen.text.markup import Markup

RETIRED_SECTION = "retired"


@record
class Retired:
    """What an author, or ``deckgen retire``, writes for a retired entry."""

    position: Position
    id: str = key(EntryPath(), "The kind and id of the entry, such as faq/old-question, or of one note of it.")
    reason: Markup = key(MarkupText(), "Why it was retired, for learners to read.")
    title: Markup | None = key(MarkupText(), "What it asked, so that learners recognize it.", default=None)
    successor: str | None = key(EntryPath(), "The kind and id of the entry that replaces it.", default=None)
    on: str | None = key(Date(), "When it was retired.", default=None)


def retired_notes(
    retired: Mapping[str, Sequence[Retired]],
    notes: Sequence[Note],
    project: Project,
    published: Published,
    report: Report,
) -> dict[str, tuple[Note, ...]]:
    """The published notes of retired entries, each with its notice, by deck name. Impossible retirements are
    reported."""
    if not any(retired.values()):
        return dict.fromkeys(retired, ())
    living = {above for note in notes for above in _prefixes(note.id)[1:]}  # ids as they were first released
    titles = {note.identity.entry: note.identity.title for note in notes}
    renamed = {_first_id(note.identity): note.identity.entry for note in notes}
    ids: dict[str, list[str]] = defaultdict(list)  # by the id that is retired
    named = {entry.id for entries in retired.values() for entry in entries}
    for id in published.notes:
        above = [prefix for prefix in _prefixes(id) if prefix in named]
        if above:  # a note that was retired by itself is not retired again with its entry
            ids[above[-1]].append(id)
    seen: set[str] = set()
    made: dict[str, tuple[Note, ...]] = {}
    for deck, entries in retired.items():
        of_deck: list[Note] = []
        for entry in entries:
            if _can_be_retired(entry, living, titles, renamed, seen, report):
                notice = _notice(entry, titles)
                lines = [_last_line(id, published) for id in ids[entry.id]]
                for line in lines:
                    if line.note_type in project.note_types:
                        numbers = published.numbers(line.id, line.note_type)
                        of_deck.append(_note(entry, line, numbers, notice, project))
                    elif published.is_released(line.id) and not report.has_errors:  # one in its type tells more
                        message = f"'{line.id}' has the note type '{line.note_type}', which is gone"
                        help = "restore its folder: the note type of a released note stays, even if the note is retired"
                        report.add(rules.UNKNOWN_NOTE_TYPE, entry.position, message, help)
            seen.add(entry.id)
        made[deck] = tuple(of_deck)
    return made


def _last_line(id: str, published: Published) -> NoteLine:
    """The last known line of a published note; one of the type that was released, if a branch built it as another."""
    types = published.types_of(id)
    return next(line for line in reversed(published.notes[id]) if line.note_type in types)


def _prefixes(id: str) -> list[str]:
    """The id of a note and its beginnings, the shortest first: kind, entry, and so on."""
    parts = id.split("/")
    return ["/".join(parts[:count]) for count in range(1, len(parts) + 1)]


def _can_be_retired(
    entry: Retired,
    living: Container[str],
    titles: Collection[str],
    renamed: Mapping[str, str],
    seen: Container[str],
    report: Report,
) -> bool:
    """Whether an entry can be retired; reported if not."""
    if entry.id in living:
        message = f"'{entry.id}' is retired here, but an entry still has this id"
        help = "give the entry another id: learners' cards still have this one"
        report.add(rules.RETIRED_ID, entry.position, message, help)
    elif entry.id in seen:
        report.add(rules.DUPLICATE_ID, entry.position, f"'{entry.id}' is retired twice", "delete one of the two")
    elif entry.successor is not None and entry.successor not in titles:
        if entry.successor in renamed:
            message = f"'{entry.successor}' was renamed; did you mean '{renamed[entry.successor]}'?"
        else:
            message = f"there is no entry '{entry.successor}'{report.did_you_mean(entry.successor, titles)}"
        report.add(rules.UNKNOWN_ENTRY, entry.position, message, "'deckgen list' lists the entries")
    else:
        return True
    return False


def _first_id(identity: Identity) -> str:
    """The kind and id under which the entry of a note was first published."""
    return identity.id.removesuffix(identity.label.removeprefix(identity.entry))


def _notice(entry: Retired, titles: dict[str, str]) -> str:
    on = f" on {entry.on}" if entry.on else ""
    successor = f" Replaced by: {titles[entry.successor]} ({entry.successor})." if entry.successor else ""
    return f"Retired{on}: {entry.reason.html}{successor}"


def _note(entry: Retired, line: NoteLine, numbers: Mapping[str, int], notice: str, project: Project) -> Note:
    """A note with the notice as its content. Publishing it records that content in the lock; learners get it as text,
    not as a note."""
    note_type = project.note_types[line.note_type]
    title = entry.title.html if entry.title else escape(line.id)
    fields = dict.fromkeys((field.name for field in note_type.fields), "")
    if note_type.has_shared_field("Notice"):
        fields |= {note_type.fields[0].name: title, "Notice": notice, "Id": escape(line.id)}
    else:
        fields[note_type.fields[0].name] = notice
    kind = line.id.partition("/")[0]
    tags = (f"{project.settings.tag}::{RETIRED_SECTION}", f"{project.settings.tag}::kind::{kind}")
    identity = Identity(
        id=line.id,
        guid=project.lock.adopted.get(line.id) or guid(project.settings.namespace, line.id),
        label=line.id,
        kind=kind,
        entry=entry.id,
        domain="",
        title=title,
        tags=tags,
        confuse_with=(),
        position=entry.position,
    )
    return Note(
        identity,
        note_type,
        SEPARATOR.join(fields.values()),
        media=(entry.title.media if entry.title else ()) + entry.reason.media,
        cards=tuple(sorted(number - 1 for number in numbers.values())),
        numbers=numbers,
    )
