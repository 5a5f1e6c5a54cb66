"""The question note type: a question with a short graded answer, and optional cards for the reason and the reverse."""

from __future__ import annotations

from dataclasses import dataclass

from deckgen.cards.note import SEPARATOR, Asked, Identity, Note, Statement
from deckgen.cards.note_type import Field, NoteType, Template
from deckgen.cards.note_types import frame
from deckgen.cards.note_types.frame import Frame
from deckgen.text.markup import Markup, media_of

_QUESTION = '<div class="question" dir="auto">{{Question}}</div>'
_ANSWER = '<div class="answer" dir="auto">{{Answer}}</div>'
_FULL = '{{#Full}}<section class="full" dir="auto">{{Full}}</section>{{/Full}}'
_WHY = f'{_QUESTION}\n<div class="given" dir="auto">{{{{Answer}}}}</div>\n<p class="ask">Why?</p>'
_REVERSE = '<div class="question" dir="auto">{{Reverse}}</div>'
_SPARE = '<div class="question" dir="auto">{{Reserve 1}}</div>'


def _if(field: str, html: str) -> str:
    """A front that makes a card only if a field is filled."""
    return f"{{{{#{field}}}}}{html}{{{{/{field}}}}}"


NOTE_TYPE = NoteType(
    name="question",
    fields=(
        Field("Question"),
        Field("Answer"),
        Field("Full"),
        Field("Why"),
        Field("Reverse"),
        *frame.FIELDS,
    ),
    templates=(
        Template(
            "Answer",
            _if("Question", frame.front("question", _QUESTION)),
            frame.back("question", f"{_ANSWER}\n{_FULL}"),
            "{{Question}}",
            "{{Answer}}",
        ),
        Template(
            "Why",
            _if("Why", frame.front("question", _WHY)),
            frame.back("question", '<div class="answer" dir="auto">{{Why}}</div>'),
            "{{Question}} {{Answer}} Why?",
            "{{Why}}",
        ),
        Template(
            "Reverse",
            _if("Reverse", frame.front("question", _REVERSE)),
            frame.back("question", f'<div class="answer" dir="auto">{{{{Reserve 3}}}}</div>\n{_FULL}'),
            "{{Reverse}}",
            "{{Reserve 3}}",
        ),
        Template(
            "Spare",
            _if("Reserve 1", frame.front("question", _SPARE)),
            frame.back("question", '<div class="answer" dir="auto">{{Reserve 2}}</div>'),
            "{{Reserve 1}}",
            "{{Reserve 2}}",
        ),
    ),
    css=frame.stylesheet(),
)
"""Four templates; a note gets the cards of those whose field it fills. ``Spare`` is reserved for a future card.
``Reserve 3`` has the answer of the reverse card."""


@dataclass(frozen=True, slots=True)
class Reverse:
    """A second question about the same fact, which asks from its answer."""

    question: Markup
    answer: Markup


def note(
    identity: Identity,
    around: Frame,
    question: Markup,
    answer: Markup,
    full: Markup | None = None,
    why: Markup | None = None,
    reverse: Reverse | None = None,
    *,
    worded: bool = False,
    actionable: bool = False,
) -> Note:
    """A question note. ``worded`` says that deckgen worded the question, ``actionable`` that people may act on the
    answer."""
    texts = (question, answer, full, why, *([reverse.question, reverse.answer] if reverse else []))
    fields = (
        question.html,
        answer.html,
        full.html if full else "",
        why.html if why else "",
        reverse.question.html if reverse else "",
    )
    asked = [Asked(question, answer)]
    asked += [Asked(question, why)] if why else []
    asked += [Asked(reverse.question, reverse.answer)] if reverse else []
    made = Note(
        identity,
        NOTE_TYPE,
        SEPARATOR.join(fields) + around.text,
        media_of(texts) + around.media,
        statement=Statement(
            tuple(asked),
            full=full,
            worded=worded,
            actionable=actionable,
            shown=frame.all_typed(texts, around),
            above=around.above,
        ),
    )
    if reverse is None:
        return made
    filled = list(made.fields)
    filled[NOTE_TYPE.index("Reserve 3")] = reverse.answer.html
    return made.with_fields(filled)
