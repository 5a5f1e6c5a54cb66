"""A sentence with gaps to fill, in Anki's own syntax.

Example:

    domain: basics
    source: [book]

    cloze:
      - id: water
        text: Water freezes at {{c1::0 °C::a temperature}} and boils at {{c2::100 °C}}.
        full: At the pressure of the air at sea level.
      - id: ice
        text: "{{c1::Ice}} floats on {{c1::water}}."

Each number makes a card that hides the deletions with this number and shows the others. You can write a hint after
`::`. Put a text that begins with `{{`, or contains `: ` or ` #`, in quotes or below `|`. A deletion can hide text, code
or a whole formula, but not a part of a formula. The number ties a learner's progress to the card: never give it to
another deletion.

Hide what is worth recalling, not a word that the rest of the sentence gives away. A question with a short answer is
often the better card; write questions and lists under `faq`.
"""

from __future__ import annotations

from collections.abc import Iterator

from deckgen.cards.cloze import plain
from deckgen.cards.note import Note
from deckgen.cards.note_types import cloze
from deckgen.kinds.entry import Entry, Kind, identify, shared_fields_for
from deckgen.language.deletions import DeletionText
from deckgen.language.keys import key, record
from deckgen.language.values import MarkupText
from deckgen.project.project import Project
from deckgen.text.markup import Markup


@record
class Cloze(Entry):
    """What an author writes for one text with deletions."""

    text: Markup = key(
        DeletionText(), "The text, with {{c1::…}} around what the first card asks for, {{c2::…}} for the second."
    )
    full: Markup | None = key(MarkupText(), "More to read, shown below the text on the back.", default=None)


def notes(entry: Cloze, project: Project) -> Iterator[Note]:
    """Make one note, with a card for each number."""
    identity = identify(entry, "cloze", project, title=plain(entry.text.html))
    yield cloze.note(identity, shared_fields_for(entry, project, identity), entry.text, entry.full)


KIND = Kind(name="cloze", section="cloze", plural="Cloze", entry=Cloze, notes=notes, asked=("text", "full"))
