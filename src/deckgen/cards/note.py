"""Anki's vocabulary: note types with their fields and templates, notes, and the ids by which Anki knows them.

Every id follows from names that never change, so it needs no record: a note's guid from the project's namespace and the
note's id, a note type's id from the namespace, a field's and a template's id from the names they were first given. The
namespace is part of a note type's id so that two projects, built by different versions of deckgen, never restyle each
other's cards.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from types import MappingProxyType
from typing import Final, NamedTuple

from deckgen.core.diagnostics import Position
from deckgen.language.markdown import Markup
from deckgen.language.media import MediaFile
from deckgen.language.values import Link

CARD_NUMBERS = 20
"""How many cards a numbered note has room for: one field each, a number of its note type for ever."""

NUMBER = "\x00"
"""Stands for the card's number in the text of a numbered card; no source can hold this character."""


def stable_id(*names: str, low: int = 2**60, high: int = 2**62) -> int:
    """The same positive integer for the same names, for ever."""
    digest = hashlib.sha256("\x1f".join(names).encode()).digest()
    return low + int.from_bytes(digest[:8], "big") % (high - low)


class Field(NamedTuple):
    """A field of a note type. A field for machinery is ``collapsed`` in the editor and left out of searches."""

    name: str
    collapsed: bool = False


class Template(NamedTuple):
    """A front and a back that make one card of a note; the browser pair is what Anki's card list shows."""

    name: str
    front: str
    back: str
    browser_front: str
    browser_back: str

    @property
    def key(self) -> str:
        """The name without spaces, as the lock has it."""
        return self.name.lower().replace(" ", "-")


class NoteType:
    """Fields, templates and style. Their number, names and order are a published format: Anki refuses to update a note
    whose type has other fields or templates than the learner's (fields that are renamed, added or reordered included).
    """

    def __init__(
        self, name: str, fields: tuple[Field, ...], templates: tuple[Template, ...], css: str, cloze: bool = False
    ) -> None:
        self.name: Final = name
        self.fields: Final = fields
        self.templates: Final = templates
        self.css: Final = css
        self.cloze: Final = cloze

    def index(self, field: str) -> int:
        """A field's place in a note's ``fields``."""
        return [own.name for own in self.fields].index(field)

    def shown_name(self, tag: str) -> str:
        """The name in Anki: branded, and told apart from that of other projects by the project's tag."""
        return f"deckgen {self.name} ({tag})"

    def id(self, namespace: str) -> int:
        """Anki shows ids of note types as dates of creation: a millisecond between 2011 and 2023."""
        return stable_id(namespace, "note type", self.name, low=1_300_000_000_000, high=1_700_000_000_000)

    def field_id(self, field: Field) -> int:
        return stable_id(self.name, "field", field.name)

    def template_id(self, template: Template) -> int:
        return stable_id(self.name, "template", template.name)


class NumberedCard:
    """A card of a note whose type gives each card number a field of its own: its text, with NUMBER for the number.

    One that is made ``only_if_published`` is for learners who have it from a time when the list was shorter or longer.
    """

    __slots__ = ("html", "id", "only_if_published")

    def __init__(self, id: str, html: str, only_if_published: bool = False) -> None:
        self.id: Final = id
        self.html: Final = html
        self.only_if_published: Final = only_if_published


class Waiver(NamedTuple):
    """A rule that an entry may break, the author's reason, and where it was written."""

    rule: str
    reason: str
    position: Position


@dataclass(frozen=True, slots=True)
class Asked:
    """A question and its answer, as the author wrote them; a card of its own."""

    front: Markup
    answer: Markup


@dataclass(frozen=True, slots=True)
class Statement:
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
    cued: bool = False  # the fronts are names or descriptions, and the template adds the question
    clue: Markup | None = None  # the front that describes a thing and asks for its name
    ages: bool = False  # it becomes untrue with time, so it needs a date
    actionable: bool = False  # it says how something is done, and somebody may act on it
    shown: tuple[str, ...] = ()  # every text that the cards show, as the author typed it


NO_STATEMENT = Statement()


class Identity:
    """Who a note is. ``id`` is what it was first called (``procedure/nerve-block/risks``) and stays for ever, as does
    ``guid``, by which collections know it; ``label`` is what it is called now, which differs once its entry was
    renamed. ``entry`` is the entry that it comes from (``procedure/nerve-block``) and ``title`` that entry's; then its
    skill domain and tags, the entries that it is easily taken for, where it was written, what it rests on, and the
    rules that it may break."""

    __slots__ = (
        "as_of",
        "confuse_with",
        "domain",
        "entry",
        "guid",
        "id",
        "kind",
        "label",
        "position",
        "source",
        "tags",
        "title",
        "waivers",
    )

    def __init__(
        self,
        id: str,
        guid: str,
        label: str,
        kind: str,
        entry: str,
        domain: str,
        title: str,
        tags: tuple[str, ...],
        confuse_with: tuple[Link, ...],
        position: Position,
        source: tuple[str, ...] = (),
        as_of: str | None = None,
        waivers: tuple[Waiver, ...] = (),
    ) -> None:
        self.id: Final = id
        self.guid: Final = guid
        self.label: Final = label
        self.kind: Final = kind
        self.entry: Final = entry
        self.domain: Final = domain
        self.title: Final = title
        self.tags: Final = tags
        self.confuse_with: Final = confuse_with
        self.position: Final = position
        self.source: Final = source
        self.as_of: Final = as_of
        self.waivers: Final = waivers


SEPARATOR = "\x1f"
"""Stands between the fields of a note, as in Anki's own database; no source can hold this character."""


