"""``deckgen new`` adds an entry next to similar ones, in their style, and changes nothing else."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result

import sample
from deckgen.cli import main

CARDS = """\
# All about tea.
domain: basics
source: [book]

faq:
  # The first one.
  - id: leaves
    question: What is tea made of?
    answer: Leaves   # of Camellia

  - id: heat
    question: Why is water boiled for tea?
    answer: Heat draws out the taste

# Nothing is retired.
"""
OTHERS = """\
faq:
- {id: cups, domain: others, question: What holds tea?, answer: A cup}
- {id: spoons, domain: others, question: What stirs tea?, answer: A spoon}
"""
ASKED = "Which leaves are dried in the sun?"
SIGN = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 80 40">
  <g id="regions"><rect id="face" x="10" y="5" width="30" height="30"><title>Face</title></rect></g>
</svg>
"""


@pytest.fixture(autouse=True)
def project(tmp_path: Path) -> Path:
    files = {"demo/basics.yaml": CARDS, "demo/others.yaml": OTHERS}
    return sample.write(tmp_path, {"deckgen.yaml": sample.PROJECT + sample.without("domain-orphan"), **files})


def new(*arguments: str, answers: str = "") -> Result:
    return CliRunner().invoke(main, ["new", *arguments], input=answers)


def test_an_entry_is_added_below_similar_ones_and_nothing_else_changes(project):
    result = new("faq", "--question", ASKED, "--answer", "White: the youngest ones", "--domain", "basics")

    assert result.exit_code == 0, result.output
    assert "decks/demo/basics.yaml:15: faq/leaves-dried-sun" in result.stdout
    entry = f'\n  - id: leaves-dried-sun\n    question: {ASKED}\n    answer: "White: the youngest ones"\n'
    place = CARDS.index("\n# Nothing")
    assert (project / "demo/basics.yaml").read_text() == CARDS[:place] + entry + CARDS[place:]
    assert (project / "demo/others.yaml").read_text() == OTHERS


def test_an_entry_is_indented_and_spaced_like_the_others(project):
    new("faq", "--question", ASKED, "--answer", "White", "--domain", "others", "--source", "book")

    added = f"- id: leaves-dried-sun\n  domain: others\n  source: [book]\n  question: {ASKED}\n  answer: White\n"
    assert (project / "demo/others.yaml").read_text() == OTHERS + added


def test_the_domain_is_suggested_by_the_words_of_the_entry(project):
    assert "others.yaml" in new("faq", "--question", "What holds sugar beside a cup?", "--answer", "A bowl").stdout
    assert "basics.yaml" in new("faq", "--question", "Why is water cooled for tea?", "--answer", "Taste").stdout


def test_the_cards_and_similar_entries_are_shown():
    result = new("faq", "--question", "Why is the water boiled for tea?", "--answer", "Taste", "--domain", "basics")

    assert "── card 1, back" in result.stdout
    assert "nearly the same question as faq/heat" in result.stderr
    assert result.exit_code == 0


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--domain", "basic"], "'basic' is not a domain of this project; did you mean 'basics'?"),
        (["--domain", "basics", "--id", "leaves"], "the id of faq/leaves is already used"),
        (["--domain", "basics", "--source", "booc"], "'booc' is not a source of this project; did you mean 'book'?"),
        (["--domain", "basics", "--items", "One", "--items", "Two"], "expected 'answer' or 'items', found both"),
    ],
)
def test_with_an_error_nothing_is_written(project, options, message):
    result = new("faq", "--question", ASKED, "--answer", "White", *options)

    assert message in result.stderr
    assert "nothing was written" in result.stderr
    assert result.exit_code == 1
    assert (project / "demo/basics.yaml").read_text() == CARDS


def test_with_some_options_the_required_ones_must_be_given_too():
    result = new("faq", "--answer", "White")

    assert result.exit_code == 2
    assert "Missing option '--question'" in result.stderr


