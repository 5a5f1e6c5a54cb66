"""Photograph cards of the decks: a contact sheet for each client, and the picture of the README.

    python tests/browser/screenshots.py [--cards N] [--seed N] [--match TEXT]

The sheets are written to build/screenshots/; the pictures of the README are docs/card.png and docs/site.png.
"""

from __future__ import annotations

import argparse
import base64
import random
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

from pages import CLIENTS, Client, Side, chromium, sides
from playwright.sync_api import sync_playwright

from author import build_decks

REPOSITORY = Path(__file__).parent.parent.parent
README_NOTE = "picture/lumbar-axial"


def photograph(page: Any, side: Side, client: Client) -> bytes:
    """One side, as high as it is."""
    page.set_viewport_size({"width": client.width, "height": 100})
    page.set_content(side.page(client))
    picture: bytes = page.screenshot(full_page=True)
    return picture


def sheet(browser: Any, pictures: list[tuple[str, bytes]], columns: int, width: int) -> bytes:
    """Pictures beside each other, each below its name."""
    cells = "".join(
        f'<figure><figcaption>{name}</figcaption><img src="data:image/png;base64,{base64.b64encode(data).decode()}">'
        "</figure>"
        for name, data in pictures
    )
    style = (
        f"body {{ margin: 8px; background: #888; font: 12px sans-serif; display: grid; gap: 8px; align-items: start;"
        f"grid-template-columns: repeat({columns}, {width}px) }} figure {{ margin: 0 }} img {{ width: {width}px }}"
        f"figcaption {{ color: #fff; overflow: hidden; white-space: nowrap }}"
    )
    page = browser.new_page(viewport={"width": columns * (width + 8) + 8, "height": 100})
    page.set_content(f"<style>{style}</style>{cells}")
    picture: bytes = page.screenshot(full_page=True)
    page.close()
    return picture


def readme_picture(browser: Any, found: list[Side]) -> bytes:
    """The front in the light and the back in the dark of the note's second card, beside each other."""
    front, back = [side for side in found if side.card.startswith(f"{README_NOTE}#")][2:4]
    light, dark = CLIENTS[0], CLIENTS[1]
    parts = []
    for side, client in ((front, light), (back, dark)):
        page = browser.new_page(viewport={"width": 560, "height": 596}, device_scale_factor=1.5)
        page.set_content(side.page(client))
        parts.append(base64.b64encode(page.screenshot()).decode())
        page.close()
    return beside(browser, [(part, 560) for part in parts], 596)


def beside(browser: Any, pictures: list[tuple[str, int]], height: int) -> bytes:
    """Pictures of some widths beside each other."""
    page = browser.new_page(
        viewport={"width": sum(width + 12 for _, width in pictures) - 12, "height": height}, device_scale_factor=1.5
    )
    images = "".join(f'<img width="{width}" src="data:image/png;base64,{data}">' for data, width in pictures)
    page.set_content(f"<body style='margin:0;display:flex;gap:12px;background:#fff'>{images}</body>")
    picture: bytes = page.screenshot()
    page.close()
    return picture


def site_picture(browser: Any, folder: Path) -> bytes:
    """The first page of the site on a desk in the light, and on a phone in the dark."""
    site = folder / "site"
    subprocess.run([sys.executable, "-m", "deckgen", "preview", "--static", site], cwd=folder, check=True)
    parts = []
    for width, theme, shown in ((1180, "light", 780), (400, "dark", 340)):
        size = {"width": width, "height": 624 * width // shown}
        page = browser.new_page(viewport=size, color_scheme=theme, device_scale_factor=1.5 * shown / width)
        page.goto((site / "index.html").as_uri())
        page.wait_for_load_state("networkidle")
        parts.append((base64.b64encode(page.screenshot()).decode(), shown))
        page.close()
    return beside(browser, parts, 624)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cards", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--match", default="")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = [side for package in sorted(build_decks(Path(folder)).glob("*.apkg")) for side in sides(package)]
        with sync_playwright() as driver:
            browser = driver.chromium.launch(executable_path=chromium(), args=["--no-sandbox", "--disable-gpu"])
            (REPOSITORY / "docs/site.png").write_bytes(site_picture(browser, Path(folder)))
            browser.close()
    cards = sorted({side.card for side in found if options.match in side.card})
    chosen = set(random.Random(options.seed).sample(cards, min(options.cards, len(cards))))
    target = REPOSITORY / "build/screenshots"
    target.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium(), args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page()
        for client in CLIENTS:
            shown = [side for side in found if side.card in chosen]
            pictures = [(f"{side.card} {side.side}", photograph(page, side, client)) for side in shown]
            columns, width = (4, 440) if client.width > 500 else (6, 300)
            (target / f"{client.id}.png").write_bytes(sheet(browser, pictures, columns, width))
            print(target / f"{client.id}.png")
        (REPOSITORY / "docs/card.png").write_bytes(readme_picture(browser, found))
        browser.close()


if __name__ == "__main__":
    main()
