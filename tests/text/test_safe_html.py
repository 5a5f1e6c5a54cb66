"""HTML and CSS of authors: what only shows something is allowed, whatever runs or loads is not."""

from __future__ import annotations

import time

import pytest

from deckgen.text.escaping import escape
from deckgen.text.safe_html import css_files, css_problems, html_files, html_problems, remote_files

HARMLESS = [
    "<b>a</b> &lt; b < c <br/> 1 <2",
    '<table class="x" style="color: red"><tr><td colspan=2>a</td></tr></table>',
    "<ruby><rb>日</rb><rt>に</rt></ruby> <details open><summary>a</summary>b</details>",
    '<a href="https://example.org/x?y=1">a</a> <a href="#x">b</a> <a href=mailto:a@b.org>c</a>',
    '<img src="media/a b.png" alt="x"> <div class="card{{Card}}" dir="auto">x</div>',
    "<!-- a comment -->{{#A}}<i>{{A}}</i>{{/A}}",
    r"\(x^{2}\) <b>and</b> \[\frac{1}{2}\]",
    r"\(\begin{cases}a\\[2pt]b\end{cases}\)",
    r"<code>\[a-z</code> and " + escape(r"C:\(x"),
]
HARMFUL = [
    "<script>alert(1)</script>",
    "<SCRIPT src=x>",
    "<img src=x.png onerror=alert(1)>",
    "<img src=x.png\nonload\n=alert(1)>",
    "<b/onclick=alert(1)>",
    "<b class=x/onclick=alert(1)>",
    '<b title="a"onclick="b">',
    "<iframe src=a.html></iframe>",
    "<object data=x>",
    "<embed src=x>",
    "<form action=x><button>a</button></form>",
    "<link rel=stylesheet href=x.css>",
    "<meta http-equiv=refresh content=0>",
    "<base href=https://evil.example>",
    "<style>b { color: red }</style>",
    "<svg><animate onbegin=alert(1)></svg>",
    "<math><mtext><img></math>",
    '<a href="javascript:alert(1)">a</a>',
    '<a href="java&#115;cript:alert(1)">a</a>',
    '<a href=" &#1;javascript:alert(1)">a</a>',
    '<a href="data:text/html,x">a</a>',
    "<b style='background: url(https://evil.example/a.png)'>",
    "<b style='background: \\75rl(//evil.example)'>",
    "<b style='background: url(https:evil.example)'>",  # browsers add the slashes
    "<b style='background: url(a.png)'>",
    "<!--><script>alert(1)</script>-->",
    "<!-- <b> --!> <img src=x onerror=y> -->",
    "<![CDATA[<script>]]>",
    "<?php ?>",
    '<b title="<script>">',
    '<b title="{{Front}}">',
    '{{c1::x <b title="::onclick=alert(1) y">z</b>}}',
    "<b title={{Tags}}>",
    '<b title="a[b onclick=alert(1) c]">',
    r"\(\href{javascript:alert(1)}{x}\)",
    r"\(\hr<b></b>ef{javascript:alert(1)}{x}\)",
    r"&#92;(\href{javascript:alert(1)}{x}\)",
    r"a \(x",  # the next field could go on, and a third one end it
    r"x\) b",
    "[latex]\\input{/etc/passwd}[/latex]",
    "[$]x[/$]",
    "<b",
    "</script >",
    "<b x=`y`>",
]


@pytest.mark.parametrize("text", HARMLESS)
def test_what_only_shows_something_is_allowed(text):
    assert list(html_problems(text)) == []


@pytest.mark.parametrize("text", HARMFUL)
def test_what_could_run_or_load_something_is_not(text):
    assert list(html_problems(text)) != []


@pytest.mark.parametrize("src", ["https://evil.example/a.png", "//evil.example/a.png", "data:image/png;base64,x"])
def test_every_source_is_a_file_to_be_found(src):
    text = f'<img alt="x" src="{src}">'

    assert [(file.name, text[file.at : file.at + 5]) for file in html_files(text)] == [(src, src[:5])]


@pytest.mark.parametrize("src", ["ht&#9;tps://evil.example/a", "h\nttps:evil.example", "htt&NewLine;ps://evil.example"])
def test_an_address_is_one_with_the_characters_that_browsers_skip(src):
    assert len(list(remote_files(f'<img alt="x" src="{src}">'))) == 1


@pytest.mark.parametrize(
    "text",
    [
        ".a { color: #fff; background: url(_a.png) } /* see https://example.org */",
        ".a::before { content: '\\201C' } @media (max-width: 30em) { .a { width: 100% } }",
    ],
)
def test_a_style_may_look_as_it_likes(text):
    assert list(css_problems(text)) == []


SEEM_COMMENTS = [
    (".a { content: '/*' }", ".b { content: '*/' }"),
    ('.a { content: "\\"/*" }', ".b { content: '*/' }"),
    (".a { background: url(/*) }", ".b { background: url(*/) }"),
    ('.a\\"b {} .c { content: "/*" }', '.b { content: "*/" }'),
    ('.a { color: xurl(/*)"*/ ) } .c { content: "/*" }', '.b { content: "*/" }'),
    ('#url(/*)"*/ ) {} .c { content: "/*" }', '.b { content: "*/" }'),
    ('.\\26 url(/*)"*/ ) {} .c { content: "/*" }', '.b { content: "*/" }'),
    ('.a { background: url(\u00a0") } .c { content: "/*" }', '.b { content: "*/" }'),
]
"""What stands before and after something that is no comment although it stands between ``/*`` and ``*/``."""


@pytest.mark.parametrize(
    "text",
    [
        "@import 'x.css';",
        "@\\69mport 'x.css';",
        ".a { background: url(https://evil.example/a) }",
        ".a { background: u\\72l(_a.png) }",
        ".a { background: ur\\l(/x) }",
        ".a { background: image-set('x.png' 1x) }",
        ".a { width: expression(alert(1)) }",
        ".a { -moz-binding: x }",
        "</style><script>alert(1)</script>",
        "/* </style><script>alert(1)</script> */",
        *[f"{before} @import 'https://evil.example/x'; {after}" for before, after in SEEM_COMMENTS],
        "@font-face { src: url(//evil.example/f) }",
    ],
)
def test_a_style_loads_nothing_from_elsewhere(text):
    assert list(css_problems(text)) != []


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    [
        "url(" + " " * 20_000,
        "url('" + " " * 20_000,
        "url(x" + " " * 20_000 + "'",
        "url(" * 100_000,
        "url(" * 100_000 + '"x)',
        "u\\72l(" * 50_000 + "x)",
    ],
)
def test_what_css_costs_grows_with_its_size(text):
    started = time.process_time()
    list(css_problems(text))
    list(css_files(text))

    assert time.process_time() - started < 5


@pytest.mark.parametrize("text", ["\\(" * 10_000, "\\({" * 6_000 + "\\)", "\\(\\x" * 5_000])
def test_what_maths_in_html_costs_grows_with_its_size(text):
    started = time.process_time()

    assert 0 < len(list(html_problems(text))) < 10_000
    assert time.process_time() - started < 5


@pytest.mark.parametrize("url", ["url(x.png)", "URL( x.png )", "url('x.png')", 'url( "x.png" )', "url(x.png"])
def test_every_file_of_a_style_is_found(url):
    (file,) = css_files(f".a {{ background: {url} }}")

    assert file.name == ("x.png" if ")" in url else "url(")
