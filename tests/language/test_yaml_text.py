"""What YAML would drop or change is reported, and following the message literally gives the text that was typed."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest

import sample
from deckgen.core.diagnostics import Diagnostic, Report
from deckgen.core.source import Source
from deckgen.language.yaml_reader import parse

ENTRY = """\
faq:
  - id: a
    domain: basics
    question: What is it?
    answer: {}
    full: More
"""


def found_in(folder: Path, text: str) -> list[Diagnostic]:
    return list(sample.compiled(sample.write(folder, {"demo/cards.yaml": text.encode()}))[1])


def answer_of(folder: Path, text: str) -> str:
    packages, found = sample.compiled(sample.write(folder, {"demo/cards.yaml": text.encode()}))

    assert [str(one) for one in found] == []
    return packages[0].notes[0].statement.asked[0].answer.text


def follow(text: str, finding: Diagnostic) -> str:
    """A file after its author did what a message says, to the letter."""
    lines = text.splitlines()
    place = finding.position.line - 1
    if quoted := re.search(r"put the whole text in quotes: ([\w-]+): (['\"].*['\"])", finding.help):
        key = quoted[1]
        lines[place] = re.sub(rf"\b{key}:.*", lambda _: f"{key}: {quoted[2]}", lines[place])
    elif spaces := re.search(r"(?:begin the line|indent it) with (\d+) spaces", finding.help):
        lines[place] = " " * int(spaces[1]) + lines[place].lstrip()
    elif colon := re.search(r"a space must follow the colon: (.*)", finding.help):
        lines[place] = re.sub(r"\w+:.*", lambda _: colon[1], lines[place])
    elif "put the whole text in quotes" in finding.help:
        first = max(number for number in range(place + 1) if ": " in lines[number])
        key, _, value = lines[first].partition(": ")
        whole = [value, *(line.strip() for line in lines[first + 1 : place + 1])]
        lines[first : place + 1] = [f"{key}: '{' '.join(whole)}'"]
    else:
        raise AssertionError(f"nothing to follow in {finding.help!r}")
    return "".join(f"{line}\n" for line in lines)


@pytest.mark.parametrize(
    "text",
    [
        "The clamp #5",
        "#5",
        "The key of F #",
        "**Bold** word",
        "*italic* word",
        "*word",
        "&nbsp; x",
        "&x",
        "- 5",
        "- 5 mg: daily",
        "? x",
        "!important",
        "%x",
        "@x",
        "`x` y",
        "> 3 weeks",
        ">60",
        ">5",
        ">5 mg",
        "|3",
        '"C"#',
        "'x'#y",
        "| x",
        "'tis so",
        '"Hello" she said',
        "'a' or 'b'",
        '"a" - b',
        "[IASP](https://iasp-pain.org)",
        "[1] and [2]",
        "{{x}} y",
        "{a} b",
        "{x}",
        "[x]",
        "Note: this",
        "at 8: 30",
        ": x",
    ],
)
def test_a_text_that_yaml_would_not_read_as_typed_is_quoted_as_the_message_says(text, tmp_path):
    file = ENTRY.format(text)
    findings = found_in(tmp_path, file)

    assert findings
    assert {one.position.line for one in findings} == {5}
    remedy = next(one for one in reversed(findings) if one.help)
    assert answer_of(tmp_path, follow(file, remedy)) == text


@pytest.mark.parametrize(
    "text",
    [r'"C:\Users"', r'"\d+"', r'"a \(\theta\)"'],
)
def test_a_text_in_double_quotes_is_put_into_single_ones(text, tmp_path):
    file = ENTRY.format(text)
    (finding,) = found_in(tmp_path, file)

    assert (finding.position.line, "'…'" in finding.help or "'" + text[1:-1] + "'" in finding.help) == (5, True)
    assert found_in(tmp_path, ENTRY.format(f"'{text[1:-1]}'")) == [] or text == r'"\d+"'


@pytest.mark.parametrize(
    ("text", "fixed"),
    [
        ("faq:\n  - id: a\n    domain: basics\n    question: What?\n      answer: So\n", "    answer: So"),
        ("faq:\n  - id: a\n    domain: basics\n    question: What?\n   answer: So\n", "    answer: So"),
        ("faq:\n  - id: a\n    domain: basics\n     question: What?\n    answer: So\n", "    question: What?"),
        ("faq:\n  - id: a\n    domain: basics\n    question:What?\n    answer: So\n", "    question: What?"),
        ("faq:\n  - id: a\n    domain: basics\n    question: What\n    is it?\n    answer: So\n", "      is it?"),
        (
            "faq:\n  - id: a\n    domain: basics\n    question: |\n        What\n      is\n    answer: So\n",
            "        is",
        ),
        ("faq:\n  - id: a\n    domain: basics\n    question: What\n      is #5?\n    answer: So\n", "is #5?"),
        ("faq:\n  - id: a\n    domain: basics\n    question: What\n      #5?\n    answer: So\n", "#5?"),
    ],
)
def test_a_line_in_the_wrong_place_is_moved_as_the_message_says(text, fixed, tmp_path):
    (finding, *_) = found_in(tmp_path, text)
    followed = follow(text, finding)

    assert fixed in followed
    assert [str(one) for one in found_in(tmp_path, followed)] == []


@pytest.mark.parametrize(
    "text",
    [
        ">\n      One.\n\n      Two.",
        ">\n      The parts:\n      - one\n      - two",
        "One.\n\n      Two.",
        "The parts\n      - one\n      - two",
        '"One.\n\n      Two."',
        "The code\n      ```\n      x\n      ```",
        "A table\n      | a | b |\n      |---|---|",
    ],
)
def test_paragraphs_and_lists_that_yaml_would_join_are_written_below_a_bar(text, tmp_path):
    (finding,) = found_in(tmp_path, ENTRY.replace("full: More", f"full: {text}").format("So"))
    lines = re.sub(r"^>\n *|^\"|\"$", "", text)

    assert finding.rule == "folded-lines"
    assert "'|'" in finding.help
    assert found_in(tmp_path, ENTRY.replace("full: More", f"full: |\n      {lines}").format("So")) == []


def test_comments_stay_comments(tmp_path):
    text = """\
        # faq: #5
        #faq: []
        faq:  # all of them
          - id: a # the first
            domain: basics
            #question: What was it?
            question: Which is C#?
            answer: |
              Number #5
              #6 is below
            #----
            full: 'The #7'
        #
        """
    (note,) = sample.notes(tmp_path, text).values()

    assert sample.field(note, "Full") == "The #7"


def test_a_line_break_between_ideographs_adds_no_space(tmp_path):
    for text in (
        "日本語の\n      文章",
        ">\n      日本語の\n      文章",
        "'日本語の\n      文章'",
        "|\n      日本語の\n      文章",
    ):
        (note,) = sample.notes(tmp_path, ENTRY.format(text)).values()

        assert sample.field(note, "Answer") == "日本語の文章"
        (note,) = sample.notes(tmp_path, ENTRY.format(text.replace("文", "**文**").replace("語", "~~語~~"))).values()
        assert sample.field(note, "Answer") == "日本<del>語</del>の<strong>文</strong>章"


@pytest.mark.parametrize("text", ["日" + "*" * 5_000 + "\n      x", "日\n      " + "*" * 5_000 + "x"])
def test_many_stars_beside_an_ideograph_cost_little(text, tmp_path):
    started = time.process_time()
    sample.findings(tmp_path, ENTRY.format(text))

    assert time.process_time() - started < 5


@pytest.mark.parametrize("style", ["|", ">"])
def test_a_line_break_between_ideographs_in_deletions_adds_no_space(style, tmp_path):
    head = f"cloze:\n  - id: a\n    domain: basics\n    text: {style}\n"
    text = "".join(f"      {line}\n" for line in ("{{c1::日本}}", "語の", "{{c2::文章}}"))
    (note,) = sample.notes(tmp_path, head + text).values()

    assert sample.field(note, "Text") == "{{c1::日本}}語の{{c2::文章}}"


def test_the_marks_of_a_merge_are_named(tmp_path):
    text = "faq:\n<<<<<<< HEAD\n  - id: a\n=======\n  - id: b\n>>>>>>> other\n"

    assert [str(one) for one in found_in(tmp_path, text)] == [
        "decks/demo/cards.yaml:2:1: error: expected keys and values, found a conflict [merge-conflict]"
    ]


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    [
        "a: " + "#b " * 60_000,
        "a:\n" + "  - b #c\n" * 20_000,
        "a: b\n" + "  #c\n" * 60_000,
        "a: [" + "{{b}}, " * 40_000 + "]",
    ],
    ids=["one line", "many lines", "lines of comments", "errors in one line"],
)
def test_the_time_for_problems_is_proportional_to_their_number(text):
    def seconds(content: str) -> float:
        start = time.process_time()
        parse(Source(Path("x.yaml"), "x.yaml", content), Report())
        return time.process_time() - start

    quarter = min(seconds(text[: len(text) // 4]) for _ in range(3))
    whole = min(seconds(text) for _ in range(3))
    assert whole / quarter < 12  # four times the length; sixteen times would be quadratic
