"""Render the gallery of a compiled project, again and again, rendering only notes that changed."""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import quote

from deckgen.cards.note import Note
from deckgen.cards.note_type import NoteType
from deckgen.cards.rendering import CardSides, note_cards
from deckgen.compiler.pipeline import Compilation
from deckgen.core.diagnostics import Diagnostic, Position, Severity
from deckgen.kinds.registry import kinds_by_name
from deckgen.lint.run import all_lint_rules
from deckgen.media.media_formats import data_url
from deckgen.preview.earlier import Earlier, EarlierCard, EarlierNote
from deckgen.preview.gallery import CardView, Choice, FindingView, Gallery, NoteView, PageInfo, ProblemView, Sides
from deckgen.reports.finding_text import excerpt
from deckgen.text.escaping import SOUND, attribute
from deckgen.text.safe_html import Resource, html_files, is_remote, with_files

EDITORS = {
    "vscode": "vscode://file/{path}:{line}:{column}",
    "vscodium": "vscodium://file/{path}:{line}:{column}",
    "cursor": "cursor://file/{path}:{line}:{column}",
    "zed": "zed://file/{path}:{line}:{column}",
    "idea": "idea://open?file={path}&line={line}&column={column}",
    "none": "",
}
"""URLs that open a file in an editor."""

_ANKI_STYLE = """\
body { margin: 0; }
.card { padding: 20px; overflow-wrap: break-word; }
img { max-width: 100%; }
li { text-align: start; }
pre { text-align: left; }
"""
"""What Anki gives every card besides the style of its note type (``ts/reviewer/reviewer.scss``). Anki's margin is
padding here, since a card's background covers the margin in Anki."""


@dataclass(frozen=True, slots=True)
class _Rendered:
    """A note's view, and everything that it was made of."""

    note: Note
    deck: str
    findings: tuple[Diagnostic, ...]
    view: NoteView


class GalleryRenderer:
    """Renders galleries with links to an ``editor``, a URL with ``{path}``, ``{line}`` and ``{column}``, and compared
    with an earlier version, if there is one. ``for_learners`` they have no findings and no places in sources. Remembers
    the notes of the last gallery."""

    def __init__(self, editor: str = "", earlier: Earlier | None = None, *, for_learners: bool = False) -> None:
        self._editor = editor
        self._for_learners = for_learners
        self._earlier = earlier
        self._earlier_notes: Mapping[str, EarlierNote] = earlier.notes if earlier else {}
        self._earlier_styles = {card.style for note in self._earlier_notes.values() for card in note.cards.values()}
        self._last: dict[str, _Rendered] = {}  # by guid
        self._removed: dict[str, NoteView] = {}  # by id

    def render(self, compilation: Compilation) -> Gallery:
        """Render the living notes of a compilation, and the removed notes of the earlier version."""
        findings = {} if self._for_learners else _findings_by_note(compilation)
        rendered: dict[str, _Rendered] = {}
        for package in compilation.packages:
            for note in package.notes if not package.retired else ():
                guid = note.identity.guid
                rendered[guid] = self._note(note, package.name, findings.get(note.id, ()), self._last.get(guid))
        self._last = rendered
        notes = {one.view.id: one.view for one in rendered.values()}
        removed = [(note.label, guid) for guid, note in self._earlier_notes.items() if guid not in rendered]
        for label, guid in sorted(removed):
            id = label if label not in notes else f"{label} ({guid})"
            notes[id] = self._removed_note(id, self._earlier_notes[guid])
        styles = self._earlier_styles | {one.note.note_type.css for one in rendered.values()}
        project = compilation.project
        info = PageInfo(
            project.settings.title,
            tuple(Choice(deck.name, deck.settings.title) for deck in project.decks),
            tuple(Choice(id, title) for id, title in project.settings.domains.items()),
            {name: kind.plural for name, kind in kinds_by_name().items()},
            self._earlier.name if self._earlier else "",
            {_style_key(style): _ANKI_STYLE + style for style in sorted(styles)},
            tuple(self._problem(found) for found in compilation.findings if found.severity is Severity.ERROR),
        )
        media = {file.name: file for package in compilation.packages for note in package.notes for file in note.media}
        return Gallery(info, notes, media)

    def _note(self, note: Note, deck: str, findings: tuple[Diagnostic, ...], last: _Rendered | None) -> _Rendered:
        """Render a note, or reuse its last view; if it only moved or its findings changed, reuse the cards."""
        identity = note.identity
        same_cards = last is not None and _shown(last.note) == _shown(note)
        if last and same_cards and last.note.identity is identity and (last.deck, last.findings) == (deck, findings):
            return last
        view = NoteView(
            identity.label,
            identity.kind,
            last.view.cards if last and same_cards else self._cards(note),
            deck,
            identity.domain,
            identity.tags,
            "" if self._for_learners else identity.position.path,
            0 if self._for_learners else identity.position.line,
            self._url(identity.position),
            tuple(FindingView(found.severity.value, found.rule, found.message, found.help) for found in findings),
            f"reviewed {identity.reviewed.on} by {identity.reviewed.by}" if identity.reviewed else "",
        )
        return _Rendered(note, deck, findings, last.view if last and last.view == view else view)

    def _cards(self, note: Note) -> tuple[CardView, ...]:
        earlier = self._earlier_notes.get(note.identity.guid)
        old = dict(earlier.cards) if earlier else {}
        cards = [self._card(ord, sides, note.note_type, old.pop(ord, None)) for ord, sides in note_cards(note)]
        return tuple(sorted([*cards, *map(_removed_card, old.items())], key=lambda card: card.number))

    def _card(self, ord: int, sides: CardSides, note_type: NoteType, old: EarlierCard | None) -> CardView:
        framed = note_type.anki is not None
        now = Sides(_for_page(sides.front), _for_page(sides.back), _style_key(note_type.css), framed)
        if self._earlier is None:
            return CardView(ord + 1, now)
        if old is None:
            return CardView(ord + 1, now, state="new")
        if old.sides == sides:
            return CardView(ord + 1, now, state="same")
        return CardView(ord + 1, now, _earlier_sides(old), "changed")

    def _removed_note(self, id: str, note: EarlierNote) -> NoteView:
        if id not in self._removed:
            kind = note.label.partition("/")[0]
            self._removed[id] = NoteView(id, kind, tuple(map(_removed_card, sorted(note.cards.items()))))
        return self._removed[id]

    def _problem(self, found: Diagnostic) -> ProblemView:
        position = found.position
        source, caret = excerpt(position)
        location = (position.path, position.line, position.column)
        return ProblemView(found.rule, found.message, found.help, *location, source, caret, self._url(position))

    def _url(self, position: Position) -> str:
        url = self._editor.replace("{path}", _url_path(position.path))
        return url.replace("{line}", str(position.line)).replace("{column}", str(position.column))


