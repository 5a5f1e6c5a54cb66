"""A card in a page of the site."""

from __future__ import annotations

import pytest

from deckgen.preview.gallery import CardView, NoteView, Sides
from deckgen.site.card_element import card_element


@pytest.mark.parametrize(
    "active",
    ["<script>x()</script>", '<meta http-equiv="refresh" content="0;url=/x">', "</template><em>", '<b onclick="x()">b'],
)
def test_of_an_adopted_card_only_what_shows_something_is_on_the_site(active):
    sides = Sides(f"<b>front</b> {active}", "<b>back</b>", "1a2b", framed=True)
    note = NoteView("note/x", "note", (CardView(1, sides),))
    made = card_element(note, note.cards[0], 0, "en")

    assert active not in made
    assert '<div class="card card1">front' in made
    assert '<div class="card card1"><b>back</b>' in made
