"""Notes, and the decks and packages that hold them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from functools import cache
from types import MappingProxyType
from typing import NamedTuple

from deckgen.cards.note_type import NoteType
from deckgen.core.diagnostics import Position
from deckgen.language.values import Link
from deckgen.media.media import MediaFile
from deckgen.text.markup import Markup

SEPARATOR = "\x1f"
"""Separates the fields of a note, as in Anki's own database; no source can contain this character."""

NUMBER = "\x00"
"""Placeholder for the card number in the text of a numbered card; no source can contain this character."""

WHOLE = "*"
"""The id of the card that asks for a whole list, which always has the last number; no item can have this id."""


ID_STEP = 64
"""Milliseconds between the ids of two notes in a package, since a card's id is its note's id plus its ordinal."""


class NumberedCard(NamedTuple):
    """A card whose number is assigned when the project is linked: an id within its note, and the text of the field that
    its number will have, with NUMBER where the number belongs.

    A card that is ``only_if_published`` is kept if an earlier build published it, from a shorter or longer list, and is
    never made anew.
    """

    id: str
    html: str
    only_if_published: bool = False


class Waiver(NamedTuple):
    """A rule that an entry may break, the author's reason, and where it is written."""

    rule: str
    reason: str
    position: Position


class Review(NamedTuple):
    """Who checked that the cards of an entry are right, and when."""

    by: str
    on: str


class Asked(NamedTuple):
    """A question and its answer as the author wrote them; one card."""

    front: Markup
    answer: Markup


class Statement(NamedTuple):
    """What a note asks, in the author's words, for the content rules to read.

    It asks either questions with answers or for the items of a list.
    """

    asked: tuple[Asked, ...] = ()
    prompt: Markup | None = None  # the question for a list
    items: tuple[Markup, ...] = ()
    groups: int = 0  # the number of groups that the items stand in
    ordered: bool = False  # the items are steps
    open: bool = False  # the items are examples
    full: Markup | None = None  # the full answer, shown below the short one
    worded: bool = False  # deckgen worded the question, so it resembles others on purpose
    cued: bool = False  # the fronts are names, descriptions or pictures, and what is asked of them is always the same
    vocabulary: bool = False  # the fronts are words and meanings, which nothing but the hint tells apart
    hint: Markup | None = None  # the cue below the fronts
    clue: Markup | None = None  # the front that describes a thing and asks for its name
    ages: bool = False  # it becomes untrue with time, so it needs a date
    actionable: bool = False  # it says how something is done, and somebody may act on it
    shown: tuple[str, ...] = ()  # every text that the cards show, as the author typed it
    above: str = ""  # the line above the question, as HTML


class Identity(NamedTuple):
    """What a note is and where it comes from.

    ``id`` is the first id it was given (``procedure/nerve-block/risks``); it never changes, and neither does ``guid``,
    by which collections know the note. ``label`` is its current id, which differs if the entry was renamed. ``entry``
    is the entry that made it (``procedure/nerve-block``) and ``title`` that entry's title.
    """

    id: str
    guid: str
    label: str
    kind: str
    entry: str
    domain: str
    title: str
    tags: tuple[str, ...]
    confuse_with: tuple[Link, ...]
    position: Position
    source: tuple[str, ...] = ()
    as_of: str | None = None
    waivers: tuple[Waiver, ...] = ()
    reviewed: Review | None = None


class Note(NamedTuple):
    """A note: the HTML of its type's fields, joined by SEPARATOR, and the media that they show.

    ``cards`` are the ordinals of its cards, and ``numbers`` the number of each card that it has or, after linking, ever
    had. Before that, a numbered note has its cards in ``numbered`` only. A note read from the cache has no
    ``statement``.
    ``acronym`` is asked only if no other note has the same one.
    """

    identity: Identity
    note_type: NoteType
    text: str
    media: tuple[MediaFile, ...] = ()
    numbered: tuple[NumberedCard, ...] = ()
    statement: Statement = Statement()
    acronym: str = ""
    cards: tuple[int, ...] = ()
    numbers: Mapping[str, int] = MappingProxyType({})

    @property
    def id(self) -> str:
        return self.identity.id

    @property
    def fields(self) -> tuple[str, ...]:
        """The HTML of each field, in the order of the note type."""
        return tuple(self.text.split(SEPARATOR))

    @property
    def removed_cards(self) -> frozenset[str]:
        """The cards that the note once had and no longer has."""
        if len(self.cards) == len(self.numbers):
            return _NONE
        living = {ord + 1 for ord in self.cards}
        return frozenset(card for card, number in self.numbers.items() if number not in living)

    def with_fields(self, fields: Sequence[str]) -> Note:
        """The note with other field contents."""
        return self._replace(text=SEPARATOR.join(fields))


_NONE: frozenset[str] = frozenset()


def id_tag(above: str, id: str) -> str:
    """The tag by which learners find a note whose type has no field ``Id``; ``above`` is the tag of the project."""
    return f"{above}::id::{id.replace('/', '::')}"


def content_hash(note: Note) -> str:
    """A hash of what a learner sees of a note: fields, tags and type.

    Media count by their names, which contain a hash of their bytes. Deck and order do not count, since Anki leaves
    both as they are when it updates a note.
    """
    return hashlib.sha256(_hash_prefix(note.note_type.name, note.identity.tags) + note.text.encode()).hexdigest()[:16]


@cache
def _hash_prefix(note_type: str, tags: tuple[str, ...]) -> bytes:
    return f"{note_type}{SEPARATOR}{join_tags(tags)}{SEPARATOR}".encode()


class Deck(NamedTuple):
    """A deck: its name in Anki, its description as HTML, its notes in the order of their sources and, for each note,
    the place of each of its cards among the new cards of the package, counted from 1."""

    name: str
    description: str
    notes: tuple[Note, ...] = ()
    places: Sequence[Sequence[int]] = ()


class Package(NamedTuple):
    """The contents of one ``NAME.apkg``, a deck with its subdecks; or of the file about a deck's retired notes."""

    name: str
    decks: tuple[Deck, ...]
    retired: bool = False

    @property
    def file_name(self) -> str:
        return f"{self.name}{'.txt' if self.retired else '.apkg'}"

    @property
    def notes(self) -> tuple[Note, ...]:
        return tuple(note for deck in self.decks for note in deck.notes)


@cache
def join_tags(tags: tuple[str, ...]) -> str:
    """Tags as Anki joins them: sorted, separated by spaces."""
    return " ".join(sorted(tags))


def guid(namespace: str, note_id: str) -> str:
    """The note's identity in every collection: 80 bits as letters, so that no spreadsheet reads a number."""
    digits = hashlib.sha256(f"{namespace}\x1f{note_id}".encode()).hexdigest()[:20]
    return digits.encode().translate(_LETTERS).decode()


def is_own_guid(guid: str) -> bool:
    """Whether a guid has the form of those that deckgen gives; other programs use shorter ones, and other letters."""
    return len(guid) == 20 and set(guid) <= set("abcdefghjkmnpqrs")


_LETTERS = bytes.maketrans(b"0123456789abcdef", b"ghjkmnpqrsabcdef")
