"""The contract of content rules. A new rule is tested by being there, and so is the rule in CONTRIBUTING.md."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

import sample
from deckgen.cli import main
from deckgen.core.discovery import declarations
from deckgen.core.rules import source_rules
from deckgen.lint import rules
from deckgen.lint.api import LintRule
from deckgen.lint.run import all_lint_rules, all_rules

CONTRIBUTING = (Path(__file__).parents[2] / "CONTRIBUTING.md").read_text(encoding="utf-8")
RECIPE = re.search(
    r"`src/deckgen/lint/rules/(?P<module>\w+)\.py`.*?^```python\n(?P<code>.*?)^```",
    CONTRIBUTING,
    re.MULTILINE | re.DOTALL,
)


@pytest.fixture(params=[*all_lint_rules(), "CONTRIBUTING.md"])
def rule(request, tmp_path_factory, monkeypatch) -> Iterator[LintRule]:
    """Each content rule, and that of the recipe for a new one, put where the others are."""
    if request.param != "CONTRIBUTING.md":
        yield all_lint_rules()[request.param]
        return
    module, code = RECIPE.groups()
    folder = tmp_path_factory.mktemp("rules")
    (folder / f"{module}.py").write_text(code, encoding="utf-8")
    monkeypatch.setattr(rules, "__path__", [*rules.__path__, str(folder)])
    all_lint_rules.cache_clear()
    all_rules.cache_clear()
    yield all_lint_rules()[module.replace("_", "-")]
    all_lint_rules.cache_clear()
    all_rules.cache_clear()
    sys.modules.pop(f"deckgen.lint.rules.{module}")


def deckgen(*arguments: str) -> str:
    """What a command prints to its standard output."""
    return CliRunner().invoke(main, arguments).stdout


def test_a_rule_has_a_unique_name_and_its_file_is_named_after_it(rule):
    function = rule.check_note or rule.check_project

    assert [other.name for other in (*source_rules(), *declarations(rules, "RULE"))].count(rule.name) == 1
    assert re.fullmatch("[a-z]+(-[a-z]+)*", rule.name)
    assert function.__module__ == f"deckgen.lint.rules.{rule.name.replace('-', '_')}"


def test_a_rule_checks_single_notes_or_compares_notes(rule):
    assert (rule.check_note is None) != (rule.check_project is None)
    assert rule.check_project or not (rule.collect_facts or rule.needs_all_entries)


def test_the_manual_says_what_is_wrong_and_why_in_sentences(rule):
    for text in (rule.what, rule.why):
        assert text.endswith(".")
        assert "\n" not in text
    assert rule.wrong.count("# <- wrong") == 1
    assert rule.right


def test_the_wrong_example_breaks_the_rule_where_it_is_marked(rule, tmp_path):
    sample.assert_breaks_where_marked(rule, tmp_path)


def test_the_right_example_breaks_nothing(rule, tmp_path):
    assert [str(found) for found in sample.example_findings(tmp_path, rule, rule.right)] == []


def test_an_entry_may_be_allowed_to_break_it(rule, tmp_path):
    waiver = f"allow: {{{rule.name}: It is an example}}"
    example = re.sub(r"^( +)domain: basics$", rf"\g<0>\n\1{waiver}", rule.wrong, flags=re.MULTILINE)
    example = example.replace("domain: basics,", f"domain: basics, {waiver},")
    found = {one.rule for one in sample.example_findings(tmp_path, rule, example)}

    assert found <= {"unused-waiver"}  # where the example has other entries


def test_the_thresholds_can_be_set_and_are_explained(rule, tmp_path):
    thresholds = ", ".join(f"{name}: {threshold.default:g}" for name, threshold in rule.thresholds.items())
    settings = f"{sample.PROJECT}rules:\n  {rule.name}: {{{thresholds}}}\n"
    sample.write(tmp_path, {"deckgen.yaml": settings, "demo/cards.yaml": "faq: []\n"})

    assert "[unknown-rule]" not in deckgen("check")
    assert thresholds in " ".join(deckgen("explain", rule.name).split())


def test_a_cached_file_has_the_findings_it_had_when_it_was_compiled(rule, tmp_path):
    sample.write_example(tmp_path, rule.wrong)
    compiled = deckgen("check")

    assert deckgen("check") == compiled
