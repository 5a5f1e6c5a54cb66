r"""The HTML of a field as tokens: the same ones, however Anki's editor writes what the field shows.

Two fields with the same tokens show the same: the editor writes characters for entities, non-breaking spaces, ``<b>``
for ``<strong>`` and ``<div>`` for a new line, and keeps the zero-width characters of text that was pasted. Spaces and
line breaks within ``<pre>`` count. What Anki or MathJax would read differently keeps its spelling, such as ``[sound:``
and ``&lsqb;sound:``, or ``}}`` and ``&rcub;}``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from deckgen.core.differences import Hunk
from deckgen.core.source import normal
from deckgen.text.escaping import BRACKET, unescaped

MAX_CHARACTERS = 100_000
"""The longest field that is read; no card of deckgen has one as long."""

BREAK, SPACE = "<br>", " "
_KEPT_SPACE = " \0"
"""A space within ``<pre>``, where it shows at the beginning of a line and next to another one, too."""

_SPECIAL = rf"{BRACKET}|\{{\{{c[0-9]+::|\}}\}}|::"
_PIECE = re.compile(rf"(?P<tag><[^<>]*>)|(?P<special>{_SPECIAL})|(?P<text>(?:(?!{_SPECIAL})[^<])+|<)", re.IGNORECASE)
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)\s*(.*?)\s*/?>", re.DOTALL)
_ZERO_WIDTH = re.compile("[\u00ad\u200b\u2060\ufeff]")
"""Places for line breaks, and against them, as text from the web has; no source may have them."""

_WORD = re.compile(r"\s+|[^\W_]+|.", re.DOTALL)
_FIRST_LINE = re.compile(r"(?<=<pre>)\n", re.IGNORECASE)
"""A line break that HTML ignores."""

_SAME = {"b": "strong", "i": "em", "s": "del", "strike": "del"}
_INLINE_NAMES = ("strong", "em", "del", "code", "sub", "sup", "u")
_OPENING = re.compile(rf"<(?:{'|'.join(_INLINE_NAMES)})>|\{{\{{c[0-9]+::\0")
_CLOSING = re.compile(rf"</(?:{'|'.join(_INLINE_NAMES)})>|\}}\}}\0")
_BLOCK = re.compile(r"</?(?:p|ul|ol|li|blockquote|pre|hr|table|tr|td|th|h[1-6])\b")
_LINE = "<line>"
"""Where a line of the editor begins or ends."""


def tokens(field: str) -> list[str]:
    """The tags, words, spaces and other characters of a field, in order. Only a tag begins with ``<`` and has more
    characters."""
    if len(field) > MAX_CHARACTERS:
        return [field]
    return _with_spaces_outside(_with_breaks(list(_pieces(field))))


def same(field: str, other: str) -> bool:
    """Whether two fields show the same."""
    return field == other or tokens(field) == tokens(other)


def is_tag(token: str) -> bool:
    return token.startswith("<") and len(token) > 1


def is_block(token: str) -> bool:
    """Whether a token begins or ends a paragraph, a list, an item or the like."""
    return _BLOCK.match(token) is not None


def _pieces(field: str) -> Iterator[str]:
    divs: list[bool] = []  # whether each open one is a line
    is_code = False
    for piece in _PIECE.finditer(_FIRST_LINE.sub("", field)):
        if piece["special"]:
            yield f"{piece['special'].lower()}\0"
        elif piece["text"]:
            for word in _WORD.finditer(_ZERO_WIDTH.sub("", normal(unescaped(piece["text"])))):
                text = word[0]
                if text.isspace():
                    text = text.replace("\xa0", SPACE) if is_code else SPACE
                yield _KEPT_SPACE if is_code and text == SPACE else text
        elif tag := _TAG.fullmatch(piece["tag"]):
            end, name, attributes = tag[1], tag[2].lower(), tag[3]
            if name == "div":
                if not end:
                    divs.append(not attributes)
                is_line = divs[-1] if divs else True
                if end and divs:
                    divs.pop()
                yield _LINE if is_line else _tag(end, name, attributes)
            else:
                is_code = not end if name == "pre" else is_code
                yield _tag(end, _SAME.get(name, name), attributes)
        else:
            yield piece["tag"]


def _tag(end: str, name: str, attributes: str) -> str:
    inside = " ".join(unescaped(attributes).split())
    return f"<{end}{name} {inside}>" if inside else f"<{end}{name}>"


def _with_breaks(pieces: list[str]) -> list[str]:
    """Write a line of the editor as a break before it. At a block there is a new line anyway."""
    found: list[str] = []
    for piece in pieces:
        while piece in (_LINE, BREAK) and found and found[-1] == SPACE:
            found.pop()
        if piece == SPACE and found and (found[-1] in (SPACE, BREAK, _LINE) or is_block(found[-1])):
            continue
        if piece == _LINE and found and found[-1] == BREAK and len(found) > 1 and found[-2] == _LINE:
            found[-2:] = [BREAK, _LINE]  # an empty line, which the editor fills with a break
            continue
        if piece == _LINE and (not found or found[-1] in (_LINE, BREAK) or is_block(found[-1])):
            continue
        if is_block(piece):
            while found and (_is_white(found[-1]) or found[-1] in (_LINE, BREAK)):
                found.pop()
        found.append(piece)
    while found and found[-1] in (SPACE, _LINE, BREAK):
        found.pop()
    return [BREAK if piece == _LINE else piece for at, piece in enumerate(found) if not _ends_block(found, at)]


def _is_white(piece: str) -> bool:
    return piece.isspace() or piece == _KEPT_SPACE


def _ends_block(found: list[str], at: int) -> bool:
    """Whether a line of the editor ends with the block or the field around it, and perhaps with a cloze deletion."""
    if found[at] != _LINE:
        return False
    after = next((piece for piece in found[at + 1 :] if piece != "}}\0"), "</p>")
    return after == _LINE or is_block(after)


def _with_spaces_outside(pieces: Iterable[str]) -> list[str]:
    """Move spaces out of bold text, deletions and the like, where they look the same. None begins or ends the field."""
    found: list[str] = []
    for piece in pieces:
        if piece == SPACE and found and _OPENING.fullmatch(found[-1]):
            index = len(found)
            while index and _OPENING.fullmatch(found[index - 1]):
                index -= 1
            found.insert(index, SPACE)
        elif _CLOSING.fullmatch(piece) and found and _is_white(found[-1]):
            found[-1:] = [piece, found[-1]]
        else:
            found.append(piece)
    kept: list[str] = []
    for piece in found:
        if piece == SPACE and (not kept or kept[-1] in (SPACE, BREAK) or is_block(kept[-1])):
            continue
        if (piece == BREAK or is_block(piece)) and kept and _is_white(kept[-1]):
            kept.pop()
        if is_tag(piece) and _CLOSING.fullmatch(piece) and kept and kept[-1] == piece.replace("/", "", 1):
            kept.pop()  # bold text whose last word was deleted
            continue
        kept.append(piece)
    return kept[:-1] if kept[-1:] == [SPACE] else kept


def hunks(old: list[str], new: list[str]) -> list[Hunk]:
    """The differences between two lists of tokens, widened or moved so that each element that begins in one ends there
    too."""
    from rapidfuzz.distance import Indel

    found: list[Hunk] = []
    for block in Indel.opcodes(old, new):
        if block.tag == "equal":
            continue
        hunk = Hunk(block.src_start, block.src_end, block.dest_start, block.dest_end)
        if found and (found[-1].end == hunk.start or not _is_whole(found[-1], old, new)):
            hunk = Hunk(found[-1].start, hunk.end, found[-1].new_start, hunk.new_end)
            found.pop()
        found.append(_slid(hunk, old, new))
    return found


def _is_whole(hunk: Hunk, old: list[str], new: list[str]) -> bool:
    """Whether every element that begins in a difference also ends in it, and the other way round."""
    return _balanced(old[hunk.start : hunk.end]) and _balanced(new[hunk.new_start : hunk.new_end])


_VOID = re.compile(r"<(?:br|hr|img|input|wbr)\b")


def _balanced(part: list[str]) -> bool:
    opened: list[str] = []
    for piece in part:
        if is_tag(piece) and not _VOID.match(piece):
            name = re.split(r"[ >]", piece.strip("</"), maxsplit=1)[0]
            if not piece.startswith("</"):
                opened.append(name)
            elif not opened or opened.pop() != name:
                return False
        elif piece.endswith("\0"):
            if piece.startswith("{{"):
                opened.append("{{")
            elif piece == "}}\0" and (not opened or opened.pop() != "{{"):
                return False
    return not opened


def _slid(hunk: Hunk, old: list[str], new: list[str]) -> Hunk:
    """An insertion or removal moved along equal tokens to where it is whole: ``</li><li>x`` to ``<li>x</li>``."""
    start, end, new_start, new_end = hunk
    if _is_whole(hunk, old, new) or (start != end and new_start != new_end):
        return hunk
    longer, first, last = (new, new_start, new_end) if start == end else (old, start, end)
    moved = 0
    while first - moved > 0 and longer[first - moved - 1] == longer[last - moved - 1] and moved < last - first:
        moved += 1
        slid = Hunk(start - moved, end - moved, new_start - moved, new_end - moved)
        if min(slid.start, slid.new_start) < 0 or old[slid.start : slid.end] == new[slid.new_start : slid.new_end]:
            break
        if _is_whole(slid, old, new):
            return slid
    return hunk
