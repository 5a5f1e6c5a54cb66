"""What the pages of a preview show: every card with its sides, where it is written, what was found, how it changed."""

from __future__ import annotations

import base64
import mimetypes
import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

from deckgen.cards.note import Note
from deckgen.cards.note_type import Field, NoteType, Template
from deckgen.cards.rendering import CardSides, note_cards, render
from deckgen.compiler.pipeline import Compilation
from deckgen.core.diagnostics import Diagnostic, Position, Severity
from deckgen.lint.run import all_lint_rules
from deckgen.packages.read_package import NoteContents, NoteTypeContents, PackageContents
from deckgen.reports.finding_text import excerpt

EDITORS = {
    "vscode": "vscode://file/{path}:{line}:{column}",
    "vscodium": "vscodium://file/{path}:{line}:{column}",
    "cursor": "cursor://file/{path}:{line}:{column}",
    "zed": "zed://file/{path}:{line}:{column}",
    "idea": "idea://open?file={path}&line={line}&column={column}",
    "none": "",
}
"""Addresses that open a file in an editor."""


@dataclass(frozen=True)
class Earlier:
    """What cards are compared with: its name, the contents of the packages of then, and their media by name."""

    name: str
    contents: tuple[PackageContents, ...]
    media: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True)
class OldCard:
    """A card as it was."""

    label: str
    sides: CardSides
    style: str
    media: Mapping[str, bytes]


@dataclass(frozen=True)
class Gallery:
    """The data of the page, ready for JSON, and the media that its cards show, by name."""

    data: dict[str, Any]
    media: dict[str, Path]


def make(compilation: Compilation, earlier: Earlier | None, editor: str) -> Gallery:
    """The gallery of a compiled project; ``editor`` is an address with ``{path}``, ``{line}`` and ``{column}``."""
    project, styles = compilation.project, _Styles()
    old = _old_cards(earlier) if earlier else {}
    findings = _findings_by_note(compilation)
    cards = []
    for package in compilation.packages:
        for note in package.notes if not package.retired else ():
            about = _about(note, package.name, editor) | {"findings": list(map(_finding, findings.get(note.id, ())))}
            for ord, sides in note_cards(note):
                before = old.pop((note.identity.guid, ord), None)
                cards.append(about | _sides(note, ord, sides, styles) | _compared(sides, before, earlier, styles))
    cards += [_removed(card, ord, styles) for (_, ord), card in sorted(old.items(), key=lambda one: one[1].label)]
    data = {
        "title": project.file.title,
        "decks": [{"name": deck.name, "title": deck.file.title} for deck in project.decks],
        "domains": [{"id": id, "title": title} for id, title in project.file.domains.items()],
        "kinds": sorted({card["kind"] for card in cards}),
        "since": earlier.name if earlier else "",
        "styles": styles.texts,
        "cards": cards,
        "problems": [_problem(found, editor) for found in compilation.findings if found.severity is Severity.ERROR],
    }
    notes = (note for package in compilation.packages for note in package.notes)
    return Gallery(data, {file.name: file.path for note in notes for file in note.media})


def with_cards_of(good: Gallery, fresh: Gallery) -> Gallery:
    """A gallery with errors, in which the files that have them keep the cards that they had without."""
    broken = {problem["path"] for problem in fresh.data["problems"]}
    made = {card["id"]: card for card in fresh.data["cards"] if card["state"] != "removed"}
    kept = {card["id"]: card for card in good.data["cards"] if card["id"] in made or card["path"] in broken}
    cards = list((kept | made).values())
    styles = [*good.data["styles"], *(style for style in fresh.data["styles"] if style not in good.data["styles"])]
    for card in made.values():
        card["style"] = styles.index(fresh.data["styles"][card["style"]])
        if card["old"]:
            card["old"]["style"] = styles.index(fresh.data["styles"][card["old"]["style"]])
    return Gallery(fresh.data | {"cards": cards, "styles": styles}, {**good.media, **fresh.media})


