"""The question note type: a question with a short graded answer, and optional cards for the reason and the reverse."""

from __future__ import annotations

from typing import NamedTuple

from deckgen.cards.note import Asked, Identity, Note, Statement
from deckgen.cards.note_type import Field, NoteType, Template
from deckgen.cards.note_types import frame
from deckgen.cards.note_types.frame import SharedFields
from deckgen.text.markup import Markup


def _question(field: str) -> str:
    return f'<div class="question" dir="auto">{{{{{field}}}}}</div>'


def _answer(field: str) -> str:
    return f'<div class="answer" dir="auto">{{{{{field}}}}}</div>'


def _card(name: str, field: str, question: str, answer: str, browser: tuple[str, str]) -> Template:
    """A template that makes a card if ``field`` is filled."""
    return frame.template("question", name, question, answer, browser, only_if=field)


_WHY = f'{_question("Question")}\n<div class="given" dir="auto">{{{{Answer}}}}</div>\n<p class="ask">Why?</p>'

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
        _card(
            "Answer",
            "Question",
            _question("Question"),
            f"{_answer('Answer')}\n{frame.FULL}",
            ("{{Question}}", "{{Answer}}"),
        ),
        _card("Why", "Why", _WHY, _answer("Why"), ("{{Question}} {{Answer}} Why?", "{{Why}}")),
        _card(
            "Reverse",
            "Reverse",
            _question("Reverse"),
            f"{_answer('Reserve 3')}\n{frame.FULL}",
            ("{{Reverse}}", "{{Reserve 3}}"),
        ),
        _card("Spare", "Reserve 1", _question("Reserve 1"), _answer("Reserve 2"), ("{{Reserve 1}}", "{{Reserve 2}}")),
    ),
    css=frame.stylesheet(),
)
"""Four templates; a note gets the cards of those whose field it fills. ``Spare`` is reserved for a future card.
``Reserve 3`` has the answer of the reverse card."""


class Reverse(NamedTuple):
    """A second question about the same fact, which asks from its answer."""

    question: Markup
    answer: Markup


def note(
    identity: Identity,
    shared: SharedFields,
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
    statement = Statement(tuple(asked), full=full, worded=worded, actionable=actionable)
    made = frame.note(NOTE_TYPE, identity, shared, fields, texts, statement)
    if reverse is None:
        return made
    filled = list(made.fields)
    filled[NOTE_TYPE.index("Reserve 3")] = reverse.answer.html
    return made.with_fields(filled)
