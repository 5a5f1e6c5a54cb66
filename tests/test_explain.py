"""``deckgen explain``: a page for every rule, kind, file and key, and the list of them."""

from __future__ import annotations

import pytest
from click.testing import CliRunner, Result

from deckgen.cli import main
from deckgen.lint.run import all_lint_rules, all_rules
from deckgen.reports import explanation


def explain(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["explain", *arguments])


@pytest.mark.parametrize("name", explanation.names())
def test_whatever_has_a_name_has_a_page(name):
    assert explain(name).exit_code == 0
    assert explain(name).stdout.startswith(name)


def test_a_rules_page_has_its_headings_in_order():
    page = explain("yes-no").stdout
    places = [page.index(heading) for heading in ("What (warning).", "Why.", "Wrong:", "Right:", "Waived for an entry")]

    assert places == sorted(places)
    assert "    question: Name the two elements of water." in page


def test_a_rule_with_thresholds_shows_how_to_set_them():
    assert "`rules: {answer-length: {hint: 15, warning: 25, error: 50}}`" in " ".join(
        explain("answer-length").stdout.split()
    )


def test_the_list_names_every_rule():
    listed = explain().stdout

    assert [rule.name for rule in all_rules() if f"\n  {rule.name} " not in listed] == []


def test_a_key_is_explained_wherever_it_may_stand_or_in_one_place():
    assert explain("answer").stdout.count("answer, a key of") == 3
    assert explain("faq.answer").stdout.count("answer, a key of") == 1


def test_an_unknown_name_is_a_usage_error_with_the_nearest_one():
    result = explain("anwser")

    assert result.exit_code == 2
    assert "there is no rule, kind, file or key 'anwser'; did you mean 'answer'?" in result.stderr


def test_every_threshold_of_every_rule_is_explained():
    for rule in all_lint_rules():
        for threshold in rule.thresholds:
            assert threshold in explain(rule.name).stdout
