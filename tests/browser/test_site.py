"""The site of a release in a real browser, as learners see it: wide and narrow, light and dark, with and without
scripts."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from publisher import Publisher
from test_preview_page import hosted

REPOSITORY = Path(__file__).parents[2]
PAGES = ("index.html", "notes.html", "cards.html?kind=picture", "cards-6.html")
WIDTHS = (360, 1280)
THEMES = ("light", "dark")
MAX_PAGE, MAX_FIRST_PAGE = 1_000_000, 100_000
"""Bytes of a page without a script, and of the first page."""

LOOK = """() => {
    const found = [], width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth > width) found.push(`scrolls to ${document.documentElement.scrollWidth}`);
    for (const one of document.querySelectorAll('body *')) {
        const box = one.getBoundingClientRect();
        const wide = box.width && box.right > width + 1 && !one.closest('.wide');
        if (wide) found.push(`sticks out: ${one.outerHTML.slice(0, 80)}`);
        const text = [...one.childNodes].some(node => node.nodeType === 3 && node.data.trim());
        const size = parseFloat(getComputedStyle(one).fontSize);
        if (text && box.width && size < 12) found.push(`text of ${size}px: ${one.outerHTML.slice(0, 80)}`);
    }
    return found;
}"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of the second release of this repository's decks."""
    publisher = Publisher(tmp_path_factory.mktemp("site"))
    shutil.rmtree(publisher.folder / "decks")
    shutil.copytree(REPOSITORY / "decks", publisher.folder / "decks")
    (publisher.folder / "decks/deckgen.lock").unlink()
    publisher.publishes("v1")
    publisher.edits(
        "answer: A disc protrusion", "answer: A large disc protrusion", "decks/pain-practice/assessment.yaml"
    )
    publisher.runs(-60, "retire", "faq/nice-specific-causes", "--reason", "The list was withdrawn")
    return publisher.publishes("v2") / "site"


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    with hosted(site) as address:
        yield address


@pytest.fixture
def complaints() -> Iterator[list[str]]:
    """What a page logs or requests elsewhere; none may."""
    found: list[str] = []
    yield found
    assert found == []


def opened(browser: Any, complaints: list[str], width: int = 1280, theme: str = "light", **options: Any) -> Any:
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=theme, **options)
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda asked: None if _is_here(asked.url) else complaints.append(asked.url))
    return page


def _is_here(url: str) -> bool:
    return url.startswith(("http://127.0.0.1:", "data:"))


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_axe_finds_no_violation(browser, address, complaints, width, theme):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    source = axe.Axe().axe_script.replace("\ufeff", "")
    run = """async () => (await axe.run({rules: {'target-size': {enabled: true}}})).violations
        .map(v => `${v.id}: ${v.nodes[0].target} ${v.nodes[0].html}`)"""
    found = []
    page = opened(browser, complaints, width, theme, bypass_csp=True)  # for what axe itself adds
    for name in PAGES:
        page.goto(address + name)
        for turn in page.locator(".turn").all()[:3]:
            turn.check(force=True)
        page.evaluate(source)
        found += [f"{name}: {violation}" for violation in page.evaluate(run)]
    page.close()

    assert found == []


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_sticks_out_and_no_text_is_too_small(browser, address, complaints, width):
    page = opened(browser, complaints, width)
    found = []
    for name in PAGES:
        page.goto(address + name)
        found += [f"{name}: {fault}" for fault in page.evaluate(LOOK)]
    page.close()

    assert found == []


def test_pages_are_small(site):
    sizes = {path.name: path.stat().st_size for path in site.glob("*.html")}

    assert sizes["index.html"] < MAX_FIRST_PAGE
    assert [name for name, size in sizes.items() if size > MAX_PAGE and name != "cards.html"] == []


def test_every_link_leads_to_a_file_and_a_place_in_it(site):
    dead = []
    for path in site.glob("*.html"):
        for link in re.findall(r'(?:href|src)="([^"]*)"', _without_data(path.read_text(encoding="utf-8"))):
            url = urlsplit(unescape(link))
            if url.scheme:
                continue
            target = site / unquote(url.path) if url.path else path
            if not target.is_file() or (
                url.fragment and f'id="{url.fragment}"' not in target.read_text(encoding="utf-8")
            ):
                dead.append(f"{path.name}: {link}")

    assert dead == []


