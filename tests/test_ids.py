"""``deckgen ids`` and ``deckgen retire``: sources are changed where asked, and to the letter nowhere else."""

from __future__ import annotations

import difflib
import time
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import sample
from deckgen.cli import main

CARDS = Path("decks/demo/cards.yaml")


def run(*arguments: str, at: int = 1_790_000_000) -> Result:
    return CliRunner().invoke(main, arguments, env={"SOURCE_DATE_EPOCH": str(at)})


def write(text: str) -> None:
    sample.write(Path.cwd(), {"demo/cards.yaml": ""})
    CARDS.write_text(text)


def changes(before: str, after: str) -> list[str]:
    lines = difflib.ndiff(before.splitlines(), after.splitlines())
    return [line for line in lines if line[0] in "+-"]


BEFORE = """\
# A comment at the top.
domain: basics   # and one beside

faq:
  # Before an entry.
  - question: What is the first question of all?   # kept
    answer: This
  -   question: "What is the second: question?"
      items:
        - One
        - "Two: and more"   # kept
        - given: Three
        - |
          Four
          lines
        - Five goes
          on here
  - {question: Flow?, answer: Yes}
  - id: have
    question: What is the first question of all?
    answer: That

procedures:
  - name: Hand washing
    risks: [Dry skin, Cold hands]
    steps:
      - Wet.
      - Rub.
    facts:
      - question: How long does it take?
        answer: A minute
"""

AFTER = """\
# A comment at the top.
domain: basics   # and one beside

faq:
  # Before an entry.
  - id: first-question-all
    question: What is the first question of all?   # kept
    answer: This
  -   id: second-question
      question: "What is the second: question?"
      items:
        - one: One
        - more: "Two: and more"   # kept
        - given: Three
        - lines: |
            Four
            lines
        - goes-here: Five goes
            on here
  - {id: flow, question: Flow?, answer: Yes}
  - id: have
    question: What is the first question of all?
    answer: That

procedures:
  - id: hand-washing
    name: Hand washing
    risks: [dry-skin: Dry skin, cold-hands: Cold hands]
    steps:
      - wet: Wet.
      - rub: Rub.
    facts:
      - id: long-take
        question: How long does it take?
        answer: A minute
"""


def test_missing_ids_are_written_and_nothing_else_is_touched():
    write(BEFORE)
    result = run("ids")

    assert result.exit_code == 0, result.output
    assert result.stdout.splitlines()[0] == "decks/demo/cards.yaml:6:5: first-question-all"
    assert result.stdout.splitlines()[-1] == "13 ids written"
    assert CARDS.read_text() == AFTER
    assert run("check").exit_code == 0, run("check").output


def test_a_second_run_changes_nothing():
    write(AFTER)
    result = run("ids")

    assert (result.exit_code, result.stdout) == (0, "0 ids written\n")
    assert CARDS.read_text() == AFTER


def test_check_only_says_what_is_missing():
    write(BEFORE)
    result = run("ids", "--check")

    assert result.exit_code == 1
    assert result.stdout.splitlines()[-1] == "13 ids missing"
    assert CARDS.read_text() == BEFORE
    write(AFTER)
    assert run("ids", "--check").exit_code == 0


def test_ids_are_unique_in_the_whole_project():
    write("faq: [{id: one, domain: basics, question: One?, answer: A}]\n")
    Path("decks/demo/more.yaml").write_text("faq:\n  - {domain: basics, question: One?, answer: B}\n")
    run("ids")

    assert "{id: one-2, domain" in Path("decks/demo/more.yaml").read_text()


def test_line_ends_of_windows_stay():
    write("")
    CARDS.write_bytes(b"faq:\r\n  - question: One?\r\n    domain: basics\r\n    answer: A\r\n")
    run("ids")

    assert CARDS.read_bytes() == b"faq:\r\n  - id: one\r\n    question: One?\r\n    domain: basics\r\n    answer: A\r\n"


def test_a_file_with_errors_is_left_alone():
    write("faq:\n  - question: a: b\n")
    result = run("ids")

    assert result.exit_code == 1
    assert "[syntax]" in result.stderr
    assert CARDS.read_text() == "faq:\n  - question: a: b\n"


SCALARS = st.sampled_from(
    ["plain text", '"a: b"', "'it''s'", "é – ñ", "|\n{i}  block\n{i}  more", ">-\n{i}  folded\n\n{i}  text"]
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(SCALARS, st.sampled_from(["", "  # comment"])), min_size=2, max_size=5), st.integers(0, 3))
def test_items_of_every_style_get_ids_and_keep_their_text(items, deeper):
    indent = " " * (4 + deeper)
    lines = [
        f"{indent}- {text.replace('{i}', indent)}{'' if chr(10) in text else comment}\n" for text, comment in items
    ]
    write("faq:\n  - domain: basics\n    question: Which?\n    items:\n" + "".join(lines))
    before = CARDS.read_text()
    result = run("ids")

    assert result.exit_code == 0, result.output
    assert run("check").exit_code == 0, CARDS.read_text()
    for line in changes(before, CARDS.read_text()):
        assert line.strip("+- ").split("  #")[0]


# --- retire -----------------------------------------------------------------------------------------------------------

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
    """Retire, with the date of today written as a word."""
    result = run("retire", *arguments, "--reason", "It is wrong: really")

    assert result.exit_code == 0, result.output
    return CARDS.read_text().replace(time.strftime("%Y-%m-%d"), "TODAY")


@pytest.fixture
def published() -> None:
    write(PUBLISHED)
    result = run("build")

    assert result.exit_code == 0, result.output


def test_an_entry_is_moved_to_the_retired_ones_and_comments_stay(published):
    after = retire("faq/two", "--successor", "faq/one")

    assert changes(PUBLISHED, after) == [
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
        "+     on: TODAY",
    ]
    result = run("build", at=1_790_000_100)
    assert result.exit_code == 0, result.output
    assert "0 new, 0 changed, 1 retired" in result.stdout


def test_a_comment_below_a_retired_entry_becomes_no_text_of_the_one_above(tmp_path):
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
def test_one_note_of_an_entry(id, gone, published):
    after = retire(id)

    assert changes(PUBLISHED, after)[0] == f"- {gone.rstrip()}"
    assert f"  - id: {id}\n" in after
    result = run("build", at=1_790_000_100)
    assert "0 new, 0 changed, 1 retired" in result.stdout, result.output


def test_a_fact_that_is_no_longer_there_takes_no_other_with_it(published):
    time_gone = PUBLISHED.replace("      - {id: time, question: How long?, answer: A minute}\n", "")
    CARDS.write_text(time_gone)
    result = run("retire", "procedure/washing/facts/time", "--reason", "Wrong")

    assert result.exit_code == 1
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
def test_a_reason_that_no_card_can_show_takes_nothing_out(published, reason, message):
    before = CARDS.read_bytes()
    result = run("retire", "faq/two", "--reason", reason)

    assert result.exit_code in (1, 2)
    assert message in " ".join(result.output.split())
    assert CARDS.read_bytes() == before


def test_a_renamed_entry_is_retired_by_the_id_it_was_first_published_under(published):
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
def test_what_is_not_there_is_named(arguments, message, published):
    result = run("retire", *arguments, "--reason", "x")

    assert result.exit_code == 1
    assert message in result.stderr
    assert CARDS.read_text() == PUBLISHED


def test_what_was_never_published_is_just_to_be_deleted():
    write(PUBLISHED)
    result = run("retire", "faq/two", "--reason", "x")

    assert result.exit_code == 1
    assert "'faq/two' was never published: just delete it from decks/demo/cards.yaml" in result.stderr
