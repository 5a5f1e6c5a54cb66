"""The first page of a web host: what the decks are, their packages, what they cover and what is new."""

from __future__ import annotations

import html
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from string import Template
from urllib.parse import quote, urlencode

from deckgen.preview.gallery import Choice, Gallery
from deckgen.preview.page import asset

POLICY = "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'"
"""This page has no script."""


@dataclass(frozen=True, slots=True)
class Download:
    """A package: its deck's name, title and description as HTML, and its size in bytes."""

    deck: str
    title: str
    description: str
    size: int


def landing_page(gallery: Gallery, downloads: Sequence[Download], disclaimer: str, terms: str) -> str:
    """The landing page; the disclaimer and the terms are HTML."""
    title = html.escape(gallery.info.title)
    body = [
        f"<h1>{title}</h1>",
        f'<p class="note">{disclaimer}</p>' if disclaimer else "",
        f'<p>Decks for <a href="https://apps.ankiweb.net">Anki</a>. {_link("Look at the cards")}.</p>',
        *(_deck(gallery, download) for download in downloads),
        _news(gallery) if gallery.info.since else "",
        f"<footer><p>{terms}</p></footer>" if terms else "",
    ]
    return Template(asset("landing.html")).substitute(policy=POLICY, title=title, body="\n".join(filter(None, body)))


def _link(text: str, **filters: str) -> str:
    query = html.escape(urlencode({"state": "", **filters}))
    return f'<a href="cards.html?{query}">{text}</a>'


def _deck(gallery: Gallery, download: Download) -> str:
    notes = [note for note in gallery.notes.values() if note.deck == download.deck]
    domains: Counter[str] = Counter()
    for note in notes:
        domains[note.domain] += sum(card.now is not None for card in note.cards)
    size = f"{max(1, round(download.size / 1024)):,} KB"
    name = html.escape(download.deck)
    url = quote(download.deck, safe="")  # a folder can have any name, such as 'javascript:x' or 'a#b'
    return "\n".join(
        (
            f'<section id="{name}"><h2>{html.escape(download.title)}</h2>',
            f"<p>{download.description}</p>" if download.description else "",
            f'<p><a class="download" href="{url}.apkg" download>Download {name}.apkg</a></p>',
            f"<p>{len(notes)} notes, {domains.total()} cards, {size}. Open it with Anki. Later versions are imported "
            "the same way and keep your progress.</p>",
            f'<table class="bars"><tbody>{"".join(_rows(gallery.info.domains, download.deck, domains))}'
            "</tbody></table></section>",
        )
    )


def _rows(domains: Sequence[Choice], deck: str, cards: Mapping[str, int]) -> Iterator[str]:
    most = max(1, sum(cards.values()))
    for domain in domains:
        count, title = cards[domain.id], html.escape(domain.title)
        yield (
            f'<tr><th scope="row">{_link(title, deck=deck, domain=domain.id)}</th><td>{count}</td><td class="fill">'
            f'<meter min="0" max="{most}" value="{count}" aria-label="{title}">{count}</meter></td></tr>'
        )


def _news(gallery: Gallery) -> str:
    counts = Counter(card.state for note in gallery.notes.values() for card in note.cards)
    states = ("new", "changed", "removed")
    items = "".join(f"<li>{_link(f'{counts[state]} {state}', state=state)}</li>" for state in states)
    return f"<section><h2>What is new since {html.escape(gallery.info.since)}</h2><ul>{items}</ul></section>"
