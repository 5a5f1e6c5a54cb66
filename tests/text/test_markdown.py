"""Markdown becomes the expected HTML, text is shown as typed, and only HTML that deckgen writes reaches a card."""

from __future__ import annotations

import re
import time
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from deckgen.core import rules
from deckgen.media.media import MediaFile, MediaProblem
from deckgen.media.media_formats import MediaKind
from deckgen.text.markdown import MAX_CHARACTERS, MAX_PARTS, render

PICTURE = MediaFile("_needle-0123456789ab.png", MediaKind.PICTURE, Path("needle.png"))
SOUND = MediaFile("_name-0123456789ab.mp3", MediaKind.SOUND, Path("name.mp3"))


def find_media(reference: str) -> MediaFile | MediaProblem:
    found = {"media/needle.png": PICTURE, "media/name.mp3": SOUND}.get(reference)
    return found or MediaProblem(rules.MEDIA_NOT_FOUND, f"there is no file '{reference}'")


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
        ("1. one\n1. two", "<ol><li>one</li><li>two</li></ol>"),
        ("- 1. one\n- 3. three", '<ul><li><ol><li>one</li></ol></li><li><ol start="3"><li>three</li></ol></li></ul>'),
        (
            "|a|b|\n|-|-|\n|1|2||\n|3|",
            "<table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2</td></tr><tr><td>3</td><td></td></tr></table>",
        ),
        ("# Heading\ntext", "<p><strong>Heading</strong></p><p>text</p>"),
        ("**a**\u0338b", "<strong>a</strong>&#824;b"),  # Anki's NFC would make '≯' of the tag's end
        ("\u0338b", "&#824;b"),
        ("*a* e&#769;", "<em>a</em> é"),
        ("– Who?\\\n– Me.", "– Who?<br>– Me."),
        ("```\n• a\n• b\n```", "<pre><code>• a\n• b\n</code></pre>"),
        ("> quoted\n> text", "<blockquote><p>quoted text</p></blockquote>"),
        ("```\nx < y\n```", "<pre><code>x &lt; y\n</code></pre>"),
        ("a `b < c`", "a <code>b &lt; c</code>"),
        ("a\n\n***\n\nb", "<p>a</p><hr><p>b</p>"),
        ("a\\\nb", "a<br>b"),
        ("~~no~~ and ~no~", "<del>no</del> and ~no~"),
        ("H~2~O and C~6~H~12~O~6~", "H<sub>2</sub>O and C<sub>6</sub>H<sub>12</sub>O<sub>6</sub>"),
        (
            "HCO~3~^-^, SO~4~^2-^, x^2^~i~",
            "HCO<sub>3</sub><sup>-</sup>, SO<sub>4</sub><sup>2-</sup>, x<sup>2</sup><sub>i</sub>",
        ),
        ("*R*² and *x*₁, but x²*y²*z", "<em>R</em>² and <em>x</em>₁, but x²*y²*z"),
        ("x^2^, Ca^2+^, ^14^C, 10^-3^", "x<sup>2</sup>, Ca<sup>2+</sup>, <sup>14</sup>C, 10<sup>-3</sup>"),
        ("**x~i~** `x~i~`", "<strong>x<sub>i</sub></strong> <code>x~i~</code>"),
        ("- [ ] open\n- [x] done", "<ul><li>☐ open</li><li>☑ done</li></ul>"),
        (
            "| a | b |\n|---|--:|\n| **c** | d\\|e |",
            '<table><tr><th>a</th><th class="right">b</th></tr>'
            '<tr><td><strong>c</strong></td><td class="right">d|e</td></tr></table>',
        ),
        ("*_a_* and **https://a.org/b_c**", "<em>_a_</em> and <strong>https://a.org/b_c</strong>"),
        ("`a_b*c*d \\* \\. ~x~`", "<code>a_b*c*d \\* \\. ~x~</code>"),
        (
            "```\na_b*c* \\* x^2^ $x_1$ {{c1::a}} **「b」**c\n```",
            "<pre><code>a_b*c* \\* x^2^ $x_1$ &lcub;{c1::a}} **「b」**c\n</code></pre>",
        ),
        ("a\n\n    x^2^ \\*", "<p>a</p><pre><code>x^2^ \\*</code></pre>"),
        ("[a_b](https://x.org/a_b~c~d)", '<a href="https://x.org/a_b~c~d">a_b</a>'),
        ("日本語の\n文章、\nabc\nです", "日本語の文章、 abc です"),
        ("**日本**\n文章", "<strong>日本</strong>文章"),
        ("これは**重要**です, **중요**합니다", "これは<strong>重要</strong>です, <strong>중요</strong>합니다"),
        (r"\*a\* \~x\~ y\^2\^ \`b\` \<b> \&amp;", "*a* ~x~ y^2^ `b` &lt;b> &amp;amp;"),
        ("1\\. x\n\\- y\n\\# z\n\\> q", "1. x - y # z > q"),
        ("- \\> 3\n- \\- 5\n- \\# of", "<ul><li>> 3</li><li>- 5</li><li># of</li></ul>"),
        ("1. \\> 3\n   * \\+ 5", "<ol><li>> 3<ul><li>+ 5</li></ul></li></ol>"),
        ("a\n\n> 3 weeks\n> later\n\nb", "<p>a</p><blockquote><p>3 weeks later</p></blockquote><p>b</p>"),
        ("> - 5\n> - 6", "<blockquote><ul><li>5</li><li>6</li></ul></blockquote>"),
        ("- **a**\n\n  # b", "<ul><li><p><strong>a</strong></p><p><strong>b</strong></p></li></ul>"),
        ("[IASP](https://iasp-pain.org)", '<a href="https://iasp-pain.org">IASP</a>'),
        ("[x](https://a.org?b=1&copy=2)", '<a href="https://a.org?b=1&amp;copy=2">x</a>'),
        ("<https://a.org>", '<a href="https://a.org">https://a.org</a>'),
        ("<me@a.org>", '<a href="mailto:me@a.org">me@a.org</a>'),
        ("![a needle](media/needle.png)", '<img src="_needle-0123456789ab.png" alt="a needle">'),
        ('![a "big" needle](media/needle.png)', '<img src="_needle-0123456789ab.png" alt="a &quot;big&quot; needle">'),
        ("![the name](media/name.mp3)", "[sound:_name-0123456789ab.mp3]"),
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
        "$40 and $5-$6, US$7 and 8$, $HOME/$USER, $A$1:$B$2, $$$",
        "{{Front}} {{{a}}} }} {{",
        "a::b:::c",
        "[sound x.mp3] [latex] [$] [anki:play:q:0]",
        "a <b",
        "x <y and z> w",
        "5 µg, ≥ 3, naïve",
        "a_b_c 2 * 3 * 4",
        "_x_ __init__ snake_case _a b_",
        "2*3*4 and 2**3**4, (2)*(3)*(4), f(x)*g(x)*h(x), HLA-B*57:01 and HLA-B*15:02",
        "*p < 0.05, **p < 0.01, f(**kwargs, x**2)",
        "~5-~10 mg, 10~20~30, 3~5, ~user/~",
        "a^2+b^2=c^2, e^x+e^y, 2^3^4",
        "100 % [1]",
        "C:\\temp ; a\\b",
        r"^\w+@\w+\.com$",
        r"C:\Users\.ssh, \\server\share, snake\_case, \- \# \1",
        "https://a.org/~u/~v*w*x_y_?a=1&copy;=2^3^ and www.b.org/_x_",
        "void main(){} <int> vector<int>",
        "![x",
        "x < y > z",
        "<svg/onload=alert(1)>",  # CommonMark takes no such tag for one
        "&T; AT&T",
    ],
)
def test_clinical_notation_is_shown_as_typed(text):
    assert text == shown(html(text))


