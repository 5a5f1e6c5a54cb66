"""Every rule of sources: its wrong example breaks it, and nothing else, at the marked line; its right one is fine."""

from __future__ import annotations

from pathlib import Path

import pytest

import sample
from deckgen.core.rules import source_rules

RULES = source_rules()


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.wrong], ids=lambda rule: rule.name)
def test_the_wrong_example_breaks_the_rule_where_it_is_marked(rule, tmp_path):
    sample.assert_breaks_where_marked(rule, tmp_path)


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.right], ids=lambda rule: rule.name)
def test_the_right_example_breaks_nothing(rule, tmp_path):
    assert [str(found) for found in sample.example_findings(tmp_path, rule, rule.right)] == []


def test_rule_names_are_unique_and_kebab_case():
    names = [rule.name for rule in RULES]

    assert len(names) == len(set(names))
    assert all(name == name.lower() and " " not in name and "_" not in name for name in names)


def test_every_rule_without_an_example_has_a_test_of_its_own():
    tests = "".join(path.read_text() for path in Path(__file__).parents[1].rglob("test_*.py"))

    assert [rule.name for rule in RULES if not rule.wrong and rule.name not in tests] == []
