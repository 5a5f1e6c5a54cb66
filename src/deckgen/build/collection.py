"""The database of a package: what it brings to a learner's collection.

Its notes stand in runs, whose pages are the same in every build as long as nothing of a run changes; so they can be
kept, and most of a large database need not be written again.
"""

from __future__ import annotations

import functools
import hashlib
import struct
from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple

from deckgen.build.database import Leaf, Pages, first_page, record, varint
from deckgen.build.deflated import Piece, deflate
from deckgen.build.models import Edition, deck_id, decks_json, models_json, schema_and_col
from deckgen.cards.note import Note, NoteType, Package, cuts, joined
from deckgen.core.processes import at_once
from deckgen.project.lock import NoteLine

# --- runs of notes ----------------------------------------------------------------------------------------------------


class Run(NamedTuple):
    """Notes that stand together in the database, in the order of their ids, with what the lock says of each, its deck
    and its place; and a hash of all that goes into it."""

    digest: str
    notes: Sequence[Note]
    lines: Sequence[NoteLine]
    decks: Sequence[int]
    places: Sequence[int]


def runs_of(package: Package, edition: Edition) -> list[Run]:
    """The notes of a package in runs."""
    stamps = edition.lock.notes
    notes = [note for deck in package.decks for note in deck.notes]
    lines = [stamps[note.identity.id][0] for note in notes]
    decks = [number for deck in package.decks for number in [deck_id(deck.name)] * len(deck.notes)]
    places = [place for deck in package.decks for place in deck.places]
    order = sorted(range(len(notes)), key=[line.created for line in lines].__getitem__)
    notes, lines = [notes[row] for row in order], [lines[row] for row in order]
    decks, places = [decks[row] for row in order], [places[row] for row in order]
    return [_run(edition, notes[own], lines[own], decks[own], places[own]) for own in cuts(notes)]


def _run(
    edition: Edition, notes: Sequence[Note], lines: Sequence[NoteLine], decks: Sequence[int], places: Sequence[int]
) -> Run:
    state = hashlib.sha256(edition.namespace.encode())
    for texts in (
        [note.identity.guid for note in notes],
        [line.hash for line in lines],
        [_shown(note.cards) for note in notes],
    ):
        state.update("\n".join(["", *texts]).encode())
    for numbers in ([line.created for line in lines], [line.modified for line in lines], decks, places):
        state.update(struct.pack(f"<{len(numbers)}q", *numbers))
    return Run(state.hexdigest(), notes, lines, decks, places)


_shown = functools.cache(repr)
"""The cards of most notes are the same few."""


# --- pages of a run ---------------------------------------------------------------------------------------------------


class Stretch(NamedTuple):
    """The pages of a run, deflated: how many they are, the first of them where they cannot stand elsewhere, and which
    of them have rows of notes and of cards, counted from the first, each with the last id."""

    piece: Piece
    pages: int
    first: int | None
    notes: Sequence[Leaf]
    cards: Sequence[Leaf]

    def fits(self, first: int) -> bool:
        """Whether its pages may begin with that one."""
        return self.first is None or self.first == first


_FIRST_PAGE = 2
"""Of the first run: before them all is what says where they are."""

_AT_ONCE = 16
"""So many runs are in memory as pages, before they are deflated."""


def stretches(runs: Sequence[Run], edition: Edition, kept: Callable[[str], Stretch | None]) -> list[Stretch]:
    """The pages of runs, one after the other; of those that are kept, by the digest of their run, the ones that fit."""
    ids = functools.cache(lambda note_type: note_type.id(edition.namespace).to_bytes(6, "big"))
    made: dict[str, Stretch] = {}
    waiting: dict[str, Callable[[], Stretch]] = {}
    first = _FIRST_PAGE
    for run in runs:
        own = kept(run.digest)
        if own and own.fits(first):
            made[run.digest] = own
            first += own.pages
            continue
        pages = Pages(first)
        notes = pages.rows([line.created for line in run.lines], _note_records(run, ids))
        cards = pages.rows(*_cards(run))
        waiting[run.digest] = partial(_deflated, pages, notes, cards)
        first += len(pages)
        if len(waiting) == _AT_ONCE:
            made.update(zip(waiting, at_once([*waiting.values()]), strict=True))
            waiting.clear()
    made.update(zip(waiting, at_once([*waiting.values()]), strict=True))
    return [made[run.digest] for run in runs]


