"""``deckgen list`` and ``deckgen show``: what is there, and how a learner sees it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import sample
from author import CARDS
from deckgen.cards import plain_text as card_text
from deckgen.cli import main


@pytest.fixture(autouse=True)
def project(tmp_path: Path) -> Path:
    return sample.write(tmp_path, {"demo/cards.yaml": CARDS, "other/deck.yaml": "title: Other", "other/x.yaml": OTHER})


OTHER = "faq: [{id: apart, domain: others, question: What is apart?, answer: 'This, x < y & that'}]\n"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


def test_the_list_has_a_line_for_each_entry_with_its_cards(project):
    lines = run("list").stdout.splitlines()

    assert lines[0] == "faq/first       1  Is it the first?"
    assert "procedure/tea   7  Define making tea." in lines
    assert lines[-1] == "7 entries, 8 notes, 19 cards"


@pytest.mark.parametrize(
    ("options", "entries"),
    [
        (("--kind", "resource"), {"resource/who"}),
        (("--domain", "others"), {"faq/apart"}),
        (("--search", "the POT"), {"procedure/tea"}),
        (("decks/other",), {"faq/apart"}),
        (("--search", "no such words"), set()),
    ],
)
def test_the_list_is_narrowed(options, entries):
    assert {note["entry"] for note in json.loads(run("list", *options, "--format", "json").stdout)} == entries


def test_the_list_as_json_says_where_each_note_is_written():
    (note,) = json.loads(run("list", "--domain", "others", "--format", "json").stdout)

    assert note == {
        "id": "faq/apart",
        "entry": "faq/apart",
        "kind": "faq",
        "domain": "others",
        "tags": ["sample::domain::others", "sample::kind::faq"],
        "source": [],
        "as_of": None,
        "cards": 1,
        "question": "What is apart?",
        "path": "decks/other/x.yaml",
        "line": 1,
    }


def test_an_unknown_domain_or_kind_is_a_usage_error_with_the_nearest_name():
    assert "'other' is not a domain; did you mean 'others'?" in run("list", "--domain", "other").stderr
    assert "'faqs' is not a kind; did you mean 'faq'?" in run("list", "--kind", "faqs").stderr


def test_an_entry_is_shown_front_and_back_with_its_tags_and_place():
    lines = run("show", "faq/apart").stdout.splitlines()

    assert lines == [
        "faq/apart  1 card, decks/other/x.yaml:1:7",
        "tags: sample::domain::others sample::kind::faq",
        "",
        "  ── card 1, front",
        "  Other things",
        "  What is apart?",
        "  ?",
        "",
        "  ── card 1, back",
        "  Other things",
        "  What is apart?",
        "  This, x < y & that",
        "",
        "  faq/apart",
        "",
    ]


def test_an_entry_is_found_by_its_id_alone_and_one_of_its_notes_by_its_own():
    assert run("show", "tea").stdout.count("── card") == 14
    assert run("show", "procedure/tea/definition").stdout.count("── card") == 2


def test_steps_are_shown_with_their_numbers_and_the_asked_one_hidden():
    shown = run("show", "procedure/tea/steps").stdout

    assert "  What comes next?\n  1. Boil the water.\n  2. [...]\n" in shown
    assert "  …\n  2. Warm the pot.\n  3. Put in the leaves.\n  4. [...]\n" in shown


def test_an_unknown_entry_is_a_usage_error_with_the_nearest_one():
    result = run("show", "faq/apert")

    assert result.exit_code == 2
    assert "there is no entry 'faq/apert'; did you mean 'faq/apart'?" in result.stderr


def test_entries_without_errors_are_shown_while_others_have_some(project):
    (project / "demo/cards.yaml").write_text(CARDS.replace("answer: It is the first", "anser: It is the first"))

    assert "What is apart?" in run("show", "apart").stdout
    assert "'anser' is not a key of faq" in run("show", "apart").stderr
    assert "faq/second" in run("list").stdout


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<ul><li>a</li><li>b<ol start=3><li>c</li><li>d</li></ol></li></ul>", "- a|- b|  3. c|  4. d"),
        ("<p>one<br>two</p>three", "one|two|three"),
        ('<p>x <img src="a.png" alt="a dot"> [sound:a.mp3]</p>', "x [picture: a dot] [sound]"),
        ("<p>a  <em>b</em>\n c &lt;</p>", "a b c <"),
        ("  \n<div></div>", ""),
    ],
)
def test_html_as_lines(html, text):
    assert "|".join("".join(piece.text for piece in line).rstrip() for line in card_text.lines(html)) == text
