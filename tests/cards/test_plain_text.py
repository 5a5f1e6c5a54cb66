"""Fields as plain text."""

from __future__ import annotations

from deckgen.cards.plain_text import field_text


def test_a_field_as_one_line():
    html = '<p>A <strong>b</strong></p><ul><li>c &lt; d</li></ul><img src="x.png" alt="y"> {{c1::e}} {{c2::f::hint}}'

    assert field_text(html) == "A b – c < d (picture x.png) [e] [f]"
