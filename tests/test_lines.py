"""The reader of lines and the parser: one tree for one text, or the parser's alone."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from alike import read_alike

ROOT = Path(__file__).parents[1]


PIECES = """\
key: text
- item
- id: text
  ? x
: x
"double"
'single'
'it''s'
"a \\" b"
|
|-
|+
|2
>
>-
[a, b]
[a, [b]]
[ a ]
[]
{a: b}
{}
# comment
 # behind
text: more
text:more
a#b
a #b
-5
- - a
---
...
&a x
*a
!t x
<<: x
no
~
  deeper
@x
%x
`x
key:
key :
-
'open
"open
L4/5 & L5/S1, INR < 1.5; $40
é
e\u0301
\ta
? q
a: 'b': c
"q": v
1:30
x::y
[x::y, c d, e.f]
[x: y]
[a,b]
[a, ]
[é b]
"""


@pytest.mark.parametrize("path", sorted(ROOT.glob("decks/**/*.yaml")), ids=lambda path: path.name)
def test_the_decks_are_read_alike(path: Path) -> None:
    read_alike(path.read_text(encoding="utf-8"))


def test_most_files_are_read_by_lines() -> None:
    texts = [path.read_text(encoding="utf-8") for path in ROOT.glob("decks/interventional-pain/*.yaml")]
    known = sum(map(read_alike, texts))
    assert known >= 0.9 * len(texts)


def test_random_texts_are_read_alike() -> None:
    chance = random.Random(5)
    pieces = PIECES.split("\n")
    known = 0
    for _ in range(20_000):
        rows = []
        for _ in range(chance.randrange(1, 7)):
            indent = " " * chance.choice((0, 0, 2, 2, 4, 1))
            start = chance.choice(("", "", "- ", "key: ", f"{chance.choice('abc')}: ", f"- {chance.choice('abc')}: "))
            rows.append(indent + start + chance.choice(pieces) + " " * chance.choice((0, 0, 0, 1)))
        text = "a:\n" * chance.choice((0, 1)) + "\n".join(rows) + "\n"
        known += read_alike(text)
    assert known > 300  # what is compared is more than nothing


def test_the_yaml_test_suite_is_read_alike() -> None:
    cases = json.loads((ROOT / "tests/fuzz/yaml-test-suite.json").read_text(encoding="utf-8"))
    assert sum(map(read_alike, cases.values())) > 5


def test_changed_files_are_read_alike() -> None:
    """Real files with a few characters taken out, put in or doubled."""
    chance = random.Random(7)
    texts = [path.read_text(encoding="utf-8") for path in sorted(ROOT.glob("decks/interventional-pain/*.yaml"))]
    for _ in range(5_000):
        text = chance.choice(texts)
        start = chance.randrange(len(text))
        part = text[text.rfind("\n", 0, start) + 1 :][: chance.randrange(50, 600)]
        for _ in range(chance.randrange(1, 4)):
            at = chance.randrange(len(part))
            put = chance.choice([*" \n:#-'\"[]{}|>&*!,", "", "  ", "\n ", ": ", "- ", part[at : at + 20]])
            part = part[:at] + put + part[at + chance.choice((0, 0, 1, 2)) :]
        read_alike(part + "\n")
