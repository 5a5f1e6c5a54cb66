"""Find text that YAML would silently drop or change: text cut off by a comment, escapes, and folded lines."""

from __future__ import annotations

import re
import sys
from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple

from deckgen.core import rules
from deckgen.core.characters import IDEOGRAPHS
from deckgen.core.diagnostics import Rule
from deckgen.core.nodes import Node, texts_below
from deckgen.text.foreign import BULLETS

QUOTE_IT = "put the whole text in quotes: \"…\", or '…' with every ' inside doubled"

_LINE = r"(?P<lead>[ ]*(?:-[ ]+)*)(?:(?P<key>[\w-]+):(?:[ ]+|$))?(?P<value>.*)"


class YamlProblem(NamedTuple):
    """Why a text is not what its author typed: where, and what to do."""

    rule: Rule
    at: int
    message: str
    help: str


class SourceLine(NamedTuple):
    """A line of a file: its index, the column of its key or text, and both."""

    start: int
    column: int
    key: str
    value: str


MAX_LINE = 20_000
"""How far a line is read in each direction. A hostile one can be a whole file, with an error in every value."""


def line_at(text: str, index: int) -> SourceLine:
    """The line with an index."""
    first, last = max(index - MAX_LINE, 0), index + MAX_LINE
    start = max(text.rfind("\n", first, index) + 1, first)
    end = text.find("\n", index, last)
    found = re.fullmatch(_LINE, text[start : last if end < 0 else end])
    assert found is not None, "every line has this form"
    return SourceLine(start, len(found["lead"]), found["key"] or "", found["value"].rstrip())


def line_above(text: str, line: SourceLine) -> SourceLine | None:
    """The nearest line above with a key; None if there is none."""
    while line.start:
        line = line_at(text, line.start - 1)
        if line.key:
            return line
    return None


def how_to_quote(text: str, line: SourceLine) -> str:
    """Say how to quote the text of a line, literally if it is short and ends there."""
    value = line.value
    if len(value) > 60 or not line.key:
        return QUOTE_IT
    next = line_at(text, text.find("\n", line.start + line.column) + 1 or len(text))
    goes_on = next.start > line.start and next.column > line.column and next.value
    if goes_on or (value[:1] in ("{", "[") and value[:2] != "{{" and re.search(r"\w: |, ", value)):
        return QUOTE_IT
    if re.fullmatch(r'"[^"\']+"', value):  # the quotes stay, of the other kind
        value = value[1:-1]
    inside = value.replace("'", "''")
    quoted = f'"{value}"' if "'" in value and not re.search(r'["\\]', value) else f"'{inside}'"
    return f"put the whole text in quotes: {line.key}: {quoted}"


_ESCAPE = re.compile(r'\\(?:["\\xuU\n]|(?P<letter>.))', re.DOTALL)
_ESCAPED = {"n": "a line break", "t": "a tab", " ": "a space", "/": "a slash"}


def escape_problem(raw: str, start: int) -> YamlProblem | None:
    r"""Report an escape such as ``\t`` of ``\theta`` in a text in double quotes, given as it stands in the file."""
    for escape in _ESCAPE.finditer(raw):
        if letter := escape["letter"]:
            means = _ESCAPED.get(letter, "another character")
            message = f"expected text, found '{escape[0]}', which stands for {means} between double quotes"
            help = "write the text between single quotes, '…' (with every ' inside doubled), or in the lines below '|'"
            return YamlProblem(rules.ESCAPE, start + escape.start(), message, help)
    return None


_FOLDED = re.compile(
    rf"\n[ \t]*(?:(?P<blank>)\n|(?P<list>(?:[-*+{BULLETS}]|\d{{1,9}}[.)])[ ])|(?P<code>```|~~~)|(?P<table>\|))"
)
_FOUND = {"blank": "an empty line", "list": "a list", "code": "code", "table": "a table"}


def folding_problem(raw: str, start: int) -> YamlProblem | None:
    """Report paragraphs, lists, code and tables that YAML joins into one line, in a text as it stands in the file."""
    found = _FOLDED.search(raw.rstrip())
    if found is None:
        return None
    message = f"expected text of one paragraph, found {_FOUND[str(found.lastgroup)]}: the lines are joined into one"
    at = start + (found.end() if found.lastgroup == "blank" else found.start(str(found.lastgroup)))
    return YamlProblem(rules.FOLDED_LINES, at, message, "write '|' after the key, and the text in the lines below it")


_BROKEN = rf"([{IDEOGRAPHS}](?:\*|~~|\}}\}})*)\n(?=(?:\*|~~|\{{\{{c[0-9]+::)*[{IDEOGRAPHS}])"


def refolded(raw: str, value: str) -> str:
    """Join the lines of a text, given as it stands in the file and as YAML reads it, without spaces between
    ideographs, even where one is bold or in a cloze deletion."""
    if value.isascii():
        return value
    typed = raw[raw.find("\n") :] if raw[0] == ">" else raw[1:-1] if raw[0] in "'\"" else raw
    lines = "\n".join([line.strip() for line in typed.split("\n")]).strip()
    same = lines.replace("\n", " ") == value.strip()  # else it has escapes or paragraphs
    return re.sub(_BROKEN, r"\1", lines).replace("\n", " ") if same else value


# After a closing quote or bracket, PyYAML takes '#' for a comment without a space before it.
_HASH = re.compile(r"(?<![^ \t\n\"'\]}])#+(?P<text>[^\s#]\S*)?(?P<end>[ \t]*$)?", re.MULTILINE)
_LIKE_TEXT = re.compile(r"(?<![^ \t\n\"'\]}])#+(?:[^\s#]|[ \t]*$)", re.MULTILINE)


def cut_off(text: str, root: Node) -> Iterator[YamlProblem]:
    """Report comments that begin like text: ``#`` without a space, after a text or where it would go on."""
    if "#" not in text or not _LIKE_TEXT.search(text):
        return
    spans = sorted((scalar.start, scalar.end) for scalar, _, _ in texts_below(root))
    line_end, before = 0, -1
    for found in _HASH.finditer(text):
        at = found.start()
        index = bisect_right(spans, (at, sys.maxsize)) - 1
        begin, end = spans[index] if index >= 0 else (0, 0)
        if at < max(line_end, end):
            continue  # in a comment, or in a text
        line_end = text.find("\n", at) + 1 or len(text)
        after_text = bool(text[text.rfind("\n", 0, at) + 1 : at].strip())
        goes_on = found["text"] is not None and index != before and _continues(text, begin, end, at)
        before = index  # a text goes on at no later comment
        is_text = found["text"] is not None or found["end"] is not None
        if is_text and (after_text or goes_on):
            remedy = how_to_quote(text, line_at(text, at)) if after_text else QUOTE_IT
            typed = found[0].rstrip()[:40]
            message = f"expected text, found '{typed}', which begins a comment: the card would not show it"
            yield YamlProblem(rules.CUT_OFF, at, message, f"a comment needs a space after '#'; if it is text, {remedy}")


def _continues(text: str, begin: int, end: int, at: int) -> bool:
    """Whether a comment on a line of its own stands where the plain text above it would go on."""
    if text[begin : begin + 1] in ("'", '"', "|", ">") or not text[begin:end].strip() or text[end:at].strip(" \n"):
        return False
    return at - text.rfind("\n", 0, at) - 1 > line_at(text, begin).column
