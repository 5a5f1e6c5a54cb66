"""``deckgen retire`` moves an entry to the retired section of its file and changes nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import sample
from deckgen.cli import main

CARDS = Path("decks/demo/cards.yaml")


def run(*arguments: str, at: int = 1_790_000_000) -> Result:
    return CliRunner().invoke(main, arguments, env={"SOURCE_DATE_EPOCH": str(at)})


def write(text: str) -> None:
    sample.write(Path.cwd(), {"demo/cards.yaml": ""})
    CARDS.write_text(text)


PUBLISHED = """\
domain: basics
faq:
  # About one.
  - id: one
    question: "Is it: one?"
    answer: It is  # certainly

  # About two.
  - id: two
    question: Is it two?
    items:
      - a: A
      - b: >-
          B and
          more

  # The end.
procedures:
  - id: washing
    name: Washing
    risks: Dry skin
    steps: [wet: Wet., dry: Dry.]
    facts:
      - {id: time, question: How long?, answer: A minute}
      - {id: soap, question: With what?, answer: Soap}
"""


def retire(*arguments: str) -> str:
    """Retire an entry; returns the text of its file."""
    result = run("retire", *arguments, "--reason", "It is wrong: really")

    assert result.exit_code == 0, result.output
    return CARDS.read_text()


@pytest.fixture
def published() -> None:
    write(PUBLISHED)
    result = run("build")

    assert result.exit_code == 0, result.output


def test_an_entry_moves_to_the_retired_section_and_comments_stay(published):
    after = retire("faq/two", "--successor", "faq/one")

    assert sample.changed_lines(PUBLISHED, after) == [
        "-   - id: two",
        "-     question: Is it two?",
        "-     items:",
        "-       - a: A",
        "-       - b: >-",
        "-           B and",
        "-           more",
        "+ ",
        "+ retired:",
        "+   - id: faq/two",
        "+     title: Is it two?",
        '+     reason: "It is wrong: really"',
        "+     successor: faq/one",
        "+     on: 2026-09-21",
    ]
    result = run("build", at=1_790_000_100)
    assert result.exit_code == 0, result.output
    assert "0 new, 0 changed, 1 retired" in result.stdout


def test_a_comment_below_a_retired_entry_does_not_become_text_of_the_entry_above(tmp_path):
    above = "domain: basics\nfaq:\n  - id: one\n    question: Is it one?\n    answer: |\n      It is\n"
    two = "  - id: two\n    question: Is it two?\n    answer: It is\n"
    write(f"{above}{two}      # About two.\n\n  # The end.\n")
    assert run("build").exit_code == 0
    after = retire("faq/two")

    assert after.startswith(f"{above}\n  # The end.\n\nretired:\n")
    assert "0 new, 0 changed, 1 retired" in run("build", at=1_790_000_100).stdout


def test_the_last_entry_takes_its_section_with_it(published):
    retire("faq/two")
    after = retire("faq/one")

    assert "faq:" not in after
    assert "  # About two.\n" in after
    assert after.count("  - id: faq/") == 2
    result = run("build", at=1_790_000_100)
    assert result.exit_code == 0, result.output
    assert "0 new, 0 changed, 2 retired" in result.stdout


@pytest.mark.parametrize(
    ("id", "gone"),
    [
        ("procedure/washing/risks", "    risks: Dry skin\n"),
        ("procedure/washing/steps", "    steps: [wet: Wet., dry: Dry.]\n"),
        ("procedure/washing/facts/time", "      - {id: time, question: How long?, answer: A minute}\n"),
    ],
)
def test_one_note_of_an_entry_can_be_retired(id, gone, published):
    after = retire(id)

    assert sample.changed_lines(PUBLISHED, after)[0] == f"- {gone.rstrip()}"
    assert f"  - id: {id}\n" in after
    result = run("build", at=1_790_000_100)
    assert "0 new, 0 changed, 1 retired" in result.stdout, result.output


def test_retiring_a_fact_that_is_already_gone_fails_and_changes_nothing(published):
    time_gone = PUBLISHED.replace("      - {id: time, question: How long?, answer: A minute}\n", "")
    CARDS.write_text(time_gone)
    result = run("retire", "procedure/washing/facts/time", "--reason", "Wrong")

    assert result.exit_code == 2
    assert CARDS.read_text() == time_gone


@pytest.mark.parametrize(
    ("reason", "message"),
    [
        ("", "expected text, found nothing"),
        (" ", "expected text, found nothing"),
        ("<b>Wrong</b>", "expected Markdown, found the HTML"),
        ("a\x07b", "expected visible characters, found U+0007"),
        ("a\udcffb", "expected text in UTF-8"),
    ],
)
def test_a_reason_that_no_card_can_show_changes_nothing(published, reason, message):
    before = CARDS.read_bytes()
    result = run("retire", "faq/two", "--reason", reason)

    assert result.exit_code in (1, 2)
    assert message in " ".join(result.output.split())
    assert CARDS.read_bytes() == before


def test_a_renamed_entry_is_retired_under_its_first_published_id(published):
    CARDS.write_text(PUBLISHED.replace("id: two", "id: second\n    was: two"))
    run("build", at=1_790_000_100)
    after = retire("faq/second")

    assert "  - id: faq/two\n" in after
    assert run("build", at=1_790_000_200).exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["faq/onne"], "there is no entry 'faq/onne'; did you mean 'faq/one'?"),
        (["faq/one", "--successor", "faq/twoo"], "there is no entry 'faq/twoo'; did you mean 'faq/two'?"),
        (["faq/one", "--successor", "faq/one"], "'faq/one' cannot replace itself"),
        (["procedure/washing/riskz"], "there is no entry 'procedure/washing/riskz'; did you mean 'procedure/washing'?"),
    ],
)
def test_unknown_ids_are_usage_errors_with_a_suggestion(arguments, message, published):
    result = run("retire", *arguments, "--reason", "x")

    assert result.exit_code == 2
    assert message in result.stderr
    assert CARDS.read_text() == PUBLISHED


def test_an_entry_that_was_never_published_should_just_be_deleted():
    write(PUBLISHED)
    result = run("retire", "faq/two", "--reason", "x")

    assert result.exit_code == 1
    assert "'faq/two' was never published: just delete it from decks/demo/cards.yaml" in result.stderr