def _shown(note: Note) -> tuple[object, ...]:
    """What the cards of a note are made of."""
    note_type = note.note_type
    return (
        note.text,
        note.cards,
        note.identity.tags,
        note_type.title,
        note_type.fields,
        note_type.templates,
        note_type.css,
        note_type.anki is None,
    )


def _removed_card(card: tuple[int, EarlierCard]) -> CardView:
    ord, old = card
    return CardView(ord + 1, None, _earlier_sides(old), "removed")


def _earlier_sides(card: EarlierCard) -> Sides:
    front, back = (_for_page(side, card.media) for side in card.sides)
    return Sides(front, back, _style_key(card.style))


def _for_page(html: str, media: Mapping[str, bytes] | None = None) -> str:
    """Fit a side of a card into the page: sounds become players, boxes to type in stay empty; landmarks and headings
    become plain elements, since the page has its own. Media are linked, or embedded if they are given."""

    def url(name: str) -> str:
        return f"media/{name}" if media is None else data_url(name, media.get(name, b""))

    def address(file: Resource) -> str | None:
        is_sound = html.endswith("[sound:", 0, file.at)
        return None if is_sound or is_remote(file.name) else attribute(url(file.name))

    html = with_files(html, html_files(html), address)
    html = re.sub(r"\[anki:tts lang=(\w+)[^\]]*\].*?\[/anki:tts\]", r'<em class="spoken">(spoken, \1)</em>', html)
    html = re.sub(r"\[\[type:[^\]]*\]\]", '<input class="typed" disabled>', html)
    html = re.sub(SOUND, lambda found: f'<audio controls preload="none" src="{url(found[1])}"></audio>', html)
    unnamed = html.replace(' aria-label="Answer"', "")  # a section without a name is not a landmark
    return re.sub(r"<(/?)(?:main|header|footer|h1)\b", r"<\1div", unnamed)


@cache
def _style_key(style: str) -> str:
    return hashlib.sha256(style.encode()).hexdigest()[:8]


@cache
def _url_path(path: str) -> str:
    return quote(Path(path).resolve().as_posix().lstrip("/"), safe="/:")


def _findings_by_note(compilation: Compilation) -> Mapping[str, tuple[Diagnostic, ...]]:
    """The findings of content rules by note: a finding belongs to the last note that begins before it."""
    begins: dict[str, list[tuple[int, int, str]]] = {}
    for note in compilation.notes:
        position = note.identity.position
        begins.setdefault(position.path, []).append((position.line, position.column, note.id))
    for positions in begins.values():
        positions.sort()
    by_note: dict[str, tuple[Diagnostic, ...]] = {}
    for found in compilation.findings:
        positions = begins.get(found.position.path, [])
        before = bisect_right(positions, (found.position.line, found.position.column, "\U0010ffff"))
        if found.rule in all_lint_rules() and before:
            id = positions[before - 1][2]
            by_note[id] = (*by_note.get(id, ()), found)
    return by_note
