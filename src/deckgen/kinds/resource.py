"""A society, journal, agency or site: its acronym, what it does, what it is for, what it was called before.

Example:

    domain: basics
    source: [book]

    resources:
      - id: who
        name: World Health Organization
        acronym: WHO
        role: The United Nations agency for health
        purpose: International guidance on public health
        url: https://www.who.int
        as_of: 2026-11
        confuse_with: [wto]
      - id: wto
        name: World Trade Organization
        acronym: WTO
        role: The body that sets the rules of trade between nations

A card is made for each of `acronym`, `role`, `purpose` and `former`. `role` is a clue: one fact that is true of no
other entry. The acronym is asked only if no other resource has it. `url` is a link on the back and is never asked.
"""

from __future__ import annotations

from collections.abc import Iterator

from deckgen.cards.note import Note
from deckgen.cards.note_types import resource
from deckgen.kinds.entry import Entry, Kind, frame, identity
from deckgen.language.escaping import attribute, escape
from deckgen.language.markup import Markup
from deckgen.language.records import ListOf, key, record
from deckgen.language.values import Flag, MarkupText, Text, Url
from deckgen.project.project import Project


@record
class Resource(Entry):
    """What an author writes for one resource."""

    name: Markup = key(MarkupText(), "Its full name today.")
    acronym: str | None = key(Text(), "Its acronym.", default=None)
    role: Markup | None = key(
        MarkupText(), "What it is, in words that fit no other entry; asked for its name.", default=None
    )
    purpose: Markup | None = key(MarkupText(), "What a learner uses it for; asked from its name.", default=None)
    former: tuple[str, ...] = key(ListOf(Text()), "Names that it had before, the latest first.", default=())
    url: str | None = key(Url(), "Its address, a link on the back.", default=None)
    ask_acronym: bool = key(Flag(), "Whether a card also asks from the name to the acronym.", default=False)


def notes(entry: Resource, project: Project) -> Iterator[Note]:
    """One note, with a card for each thing that is known."""
    host = (entry.url or "").partition("//")[2].rstrip("/").removeprefix("www.")
    facts = resource.Facts(
        name=entry.name,
        acronym=escape(entry.acronym or ""),
        ask_name=entry.ask_acronym and entry.acronym is not None,
        role=entry.role,
        purpose=entry.purpose,
        former="; before that: ".join(map(escape, entry.former)),
        link=f'<a href="{attribute(entry.url)}">{escape(host)}</a>' if entry.url else "",
    )
    who = identity(entry, "resource", entry, project, title=entry.name.html)
    yield resource.note(who, frame(entry, project, who), facts)


KIND = Kind(
    name="resource",
    section="resources",
    plural="Resources",
    entry=Resource,
    notes=notes,
    asked=("name", "acronym", "role", "purpose", "url"),
)