def _without_data(page: str) -> str:
    """A page without the cards that its script shows."""
    return page.partition('<script id="data"')[0]


def test_pages_load_nothing_from_elsewhere(site):
    """Links may lead elsewhere; pictures, styles and scripts are here."""
    for path in site.glob("*.html"):
        text = _without_data(path.read_text(encoding="utf-8"))
        loaded = re.findall(r"<(?:img|audio|script|link|source|iframe|object)\b[^>]*?\b(?:src|href)=\"([^\"]*)\"", text)
        assert {link for link in loaded if urlsplit(link).scheme not in ("", "data")} == set(), path.name
        assert "<script" not in text or path.name == "cards.html"


@pytest.mark.parametrize("theme", THEMES)
def test_a_card_with_a_covered_picture_turns_without_a_script(browser, address, complaints, theme):
    page = opened(browser, complaints, 360, theme, java_script_enabled=False)
    page.goto(f"{address}index.html")
    card = page.locator(".turning").first
    mask, name = card.locator(".front .mask").first, card.locator(".back .answer .name")

    assert mask.is_visible()
    assert not name.is_visible()
    card.locator(".front").click()
    assert name.is_visible()
    assert not mask.is_visible()
    assert card.locator(".back .shown").first.is_visible()
    card.locator(".turn").focus()
    page.keyboard.press("Space")
    assert mask.is_visible()
    page.close()


def test_all_cards_can_be_read_without_a_script(browser, address, complaints):
    page = opened(browser, complaints, java_script_enabled=False)
    page.goto(f"{address}cards.html")
    pages = [link.get_attribute("href") for link in page.locator(".pages a").all()]
    shown = 0
    for name in pages:
        page.goto(address + name)
        shown += page.locator("article.turning").count()
    page.goto(f"{address}index.html")
    counted = page.inner_text(".hero .facts")
    page.close()

    assert f"· {shown} cards ·" in counted


def test_the_gallery_is_searched_by_word_domain_and_kind(browser, address, complaints):
    page = opened(browser, complaints)
    page.goto(f"{address}cards.html")
    found = lambda: page.eval_on_selector_all(".box", "all => all.map(one => one.dataset.id)")  # noqa: E731

    page.fill("#search", "large disc protrusion")
    assert found() == ["faq/cauda-equina-cause#1"]
    page.fill("#search", "")
    page.select_option("#kind", label="Pictures")
    assert found()
    assert all(id.startswith("picture/") for id in found())
    page.select_option("#kind", "")
    page.select_option("#domain", label="Communication skills")
    assert 0 < len(found()) < 100
    assert page.inner_text("#count").startswith(f"{len(found())} of ")
    page.close()


def test_the_gallery_for_learners_has_nothing_for_authors(browser, address, complaints):
    page = opened(browser, complaints)
    page.goto(f"{address}cards.html")

    assert not page.is_visible("#state")
    assert page.locator(".found").count() == 0
    assert page.locator(".where").count() == 0
    page.click("header.bar h1 a")
    assert page.url == f"{address}index.html"
    page.close()


@pytest.mark.parametrize("theme", THEMES)
def test_pages_and_cards_follow_the_theme_of_the_system_without_a_script(browser, address, complaints, theme):
    page = opened(browser, complaints, theme=theme)
    page.goto(f"{address}index.html")
    light = """(one) => getComputedStyle(one).backgroundColor.match(/\\d+/g).slice(0, 3).every((part) => part > 128)"""

    assert page.eval_on_selector("body", light) is (theme == "light")
    assert page.locator(".front .card").first.evaluate(light) is (theme == "light")
    page.close()


def test_the_notes_link_the_files_that_they_name(browser, address, complaints, site):
    page = opened(browser, complaints, accept_downloads=True)
    page.goto(f"{address}notes.html")
    with page.expect_download() as waiting:
        page.locator("a", has_text="pain-practice-since-v1.apkg").first.click()
    downloaded = waiting.value.path().read_bytes()
    page.close()

    assert downloaded == (site / "pain-practice-since-v1.apkg").read_bytes()