@given(st.text(st.characters(exclude_categories=["C", "Zl", "Zp"], exclude_characters="\\`*~^$[]<&!\xad"), min_size=1))
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

    assert not re.search(r"\{\{c\d|\[(?:latex\]|\$|(?:sound|anki):(?!name-))", result) or found


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
        (r"\(x^{2_{3}}\)", r"\(x^{2_{3}}\)"),
        (r"`\(not maths\)`", r"<code>\(not maths\)</code>"),
        (r"**\(a\)**", r"<strong>\(a\)</strong>"),
        (r"\(a[1]\)", r"\(a[1]\)"),
        (r"\(\alpha[$]\)", r"\(\alpha&lsqb;$]\)"),
        (r"a \) and \]", r'a <span class="mathjax_ignore">\</span>) and <span class="mathjax_ignore">\</span>]'),
    ],
)
def test_maths_is_kept_unchanged(text, expected):
    assert expected == html(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("$x_1$", [("foreign-notation", "$x_1$")]),
        ("$n$ or $a + b$", [("foreign-notation", "$n$"), ("foreign-notation", "$a + b$")]),
        ("$$\\int x$$", [("foreign-notation", "$$\\int x$$")]),
        (r"\\(x\\) and \\[y\\]", [("foreign-notation", r"\\(x\\)"), ("foreign-notation", r"\\[y\\]")]),
        ("[$]x[/$] [$$]x[/$$]", [("foreign-notation", "[$]x[/$]"), ("foreign-notation", "[$$]x[/$$]")]),
        ("[latex]x[/latex]", [("foreign-notation", "[latex]x[/latex]")]),
        (
            "<anki-mathjax>x</anki-mathjax>",
            [("foreign-notation", "<anki-mathjax>x</anki-mathjax>")],
        ),
        ("a {{c1::b::c}} d", [("foreign-notation", "{{c1::b::c}}")]),
        ("{{c1::b", [("foreign-notation", "{{c1::b")]),
        (r"\(.*\)", [("foreign-notation", r"\(.*\)")]),
        (r"\([a-z]*\)", [("foreign-notation", r"\([a-z]*\)")]),
        (r"\(\d+\)", [("maths-command", r"\d")]),
        ("これは**「重要」**です", [("broken-emphasis", "**「重要」**")]),
        ("**Note:**text", [("broken-emphasis", "**Note:**")]),
        ("a\n\n[1]: Smith", [("hidden-line", "[1]: Smith")]),
        ("[a]\n\n[a]: https://a.org\n[A]: https://b.org", [("hidden-line", "[A]: https://b.org")]),
        ("- [a]\n\n  [a]: https://a.org\n- [a]: https://b.org", [("hidden-line", "[a]: https://b.org")]),
        ("```print me\nx\n```", [("hidden-line", "print me")]),
        ("a\n```text", [("hidden-line", "text")]),
        ("For:\n•\tone\n•\ttwo", [("folded-lines", "•\tone")]),
        ("– Who?\n  – Me.", [("folded-lines", "– Who?")]),
        ('[x](https://a.org "The title")', [("hidden-line", "The title")]),
        ("a [](https://a.org)", [("hidden-line", "https://a.org")]),
        ("[x](https://a.org 'it''s')", [("broken-link", "[x](https://a.org 'it''s')")]),
        ("| a | b |\n|---|---|\n| 1 | 2 | 3 |", [("hidden-line", "| 1 | 2 | 3 |")]),
        ("| a | b |\n|---|---|\n| `x|y` | \\(z\\) |", [("hidden-line", "| `x|y` | \\(z\\) |")]),
        ("1. a\n3. b\n4. c", [("hidden-line", "3. b"), ("hidden-line", "4. c")]),
        ("> - 1989. a\n>   1991. b", [("hidden-line", "1991. b")]),
        ("< 3 weeks\n> 3 weeks", [("hidden-line", "> 3 weeks")]),
        ("Text\n=", [("hidden-line", "Text")]),
        ("- one\n- two\n  --", [("hidden-line", "two")]),
        ("Text\n===", []),
        ("Text\n\n=", []),
        ("Text\n\\-", []),
        ("> 3 weeks\n< 3 weeks", [("hidden-line", "> 3 weeks")]),
        (">= 5\n\na", [("hidden-line", ">= 5")]),
        ("- < 3 weeks\n- > 3 weeks", [("hidden-line", "> 3 weeks")]),
        ("1. - 5 °C\n2. + 5 °C", [("hidden-line", "- 5 °C"), ("hidden-line", "+ 5 °C")]),
        ("- # of *patients*\n- a", [("hidden-line", "# of *patients*")]),
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
        "<anki-mathjax>" * 1_400,
        "\\\\(" * 6_000,
        "[$]" * 6_000,
        "[latex]" * 2_800,
        "**「a" * 5_000,
        "x~a~" * 4_900,
    ],
    ids=lambda text: repr(text[:4]),
)
def test_the_time_for_hostile_markdown_is_proportional_to_its_length(text):
    def seconds(content: str) -> float:
        start = time.process_time()
        render(content, find_media)
        return time.process_time() - start

    quarter = min(seconds(text[: len(text) // 4]) for _ in range(5))
    whole = min(seconds(text) for _ in range(3))
    assert whole / quarter < 12  # four times the length; sixteen times would be quadratic


def test_a_link_shows_where_it_leads():
    assert html("<https://\u0430pple.com/x>") == '<a href="https://xn--pple-43d.com/x">https://xn--pple-43d.com/x</a>'
    assert html("[apple](https://\u0430pple.com)") == '<a href="https://xn--pple-43d.com">apple</a>'
    assert html("<https://a.org/\u00e4> b") == '<a href="https://a.org/\u00e4">https://a.org/\u00e4</a> b'
