"""``deckgen list`` lists entries, narrowed by place, domain, kind or text."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import sample
from author import CARDS
from deckgen.cli import main
from deckgen.reports.review_sheet import VERDICTS

OTHER = "faq: [{id: apart, domain: others, question: What is apart?, answer: 'This, x < y & that'}]\n"


@pytest.fixture(autouse=True)
def project(tmp_path: Path) -> Path:
    return sample.write(tmp_path, {"demo/cards.yaml": CARDS, "other/deck.yaml": "title: Other", "other/x.yaml": OTHER})


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["list", *arguments])


def test_the_list_has_a_line_for_each_entry_with_its_number_of_cards():
    lines = run().stdout.splitlines()

    assert lines[0] == "faq/first       1  Is it the first?  decks/demo/cards.yaml:5"
    assert any(line.startswith("procedure/tea   7  Define making tea.  decks/") for line in lines)
    assert lines[-1] == "7 entries, 8 notes, 19 cards"


@pytest.mark.parametrize(
    ("options", "entries"),
    [
        (("--kind", "resource"), {"resource/who"}),
        (("--domain", "others"), {"faq/apart"}),
        (("--search", "the POT"), {"procedure/tea"}),
        (("decks/other",), {"faq/apart"}),
        (("--search", "no such words"), set()),
        (("decks/other", "--kind", "resource"), set()),
    ],
)
def test_options_narrow_the_list(options, entries):
    assert {note["entry"] for note in json.loads(run(*options, "--format", "json").stdout)} == entries


def test_json_says_where_each_note_is_written():
    (note,) = json.loads(run("--domain", "others", "--format", "json").stdout)

    assert note == {
        "id": "faq/apart",
        "entry": "faq/apart",
        "kind": "faq",
        "domain": "others",
        "tags": ["sample::domain::others", "sample::kind::faq"],
        "source": [],
        "as_of": None,
        "reviewed": None,
        "cards": 1,
        "question": "What is apart?",
        "path": "decks/other/x.yaml",
        "line": 1,
    }


def test_html_has_both_sides_of_every_card_and_boxes_to_tick():
    page = run("--format", "html").stdout

    assert page.count('<div class="sides">') == 19
    assert page.count('<input type="checkbox">') == 8 * len(VERDICTS)
    assert "This, x &lt; y & that" in page
    assert "<script" not in page
    assert 'id="answer"' not in page


def test_html_has_the_pictures_inside(project):
    sample.write(
        project.parent,
        {
            "demo/media/dot.png": sample.png(),
            "demo/picture.yaml": """\
                faq:
                  - {id: dot, domain: basics, question: "![a dot](media/dot.png) Which sign?", answer: Dot}
                """,
        },
    )

    assert run("--search", "Which sign", "--format", "html").stdout.count('<img src="data:image/png;base64,') == 2


def test_json_and_html_say_who_reviewed_a_note(project):
    reviewed = OTHER.replace("answer:", "reviewed: {by: Dr. Who, on: 2026-11}, answer:")
    (project / "other/x.yaml").write_text(reviewed)

    (note,) = json.loads(run("--domain", "others", "--format", "json").stdout)
    assert note["reviewed"] == {"by": "Dr. Who", "on": "2026-11"}
    assert "reviewed 2026-11 by Dr. Who" in run("--domain", "others", "--format", "html").stdout


def test_an_unknown_domain_or_kind_is_a_usage_error_with_a_suggestion():
    assert run("--domain", "other").exit_code == run("--kind", "faqs").exit_code == 2
    assert "there is no domain 'other'; did you mean 'others'?" in run("--domain", "other").stderr
    assert "there is no kind 'faqs'; did you mean 'faq'?" in run("--kind", "faqs").stderr


def test_entries_without_errors_are_listed_while_others_have_some(project):
    (project / "demo/cards.yaml").write_text(CARDS.replace("answer: It is the first", "anser: It is the first"))

    assert "faq/second" in run().stdout
    assert "'anser' is not a key of faq" in run().stderr


ADOPTED = """\
domain: basics
notes:
  - {id: face, type: plain, fields: {Front: {html: 'What is <img src="face.svg">?'}, Back: A face}}
"""
FACE = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><g id="regions"><path d="M0 0h9v9z"/></g></svg>'


def test_the_review_sheet_shows_adopted_drawings_as_anki_does(project):
    sample.write(project.parent, {"other/x.yaml": ADOPTED, "other/adopted/face.svg": FACE}, base=False)
    page = run("--kind", "note", "--format", "html").stdout

    assert base64.b64encode(FACE.encode()).decode() in page
