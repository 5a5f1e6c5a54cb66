"""A society, journal, agency or site: its acronym, what it is, what it is for, and its former names.

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

Each of `acronym`, `role`, `purpose` and `former` makes a card. `role` is a clue: a fact that is true only of this
entry. The acronym makes no card if another resource has the same one. `url` is a link on the back and makes no card.
"""

from __future__ import annotations

from collections.abc import Iterator

from deckgen.cards.note import Note
from deckgen.cards.note_types import resource
from deckgen.core import rules
from deckgen.core.nodes import MappingNode
from deckgen.kinds.entry import Entry, Kind, identify, shared_fields_for
from deckgen.language.keys import key, record
from deckgen.language.patterns import Url
from deckgen.language.records import ListOf
from deckgen.language.shapes import Reader
from deckgen.language.values import Flag, MarkupText, Text
from deckgen.project.project import Project
from deckgen.text.escaping import attribute, escape
from deckgen.text.markup import Markup


@record
class Resource(Entry):
    """What an author writes for one resource."""

    name: Markup = key(MarkupText(), "Its current full name.")
    acronym: str | None = key(Text(), "Its acronym.", default=None)
    role: Markup | None = key(
        MarkupText(), "What it is, in words that describe nothing else; the card asks for its name.", default=None
    )
    purpose: Markup | None = key(MarkupText(), "What learners use it for; the card shows its name.", default=None)
    former: tuple[str, ...] = key(ListOf(Text()), "Its former names, the latest first.", default=())
    url: str | None = key(Url(), "Its web address, a link on the back.", default=None)
    ask_acronym: bool = key(Flag(), "Add a card that shows the name and asks for the acronym.", default=False)

    def check_values(self, node: MappingNode, reader: Reader) -> bool:
        """Check that there is an acronym to ask for."""
        if not self.ask_acronym or self.acronym:
            return True
        help = "write `acronym`, or delete `ask_acronym`"
        reader.error(
            rules.MISSING_KEY, node.pairs["ask_acronym"].key, "`ask_acronym` needs an acronym, found none", help
        )
        return False


def notes(entry: Resource, project: Project) -> Iterator[Note]:
    """Make one note, with a card for each fact."""
    address = (entry.url or "").partition(":")[2].strip("/").removeprefix("www.")  # without 'https:' or 'mailto:'
    facts = resource.Facts(
        name=entry.name,
        acronym=escape(entry.acronym or ""),
        ask_name=entry.ask_acronym,
        role=entry.role,
        purpose=entry.purpose,
        former=f"; {project.words('before-that')} ".join(map(escape, entry.former)),
        link=f'<a href="{attribute(entry.url)}">{escape(address)}</a>' if entry.url else "",
    )
    identity = identify(entry, "resource", project, title=entry.name.html)
    yield resource.note(identity, shared_fields_for(entry, project, identity), facts)


KIND = Kind(
    name="resource",
    section="resources",
    plural="Resources",
    entry=Resource,
    notes=notes,
    rank=2,
    asked=("name", "acronym", "role", "purpose", "url"),
)
