"""Cloze deletions in an author's text: what they become, and where they are wrong."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

import sample
from deckgen.language.deletions import DeletionText
from deckgen.media.media import MediaFile
from deckgen.media.media_formats import MediaKind

DOT = MediaFile("dot-0123.png", MediaKind.PICTURE, Path("dot.png"))


def render(text: str) -> str:
    html, _, errors = DeletionText().render(text, lambda reference: DOT)
    assert errors == []
    return html


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("a {{c1::b}} c", "a {{c1::b}} c"),
        ("a {{c1::b:: a hint }}", "a {{c1::b::a hint}}"),
        ("{{c1::**b**}} **{{c2::c}}**", "{{c1::<strong>b</strong>}} <strong>{{c2::c}}</strong>"),
        ("un{{c1::do}}able", "un{{c1::do}}able"),
        ("{{c1::a::b::c}}", "{{c1::a::b&colon;:c}}"),
        ("{{c1::{a}}}", "{{c1::{a} }}"),
        (r"{{c1::\(x^{2^{3}}\)}}", r"{{c1::\(x^{2^{3&rcub;}\)}}"),
        ("`git {{c1::rebase}} main`", "<code>git {{c1::rebase}} main</code>"),
        ("{{c1::`std::vector<}}>`}}", "{{c1::<code>std&colon;:vector&lt;&rcub;}></code>}}"),
        ("{{c1::![a dot](dot.png)}}", '{{c1::<img src="dot-0123.png" alt="a dot">}}'),
        ("H~{{c1::2}}~O and x^{{c2::2}}^", "H<sub>{{c1::2}}</sub>O and x<sup>{{c2::2}}</sup>"),
        ("{{c1::a}}^2+{{c2::b}}^2", "{{c1::a}}^2+{{c2::b}}^2"),
        ("{{c1::2}}*3*{{c2::4}}", "{{c1::2}}*3*{{c2::4}}"),
        ("un{{c1::*do*}}able", "un{{c1::<em>do</em>}}able"),
        ("日本\n{{c1::語}}\nです", "日本{{c1::語}}です"),
        (r"C:\{{c1::Users}} {{c2::D:\}}", r"C:\{{c1::Users}} {{c2::D:\}}"),
        (r"{{c1::\{a\}}}", r"{{c1::\{a\} }}"),
        ("{{c1::`{{a}} b`}} {{Front}}", "{{c1::<code>{{a&rcub;} b</code>}} {{Front}}"),
        ("- {{c1::a}}\n- b {{c2::c}}", "<ul><li>{{c1::a}}</li><li>b {{c2::c}}</li></ul>"),
    ],
)
def test_a_deletion_becomes_one_of_anki(text, html):
    assert render(text) == html


@pytest.mark.parametrize(
    ("text", "column", "expected"),
    [
        ("no deletion", 1, "expected at least one {{c1::…}} in the text, found none"),
        ("a {{c1::b", 3, "expected '}}' after '{{c1::', found the end of the text"),
        ("a {{c1::b {{c2::c}} d}}", 11, "expected '}}' after '{{c1::', found '{{c2::'"),
        ("a {{c1::}}", 3, "expected the text to hide, found nothing"),
        ("a {{c1:: ::hint}}", 3, "expected the text to hide, found nothing"),
        ("a {{c0::b}}", 3, "expected a number from 1 to 40, found '0'"),
        ("a {{c1::b}} {{c41::b}}", 13, "expected a number from 1 to 40, found '41'"),
        ("a {{c1::b}} {{c1:b}}", 13, "expected '{{c1::', found '{{c1:'"),
        ("a {{c1::b}} {{C2::b}}", 13, "expected '{{c1::', found '{{C2::'"),
        ("a {{c1::b}} {c2::b}}", 13, "expected '{{c1::', found '{c2::'"),
        ("a {{c1,2::b}}", 3, "expected '{{c1::', found '{{c1,2::'"),
        (r"a \(x^{{c1::2}}\)", 7, "expected no deletion inside maths, whose braces would end it"),
        ("a **b {{c1::c** d}}", 7, "expected a deletion within one paragraph, list item or bold text, found"),
        ("{{c1::a}} {{c1::b\n\n    c}}", 11, "expected a deletion within one paragraph, list item or bold text, found"),
        ("{{c1::{a: {b}} }} c", 16, "expected no more '}}', found one after the '}}' that ended the deletion"),
        ("{{c1::a}} [b](https://x.org/{{c2::d}})", 29, "expected no deletion in an address or in the description"),
    ],
)
def test_a_wrong_deletion_is_reported_where_it_stands(text, column, expected, tmp_path):
    block = "".join(f"      {line}\n" for line in text.splitlines())
    (found,) = sample.findings(tmp_path, f"cloze:\n  - id: x\n    domain: basics\n    text: |-\n{block}")

    place, _, message = found.partition(" cloze-syntax: ")
    assert message.startswith(expected)
    assert place == ("4:11" if text == "no deletion" else f"5:{column + 6}")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("text: {{c1::a}} is b", "4:11 syntax: expected text, found '{{', which text cannot start with"),
        ("text: {{c1::a}}", "4:11 syntax: expected text, found '{{', which text cannot start with"),
        ("text: A {{c1::b:: hint}}", "4:20 syntax: expected the hint directly after '::', found a space"),
    ],
)
def test_deletions_that_need_quotes_are_reported_once(line, expected, tmp_path):
    head = "cloze:\n  - id: x\n    domain: basics\n    "

    assert sample.findings(tmp_path / "wrong", head + line + "\n") == [expected]
    quoted = line.replace("text: ", "text: '") + "'\n"
    assert sample.findings(tmp_path / "right", head + quoted) == []


def test_an_error_is_reported_where_it_stands_behind_deletions(tmp_path):
    text = 'cloze:\n  - {id: x, domain: basics, text: "{{c1::a}} and {{c2::\\\\(}b\\\\)}}"}\n'

    (found,) = sample.findings(tmp_path, text)

    assert found.startswith("2:59 unclosed-maths: ")


@pytest.mark.parametrize(
    "text", ["\\(" * 10_000, "\\(" * 100_000 + "{{c1::a}}", "\\({" * 6_000 + "\\)", "\\[\\(" * 5_000]
)
def test_a_text_with_many_beginnings_of_maths_costs_little(text):
    started = time.process_time()
    _, _, errors = DeletionText().render(text, lambda reference: DOT)

    assert errors
    assert time.process_time() - started < 3
