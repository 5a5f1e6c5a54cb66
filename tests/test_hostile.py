"""Sources of somebody who means harm: each row is refused by the rule it names, or shown as the text that was typed.

Whatever is built is read back from the package, and held against the little HTML that deckgen itself writes.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import zipfile
from collections.abc import Mapping, Sequence
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from click.testing import CliRunner, Result

import apkg
import sample
from deckgen.cli import main
from deckgen.lint.run import all_rules

RULES = set(all_rules())
SHOWN = "shown as typed"
SECRET = sample.png(shade=77)
"""The content of a file outside the project."""

# --- what may be in a package -----------------------------------------------------------------------------------------

_ATTRIBUTES = {
    "a": {"href"},
    "img": {"src", "alt"},
    "ol": {"start"},
    "span": {"class"},
    "p": {"class"},
    "div": {"class"},
    **{tag: set() for tag in "b blockquote br code em hr li pre strong ul section".split()},
}
_CLOZE = r"\{\{c\d+::(.*?)\}\}"
_MEDIA = r"_(?:picture|sound)-[0-9a-f]{20}\.(?:png|mp3)"


class _Judge(HTMLParser):
    """Every element and attribute of some HTML must be one that deckgen writes; gathers the text that is seen."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self._inside: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in _ATTRIBUTES, f"<{tag}> is in the package"
        for name, value in attrs:
            assert name in _ATTRIBUTES[tag], f"<{tag} {name}={value!r}> is in the package"
        own = dict(attrs)
        if tag == "a":
            assert urlsplit(own["href"] or "").scheme in ("https", "http", "mailto")
        if tag == "img":
            assert re.fullmatch(_MEDIA, own["src"] or "")
        self.text += f" {own.get('alt')} " if tag == "img" else " " if tag in ("br", "p", "li") else ""
        if tag not in ("br", "hr", "img"):
            self._inside.append("mathjax_ignore" if own.get("class") == "mathjax_ignore" else tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._inside.pop() in (tag, "mathjax_ignore")

    def handle_data(self, data: str) -> None:
        self.text += data
        if not {"code", "pre", "mathjax_ignore"}.intersection(self._inside):  # what MathJax never looks into
            for maths in re.findall(r"\\[(\[].*?\\[)\]]", data, re.DOTALL):
                assert not re.search(r"\\(?:href|style|class|cssId|data|bbox|mmlToken|require)", maths)

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"<!--{data}--> is in the package")

    handle_decl = handle_pi = unknown_decl = handle_comment


def seen(html: str, *, cloze: bool = False) -> str:
    """The text that some HTML shows, after it was judged."""
    if cloze:  # only deckgen writes them
        assert not any("::" in hidden for hidden in re.findall(_CLOZE, html, re.DOTALL)), "a cloze has a hint"
        html = re.sub(_CLOZE, r"\1", html, flags=re.DOTALL)
    assert not re.search(r"\{\{c\d", html), "a cloze that deckgen did not write is in the package"
    bracket = rf"\[(?:latex\]|\$|anki:|sound:(?!{_MEDIA}\]))"
    assert not re.search(bracket, html), "a bracket that Anki would read is in the package"
    return " ".join(_Judge(html).text.split())


def judge(path: Path) -> str:
    """All that a package shows, read back from it, with everything else in it held against what may be there."""
    notes, _, col = apkg.read(path)
    texts = [text for deck in col["decks"].values() for text in (deck["name"].replace("::", " "), seen(deck["desc"]))]
    for note in notes:
        model = col["models"][str(note["mid"])]
        texts += [seen(field, cloze=model["type"] == 1) for field in note["flds"].split("\x1f")]
        assert all(re.fullmatch(r"[\w.+#&-]+(?:::[\w.+#&-]+)*", tag) for tag in note["tags"].split())
    with zipfile.ZipFile(path) as archive:
        listing: dict[str, str] = json.loads(archive.read("media"))
        assert sorted(archive.namelist()) == sorted([*listing, "collection.anki2", "media"])
        assert all(re.fullmatch(r"\d+", member) for member in listing)
        assert all(re.fullmatch(_MEDIA, name) for name in listing.values())
        assert all(archive.read(member) != SECRET for member in listing)
    return "\n".join(texts)


def models(path: Path) -> dict[str, Any]:
    """The note types of a package, without the times of their last change."""
    return {model["name"]: {**model, "mod": 0} for model in apkg.read(path)[2]["models"].values()}


