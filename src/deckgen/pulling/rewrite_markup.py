r"""Change an author's text so that it renders as something else, and keep everything else in it as it was typed.

The rendered text is found again in the typed one; what differs is replaced there by Markdown, in the few ways in which
that may be written. A change is made only if the result renders exactly as wanted, so nothing here needs to know
Markdown well.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby, product
from typing import NamedTuple

from deckgen.core.differences import Hunk, common_runs
from deckgen.text.field_tokens import BREAK, SPACE, hunks, is_block, is_tag

Render = Callable[[str], list[str] | None]
"""The tokens that a text renders as; None if it has errors."""

Write = Callable[[list[str], str], Iterable[str]]
"""Ways to write tokens in the language of a text."""

MAX_HUNKS, MAX_TOKENS = 40, 5_000
"""The most differences that are tried in a text, and the most tokens that the text may have."""

MAX_MARKS = 4
"""How many of a text's marks of list items are tried for a new item."""


def rewritten(text: str, wanted: list[str], render: Render, write: Write) -> str | None:
    """The text, changed so that it renders as ``wanted``; None if no way was found."""
    now = render(text)
    if now is None:
        return None
    found = hunks(now, wanted)
    if len(found) > MAX_HUNKS or len(wanted) > MAX_TOKENS:
        return None
    for hunk in reversed(found):
        goal = now[: hunk.start] + wanted[hunk.new_start : hunk.new_end] + now[hunk.end :]
        written = list(dict.fromkeys(write(wanted[hunk.new_start : hunk.new_end], text)))
        candidates = _candidates(text, now, hunk, written)
        changed = next((one for one in candidates if render(one) == goal), None)
        if changed is None:
            return None
        text, now = changed, goal
    return text


def _candidates(text: str, shown: list[str], hunk: Hunk, written: Sequence[str]) -> Iterator[str]:
    """Texts in which the place of a difference is written anew, the likeliest first."""
    spans = _spans(text, shown)
    before = next((spans[at].end for at in range(hunk.start - 1, -1, -1) if spans[at]), 0)
    after = next((spans[at].start for at in range(hunk.end, len(shown)) if spans[at]), len(text))
    inside = [span for span in spans[hunk.start : hunk.end] if span]
    starts = [inside[0].start, before] if inside else [before, after]
    ends = [inside[-1].end, after] if inside else [before, after]
    seen: set[str] = set()
    for start, end in product(dict.fromkeys(starts), dict.fromkeys(ends)):
        for words in written if start <= end else ():
            gap = text[start:end] if not inside else ""
            for middle in dict.fromkeys((words, gap + words, words + gap)):
                written_anew = text[:start] + middle + text[end:]
                for changed in (written_anew, _renumbered(written_anew, text)):
                    if changed not in seen:
                        seen.add(changed)
                        yield changed


_NUMBERED = re.compile(r"( *)([0-9]{1,9})([.)] .*)")


def _renumbered(text: str, like: str) -> str:
    """A text with the items of its numbered lists numbered anew, each list from the first number of the same list in
    ``like``."""
    starts = [int(item[2]) for _, item, begins in _items(like) if item and begins]
    lines: list[str] = []
    numbers: dict[str, int] = {}  # by the indentation of the list
    for line, item, begins in _items(text):
        if item and begins:
            numbers[item[1]] = starts.pop(0) if starts else int(item[2])
        elif item:
            numbers[item[1]] += 1
        lines.append(f"{item[1]}{numbers[item[1]]}{item[3]}" if item else line)
    return "\n".join(lines)


def _items(text: str) -> Iterator[tuple[str, re.Match[str] | None, bool]]:
    """The lines of a text, with the numbered items among them, and whether they begin a list."""
    lists: list[int] = []  # how far those that are open are indented
    for line in text.split("\n"):
        item, indent = _NUMBERED.fullmatch(line), len(line) - len(line.lstrip(" "))
        while line and lists and (lists[-1] > indent or (lists[-1] == indent and not item)):
            lists.pop()
        begins = item is not None and (not lists or lists[-1] < indent)
        if begins:
            lists.append(indent)
        yield line, item, begins


class _Span(NamedTuple):
    """Where a token stands in the typed text; false if it does not."""

    start: int
    end: int

    def __bool__(self) -> bool:
        return self.end > self.start


def _spans(text: str, shown: Sequence[str]) -> list[_Span]:
    """Where each token stands in the typed text. Tags stand nowhere."""
    visible = [("" if is_tag(token) else token.rstrip("\0")) for token in shown]
    runs = common_runs(re.sub(r"\s", SPACE, "".join(visible)), re.sub(r"\s", SPACE, text))
    typed_at = {index: index_in_text for run, typed in runs for index, index_in_text in zip(run, typed, strict=True)}
    spans, at = [], 0
    for token in visible:
        own = [typed_at[index] for index in range(at, at + len(token)) if index in typed_at]
        spans.append(_Span(own[0], own[-1] + 1) if own else _Span(0, 0))
        at += len(token)
    return spans


def in_markdown(new: list[str], text: str) -> Iterator[str]:
    """Ways to write tokens in Markdown, with the marks of lists that a text has."""
    items = list(dict.fromkeys(reversed(re.findall(r"(?m)^ *(?:[-*+]|\d+[.)]) +", text))))[:MAX_MARKS] or ["- "]
    for escaped, hard, bullet in product((False, True), ("\\\n", "  \n"), items if "<li>" in new else items[:1]):
        marks = {BREAK: hard, "<p>": "\n\n", "</p>": "", "<li>": f"\n{bullet}", "</li>": "", **_INLINE}
        parts: list[str] = []
        for of_tags, group in groupby(new, is_tag):
            own = list(group)
            if of_tags and not marks.keys() >= set(own):
                return  # Markdown has no mark for it
            words = "".join(marks[part] if of_tags else part.rstrip("\0") for part in own)
            parts.append(_MARKDOWN.sub(r"\\\g<0>", words) if escaped and not of_tags else words)
        yield "".join(parts)
        if is_block(new[0] if new else ""):
            yield "".join(parts).lstrip("\n")


_INLINE = {
    f"<{end}{name}>": mark
    for name, mark in {"strong": "**", "em": "*", "del": "~~", "code": "`", "sub": "~", "sup": "^"}.items()
    for end in ("", "/")
}
_MARKDOWN = re.compile(r"[*~^`]|\](?=[(\[:])|!(?=\[)|<(?=[a-zA-Z/!?])|&(?=\#?\w+;)|\\(?=[()\[\]])")
"""Characters that are Markdown unless a backslash stands before them."""


def html_of(new: list[str]) -> str:
    """Tokens written in HTML."""
    return "".join(token.rstrip("\0") if is_tag(token) else _ENTITIES.get(token, token.rstrip("\0")) for token in new)


_ENTITIES = {"<": "&lt;", "&": "&amp;"}
