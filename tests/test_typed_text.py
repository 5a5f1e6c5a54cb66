"""What an author types is what the card shows, but for the conversions listed here, or a finding points at its line."""

from __future__ import annotations

import html
import re
import unicodedata
from html.parser import HTMLParser
from pathlib import Path
from typing import ClassVar

import pytest
import yaml
from hypothesis import HealthCheck, example, given
from hypothesis import strategies as st

import sample
from deckgen.core import rules
from deckgen.core.diagnostics import Report
from deckgen.core.nodes import MappingNode
from deckgen.core.source import Source
from deckgen.kinds.faq import Faq
from deckgen.language import yaml_reader
from deckgen.language.records import ListOf, Record
from deckgen.language.shapes import Reader
from deckgen.media.media import MediaProblem
from examples import examples

PROSE = Path(__file__).with_name("prose.txt").read_text(encoding="utf-8").splitlines()

SIGNS = [*"*_~^`\\[](){}<>&;#:-+!|$\"'@%,.=/?", *("**", "__", "~~", "$$", "{{", "}}", "``", "***", "\\\\", "::", "...")]
WORDS = [*"aBx2", "5 mg", "word", "Größe", "日本", "、", "「", "」", "é", "ß", "→", "🏥", "n't"]
PHRASES = [
    *(
        "&amp;",
        "&lt;",
        "&nbsp",
        "https://a.org/x_y*z",
        "<https://a.org>",
        "[x](https://a.org)",
        "C:\\Users",
        "\\(x^2\\)",
    ),
    *(" # ", " #", ": ", "![", "](", "<b>", "</", "{{c1::", "\\(", "\\)", "\\[", "- ", "1. ", "> ", "[1]: ", "H~2~O"),
    *("**b**", "*i*", "`c`", "~~s~~", "[sound:", "[latex]", "\\*", "\\_", "<int>", "a*b*c", "snake_case", "e.g."),
]
TEXTS = st.lists(st.sampled_from([" ", " ", *SIGNS, *WORDS, *PHRASES]), min_size=1, max_size=12).map("".join)
ARBITRARY = st.text(st.characters(exclude_categories=["C", "Z"], exclude_characters="\ufffd"), min_size=1, max_size=20)
QUESTION_LINE = 4


def entry(question: str) -> str:
    return f"faq:\n  - id: a\n    domain: basics\n    question: {question}\n    answer: So\n"


def read(cards: str) -> tuple[str | None, list[int]]:
    """The HTML of the question in a file with one entry, if it is without findings, and the lines of those."""
    report = Report()
    source = Source(Path("cards.yaml"), "cards.yaml", cards)
    reader = Reader(source, report, {}, lambda reference: MediaProblem(rules.MEDIA_NOT_FOUND, f"no '{reference}'"))
    entries = ListOf(Record(Faq, "faq"))
    root = yaml_reader.parse(source, report)
    read = entries.read(root.pairs["faq"].value, reader) if isinstance(root, MappingNode) else None
    lines = [one.position.line for one in report]
    return (None, lines) if lines or not read else (read[0].question.html, lines)


class _Typed(HTMLParser):
    """The Markdown that some HTML was made of."""

    MARKS: ClassVar = {"em": "*", "strong": "**", "code": "`", "del": "~~", "sub": "~", "sup": "^"}

    def __init__(self, markup: str) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self._links: list[tuple[str, int]] = []
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.text += self.MARKS.get(tag, "")
        if tag == "a":
            self._links.append((dict(attrs)["href"] or "", len(self.text)))

    def handle_endtag(self, tag: str) -> None:
        self.text += self.MARKS.get(tag, "")
        if tag == "a":
            url, start = self._links.pop()
            shown = self.text[start:]
            address = url.removeprefix("mailto:") == shown
            self.text = self.text[:start] + (f"<{shown}>" if address else f"[{shown}]({url})")

    def handle_data(self, data: str) -> None:
        self.text += data


def converted(text: str) -> str:
    """A text after the conversions that are meant, which are the same for what was typed and what is shown."""
    text = html.unescape(html.unescape(text))  # '&amp;' is '&'; in code it stays
    text = re.sub(r"\\+(?=[]*~^`<&!|#>+.)-])", "", text)  # a backslash before a sign of Markdown
    text = re.sub(r"`+ ?| ?`+", "", text)  # code
    return unicodedata.normalize("NFC", "".join(text.split()))  # white space; Anki composes accents


def read_by_yaml(text: str) -> str:
    """What YAML makes of a plain text: a comment ends it, and quotes around all of it are not part of it."""
    text = text.strip()
    if text[:1] in ("'", '"'):
        return str(yaml.safe_load(text))
    return re.split(r"\s#\s|^# ", text)[0].strip()


@examples(100, 1_000, suppress_health_check=[HealthCheck.too_slow])
@given(st.one_of(TEXTS, ARBITRARY))
@example("2*3*4 and snake_case")
@example("*a*b*c*")
@example("a^2+b^2 ~5-~10")
@example("x # y")
@example('"quoted"')
@example("C:\\Users\\.ssh")
@example("<b>")
def test_a_question_is_shown_as_it_was_typed_or_reported(text):
    field, lines = read(entry(text))

    if field is None:
        assert QUESTION_LINE in lines, text
    else:
        assert converted(_Typed(field).text) == converted(read_by_yaml(text)), field


LINES = st.lists(st.one_of(TEXTS, st.just("")), min_size=2, max_size=5)


@examples(80, 600, suppress_health_check=[HealthCheck.too_slow])
@given(LINES.filter(lambda lines: any(line.strip() for line in lines) and lines[0].strip()))
def test_no_word_of_several_lines_is_lost(lines):
    block = "".join(f"\n      {line.strip()}" for line in lines)
    field, found = read(entry(f"|{block}"))

    if field is None:
        assert set(found) & set(range(QUESTION_LINE, QUESTION_LINE + len(lines) + 1)), lines
    else:
        shown = _Typed(field).text
        for line in lines:
            for word in re.findall(r"\w\w+", html.unescape(line)):
                assert word in shown or word.isdecimal(), (word, field)


@pytest.mark.parametrize("write", [str, sample.scalar, "|\n      {}".format], ids=["plain", "quoted", "block"])
def test_ordinary_prose_gives_no_findings_and_is_shown_as_typed(write):
    assert len(PROSE) == len(set(PROSE)) == 500
    fields = {text: read(entry(write(text)))[0] for text in PROSE}
    shown = [text for text, field in fields.items() if field and html.unescape(field) == text]

    assert len(shown) >= 0.95 * len(PROSE), [text for text in PROSE if text not in shown]