def test_without_options_it_asks_and_accepts_a_list_instead_of_an_answer(project):
    answers = f"{ASKED}\n\nWhite\nGreen\n\n\n\nbasics\n\nbooc\nbook\ny\n"
    result = new("faq", answers=answers)

    assert result.exit_code == 0, result.output
    assert "there is no source 'booc'; did you mean 'book'?" in result.stdout
    entry = f"  - id: leaves-dried-sun\n    question: {ASKED}\n    items:\n      - white: White\n      - green: Green\n"
    assert entry in (project / "demo/basics.yaml").read_text()


def test_the_author_can_decline_after_seeing_the_cards(project):
    result = new("faq", answers=f"{ASKED}\nWhite\n\n\nbasics\n\nbook\nn\n")

    assert result.exit_code == 1
    assert (project / "demo/basics.yaml").read_text() == CARDS


def test_the_first_entry_of_a_kind_adds_its_section(project):
    result = new("resource", "--name", "Tea Board", "--role", "The office for tea", "--domain", "basics")

    assert result.exit_code == 0, result.output
    assert (project / "demo/basics.yaml").read_text() == CARDS + (
        "\nresources:\n  - id: tea-board\n    name: Tea Board\n    role: The office for tea\n"
    )


def test_if_each_procedure_has_its_own_file_a_new_one_gets_one_too(project):
    for name in ("brew", "wash"):
        text = f"procedures:\n  - {{id: {name}, domain: basics, source: [book], name: To {name}, definition: A way}}\n"
        (project / f"demo/procedure-{name}.yaml").write_text(text)
    steps = [part for step in ("Fill it.", "Heat it.", "Wait.") for part in ("--steps", step)]
    result = new("procedure", "--name", "Boiling water", "--domain", "basics", "--source", "book", *steps)

    assert result.exit_code == 0, result.output
    assert (project / "demo/procedure-boiling-water.yaml").read_text() == (
        "# yaml-language-server: $schema=../schema/cards.json\n\nprocedures:\n  - id: boiling-water\n"
        "    domain: basics\n    source: [book]\n    name: Boiling water\n    steps:\n      - fill: Fill it.\n"
        "      - heat: Heat it.\n      - wait: Wait.\n"
    )


def test_the_file_can_be_chosen_and_must_belong_to_a_deck(project):
    result = new("faq", "--question", ASKED, "--answer", "White", "--domain", "basics", "--file", "decks/demo/new.yml")

    assert result.exit_code == 0, result.output
    assert (project / "demo/new.yml").is_file()
    elsewhere = new("faq", "--question", "What?", "--answer", "White", "--file", "new.yaml")
    assert elsewhere.exit_code == 2
    assert "not a .yaml file in the folder of a deck" in elsewhere.stderr


@pytest.mark.parametrize(
    ("file", "message"),
    [
        (".hidden.yaml", "deckgen does not read 'decks/demo/.hidden.yaml': its name begins with a dot"),
        (
            ".hidden/new.yaml",
            "deckgen does not read 'decks/demo/.hidden/new.yaml': the name of its folder '.hidden' begins",
        ),
        ("a\x07b.yaml", "expected a name of visible characters in UTF-8"),
        ("a:b.yaml", "the name 'a:b.yaml' cannot be used on Windows because of ':'; choose another"),
        ("Basics.yaml", "the name 'Basics.yaml' is already used by 'basics.yaml', which differs only in case"),
    ],
)
def test_no_file_is_made_whose_name_is_not_read_everywhere(project, file, message):
    before = sorted(project.rglob("*"))
    result = new("faq", "--question", ASKED, "--answer", "White", "--file", f"decks/demo/{file}")

    assert result.exit_code == 2
    assert message in result.stderr
    assert sorted(project.rglob("*")) == before


@pytest.mark.parametrize("answer", ["- 5 °C", "-5", "--help", "-"])
def test_the_text_of_an_option_may_begin_with_a_hyphen(project, answer):
    result = new("faq", "--question", ASKED, "--answer", answer, "--domain", "basics", "--file", "decks/demo/x.yaml")

    assert result.exit_code == 0, result.output
    assert yaml.safe_load((project / "demo/x.yaml").read_text())["faq"][0]["answer"] == answer


