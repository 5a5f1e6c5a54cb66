"""Compare the cloze deletions of notes with those of a release: each keeps its number, by which Anki knows its card.

The lock has the numbers of cards but not their texts, so this takes the compiled sources of both.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from deckgen.cards import cloze
from deckgen.cards.note import Note
from deckgen.cards.plain_text import field_text
from deckgen.core import rules
from deckgen.core.diagnostics import Report

MAX_SHOWN = 60
"""Characters of a deletion that a message shows."""


class Renumbered(NamedTuple):
    """A text that a deletion hides, the number that it had, and the number that it has."""

    text: str
    before: int
    now: int


def check_deletions(notes: Sequence[Note], released: Mapping[str, Note], release: str, report: Report) -> None:
    """Report each note whose deletions have other numbers than in a release; ``released`` has its notes by guid."""
    for note in notes:
        earlier = released.get(note.identity.guid)
        if earlier is None or earlier.text == note.text or not _has_deletions(note) or not _has_deletions(earlier):
            continue
        moved = list(renumbered(earlier, note))
        if moved:
            first = moved[0]
            text = field_text(first.text)[:MAX_SHOWN]
            message = f"'{text}' was c{first.before} in {release}, and is now c{first.now}: cards would change places"
            numbers = ", ".join(f"c{one.now} back to c{one.before}" for one in moved)
            help = f"change {numbers}; numbers can be in any order in the text, and a new deletion gets the next one"
            report.add(rules.CLOZE_RENUMBERED, note.identity.position, message, help)


def renumbered(before: Note, now: Note) -> Iterator[Renumbered]:
    """The deletions that have another number than before."""
    old, new = _hidden(before), _hidden(now)
    numbers = {text: number for number, text in old.items()}
    for number, text in new.items():
        was = numbers.get(text)
        if was is not None and old.get(number) != text and new.get(was) != text:
            yield Renumbered(text, was, number)


def _has_deletions(note: Note) -> bool:
    return note.note_type.cloze and not note.note_type.numbered_fields


def _hidden(note: Note) -> dict[int, str]:
    """What each number of a note's deletions hides."""
    return {
        ord + 1: " … ".join(part for field in note.fields for part in cloze.hidden(field, ord + 1))
        for ord in note.cards
    }
