"""How rules are applied: settings of the project, waivers of entries, and hints."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

import sample
from deckgen.cli import main

GUESS = "{id: guess, domain: basics, question: Is tea made of leaves?, answer: Camellia}"
FINE = "{id: fine, domain: basics, question: What is tea made of?, answer: Camellia leaves in hot water}"
HINT = "{id: hint, domain: basics, question: Which drink is not cold?, answer: Tea}"


def waiving(entry: str, rule: str) -> str:
    """The entry, allowed to break a rule."""
    return entry.replace("}", f", allow: {{{rule}: It is an example}}}}")


def write(folder: Path, *entries: str, rules: str = "") -> Path:
    """A project with some questions; ``rules`` are settings of the project."""
    settings = f"{sample.PROJECT}{sample.without('domain-orphan', 'source-missing')}{rules}"
    cards = "".join(f"  - {entry}\n" for entry in entries)
    return sample.write(folder, {"deckgen.yaml": settings, "demo/cards.yaml": f"faq:\n{cards}"})


def found(folder: Path, *entries: str, rules: str = "") -> list[str]:
    """The findings in some questions, as ``rule: message (severity)``."""
    _, findings = sample.compiled(write(folder, *entries, rules=rules))
    return [f"{one.rule}: {one.message} ({one.severity.value})" for one in findings]


def test_a_project_switches_a_rule_off(tmp_path):
    assert found(tmp_path, GUESS) == ["yes-no: the question can be answered with yes or no (warning)"]
    assert found(tmp_path, GUESS, rules="  yes-no: off\n") == []


def test_a_project_sets_one_threshold_and_keeps_the_others(tmp_path):
    assert found(tmp_path, FINE) == []
    assert found(tmp_path, FINE, rules="  answer-length: {warning: 4}\n") == [
        "answer-length: the answer has 5 words; up to 15 are easy to recall (warning)"
    ]


def test_a_sound_is_not_a_word_for_any_rule(tmp_path):
    sounds = {f"demo/media/{name}.mp3": sample.mp3() for name in ("one", "two")}
    sample.write(tmp_path, sounds, base=False)
    asked = "{id: a, domain: basics, question: How does a cat sound?, answer: 'A purr ![spoken](media/two.mp3)'}"
    heard = "{id: b, domain: basics, question: 'What is heard? ![spoken](media/one.mp3)', answer: Sound}"
    only = (
        "{id: c, domain: basics, question: 'Which word is it? ![cat](media/one.mp3)', answer: '![cat](media/two.mp3)'}"
    )

    assert found(tmp_path, asked, heard, only) == []


def test_settings_of_rules_that_do_not_exist_are_reported(tmp_path):
    settings = "  yes-mo: off\n  answer-length: {warnings: 5}\n  vague: {most: 1}\n"

    assert found(tmp_path, FINE, rules=settings) == [
        "unknown-rule: 'yes-mo' is not a rule that can be set; did you mean 'yes-no'? (error)",
        "unknown-rule: 'warnings' is not a threshold of answer-length; did you mean 'warning'? (error)",
        "unknown-rule: 'most' is not a threshold of vague (error)",
    ]


def test_an_entry_is_allowed_to_break_a_rule(tmp_path):
    assert found(tmp_path, waiving(GUESS, "yes-no")) == []


def test_a_waiver_that_the_entry_does_not_need_is_reported(tmp_path):
    assert found(tmp_path, waiving(FINE, "yes-no")) == [
        "unused-waiver: the entry does not break the rule 'yes-no' (warning)"
    ]


def test_a_waiver_of_a_rule_that_is_switched_off_is_left_alone(tmp_path):
    assert found(tmp_path, waiving(FINE, "yes-no"), rules="  yes-no: off\n") == []


def test_a_waiver_of_a_rule_that_does_not_exist_is_reported(tmp_path):
    assert found(tmp_path, waiving(FINE, "yes-mo")) == [
        "unknown-rule: 'yes-mo' is not a rule that can be allowed; did you mean 'yes-no'? (error)"
    ]


@pytest.mark.parametrize("options", [[], ["--hints"]])
def test_showing_hints_does_not_change_whether_a_waiver_is_needed(options, tmp_path):
    write(tmp_path, waiving(HINT, "negative"))
    assert "unused-waiver" not in CliRunner().invoke(main, ["check", *options]).stdout

    write(tmp_path, waiving(FINE, "negative"))
    assert "unused-waiver" in CliRunner().invoke(main, ["check", *options]).stdout


def test_rules_that_know_english_leave_other_languages_alone(tmp_path):
    cards = "source: [book]\nfaq:\n  - {id: one, domain: basics, question: Is was an die is?, answer: no}\n"
    found = {}
    for language in ("en", "de", "en-GB"):
        files = {"deckgen.yaml": f"{sample.PROJECT}language: {language}\n", "demo/cards.yaml": cards}
        _, all_found = sample.compiled(sample.write(tmp_path / language, files))
        found[language] = {one.rule for one in all_found}

    assert "yes-no" in found["en"]
    assert "yes-no" in found["en-GB"]
    assert "yes-no" not in found["de"]
