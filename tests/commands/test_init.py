"""``deckgen init``: a project that builds at once."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result

from deckgen.cli import main
from deckgen.editing import new_project
from deckgen.kinds.registry import all_kinds
from learner import Learner, visible

OPTIONS = ["--title", "Spanish: verbs", "--author", "A. Author", "--language", "en", "--domain", "Verbs"]


def deckgen(*arguments: str, typed: str | None = None) -> Result:
    here = Path.cwd()
    result = CliRunner().invoke(main, arguments, input=typed)
    os.chdir(here)  # -C changes it
    return result


def test_a_new_project_passes_every_check_and_reaches_anki(tmp_path):
    made = deckgen("init", "verbs", *OPTIONS)
    checked = deckgen("-C", "verbs", "check", "--strict", "--hints")
    built = deckgen("-C", "verbs", "build")

    assert made.exit_code == 0, made.output
    assert checked.exit_code == 0, checked.output
    assert "0 errors, 0 warnings" in checked.output
    assert built.exit_code == 0, built.output
    with Learner() as learner:
        assert learner.imports(Path("verbs/build/spanish-verbs.apkg")).new == 4


def test_with_all_options_it_asks_nothing_and_without_them_it_asks(tmp_path):
    assert ":" not in deckgen("init", "a", *OPTIONS).output.partition("\n")[0]
    asked = deckgen("init", "b", typed="Latein\nB. Autor\nde\nWörter, Sätze\n")

    assert asked.exit_code == 0, asked.output
    project = yaml.safe_load(Path("b/decks/deckgen.yaml").read_text(encoding="utf-8"))
    assert (project["title"], project["language"], project["authors"]) == ("Latein", "de", ["B. Autor"])
    assert list(project["domains"].values()) == ["Wörter", "Sätze"]


def test_a_question_is_asked_again_with_the_reason(tmp_path):
    asked = deckgen("init", typed="\nVer\u202ebs\nVerbs\n \nA. Author\nGerman\nde\n ,\nBasics\n")

    assert asked.exit_code == 0, asked.output
    assert asked.output.count("Error: an answer is needed; you can change it in the files later\n") == 2
    assert "Error: expected visible characters, found U+202E RIGHT-TO-LEFT OVERRIDE\n" in asked.output
    assert "such as en, de or pt-BR, found 'German'; perhaps de (German)\n" in asked.output
    assert "Error: at least one domain is needed, since every card belongs to one; for example: Basics" in asked.output
    project = yaml.safe_load(Path("decks/deckgen.yaml").read_text(encoding="utf-8"))
    assert (project["title"], project["language"], project["authors"]) == ("Verbs", "de", ["A. Author"])


def test_an_option_that_is_blank_counts_as_not_given(tmp_path):
    options = ["--title", " ", "--author", "A", "--language", "en", "--domain", " "]
    asked = deckgen("init", *options, typed="Verbs\nBasics\n")

    assert asked.exit_code == 0, asked.output
    project = yaml.safe_load(Path("decks/deckgen.yaml").read_text(encoding="utf-8"))
    assert (project["title"], list(project["domains"].values())) == ("Verbs", ["Basics"])


def test_two_projects_never_have_the_same_namespace(tmp_path):
    namespaces = set()
    for name in "ab":
        deckgen("init", name, *OPTIONS)
        namespaces.add(yaml.safe_load(Path(f"{name}/decks/deckgen.yaml").read_text())["namespace"])

    assert len(namespaces) == 2


def test_the_clinical_rules_are_off_unless_they_are_wanted(tmp_path):
    deckgen("init", "plain", *OPTIONS)
    deckgen("init", "medical", "--clinical", *OPTIONS)

    dose = "faq:\n  - {id: dose, domain: verbs, question: How much is given?, answer: 40 mg, source: [anki-manual]}\n"
    found = {}
    for name in ("plain", "medical"):
        Path(name, "decks/spanish-verbs/dose.yaml").write_text(dose)
        found[name] = deckgen("-C", name, "check").output

    assert "[clinical-number]" in found["medical"]
    assert "[clinical-number]" not in found["plain"]


@pytest.mark.parametrize(("event", "status"), [("pull_request", 0), ("push", 1)])
def test_the_workflow_asks_for_the_lock_of_a_push_but_not_of_a_pull_request(tmp_path, event, status):
    deckgen("init", *OPTIONS)
    deckgen("build")
    cards = Path("decks/spanish-verbs/cards.yaml")
    cards.write_text(cards.read_text(encoding="utf-8").replace("One or more", "At least one"), encoding="utf-8")
    workflow = yaml.safe_load(Path(".github/workflows/cards.yml").read_text(encoding="utf-8"))
    steps = [step for step in workflow["jobs"]["cards"]["steps"] if event in step.get("if", event)]
    commands = [step["run"].split() for step in steps if step.get("run", "").startswith("deckgen ")]

    assert [deckgen(*command[1:]).exit_code for command in commands] == [0, status]
    deckgen("build")
    assert [deckgen(*command[1:]).exit_code for command in commands] == [0, 0]


def test_nothing_that_exists_is_overwritten(tmp_path):
    Path("README.md").write_text("mine", encoding="utf-8")
    first, second = deckgen("init", *OPTIONS), deckgen("init", *OPTIONS)

    assert first.exit_code == 0, first.output
    assert Path("README.md").read_text(encoding="utf-8") == "mine"
    assert second.exit_code == 1
    assert "already has a project: 'decks/deckgen.yaml'" in second.output


def test_a_language_that_is_none_is_refused(tmp_path):
    result = deckgen("init", "--title", "T", "--author", "A", "--language", "German", "--domain", "D")

    assert result.exit_code == 2
    assert "such as en, de or pt-BR, found 'German'; perhaps de (German)" in result.output
    assert not Path("decks").exists()


def with_options(**changes: str) -> list[str]:
    given = {"title": "Verbs", "author": "A. Author", "language": "en", "domain": "Verbs", **changes}
    return [f"--{name}={value}" for name, value in given.items()]


@pytest.mark.parametrize(
    ("option", "text", "message"),
    [
        ("title", "a\nb", "expected one line of text, found 2 lines"),
        ("author", "a\nb", "expected one line of text, found 2 lines"),
        ("domain", "a\nb", "expected one line of text, found 2 lines"),
        ("namespace", "a\nb", "expected one line of text, found 2 lines"),
        ("title", "a::::b", "expected the name of a deck, with '::' directly between names, found 'a::::b'"),
    ],
)
def test_an_option_that_no_project_can_have_is_refused(tmp_path, option, text, message):
    result = deckgen("init", *with_options(**{option: text}))

    assert result.exit_code == 2
    assert message in result.output
    assert not Path("decks").exists()


@pytest.mark.parametrize("title", ["Note types", "Schema", "Con"])
def test_a_title_that_is_no_name_of_a_decks_folder(tmp_path, title):
    made = deckgen("init", *with_options(title=title))
    checked = deckgen("check", "--strict")

    assert made.exit_code == 0, made.output
    assert checked.exit_code == 0, checked.output


def test_the_next_commands_work_in_a_folder_whose_name_has_a_space(tmp_path):
    said = deckgen("init", "my deck", *with_options()).output

    assert "\nTo build the deck: deckgen -C 'my deck' build\n" in said


def test_nothing_is_written_behind_a_link(tmp_path):
    Path("new/decks").mkdir(parents=True)
    Path("elsewhere").mkdir()
    Path("new/decks/verbs").symlink_to(Path("elsewhere").resolve())
    result = deckgen("init", "new", *with_options())

    assert result.exit_code == 1
    assert "'new/decks/verbs/cards.yaml' leads through a link out of 'new': remove the link" in result.output
    assert not list(Path("elsewhere").iterdir())


def test_the_samples_have_four_kinds(tmp_path):
    deckgen("init", *OPTIONS)
    sections = yaml.safe_load(Path("decks/spanish-verbs/cards.yaml").read_text(encoding="utf-8"))

    assert set(sections) & set(all_kinds()) == {"faq", "procedures", "cloze", "terms"}


@pytest.mark.parametrize("language", ["de", "de-AT"])
def test_what_learners_read_of_a_german_project_is_german(language, tmp_path):
    deckgen("init", *with_options(language=language, title="Verben"))
    checked = deckgen("check", "--strict", "--hints")
    built = deckgen("build")

    assert checked.exit_code == built.exit_code == 0, checked.output + built.output
    assert "Dein Lernfortschritt bleibt erhalten." in Path("README.md").read_text(encoding="utf-8")
    with Learner() as learner:
        learner.imports(Path("build/verben.apkg"))
        fronts = " ".join(visible(card.front) for card in learner.cards())
    assert "Was macht Anki aus den Feldern einer Notiz?" in fronts
    assert " the " not in fronts


def test_the_samples_in_each_language_have_the_ids_of_the_english_ones():
    starter, translated = (Path(new_project.__file__).with_name(name) for name in ("starter", "starter_in"))
    for path in translated.rglob("*.yaml"):
        english = starter / path.relative_to(translated).relative_to(path.relative_to(translated).parts[0])

        assert re.findall(r"\$?domain\d|^\w+:|id: .*", path.read_text(), re.M) == re.findall(
            r"\$?domain\d|^\w+:|id: .*", english.read_text(), re.M
        )


@pytest.mark.parametrize(("language", "has_hint"), [("en", False), ("de-AT", False), ("fr", True)])
def test_the_words_to_translate_are_named_where_deckgen_does_not_know_the_language(tmp_path, language, has_hint):
    deckgen("init", "a", "--title", "A", "--author", "B", "--language", language, "--domain", "C")
    text = Path("a/decks/deckgen.yaml").read_text()

    assert ("'deckgen explain words'" in text) == has_hint
    Path("a/decks/deckgen.yaml").write_text(text.replace("# words:", "words:").replace("#   why: Why?", "  why: Oui ?"))
    assert deckgen("-C", "a", "check", "--strict").exit_code == 0
