"""The question note type: a question with a short graded answer, and optional cards for the reason and the reverse."""

from __future__ import annotations

from deckgen.cards.note import SEPARATOR, Asked, Identity, Note, Statement
from deckgen.cards.note_type import Field, NoteType, Template
from deckgen.cards.note_types import frame
from deckgen.cards.note_types.frame import Frame
from deckgen.language.markup import Markup, media_of

_QUESTION = '<div class="question" dir="auto">{{Question}}</div>'
_ANSWER = '<div class="answer" dir="auto">{{Answer}}</div>'
_FULL = '{{#Full}}<section class="full" dir="auto">{{Full}}</section>{{/Full}}'
_WHY = f'{_QUESTION}\n<div class="given" dir="auto">{{{{Answer}}}}</div>\n<p class="ask">Why?</p>'
_REVERSE = '<div class="question" dir="auto">{{Reverse}}</div>\n<p class="ask">This is the answer. What is asked?</p>'
_SPARE = '<div class="question" dir="auto">{{Reserve 1}}</div>'


def _if(field: str, html: str) -> str:
    """A front that makes a card only if a field is filled."""
    return f"{{{{#{field}}}}}{html}{{{{/{field}}}}}"


NOTE_TYPE = NoteType(
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
"""Four templates; a note gets the cards of those whose field it fills. ``Spare`` is reserved for a future card."""


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
    """A question note. ``worded`` says that deckgen worded the question, ``actionable`` that people may act on the
    answer."""
    texts = (question, answer, full, why)
    fields = (
        question.html,
        answer.html,
        full.html if full else "",
        why.html if why else "",
        answer.html if reverse else "",
    )
    asked = Asked(question, answer)
    return Note(
        identity,
        NOTE_TYPE,
        SEPARATOR.join(fields) + around.text,
        media_of(texts) + around.media,
        statement=Statement(
            (asked, Asked(question, why)) if why else (asked,),
            full=full,
            worded=worded,
            is_reversed=reverse,
            actionable=actionable,
            shown=frame.all_typed(texts, around),
            above=around.above,
        ),
    )
