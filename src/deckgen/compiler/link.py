"""Link the notes of all files: unique ids, entries that are easily confused, shared acronyms, card numbers."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence

from deckgen.cards.note import Note
from deckgen.cards.note_type import MAX_CARDS
from deckgen.cards.template import with_cards
from deckgen.core import rules
from deckgen.core.diagnostics import Report
from deckgen.kinds.items import NEWER_ID
from deckgen.language.records import MAX_LISTED
from deckgen.publication.card_numbers import with_card_numbers
from deckgen.publication.published import Published


def link(notes: Sequence[Note], published: Published, report: Report) -> list[Note]:
    """Fill in what depends on other notes, and assign every note's card numbers."""
    ids, labels = {note.identity.id for note in notes}, {note.identity.label for note in notes}
    if min(len(ids), len(labels)) < len(notes):
        _check_ids(notes, report)
    confusable = _confusable(notes, report)
    acronyms = Counter([note.acronym for note in notes if note.acronym])
    shared = {acronym for acronym, count in acronyms.items() if count > 1}
    if confusable or shared:
        notes = [_disambiguated(note, confusable.get(note.identity.entry, ()), shared) for note in notes]
    linked = [with_card_numbers(note, published.numbers(note.identity.id, note.note_type.name)) for note in notes]
    for note in linked:
        _check_cards(note, published, report)
    return linked


def _check_ids(notes: Sequence[Note], report: Report) -> None:
    """Report notes that share an id with another note: the current id, or the one under which it was first released."""
    first: dict[str, Note] = {}
    labelled: dict[str, Note] = {}
    for note in notes:
        identity = note.identity
        earlier = first.setdefault(identity.id, note)
        if earlier is note:
            earlier = labelled.setdefault(identity.label, note)
        if earlier is not note:
            message = f"the id of {identity.entry} is already used: see {earlier.identity.position}"
            report.add(rules.DUPLICATE_ID, identity.position, message, NEWER_ID)


def _confusable(notes: Sequence[Note], report: Report) -> Mapping[str, Iterable[str]]:
    """For each entry, the titles of the entries it is easily confused with. The relation is symmetric."""
    if not any(note.identity.confuse_with for note in notes):
        return {}
    titles = {note.identity.entry: note.identity.title for note in notes}
    others: dict[str, dict[str, str]] = defaultdict(dict)
    for note in notes:
        entry = note.identity.entry
        for other in note.identity.confuse_with:
            if other.id in titles and other.id != entry:
                others[entry][other.id] = titles[other.id]
                others[other.id][entry] = note.identity.title
            else:
                kind, _, id = other.id.partition("/")
                known = (one.partition("/")[2] for one in titles if one.startswith(f"{kind}/") and one != entry)
                message = f"there is no other {kind} with the id '{id}'{report.did_you_mean(id, known)}"
                help = f"'deckgen list --kind {kind}' lists them"
                report.add(rules.UNKNOWN_ENTRY, other.position, message, help)
    for note in notes:
        count = len(others.get(note.identity.entry, ()))
        if count > MAX_LISTED:
            message = f"expected at most {MAX_LISTED} entries that are confused with this one, found {count:,}"
            report.add(rules.TOO_MANY, note.identity.position, message)
            del others[note.identity.entry]
    return {entry: [named[id] for id in sorted(named)] for entry, named in others.items()}


def _disambiguated(note: Note, others: Iterable[str], shared: Container[str]) -> Note:
    """Name the entries that a note is confused with, and do not ask for an acronym that another note shares."""
    is_shared = note.acronym in shared
    if not others and not is_shared:
        return note
    fields = list(note.fields)
    if others and note.note_type.has_shared_field("Confusable"):
        fields[note.note_type.index("Confusable")] = "; ".join(others)
    if is_shared:
        fields[note.note_type.index("Acronym asked")] = ""  # the card would have two right answers
    return with_cards(note.with_fields(fields), note.note_type)


def _check_cards(note: Note, published: Published, report: Report) -> None:
    if note.note_type.numbered_fields and (highest := max(note.numbers.values())) > MAX_CARDS:
        message = f"its cards, including those it used to have, need {highest} numbers; a note has {MAX_CARDS}"
        help = "retire the entry and write it again under another id, or split it in two: numbers are never reused"
        report.add(rules.NO_CARD_NUMBER, note.identity.position, message, help)
    if note.note_type.is_numbered_by_author:
        _check_deletions(note, published, report)
    if not note.cards:
        message = "expected something that makes a card, such as a role, a purpose or an acronym of its own"
        help = "add one of these keys"
        if note.note_type.is_from_project:
            message = f"no template of the note type '{note.note_type.title}' makes a card of these fields"
            help = "fill in a field that the front of a template shows"
            if note.note_type.cloze:
                help = "write {{c1::…}} around what is asked, in a field that the front shows with {{cloze:FIELD}}"
        report.add(rules.NO_CARD, note.identity.position, message, help)


def _check_deletions(note: Note, published: Published, report: Report) -> None:
    """Warn of a gap below the number of a new deletion. A published or adopted deletion keeps its number: with another
    number, it would take over the schedule of another card."""
    used = {ord + 1 for ord in note.cards} | set(note.numbers.values())
    if len(used) == max(used, default=0) or note.id in published.lock.adopted:
        return
    new = used.difference(published.numbers(note.id, note.note_type.name).values())
    missing = next((number for number in range(1, max(new, default=1)) if number not in used), None)
    if missing:
        message = f"expected a deletion with the number {missing}, found {', '.join(f'c{n}' for n in sorted(used))}"
        help = f"change c{max(new)} to c{missing}: numbers must not have gaps, but can be in any order in the text"
        report.add(rules.CLOZE_GAP, note.identity.position, message, help)
