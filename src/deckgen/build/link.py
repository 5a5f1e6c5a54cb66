"""What depends on more than one file: ids that must differ, entries taken for each other, acronyms that two share.

Works on notes alone, so that files need not be read again to link them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence

from deckgen.cards.note import CARD_NUMBERS, SEPARATOR, Note
from deckgen.cards.note_types import lists
from deckgen.cards.note_types.resource import NOTE_TYPE as RESOURCE
from deckgen.cards.template import card_numbers, card_ords
from deckgen.core.diagnostics import Report
from deckgen.language import rules
from deckgen.language.records import MAX_LISTED
from deckgen.project.lock import Lock, NoteLine, numbers_of

_ACRONYM = RESOURCE.index("Acronym asked")


def link(notes: Sequence[Note], lock: Lock, report: Report) -> list[Note]:
    """The notes with the fields filled in that depend on other notes, and with the cards that each of them has."""
    if len({note.identity.id for note in notes}) < len(notes):
        _check_ids(notes, report)
    confusable = _confusable(notes, report)
    acronyms = Counter([note.acronym for note in notes if note.acronym])
    shared = {acronym for acronym, count in acronyms.items() if count > 1}
    if confusable or shared:
        notes = [_told_apart(note, confusable.get(note.identity.entry, ()), shared) for note in notes]
    published = lock.notes
    return [_numbered(note, published.get(note.identity.id, ()), report) for note in notes]


def _check_ids(notes: Sequence[Note], report: Report) -> None:
    first: dict[str, Note] = {}
    for note in notes:
        earlier = first.setdefault(note.id, note)
        if earlier is not note:
            message = f"the id of {note.identity.entry} is taken: see {earlier.identity.position}"
            report.add(
                rules.DUPLICATE_ID, note.identity.position, message, "choose another id for the newer of the two"
            )


def _confusable(notes: Sequence[Note], report: Report) -> Mapping[str, Iterable[str]]:
    """For each entry the titles of those that it is taken for; who names one is named by it as well."""
    if not any(note.identity.confuse_with for note in notes):
        return {}
    titles = {note.identity.entry: note.identity.title for note in notes}
    others: dict[str, dict[str, str]] = defaultdict(dict)
    for note in notes:
        own = note.identity.entry
        for other in note.identity.confuse_with:
            if other.id in titles and other.id != own:
                others[own][other.id] = titles[other.id]
                others[other.id][own] = note.identity.title
            else:
                kind, _, id = other.id.partition("/")
                known = (entry.partition("/")[2] for entry in titles if entry.startswith(f"{kind}/"))
                message = f"there is no other {kind} with the id '{id}'{report.did_you_mean(id, known)}"
                report.add(rules.UNKNOWN_ENTRY, other.position, message)
    for note in notes:
        count = len(others.get(note.identity.entry, ()))
        if count > MAX_LISTED:
            message = f"expected at most {MAX_LISTED} entries that are taken for this one, found {count:,}"
            report.add(rules.TOO_MANY, note.identity.position, message)
            del others[note.identity.entry]
    return {entry: [named[id] for id in sorted(named)] for entry, named in others.items()}


def _told_apart(note: Note, others: Iterable[str], shared: Container[str]) -> Note:
    """A note that names those it is taken for, and whose acronym is not asked if another has it."""
    is_shared = note.acronym in shared
    if not others and not is_shared:
        return note
    fields = list(note.fields)
    if others:
        fields[note.note_type.index("Confusable")] = "; ".join(others)
    if is_shared:
        fields[_ACRONYM] = ""  # the card would have two right answers
        cards = card_ords(note.note_type, fields)
        return note.changed(SEPARATOR.join(fields), cards=cards, numbers=card_numbers(note.note_type, cards))
    return note.changed(SEPARATOR.join(fields))


def _numbered(note: Note, published: Sequence[NoteLine], report: Report) -> Note:
    """A note whose cards have the numbers that learners know them by, of the lines that the lock has of it."""
    known = numbers_of(published)
    if known and known != note.numbers:
        if note.note_type.cloze:
            note = lists.renumbered(note, known)
        elif not known.keys() <= note.numbers.keys():
            note = note.changed(note.text, numbers={**known, **note.numbers})
    if note.note_type.cloze and (highest := max(note.numbers.values())) > CARD_NUMBERS:
        message = f"its cards, with those it had before, need {highest} numbers; a note has {CARD_NUMBERS}"
        help = "retire the entry and write it anew under another id, or split it in two: numbers are never used twice"
        report.add(rules.NO_CARD_NUMBER, note.identity.position, message, help)
    if not note.cards:
        message = "expected something that makes a card, such as a role, a purpose or an acronym of its own"
        report.add(rules.NO_CARD, note.identity.position, message)
    return note
