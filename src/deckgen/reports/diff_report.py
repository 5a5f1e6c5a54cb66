"""How the difference of two packages is told: to a terminal, in Markdown for a pull request, as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict

import click

from deckgen.reports.diff import Difference, FieldChange, NoteChange, Piece, readable, telling, word_by_word

STYLES = {"removed": {"fg": "red", "strikethrough": True}, "added": {"fg": "green", "bold": True}}


def render(differences: Mapping[str, Difference], shape: str) -> str:
    """The differences of some decks, by their names."""
    if shape == "json":
        return (
            json.dumps({name: _as_data(one) for name, one in differences.items()}, ensure_ascii=False, indent=1) + "\n"
        )
    lines = _markdown(differences) if shape == "markdown" else _text(differences)
    return "".join(f"{line}\n" for line in lines)


def _summary(one: Difference) -> str:
    """``3 new, 5 changed, 1 retired, 96 unchanged``; what is rare is named only where there is some."""
    counts = [("new", len(one.added)), ("changed", len(one.changed)), ("retired", len(one.retired))]
    counts += [(state, len(found)) for state, found in (("removed", one.removed), ("moved", one.moved)) if found]
    return ", ".join(f"{number:,} {state}" for state, number in [*counts, ("unchanged", one.unchanged)])


def _field_name(field: FieldChange) -> str:
    return "Items" if field.name.startswith("Text ") else field.name


def _cards(change: NoteChange) -> str:
    parts = [f"{len(change.cards_added)} more"] if change.cards_added else []
    parts += [f"{len(change.cards_removed)} fewer"] if change.cards_removed else []
    return ", ".join(parts)


def _content(fields: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """What a new, retired or lost note says: its notice, or its first two fields that say anything."""
    if fields.get("Notice"):
        yield "Notice", readable(fields["Notice"])
        return
    filled = [(name, readable(text)) for name, text in fields.items() if text]
    yield from filled[:2]


# --- terminal ---------------------------------------------------------------------------------------------------------


def _text(differences: Mapping[str, Difference]) -> Iterator[str]:
    for name, one in differences.items():
        for note in one.added:
            yield click.style(f"+ {note.label}", fg="green", bold=True)
            yield from (f"    {field}: {text}" for field, text in _content(note.fields))
        for note in one.retired:
            yield click.style(f"- {note.label}", fg="red", bold=True)
            yield from (f"    {text}" for _, text in _content(note.fields))
        for note in one.removed:
            yield click.style(f"- {note.label}", fg="red", bold=True)
            yield from (f"    {field}: {text}" for field, text in _content(note.fields))
        for change in one.changed:
            yield click.style(f"~ {change.label}", fg="yellow", bold=True)
            yield from _changed_text(change)
        for move in one.moved:
            yield f"> {move.label}: from {move.old} to {move.new}"
        for kind in one.types:
            yield f"* note type {kind.name}: {', '.join(kind.parts)}"
        yield f"{name}: {_summary(one)}"


def _changed_text(change: NoteChange) -> Iterator[str]:
    fields, more = telling(change.fields)
    for field in fields:
        words = " ".join(_styled(piece) for piece in word_by_word(field.old, field.new))
        yield f"    {_field_name(field)}: {words}"
    if more:
        yield f"    and the same in {more} other cards of the list"
    tags = [*(f"-{tag}" for tag in change.tags_removed), *(f"+{tag}" for tag in change.tags_added)]
    if tags:
        yield f"    tags: {' '.join(tags)}"
    if _cards(change):
        yield f"    cards: {_cards(change)}"


def _styled(piece: Piece) -> str:
    if piece.state == "kept":
        return piece.words
    brackets = "[-{}-]" if piece.state == "removed" else "{{+{}+}}"
    return click.style(brackets.format(piece.words), **STYLES[piece.state])  # type: ignore[arg-type]


# --- Markdown ---------------------------------------------------------------------------------------------------------


def _markdown(differences: Mapping[str, Difference]) -> Iterator[str]:
    for name, one in differences.items():
        yield f"### {_escaped(name)}: {_summary(one)}"
        yield ""
        for title, notes in (("New", one.added), ("Retired", one.retired), ("Removed", one.removed)):
            if notes:
                yield f"**{title}**"
                yield ""
                for note in notes:
                    said = "; ".join(f"{field}: {_escaped(text)}" for field, text in _content(note.fields))
                    yield f"- `{note.label}` {said}"
                yield ""
        if one.changed:
            yield "**Changed**"
            yield ""
            for change in one.changed:
                yield f"- `{change.label}`"
                yield from (f"  - {line}" for line in _changed_markdown(change))
            yield ""
        if one.moved:
            yield "**Moved**"
            yield ""
            yield from (f"- `{move.label}` from {_escaped(move.old)} to {_escaped(move.new)}" for move in one.moved)
            yield ""
        if one.types:
            yield "**Note types**"
            yield ""
            yield from (f"- {_escaped(kind.name)}: {', '.join(kind.parts)}" for kind in one.types)
            yield ""


def _changed_markdown(change: NoteChange) -> Iterator[str]:
    fields, more = telling(change.fields)
    for field in fields:
        yield f"{_field_name(field)}: {' '.join(_marked(piece) for piece in word_by_word(field.old, field.new))}"
    if more:
        yield f"the same in {more} other cards of the list"
    yield from (f"tag `{tag}` added" for tag in change.tags_added)
    yield from (f"tag `{tag}` removed" for tag in change.tags_removed)
    if _cards(change):
        yield f"cards: {_cards(change)}"


def _marked(piece: Piece) -> str:
    text = _escaped(piece.words)
    return {"kept": text, "removed": f"~~{text}~~", "added": f"**{text}**"}[piece.state]


def _escaped(text: str) -> str:
    """Text that Markdown shows as it is."""
    for sign in "\\`*_[]<>#|~":
        text = text.replace(sign, f"\\{sign}")
    return text


# --- JSON -------------------------------------------------------------------------------------------------------------


def _as_data(one: Difference) -> dict[str, object]:
    return {
        "new": [{"id": note.label, "fields": note.fields, "tags": note.tags} for note in one.added],
        "changed": [asdict(change) | {"fields": [_field(field) for field in change.fields]} for change in one.changed],
        "moved": [asdict(move) for move in one.moved],
        "retired": [{"id": note.label, "fields": note.fields, "tags": note.tags} for note in one.retired],
        "removed": [{"id": note.label, "fields": note.fields, "tags": note.tags} for note in one.removed],
        "note types": [asdict(kind) for kind in one.types],
        "unchanged": one.unchanged,
    }


def _field(field: FieldChange) -> dict[str, str]:
    return {"name": field.name, "old": field.old, "new": field.new}
