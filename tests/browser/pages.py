"""Cards as pages of a browser: rendered by the real Anki, in the surroundings that its clients give them.

The classes and base rules are those of Anki 26.09 (``ts/reviewer``, ``qt/aqt/webview.py``), of AnkiDroid 2.25 and of
AnkiMobile's manual.
"""

from __future__ import annotations

import base64
import mimetypes
import os
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from learner import Learner


def chromium() -> str | None:
    """The system's Chromium; no test downloads a browser."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)


@dataclass(frozen=True)
class Client:
    """A client in one theme: the classes of the page and of the card, its base rules, and the width of its window."""

    name: str
    night: bool
    width: int
    page: str
    body: str
    rules: str

    @property
    def id(self) -> str:
        return f"{self.name}-{'dark' if self.night else 'light'}-{self.width}"


_DESKTOP = """
body { margin: 20px; overflow-wrap: break-word; background: #f5f5f5; }
body.nightMode { background: #2c2c2c; color: #fcfcfc; }
img { max-width: 100%; max-height: 95vh; } li { text-align: start; } pre { text-align: left; }
"""
_DROID = (
    "body { margin: 0; } #content { margin: 0.5em; } img { max-width: 100%; } body.night_mode { background: #303030; }"
)
_MOBILE = "body { margin: 0; padding: 8px; }"


def _client(name: str, night: bool, width: int) -> Client:
    dark = {
        "desktop": " nightMode night_mode",
        "ankidroid": " night_mode nightMode ankidroid_dark_mode",
        "ankimobile": " nightMode",
    }[name]
    page = {"desktop": "linux chrome", "ankidroid": "mobile android linux js", "ankimobile": "mobile iphone"}[name]
    rules = {"desktop": _DESKTOP, "ankidroid": _DROID, "ankimobile": _MOBILE}[name]
    return Client(name, night, width, page, f"card card{{number}} isLin{dark if night else ''}", rules)


CLIENTS = [
    _client("desktop", False, 1000),
    _client("desktop", True, 1000),
    _client("ankidroid", False, 360),
    _client("ankidroid", True, 360),
    _client("ankimobile", True, 360),
]


def _data_url(path: Path) -> str:
    kind = mimetypes.guess_type(path.name)[0]
    return f"data:{kind};base64,{base64.b64encode(path.read_bytes()).decode()}"


@dataclass(frozen=True)
class Side:
    """One side of a card, as Anki renders it."""

    card: str
    side: str
    number: int
    html: str
    css: str
    answer: str
    media: dict[str, str]
    """The files that it may show, by name, as addresses that contain them."""

    def page(self, client: Client) -> str:
        """A whole document."""
        body = client.body.format(number=self.number)
        html = re.sub(r'<img src="([^"]+)"', lambda found: f'<img src="{self.media[found[1]]}"', self.html)
        return (
            f'<!doctype html><html lang="en" class="{client.page}"><head><meta charset="utf-8"><title>Card</title>'
            f'<meta name="viewport" content="width=device-width"><style>{client.rules}</style><style>{self.css}</style>'
            f'</head><body class="{body}"><div id="content"><div id="qa">{html}</div></div></body></html>'
        )


def sides(package: Path) -> list[Side]:
    """Both sides of every card of a package."""
    found = []
    with Learner() as learner:
        learner.imports(package)
        media = {path.name: _data_url(path) for path in Path(learner.col.media.dir()).iterdir()}
        for id in learner.col.db.list("select id from cards order by due, ord"):
            card = learner.col.get_card(id)
            output = card.render_output(True)
            if "Id" not in card.note():  # a note type of the project's own looks as its author likes
                continue
            name = f"{card.note()['Id']}#{card.ord + 1}"
            css = card.note_type()["css"]
            for side, html in (("front", output.question_text), ("back", output.answer_text)):
                found.append(Side(name, side, card.ord + 1, html, css, output.answer_text, media))
    return found
