"""Each rule's own example breaks it, and nothing else, at the marked line; its right example breaks nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

import sample
from deckgen.core.diagnostics import Diagnostic, Severity
from deckgen.language.rules import RULES as INPUT_RULES
from deckgen.lint.run import all_lint_rules

RULES = [*INPUT_RULES, *all_lint_rules()]
EXAMPLES = [rule for rule in RULES if rule.wrong]


def _found(folder: Path, example: str) -> list[Diagnostic]:
    """What is found in an example; of hints, which speak of any small deck, only the example's own."""
    _, found = sample.compiled(sample.write_example(folder, example))
    own = {rule.name for rule in RULES if example in (rule.wrong, rule.right)}
    return [one for one in found if one.severity is not Severity.HINT or one.rule in own]


@pytest.mark.parametrize("rule", EXAMPLES, ids=lambda rule: rule.name)
def test_the_wrong_example_breaks_the_rule_where_it_is_marked(rule, tmp_path):
    found = _found(tmp_path, rule.wrong)

    assert {one.rule for one in found} == {rule.name}
    marked = [
        (path.name, number)
        for path in sorted(tmp_path.rglob("*.yaml"))
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if "# <- wrong" in line
    ]
    if marked:
        assert [(Path(one.position.path).name, one.position.line) for one in found] == marked


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.right], ids=lambda rule: rule.name)
def test_the_right_example_breaks_nothing(rule, tmp_path):
    found = _found(tmp_path, rule.right)

    assert [str(one) for one in found] == []


def test_rule_names_are_unique_and_kebab_case():
    names = [rule.name for rule in RULES]

    assert len(names) == len(set(names))
    assert all(name == name.lower() and " " not in name and "_" not in name for name in names)


def test_every_rule_without_an_example_has_a_test_of_its_own():
    tests = "".join(path.read_text() for path in Path(__file__).parent.glob("test_*.py"))

    assert [rule.name for rule in RULES if not rule.wrong and rule.name not in tests] == []
