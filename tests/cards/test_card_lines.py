"""Cards as lines of text."""

from __future__ import annotations

import pytest

from deckgen.cards.card_lines import card_lines


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<ul><li>a</li><li>b<ol start=3><li>c</li><li>d</li></ol></li></ul>", "- a|- b|  3. c|  4. d"),
        ("<p>one<br>two</p>three", "one|two|three"),
        ('<p>x <img src="a.png" alt="a dot"> [sound:a.mp3]</p>', "x [picture: a dot] [sound]"),
        ("<p>[anki:tts lang=es_ES]hola[/anki:tts] [[type:Typed]]</p>", "[sound] [typed]"),
        ("<p>a  <em>b</em>\n c &lt;</p>", "a b c <"),
        ("  \n<div></div>", ""),
    ],
)
def test_a_side_of_a_card_as_lines(html, text):
    assert "|".join("".join(piece.text for piece in line).rstrip() for line in card_lines(html)) == text
