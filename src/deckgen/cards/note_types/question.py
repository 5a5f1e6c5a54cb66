"""The question note type: a question with a short graded answer, and cards on request for the reason or the reverse."""

from __future__ import annotations

from deckgen.cards.note import SEPARATOR, Asked, Field, Identity, Note, NoteType, Statement, Template
from deckgen.cards.note_types import frame
from deckgen.cards.note_types.frame import Frame
from deckgen.cards.template import card_numbers, card_ords
from deckgen.language.markdown import Markup, media_of

_QUESTION = '<div class="question" dir="auto">{{Question}}</div>'
_ANSWER = '<div class="answer" dir="auto">{{Answer}}</div>'
_FULL = '{{#Full}}<section class="full" dir="auto">{{Full}}</section>{{/Full}}'
_WHY = f'{_QUESTION}\n<div class="given" dir="auto">{{{{Answer}}}}</div>\n<p class="ask">Why?</p>'
_REVERSE = '<div class="question" dir="auto">{{Reverse}}</div>\n<p class="ask">This is the answer. What is asked?</p>'
_SPARE = '<div class="question" dir="auto">{{Reserve 1}}</div>'


def _if(field: str, html: str) -> str:
    """A front that makes a card only where a field is filled."""
    return f"{{{{#{field}}}}}{html}{{{{/{field}}}}}"


QUESTION = NoteType(
    name="question",
    fields=(Field("Question"), Field("Answer"), Field("Full"), Field("Why"), Field("Reverse"), *frame.FIELDS),
    templates=(
        Template(
            "Answer",
            _if("Question", frame.front("question", _QUESTION)),
            frame.back("question", _QUESTION, f"{_ANSWER}\n{_FULL}"),
            "{{Question}}",
            "{{Answer}}",
        ),
        Template(
            "Why",
            _if("Why", frame.front("question", _WHY)),
            frame.back("question", _WHY, '<div class="answer" dir="auto">{{Why}}</div>'),
            "{{Question}} {{Answer}} Why?",
            "{{Why}}",
        ),
        Template(
            "Reverse",
            _if("Reverse", frame.front("question", _REVERSE)),
            frame.back("question", _REVERSE, f'<div class="answer" dir="auto">{{{{Question}}}}</div>\n{_FULL}'),
            "{{Reverse}}",
            "{{Question}}",
        ),
        Template(
            "Spare",
            _if("Reserve 1", frame.front("question", _SPARE)),
            frame.back("question", _SPARE, '<div class="answer" dir="auto">{{Reserve 2}}</div>'),
            "{{Reserve 1}}",
            "{{Reserve 2}}",
        ),
    ),
    css=frame.stylesheet(),
)
"""Four templates, of which each note uses those whose field it fills; ``Spare`` is for a card not thought of yet."""


def note(
    identity: Identity,
    around: Frame,
    question: Markup,
    answer: Markup,
    full: Markup | None = None,
    why: Markup | None = None,
    reverse: bool = False,
    *,
    worded: bool = False,
    actionable: bool = False,
) -> Note:
    """A question note; deckgen may have ``worded`` the question, and the answer may be ``actionable``."""
    texts = (question, answer, full, why)
    fields = (
        question.html,
        answer.html,
        full.html if full else "",
        why.html if why else "",
        answer.html if reverse else "",
    )
    cards = card_ords(QUESTION, fields)
    asked = Asked(question, answer)
    return Note(
        identity,
        QUESTION,
        SEPARATOR.join(fields) + around.text,
        media_of(texts) + around.media,
        cards,
        card_numbers(QUESTION, cards),
        statement=Statement(
            (asked, Asked(question, why)) if why else (asked,),
            full=full,
            worded=worded,
            actionable=actionable,
            shown=frame.all_typed(texts, around),
        ),
    )
