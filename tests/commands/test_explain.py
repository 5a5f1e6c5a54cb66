"""``deckgen explain`` has a page about every rule, kind, file and key, and lists them."""

from __future__ import annotations

import pytest
from click.testing import CliRunner, Result

from deckgen.cards.words import PHRASES
from deckgen.cli import main
from deckgen.lint.run import all_lint_rules, all_rules
from deckgen.manual import manual


def explain(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["explain", *arguments])


@pytest.mark.parametrize("name", manual.names())
def test_every_name_has_a_page(name):
    assert explain(name).exit_code == 0
    assert explain(name).stdout.startswith(name)


def test_a_page_about_a_rule_has_its_headings_in_order():
    page = explain("yes-no").stdout
    places = [
        page.index(heading) for heading in ("What (warning).", "Why.", "Wrong:", "Right:", "To waive it for one entry")
    ]

    assert places == sorted(places)
    assert "    question: Name the two elements of water." in page


def test_a_rule_with_thresholds_shows_how_to_set_them():
    assert "`rules: {answer-length: {hint: 15, warning: 25, error: 50}}`" in " ".join(
        explain("answer-length").stdout.split()
    )


def test_the_list_names_every_rule():
    listed = explain().stdout

    assert [name for name in all_rules() if f"\n  {name} " not in listed] == []


def test_a_key_is_explained_for_everything_that_has_it_or_for_one_of_them():
    assert explain("answer").stdout.count("answer, a key of") == 4
    assert explain("faq.answer").stdout.count("answer, a key of") == 1


def test_an_unknown_name_is_a_usage_error_with_a_suggestion():
    result = explain("anwser")

    assert result.exit_code == 2
    assert "there is no rule, kind, file or key 'anwser'; did you mean 'answer'?" in result.stderr


def test_every_threshold_of_every_rule_is_explained():
    for rule in all_lint_rules().values():
        page = " ".join(explain(rule.name).stdout.split())
        for name, threshold in rule.thresholds.items():
            assert f" {name} {threshold.manual} ({threshold.default:g})" in page


def test_the_words_on_cards_are_listed_with_their_english():
    page = explain("words").stdout

    assert [id for id, phrase in PHRASES.items() if f"\n  {id} " not in page or phrase.en.split()[0] not in page] == []


def test_a_style_is_explained_under_the_name_that_somebody_guesses():
    assert "did you mean 'style.css'?" in explain("style").stderr
    assert "--accent" in explain("style.css").stdout


def test_a_narrow_terminal_breaks_no_words(monkeypatch):
    monkeypatch.setenv("COLUMNS", "20")

    assert "A sentence with gaps" in explain().stdout