def build(folder: Path, files: Mapping[str, str | bytes]) -> Result:
    sample.write(folder, files)
    return CliRunner().invoke(main, ["build"], env={"COLUMNS": "10000"})


def rules_of(result: Result) -> set[str]:
    return set(re.findall(r": error: .* \[([a-z-]+)\]$", result.stderr, re.MULTILINE))


# --- texts, in every place where an author may write one --------------------------------------------------------------


def texts_everywhere(text: str) -> dict[str, str | bytes]:
    """A project that has a text in every place that takes Markdown."""
    own = sample.scalar(text)
    return {
        "deckgen.yaml": f"{sample.BASE['deckgen.yaml']}disclaimer: {own}\n",
        "demo/deck.yaml": f"title: Demo\ndescription: {own}\n",
        "demo/cards.yaml": f"""\
domain: basics
topic: {own}
faq:
  - {{id: one, question: {own}, answer: {own}, full: {own}, why: {own}, hint: {own}, extra: {own}}}
  - {{id: many, question: {own}, items: [a: {own}, b: {own}, c: {{text: {own}, why: {own}}}, d: {own}], full: {own}}}
procedures:
  - {{id: tea, name: {own}, definition: {own}, risks: [a: {own}, b: {own}], steps: [a: {own}, b: {own}, c: {own}]}}
resources:
  - {{id: who, name: {own}, role: {own}, purpose: {own}, confuse_with: [other]}}
  - {{id: other, name: Other, role: Nothing}}
""",
    }


PLAIN_PLACES = 7


def plain_everywhere(texts: Sequence[str]) -> dict[str, str | bytes]:
    """A project that has some texts in every place that takes them as they are."""
    own = [sample.scalar(text) for text in texts]
    domains = "".join(f"  d{number}: {text}\n" for number, text in enumerate(own))
    return {
        "deckgen.yaml": sample.PROJECT.replace("Sample", own[0])
        + f"{domains}authors: [{', '.join(own)}]\nlicence: {sample.scalar(' '.join(texts))}\n"
        + sample.without(*sample.CONTENT_RULES),
        "sources.yaml": "".join(
            f"s{number}: {{title: {text}, publisher: {text}, url: https://example.org}}\n"
            for number, text in enumerate(own)
        ),
        "demo/cards.yaml": "faq:\n"
        + "".join(
            f"  - {{id: n{number}, domain: d{number}, source: [s{number}], question: Why?, answer: So}}\n"
            for number in range(len(own))
        )
        + "procedures:\n"
        + "".join(
            f"  - {{id: n{number}, domain: basics, name: Tea, acronym: {text}}}\n" for number, text in enumerate(own)
        )
        + "resources:\n"
        + "".join(
            f"  - {{id: n{number}, domain: basics, name: Who, acronym: {text}, former: [{text}]}}\n"
            for number, text in enumerate(own)
        ),
    }


