"""All cards of some notes on one page, with boxes to tick, for a reviewer who has only a browser or a printer."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping, Sequence

from deckgen.cards.note import Note
from deckgen.cards.rendering import note_cards
from deckgen.media.media import MediaFile, require_media
from deckgen.media.media_formats import data_url
from deckgen.reports.summary import count_contents

VERDICTS = ("right", "wrong", "unclear", "not worth a card")

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
_STYLE = """\
body { margin: 1.5em auto; max-width: 70em; padding: 0 1em; font: 15px/1.4 system-ui, sans-serif; }
article { margin: 1.2em 0; padding: 0.6em 0.8em; border: 1px solid #8a96a0; border-radius: 6px; break-inside: avoid; }
h2 { margin: 0; font-size: 1em; overflow-wrap: anywhere; } .place { margin: 0 0 0.4em; color: #56636f; }
.sides { display: grid; grid-template-columns: 1fr 1fr; gap: 0.6em; margin: 0.4em 0; break-inside: avoid; }
.sides > div { border: 1px solid #d5dbe0; min-width: 0; } .sides .card { font-size: 15px; }
.verdict { display: flex; flex-wrap: wrap; gap: 0.3em 1.4em; margin: 0.5em 0 0; }
.remark { flex: 1 1 14em; border-bottom: 1px solid #56636f; } label { white-space: nowrap; }
"""


def as_html(notes: Sequence[Note]) -> str:
    """A page that needs no other file."""
    styles = "\n".join(dict.fromkeys(note.note_type.css for note in notes))
    return "\n".join(
        [
            "<!doctype html>",
            '<html lang="en">',
            '<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
            "<title>Cards to review</title>",
            f"<style>\n{styles}\n{_STYLE}</style>",
            "<h1>Cards to review</h1>",
            f"<p>{count_contents(notes)}.</p>",
            *map(_article, notes),
            "</html>\n",
        ]
    )


def _article(note: Note) -> str:
    identity = note.identity
    reviewed = f" · reviewed {identity.reviewed.on} by {identity.reviewed.by}" if identity.reviewed else ""
    origin = f"{identity.domain} · {identity.position.path}:{identity.position.line}{reviewed}"
    boxes = "".join(f'<label><input type="checkbox"> {verdict}</label>' for verdict in VERDICTS)
    return (
        f"<article>\n<h2>{html.escape(identity.label)}</h2>\n"
        f'<p class="place">{html.escape(origin)}</p>\n{"".join(_rows(note))}'
        f'<p class="verdict">{boxes}<span class="remark">Remark:</span></p>\n</article>'
    )


def _rows(note: Note) -> Iterator[str]:
    """A row for each card, its front next to its back."""
    media = {file.name: file for file in note.media}
    for _, sides in note_cards(note):
        cells = "".join(f'<div><div class="card">{_standing_alone(side, media)}</div></div>' for side in sides)
        yield f'<div class="sides">{cells}</div>\n'


def _standing_alone(side: str, media: Mapping[str, MediaFile]) -> str:
    """A side with its pictures inside."""
    return re.sub(r'(<img src=")([^"]+)', lambda found: found[1] + _address(found[2], media), side)


def _address(name: str, media: Mapping[str, MediaFile]) -> str:
    if name not in media:
        return name
    return data_url(name, require_media(media[name]))
