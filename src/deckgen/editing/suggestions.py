"""Suggestions for a new entry: its id, its domain and its file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from deckgen.cards.note import Note
from deckgen.editing.ids import free_id, taken_ids
from deckgen.editing.new_entry import FIRST_KEYS, Values
from deckgen.editing.open_files import OpenFile, text_of
from deckgen.kinds.entry import AnyKind, is_title
from deckgen.language.keys import keys
from deckgen.lint.words import content_words
from deckgen.project.project import DeckFolder


def suggest_id(kind: AnyKind, values: Values, files: Sequence[OpenFile]) -> str:
    """An unused id made from what the entry is about: its question, name or title, or the first field of a note."""
    titles = (values[name][0] for name, key in keys(kind.entry).items() if is_title(key) and name in values)
    fields = (field.partition(":")[2] for field in values.get("fields", ()))
    return free_id(next(titles, "") or next(fields, ""), taken_ids(files, kind.section))


def suggest_domain(values: Values, notes: Sequence[Note], domains: Iterable[str]) -> str:
    """The domain whose notes are most similar to the new one: they share its rarest words."""
    new = _words(text for name, given in values.items() if name not in FIRST_KEYS for text in given)
    words = [_words((note.identity.title, *note.fields[:2])) for note in notes]
    frequency = Counter(word for of_note in words for word in of_note)
    similarity: dict[str, list[float]] = {domain: [0.0] for domain in domains}
    for note, of_note in zip(notes, words, strict=True):
        shared = sum(1 / frequency[word] for word in new & of_note)
        similarity.setdefault(note.identity.domain, []).append(shared)
    return max(domains, key=lambda domain: sum(sorted(similarity[domain])[-3:]), default="")


def _words(texts: Iterable[str]) -> set[str]:
    return content_words(word.strip(".,;:?!()") for text in texts for word in text.lower().split())


def suggest_file(kind: AnyKind, domain: str, id: str, decks: Sequence[DeckFolder], files: Sequence[OpenFile]) -> Path:
    """The file for a new entry: the one with the most entries of this kind and domain; a new one if each entry of the
    kind has its own. If no file has the kind, one whose default is the domain, or ``SECTION.yaml`` in the first deck,
    which may be new."""
    holders = [file for file in files if file.entries(kind.section)]
    if len(holders) > 1 and all(len(file.entries(kind.section)) == 1 for file in holders):
        return holders[0].source.path.with_name(f"{kind.name}-{id}.yaml")
    candidates = holders or [file for file in files if text_of(file.root, "domain") == domain]
    if not candidates:
        return decks[0].path / f"{kind.section}.yaml"

    def count(file: OpenFile) -> tuple[int, int]:
        entries, default = file.entries(kind.section), text_of(file.root, "domain")
        return sum((text_of(entry, "domain") or default) == domain for entry in entries), len(entries)

    return max(candidates, key=count).source.path
