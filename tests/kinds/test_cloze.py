"""Texts with deletions: their cards, and what happens when a number comes or goes."""

from __future__ import annotations

import re
from pathlib import Path

import sample
from author import Author, of
from deckgen.core.diagnostics import Diagnostic
from learner import Learner, visible

HEAD = "cloze:\n  - id: nerve\n    domain: basics\n    text: "


def test_each_number_makes_a_card(tmp_path):
    notes = sample.notes(tmp_path, f"{HEAD}A {{{{c2::b}}}}, {{{{c1::c}}}} and {{{{c2::d}}}}\n")

    assert notes["cloze/nerve"].cards == (0, 1)


def test_a_gap_in_the_numbers_is_a_warning(tmp_path):
    found = sample.findings(tmp_path, f"{HEAD}A {{{{c1::b}}}} and {{{{c3::d}}}}\n")

    assert found == ["2:5 cloze-gap: expected a deletion with the number 2, found c1, c3"]


def test_a_published_number_may_leave_a_gap_and_a_new_one_may_not(tmp_path):
    author = Author(tmp_path)
    author.cards.write_text(f"source: [book]\n{HEAD}A {{{{c1::b}}}} and {{{{c3::d}}}}\n")
    before = _gaps(author.folder)
    author.releases(-60)
    published = _gaps(author.folder)
    author.edits("{{c3::d}}", "{{c3::d}} or {{c5::e}}")

    assert [one.help for one in before] == [
        "change c3 to c2: numbers must not have gaps, but can be in any order in the text"
    ]
    assert published == []
    assert [one.message for one in _gaps(author.folder)] == ["expected a deletion with the number 2, found c1, c3, c5"]


def _gaps(folder: Path) -> list[Diagnostic]:
    _, findings = sample.compiled(folder / "decks")
    return [one for one in findings if one.rule == "cloze-gap"]


def test_the_content_rules_read_a_text_as_its_cards_show_it(tmp_path):
    root = sample.write(
        tmp_path,
        {
            "deckgen.yaml": sample.PROJECT,
            "demo/cards.yaml": f"source: [book]\n{HEAD}The {{{{c1::carpal tunnel}}}} is a tunnel of carpal bones.\n",
        },
    )
    _, found = sample.compiled(root)

    assert ("leak", "the question contains 2 of the 2 content words of its answer: 'carpal', 'tunnel'") in [
        (one.rule, one.message) for one in found
    ]


def test_a_learner_keeps_the_cards_of_a_text_that_grows_and_shrinks(tmp_path):
    author = Author(tmp_path)
    author.cards.write_text(f"{HEAD}The {{{{c1::median nerve}}}} lies in the {{{{c2::carpal tunnel::a place}}}}.\n")
    with Learner() as learner:
        learner.imports(author.releases(-60))
        fronts = {card.ordinal: _seen(card.front) for card in learner.cards()}
        author.edits("{{c1::median nerve}}", "{{c3::median}} nerve")
        log = learner.imports(author.releases(-30))
        later = {card.ordinal: _seen(card.front) for card in learner.cards()}

        assert "The [...] lies in the carpal tunnel." in fronts[0]
        assert "The median nerve lies in the [a place]." in fronts[1]
        assert (log.new, log.updated, log.conflicting) == (0, 1, 0)
        assert "The [...] nerve lies in" in later[2]
        assert "The median nerve lies in the [a place]." in later[1]
        assert of("cloze/nerve") in learner.state().notes


def _seen(front: str) -> str:
    """The text of a front. Only newer versions of Anki mark the deletions of other cards."""
    return visible(re.sub("</?span[^>]*>", "", front))
