"""A word of a language, and what it means.

Example:

    domain: basics
    source: [book]

    terms:
      - id: ser
        term: ser
        meaning: to be
        hint: what it always is
        part: verb
        example: Soy médica.
        ask: [recognise, produce, listen]
        speak: es-ES
      - id: estar
        term: estar
        meaning: to be
        hint: how or where it is now
        part: verb
        type: true
      - id: nihongo
        term: 日本語[にほんご]
        meaning: the Japanese language

`ask` chooses the cards: `recognise` shows the term, `produce` shows the meaning, and `listen` plays the `audio`.
Without a recording, `speak: es-ES` lets Anki's voice for that language read the term. With `type: true`, learners type
the term, and Anki compares it character by character. An apostrophe, a quotation mark or a dash from the keyboard
counts as right for the typographic one in the term.

A bracket directly after a word is its reading; the card that asks for the meaning shows it only on the back. A space
between Japanese or Chinese characters, which only says where the word begins, is not shown. Other readings, such as
pinyin, go into `reading`. If two terms have the same meaning, each needs a `hint`, because both would be right.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from deckgen.cards.note import Note
from deckgen.cards.note_types import term
from deckgen.cards.note_types.term import LISTEN, PRODUCE, RECOGNISE, Word
from deckgen.core import rules
from deckgen.core.nodes import MappingNode
from deckgen.kinds.entry import Entry, Kind, identify, shared_fields_for
from deckgen.language import language_codes
from deckgen.language.keys import key, record
from deckgen.language.media_path import MediaPath
from deckgen.language.patterns import Line, Pattern
from deckgen.language.readings import ReadingText, characters, has_reading, without_reading_marks, without_readings
from deckgen.language.records import ListOf
from deckgen.language.shapes import Reader
from deckgen.language.values import Choice, Flag, MarkupText
from deckgen.media.media import MediaFile
from deckgen.media.media_formats import MediaKind
from deckgen.project.project import Project
from deckgen.text.escaping import unescaped
from deckgen.text.markup import Markup


class Speech(Pattern):
    """A language and a country, by which Anki chooses a voice."""

    noun = "a language and a country, such as es-ES or pt-BR"
    pattern = rf"{language_codes.PATTERN}[-_][A-Z]{{2}}"

    def suggestion(self, text: str) -> str:
        language, _, country = text.replace("_", "-").partition("-")
        code = language.lower()
        codes = [code] if code in language_codes.CODES else language_codes.likely_codes(language)
        tags = [f"{code}-{country.upper()}" for code in codes]
        return " or ".join(tag for tag in tags if self.problem(tag) is None)


@record
class Term(Entry):
    """What an author writes for one term."""

    term: Markup = key(ReadingText(), "The word or phrase in the language to be learned.")
    meaning: Markup = key(MarkupText(), "The meaning, in a few words.")
    reading: Markup | None = key(MarkupText(), "How to read it, shown on the back: pinyin, IPA.", default=None)
    part: str | None = key(Line(), "The part of speech, such as verb; shown next to the question.", default=None)
    example: Markup | None = key(ReadingText(), "A sentence with it, shown on the back.", default=None)
    audio: MediaFile | None = key(MediaPath(MediaKind.SOUND), "A recording of it.", default=None)
    picture: MediaFile | None = key(
        MediaPath(MediaKind.PICTURE), "A picture of the meaning, shown with the meaning.", default=None
    )
    speak: str | None = key(
        Speech(), "The language in which Anki reads it aloud if it has no `audio`: es-ES, ja-JP.", default=None
    )
    ask: tuple[str, ...] = key(
        ListOf(Choice((RECOGNISE, PRODUCE, LISTEN))),
        "Its cards: recognise, produce, listen; by default, the first two.",
        default=(RECOGNISE, PRODUCE),
    )
    type: bool = key(Flag(), "Learners type the term on the card `produce`.", default=False)

    def check_values(self, node: MappingNode, reader: Reader) -> bool:
        """Check that the cards can be made."""
        if not self.ask:
            help = "name one of recognise, produce and listen, or delete `ask`"
            reader.error(rules.NO_CARD, node.pairs["ask"].value, "expected a card to make, found none", help)
            return False
        if LISTEN in self.ask and not (self.audio or self.speak):
            help = "name a recording in `audio`, or a language in `speak`; or leave out `listen`"
            reader.error(rules.MISSING_KEY, node.pairs["ask"].value, "`listen` needs a sound, found none", help)
            return False
        if self.type and PRODUCE not in self.ask:
            message = "expected `produce` among the cards in `ask`, since only that card has the term typed"
            reader.error(rules.CONFLICTING_KEYS, node.pairs["type"].key, message, "add it to `ask`, or delete `type`")
            return False
        has_maths = self.type and re.search(r"\\[(\[]", re.sub("<code>.*?</code>", "", self.term.html, flags=re.DOTALL))
        if self.type and (has_maths or not _as_typed(self.term)):
            found = "maths" if has_maths else "no characters"
            message = f"expected a `term` that learners can type, found {found}"
            help = "delete `type`, or write the term in characters"
            reader.error(rules.CONFLICTING_KEYS, node.pairs["term"].value, message, help)
            return False
        return True


def notes(entry: Term, project: Project) -> Iterator[Note]:
    """Make one note, with a card for each way of asking."""
    identity = identify(entry, "term", project, title=without_readings(entry.term.html))
    own_reading = entry.term.html if has_reading(entry.term.html) else ""
    word = Word(
        term=entry.term,
        meaning=entry.meaning,
        reading=without_reading_marks(entry.reading.html) if entry.reading else own_reading,
        part=entry.part or "",
        example=entry.example,
        audio=entry.audio,
        speech=(entry.speak or "").replace("-", "_"),
        picture=entry.picture,
        typed=_as_typed(entry.term) if entry.type else "",
    )
    yield term.note(identity, shared_fields_for(entry, project, identity), word, entry.ask, entry.hint)


_KEYS = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019\u02bc", "'"),
        **dict.fromkeys("\u201c\u201d\u201e", '"'),
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-"),
        "\u2026": "...",
    }
)
"""What most keyboards have for apostrophes, quotation marks, dashes and dots as they are printed. Anki takes one for
another only where Unicode calls both the same (``rslib/src/typeanswer.rs``)."""


def _as_typed(term: Markup) -> str:
    """The characters that a learner types for a term, with one plain space for any white space."""
    return " ".join(unescaped(characters(term.html)).translate(_KEYS).split())


KIND = Kind(
    name="term",
    section="terms",
    plural="Terms",
    entry=Term,
    notes=notes,
    asked=("term", "meaning", "part", "example"),
)