def test_an_answer_with_control_characters_is_asked_for_again(project):
    result = new("faq", answers="What is \x1b[31m tea?\nWhat is tea?\nA drink\n" + "\n" * 30)

    assert "Error: expected visible characters, found U+001B\n" in result.output
    assert "question: What is tea?" in result.output
    assert "answer again" not in result.output


def test_a_list_in_brackets_is_not_edited(project):
    (project / "demo/basics.yaml").write_text("faq: [{id: a, domain: basics, question: What?, answer: So}]\n")
    (project / "demo/others.yaml").unlink()
    result = new("faq", "--question", ASKED, "--answer", "White", "--domain", "basics")

    assert result.exit_code == 1
    assert "edit the file by hand" in result.stderr


@pytest.mark.parametrize(
    ("text", "reason"),
    [("faq: [\n", "[syntax]"), ("- a list\n", "[wrong-shape]"), ("# only a comment\n", "[empty-file]")],
)
def test_a_file_that_cannot_be_read_is_not_overwritten(project, text, reason):
    (project / "demo/new.yaml").write_text(text)
    options = ["--domain", "basics", "--file", "decks/demo/new.yaml"]
    result = new("faq", "--question", ASKED, "--answer", "White", *options)

    assert result.exit_code == 1
    assert reason in result.stderr
    assert result.stderr.endswith("error: nothing was written: fix decks/demo/new.yaml first\n")
    assert (project / "demo/new.yaml").read_text() == text


# --- nothing that was typed is lost -----------------------------------------------------------------------------------


def test_after_a_wrong_id_domain_file_or_source_it_asks_again(project):
    wrong = "Bad Id\nleaves\n\nbasis\nbasics\nelsewhere.yaml\n\nbooc\nbook\n"
    result = new("faq", answers=f"{ASKED}\nWhite\n\n{wrong}y\n")

    assert result.exit_code == 0, result.output
    assert "found 'Bad Id'; for example bad-id" in result.stdout
    assert "the id of faq/leaves is already used" in result.stdout
    assert "'elsewhere.yaml' is not a .yaml file in the folder of a deck; decks: decks/demo" in result.stdout
    assert f"question: {ASKED}\n    answer: White\n" in (project / "demo/basics.yaml").read_text()


def test_after_a_finding_it_asks_again_and_keeps_the_other_answers(project):
    first = f"{ASKED}\n<b>White</b>\n\n\nbasics\n\nbook\n"
    result = new("faq", answers=f"{first}\nWhite\n\n\n\n\n\ny\n")

    assert result.exit_code == 0, result.output
    assert "[raw-html]" in result.stderr
    assert "answer again (Enter keeps an answer)" in result.stdout
    assert f"question: {ASKED}\n    answer: White\n" in (project / "demo/basics.yaml").read_text()


def test_a_list_can_be_kept(project):
    first = f"{ASKED}\n\nWhite\nGreen\n\n<b>\n\n\nbasics\n\nbook\n"
    result = new("faq", answers=f"{first}\n\ny\nBecause\n\n\n\n\n\ny\n")

    assert result.exit_code == 0, result.output
    assert "items:\n      - white: White\n      - green: Green\n" in (project / "demo/basics.yaml").read_text()


@pytest.mark.parametrize("answers", ["White\n", "White\n\n\n\nbasics\n\nbook\nn\n"], ids=["interrupted", "declined"])
def test_what_was_typed_is_printed_if_it_is_not_written(project, answers):
    result = new("faq", answers=f"{ASKED}\n{answers}")

    assert result.exit_code == 1
    assert "what you typed:" in result.stderr
    assert f"question: {ASKED}\n" in result.stderr
    assert "answer: White\n" in result.stderr
    assert (project / "demo/basics.yaml").read_text() == CARDS


