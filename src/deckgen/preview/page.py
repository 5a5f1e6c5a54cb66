"""The page of cards as HTML, and the files that belong to it."""

from __future__ import annotations

import html
from string import Template

from deckgen.core.assets import asset
from deckgen.preview.edition import Update

ASSETS = ("page.css", "cards.js", "filters.js", "page.js")

DRAW_ASSETS = ("draw.js",)
"""The files of the page for drawing regions, which only the server has."""

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'"
)
"""The page loads and runs only its own files. Nothing on a card runs, or requests anything else."""


def cards_page(
    update: Update,
    *,
    events: str = "",
    home: str = "",
    draw: str = "",
    token: str = "",
    plain: str = "",
    for_learners: bool = False,
) -> str:
    """The page of cards. ``events`` is the URL of a stream of edition names, if the page is to follow them, ``home``
    that of the page above, and ``draw`` that of the page for drawing regions, if there are such pages. ``token``
    authorizes the page to open decks in Anki, if it may, and ``plain`` is the HTML for browsers without scripts. The
    page ``for_learners`` leaves out what only authors need."""
    title = html.escape(update.info.title)
    return Template(asset("preview/page.html")).substitute(
        policy=POLICY,
        title=title,
        heading=f'<a href="{home}">{title}</a>' if home else title,
        events=events,
        draw=f'<a class="button" href="{draw}" title="Draw the regions of a picture">Regions</a>' if draw else "",
        token=token,
        plain=plain,
        audience="learners" if for_learners else "authors",
        data=update.as_json().replace("<", "\\u003c"),  # so that no text ends the script element
    )


def draw_page() -> str:
    """The page on which the regions of a picture are drawn."""
    return Template(asset("preview/draw.html")).substitute(policy=POLICY)
