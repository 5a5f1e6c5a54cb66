"""Every card of the decks, front and back, as a browser shows it: readable, accessible, nothing out of place."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from pages import CLIENTS, Client, Side

LOOK = """() => {
    const root = document.documentElement, found = [];
    if (root.scrollWidth > window.innerWidth) found.push(`is ${root.scrollWidth} pixels wide`);
    const walker = document.createTreeWalker(document.getElementById('qa'), NodeFilter.SHOW_TEXT);
    const boxes = [];
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        if (!node.data.trim()) continue;
        const style = getComputedStyle(node.parentElement);
        if (style.display === 'none') continue;
        const size = parseFloat(style.fontSize);
        if (size === 0) continue;  // the brackets that Anki puts around a mask
        if (size < 14) found.push(`text of ${style.fontSize}: ${node.data.trim()}`);
        const range = document.createRange();
        range.selectNodeContents(node);
        for (const box of range.getClientRects()) boxes.push([box, node.data.trim()]);
    }
    for (let i = 0; i < boxes.length; i++) for (let j = i + 1; j < boxes.length; j++) {
        const [a, b] = [boxes[i][0], boxes[j][0]];
        const width = Math.min(a.right, b.right) - Math.max(a.left, b.left);
        const height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
        if (width > 1 && height > 4) found.push(`'${boxes[i][1]}' overlaps '${boxes[j][1]}'`);
    }
    return found;
}"""


@pytest.fixture(params=CLIENTS, ids=lambda client: client.id)
def client(request: pytest.FixtureRequest) -> Client:
    return request.param


@pytest.fixture
def page(browser: Any, client: Client) -> Iterator[Any]:
    requests: list[str] = []
    page = browser.new_page(viewport={"width": client.width, "height": 800})
    page.on("request", lambda request: requests.append(request.url))
    yield page
    page.close()
    assert [url for url in requests if not url.startswith(("about:", "data:"))] == []


def test_no_card_scrolls_sideways_overlaps_or_is_too_small(page: Any, client: Client, all_sides: list[Side]) -> None:
    found = []
    for side in _share(all_sides, client):
        page.set_content(side.page(client))
        found += [f"{side.card} {side.side}: {fault}" for fault in page.evaluate(LOOK)]

    assert found == []


def test_axe_finds_no_violation(page: Any, client: Client, all_sides: list[Side]) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    source = (axe.Axe().axe_script).replace("\ufeff", "")
    found = []
    for side in _of_each_sort(all_sides):
        page.set_content(side.page(client))
        page.evaluate(source)
        result = page.evaluate("async () => (await axe.run()).violations.map(v => v.id + ': ' + v.nodes[0].html)")
        found += [f"{side.card} {side.side}: {violation}" for violation in result]

    assert found == []


def _share(all_sides: list[Side], client: Client) -> list[Side]:
    """Both sides of the cards that one client shows: together, the clients show every card."""
    turn, cards = CLIENTS.index(client), zip(all_sides[::2], all_sides[1::2], strict=True)
    return [side for number, sides in enumerate(cards) if number % len(CLIENTS) == turn for side in sides]


def _of_each_sort(all_sides: list[Side]) -> list[Side]:
    """A card of each card template and, of lists, of each sort of card, so that every rule of the style is met."""
    chosen: dict[tuple[str, ...], Side] = {}
    for side in all_sides:
        classes = tuple(sorted({part.split('"')[0] for part in side.html.split('class="')[1:]}))
        chosen.setdefault((side.side, *classes), side)
    return list(chosen.values())


def test_the_question_stands_in_the_same_place_on_both_sides(page: Any, client: Client, all_sides: list[Side]) -> None:
    """Nothing jumps when a card is turned: what is on both sides is at the same height, the answer's box included."""
    where = """() => ['.crumb', '.question', '.ask', '.answer'].map(name => {
        const found = [...document.querySelectorAll(name)].find(one => one.getClientRects().length);
        return found && [name, Math.round(found.getBoundingClientRect().top)];
    })"""
    moved = []
    sides = _share(all_sides, client)
    for front, back in zip(sides[::2], sides[1::2], strict=True):
        places = []
        for side in (front, back):
            page.set_content(side.page(client))
            places.append([place for place in page.evaluate(where) if place])
        if places[0] != places[1]:
            moved.append(f"{front.card}: {places}")

    assert moved == []


def test_dark_cards_are_dark_and_light_ones_light(page: Any, client: Client, all_sides: list[Side]) -> None:
    page.set_content(all_sides[1].page(client))
    background = page.evaluate("() => getComputedStyle(document.body).backgroundColor")
    light = sum(int(part) for part in background[4:-1].split(",")) > 3 * 128

    assert light is not client.night


def test_no_card_runs_a_script_or_asks_for_anything(all_sides: list[Side]) -> None:
    for side in all_sides:
        html = side.html + side.css
        assert "<script" not in html
        assert "@import" not in html
        assert "url(" not in html
        assert 'src="http' not in html
