"""The cases of the YAML test suite (https://github.com/yaml/yaml-test-suite, under the licence beside this file), each
as a whole source and as a value within one: nothing breaks, and what can be built is what a learner gets.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

import sample
from deckgen.core.diagnostics import Severity
from properties import build, check_findings, check_package, learner_gets

CASES: dict[str, str] = json.loads(Path(__file__).with_name("yaml-test-suite.json").read_text(encoding="utf-8"))


def compile_all(folder: Path, cards: Mapping[str, str]) -> set[str]:
    """The names of the files without an error, of one project with them all."""
    files = {f"demo/{name}.yaml": text.encode() for name, text in cards.items()}
    _, found = sample.compiled(sample.write(folder, files))
    check_findings(found)
    return cards.keys() - {Path(one.position.path).stem for one in found if one.severity is Severity.ERROR}


def check_built(folder: Path, cards: Mapping[str, str]) -> None:
    sample.write(folder, {f"demo/{name}.yaml": text.encode() for name, text in cards.items()})
    packages = build(folder)
    for package in packages:
        check_package(package)
    learner_gets(packages)


def entry(name: str, answer: str) -> str:
    return f"faq:\n  - id: c-{name.lower()}\n    domain: basics\n    question: What of {name}?\n    answer: {answer}"


def indented(text: str) -> str:
    return "".join(f"      {line}" for line in text.splitlines(keepends=True))


def test_each_case_as_a_whole_source(tmp_path):
    assert compile_all(tmp_path, CASES) == set()  # none of them is about cards


@pytest.mark.slow
def test_each_case_as_a_value(tmp_path):
    cards = {name: entry(name, f"\n{indented(text)}") for name, text in CASES.items()}
    good = compile_all(tmp_path / "all", cards)

    assert 30 < len(good) < len(cards)
    check_built(tmp_path / "good", {name: cards[name] for name in good})


@pytest.mark.slow
def test_each_case_as_the_text_of_an_answer(tmp_path):
    cards = {name: entry(name, sample.scalar(text)) for name, text in CASES.items()}
    good = compile_all(tmp_path / "all", cards)

    assert 300 < len(good) < len(cards)
    check_built(tmp_path / "good", {name: cards[name] for name in good})