def test_optional_questions_are_marked():
    result = new("faq", answers=f"{ASKED}\n\nWhite\nGreen\n\n\n\nbasics\n\nbook\ny\n")

    assert "question: " in result.stdout
    assert "answer (optional): " in result.stdout
    assert "source (optional): " in result.stdout


@pytest.mark.parametrize("endless", ["yes", "yes ''", "yes basics", "cat /dev/zero", "yes | tr -d '\\n'"])
@pytest.mark.skipif(os.name != "posix", reason="needs a shell")
def test_endless_input_ends(endless):
    command = f"{endless} | {sys.executable} -m deckgen new faq"
    result = subprocess.run(["sh", "-c", command], capture_output=True, text=True, timeout=60, check=False)

    assert result.returncode == 1
    assert re.search(r"error: expected at most [\d,]+ (answers|characters in an answer), found more\n", result.stderr)


def test_a_note_of_the_projects_own_type_gets_its_fields_by_name(project):
    fields = ["--fields", "Front: What is it: this?", "--fields", "Back: That"]
    result = CliRunner().invoke(main, ["new", "note", "--type", "plain", *fields])

    assert result.exit_code == 0, result.output
    assert 'Front: "What is it: this?"\n      Back: That\n' in (project / "demo/basics.yaml").read_text()


def test_the_id_of_a_picture_comes_from_its_title(project):
    sample.write(project.parent, {"demo/media/a.svg": SIGN}, base=False)
    result = new("picture", "--picture", "media/a.svg", "--title", "A road sign", "--file", "decks/demo/basics.yaml")

    assert result.exit_code == 0, result.output
    assert ": picture/road-sign\n" in result.stdout


BLOCK = CARDS.replace("source: [book]", "source:\n  - book\n  - 'other'").replace("domain: basics", "domain: 'basics'")


def test_a_default_that_is_written_as_a_block_is_offered_and_not_repeated(project):
    (project / "sources.yaml").write_text(
        sample.BASE["sources.yaml"] + "other: {title: Other, url: https://example.org}\n"
    )
    (project / "demo/basics.yaml").write_text(BLOCK)
    asked = new("faq", answers=f"{ASKED}\nWhite\n\n\nbasics\n\n\ny\n")
    given = new(
        "faq", "--question", "Which leaves are rolled?", "--answer", "Green", "--file", "decks/demo/basics.yaml"
    )

    assert (asked.exit_code, given.exit_code) == (0, 0), asked.output + given.output
    assert "source: book, other, the default of decks/demo/basics.yaml; --source names another one\n" in given.stdout
    assert (project / "demo/basics.yaml").read_text().count("book") == 1


def test_a_default_with_an_error_is_not_named_as_the_source(project):
    (project / "demo/basics.yaml").write_text(CARDS.replace("source: [book]", "source: {book: on page 9}"))
    result = new("faq", "--question", ASKED, "--answer", "White", "--file", "decks/demo/basics.yaml")

    assert "the default of" not in result.stdout


@pytest.mark.parametrize(
    ("file", "options", "said"),
    [
        ("basics.yaml", [], "source: book, the default of decks/demo/basics.yaml; --source names another one\n"),
        ("basics.yaml", ["--source", "book"], ""),
        ("others.yaml", [], ""),
    ],
)
def test_the_source_that_the_file_gives_is_named(project, file, options, said):
    result = new("faq", "--question", ASKED, "--answer", "White", "--file", f"decks/demo/{file}", *options)

    assert "".join(re.findall("source: .*; --source.*\n", result.stdout)) == said


@pytest.mark.parametrize(("typed", "meant"), [("terms", "; did you mean 'term'?"), ("list", "")])
def test_an_unknown_kind_is_a_usage_error_that_says_where_the_kinds_are_described(project, typed, meant):
    result = new(typed)

    assert result.exit_code == 2
    assert f"there is no kind '{typed}'{meant}\n'deckgen new --help' describes the kinds" in result.stderr
