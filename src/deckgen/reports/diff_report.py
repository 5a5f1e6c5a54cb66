"""The differences between decks in each output format of ``deckgen diff``."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import asdict

from deckgen.cards.cloze import Renumbered
from deckgen.cards.plain_text import field_text
from deckgen.core.characters import as_json as json_text
from deckgen.core.characters import printable_line
from deckgen.core.terminal import count, style
from deckgen.packages.read_package import NoteContents
from deckgen.reports.diff import DeckDiffs, MediaChange, NoteChange, PackageDiff, Words, diff_words, distinct_changes
from deckgen.reports.markdown_escaping import code, inline


def _summary(diff: PackageDiff) -> str:
    """``3 new, 5 changed, 1 retired, 96 unchanged``; other states only if notes are in them."""
    counts = [("new", len(diff.added)), ("changed", len(diff.changed)), ("retired", len(diff.retired))]
    others = (("adopted", diff.adopted), ("removed", diff.removed), ("moved", diff.moved))
    counts += [(state, len(notes)) for state, notes in others if notes]
    return ", ".join(f"{number:,} {state}" for state, number in [*counts, ("unchanged", diff.unchanged)])


def _label(label: str) -> str:
    """The id of a note; the beginning of its first field as text if another program made it."""
    text = field_text(label)
    return text if len(text) <= 100 else f"{text[:99]}…"


def _excerpt(note: NoteContents) -> list[tuple[str, str]]:
    """The notice of a retired note; the prompt of a list and most of its items; or the first two fields that are filled
    of any other note."""
    if note.fields.get("Notice"):
        return [("Notice", field_text(note.fields["Notice"]))]
    filled = [(field_name(name), field_text(text)) for name, text in note.fields.items() if text]
    items = [(name, text) for name, text in filled if name == _ITEMS]
    return [*filled[:1], *(items[-1:] or filled[1:2])]


_ITEMS = "Items"


def field_name(name: str) -> str:
    """The name of a field for people: those of a list are its items."""
    return _ITEMS if re.fullmatch(r"Text \d+", name) else name


def _card_counts(change: NoteChange) -> str:
    counts = ((len(change.cards_added), "more"), (len(change.cards_removed), "fewer"))
    return ", ".join(f"{number} {word}" for number, word in counts if number)


def _media(change: MediaChange) -> str:
    return f"{change.old or 'no picture or sound'} -> {change.new or 'no picture or sound'}"


def _renumbered(one: Renumbered) -> str:
    return f"'{one.text}' moved from card {one.old} to card {one.new}: learners' cards now ask something else"


def _repeated(number: int) -> str:
    return f"the same change on {count(number, 'other card')} of the list"


# --- text -------------------------------------------------------------------------------------------------------------


def as_text(diffs: DeckDiffs) -> str:
    """For a terminal, with the words that changed in colour and in brackets."""
    return "".join(f"{line}\n" for name, diff in diffs.items() for line in _text_lines(name, diff))


_ADOPTED = "has the guid of another deck's note, and overwrites it for everybody who has that deck"


def _text_lines(name: str, diff: PackageDiff) -> Iterator[str]:
    for note in diff.adopted:
        yield style(f"! {printable_line(_label(note.label))}: {_ADOPTED}", fg="magenta", bold=True)
        yield from (f"    {printable_line(field)}: {text}" for field, text in _excerpt(note))
    for sign, color, notes in (("+", "green", diff.added), ("-", "red", (*diff.retired, *diff.removed))):
        for note in notes:
            yield style(f"{sign} {printable_line(_label(note.label))}", fg=color, bold=True)
            yield from (f"    {printable_line(field)}: {text}" for field, text in _excerpt(note))
    for change in diff.changed:
        yield style(f"~ {printable_line(_label(change.label))}", fg="yellow", bold=True)
        yield from (f"    {line}" for line in _change_text(change))
    for move in diff.moved:
        yield printable_line(f"> {_label(move.label)}: from {move.old} to {move.new}")
    for note_type in diff.note_types:
        yield printable_line(f"* note type {note_type.name}: {', '.join(note_type.parts)}")
    yield f"{printable_line(name)}: {_summary(diff)}"


def _change_text(change: NoteChange) -> Iterator[str]:
    fields, repeated = distinct_changes(change.fields)
    for field in fields:
        yield f"{printable_line(field_name(field.name))}: {' '.join(map(_styled, diff_words(field.old, field.new)))}"
    if repeated:
        yield _repeated(repeated)
    for media in change.media:
        yield printable_line(f"{field_name(media.field)}: {_media(media)}")
    tags = [*(f"-{tag}" for tag in change.tags_removed), *(f"+{tag}" for tag in change.tags_added)]
    if tags:
        yield f"tags: {' '.join(tags)}"
    if counts := _card_counts(change):
        yield f"cards: {counts}"
    yield from (printable_line(_renumbered(one)) for one in change.renumbered)


def _styled(words: Words) -> str:
    if words.state == "removed":
        return style(f"[-{words.text}-]", fg="red", strikethrough=True)
    if words.state == "added":
        return style(f"{{+{words.text}+}}", fg="green", bold=True)
    return words.text


# --- Markdown ---------------------------------------------------------------------------------------------------------


def as_markdown(diffs: DeckDiffs) -> str:
    """For a pull request."""
    return "".join(f"{block}\n\n" for name, diff in diffs.items() for block in _markdown_blocks(name, diff))


def _markdown_blocks(name: str, diff: PackageDiff) -> Iterator[str]:
    sections = {
        f"Adopted: each {_ADOPTED}": map(_note_markdown, diff.adopted),
        "New": map(_note_markdown, diff.added),
        "Retired": map(_note_markdown, diff.retired),
        "Removed": map(_note_markdown, diff.removed),
        "Changed": map(_change_markdown, diff.changed),
        "Moved": (f"{code(_label(move.label))} from {inline(move.old)} to {inline(move.new)}" for move in diff.moved),
        "Note types": (f"{inline(one.name)}: {inline(', '.join(one.parts))}" for one in diff.note_types),
    }
    yield f"### {inline(name)}: {_summary(diff)}"
    for title, items in sections.items():
        if text := "\n".join(f"- {item}" for item in items):
            yield f"**{title}**\n\n{text}"


def _note_markdown(note: NoteContents) -> str:
    return f"{code(_label(note.label))} " + "; ".join(
        f"{inline(field)}: {inline(text)}" for field, text in _excerpt(note)
    )


def _change_markdown(change: NoteChange) -> str:
    fields, repeated = distinct_changes(change.fields)
    lines = [f"{inline(field_name(one.name))}: {' '.join(map(marked, diff_words(one.old, one.new)))}" for one in fields]
    lines += [_repeated(repeated)] if repeated else []
    lines += [f"{inline(field_name(one.field))}: {inline(_media(one))}" for one in change.media]
    lines += [f"tag {code(tag)} added" for tag in change.tags_added]
    lines += [f"tag {code(tag)} removed" for tag in change.tags_removed]
    lines += [f"cards: {counts}"] if (counts := _card_counts(change)) else []
    lines += [inline(_renumbered(one)) for one in change.renumbered]
    return "\n".join([code(_label(change.label)), *(f"  - {line}" for line in lines)])


def marked(words: Words) -> str:
    """Words in Markdown: struck out if they were removed, bold if they were added."""
    text = inline(words.text)
    return {"kept": text, "removed": f"~~{text}~~", "added": f"**{text}**"}[words.state]


# --- JSON -------------------------------------------------------------------------------------------------------------


def as_json(diffs: DeckDiffs) -> str:
    """For programs."""
    return json_text({name: _data(diff) for name, diff in diffs.items()})


def _data(diff: PackageDiff) -> dict[str, object]:
    return {
        "adopted": list(map(_note_data, diff.adopted)),
        "new": list(map(_note_data, diff.added)),
        "changed": [asdict(change) for change in diff.changed],
        "moved": [asdict(move) for move in diff.moved],
        "retired": list(map(_note_data, diff.retired)),
        "removed": list(map(_note_data, diff.removed)),
        "note types": [asdict(note_type) for note_type in diff.note_types],
        "unchanged": diff.unchanged,
    }


def _note_data(note: NoteContents) -> dict[str, object]:
    return {"id": note.label, "fields": note.fields, "tags": note.tags}


FORMATS: dict[str, Callable[[DeckDiffs], str]] = {"text": as_text, "markdown": as_markdown, "json": as_json}
