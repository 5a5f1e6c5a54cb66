"""A file that cannot be read gives one clear error with its position, and never a traceback."""

from __future__ import annotations

import os
import tracemalloc
from pathlib import Path

import pytest

import sample
from deckgen.core.characters import hidden_characters

GOOD = "faq: [{id: one, domain: basics, question: Is it?, answer: It is}]\n"


def found_in(root: Path) -> list[str]:
    return [str(one) for one in sample.compiled(root)[1]]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (GOOD.encode("utf-16"), "1:1 not-utf-8: expected UTF-8, found UTF-16 or UTF-32"),
        (GOOD.encode("utf-32"), "1:1 not-utf-8: expected UTF-8, found UTF-16 or UTF-32"),
        (GOOD.encode("utf-16-be"), "1:1 not-utf-8: expected UTF-8, found UTF-16 or UTF-32"),
        (b"# \xc3\xa9\r\n# \xc3\xa9 5 \xb5g\r\n", "2:7 not-utf-8: expected UTF-8, found the byte 0xb5"),
        (b"# a\r# \xb5g\r", "2:3 not-utf-8: expected UTF-8, found the byte 0xb5"),
        ("# é\nfaq: [\x07]\n".encode(), "2:7 control-character: expected visible characters, found U+0007"),
        (b"faq: [\x1f]\n", "1:7 control-character: expected visible characters, found U+001F"),
        (
            "# a\u202eb".encode(),
            "1:4 control-character: expected visible characters, found U+202E RIGHT-TO-LEFT OVERRIDE",
        ),
        ("# a\n\nb\u2028".encode(), "3:2 control-character: expected visible characters, found U+2028 LINE SEPARATOR"),
        (
            "# \ufeff".encode(),
            "1:3 control-character: expected visible characters, found U+FEFF ZERO WIDTH NO-BREAK SPACE",
        ),
        (b'topic: "a\\x1f"\n', "1:8 control-character: expected visible characters, found U+001F"),
        (
            rb'topic: "\\(x\\) \uFDD05\uFDD1"',
            "1:8 control-character: expected visible characters, found U+FDD0",
        ),
        (b"", "1:1 empty-file: expected keys and values, found nothing"),
        (
            b"a: 1\n  b: 2\n",
            "2:3 syntax: expected 'b' in the column of 'a' above (1), found it in column 3",
        ),
        (b"a: 'x\nb: 2\n", "1:4 syntax: expected a closing quote, found the end of the file"),
        (b"a: [1, 2\nb: 3\n", "1:4 syntax: expected ',' or ']' after the bracket that opens here"),
        (b"a: [{b: x [y], c: 1}]\n", "1:11 syntax: expected ',' or '}', found '['"),
        (b"a:\n  - {b: 1}}\n", "2:11 syntax: expected the end of the line, found a '}' that closes nothing"),
        (b"a: {b: 1\n", "1:4 syntax: expected ',' or '}' after the bracket that opens here"),
        (b"a: @b\n", "1:4 syntax: expected text, found '@', which text cannot start with"),
        (b"a: `b`\n", "1:4 syntax: expected text, found '`', which text cannot start with"),
        (b"a: 1\nbc\n", "2:1 syntax: expected 'key: value', found text without a ': '"),
        (b'a: "\\q"\n', "1:5 syntax: expected a valid escape after '\\' in \"…\""),
        (b'a: "b" c\n', "1:8 syntax: expected the end of the text after the closing quote or bracket"),
        (b"- a\nb: 1\n", "2:1 syntax: expected the next key or item in the same column as those above"),
        (b"faq:\n  \t- id: x\n", "2:3 tab-indent: expected spaces, found a tab"),
        (b"faq:\n  -\tid: x\n", "2:4 tab-indent: expected spaces, found a tab"),
        (b"? [a]\n: b\n", "1:3 wrong-shape: expected a key, found a list"),
        (b"*a : b\n", "1:1 anchor-or-alias: expected text, found the alias '*a'"),
        (b"<<: {a: b}\n", "1:1 anchor-or-alias: expected a key, found the merge key '<<'"),
        (
            b"just text\n",
            "1:1 wrong-shape: expected sections with entries, such as 'faq:', found text",
        ),
        (b"faq: text\n", "1:6 wrong-shape: expected a list of entries, each beginning with '- id:', found text"),
        (b"faq: [text]\n", "1:7 wrong-shape: expected a mapping with the keys of faq, found text"),
        (b"faqs: []\n", "1:1 unknown-key: 'faqs' is not a section or default of a deck's file; did you mean 'faq'?"),
    ],
    ids=lambda value: value.split(":")[1].split()[-1] if isinstance(value, str) else "",
)
def test_a_bad_file_gives_one_error_with_its_position(content, expected, tmp_path):
    assert [expected] == sample.findings(tmp_path, content)


