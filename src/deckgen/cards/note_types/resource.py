"""The resource note type: a society, journal or website, asked by its acronym, role, name or former name.

Each card is made only if its field is filled. The address is never asked: people look it up instead of learning it.
"""

from __future__ import annotations

from typing import NamedTuple

from deckgen.cards.note import Asked, Identity, Note, Statement
from deckgen.cards.note_type import Field, NoteType, Template
from deckgen.cards.note_types import frame
from deckgen.cards.note_types.frame import SharedFields
from deckgen.text.markup import Markup

_NAME = '<strong class="name">{{Name}}</strong>{{#Acronym}} <span class="acronym">({{Acronym}})</span>{{/Acronym}}'
_FACTS = {
    "Role": '{{#Role}}<p class="fact">{{Role}}</p>{{/Role}}',
    "Former": '{{#Former}}<p class="fact">Formerly: {{Former}}</p>{{/Former}}',
    "Link": '{{#Link}}<p class="link">{{Link}}</p>{{/Link}}',
}


def _card(name: str, field: str, question: str, answer: str, browser: tuple[str, str]) -> Template:
    """A template that makes a card if ``field`` is filled; its back adds the facts that it does not ask for."""
    facts = "\n".join(html for fact, html in _FACTS.items() if fact != field)
    shown = f'<div class="answer" dir="auto">{answer}</div>\n{facts}'
    return frame.template("resource", name, question, shown, browser, only_if=field)


def _ask(subject: str, question: str) -> str:
    return f'<div class="given" dir="auto">{subject}</div>\n<p class="question">{question}</p>'


NOTE_TYPE = NoteType(
    name="resource",
    fields=(
        Field("Name"),
        Field("Acronym"),
        Field("Acronym asked"),
        Field("Role"),
        Field("Purpose"),
        Field("Former"),
        Field("Name asked"),
        Field("Link"),
        *frame.FIELDS,
    ),
    templates=(
        _card(
            "Acronym",
            "Acronym asked",
            _ask("{{Acronym asked}}", "What does it stand for?"),
            '<strong class="name">{{Name}}</strong>',
            ("{{Acronym asked}}", "{{Name}}"),
        ),
        _card("Role", "Role", _ask("{{Role}}", "Which one is it?"), _NAME, ("{{Role}}", "{{Name}}")),
        _card(
            "Purpose",
            "Purpose",
            _ask("{{Name}}", "What is it for?"),
            "{{Purpose}}",
            ("{{Name}}: what is it for?", "{{Purpose}}"),
        ),
        _card(
            "Former name",
            "Former",
            _ask("{{Former}}", "What is its name{{#As of}} as of {{As of}}{{/As of}}{{^As of}} today{{/As of}}?"),
            _NAME,
            ("{{Former}}: name today?", "{{Name}}"),
        ),
        _card(
            "Name to acronym",
            "Name asked",
            _ask("{{Name}}", "What is its acronym?"),
            "{{Acronym}}",
            ("{{Name}}: acronym?", "{{Acronym}}"),
        ),
        _card(
            "Spare",
            "Reserve 1",
            '<div class="question" dir="auto">{{Reserve 1}}</div>',
            "{{Reserve 2}}",
            ("{{Reserve 1}}", "{{Reserve 2}}"),
        ),
    ),
    css=frame.stylesheet(),
)


class Facts(NamedTuple):
    """The facts of a resource; each of them except the link makes a card."""

    name: Markup
    acronym: str = ""
    ask_name: bool = False
    role: Markup | None = None
    purpose: Markup | None = None
    former: str = ""
    link: str = ""


def note(identity: Identity, shared: SharedFields, facts: Facts) -> Note:
    """A resource note."""
    fields = (
        facts.name.html,
        facts.acronym,
        facts.acronym,
        facts.role.html if facts.role else "",
        facts.purpose.html if facts.purpose else "",
        facts.former,
        "y" if facts.ask_name else "",
        facts.link,
    )
    texts = (facts.name, facts.role, facts.purpose)
    asked = [Asked(facts.role, facts.name)] if facts.role else []
    asked += [Asked(facts.name, facts.purpose)] if facts.purpose else []
    statement = Statement(tuple(asked), cued=True, clue=facts.role, ages=True, shown=(facts.former,))
    return frame.note(NOTE_TYPE, identity, shared, fields, texts, statement, acronym=facts.acronym)