class _Styles:
    """The stylesheets of all cards, each once; a card has its place among them."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def place(self, style: str) -> int:
        if style not in self.texts:
            self.texts.append(style)
        return self.texts.index(style)


def _about(note: Note, deck: str, editor: str) -> dict[str, Any]:
    who = note.identity
    return {
        "note": who.label,
        "kind": who.kind,
        "domain": who.domain,
        "deck": deck,
        "tags": list(who.tags),
        "path": who.position.path,
        "line": who.position.line,
        "url": _address(editor, who.position),
    }


def _sides(note: Note, ord: int, sides: CardSides, styles: _Styles) -> dict[str, Any]:
    style = styles.place(note.note_type.css)
    id = f"{note.identity.label}#{ord + 1}"
    return {"id": id, "number": ord + 1, "style": style, "front": _shown(sides.front), "back": _shown(sides.back)}


def _compared(sides: CardSides, old: OldCard | None, earlier: Earlier | None, styles: _Styles) -> dict[str, Any]:
    if earlier is None:
        return {"state": "", "old": None}
    if old is None:
        return {"state": "new", "old": None}
    changed = old.sides != sides
    return {"state": "changed" if changed else "same", "old": _old(old, styles) if changed else None}


def _removed(card: OldCard, ord: int, styles: _Styles) -> dict[str, Any]:
    kind = card.label.partition("/")[0]
    about = {"note": card.label, "kind": kind, "domain": "", "deck": "", "tags": [], "path": "", "line": 0, "url": ""}
    shown = {"id": f"{card.label}#{ord + 1}", "number": ord + 1, "style": 0, "front": "", "back": "", "findings": []}
    return {**about, **shown, "state": "removed", "old": _old(card, styles)}


def _old(card: OldCard, styles: _Styles) -> dict[str, Any]:
    front, back = (_shown(side, card.media) for side in card.sides)
    return {"front": front, "back": back, "style": styles.place(card.style)}


def _shown(html: str, media: Mapping[str, bytes] | None = None) -> str:
    """A side as a part of a page: media where the page finds them, or, given those of then, in the side itself; sounds
    as players; and no landmarks or headings, of which a page has its own."""

    def place(name: str) -> str:
        if media is None:
            return f"media/{name}"
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        return f"data:{kind};base64,{base64.b64encode(media.get(name, b'')).decode()}"

    html = re.sub(r'(<img src=")([^"]+)', lambda found: found[1] + place(found[2]), html)
    html = re.sub(
        r"\[sound:([^\]]+)\]", lambda found: f'<audio controls preload="none" src="{place(found[1])}"></audio>', html
    )
    return re.sub(r"<(/?)(?:main|header|footer|h1)\b", r"<\1div", html)


def _address(editor: str, position: Position) -> str:
    where = quote(Path(position.path).resolve().as_posix().lstrip("/"), safe="/:")
    return editor.format(path=where, line=position.line, column=position.column)


def _finding(found: Diagnostic) -> dict[str, Any]:
    return {
        "severity": found.severity.value,
        "rule": found.rule,
        "message": found.message,
        "help": found.help,
        "line": found.position.line,
    }


def _problem(found: Diagnostic, editor: str) -> dict[str, Any]:
    position = found.position
    source, caret = excerpt(position)
    return _finding(found) | {
        "path": position.path,
        "column": position.column,
        "source": source,
        "caret": caret,
        "url": _address(editor, position),
    }


def _findings_by_note(compilation: Compilation) -> Mapping[str, list[Diagnostic]]:
    """What the rules of content say of each note: of the one that begins nearest above."""
    begins: dict[str, list[tuple[int, int, str]]] = {}
    for note in compilation.notes:
        place = note.identity.position
        begins.setdefault(place.path, []).append((place.line, place.column, note.id))
    for places in begins.values():
        places.sort()
    rules = {rule.name for rule in all_lint_rules()}
    by_note: dict[str, list[Diagnostic]] = {}
    for found in compilation.findings:
        places = begins.get(found.position.path, [])
        above = bisect_right(places, (found.position.line, found.position.column, "\U0010ffff"))
        if found.rule in rules and above:
            by_note.setdefault(places[above - 1][2], []).append(found)
    return by_note


# --- cards of then -------------------------------------------------------------------------------------------------


def _old_cards(earlier: Earlier) -> dict[tuple[str, int], OldCard]:
    """Every card of then by its note's guid and its ordinal, as far as deckgen can render it."""
    return {
        (note.guid, ord): card
        for contents in earlier.contents
        for note in contents.notes.values()
        for ord, card in _cards_of(note, contents.note_types[note.note_type], earlier.media)
    }


def _cards_of(note: NoteContents, found: NoteTypeContents, media: Mapping[str, bytes]) -> Iterator[tuple[int, OldCard]]:
    templates = tuple(Template(name, front, back, "", "") for name, (front, back) in found.templates.items())
    cloze = any("cloze:" in template.front for template in templates)
    note_type = NoteType(found.name, tuple(map(Field, found.fields)), templates, found.style, cloze)
    specials = dict.fromkeys(("Tags", "Type", "Deck", "Subdeck", "Card", "CardFlag"), "")
    for ord in note.cards:
        with suppress(ValueError, KeyError, IndexError, AssertionError):  # another maker's, with syntax unknown here
            yield ord, OldCard(note.label, render(note_type, {**specials, **note.fields}, ord), found.style, media)
