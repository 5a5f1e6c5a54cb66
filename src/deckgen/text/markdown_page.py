"""A Markdown document as the HTML of a page; what cards show is written by ``markdown``."""

from __future__ import annotations

from deckgen.core.characters import printable_line
from deckgen.core.terminal import Failure


def page_html(text: str) -> str:
    """The HTML of a document that deckgen wrote around texts of authors. Raises Failure if it contains HTML: what cards
    show as text, such as maths, can be HTML in a document."""
    import pyromark

    options = pyromark.Options.ENABLE_TABLES | pyromark.Options.ENABLE_STRIKETHROUGH
    for event in pyromark.events(text, options=options):
        match event:
            case {"Html": str(html)} | {"InlineHtml": str(html)}:
                raise Failure(
                    f"expected Markdown, found the HTML '{printable_line(html.strip())}': delete every '<' of it"
                )
    return pyromark.html(text, options=options)
