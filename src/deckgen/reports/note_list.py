"""Lists of notes in each output format of ``deckgen list``, and how they are narrowed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from deckgen.cards.note import Note
from deckgen.cards.plain_text import field_text
from deckgen.core.characters import as_json as json_text
from deckgen.core.terminal import count, style
from deckgen.reports.review_sheet import as_html
from deckgen.reports.summary import count_contents


def is_wanted(note: Note, domain: str | None, kind: str | None, search: str | None) -> bool:
    """Whether to list a note: it is of a domain, of a kind, and has a text on its cards, so far as these are given."""
    return (
        domain in (None, note.identity.domain)
        and kind in (None, note.identity.kind)
        and (not search or search.casefold() in " ".join(map(field_text, note.fields)).casefold())
    )


def question_of(note: Note) -> str:
    """The first field that is not empty, as text."""
    return field_text(next(field for field in note.fields if field))


def as_text(notes: Sequence[Note]) -> str:
    """A line for each entry, with the number of its cards."""
    return "".join(f"{line}\n" for line in _lines(notes))


def _lines(notes: Sequence[Note]) -> Iterator[str]:
    entries: dict[str, list[Note]] = {}
    for note in notes:
        entries.setdefault(note.identity.entry, []).append(note)
    width = max(map(len, entries), default=0)
    for entry, own in entries.items():
        name = style(f"{entry:<{width}}", bold=True)
        cards = sum(len(note.cards) for note in own)
        at = own[0].identity.position
        yield f"{name} {cards:>3}  {question_of(own[0])}  {style(f'{at.path}:{at.line}', dim=True)}"
    yield f"{count(len(entries), 'entry', 'entries')}, {count_contents(notes)}"


def as_json(notes: Sequence[Note]) -> str:
    """An object for each note."""
    return json_text(list(map(_data, notes)))


def _data(note: Note) -> dict[str, object]:
    identity = note.identity
    return {
        "id": identity.label,
        "entry": identity.entry,
        "kind": identity.kind,
        "domain": identity.domain,
        "tags": identity.tags,
        "source": identity.source,
        "as_of": identity.as_of,
        "reviewed": identity.reviewed._asdict() if identity.reviewed else None,
        "cards": len(note.cards),
        "question": question_of(note),
        "path": identity.position.path,
        "line": identity.position.line,
    }


FORMATS: dict[str, Callable[[Sequence[Note]], str]] = {"text": as_text, "json": as_json, "html": as_html}
