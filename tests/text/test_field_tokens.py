"""What Anki's editor writes in another way is the same; what Anki would show in another way is not."""

from __future__ import annotations

import pytest

from deckgen.text.field_tokens import MAX_CHARACTERS, hunks, same, tokens


@pytest.mark.parametrize(
    ("compiled", "edited"),
    [
        ("a &lt; b", "a&nbsp;&lt;&nbsp;b"),
        ("&lcub;x}", "{x}"),
        ("<strong>a</strong> <em>b</em> <del>c</del>", "<b>a</b> <i>b</i> <s>c</s>"),
        ("<strong>a</strong> b", "<b>a </b>b"),
        ("a<br>b", "a<div>b</div>"),
        ("a<br>b", "<div>a</div><div>b</div>"),
        ("a<br><br>b", "a<div><br></div><div>b</div>"),
        ("a", "a<br>"),
        ("a b", "a <b></b> b"),
        ("<ol><li>{{c1::a<br>b}}</li></ol>", "<ol><li>{{c1::a<div>b</div>}}</li></ol>"),
        ('<img src="x.png" alt="a &gt; &#91;b">', '<img src="x.png" alt="a &gt; [b" />'),
        ("e\u0301", "\u00e9"),
        ("<pre>a b</pre>", "<pre>a&nbsp;<b></b>b </pre>"),
        ("<pre><code>a\n  b</code></pre>c", "<pre>\n<code>a\n &nbsp;b\n</code></pre>\n<div>c</div>"),
    ],
)
def test_the_editor_writes_the_same_in_another_way(compiled, edited):
    assert same(compiled, edited)


@pytest.mark.parametrize(
    ("compiled", "edited"),
    [
        ("&lsqb;sound:a.mp3]", "[sound:a.mp3]"),
        ("{{c1::a&rcub;} b}}", "{{c1::a}} b}}"),
        ("&lcub;{c1::a}}", "{{c1::a}}"),
        ("&lt;b&gt;a", "<b>a</b>"),
        ("a b", "ab"),
        ("<pre>a\nb</pre>", "<pre>a b</pre>"),
        ("<pre>a\n  b</pre>", "<pre>a\nb</pre>"),
        ("<pre> a</pre>", "<pre>a</pre>"),
        ("<pre><code> a\nb</code></pre>", "<pre><code>a\nb</code></pre>"),
        ("<pre>a<br> b</pre>", "<pre>a<br>b</pre>"),
        ("<pre>a <b> b</b></pre>", "<pre>a <b>b</b></pre>"),
        ("<pre>\n\na</pre>", "<pre>a</pre>"),
        ("a", "<span style='color: red'>a</span>"),
        ("<p>a</p><p>b</p>", "a<br>b"),
        ('<a href="https://a.org">a</a>', '<a href="https://b.org">a</a>'),
    ],
)
def test_what_a_card_would_show_in_another_way_differs(compiled, edited):
    assert not same(compiled, edited)


@pytest.mark.parametrize(
    ("html", "old", "new"),
    [
        ("<ul><li>a</li><li>c</li><li>b</li></ul>", [], ["<li>", "c", "</li>"]),
        ("<ul><li>a</li><li><b>b</b></li></ul>", ["b"], ["<strong>", "b", "</strong>"]),
        ("<ul><li>a</li></ul>", ["<li>", "b", "</li>"], []),
    ],
)
def test_a_difference_holds_whole_elements(html, old, new):
    before, after = tokens("<ul><li>a</li><li>b</li></ul>"), tokens(html)

    assert [(before[one.start : one.end], after[one.new_start : one.new_end]) for one in hunks(before, after)] == [
        (old, new)
    ]


@pytest.mark.parametrize("text", ["<" * MAX_CHARACTERS, "<div>" * 20_000, "{{c1::" * 16_000, "&" * MAX_CHARACTERS])
def test_a_hostile_field_takes_no_time(text):
    assert len(tokens(text)) <= MAX_CHARACTERS
