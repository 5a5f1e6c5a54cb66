"""``feed.json``: the release for feed readers, as a JSON Feed (https://www.jsonfeed.org/version/1.1/)."""

from __future__ import annotations

import json

from deckgen.releases.notes import ReleaseNotes


def as_feed(notes: ReleaseNotes, html: str) -> str:
    """The feed with this release, whose notes are ``html``. Readers keep the items of earlier releases themselves."""
    settings = notes.settings
    item = {
        "id": f"{settings.namespace}/{notes.name}",
        "title": f"{settings.title}: release {notes.name}",
        "content_html": html,
        "date_published": f"{notes.date}T00:00:00Z",
    }
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": settings.title,
        "language": settings.language,
        "authors": [{"name": author} for author in settings.authors],
        "items": [item],
    }
    return json.dumps(feed, indent=2, ensure_ascii=False) + "\n"
