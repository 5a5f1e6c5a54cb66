"""``deckgen show`` shows the cards of an entry as a learner sees them."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import sample
from author import CARDS
from deckgen.cli import main

OTHER = "faq: [{id: apart, domain: others, question: What is apart?, answer: 'This, x < y & that'}]\n"


@pytest.fixture(autouse=True)
def project(tmp_path: Path) -> Path:
    return sample.write(tmp_path, {"demo/cards.yaml": CARDS, "other/deck.yaml": "title: Other", "other/x.yaml": OTHER})


def show(id: str) -> Result:
    return CliRunner().invoke(main, ["show", id])


def test_an_entry_is_shown_front_and_back_with_its_tags_and_place():
    assert show("faq/apart").stdout.splitlines() == [
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
    ]


def test_an_entry_is_found_by_its_id_alone_and_a_note_by_its_own():
    assert show("tea").stdout.count("── card") == 14
    assert show("procedure/tea/definition").stdout.count("── card") == 2


def test_steps_are_shown_with_their_numbers_and_the_asked_one_hidden():
    shown = show("procedure/tea/steps").stdout

    assert "  What comes next?\n  1. Boil the water.\n  2. [...]\n" in shown
    assert "  …\n  2. Warm the pot.\n  3. Put in the leaves.\n  4. [...]\n" in shown


@pytest.mark.parametrize(("id", "near"), [("faq/apert", "faq/apart"), ("apert", "apart")])
def test_an_unknown_entry_is_a_usage_error_with_a_suggestion(id, near):
    result = show(id)

    assert result.exit_code == 2
    assert f"there is no entry '{id}'; did you mean '{near}'?" in result.stderr


def test_an_entry_without_errors_is_shown_while_others_have_some(project):
    (project / "demo/cards.yaml").write_text(CARDS.replace("answer: It is the first", "anser: It is the first"))

    assert "What is apart?" in show("apart").stdout
    assert "'anser' is not a key of faq" in show("apart").stderr


@pytest.mark.parametrize("place", ["{}", '<b title="{}">x</b>', '<a href="https://a.org/{}">x</a>'])
def test_a_reference_with_thousands_of_digits_is_a_character_that_does_not_exist(place, project):
    html = place.format("&#" + "1" * 5_000 + ";")
    (project / "other/x.yaml").write_text(
        f"notes: [{{id: apart, domain: others, type: plain, fields: {{Front: {{html: '{html} y'}}, Back: z}}}}]\n"
    )

    assert " y" in show("note/apart").stdout


@pytest.mark.parametrize(("start", "number"), [("x", 1), ("-3", -3), ("", 1), ("2.5", 2), ("٣", 1)])
def test_a_list_begins_with_the_number_that_its_html_gives(start, number, project):
    html = f'<ol start="{start}"><li>First</li></ol>'
    (project / "other/x.yaml").write_text(
        f"notes: [{{id: apart, domain: others, type: plain, fields: {{Front: {{html: '{html}'}}, Back: z}}}}]\n"
    )

    assert f"{number}. First" in show("note/apart").stdout


@pytest.mark.parametrize("html", ["</ol>a", "</b></b>a", "</div></div></div></div>a", "<li>a", "<ol></ul></ol>a"])
def test_html_that_ends_what_it_did_not_begin_is_shown(html, project):
    (project / "other/x.yaml").write_text(
        f"notes: [{{id: apart, domain: others, type: plain, fields: {{Front: {{html: '{html} b'}}, Back: z}}}}]\n"
    )

    assert "a b" in show("note/apart").stdout
