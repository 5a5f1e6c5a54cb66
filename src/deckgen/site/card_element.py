"""A card in a page that needs no script: it turns when it is clicked.

Its sides are in shadow roots, so that the stylesheet of cards and that of the page leave each other alone
(https://html.spec.whatwg.org/multipage/scripting.html#attr-template-shadowrootmode).
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from deckgen.cards.plain_text import field_text
from deckgen.preview.gallery import CardView, NoteView, Sides
from deckgen.text.safe_html import html_problems


def card_element(note: NoteView, card: CardView, number: int, language: str) -> str:
    """The HTML of a card in a language; ``number`` tells it apart from the other cards of the page."""
    assert card.now is not None
    front, back = (_side(card.now, name, card.number, f"turn{number}", language) for name in ("front", "back"))
    return (
        f'<article class="turning" aria-label="Card {html.escape(f"{note.id}, {card.number}")}">'
        f'<input type="checkbox" id="turn{number}" class="turn" aria-label="Show the answer">'
        f'{front}{back}<p class="turn-hint" aria-hidden="true"></p></article>'
    )


def _side(sides: Sides, name: str, number: int, turn: str, language: str) -> str:
    side = sides.front if name == "front" else sides.back
    if sides.framed and next(
        html_problems(side), None
    ):  # an adopted card with more than HTML that only shows something
        side = html.escape(field_text(side))
    return (
        f'<label class="face {name}" for="{turn}"><span lang="{language}"><template shadowrootmode="open">'
        f'<link rel="stylesheet" href="{style_file(sides.style)}"><div class="card card{number}">{side}</div>'
        "</template></span></label>"
    )


def style_file(key: str) -> str:
    """The file with a stylesheet of cards, for both themes."""
    return f"card-{key}.css"


_NIGHT = re.compile(r"\.(?:nightMode|night_mode)\b")


def for_both_themes(style: str) -> str:
    """A stylesheet whose rules for Anki's night mode, which a class switches on, also apply in the browser's dark
    theme."""
    rules = [(_at_night(selectors), body) for selectors, body in _rules(style)]
    dark = "".join(f"{selectors} {{{body}}}\n" for selectors, body in rules if selectors)
    return f"{style}\n@media (prefers-color-scheme: dark) {{\n{dark}}}\n" if dark else style


def _rules(style: str) -> Iterator[tuple[str, str]]:
    """The selectors and the body of each rule that is not part of an at-rule."""
    style = re.sub(r"/\*.*?(?:\*/|\Z)", "", style, flags=re.DOTALL)
    opened: list[str] = []  # what stands before each brace that is open
    start = 0
    for found in re.finditer("[{};]", style):
        text = style[start : found.start()]
        if found[0] == ";" and opened:
            continue
        start = found.end()
        if found[0] == "{":
            opened.append(text.strip())
        elif found[0] == "}" and opened:
            selectors = opened.pop()
            if not opened and not selectors.startswith("@"):
                yield selectors, text


def _at_night(selectors: str) -> str:
    """The selectors of a rule that need night mode, without it; empty if there is none."""
    needing = [one.strip() for one in selectors.split(",") if _NIGHT.search(one)]
    without = [re.sub(r"\s+", " ", _NIGHT.sub("", one)).strip() or ".card" for one in needing]
    return ", ".join(dict.fromkeys(without))
