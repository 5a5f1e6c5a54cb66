"""The first page of the site: what the decks are, cards to try, how to import and update them, what they cover."""

from __future__ import annotations

import html
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from string import Template
from urllib.parse import quote, urlencode

from deckgen.core.assets import asset
from deckgen.core.terminal import count
from deckgen.preview.gallery import CardView, Choice, Gallery, NoteView
from deckgen.site.card_element import card_element
from deckgen.site.layout import Layout

TRIED = 3
"""Cards to try on the first page."""

_OWN_NOTES = """ If you write on cards, import the update file
of the release first: the release notes say which."""


@dataclass(frozen=True, slots=True)
class Download:
    """A package: its deck's name, title and description as HTML, and its size in bytes."""

    deck: str
    title: str
    description: str
    size: int


def landing_page(gallery: Gallery, downloads: Sequence[Download], disclaimer: str, release: str, layout: Layout) -> str:
    """The first page; the disclaimer is HTML. ``release`` names the release and its date; empty without one."""
    cards = sum(_living(note) for note in gallery.notes.values())
    facts = [count(len(downloads), "deck"), count(cards, "card"), *([release] if release else [])]
    listed = " · ".join(f"<span>{html.escape(fact)}</span>" for fact in facts)
    body = [
        '<section class="hero">',
        f"<h1>{html.escape(gallery.info.title)}</h1>",
        f'<p class="lead">Flashcards for <a href="https://apps.ankiweb.net">Anki</a>, free to download. '
        f'<span class="facts">{listed}</span></p>',
        f'<p class="note">{disclaimer}</p>' if disclaimer else "",
        '<p class="actions"><a class="download" href="#decks">Download</a> '
        '<a class="quiet-button" href="cards.html">Browse the cards</a></p></section>',
        _trial(gallery, layout.language),
        '<section id="decks"><h2>Decks</h2>',
        *(_deck(gallery, download) for download in downloads),
        "</section>",
        Template(asset("site/import.html")).substitute(
            file=html.escape(f"{downloads[0].deck}.apkg"),
            deck=html.escape(downloads[0].title),
            own_notes=_OWN_NOTES if release else "",
            retired="; the release notes have a search that finds them" if release else "",
        ),
        _news(gallery) if gallery.info.since else "",
    ]
    return layout.page("", "\n".join(filter(None, body)))


def _trial(gallery: Gallery, language: str) -> str:
    chosen = list(_tried(gallery))
    if not chosen:
        return ""
    cards = "\n".join(card_element(note, card, number, language) for number, (note, card) in enumerate(chosen))
    return (
        f'<section id="try"><h2>Try a card</h2><p>Answer in your head, then turn the card.</p>'
        f'<div class="grid">{cards}</div></section>'
    )


def _tried(gallery: Gallery) -> Iterator[tuple[NoteView, CardView]]:
    """Cards with a covered picture and, if there are not enough, one of each other kind."""
    living = [note for note in gallery.notes.values() if note.deck and _living(note)]
    pictures = [note for note in living if note.kind == "picture"]
    firsts = {note.kind: note for note in reversed(living) if note.kind != "picture"}
    for note in [*pictures, *firsts.values()][:TRIED]:
        cards = [card for card in note.cards if card.now]
        yield note, cards[len(cards) // 2]  # the first is often the easiest


def _living(note: NoteView) -> int:
    return sum(card.now is not None for card in note.cards)


def _link(text: str, **filters: str) -> str:
    query = html.escape(urlencode({"state": "", **filters}))
    return f'<a href="cards.html?{query}">{text}</a>'


def _deck(gallery: Gallery, download: Download) -> str:
    notes = [note for note in gallery.notes.values() if note.deck == download.deck]
    domains: Counter[str] = Counter()
    for note in notes:
        domains[note.domain] += _living(note)
    size = f"{max(1, round(download.size / 1024)):,} KB"
    contents = f"{count(len(notes), 'note')}, {count(domains.total(), 'card')}"
    name = html.escape(download.deck)
    url = quote(download.deck, safe="")  # a folder can have any name, such as 'javascript:x' or 'a#b'
    return "\n".join(
        (
            f'<article class="deck" id="{name}"><h3>{html.escape(download.title)}</h3>',
            f'<div class="about-deck">{download.description}</div>' if download.description else "",
            f'<p class="actions"><a class="download" href="{url}.apkg" download>Download {name}.apkg</a> '
            f'<span class="facts">{contents}, {size}</span></p>',
            f'<table class="bars"><caption>Cards by domain</caption><tbody>'
            f"{''.join(_rows(gallery.info.domains, download.deck, domains))}</tbody></table></article>",
        )
    )


def _rows(domains: Sequence[Choice], deck: str, cards: Mapping[str, int]) -> Iterator[str]:
    most = max(1, *cards.values())
    for domain in domains:
        number, title = cards[domain.id], html.escape(domain.title)
        if number:
            yield (
                f'<tr><th scope="row">{_link(title, deck=deck, domain=domain.id)}</th><td>{number}</td>'
                f'<td class="fill"><meter min="0" max="{most}" value="{number}" aria-label="{title}">{number}</meter>'
                "</td></tr>"
            )


def _news(gallery: Gallery) -> str:
    counts = Counter(card.state for note in gallery.notes.values() for card in note.cards)
    states = ("new", "changed", "removed")
    items = "".join(f"<li>{_link(f'{counts[state]} {state}', state=state)}</li>" for state in states)
    return f"<section><h2>What is new since {html.escape(gallery.info.since)}</h2><ul>{items}</ul></section>"
