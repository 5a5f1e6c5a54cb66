"""What all cards share: the fields around question and answer, the frame that shows them, and the stylesheet.

Front and back have the same layout, so that nothing jumps when a card is turned: breadcrumb, question, the place of the
answer and, below, what is not asked. No script, remote file or font: it works in every client, offline.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import NamedTuple

from deckgen.cards.note import SEPARATOR
from deckgen.cards.note_type import Field
from deckgen.language.markup import Markup
from deckgen.language.media import MediaFile

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
    Field("Reserve 2", collapsed=True),
    Field("Reserve 3", collapsed=True),
    Field("My notes"),
)
"""The last fields of every note type. The reserved ones are for future needs, since a field can never be added;
``My notes`` belongs to the learner and is always shipped empty."""


class Frame(NamedTuple):
    """The HTML of ``FIELDS``, each preceded by a SEPARATOR, the media that they show, and their texts as typed; and the
    HTML ``above`` the question. Fields that depend on other notes are empty until the project is linked; the reserved
    ones are always empty."""

    text: str
    media: tuple[MediaFile, ...] = ()
    typed: tuple[str, ...] = ()
    above: str = ""


def around(
    id: str,
    domain: str,
    topic: str,
    source: tuple[str, str],
    as_of: str,
    hint: Markup | None,
    extra: Markup | None,
    media: tuple[MediaFile, ...],
) -> Frame:
    """The fields around a question and its answer; ``source`` is the text of its sources and their grade."""
    above, below = hint.html if hint else "", extra.html if extra else ""
    rests_on, grade = source
    about = (above, below, "", domain, topic, rests_on, grade, as_of, "", id, "", "", "", "")
    typed = (topic, *[text.text for text in (hint, extra) if text])
    return Frame(SEPARATOR + SEPARATOR.join(about), media, typed, f"{domain} {topic}")


def all_typed(texts: Iterable[Markup | None], around: Frame) -> tuple[str, ...]:
    """Every text that a note's cards show, as the author typed it."""
    return (*[text.text for text in texts if text], *around.typed)


@cache
def stylesheet() -> str:
    """The stylesheet of all note types."""
    return Path(__file__).with_name("style.css").read_text(encoding="utf-8")


_HEAD = """\
<header><h1 class="crumb" dir="auto">{{Domain}}{{#Topic}}<span class="sep"> › </span>{{Topic}}{{/Topic}}</h1></header>
<main{id}>
{{#Notice}}<p class="notice" dir="auto">{{Notice}}</p>{{/Notice}}
"""

_HINT = '{{#Hint}}<p class="hint" dir="auto">{{Hint}}</p>{{/Hint}}\n'

_FOOT = """\
{{#Extra}}<section class="extra" dir="auto">{{Extra}}</section>{{/Extra}}
{{#Confusable}}<p class="confusable" dir="auto">Not to be confused with {{Confusable}}</p>{{/Confusable}}
{{#My notes}}<section class="mine" dir="auto">{{My notes}}</section>{{/My notes}}
<footer class="about">
{{#Grade}}<p class="grade">{{Grade}}</p>{{/Grade}}
{{#Source}}<div class="source" dir="auto">{{Source}}</div>{{/Source}}
<p class="id">{{#As of}}As of {{As of}} · {{/As of}}{{Id}}</p>
</footer>
"""


def front(kind: str, question: str, answer: str = '<div class="answer blank">?</div>') -> str:
    """A card's front: its question, and an empty place for the answer."""
    return f'<div class="dg {kind}-note">\n{_HEAD.replace("{id}", "")}{question}\n{_HINT}{answer}\n</main>\n</div>'


def back(kind: str, question: str, answer: str) -> str:
    """A card's back: the same question, the answer in its place and, below, everything that was not asked.

    Anki scrolls a turned card to the element with the id ``answer``. It is the start of the question here, so that the
    question stays in sight above a long answer.
    """
    head = _HEAD.replace("{id}", ' id="answer"')
    return f'<div class="dg {kind}-note">\n{head}{question}\n{_HINT}{answer}\n{_FOOT}</main>\n</div>'
