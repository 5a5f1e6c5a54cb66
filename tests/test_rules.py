"""Each rule's own example breaks it, and nothing else, at the marked line; its right example breaks nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

import sample
from deckgen.rules import RULES

EXAMPLES = [rule for rule in RULES if rule.wrong]


@pytest.mark.parametrize("rule", EXAMPLES, ids=lambda rule: rule.name)
def test_the_wrong_example_breaks_the_rule_where_it_is_marked(rule, tmp_path):
    _, found = sample.compiled(sample.write_example(tmp_path, rule.wrong))

    assert {rule.name} == {one.rule.name for one in found}
    if "# <- wrong" in rule.wrong:
        marked = next(number for number, line in enumerate(rule.wrong.splitlines(), 1) if "# <- wrong" in line)
        assert [marked] == [one.position.line for one in found]


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.right], ids=lambda rule: rule.name)
def test_the_right_example_breaks_nothing(rule, tmp_path):
    _, found = sample.compiled(sample.write_example(tmp_path, rule.right))

    assert [str(one) for one in found] == []


def test_rule_names_are_unique_and_kebab_case():
    names = [rule.name for rule in RULES]

    assert len(names) == len(set(names))
    assert all(name == name.lower() and " " not in name and "_" not in name for name in names)


def test_every_rule_without_an_example_has_a_test_of_its_own():
    tests = "".join(path.read_text() for path in Path(__file__).parent.glob("test_*.py"))

    assert [rule.name for rule in RULES if not rule.wrong and rule.name not in tests] == []