TEXTS = [
    # HTML and script
    ("<script>alert(1)</script>", "raw-html"),
    ("<ScRiPt src=//evil.example/x.js>", "raw-html"),
    ("<p onclick=alert(1)>x</p>", "raw-html"),
    ("<img src=x onerror=alert(1)>", "raw-html"),
    ("<svg onload=alert(1)>", "raw-html"),
    ("<svg/onload=alert(1)>", SHOWN),
    ("<a href='javascript:alert(1)'>x</a>", "raw-html"),
    ("<iframe src=https://evil.example></iframe>", "raw-html"),
    ("<style>@import 'https://evil.example/x.css';</style>", "raw-html"),
    ("<b style='background:url(https://evil.example)'>x</b>", "raw-html"),
    ("<!-- x --><script>", "raw-html"),
    ("<![CDATA[<script>]]>", "raw-html"),
    ("<?php x ?>", "raw-html"),
    ("<x-y onclick=alert(1)>z", SHOWN),
    ("<scr<script>ipt>alert(1)</script>", "raw-html"),
    ("&lt;script&gt;alert(1)&lt;/script&gt;", "<script>alert(1)</script>"),
    ("&#60;img src=x onerror=alert(1)&#62;", "<img src=x onerror=alert(1)>"),
    ("\\<script>alert(1)\\</script>", "<script>alert(1)</script>"),
    ("`<script>alert(1)</script>`", "<script>alert(1)</script>"),
    ("```\n<script>alert(1)</script>\n```", "<script>alert(1)</script>"),
    ('" onmouseover="alert(1)', SHOWN),
    ("' onmouseover='alert(1)", SHOWN),
    ("＜script＞alert(1)＜/script＞", SHOWN),  # full-width characters stay what they are
    # addresses
    ("[x](javascript:alert(1))", "bad-url"),
    ("[x](JaVaScRiPt:alert(1))", "bad-url"),
    ("[x](&#106;avascript:alert(1))", "bad-url"),
    ("[x](javascript&colon;alert(1))", "bad-url"),
    ("[x](java&Tab;script:alert(1))", "bad-url"),
    ("[x](<java\tscript:alert(1)>)", "bad-url"),
    ("[x](&#32;javascript:alert(1))", "bad-url"),
    ("[x](vbscript:x)", "bad-url"),
    ("[x](data:text/html;base64,PHNjcmlwdD4=)", "bad-url"),
    ("[x](file:///etc/passwd)", "bad-url"),
    ("[x](//evil.example)", "bad-url"),
    ("[x](\\\\\\\\evil.example)", "bad-url"),
    ("<javascript:alert(1)>", "bad-url"),
    ("[x]\n\n[x]: javascript:alert(1)", "bad-url"),
    ("[x](https://evil.example@example.org)", "bad-url"),
    ('[x](https://example.org/"onmouseover="alert(1))', "x"),
    ("[x](<https://example.org/?a='><script>alert(1)</script>>)", "raw-html"),
    ("[x](https://example.org 'a\" onmouseover=\"b')", "hidden-line"),
    ("https://evil.example", SHOWN),
    # pictures and sounds
    ("![x](https://evil.example/x.png)", "remote-media"),
    ("![x](//evil.example/x.png)", "remote-media"),
    ("![x](data:image/svg+xml,<svg/onload=alert(1)>)", "remote-media"),
    ("![x](file:///etc/hostname.png)", "remote-media"),
    ("![x][r]\n\n[r]: https://evil.example/x.png", "remote-media"),
    ("![x](../../secret.png)", "outside-project"),
    ("![x](..%2f..%2fsecret.png)", "outside-project"),
    ("![x](/etc/hostname.png)", "outside-project"),
    ("![x](/dev/zero)", "outside-project"),
    ("![x](C:\\Windows\\x.png)", "remote-media"),
    ("![x](..\\..\\secret.png)", "media-not-found"),
    ("![x](media/a&#0;.png)", "control-character"),
    ("[sound:evil.mp3]", "broken-link"),
    ("\\[sound:evil.mp3\\]", SHOWN),
    ("&#91;sound:evil.mp3]", "[sound:evil.mp3]"),
    ("[**sound:evil.mp3**]", "broken-link"),
    ("`[sound:evil.mp3]`", "[sound:evil.mp3]"),
    ("[anki:play:q:0] [anki:tts lang=en]x[/anki:tts]", SHOWN),
    # templates, clozes and LaTeX of Anki
    ("{{Front}} {{#Notice}}x{{/Notice}} {{FrontSide}} {{type:Answer}} {{^Id}}", SHOWN),
    ("{{=<% %>=}}<%Answer%>", SHOWN),
    ("{{c1::x}} {{c1::x::hint}}", "foreign-notation"),
    ("&#123;&#123;c1::x&#125;&#125;", "{{c1::x}}"),
    ("&lcub;&lcub;c1&colon;&colon;x&rcub;&rcub;", "{{c1::x}}"),
    ("\\{\\{c1\\:\\:x\\}\\}", SHOWN),
    ("{**{c1:**:x}*}*", "{{c1::x}}"),
    ("`{{c1::x}}`", "{{c1::x}}"),
    ("{`{c1::x}`}", "{{c1::x}}"),
    ("}} {{c2::x", "foreign-notation"),
    ("x:", SHOWN),
    (":x", SHOWN),
    ("{", SHOWN),
    ("}", SHOWN),
    ("[latex]\\input{/etc/passwd}[/latex] [$]x[/$] [$$]x[/$$]", "foreign-notation"),
    ("[[oc::x]] %%CARD%%", SHOWN),
    (r"\([latex]x[/latex] {{c1::x}} [sound:x.mp3] <script>\)", SHOWN),
    (r"\(</span><img src=x onerror=alert(1)>\)", SHOWN),
    (r"\(\href{javascript:alert(1)}{x}\)", "maths-command"),
    (r"\[\style{background:url(https://evil.example)}{x}\]", "maths-command"),
    (r"\(\bbox[background-image:url(https://evil.example)]{x}\)", "maths-command"),
    (r"\(\mmlToken{mi}[href=\"javascript:alert(1)\"]{x}\)", "maths-command"),
    (r"\(\require{html}x\)", "maths-command"),
    (r"&#92;(\href{javascript:alert(1)}{x}&#92;)", r"\(\href{javascript:alert(1)}{x}\)"),
    (r"&bsol;&lpar;\href{javascript:alert(1)}{x}&bsol;&rpar;", r"\(\href{javascript:alert(1)}{x}\)"),
    (r"\\&#91;\href{javascript:alert(1)}{x}\\&#93;", r"\&#91;\href{javascript:alert(1)}{x}\&#93;"),
    (r"&#92;&#91;\href{javascript:alert(1)}{x}&#92;&#93;", r"\[\href{javascript:alert(1)}{x}\]"),
    (r"\\(\href{javascript:alert(1)}{x}\\)", "foreign-notation"),
    # letters that deceive
    ("pay\u202eload", "control-character"),
    ("pay\u2066load", "control-character"),
    ("pay\u200bload", "control-character"),
    ("pay\u00adload", "control-character"),
    ("pay\ufeffload", "control-character"),
    ("pay\U000e0041load", "control-character"),
    ("pay&#x202e;load", "control-character"),
    ("pay&ZeroWidthSpace;load", "control-character"),
    ("a&#31;b", "control-character"),  # it would end the field
    ("a&#x1F;b **c**", "control-character"),
    ("a&#xFDD0;0&#xFDD1;b", "control-character"),
    ("\\(a\\) b&#xFDD0;7&#xFDD1;c", "control-character"),
    ("a&#xFDD0;" + "7" * 5000 + "&#xFDD1;b", "control-character"),
    ("pаypal", SHOWN),  # a Cyrillic letter: what a reviewer sees is what is shown
]