class Texts:
    """The texts of many notes as bytes, one after the other, which are read only once somebody wants one of them."""

    __slots__ = ("_data", "_read")

    def __init__(self, read: Callable[[], bytes]) -> None:
        self._read: Final = read
        self._data: bytes | None = None

    @property
    def data(self) -> bytes:
        if self._data is None:
            self._data = self._read()
        return self._data


class StoredText:
    """One of many texts; most of them nobody wants."""

    __slots__ = ("_end", "_start", "_texts")

    def __init__(self, texts: Texts, start: int, end: int) -> None:
        self._texts: Final = texts
        self._start: Final = start
        self._end: Final = end

    def __bytes__(self) -> bytes:
        return self._texts.data[self._start : self._end]


class Note:
    """One note; ``text`` is the HTML of its type's fields, each after a SEPARATOR but the first, ``media`` the files
    that they show, ``cards`` the ordinals of its cards.

    ``numbers`` has the number of each card that the note has or ever had. Of a type that has a field for each number,
    ``unpublished`` are the cards that it makes only for learners who have them. ``hash`` is that of its content, where
    it was computed already. A ``statement`` of what it asks is for the content rules: a note that is kept has none.
    ``acronym`` is one that it asks for, unless another note does too.
    """

    __slots__ = (
        "_text",
        "acronym",
        "cards",
        "hash",
        "identity",
        "media",
        "note_type",
        "numbers",
        "statement",
        "unpublished",
    )

    def __init__(
        self,
        identity: Identity,
        note_type: NoteType,
        text: str | bytes | StoredText,
        media: tuple[MediaFile, ...] = (),
        cards: tuple[int, ...] = (),
        numbers: Mapping[str, int] = MappingProxyType({}),
        unpublished: tuple[NumberedCard, ...] = (),
        hash: str = "",
        statement: Statement = NO_STATEMENT,
        acronym: str = "",
    ) -> None:
        self.identity: Final = identity
        self.note_type: Final = note_type
        self._text: Final = text
        self.media: Final = media
        self.cards: Final = cards
        self.numbers: Final = numbers
        self.unpublished: Final = unpublished
        self.hash: Final = hash
        self.statement: Final = statement
        self.acronym: Final = acronym

    @property
    def id(self) -> str:
        return self.identity.id

    @property
    def text(self) -> str:
        text = self._text
        return text if isinstance(text, str) else self.encoded.decode(errors="replace")  # none should be in need of it

    @property
    def encoded(self) -> bytes:
        """The text in UTF-8."""
        text = self._text
        if isinstance(text, StoredText):
            return bytes(text)
        return text.encode() if isinstance(text, str) else text

    @property
    def fields(self) -> tuple[str, ...]:
        """The HTML of each field, in the order of the type's."""
        return tuple(self.text.split(SEPARATOR))

    def changed(
        self, text: str, *, cards: tuple[int, ...] | None = None, numbers: Mapping[str, int] | None = None
    ) -> Note:
        """A note with another text, or with other cards and numbers too; its hash is yet to be computed."""
        cards = self.cards if cards is None else cards
        numbers = self.numbers if numbers is None else numbers
        return Note(self.identity, self.note_type, text, self.media, cards, numbers, self.unpublished)

    def kept(self) -> Note:
        """The note with its hash, as it is kept once the content rules have seen it."""
        encoded = self.encoded
        return Note(
            self.identity,
            self.note_type,
            encoded,
            self.media,
            self.cards,
            self.numbers,
            self.unpublished,
            _hash(self, encoded),
            acronym=self.acronym,
        )


def content_hash(note: Note) -> str:
    """What a learner would see of a note: fields, tags and type. Media are in it by their names, which carry a hash of
    their bytes; the deck and the order are not, since Anki does not move what it has."""
    return _hash(note, note.encoded)


def _hash(note: Note, encoded: bytes) -> str:
    return hashlib.sha256(_before(note.note_type.name, note.identity.tags) + encoded).hexdigest()[:16]


@cache
def _before(note_type: str, tags: tuple[str, ...]) -> bytes:
    """What is hashed before a note's text; that of many notes is the same."""
    return f"{note_type}{SEPARATOR}{joined(tags)}{SEPARATOR}".encode()


class Deck(NamedTuple):
    """A deck by its name in Anki, with its description as HTML, its notes in the order of study, and the place of each
    among the new cards of the package, counted from 1."""

    name: str
    description: str
    notes: tuple[Note, ...] = ()
    places: Sequence[int] = ()


class Package(NamedTuple):
    """What becomes one ``NAME.apkg``: a deck with its subdecks, or the notices of its retired notes."""

    name: str
    decks: tuple[Deck, ...]
    retired: bool = False

    @property
    def notes(self) -> tuple[Note, ...]:
        return tuple(note for deck in self.decks for note in deck.notes)


@cache
def joined(tags: tuple[str, ...]) -> str:
    """Tags as Anki joins them, in the order of the alphabet."""
    return " ".join(sorted(tags))


def guid(namespace: str, note_id: str) -> str:
    """A note's identity in every collection: 80 bits, as letters, of which no spreadsheet makes a number."""
    digits = hashlib.sha256(f"{namespace}\x1f{note_id}".encode()).hexdigest()[:20]
    return digits.encode().translate(_LETTERS).decode()


_LETTERS = bytes.maketrans(b"0123456789abcdef", b"ghjkmnpqrsabcdef")


FIRST_OF_RUN: tuple[str, ...] = ("gg",)
"""What the guid of the first note of a run begins with: of one in 256."""


def cuts(notes: Sequence[Note]) -> list[slice]:
    """Where to cut many notes so that one more, or one less, changes one run and no other."""
    starts = [place for place, note in enumerate(notes) if note.identity.guid.startswith(FIRST_OF_RUN) or not place]
    return [slice(*bounds) for bounds in pairwise([*starts, len(notes)])]
