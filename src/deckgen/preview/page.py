"""The pages of a preview as HTML, and the files that belong to them."""

from __future__ import annotations

import html
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from string import Template
from typing import Any
from urllib.parse import quote, urlencode

from deckgen.preview.gallery import Gallery

ASSETS = ("page.css", "page.js")
DATA_TYPE = "application/json"

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'"
)
"""What the gallery may load and run: its own files. Whatever a card says, it runs nothing and requests nothing else."""

LANDING_POLICY = "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'"
"""The same for the landing page, which has no script."""


def asset(name: str) -> str:
    """A file of the page, as text."""
    return files("deckgen.preview").joinpath(name).read_text(encoding="utf-8")


def as_json(gallery: Gallery, *, watching: bool) -> str:
    """The data of a page."""
    return json.dumps(gallery.data | {"watching": watching}, ensure_ascii=False, separators=(",", ":"))


def cards_page(gallery: Gallery, *, watching: bool = False, home: str = "") -> str:
    """The gallery; ``home`` is the address of the page above it, if there is one."""
    title = html.escape(gallery.data["title"])
    data = as_json(gallery, watching=watching).replace("<", "\\u003c")  # so that nothing in it ends the element
    heading = f'<a href="{home}">{title}</a>' if home else title
    return Template(asset("page.html")).substitute(policy=POLICY, title=title, heading=heading, data=data)


@dataclass(frozen=True)
class Download:
    """A package on the landing page: its deck's name, title and description as HTML, and its size in bytes."""

    deck: str
    title: str
    description: str
    size: int


def landing_page(gallery: Gallery, downloads: Sequence[Download], disclaimer: str, terms: str) -> str:
    """The first page of a web host: what the decks are, their packages, what they cover and what is new.

    The disclaimer and the terms are HTML.
    """
    data = gallery.data
    body = [
        f"<h1>{html.escape(data['title'])}</h1>",
        f'<p class="note">{disclaimer}</p>' if disclaimer else "",
        f'<p>Decks for <a href="https://apps.ankiweb.net">Anki</a>. {_link("Look at the cards")}.</p>',
        *(_deck(data, download) for download in downloads),
        _news(data),
        f"<footer><p>{terms}</p></footer>" if terms else "",
    ]
    return Template(asset("landing.html")).substitute(
        policy=LANDING_POLICY, title=html.escape(data["title"]), body="\n".join(part for part in body if part)
    )


def _link(text: str, **filters: str) -> str:
    query = html.escape(urlencode({"state": "", **filters}))
    return f'<a href="cards.html?{query}">{text}</a>'


def _deck(data: dict[str, Any], download: Download) -> str:
    cards = [card for card in data["cards"] if card["deck"] == download.deck]
    notes = len({card["note"] for card in cards})
    size = f"{max(1, round(download.size / 1024)):,} KB"
    name = html.escape(download.deck)
    address = quote(download.deck, safe="")  # which a folder's name such as 'javascript:x' or 'a#b' is not
    return "\n".join(
        (
            f'<section id="{name}"><h2>{html.escape(download.title)}</h2>',
            f"<p>{download.description}</p>" if download.description else "",
            f'<p><a class="download" href="{address}.apkg" download>Download {name}.apkg</a></p>',
            f"<p>{notes} notes, {len(cards)} cards, {size}. Open it with Anki. A newer one is imported in the same way "
            f'and keeps your progress; the <a href="{address}-update.txt" download>update file</a> is for those who '
            "write notes of their own into cards.</p>",
            f'<table class="bars"><tbody>{"".join(_rows(data, download.deck, cards))}</tbody></table></section>',
        )
    )


def _rows(data: dict[str, Any], deck: str, cards: Sequence[dict[str, Any]]) -> Iterator[str]:
    for domain in data["domains"]:
        count = sum(card["domain"] == domain["id"] for card in cards)
        title = html.escape(domain["title"])
        yield (
            f'<tr><th scope="row">{_link(title, deck=deck, domain=domain["id"])}</th><td>{count}</td><td class="fill">'
            f'<meter min="0" max="{max(1, len(cards))}" value="{count}" aria-label="{title}">{count}</meter></td></tr>'
        )


def _news(data: dict[str, Any]) -> str:
    if not data["since"]:
        return ""
    counts = {state: sum(card["state"] == state for card in data["cards"]) for state in ("new", "changed", "removed")}
    items = "".join(f"<li>{_link(f'{count} {state}', state=state)}</li>" for state, count in counts.items())
    return f"<section><h2>What is new since {html.escape(data['since'])}</h2><ul>{items}</ul></section>"