def is_refused_or_shown(result: Result, text: str, expected: str) -> None:
    """Whether a build refused a text by a rule, or made a package that shows it."""
    if expected in RULES:
        assert rules_of(result) == {expected}
        assert not Path("build").exists()
    else:
        assert result.exit_code == 0, result.output
        wanted = text if expected == SHOWN else expected
        assert " ".join(wanted.split()) in judge(Path("build/demo.apkg"))


@pytest.fixture(scope="module")
def harmless(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The note types of a harmless project."""
    here = Path.cwd()
    folder = tmp_path_factory.mktemp("harmless")
    sample.write(folder, texts_everywhere("harmless"))
    result = CliRunner().invoke(main, ["-C", str(folder), "build"])
    os.chdir(here)

    assert result.exit_code == 0, result.output
    return models(folder / "build/demo.apkg")


@pytest.mark.parametrize(("text", "expected"), TEXTS, ids=[ascii(text)[1:31] for text, _ in TEXTS])
def test_a_text_with_markdown(text, expected, tmp_path, harmless):
    (tmp_path / "secret.png").write_bytes(SECRET)
    result = build(tmp_path, texts_everywhere(text))

    is_refused_or_shown(result, text, expected)
    if result.exit_code == 0:
        assert models(Path("build/demo.apkg")) == harmless


def test_texts_without_markdown_are_shown_as_they_are(tmp_path):
    texts = [text for text, expected in TEXTS if expected != "control-character" and "\n" not in text]
    result = build(tmp_path, plain_everywhere(texts))

    assert result.exit_code == 0, result.output
    shown = judge(Path("build/demo.apkg"))
    for text in texts:
        assert shown.count(" ".join(text.split())) >= PLAIN_PLACES, text


# --- keys that take an address, an id, a tag or a name ----------------------------------------------------------------

ADDRESSES = [
    ("javascript:alert(1)", "bad-url"),
    ("JaVaScRiPt:alert(1)", "bad-url"),
    ("java\nscript:alert(1)", "bad-url"),
    ("javascript://example.org/%0aalert(1)", "bad-url"),
    ("data:text/html,<script>alert(1)</script>", "bad-url"),
    ("vbscript:x", "bad-url"),
    ("file:///etc/passwd", "bad-url"),
    ("//evil.example", "bad-url"),
    ("https://evil.example@example.org", "bad-url"),
    ("https://example.org/ onmouseover=alert(1)", "bad-url"),
    ('https://example.org/"onmouseover="alert(1)', 'example.org/"onmouseover="alert(1)'),
    ("https://example.org/'><script>alert(1)</script>", "example.org/'><script>alert(1)</script>"),
    ("https://example.org/{{c1::x}}[sound:x.mp3]", "example.org/{{c1::x}}[sound:x.mp3]"),
    (r"https://example.org/\(\href{javascript:alert(1)}{x}\)", r"\(\href{javascript:alert(1)}{x}\)"),
]


@pytest.mark.parametrize(("url", "expected"), ADDRESSES, ids=[ascii(url)[1:31] for url, _ in ADDRESSES])
def test_an_address(url, expected, tmp_path):
    files: dict[str, str | bytes] = {
        "sources.yaml": f"book: {{title: A book, url: {sample.scalar(url)}}}",
        "demo/cards.yaml": "domain: basics\nsource: [book]\n"
        f"resources: [{{id: who, name: Who, role: Nothing, url: {sample.scalar(url)}}}]",
    }

    is_refused_or_shown(build(tmp_path, files), url, expected)


KEYS = [
    ("id", "../../evil", "bad-id"),
    ("id", "a::b", "bad-id"),
    ("id", "{{c1::x}}", "bad-id"),
    ("id", "<script>", "bad-id"),
    ("id", "a\nnote faq/evil question 0 0 0", "bad-id"),
    ("was", "a/b", "bad-id"),
    ("confuse_with", "<script>", "bad-id"),
    ("domain", "<script>", "unknown-domain"),
    ("source", "<script>", "unknown-source"),
    ("tags", "a b", "bad-tag"),
    ("tags", "<script>", "bad-tag"),
    ("tags", "{{c1::x}}", "bad-tag"),
    ("tags", "a::::b", "bad-tag"),
    ("tags", 'a"onmouseover="alert(1)', "bad-tag"),
    ("as_of", "<script>", "bad-date"),
    ("hide_domain", "<script>", "bad-value"),
    ("onclick", "alert(1)", "unknown-key"),
    ("allow", "<script>", "wrong-shape"),
]


@pytest.mark.parametrize(("key", "value", "rule"), KEYS)
def test_a_key_that_takes_no_text(key, value, rule, tmp_path):
    entry = {"id": "one", "domain": "basics", "question": "Why?", "answer": "So"} | {key: value}
    result = build(tmp_path, {"demo/cards.yaml": f"faq: [{sample.scalar(entry)}]"})

    is_refused_or_shown(result, value, rule)


PROJECT_KEYS = [
    ("namespace", "a\nnote faq/evil question 0 0 0", "bad-value"),  # it would be a line of the lock
    ("tag", "a b", "bad-tag"),
    ("tag", "<script>", "bad-tag"),
    ("tag", "a\n#html:true", "bad-tag"),  # it is a header of the update file
    ("domains", {"<script>": "x"}, "bad-id"),
    ("domains", {"a::b": "x"}, "bad-id"),
    ("rules", {"<script>": "off"}, "bad-id"),
]


@pytest.mark.parametrize(("key", "value", "rule"), PROJECT_KEYS)
def test_a_key_of_the_project(key, value, rule, tmp_path):
    project = {"namespace": "example.org", "title": "Sample", "tag": "sample", "domains": {"basics": "Basics"}}
    files = {"deckgen.yaml": sample.scalar(project | {key: value}), "demo/cards.yaml": HARMLESS}

    assert rule in rules_of(build(tmp_path, files))
    assert not Path("build").exists()


HARMLESS = "faq: [{id: one, domain: basics, question: Why?, answer: So}]\n"
TITLES = [
    "a, b; c",
    "<script>alert(1)</script>",
    "{{c1::x}} {{Front}}",
    "../../evil",
    "[sound:x.mp3]",
    "a\"b'c",
]


@pytest.mark.parametrize("title", TITLES)
def test_the_title_of_a_deck(title, tmp_path):
    files = {
        "demo/deck.yaml": f"title: {sample.scalar(title)}",
        "demo/cards.yaml": HARMLESS,
    }
    result = build(tmp_path, files)

    assert result.exit_code == 0
    assert [path.name for path in Path("build").iterdir() if path.suffix == ".apkg"] == ["demo.apkg"]
    assert title.replace("::", " ") in judge(Path("build/demo.apkg"))  # Anki escapes the names of decks itself


def test_reasons_for_retiring(tmp_path):
    shown = [(text, text if expected == SHOWN else expected) for text, expected in TEXTS if expected not in RULES]
    gone = "".join(f"  - {{id: n{number}, question: Why?, answer: So}}\n" for number in range(len(shown)))
    stays = "domain: basics\nresources: [{id: who, name: Who, role: Nothing}]\n"
    assert build(tmp_path, {"demo/cards.yaml": f"{stays}faq:\n{gone}"}).exit_code == 0
    retired = "".join(
        f"  - {{id: faq/n{number}, reason: {own}, title: {own}, successor: resource/who}}\n"
        for number, own in enumerate(sample.scalar(text) for text, _ in shown)
    )
    assert build(tmp_path, {"demo/cards.yaml": f"{stays}retired:\n{retired}"}).exit_code == 0

    notices = Path("build/demo-retired.txt").read_text()
    for _, wanted in shown:
        assert " ".join(wanted.split()) in notices


# --- files ------------------------------------------------------------------------------------------------------------


def picture(reference: str) -> str:
    answer = sample.scalar(f"![x](<{reference}>)")
    return f"faq: [{{id: one, domain: basics, question: What is it?, answer: {answer}}}]\n"


@pytest.mark.parametrize(
    "name",
    ["collection.anki2", "media", "0", "_x.css", "{{c1::x}}", "[sound:x]", '"onerror="alert(1)', "CON", "é" * 60, "-"],
)
def test_the_name_of_a_picture(name, tmp_path):
    """Whatever it is called, its name in the package is letters, digits and a hash."""
    files = {"demo/cards.yaml": picture(f"media/{name}.png"), f"demo/media/{name}.png": sample.png()}
    result = build(tmp_path, files)

    assert result.exit_code == 0, result.output
    judge(Path("build/demo.apkg"))


@pytest.mark.parametrize("content", [b"<svg onload='alert(1)'/>", b"<html><script>alert(1)</script>", b"%PDF-1.4"])
@pytest.mark.parametrize("name", ["x.png", "x.jpg", "x.gif", "x.webp", "x.mp3", "x.svg", "x.html", "x.png.html"])
def test_what_is_no_picture(name, content, tmp_path):
    result = build(tmp_path, {"demo/cards.yaml": picture(f"media/{name}"), f"demo/media/{name}": content})

    is_refused_or_shown(result, "", "svg-content" if name == "x.svg" else "media-type")


@pytest.mark.parametrize("place", ["media/x.png", "media/folder/secret.png", "../more/secret.png", "media/device.png"])
def test_a_link_out_of_the_project(place, tmp_path):
    root = sample.write(tmp_path, {"demo/cards.yaml": picture(place), "demo/media/dot.png": sample.png()})
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.png").write_bytes(SECRET)
    (root / "demo/media/x.png").symlink_to(outside / "secret.png")
    (root / "demo/media/folder").symlink_to(outside)
    (root / "more").symlink_to(outside)
    (root / "demo/media/device.png").symlink_to("/dev/zero")
    result = CliRunner().invoke(main, ["build"])

    is_refused_or_shown(result, "", "outside-project")


def test_a_deck_that_is_a_link_out_of_the_project(tmp_path):
    root = sample.write(tmp_path, {"demo/cards.yaml": HARMLESS})
    sample.write(tmp_path / "outside", {"secret/deck.yaml": "title: Secret", "secret/cards.yaml": HARMLESS}, base=False)
    (root / "secret").symlink_to(tmp_path / "outside/decks/secret")

    is_refused_or_shown(CliRunner().invoke(main, ["build"]), "", "outside-project")


@pytest.mark.parametrize("linked", ["deckgen.lock", "deckgen.yaml", "demo/deck.yaml", "demo/linked.yaml", "demo"])
def test_no_line_of_a_file_outside_the_project_is_shown(linked, tmp_path):
    outside = tmp_path / "outside"
    for name in ("one.txt", "outside/deck.yaml", "outside/cards.yaml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("secret: [of somebody\n")
    sample.write(tmp_path, {"demo/cards.yaml": "faq: ["})
    path = tmp_path / "decks" / linked
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
    path.symlink_to(outside if linked == "demo" else tmp_path / "one.txt")
    result = CliRunner().invoke(main, ["build"])

    assert result.exit_code == 1
    assert "missing-file" not in result.output
    assert "secret" not in result.output
