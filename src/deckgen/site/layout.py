"""The parts that all pages of the site share: the head, the links between pages, and the foot."""

from __future__ import annotations

import html
from collections.abc import Mapping
from dataclasses import dataclass
from string import Template

from deckgen.core.assets import asset

POLICY = (
    "default-src 'none'; style-src 'self'; style-src-attr 'unsafe-inline'; img-src 'self' data:; media-src 'self'; "
    "base-uri 'none'; form-action 'none'"
)
"""The pages run no script and request nothing from elsewhere."""


@dataclass(frozen=True, slots=True)
class Layout:
    """The title of the site, the language of its cards, the pages that each page links to, by file, and the foot as
    HTML."""

    title: str
    language: str
    links: Mapping[str, str]
    foot: str

    def page(self, title: str, body: str) -> str:
        """A page with a title of its own, or the first page of the site, which has none."""
        links = "".join(f'<li><a href="{file}">{html.escape(name)}</a></li>' for file, name in self.links.items())
        feed = '<link rel="alternate" type="application/feed+json" href="feed.json">' if self.has_feed else ""
        return Template(asset("site/site.html")).substitute(
            policy=POLICY,
            title=html.escape(f"{title} · {self.title}" if title else self.title),
            name=html.escape(self.title),
            feed=feed,
            links=links,
            body=body,
            foot=f"<footer>{self.foot}</footer>" if self.foot else "",
        )

    @property
    def has_feed(self) -> bool:
        return "feed.json" in self.links
