"""A Markdown document as the HTML of a page; what cards show is written by ``markdown``."""

from __future__ import annotations


def page_html(text: str) -> str:
    """The HTML of a document that deckgen wrote, or whose Markdown it checked."""
    import pyromark

    return pyromark.html(text, options=pyromark.Options.ENABLE_TABLES | pyromark.Options.ENABLE_STRIKETHROUGH)
