"""The picture note type: a picture with named regions, and a card for each region that asks what is covered.

A mask is the hint of a cloze deletion, drawn over the picture: no script is needed, and every client shows it. As in a
list, each card number has its own field, which contains the picture as that card shows it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from deckgen.cards.note import NUMBER, Asked, Identity, Note, NumberedCard, Statement
from deckgen.cards.note_type import MAX_CARDS, Field, NoteType
from deckgen.cards.note_types import frame
from deckgen.cards.note_types.frame import SharedFields
from deckgen.media.media import MediaFile
from deckgen.media.outlines import Outline
from deckgen.text.escaping import attribute, escape, within_cloze
from deckgen.text.markup import Markup

MAX_REGIONS = MAX_CARDS

WIDTH, HEIGHT = 600, 440
"""The largest size of a picture in CSS pixels: most screens then show the name below it without scrolling."""

_QUESTION = (
    '<div class="question" dir="auto">{{#Question}}{{Question}}{{/Question}}{{^Question}}{{Title}}{{/Question}}</div>'
)
_PICTURE = f'<div class="pictured">{frame.CLOZES}</div>'

_STYLE = """
/* Pictures: a mask has the size of the picture, and one colour in both themes, since pictures have no dark one. The
   brackets that Anki puts around a mask have no size. */
.stage { position: relative; width: fit-content; max-width: min(100%, 600px); margin-block: 0.9em 0; line-height: 0; }
.dg .stage img { max-width: 100%; max-height: 440px; margin: 0; }
.dg .stage img[width] { max-height: none; }
.stage svg { position: absolute; top: 0; left: 0; width: 100%; height: 100%; overflow: visible; }
.stage polygon { vector-effect: non-scaling-stroke; stroke-linejoin: round; }
.stage .mask { fill: #b8246a; stroke: #fff; stroke-width: 1.5px; }
.stage .other { fill: #77828d; }
.stage .shown { fill: none; stroke: #b8246a; stroke-width: 3px; filter: drop-shadow(0 0 1.5px #fff); }
.stage .cloze { font-size: 0; vertical-align: top; }
.picture-note .note { color: var(--quiet); font-size: 0.82em; font-weight: 400; }
"""

NOTE_TYPE = NoteType(
    name="picture",
    fields=(Field("Title"), Field("Question"), *frame.NUMBERED, *frame.FIELDS),
    templates=(
        frame.template(
            "picture",
            "Picture",
            _QUESTION,
            _PICTURE,
            ("{{Title}}: {{Question}} " + frame.CLOZES, frame.CLOZES),
            blank=_PICTURE,
        ),
    ),
    css=frame.stylesheet() + _STYLE,
    cloze=True,
    numbered_fields=range(2, 2 + MAX_CARDS),
)


class Region(NamedTuple):
    """A part of a picture that a card asks for. By its id it keeps its card when other regions come and go."""

    id: str
    name: Markup
    note: Markup | None
    outline: Outline


def note(
    identity: Identity,
    shared: SharedFields,
    question: Markup,
    picture: MediaFile,
    title: str,
    regions: Sequence[Region],
    *,
    ratio: float | None = None,
    hide_all: bool = False,
    worded: bool = False,
) -> Note:
    """A picture note. ``title`` says what the picture shows, for those who cannot see it. ``ratio`` is that of the
    width to the height of a picture without pixels. Each card hides the region that it asks for or, with ``hide_all``,
    every region. ``worded`` says that deckgen worded the question."""
    width = min(WIDTH, HEIGHT * ratio) if ratio else 0
    size = f' width="{width:.0f}" height="{width / ratio:.0f}"' if ratio else ""
    image = f'<img src="{picture.name}" alt="{attribute(title)}"{size}>'
    cards = []
    for asked in regions:
        others = [region.outline for region in regions if hide_all and region is not asked]
        cards.append(NumberedCard(asked.id, _card(image, asked, others)))
    notes = [region.note for region in regions if region.note]
    texts = (question, *[region.name for region in regions], *notes)
    statement = Statement(
        asked=tuple([Asked(question, region.name) for region in regions]),
        full=_joined(notes),
        worded=worded,
        cued=True,
        shown=(title,),
    )
    fields = (escape(title), question.html, *frame.NO_TEXTS)
    return frame.note(NOTE_TYPE, identity, shared, fields, texts, statement, media=[picture], numbered=cards)


def _joined(texts: Sequence[Markup]) -> Markup | None:
    """Several texts, joined for the content rules."""
    if not texts:
        return None
    return Markup("\n".join([one.text for one in texts]), "<br>".join([one.html for one in texts]), texts[0].position)


def _card(image: str, asked: Region, others: Sequence[Outline]) -> str:
    """The picture as the card of a region shows it, and the region's name and note below."""
    spot = _drawn("shown", [asked.outline])
    mask = _drawn("mask", [asked.outline])
    masks = _drawn("mask other", others) if others else ""
    name = f'<span class="name">{asked.name.html}</span>'
    note = f'<div class="note">{asked.note.html}</div>' if asked.note else ""
    below = f'<div class="answer" dir="auto">{{{{c{NUMBER}::{within_cloze(name + note)}}}}}</div>'
    return f'<div class="stage">{image}{masks}{{{{c{NUMBER}::{spot}::{mask}}}}}</div>{below}'


def _drawn(style: str, outlines: Iterable[Outline]) -> str:
    """Outlines drawn over the whole picture, whatever its size. Closing tags are written out, since Anki's editor
    writes them too."""
    shapes = "".join([f'<polygon points="{_points(outline)}"></polygon>' for outline in outlines])
    return f'<svg class="{style}" viewBox="0 0 1000 1000" preserveAspectRatio="none" aria-hidden="true">{shapes}</svg>'


def _points(outline: Outline) -> str:
    return " ".join([f"{round(1000 * x, 1):g},{round(1000 * y, 1):g}" for x, y in outline])
