"""The source of a picture, sound or link never stays on a card, and what the message says to write works."""

from __future__ import annotations

from pathlib import Path

import pytest

import sample
from deckgen.media.media import MediaFile
from deckgen.media.media_formats import MediaKind
from deckgen.text.markdown import render


def rendered(text: str) -> tuple[str, list[str]]:
    html, _, errors = render(text, lambda _: MediaFile("a.png", MediaKind.PICTURE, Path("a.png")))
    return html, [f"{error.rule.name}: {error.help}" for error in errors]


@pytest.mark.parametrize(
    ("typed", "remedy"),
    [
        ("![x] (a.png)", "![x](a.png)"),
        ("![x](my dot.png)", "![x](<my dot.png>)"),
        ("![x](my_big dot.png)", "![x](<my_big dot.png>)"),
        ("![](my dot.png)", "![what it shows](<my dot.png>)"),
        ("![x](a.png", "![x](a.png)"),
        ("![x] (my dot.png", "![x](<my dot.png>)"),
        ("![[a.png]]", "![what it shows](a.png)"),
        ("![[my dot.png|300]]", "![what it shows](<my dot.png>)"),
        ("[sound:a.mp3]", "![what is heard](a.mp3)"),
        ("[sound:a b.mp3]", "![what is heard](<a b.mp3>)"),
        ("![x]", "![x](media/its-file.png)"),
        ("![x][y]", "![x](media/its-file.png)"),
        ("[**x**](https://example.org/a b)", "[x](https://example.org/a%20b)"),
        ("[here] (https://example.org)", "[here](https://example.org)"),
        ("[x](https://example.org", "[x](https://example.org)"),
        ("[x](www.example.org/a b)", "[x](https://www.example.org/a%20b)"),
    ],
)
@pytest.mark.parametrize("around", ["{}", "See {}, or not.", "- a\n- {}", "`a` **b** {}"])
def test_a_broken_picture_sound_or_link_is_an_error_whose_remedy_works(typed, remedy, around):
    assert rendered(around.format(typed))[1] == [f"broken-link: write {remedy}"]
    html, errors = rendered(around.format(remedy))
    assert errors == []
    assert "](" not in html


def test_brackets_that_no_address_follows_are_told_apart_from_links():
    _, errors = rendered("Take f[0](x y).")

    assert errors == [
        "broken-link: write the address of a site, [0](https://example.org), or a space before '('",
    ]
    assert rendered("Take f[0] (x y).") == ("Take f[0] (x y).", [])


@pytest.mark.parametrize(
    "text",
    ["as shown [1] (page 5)", "n![5] or 5!", "`![x] (a.png)`", "```\n![[a.png]]\n```", "\\(a[1](b c)\\)", "[x] y [z]"],
)
def test_other_brackets_are_text(text):
    assert rendered(text)[1] == []


def test_what_is_broken_in_a_text_with_deletions_is_shown_as_typed(tmp_path):
    text = "cloze:\n  - {id: a, domain: basics, text: '{{c1::One}} ![x {{c2::two}}](a b.png)'}\n"
    (found,) = sample.findings(tmp_path, text)

    assert found.startswith("2:48 broken-link: expected a picture, found '![x {{c2::two}}](a b.png)'")
