"""The term note type: a word, its meaning and its sound, each asked on a card of its own."""

from __future__ import annotations

from typing import NamedTuple

from deckgen.cards.note import Asked, Identity, Note, Statement
from deckgen.cards.note_type import Field, NoteType, Template
from deckgen.cards.note_types import frame
from deckgen.cards.note_types.frame import SharedFields
from deckgen.language.readings import characters
from deckgen.media.media import MediaFile
from deckgen.text.escaping import attribute, escape
from deckgen.text.markup import Markup

RECOGNISE, PRODUCE, LISTEN = "recognise", "produce", "listen"

_PART = '{{#Part}} <span class="part">{{Part}}</span>{{/Part}}'
_WORD = f'<div class="question" dir="auto">{{{{kanji:Term}}}}{_PART}</div>'
_MEANING = (
    f'<div class="question" dir="auto">{{{{Meaning}}}}{_PART}</div>\n{{{{#Picture}}}}{{{{Picture}}}}{{{{/Picture}}}}'
)
_BOX = '<div class="answer blank">{{#Typed}}{{type:Typed}}{{/Typed}}{{^Typed}}?{{/Typed}}</div>'
_TYPED = '{{#Typed}}<p class="typed">{{type:Typed}}</p>{{/Typed}}'

_READING = '{{#Reading}}<p class="fact" dir="auto">{{furigana:Reading}}</p>{{/Reading}}\n'
_AUDIO = "{{#Audio}}<p>{{Audio}}</p>{{/Audio}}\n"
_PICTURE = "{{#Picture}}{{Picture}}{{/Picture}}\n"
_EXAMPLE = '{{#Example}}<section class="full" dir="auto">{{furigana:Example}}</section>{{/Example}}'

_STYLE = """
.part { color: var(--quiet); font-size: 0.75em; font-weight: 400; font-style: italic; }
.heard { font-weight: 600; }
.term-note rt { font-size: 0.6em; font-weight: 400; }
.term-note img { max-height: 14em; width: auto; }
.term-note input { max-width: 100%; box-sizing: border-box; font-size: 1em; }
"""


def _card(
    name: str, field: str, question: str, answer: str, browser: tuple[str, str], blank: str = frame.BLANK
) -> Template:
    """A template that makes a card if ``field`` is filled."""
    return frame.template("term", name, question, answer, browser, blank=blank, only_if=field)


def _asked(question: str, asked: str) -> str:
    return f'{question}\n<p class="ask">{asked}</p>'


def _answer(inner: str) -> str:
    return f'<div class="answer" dir="auto">{inner}</div>\n'


def _spare(number: int) -> Template:
    asked, spare = f"{{{{Ask {number}}}}}", f"{{{{Spare {number}}}}}"
    question = f'<div class="question" dir="auto">{asked}</div>'
    return _card(f"Spare {number}", f"Ask {number}", question, _answer(spare), (asked, spare))


NOTE_TYPE = NoteType(
    name="term",
    fields=(
        Field("Term"),
        Field("Reading"),
        Field("Meaning"),
        Field("Part"),
        Field("Example"),
        Field("Audio"),
        Field("Picture"),
        Field("Typed"),
        Field("Ask recognise", collapsed=True),
        Field("Ask produce", collapsed=True),
        Field("Ask listen", collapsed=True),
        *(Field(f"{what} {number}", collapsed=True) for number in (4, 5) for what in ("Ask", "Spare")),
        *(Field(f"Spare {number}", collapsed=True) for number in range(6, 11)),
        *frame.FIELDS,
    ),
    templates=(
        _card(
            "Recognise",
            "Ask recognise",
            _asked(_WORD, "What does it mean?"),
            _answer("{{Meaning}}") + f"{_READING}{_AUDIO}{_PICTURE}{_EXAMPLE}",
            ("{{Term}}", "{{Meaning}}"),
        ),
        _card(
            "Produce",
            "Ask produce",
            _asked(_MEANING, "What is the word?"),
            _answer("{{kanji:Term}}") + f"{_TYPED}{_READING}{_AUDIO}{_EXAMPLE}",
            ("{{Meaning}}", "{{Term}}"),
            _BOX,
        ),
        _card(
            "Listen",
            "Ask listen",
            _asked('<div class="question">{{Audio}}</div>', "What do you hear?"),
            _answer(f'<p class="heard">{{{{kanji:Term}}}}{_PART}</p>{{{{Meaning}}}}')
            + f"{_READING}{_PICTURE}{_EXAMPLE}",
            ("{{Term}} (heard)", "{{Meaning}}"),
        ),
        _spare(4),
        _spare(5),
    ),
    css=frame.stylesheet() + _STYLE,
)
"""Templates 4 and 5, and the fields with a number, are reserved."""


class Word(NamedTuple):
    """A word as its cards show it. ``reading`` may be the word itself with readings in brackets. ``speech`` is the
    language in which Anki reads it aloud where there is no recording (``es_ES``), and ``typed`` what is to be typed."""

    term: Markup
    meaning: Markup
    reading: str = ""
    part: str = ""
    example: Markup | None = None
    audio: MediaFile | None = None
    speech: str = ""
    picture: MediaFile | None = None
    typed: str = ""


def note(identity: Identity, shared: SharedFields, word: Word, cards: tuple[str, ...], hint: Markup | None) -> Note:
    """A term note with some of the cards RECOGNISE, PRODUCE and LISTEN."""
    term, meaning = word.term, word.meaning
    fields = (
        term.html,
        word.reading,
        meaning.html,
        escape(word.part),
        word.example.html if word.example else "",
        _sound(word),
        f'<img src="{word.picture.name}" alt="{attribute(meaning.text)}">' if word.picture else "",
        escape(word.typed),
        *("y" if card in cards else "" for card in (RECOGNISE, PRODUCE, LISTEN)),
        *[""] * 9,
    )
    texts = (term, meaning, word.example)
    media = [file for file in (word.audio, word.picture) if file]
    asked = {RECOGNISE: Asked(term, meaning), PRODUCE: Asked(meaning, term)}
    statement = Statement(
        asked=tuple([asked[card] for card in cards if card in asked]),
        cued=True,
        vocabulary=True,
        hint=hint,
        shown=(word.part,),
    )
    return frame.note(NOTE_TYPE, identity, shared, fields, texts, statement, media=media)


def _sound(word: Word) -> str:
    """The recording, or the mark by which Anki reads the word aloud."""
    if word.audio:
        return f"[sound:{word.audio.name}]"
    spoken = characters(word.term.html)
    return f"[anki:tts lang={word.speech}]{spoken}[/anki:tts]" if word.speech else ""