def test_every_hidden_character_is_reported_up_to_a_limit(tmp_path):
    found = sample.findings(tmp_path, "# par\u00ada\u00adlysis \u200b\n#" + "\u00ad" * 30)

    assert [line.split()[0] for line in found] == ["1:6", "1:8", "1:15", *(f"2:{column}" for column in range(2, 20))]
    assert found[-1] == "2:19 control-character: expected visible characters, found 13 more hidden ones from here on"


def test_the_pure_python_parser_gives_the_same_positions(tmp_path, monkeypatch):
    text = "faq:\n  - id: one\n    domain: basics\n    question: Né?\n    answer: |\n      a <b>\n    extraa: x\n"
    with_libyaml = sample.findings(tmp_path, text)
    monkeypatch.setattr("yaml.__with_libyaml__", False)

    assert with_libyaml == sample.findings(tmp_path, text)
    assert [line.split()[0] for line in with_libyaml] == ["6:9", "7:5"]


@pytest.mark.parametrize("text", ['a: "\\U00110000"', 'a: "\\UFFFFFFFF"', f"%YAML 1.{'1' * 5000}\n--- a"])
def test_a_number_that_is_too_large_for_the_pure_python_parser(text, tmp_path, monkeypatch):
    monkeypatch.setattr("yaml.__with_libyaml__", False)

    assert sample.findings(tmp_path, text) == ["1:1 syntax: expected a valid escape or YAML version"]


@pytest.mark.parametrize("bomb", ["[" * 10_000, "- " * 10_000, "{a: " * 10_000, "a:\n" + " x" * 3])
def test_deep_nesting_gives_one_error_and_never_hangs(bomb, tmp_path):
    assert len(sample.findings(tmp_path, f"faq: {bomb}" if bomb[0] in "[{" else bomb)) == 1


def test_an_alias_bomb_gives_an_error_at_every_anchor_and_alias(tmp_path):
    layers = ["a: &a [x, x, x, x, x, x, x, x, x]"]
    layers += [f"{b}: &{b} [{', '.join([f'*{a}'] * 9)}]" for a, b in zip("abcdefgh", "bcdefghi", strict=True)]
    found = sample.findings(tmp_path, "\n".join(layers) + "\n")

    assert found[1] == "1:4 anchor-or-alias: expected text, found the anchor '&a'"
    assert sum("anchor-or-alias: " in line for line in found) == 9 + 8 * 9


def test_words_that_yaml_reads_as_other_types_stay_text(tmp_path):
    cards = "".join(
        f"  - {{id: i{number}, domain: basics, question: Which word?, answer: {word}}}\n"
        for number, word in enumerate(["no", "1:30", "007", "2026-11", "null", "0x1f", "1e3", "~", "off", ".5", "+1"])
    )
    answers = [sample.field(note, "Answer") for note in sample.notes(tmp_path, f"faq:\n{cards}").values()]

    assert answers == ["no", "1:30", "007", "2026-11", "null", "0x1f", "1e3", "~", "off", ".5", "+1"]


