"""The cloze note type: a text with deletions, each number of which makes a card."""

from __future__ import annotations

from deckgen.cards import cloze
from deckgen.cards.note import Asked, Identity, Note, Statement
from deckgen.cards.note_type import Field, NoteType
from deckgen.cards.note_types import frame
from deckgen.cards.note_types.frame import SharedFields
from deckgen.text.markup import Markup

_TEXT = '<div class="question" dir="auto">{{cloze:Text}}</div>'
_STYLE = """
.dg.cloze-note .question { font-weight: 400; }
"""

NOTE_TYPE = NoteType(
    name="cloze",
    fields=(Field("Text"), Field("Full"), *frame.FIELDS),
    templates=(
        frame.template(
            "cloze", "Cloze", "", f"{_TEXT}\n{frame.FULL}", ("{{cloze:Text}}", "{{cloze:Text}}"), blank=_TEXT
        ),
    ),
    css=frame.stylesheet() + _STYLE,
    cloze=True,
)


def note(identity: Identity, shared: SharedFields, text: Markup, full: Markup | None = None) -> Note:
    """A cloze note; the HTML of ``text`` has the deletions in Anki's syntax."""
    numbers = sorted(cloze.deletion_numbers(text.html))
    statement = Statement(asked=tuple([_asked(text, number) for number in numbers]), full=full)
    return frame.note(NOTE_TYPE, identity, shared, (text.html, full.html if full else ""), (text, full), statement)


def _asked(text: Markup, number: int) -> Asked:
    """What the card of a number shows and what it hides."""
    front = cloze.reveal(text.html, number, is_front=True)
    answer = ", ".join(cloze.hidden(text.html, number))
    return Asked(Markup(text.text, front, text.position), Markup(text.text, answer, text.position))
