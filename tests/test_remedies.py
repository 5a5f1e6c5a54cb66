"""What a message tells an author to do solves the problem: each remedy is followed to the letter."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import sample
from deckgen.cli import main
from deckgen.core.diagnostics import Diagnostic, Severity

RULES = "rules: {source-missing: off, domain-orphan: off}\n"


def found_in(folder: Path, files: dict[str, str | bytes]) -> list[Diagnostic]:
    _, found = sample.compiled(sample.write(folder, {"deckgen.yaml": sample.PROJECT + RULES, **files}))
    return [one for one in found if one.severity is not Severity.HINT]


def faq(text: str) -> dict[str, str | bytes]:
    return {"demo/cards.yaml": f"domain: basics\nfaq:\n{text}"}


MISSPELT = {
    "a section": ("faqs: [{id: a, domain: basics, question: What is one?, answer: A number}]", "faqs"),
    "a key": ("faq: [{id: a, domain: basics, question: What is one?, anser: A number}]", "anser"),
    "a key of an item": (
        "faq: [{id: a, domain: basics, question: Name the two smallest primes., "
        "items: [{b: {txt: Two}}, {c: {txt: Three}}]}]",
        "txt",
    ),
    "a domain": ("faq: [{id: a, domain: basic, question: What is one?, answer: A number}]", "basic"),
    "a source": ("faq: [{id: a, domain: basics, source: boook, question: What is one?, answer: A number}]", "boook"),
    "a maths command": (
        r"faq: [{id: a, domain: basics, question: 'What is \(\alhpa\)?', answer: A letter}]",
        r"\alhpa",
    ),
    "a rule that may be broken": (
        "faq: [{id: a, domain: basics, question: Is it Canberra?, answer: It is, "
        "allow: {yes-nno: It is short, pronoun: It is short}}]",
        "yes-nno",
    ),
    "another entry": (
        "faq:\n  - {id: one, domain: basics, question: What is one?, answer: A number, confuse_with: twoo}\n"
        "  - {id: two, domain: basics, question: What is more than one?, answer: Two}\n",
        "twoo",
    ),
    "a picture": (
        'faq: [{id: a, domain: basics, question: "![dot](media/dott.png) Which sign?", answer: A dot}]',
        "media/dott.png",
    ),
    "a successor": (
        "faq: [{id: new-one, domain: basics, question: What is one?, answer: A number}]\n"
        "retired: [{id: faq/old, reason: It was wrong., successor: faq/new-oen}]",
        "faq/new-oen",
    ),
    "a successor that was renamed": (
        "faq: [{id: new-one, was: first, domain: basics, question: What is one?, answer: A number}]\n"
        "retired: [{id: faq/old, reason: It was wrong., successor: faq/first}]",
        "faq/first",
    ),
}


@pytest.mark.parametrize("name", MISSPELT)
def test_the_word_that_a_message_suggests_is_right(name, tmp_path):
    text, word = MISSPELT[name]
    files: dict[str, str | bytes] = {"demo/media/dot.png": sample.png()} if "media" in text else {}
    found = found_in(tmp_path, {**files, "demo/cards.yaml": text})
    meant = next(filter(None, (re.search(r"; did you mean '(.*)'\?", one.message) for one in found)))[1]
    corrected = found_in(tmp_path, {"demo/cards.yaml": text.replace(word, meant)})

    assert [str(one) for one in corrected if one.rule not in ("retired-id", "unknown-id")] == []


def test_an_entry_that_names_itself_is_told_of_another_one(tmp_path):
    text = "faq:\n  - {id: one, domain: basics, question: What is one?, answer: A number, confuse_with: one}\n"
    text += "  - {id: ones, domain: basics, question: What are several?, answer: Numbers}\n"

    assert "there is no other faq with the id 'one'; did you mean 'ones'?" in [
        one.message for one in found_in(tmp_path, {"demo/cards.yaml": text})
    ]


PROJECT_FILES = {
    "a rule": ("rules: {source-missing: off, domain-orphan: off, answer-lenght: off}\n", "answer-lenght"),
    "a threshold": (
        "rules: {source-missing: off, domain-orphan: off, leak: {shrae: 0.4}}\n",
        "shrae",
    ),
    "a switch": ("rules: {source-missing: of, domain-orphan: off}\n", "of,"),
    "a key": ("rulez: {source-missing: off, domain-orphan: off}\n", "rulez"),
    "a target": ("rules: {source-missing: off, domain-orphan: off}\ntargets: {basic: 4}\n", "basic: "),
}


@pytest.mark.parametrize("name", PROJECT_FILES)
def test_the_word_that_a_message_about_the_project_suggests_is_right(name, tmp_path):
    settings, word = PROJECT_FILES[name]
    cards = faq("  - {id: a, question: What is one?, answer: A number}\n")
    found = found_in(tmp_path, {**cards, "deckgen.yaml": sample.PROJECT + settings})
    suggestions = [re.search(r"; did you mean '(.*)'\?", one.message) for one in found]
    meant = next((one[1] for one in suggestions if one), "off")
    end = word[len(word.rstrip(", :")) :]
    corrected = sample.PROJECT + settings.replace(word, meant + end)

    assert found
    assert [str(one) for one in found_in(tmp_path, {"deckgen.yaml": corrected})] == []


def test_twelve_items_are_told_at_once_that_they_need_several_entries(tmp_path):
    items = ", ".join(f"{id}: Item {id}" for id in "abcdefghijkl")
    found = found_in(tmp_path, faq(f"  - {{id: a, question: Name the twelve., items: [{items}]}}\n"))

    assert [one.message for one in found] == ["expected at most 9 items, found 12"]
    assert "write several entries, each with up to 5 items" in found[0].help


def test_six_items_are_told_to_stand_in_groups(tmp_path):
    items = ", ".join(f"{id}: Item {id}" for id in "abcdef")
    found = found_in(tmp_path, faq(f"  - {{id: a, question: Name the six., items: [{items}]}}\n"))

    assert [one.message for one in found] == ["expected at most 5 items, found 6"]
    assert "`groups:`" in found[0].help


@pytest.mark.parametrize(
    ("entry", "rule", "old", "new"),
    [
        (
            "  - {id: a, question: Name the three colours., items: [a: Red, b: Blue, c: Green, d: White]}\n",
            "list-count-missing",
            "three",
            "four",
        ),
        ("  - {id: a, question: What is the plural of sheep?, answer: Sheep}\n", "leak", "}", ", allow: {leak: x}}"),
    ],
)
def test_a_warning_is_solved_by_what_it_says(entry, rule, old, new, tmp_path):
    (found,) = found_in(tmp_path, faq(entry))

    assert (found.rule, found.severity.value) == (rule, "warning")
    assert {"list-count-missing": "write 'four' instead of 'three'", "leak": "allow: {leak: "}[rule] in found.help
    assert [str(one) for one in found_in(tmp_path, faq(entry.replace(old, new)))] == []


def test_a_number_that_readers_may_act_on_names_its_switch(tmp_path):
    settings = sample.PROJECT + RULES.replace("}", ", clinical-number: on}")
    cards = faq("  - {id: a, question: How much of the drug is given?, answer: 40 mg}\n")
    (found,) = found_in(tmp_path, {**cards, "deckgen.yaml": settings})

    assert "'clinical-number: off' under `rules:` in deckgen.yaml" in found.help
    off = settings.replace("clinical-number: on", "clinical-number: off")
    assert found_in(tmp_path, {**cards, "deckgen.yaml": off}) == []


def test_a_pronoun_may_stand_for_what_a_picture_shows(tmp_path):
    text = '  - {id: a, question: "What is this? ![dot](media/dot.png)", answer: A circle}\n'

    assert [str(one) for one in found_in(tmp_path, {**faq(text), "demo/media/dot.png": sample.png()})] == []


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


PLAIN = faq(
    "  - {id: first, question: What is one?, answer: A number}\n  - {id: second, question: Why?, answer: So, why: So}\n"
)


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        ("chekc", "chekc"),
        ("show faq/frist", "faq/frist"),
        ("list --domain basic", "basic"),
        ("list --kind fqa", "fqa"),
        ("explain leek", "leek"),
        ("check --select leek", "leek"),
        ("retire faq/frist --reason Wrong", "faq/frist"),
        ("retire faq/first --reason Wrong --successor faq/secnd", "faq/secnd"),
    ],
)
def test_the_word_that_a_command_suggests_is_right(arguments, word, tmp_path):
    sample.write(Path.cwd(), {"deckgen.yaml": sample.PROJECT + RULES, **PLAIN})
    run("build")
    wrong = run(*arguments.split())
    meant = re.search(r"; did you mean '(.*)'\?", wrong.stderr)

    assert (wrong.exit_code, meant is not None) == (2, True), wrong.output
    corrected = run(*arguments.replace(word, meant[1]).split())
    assert "did you mean" not in corrected.output
    assert corrected.exit_code == 0 or "never" in corrected.output, corrected.output


COMMANDS = {
    "an entry without an id": (faq("  - {question: What is one?, answer: A number}\n"), "check"),
    "an item without an id": (faq("  - {id: a, question: Name two primes., items: [Two, Three]}\n"), "check"),
    "an unknown rule": ({**PLAIN, "deckgen.yaml": f"{sample.PROJECT}rules: {{nothing-like-it: off}}\n"}, "check"),
    "a lock that is not up to date": (PLAIN, "build --locked"),
    "an unknown entry": (PLAIN, "show faq/nothing-like-it"),
    "an unknown rule to explain": (PLAIN, "explain nothing-like-it"),
    "an unknown command": (PLAIN, "nothing-like-it"),
}


@pytest.mark.parametrize("name", COMMANDS)
def test_the_command_that_a_message_names_works_where_it_is_named(name, tmp_path):
    files, command = COMMANDS[name]
    sample.write(Path.cwd(), {"deckgen.yaml": sample.PROJECT + RULES, **files})
    wrong = run(*command.split())
    named = re.findall(r"'deckgen ([a-z][a-z -]*)'|'deckgen (--help)'", wrong.output)

    assert wrong.exit_code in (1, 2)
    assert named, wrong.output
    for words in named:
        worked = run(*"".join(words).split())
        assert worked.exit_code == 0, worked.output
    if command in ("check", "build --locked") and "rule" not in name:
        assert run(*command.split()).exit_code == 0, run(*command.split()).output