def test_a_wrong_default_is_reported_once_and_hides_no_other_error(tmp_path):
    cards = "tags: {}\ndomain: basics\nfaq: [{id: a, question: Why?, answer: So}, {id: b, question: Why?, anser: So}]\n"

    assert sample.findings(tmp_path, cards) == [
        "1:7 wrong-shape: expected text, found a mapping",
        "3:68 unknown-key: 'anser' is not a key of faq; did you mean 'answer'?",
    ]


def test_a_folder_instead_of_a_file(tmp_path):
    root = sample.write(tmp_path, {"demo/cards.yaml": GOOD, "demo/more.yaml/x": ""})
    (root / "deckgen.lock").mkdir()

    assert found_in(root) == [
        "decks/deckgen.lock:1:1: error: expected a file, found a folder [unreadable-file]",
        "decks/demo/more.yaml/x:1:1: warning: deckgen does not read this file: it is not an entry file, a picture or a "
        "sound: its name has no extension [file-ignored]",
    ]


def test_a_loop_of_links(tmp_path):
    root = sample.write(tmp_path, {"demo/cards.yaml": GOOD})
    (root / "demo/loop.yaml").symlink_to("loop.yaml")

    assert [f"{one.rule}: " for one in sample.compiled(root)[1]] == ["unreadable-file: "]


def test_a_pipe_instead_of_a_file_is_not_waited_for(tmp_path):
    root = sample.write(tmp_path, {"demo/cards.yaml": GOOD})
    os.mkfifo(root / "demo/pipe.yaml")

    assert found_in(root) == [
        "decks/demo/pipe.yaml:1:1: error: expected a file, found a device or pipe [unreadable-file]"
    ]


def test_a_dangling_link(tmp_path):
    root = sample.write(tmp_path, {"demo/cards.yaml": GOOD})
    (root / "demo/gone.yaml").symlink_to("nothing.yaml")

    expected = "decks/demo/gone.yaml:1:1: error: cannot read the file: No such file or directory [unreadable-file]"
    assert [expected] == found_in(root)


def test_a_file_too_large_to_read(tmp_path):
    root = sample.write(tmp_path, {"demo/cards.yaml": GOOD})
    with (root / "demo/huge.yaml").open("wb") as file:
        file.truncate(65 * 2**20)

    message = "expected at most 64 MB, found 65 MB [file-too-large]"
    assert [f"decks/demo/huge.yaml:1:1: error: {message}"] == found_in(root)


def test_a_byte_order_mark_is_accepted(tmp_path):
    """Some editors on Windows write one."""
    assert sample.findings(tmp_path, b"\xef\xbb\xbf" + GOOD.encode()) == []
    assert sample.findings(tmp_path, b"\xef\xbb\xbf" + GOOD.replace("faq", "fax").encode())[0].startswith("1:1 ")


@pytest.mark.parametrize(
    "text",
    [
        "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f of England",
        "the word \u2067שלום\u2069 and \u2068عربي\u2069",
        "\u2066a \u2067שלום\u2069 b\u2069",
    ],
)
def test_flags_and_paired_isolates_are_text(text, tmp_path):
    (note,) = sample.notes(tmp_path, f"faq: [{{id: a, domain: basics, question: Which?, answer: '{text}'}}]").values()

    assert sample.field(note, "Answer") == text


@pytest.mark.parametrize(
    "text",
    [
        "\u202eabc",
        "\u2067abc",
        "abc\u2069",
        "\u2067a\u2067b\u2069",
        "\u2067a\u200bb\u2069",
        "\U000e0067\U000e007f",
        "\u2067a\n      b\u2069",
    ],
)
def test_direction_marks_that_are_not_closed_in_their_line_are_refused(text, tmp_path):
    file = f"faq:\n  - id: a\n    domain: basics\n    question: Which?\n    answer: |\n      x {text}\n"

    assert [line.split()[1] for line in sample.findings(tmp_path, file)][:1] == ["control-character:"]


def test_a_long_line_with_a_direction_mark_costs_no_more_memory_than_others():
    text = "\u2066" + "a" * 500_000
    tracemalloc.start()
    found = hidden_characters(text)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert found == [(0, "\u2066")]
    assert peak < 10 * len(text)