def _deflated(pages: Pages, notes: Sequence[Leaf], cards: Sequence[Leaf]) -> Stretch:
    first = None if pages.movable else pages.first
    return Stretch(
        deflate(bytes(pages)), len(pages), first, *[_moved(leaves, -pages.first) for leaves in (notes, cards)]
    )


def _moved(leaves: Sequence[Leaf], by: int) -> list[Leaf]:
    return [(page + by, key) for page, key in leaves]


# The types of columns, as a database has them: numbers of 1, 4 and 6 bytes, and 0; the lengths of texts are added.
_BYTE, _FOUR, _SIX, _ZERO, _EMPTY = b"\x01", b"\x04", b"\x05", b"\x08", b"\x0d"

# id, which is the key of the row, guid, mid, mod, usn, tags, flds, sfld, csum, flags, data; Anki computes sfld and csum
_NOTE = b"\0%b" + _SIX + _SIX + _BYTE + b"%b%b" + _EMPTY + _ZERO + _ZERO + _EMPTY

# id, nid, did, ord, mod, usn, type, queue, due, eight of scheduling that are 0 for a new card, data
_CARD = b"\0" + _SIX + _SIX + _BYTE + _SIX + _BYTE + _ZERO + _ZERO + _FOUR + 8 * _ZERO + _EMPTY
_CARD = varint(1 + len(_CARD)) + _CARD

_USN = b"\xff"
"""-1: not yet with AnkiWeb."""


def _note_records(run: Run, ids: Callable[[NoteType], bytes]) -> list[tuple[bytes, bytes]]:
    records = list[tuple[bytes, bytes]]()
    for note, line in zip(run.notes, run.lines, strict=True):
        guid, tags, text = note.identity.guid.encode(), _spaced(note.identity.tags), note.encoded
        types = _NOTE % (_text(len(guid)), _text(len(tags)), _text(len(text)))
        modified = line.modified.to_bytes(6, "big")
        before = b"".join((varint(1 + len(types)), types, guid, ids(note.note_type), modified, _USN, tags))
        records.append((before, text))
    return records


def _text(length: int) -> bytes:
    return varint(13 + 2 * length)


@functools.cache
def _spaced(tags: tuple[str, ...]) -> bytes:
    return f" {joined(tags)} ".encode()


def _cards(run: Run) -> tuple[list[int], list[tuple[bytes, bytes]]]:
    """The ids and the records of the cards of some notes."""
    ids, records = list[int](), list[tuple[bytes, bytes]]()
    for note, line, deck, place in zip(run.notes, run.lines, run.decks, run.places, strict=True):
        id = line.created
        before = b"".join((_CARD, id.to_bytes(6, "big"), deck.to_bytes(6, "big")))
        after = b"".join((line.modified.to_bytes(6, "big"), _USN, place.to_bytes(4, "big")))
        for ord in note.cards:
            ids.append(id + ord)
            records.append((before, ord.to_bytes(1, "big") + after))
    return ids, records


# --- the rest of the database -----------------------------------------------------------------------------------------


def around(package: Package, edition: Edition, runs: Sequence[Stretch]) -> tuple[Piece, Piece]:
    """What the database has before and behind the pages of its runs."""
    schema, col = schema_and_col()
    values = {**col, "models": models_json(package, edition), "decks": decks_json(package, col["decks"])}
    first, notes, cards = _FIRST_PAGE, list[Leaf](), list[Leaf]()
    for run in runs:
        notes += _moved(run.notes, first)
        cards += _moved(run.cards, first)
        first += run.pages
    pages = Pages(first)
    leaves = {"notes": notes, "cards": cards, "col": pages.rows([1], [(record(values.values()), b"")])}
    tables = [(name, statement, pages.tree(leaves.get(name, []))) for name, statement in schema]
    return deflate(first_page(tables, first - 1 + len(pages))), deflate(bytes(pages))
