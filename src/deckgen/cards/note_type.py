"""Note types: their fields and templates, and the ids by which Anki knows them.

Every id is derived from names that never change, so nothing has to be recorded: a note type's id from the namespace
and its name, a field's and a template's id from the name it was first given. The namespace is part of a note type's id
so that two projects, built by different versions of deckgen, never restyle each other's cards.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import quote

from deckgen.media.media import MediaFile

MAX_CARDS = 40
"""The most cards of a numbered note: each number has a field of its own in the note type. The last number belongs to
the card that asks for the whole, so that Anki introduces the parts before it."""


def _stable_id(*names: str, low: int = 2**60, high: int = 2**62) -> int:
    """Derive a positive integer from names; the same names always give the same integer."""
    digest = hashlib.sha256("\x1f".join(names).encode()).digest()
    return low + int.from_bytes(digest[:8], "big") % (high - low)


def stable_date(*names: str) -> int:
    """Derive from names an id that Anki shows as a date of creation: milliseconds between 2011 and 2023."""
    return _stable_id(*names, low=1_300_000_000_000, high=1_700_000_000_000)


class Field(NamedTuple):
    """A field of a note type. A ``collapsed`` field is for machinery: folded in the editor."""

    name: str
    collapsed: bool = False


class Template(NamedTuple):
    """A front and a back that make one card of a note; the browser pair is shown in Anki's card list."""

    name: str
    front: str
    back: str
    browser_front: str
    browser_back: str

    @property
    def key(self) -> str:
        """The name as the lock writes it: one word in lower case, percent-encoded as in a web address."""
        return re.sub(r"[^\w\-']", lambda found: quote(found[0], safe=""), self.name.lower().replace(" ", "-"))


class AnkiSettings(NamedTuple):
    """What Anki stores about an adopted note type: its id (0 if nobody knows it), and the settings of itself, of each
    field and of each template, named as in Anki's JSON (``rslib/src/notetype/schema11.rs``)."""

    id: int
    own: Mapping[str, object]
    fields: tuple[Mapping[str, object], ...]
    templates: tuple[Mapping[str, object], ...]


@dataclass(frozen=True, slots=True, eq=False)
class NoteType:
    """The fields, templates and style that notes of one type share.

    The number, names and order of fields and templates are a published format: Anki refuses to update a note whose
    type differs in them from the learner's. In a numbered type, ``numbered_fields`` are the indexes of the fields that
    hold one card number each. A type that a project brings has a ``title``, and ``media`` that its templates show. One
    that was adopted also has its settings in ``anki``.
    """

    name: str
    fields: tuple[Field, ...]
    templates: tuple[Template, ...]
    css: str
    cloze: bool = False
    numbered_fields: range = range(0)
    title: str = ""
    media: tuple[MediaFile, ...] = ()
    anki: AnkiSettings | None = None

    @property
    def field_names(self) -> tuple[str, ...]:
        return tuple(field.name for field in self.fields)

    @property
    def template_names(self) -> tuple[str, ...]:
        return tuple(template.name for template in self.templates)

    @property
    def is_from_project(self) -> bool:
        """Whether a project brings this type; all others are deckgen's own."""
        return self.title != ""

    @property
    def is_numbered_by_author(self) -> bool:
        """Whether the author numbers the cards, in cloze deletions."""
        return self.cloze and not self.numbered_fields

    def has_shared_field(self, name: str) -> bool:
        """Whether this is one of deckgen's own types, with a field of this name. In a project's type, a field of the
        same name can mean anything."""
        return not self.is_from_project and name in self.field_names

    def index(self, field: str) -> int:
        """The index of a field, by its name."""
        return self.field_names.index(field)

    def shown_name(self, tag: str) -> str:
        """The name in Anki; the project's tag tells it apart from the same type of other projects. An adopted type
        keeps its name."""
        if self.anki:
            return self.title
        return f"{self.title or f'deckgen {self.name}'} ({tag})"

    def id(self, namespace: str) -> int:
        """The id in Anki. An adopted type keeps its id."""
        if self.anki and self.anki.id:
            return self.anki.id
        return stable_date(namespace, "note type", self.name)

    def field_id(self, field: Field) -> int:
        return _stable_id(self.name, "field", field.name)

    def template_id(self, template: Template) -> int:
        return _stable_id(self.name, "template", template.name)


@lru_cache(maxsize=100)
def type_hash(note_type: NoteType, tag: str) -> str:
    """A hash of everything in a note type that Anki replaces when it imports a newer one, its name included."""
    content = repr((note_type.shown_name(tag), note_type.fields, note_type.templates, note_type.css, note_type.cloze))
    content += repr(note_type.anki) if note_type.anki else ""
    return hashlib.sha256(content.encode()).hexdigest()[:16]
