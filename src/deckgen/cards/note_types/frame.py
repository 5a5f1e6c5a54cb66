"""What all cards share: the fields around question and answer, the frame that shows them, and the stylesheet.

A back is its front, with the answer in the place that was empty, and everything else below. So nothing moves when a
card is turned, and Anki does not play the sounds of the question again, as it would if the back repeated the text. No
script, remote file or font: it works in every client, offline.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from deckgen.cards.note import SEPARATOR, Identity, Note, NumberedCard, Statement
from deckgen.cards.note_type import MAX_CARDS, Field, NoteType, Template
from deckgen.cards.words import Words
from deckgen.media.media import MediaFile
from deckgen.text.markup import Markup, media_of

CHANGE_TIME = "Reserve 2"
"""The field in which update files have the time of the change. No card shows it: it is the answer of a card that a note
has only if ``Reserve 1`` is filled."""

MY_NOTES = "My notes"
"""The field that belongs to the learner; it is always shipped empty."""

FIELDS = (
    Field("Hint"),
    Field("Extra"),
    Field("Confusable"),
    Field("Domain"),
    Field("Topic"),
    Field("Source"),
    Field("Grade"),
    Field("As of"),
    Field("Notice"),
    Field("Id"),
    Field("Reserve 1", collapsed=True),
    Field(CHANGE_TIME, collapsed=True),
    Field("Reserve 3", collapsed=True),
    Field(MY_NOTES),
)
"""The last fields of every note type. The reserved ones are for future needs, since a field can never be added."""


class SharedFields(NamedTuple):
    """The HTML of ``FIELDS``, each preceded by a SEPARATOR, the media that they show, and their texts as typed; the
    HTML ``above`` the question; and the words of the project. Fields that depend on other notes are empty until the
    project is linked; the reserved ones are empty."""

    text: str
    media: tuple[MediaFile, ...]
    typed: tuple[str, ...]
    above: str
    words: Words


def shared_fields(
    id: str,
    domain: str,
    topic: str,
    source: tuple[str, str],
    as_of: str,
    hint: Markup | None,
    extra: Markup | None,
    media: tuple[MediaFile, ...],
    words: Words,
) -> SharedFields:
    """The fields that all note types share; ``source`` is the text of its sources and their grade."""
    hint_html, extra_html = hint.html if hint else "", extra.html if extra else ""
    sources, grade = source
    fields = (hint_html, extra_html, "", domain, topic, sources, grade, as_of, "", id, "", "", "", "")
    typed = (topic, *[text.text for text in (hint, extra) if text])
    return SharedFields(SEPARATOR + SEPARATOR.join(fields), media, typed, f"{domain} {topic}", words)


def note(
    note_type: NoteType,
    identity: Identity,
    shared: SharedFields,
    fields: Iterable[str],
    texts: Sequence[Markup | None],
    statement: Statement,
    *,
    media: Sequence[MediaFile] = (),
    numbered: Sequence[NumberedCard] = (),
    acronym: str = "",
) -> Note:
    """A note with the HTML of its own fields, and the shared ones. ``texts`` are the author's texts that its
    cards show, besides those that the statement names; ``media`` are those that no text shows."""
    shown = (*statement.shown, *[text.text for text in texts if text], *shared.typed)
    return Note(
        identity=identity,
        note_type=note_type,
        text=SEPARATOR.join(fields) + shared.text,
        media=(*media, *media_of(texts), *shared.media),
        numbered=tuple(numbered),
        statement=statement._replace(shown=shown, above=shared.above),
        acronym=acronym,
    )


@cache
def stylesheet() -> str:
    """The stylesheet of all note types."""
    return Path(__file__).with_name("style.css").read_text(encoding="utf-8")


_HEAD = """\
<header><h1 class="crumb" dir="auto">{{Domain}}{{#Topic}}<span class="sep"> › </span>{{Topic}}{{/Topic}}</h1></header>
<main>
{{#Notice}}<p class="notice" dir="auto">{{Notice}}</p>{{/Notice}}
"""

_HINT = '{{#Hint}}<p class="hint" dir="auto">{{Hint}}</p>{{/Hint}}\n'

_FOOT = """\
{{#Extra}}<div class="extra" dir="auto">{{Extra}}</div>{{/Extra}}
{{#Confusable}}<p class="confusable" dir="auto">Not to be confused with {{Confusable}}</p>{{/Confusable}}
{{#My notes}}<div class="mine" dir="auto">{{My notes}}</div>{{/My notes}}
<footer class="about" dir="auto">
{{#Grade}}<b>{{Grade}}</b> · {{/Grade}}{{Source}}{{#As of}}{{#Source}} · {{/Source}}As of {{As of}}{{/As of}}
</footer>
"""


BLANK = '<div class="answer blank">?</div>'
"""An empty place for an answer."""

FULL = '{{#Full}}<section class="full" dir="auto">{{Full}}</section>{{/Full}}'

NUMBERED = tuple(Field(f"Text {number}", collapsed=True) for number in range(1, MAX_CARDS + 1))
"""The fields of a numbered note type that hold one card each."""

CLOZES = "".join(f"{{{{cloze:{field.name}}}}}" for field in NUMBERED)
NO_TEXTS = ("",) * MAX_CARDS


def template(
    kind: str,
    name: str,
    question: str,
    answer: str,
    browser: tuple[str, str],
    *,
    blank: str = BLANK,
    only_if: str = "",
) -> Template:
    """A template for notes of a type. Its front has the question and a ``blank`` place for the answer; with
    ``only_if``, it makes a card only if that field is filled. Its back is the front, in which the stylesheet hides the
    empty place, the answer there and, below, everything that was not asked. ``browser`` is the front and the back in
    Anki's card list.

    Anki scrolls a turned card to the element with the id ``answer``. There is none, so that nothing moves.
    """
    asked = f'{question}\n{_HINT}<div class="unanswered">\n{blank}\n</div>'
    front = f'<div class="dg {kind}-note">\n{_HEAD}{asked}\n</main>\n</div>'
    front = f"{{{{#{only_if}}}}}{front}{{{{/{only_if}}}}}" if only_if else front
    turned = f'<section class="dg {kind}-note" aria-label="Answer">\n{answer}\n{_FOOT}</section>'
    back = f'<div class="turned">\n{{{{FrontSide}}}}\n{turned}\n</div>'
    return Template(name, front, back, *browser)
