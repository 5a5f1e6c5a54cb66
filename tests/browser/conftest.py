"""A browser for the tests that look at cards: Chromium, as the system has it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pages import Side, chromium, sides

from author import build_decks

REPOSITORY = Path(__file__).parents[2]
ALL_KINDS = REPOSITORY / "tests/golden/all-kinds/decks"


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api", reason="needs the extra 'browser': make test-browser")
    executable = chromium()
    if executable is None:
        pytest.skip("needs Chromium; on Debian: apt-get install chromium")
    with playwright.sync_playwright() as driver:
        options = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
        running = driver.chromium.launch(executable_path=executable, args=options)
        yield running
        running.close()


@pytest.fixture(scope="session")
def all_sides(tmp_path_factory: pytest.TempPathFactory) -> list[Side]:
    built = [build_decks(tmp_path_factory.mktemp("decks"), decks) for decks in (REPOSITORY / "decks", ALL_KINDS)]
    found = [side for folder in built for package in sorted(folder.glob("*.apkg")) for side in sides(package)]

    assert len(found) > 300
    return found
