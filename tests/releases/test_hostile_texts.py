"""Whatever a project calls its parts and asks, it is text on the site, in the notes and in the feed."""

from __future__ import annotations

import json
from html.parser import HTMLParser

import sample

TEXTS = (
    "</title><script>ran = 1</script>",
    '" onload="ran = 2" x="',
    "<img src=x onerror=ran=3>",
    "`</code><script>ran = 4</script>`",
    "[a link](javascript:ran=5) | a cell",
    "</template></label></article><script>ran = 6</script>",
    "$body ${title} {{c1::x}} @everybody #1",
)
ALLOWED = {"cards.html": 4}
"""Elements that run or hold a script, by page: the gallery and its data."""


class Elements(HTMLParser):
    """Collects the elements of a page that could run something."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.scripts = 0
        self.active: list[str] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.scripts += tag == "script"
        if tag in ("iframe", "object", "embed", "base"):
            self.active.append(tag)
        for name, value in attrs:
            if name.startswith("on") or (value or "").strip().lower().startswith("javascript:"):
                self.active.append(f"{tag} {name}={value}")

    def handle_data(self, data: str) -> None:
        self.text += data


def test_texts_are_shown_as_text(publisher):
    everything = " ".join(TEXTS)
    own = sample.scalar(everything)
    literal = [sample.scalar(f"`` {text} ``") for text in TEXTS]
    settings = publisher.folder / "decks/deckgen.yaml"
    text = settings.read_text().replace("title: Sample", f"title: {own}").replace("basics: Basics", f"basics: {own}")
    settings.write_text(f"{text}authors: [{own}]\nlicence: {own}\n")
    publisher.publishes("v1")
    publisher.edits("question: Is it the first?", f"question: {literal[0]}")
    added = [f"  - {{id: new{place}, question: {one}, answer: {one}}}\n" for place, one in enumerate(literal)]
    publisher.edits("faq:\n", f"faq:\n{''.join(added)}")
    publisher.runs(-60, "retire", "faq/second", "--reason", everything)
    folder = publisher.publishes("v2")

    pages = {path.name: path.read_text(encoding="utf-8") for path in (folder / "site").glob("*.html")}
    pages["feed"] = json.loads((folder / "feed.json").read_text(encoding="utf-8"))["items"][0]["content_html"]
    for name, page in pages.items():
        found = Elements(page)
        assert (name, found.scripts, found.active) == (name, ALLOWED.get(name, 0), [])
    shown = " ".join(Elements(pages["notes.html"]).text.replace("\u200b", "").split())
    assert [text for text in TEXTS if shown.count(text) < 3] == []
    assert everything in (folder / "ankiweb.txt").read_text(encoding="utf-8")
