"""Markdown becomes the expected HTML, text is shown as typed, and only HTML that deckgen writes reaches a card."""

from __future__ import annotations

import re
import time
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from deckgen.language import rules
from deckgen.language.markdown import MAX_CHARACTERS, MAX_PARTS, render
from deckgen.language.media import MediaFile, MediaKind, Problem

PICTURE = MediaFile("needle-0123456789ab.png", MediaKind.PICTURE, Path("needle.png"))
SOUND = MediaFile("name-0123456789ab.mp3", MediaKind.SOUND, Path("name.mp3"))


def find_media(reference: str) -> MediaFile | Problem:
    found = {"media/needle.png": PICTURE, "media/name.mp3": SOUND}.get(reference)
    return found or Problem(rules.MEDIA_NOT_FOUND, f"there is no file '{reference}'")


def html(text: str) -> str:
    result, _, errors = render(text, find_media)
    assert errors == []
    return result


def errors(text: str) -> list[tuple[str, str]]:
    return [(error.rule.name, error.snippet) for error in render(text, find_media)[2]]


class _Shown(HTMLParser):
    """The text that a browser would show of some HTML."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self.tags: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


def shown(markup: str) -> str:
    parser = _Shown()
    parser.feed(markup)
    parser.close()
    return parser.text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain", "plain"),
        ("**bold** and *italic*", "<strong>bold</strong> and <em>italic</em>"),
        ("one\ntwo", "one two"),
        ("one  \ntwo", "one<br>two"),
        ("one\n\ntwo", "<p>one</p><p>two</p>"),
        ("- one\n- two", "<ul><li>one</li><li>two</li></ul>"),
        ("3. three\n4. four", '<ol start="3"><li>three</li><li>four</li></ol>'),
        ("# Heading\ntext", "<p><strong>Heading</strong></p><p>text</p>"),
        ("**a**\u0338b", "<strong>a</strong>&#824;b"),  # Anki's NFC would make '≯' of the tag's end
        ("\u0338b", "&#824;b"),
        ("*a* e&#769;", "<em>a</em> é"),
        ("> quoted\n> text", "<blockquote><p>quoted text</p></blockquote>"),
        ("```\nx < y\n```", "<pre><code>x &lt; y\n</code></pre>"),
        ("a `b < c`", "a <code>b &lt; c</code>"),
        ("a\n\n***\n\nb", "<p>a</p><hr><p>b</p>"),
        ("[IASP](https://iasp-pain.org)", '<a href="https://iasp-pain.org">IASP</a>'),
        ("[x](https://a.org?b=1&c=2)", '<a href="https://a.org?b=1&amp;c=2">x</a>'),
        ("<https://a.org>", '<a href="https://a.org">https://a.org</a>'),
        ("<me@a.org>", '<a href="mailto:me@a.org">me@a.org</a>'),
        ("![a needle](media/needle.png)", '<img src="needle-0123456789ab.png" alt="a needle">'),
        ('![a "big" needle](media/needle.png)', '<img src="needle-0123456789ab.png" alt="a &quot;big&quot; needle">'),
        ("![the name](media/name.mp3)", "[sound:name-0123456789ab.mp3]"),
    ],
)
def test_markdown_becomes_html(text, expected):
    assert expected == html(text)


@pytest.mark.parametrize(
    "text",
    [
        "1989.",
        "> 3 weeks",
        "- 5",
        "+ 5 kg",
        "# 1",
        "* one",
        "***",
        "---",
        "```",
        "[a]: https://a.org",
        "=== a",
        "~~~",
        "12) x",
    ],
)
def test_one_line_is_never_a_block(text):
    assert text == shown(html(text))


@pytest.mark.parametrize(
    "text",
    [
        "INR < 1.5 and > 1",
        "L4/5 & L5/S1",
        "$40 and $x_1$",
        "{{c1::hidden}} {{Front}} {{{a}}} }} {{",
        "a::b:::c",
        "[sound:x.mp3] [latex]x[/latex] [$]x[/$] [anki:play:q:0]",
        "a <b",
        "x <y and z> w",
        "5 µg, ≥ 3, naïve",
        "a_b_c 2 * 3 * 4",
        "100 % [1]",
        "C:\\temp ; a\\b",
        "x < y > z",
        "<svg/onload=alert(1)>",  # CommonMark takes no such tag for one
        "&T; AT&T",
    ],
)
def test_clinical_notation_is_shown_as_typed(text):
    assert text == shown(html(text))


@given(st.text(st.characters(exclude_categories=["C", "Zl", "Zp"], exclude_characters="\\`*_[]<&!\xad"), min_size=1))
@example("1) x")
@example("}}{{")
def test_text_without_markdown_is_shown_as_typed(text):
    assert text.strip() == shown(html(text))


@given(st.text(min_size=1))
@example("\\[\\]")
@example("\\[sound:x.mp3\\]")
@example("\\(a [sound:x.mp3] [latex]b[/latex]\\)")
def test_no_text_becomes_syntax_of_anki(text):
    result, _, found = render(text, find_media)

    assert not re.search(r"\{\{|\}\}|::|(?<!\\)\[(?!sound:name-)|\[(sound|anki):(?!name-)", result) or found


@given(st.text("<>/ab=\"' \n!-?[]()`*\\&;:{}x1.", max_size=60))
def test_no_text_becomes_a_tag_that_deckgen_does_not_write(text):
    result, _, found = render(text, find_media)
    parser = _Shown()
    parser.feed(result)

    ours = {"p", "em", "strong", "li", "ul", "ol", "br", "hr", "code", "pre", "blockquote", "a", "img", "span"}
    assert found or set(parser.tags) <= ours


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r"\(x_1*y*z_2\)", r"\(x_1*y*z_2\)"),
        (r"so \[a < b\] then", r"so \[a &lt; b\] then"),
        (r"\(x^{2_{3}}\)", r"\(x^&#123;2_&#123;3&#125;&#125;\)"),
        (r"`\(not maths\)`", r"<code>\(not maths\)</code>"),
        (r"**\(a\)**", r"<strong>\(a\)</strong>"),
        (r"\(a[1]\)", r"\(a&#91;1]\)"),
        (r"\\(not maths\\)", r'<span class="mathjax_ignore">\</span>(not maths<span class="mathjax_ignore">\</span>)'),
    ],
)
def test_maths_is_kept_unchanged(text, expected):
    assert expected == html(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<b>x</b>", [("raw-html", "<b>")]),
        ("a <script>alert(1)</script>", [("raw-html", "<script>")]),
        ("<div onclick='x'>\n\ny", [("raw-html", "<div onclick='x'>")]),
        ("a <!-- b -->", [("raw-html", "<!-- b -->")]),
        ("a <img src=x onerror=y>", [("raw-html", "<img src=x onerror=y>")]),
        ("</p>", [("raw-html", "</p>")]),
        ("<style>\n*{}\n</style>", [("raw-html", "<style>")]),
        ("a&#31;b &#x1F;", [("control-character", "&#31;"), ("control-character", "&#x1F;")]),
        (r"\(x\) &#xFDD0;5&#xFDD1;", [("control-character", "&#xFDD0;"), ("control-character", "&#xFDD1;")]),
        ("&#xDDD1; &#x110000;", [("control-character", "&#xDDD1;"), ("control-character", "&#x110000;")]),
        ("a&shy;b", [("control-character", "&shy;")]),
        (r"a \(b", [("unclosed-maths", r"\(")]),
        (r"a \[b", [("unclosed-maths", r"\[")]),
        ("[x](javascript:alert)", [("bad-url", "javascript:alert")]),
        ("[x](data:text/html,x)", [("bad-url", "data:text/html,x")]),
        ("[x](//a.org)", [("bad-url", "//a.org")]),
        ("[x](page.html)", [("bad-url", "page.html")]),
        ("[x](JaVaScRiPt:x)", [("bad-url", "JaVaScRiPt:x")]),
        ("[x][r]\n\n[r]: javascript:x", [("bad-url", "javascript:x")]),
        ("![x](https://a.org/x.png)", [("remote-media", "https://a.org/x.png")]),
        ("![x](//a.org/x.png)", [("remote-media", "//a.org/x.png")]),
        ("![x](data:image/png;base64,AA)", [("remote-media", "data:image/png;base64,AA")]),
        ("![x](media/lost.png)", [("media-not-found", "media/lost.png")]),
        ("![](media/needle.png)", [("missing-alt", "![]")]),
        ("*" * (MAX_CHARACTERS + 1), [("file-too-large", "")]),
        ("`a` " * MAX_PARTS, [("file-too-large", "")]),
    ],
)
def test_what_is_an_error_in_a_text(text, expected):
    assert expected == errors(text)


@pytest.mark.parametrize(
    "text",
    [
        "[" * 9_999,
        "](" * 9_999,
        "*a" * 9_999,
        "`" * 19_999,
        "\\(" * 9_999,
        "<" * 19_999,
        "![" * 9_999,
        "> " * 9_999 + "\n",
        "a\n" * 9_999,
        "".join("`" * n + " " for n in range(1, 190)),
    ],
    ids=lambda text: repr(text[:4]),
)
def test_the_time_for_hostile_markdown_is_proportional_to_its_length(text):
    def seconds(content: str) -> float:
        start = time.process_time()
        for _ in range(3):
            render(content, find_media)
        return time.process_time() - start

    quarter = min(seconds(text[: len(text) // 4]) for _ in range(3))
    whole = min(seconds(text) for _ in range(3))
    assert whole / quarter < 12  # four times the length; sixteen times would be quadratic
