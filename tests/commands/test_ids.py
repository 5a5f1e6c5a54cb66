"""``deckgen ids`` adds missing ids and changes nothing else."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner, Result
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

import sample
from deckgen.cli import main
from examples import examples

CARDS = Path("decks/demo/cards.yaml")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


def write(text: str) -> None:
    sample.write(Path.cwd(), {"demo/cards.yaml": ""})
    CARDS.write_text(text)


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


def test_missing_ids_are_added_and_nothing_else_changes():
    write(BEFORE)
    result = run("ids")

    assert result.exit_code == 0, result.output
    assert result.stdout.splitlines()[0] == "decks/demo/cards.yaml:6:5: first-question-all"
    assert result.stdout.splitlines()[-1] == "13 ids added"
    assert CARDS.read_text() == AFTER
    assert run("check").exit_code == 0, run("check").output


def test_a_second_run_changes_nothing():
    write(AFTER)
    result = run("ids")

    assert (result.exit_code, result.stdout) == (0, "0 ids added\n")
    assert CARDS.read_text() == AFTER


def test_check_only_lists_the_missing_ids():
    write(BEFORE)
    result = run("ids", "--check")

    assert result.exit_code == 1
    assert result.stdout.splitlines()[-1] == "13 ids missing"
    assert CARDS.read_text() == BEFORE
    write(AFTER)
    assert run("ids", "--check").exit_code == 0


def test_new_ids_are_unique_in_the_whole_project():
    write("faq: [{id: one, domain: basics, question: One?, answer: A}]\n")
    Path("decks/demo/more.yaml").write_text("faq:\n  - {domain: basics, question: One?, answer: B}\n")
    run("ids")

    assert "{id: one-2, domain" in Path("decks/demo/more.yaml").read_text()


def test_windows_line_breaks_are_kept():
    write("")
    CARDS.write_bytes(b"faq:\r\n  - question: One?\r\n    domain: basics\r\n    answer: A\r\n")
    run("ids")

    assert CARDS.read_bytes() == b"faq:\r\n  - id: one\r\n    question: One?\r\n    domain: basics\r\n    answer: A\r\n"


def test_with_errors_no_file_is_changed():
    write("faq:\n  - question: a: b\n")
    result = run("ids")

    assert result.exit_code == 1
    assert "[syntax]" in result.stderr
    assert "error: no ids were added: fix the errors first" in result.stderr
    assert CARDS.read_text() == "faq:\n  - question: a: b\n"


SCALARS = st.sampled_from(
    ["plain text", '"a: b"', "'it''s'", "é – ñ", "|\n{i}  block\n{i}  more", ">-\n{i}  folded\n\n{i}  text"]
)


@examples(20, 100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(SCALARS, st.sampled_from(["", "  # comment"])), min_size=2, max_size=5), st.integers(0, 3))
def test_items_of_every_yaml_style_get_ids_and_keep_their_text(items, deeper):
    indent = " " * (4 + deeper)
    lines = [
        f"{indent}- {text.replace('{i}', indent)}{'' if chr(10) in text else comment}\n" for text, comment in items
    ]
    write("faq:\n  - domain: basics\n    question: Which?\n    items:\n" + "".join(lines))
    before = CARDS.read_text()
    result = run("ids")

    assert result.exit_code == 0, result.output
    assert run("check").exit_code == 0, CARDS.read_text()
    for line in sample.changed_lines(before, CARDS.read_text()):
        assert line.strip("+- ").split("  #")[0]
