"""All cards on pages without a script, for browsers and search engines that run none."""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, groupby

from deckgen.preview.gallery import CardView, Gallery, NoteView
from deckgen.site.card_element import card_element
from deckgen.site.layout import Layout

MOST = 150
"""Cards of a page, so that a phone can hold it; a note is not divided."""

Shown = tuple[NoteView, CardView]


@dataclass(frozen=True, slots=True)
class PlainPage:
    """A page with some cards: its file, the numbers of its first and last card, and the cards."""

    file: str
    first: int
    last: int
    cards: tuple[Shown, ...]


def divide(gallery: Gallery) -> tuple[PlainPage, ...]:
    """The living cards of a gallery by deck and domain, divided into pages."""
    decks = {deck.id: index for index, deck in enumerate(gallery.info.decks)}
    domains = {domain.id: index for index, domain in enumerate(gallery.info.domains)}
    notes = sorted(
        (note for note in gallery.notes.values() if note.deck in decks),
        key=lambda note: (decks[note.deck], domains.get(note.domain, len(domains))),
    )
    pages: list[list[Shown]] = [[]]
    for note in notes:
        own = [(note, card) for card in note.cards if card.now]
        if pages[-1] and len(pages[-1]) + len(own) > MOST:
            pages.append([])
        pages[-1] += own
    ends = [sum(map(len, pages[: index + 1])) for index in range(len(pages))]
    return tuple(
        PlainPage(page_file(number), end - len(cards) + 1, end, tuple(cards))
        for number, (cards, end) in enumerate(zip(pages, ends, strict=True), 1)
        if cards
    )


def page_file(number: int) -> str:
    """The file of a page; the first one has the number 1."""
    return f"cards-{number}.html"


def list_of_pages(pages: Sequence[PlainPage], gallery: Gallery) -> str:
    """Links to all pages, with what is on them."""
    return f'<ol class="pages">{"".join(_entry(page, gallery) for page in pages)}</ol>'


def _entry(page: PlainPage, gallery: Gallery) -> str:
    titles = {domain.id: domain.title for domain in gallery.info.domains}
    named = dict.fromkeys(titles.get(note.domain, note.domain) for note, _ in page.cards)
    about = html.escape("; ".join(named))
    return f'<li><a href="{page.file}">Cards {page.first:,} to {page.last:,}</a>: {about}</li>'


def plain_page(page: PlainPage, pages: Sequence[PlainPage], gallery: Gallery, layout: Layout) -> str:
    """A page as HTML."""
    body = "\n".join(chain(_head(page, pages), _sections(page, gallery, layout.language)))
    return layout.page(f"Cards {page.first:,} to {page.last:,}", body)


def _head(page: PlainPage, pages: Sequence[PlainPage]) -> Iterator[str]:
    yield f"<h1>Cards {page.first:,} to {page.last:,}</h1>"
    at = pages.index(page)
    links = [(pages[at - 1], "Previous page")] if at else []
    links += [(pages[at + 1], "Next page")] if at + 1 < len(pages) else []
    if links:
        listed = " ".join(f'<a href="{other.file}">{name}</a>' for other, name in links)
        yield f'<nav class="turn-pages" aria-label="Pages">{listed}</nav>'


def _sections(page: PlainPage, gallery: Gallery, language: str) -> Iterator[str]:
    decks = {deck.id: deck.title for deck in gallery.info.decks}
    domains = {domain.id: domain.title for domain in gallery.info.domains}
    numbered = enumerate(page.cards)
    for (deck, domain), own in groupby(numbered, key=lambda one: (one[1][0].deck, one[1][0].domain)):
        cards = "\n".join(card_element(note, card, number, language) for number, (note, card) in own)
        title = html.escape(f"{decks[deck]}: {domains.get(domain, domain)}")
        yield f'<section><h2>{title}</h2><div class="grid">{cards}</div></section>'
