"""``deckgen new``: an entry is written where its like stand, in their style, and nothing else changes."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

import sample
from deckgen.cli import main
from deckgen.core.diagnostics import Report
from deckgen.editing import text_edits as surgery
from deckgen.editing.new_entry import entry_lines
from deckgen.kinds.registry import all_kinds
from deckgen.language import yaml_reader
from deckgen.language.source import Source

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


@pytest.fixture(autouse=True)
def project(tmp_path: Path) -> Path:
    files = {"demo/basics.yaml": CARDS, "demo/others.yaml": OTHERS}
    return sample.write(tmp_path, {"deckgen.yaml": sample.PROJECT + sample.without("domain-orphan"), **files})


def new(*arguments: str, answers: str = "") -> Result:
    return CliRunner().invoke(main, ["new", *arguments], input=answers)


def test_an_entry_is_written_below_its_like_and_nothing_else_changes(project):
    result = new("faq", "--question", ASKED, "--answer", "White: the youngest ones", "--domain", "basics")

    assert result.exit_code == 0, result.output
    assert "decks/demo/basics.yaml:15: faq/leaves-dried-sun" in result.stdout
    entry = f'\n  - id: leaves-dried-sun\n    question: {ASKED}\n    answer: "White: the youngest ones"\n'
    place = CARDS.index("\n# Nothing")
    assert (project / "demo/basics.yaml").read_text() == CARDS[:place] + entry + CARDS[place:]
    assert (project / "demo/others.yaml").read_text() == OTHERS


def test_it_takes_on_the_indentation_and_the_spacing_of_the_file(project):
    new("faq", "--question", ASKED, "--answer", "White", "--domain", "others", "--source", "book")

    added = f"- id: leaves-dried-sun\n  domain: others\n  source: [book]\n  question: {ASKED}\n  answer: White\n"
    assert (project / "demo/others.yaml").read_text() == OTHERS + added


def test_its_domain_is_suggested_by_its_words(project):
    assert "others.yaml" in new("faq", "--question", "What holds sugar beside a cup?", "--answer", "A bowl").stdout
    assert "basics.yaml" in new("faq", "--question", "Why is water cooled for tea?", "--answer", "Taste").stdout


def test_its_cards_and_what_is_nearly_the_same_are_shown():
    result = new("faq", "--question", "Why is the water boiled for tea?", "--answer", "Taste", "--domain", "basics")

    assert "── card 1, back" in result.stdout
    assert "nearly the same question as faq/heat" in result.stderr
    assert result.exit_code == 0


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--domain", "basic"], "'basic' is not a domain of this project; did you mean 'basics'?"),
        (["--domain", "basics", "--id", "leaves"], "the id of faq/leaves is taken"),
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


def test_what_is_needed_is_asked_for_when_some_options_are_given():
    result = new("faq", "--answer", "White")

    assert result.exit_code == 2
    assert "Missing option '--question'" in result.stderr


def test_without_options_it_asks_and_a_list_takes_the_place_of_an_answer(project):
    answers = f"{ASKED}\n\nWhite\nGreen\n\n\n\nbasics\n\nbooc\nbook\ny\n"
    result = new("faq", answers=answers)

    assert result.exit_code == 0, result.output
    assert "'booc' is not a source; did you mean 'book'?" in result.stdout
    entry = f"  - id: leaves-dried-sun\n    question: {ASKED}\n    items:\n      - white: White\n      - green: Green\n"
    assert entry in (project / "demo/basics.yaml").read_text()


def test_one_may_look_and_say_no(project):
    result = new("faq", answers=f"{ASKED}\nWhite\n\n\nbasics\n\nbook\nn\n")

    assert result.exit_code == 1
    assert (project / "demo/basics.yaml").read_text() == CARDS


def test_the_first_entry_of_a_kind_makes_its_section(project):
    result = new("resource", "--name", "Tea Board", "--role", "The office for tea", "--domain", "basics")

    assert result.exit_code == 0, result.output
    assert (project / "demo/basics.yaml").read_text() == CARDS + (
        "\nresources:\n  - id: tea-board\n    name: Tea Board\n    role: The office for tea\n"
    )


def test_where_each_procedure_has_a_file_a_new_one_gets_its_own(project):
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


def test_it_may_be_told_the_file_which_must_be_a_decks(project):
    result = new("faq", "--question", ASKED, "--answer", "White", "--domain", "basics", "--file", "decks/demo/new.yml")

    assert result.exit_code == 0, result.output
    assert (project / "demo/new.yml").is_file()
    elsewhere = new("faq", "--question", "What?", "--answer", "White", "--file", "new.yaml")
    assert elsewhere.exit_code == 2
    assert "not a .yaml file in the folder of a deck" in elsewhere.stderr


def test_a_list_in_brackets_is_left_to_the_author(project):
    (project / "demo/basics.yaml").write_text("faq: [{id: a, domain: basics, question: What?, answer: So}]\n")
    (project / "demo/others.yaml").unlink()
    result = new("faq", "--question", ASKED, "--answer", "White", "--domain", "basics")

    assert result.exit_code == 1
    assert "please do it by hand" in result.stderr


TEXTS = st.one_of(
    st.text(st.sampled_from("ab ,:#-?'\"\\[]{}&*!|>%@`~\n\t0é³"), min_size=1, max_size=9),
    st.text(st.characters(exclude_categories=["C", "Zl", "Zp"]), min_size=1, max_size=9),
).map(lambda text: unicodedata.normalize("NFC", text))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(TEXTS, st.lists(TEXTS, min_size=1, max_size=3))
@example("(a", ["A, B", "C"])
def test_what_is_given_is_what_is_written(name, former):
    lines = entry_lines(all_kinds()["resources"], {"name": [name], "former": former})
    node = yaml_reader.parse(Source(Path("x.yaml"), "x.yaml", "\n".join(lines)), Report())

    assert node is not None
    assert list(surgery.scalars(node)) == ["name", name, "former", *former]
