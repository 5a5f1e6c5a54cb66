"""The examples of the CommonMark specification, where ``make fuzz`` has fetched them, as answers: each is refused or
can be learned, and comes out as CommonMark has it but for what cards have otherwise on purpose.
"""

from __future__ import annotations

import re
import tarfile
from pathlib import Path

import pyromark
import pytest

import sample
from deckgen.text.markdown import render
from targets import find_media
from test_yaml_suite import check_built, compile_all, entry

SPECIFICATION = Path(__file__).parents[2] / "build/fuzz/commonmark-spec-0.31.2.tgz"
pytestmark = pytest.mark.skipif(not SPECIFICATION.exists(), reason="make fuzz fetches the specification")


def examples() -> dict[str, str]:
    """The Markdown of the examples by number."""
    with tarfile.open(SPECIFICATION) as archive:
        member = archive.extractfile("package/spec.txt")
        assert member
        text = member.read().decode()
    found = re.findall(r"^`{32} example\n(.*?)^\.\n.*?^`{32}$", text, re.DOTALL | re.MULTILINE)

    assert len(found) > 600
    return {f"e{number}": markdown.replace("→", "\t") for number, markdown in enumerate(found, 1)}


def test_each_example_is_refused_or_learned(tmp_path):
    cards = {name: entry(name, sample.scalar(text)) for name, text in examples().items()}
    good = compile_all(tmp_path / "all", cards)

    assert 350 < len(good) < len(cards)
    check_built(tmp_path / "good", {name: cards[name] for name in good})


def as_on_cards(html: str) -> str:
    """The HTML of CommonMark with what cards have otherwise: headings are bold lines, a line break in a text is a
    space, no space stands between blocks, code has no language, and only what would be misread is an entity."""
    html = re.sub(r"<(/?)h[1-6]>", lambda tag: f"<{tag[1]}p><{tag[1]}strong>" if not tag[1] else "</strong></p>", html)
    html = re.sub(r'<code class="language-[^"]*">', "<code>", html)
    html = html.replace("<br />\n", "<br>").replace("<hr />", "<hr>")
    code = re.split(r"(<pre>.*?</pre>)", html, flags=re.DOTALL)
    html = "".join(part if part.startswith("<pre>") else _without_line_feeds(part) for part in code)
    html = html.replace("\u0338", "&#824;").replace("&quot;", '"').replace("&gt;", ">").strip()
    html = re.sub(r"&amp;(?!#|[a-zA-Z]{2})", "&", html)
    return html[3:-4] if html.startswith("<p>") and html.find("</p>") == len(html) - 4 else html


def _without_line_feeds(html: str) -> str:
    blocks = "p|ul|ol|li|blockquote|pre|hr"
    html = re.sub(rf"\n*(</?(?:{blocks})(?: start=\"\d+\")?>)\n*", r"\1", html)
    return html.replace("\n", " ")


def test_each_example_without_html_links_and_pictures_is_written_as_commonmark_has_it():
    compared = 0
    for name, text in examples().items():
        html, _, errors = render(text, find_media)
        stripped = text.strip()
        one_line = "\n" not in stripped  # never a block
        ours = re.search(r"[\\<_~^|]|\w\*+\w", text)  # Markdown that differs here on purpose
        if errors or one_line or ours or re.search(r"<a |<img|mathjax|\[sound:", html):
            continue
        compared += 1
        assert html.replace("&quot;", '"') == as_on_cards(pyromark.html(stripped)), (name, text)
    assert compared > 150
