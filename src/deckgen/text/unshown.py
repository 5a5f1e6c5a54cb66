"""Find what an author typed and CommonMark does not show: definitions and titles of links, links without a text, cells
for which a table has no column, numbers of items, which it counts anew, and signs that it takes for marks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import count
from typing import Any, NamedTuple

from deckgen.text.events import links_and_pictures


class Unshown(NamedTuple):
    """What is not shown, in the text that the parser saw; what is wrong with it; and how to write it."""

    line: str
    problem: str
    help: str


_BLOCKS = re.compile("<(?:table|blockquote)>|<ol|<li><(?:ul|p><strong>)")


def may_lose(text: str, html: str) -> bool:
    """Whether the HTML of a text has blocks in which something can be lost."""
    return _BLOCKS.search(html) is not None or ("\n" in text and _UNDERLINE.search(text) is not None)


def lost_in_blocks(text: str, events: Sequence[tuple[Any, Any]]) -> Iterator[Unshown]:
    """What is lost between or in the blocks of a text. ``events`` come with their spans in the encoded text."""
    yield from _unused_definitions(text, events)
    yield from _lost_cells_and_numbers(text, events)
    yield from _lost_signs(text, events)
    yield from _lost_underlines(text, events)


def _unused_definitions(text: str, events: Sequence[tuple[Any, Any]]) -> Iterator[Unshown]:
    """The definitions of links that nothing refers to: nothing uses the label, or an earlier line has defined it."""
    referred = {_normal(detail["id"]) for detail in links_and_pictures(event for event, _ in events)}
    defined: set[str] = set()
    for found in _definitions(text.encode(), events):
        label, line = _normal(found[1]), found[0].strip()
        if label in defined:
            problem = f"expected one definition of the link '{found[1]}', found another, '{line}', which is not used"
            yield Unshown(line, problem, "delete it, or give it another label")
        elif label not in referred:
            help = f"write a backslash before ']', or refer to it: [the text][{found[1]}]"
            yield Unshown(line, f"expected text, found '{line}', which defines a link and is not shown", help)
        defined.add(label)


def _definitions(encoded: bytes, events: Iterable[tuple[Any, Any]]) -> Iterator[re.Match[str]]:
    """The first line of each definition, and its label. Definitions are what lies between the blocks that are shown,
    besides the marks of lists and quotations."""
    end = 0
    for event, span in [*events, (None, {"start": len(encoded), "end": len(encoded)})]:
        match event:
            case {"End": _} | {"Start": "Item" | {"List": _} | {"BlockQuote": _}}:
                continue
        yield from _DEFINITION.finditer(encoded[end : span["start"]].decode())
        end = max(end, span["end"])


_DEFINITION = re.compile(r"\[((?:[^\[\]\\]|\\.)+)\]:.*")


def _normal(label: str) -> str:
    return " ".join(label.split()).casefold()


def titles_and_bare_links(events: Iterable[Any]) -> Iterator[Unshown]:
    """The titles of links and pictures, and the addresses of links without a text."""
    bare = ""
    for event in events:
        match event:
            case {"Start": {"Link": detail} | {"Image": detail} as tag}:
                bare = detail["dest_url"] if "Link" in tag else ""
                if title := detail["title"]:
                    message = f"expected the end of the link, found the title '{title}', which is not shown"
                    yield Unshown(title, message, "delete it, or write it into the text")
            case {"End": "Link"} if bare:
                help = f"write the text between the brackets: [the text]({bare})"
                yield Unshown(bare, f"expected the text of a link to '{bare}', found none, so it is not shown", help)
            case {"Text": str(text)} if not text.strip():
                pass
            case _:
                bare = ""


def _lost_signs(text: str, events: Iterable[tuple[Any, Any]]) -> Iterator[Unshown]:
    """The signs that Markdown takes for the mark of a quotation, or of a list or a heading in an item: the '>' of
    '> 3 weeks' in the line below '< 3 weeks'."""
    encoded = text.encode()
    for event, span in events:
        match event:
            case {"Start": {"BlockQuote": _} | {"Heading": _} | {"List": None}}:
                start = span["start"]
                sign = _SIGN.match(encoded, start)
                begin = encoded.rfind(b"\n", 0, start) + 1
                in_item = encoded[begin:start].strip().endswith((b"-", b"+", b"*", b".", b")"))
                if sign and (in_item or (sign["compared"] and not _is_apart(encoded, begin, span["end"]))):
                    line = sign[0].decode().strip()
                    help = f"write a backslash before it: \\{line}"
                    help += "" if in_item else "; if it is a quotation, put empty lines around it"
                    yield Unshown(line, f"expected text, found '{line}', whose '{line[0]}' is not shown", help)


_SIGN = re.compile(rb"(?P<compared>> ?[=\d].*)|[-+] +\d.*|# .*")


_UNDERLINE = re.compile(r"^[ >]*([-=]{1,2})[ \t]*$", re.MULTILINE)
"""A line of one or two signs. Whoever wants a heading underlines it with more."""


def _lost_underlines(text: str, events: Iterable[tuple[Any, Any]]) -> Iterator[Unshown]:
    """One or two signs that stand alone in a line, and make the line above a heading."""
    encoded = text.encode()
    for event, span in events:
        match event:
            case {"Start": {"Heading": _}}:
                above, _, last = encoded[span["start"] : span["end"]].decode().rstrip().rpartition("\n")
                if above and (found := _UNDERLINE.fullmatch(last)):
                    line, sign = above.rpartition("\n")[2].strip(), found[1]
                    help = "write an empty line" if sign[0] == "=" else "write a backslash"
                    problem = f"expected text, found '{sign}', which makes '{line}' a heading and is not shown"
                    yield Unshown(line, problem, f"{help} before it; for a heading, write '# {line}'")


def _is_apart(encoded: bytes, begin: int, end: int) -> bool:
    """Whether there is nothing in the line before a quotation, and each of its own lines begins with the mark."""
    before = encoded[encoded.rfind(b"\n", 0, max(begin - 1, 0)) + 1 : begin]
    return not before.strip() and all(line.lstrip().startswith(b"> ") for line in encoded[begin:end].splitlines())


def _lost_cells_and_numbers(text: str, events: Iterable[tuple[Any, Any]]) -> Iterator[Unshown]:
    """The rows of tables that have more cells than columns, and the items that would be shown with another number.
    ``1.`` may stand before each item, as many write who let the list count. ``events`` come with their spans in the
    encoded text."""
    encoded = text.encode()
    lists: list[tuple[int, Iterator[int]] | None] = []  # the first number of each open list, and the next ones
    columns = end = 0
    for event, span in events:
        match event:
            case {"Start": {"List": start}}:
                lists.append(None if start is None else (start, count(start)))
            case {"End": {"List": _}}:
                lists.pop()
            case {"Start": "Item"} if lists and lists[-1]:
                first, numbers = lists[-1]
                counted = next(numbers)
                line = encoded[span["start"] : span["end"]].decode().lstrip().partition("\n")[0].rstrip()
                typed = int(number[0]) if (number := re.match(r"\d+", line)) else 0
                if typed != counted and not typed == first == 1:
                    help = f"write '{counted}.', or begin every item of the list with '- ': - {line}"
                    yield Unshown(line, f"expected the number {counted}, found '{typed}', which is not shown", help)
            case {"Start": {"Table": alignments}}:
                columns = len(alignments)
            case {"End": "TableCell"}:
                end = span["end"]
            case {"End": "TableRow"}:
                row = encoded[span["start"] : span["end"]].decode().strip()
                lost = encoded[end : span["end"]].decode().strip().strip("|").strip()
                if lost:
                    help = "write a backslash before each '|' that is text, or add a column to the first two lines"
                    found = f"expected {columns} cells in '{row}', found more: '{lost}' is not shown"
                    yield Unshown(row, found, help)
