"""``deckgen check`` reports findings in several formats, and fails on errors."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import sample
from deckgen.cli import main

# Two errors, a warning and a hint.
CARDS = """\
faq:
  - {id: one, domain: basics, question: Is tea made of leaves?, answer: Camellia}
  - {id: two, domain: basic, question: What is tea?, answer: A drink, more: x}
  - id: three
    domain: others
    question: Why does tea taste bitter?
    answer: Hot water draws tannins out of the leaves, more of them the longer it stands
  - id: four
    domain: others
    question: Name two colours of tea.
    open: true
    items: [white: White, green: Green]
"""
RULES = sample.PROJECT + sample.without("domain-orphan", "source-missing")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return sample.write(tmp_path, {"deckgen.yaml": RULES, "demo/cards.yaml": CARDS})


def check(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["check", *arguments])


def rules(result: Result) -> list[str]:
    """The rules of a report in JSON."""
    return [found["rule"] for found in json.loads(result.stdout)]


def write(project: Path, cards: str) -> None:
    (project / "demo/cards.yaml").write_text(cards)


def test_errors_fail(project):
    result = check()

    assert result.exit_code == 1
    assert result.stdout.splitlines()[-1] == "1 file: 2 errors, 1 warning"


@pytest.mark.skipif(os.name == "nt", reason="Windows has no locales without UTF-8 for the names of files")
@pytest.mark.parametrize("path", [(), ("decks/demo",)])
def test_a_name_that_the_locale_cannot_spell_is_an_error_of_the_name(project, path):
    (project / "demo/ä.yaml").write_text("faq: []")
    locale = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    command = [sys.executable, "-m", "deckgen", "check", *path]
    result = subprocess.run(command, env={**os.environ, **locale}, capture_output=True, check=False)

    assert result.returncode == 1
    assert b"[file-name]" in result.stdout
    assert b"bug" not in result.stderr


def test_warnings_fail_only_when_strict(project):
    write(project, CARDS.replace("basic,", "basics,").replace(", more: x", ", source: [book]"))

    assert check().exit_code == 0, check().output
    assert check("--strict").exit_code == 1


def test_rules_can_be_selected_or_ignored(project):
    assert rules(check("--format", "json", "--select", "yes-no")) == ["yes-no"]
    assert check("--select", "yes-no").exit_code == 0
    assert check("--select", "yes-no", "--strict").exit_code == 1
    assert "yes-no" not in rules(check("--format", "json", "--ignore", "yes-no"))


def test_an_unknown_rule_is_a_usage_error_with_a_suggestion(project):
    result = check("--select", "yes-mo")

    assert result.exit_code == 2
    assert "there is no rule 'yes-mo'; did you mean 'yes-no'?" in result.stderr


def test_hints_are_shown_on_request_and_never_fail(project):
    write(project, "faq:\n" + CARDS[CARDS.index("  - id: four") :])

    assert "hint" not in check().stdout
    assert "hint" in check("--hints").stdout
    assert check("--hints", "--strict").exit_code == 0


def test_json_has_every_finding_with_its_position(project):
    found = json.loads(check("--format", "json").stdout)[0]

    assert found == {
        "path": "decks/demo/cards.yaml",
        "line": 2,
        "column": 41,
        "severity": "warning",
        "rule": "yes-no",
        "message": "the question can be answered with yes or no",
        "help": "ask 'what', 'why' or 'which', so that the learner has something to recall",
    }


def test_github_annotations_are_escaped(project):
    write(project, "faq: [{id: a, domain: basics, question: 'What is 100%?', answer: All, tags: ['a,b:c']}]\n")
    lines = check("--format", "github", "--select", "bad-tag").stdout.splitlines()

    assert lines == [
        "::error file=decks/demo/cards.yaml,line=1,col=78,title=bad-tag::expected a tag of letters, digits and "
        "hyphens, with '::' between levels, found 'a,b:c'%0Afor example: a-b-c"
    ]


def test_sarif_describes_every_rule_of_its_results(project):
    write(project, CARDS.replace("basic,", "basics,").replace(", more: x", ", allow: {yes-no: why}"))
    log = json.loads(check("--format", "sarif").stdout)
    run = log["runs"][0]
    described = [rule["id"] for rule in run["tool"]["driver"]["rules"]]

    assert log["version"] == "2.1.0"
    assert described == sorted({result["ruleId"] for result in run["results"]})
    assert all(described[result["ruleIndex"]] == result["ruleId"] for result in run["results"])
    assert {result["level"] for result in run["results"]} == {"warning", "note"}
    region = run["results"][0]["locations"][0]["physicalLocation"]
    assert region == {
        "artifactLocation": {"uri": "decks/demo/cards.yaml"},
        "region": {"startLine": 2, "startColumn": 41},
    }


def test_without_findings_reports_for_programs_are_empty(project):
    write(project, "faq: [{id: a, domain: basics, question: What is tea?, answer: Leaves in hot water}]\n")

    assert check("--format", "github", "--select", "yes-no").stdout == ""
    assert json.loads(check("--format", "json", "--select", "yes-no").stdout) == []
