"""Read the events of the Markdown parser, each a name or a mapping from a name to its details."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from deckgen.text import placeholders


def shown_texts(events: Iterable[Any]) -> Iterator[str]:
    """The texts outside of code, as readers see them."""
    in_code = False
    for event in events:
        match event:
            case {"Start": {"CodeBlock": _}}:
                in_code = True
            case {"End": "CodeBlock"}:
                in_code = False
            case {"Text": str(text)} if not in_code:
                yield placeholders.shown(text)


def links_and_pictures(events: Iterable[Any]) -> Iterator[dict[str, str]]:
    """The details of the links and pictures."""
    for event in events:
        match event:
            case {"Start": {"Link": detail} | {"Image": detail}}:
                yield detail


def text_until_image_end(events: Iterator[Any]) -> str:
    """The plain text between the start of a picture, which was read, and its end."""
    parts: list[str] = []
    depth = 1
    for event in events:
        match event:
            case {"Start": {"Image": _}}:
                depth += 1
            case {"End": "Image"}:
                depth -= 1
                if depth == 0:
                    break
            case {"Text": str(text)} | {"Code": str(text)} | {"InlineHtml": str(text)}:
                parts.append(text)
            case "SoftBreak" | "HardBreak":
                parts.append(" ")
    return "".join(parts).strip()
