"""Retire an entry, or one note of it: move it to the section of retired entries of its file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from deckgen.compiler.compile_file import compile_source
from deckgen.compiler.retired import SECTION
from deckgen.core.diagnostics import Diagnostic, Rejected, Report, Severity
from deckgen.core.terminal import Failure, UsageError, unknown_name
from deckgen.editing.open_files import OpenFile, text_of
from deckgen.editing.text_edits import (
    Edit,
    all_texts,
    append_entry,
    apply_edits,
    quoted,
    remove_item,
    remove_pair,
    reparse,
    with_comments_below,
)
from deckgen.kinds.registry import all_kinds
from deckgen.language.nodes import MappingNode, Node, SequenceNode
from deckgen.language.records import keys
from deckgen.language.source import Source
from deckgen.language.values import MarkupText
from deckgen.project.project import Project


@dataclass(frozen=True, slots=True)
class Removal:
    """The removal of an entry, or of one note of it, from its file; ``identity`` is its first published id."""

    file: OpenFile
    edit: Edit
    identity: str
    title: str


def retire_entry(
    project: Project, files: Sequence[OpenFile], id: str, reason: str, successor: str | None, on: str
) -> tuple[Source, str]:
    """The file of an entry, and its text with the entry retired; fails if the entry cannot be retired."""
    entries = [label for file in files for label, _, _ in _entries(file)]
    removal = next(filter(None, (find_removal(file, id) for file in files)), None)
    if removal is None:
        raise unknown_name("entry", id, entries, "'deckgen list' lists the entries")
    source = removal.file.source
    if not any(f"{note}/".startswith(f"{removal.identity}/") for note in project.lock.notes):
        raise Failure(f"'{id}' was never published: just delete it from {source.name}")
    if successor == id:
        raise UsageError(f"'{id}' cannot replace itself")
    if successor is not None and successor not in entries:
        raise unknown_name("entry", successor, entries, "'deckgen list' lists the entries")
    text = retired_text(removal, reason, successor, on)
    if text is None:
        raise Failure(f"{source.name}: cannot retire '{id}' without changing other text; please do it by hand")
    if errors := _new_errors(source, text, project):
        raise Rejected(*errors, message="nothing was retired", unsaved={source.name: text})
    return source, text


def find_removal(file: OpenFile, id: str) -> Removal | None:
    """The removal of ``kind/id``, or of one note ``kind/id/part``, if the file has it."""
    for label, section, place in _entries(file):
        entry, part = file.entries(section)[place], id[len(label) :]
        if not isinstance(entry, MappingNode) or not f"{id}/".startswith(f"{label}/"):
            continue
        edit = _edit(file, section, place, part[1:])
        if edit is not None:
            kind = all_kinds()[section]
            first = f"{kind.name}/{text_of(entry, 'was') or text_of(entry, 'id')}"
            return Removal(file, edit, first + part, _title(entry, kind.entry) + part.replace("/", ": ", 1))
    return None


def _entries(file: OpenFile) -> Iterator[tuple[str, str, int]]:
    """Every entry of a file: its kind and id, its section, and its place there."""
    for section, kind in all_kinds().items():
        for place, entry in enumerate(file.entries(section)):
            yield f"{kind.name}/{text_of(entry, 'id')}", section, place


def _edit(file: OpenFile, section: str, place: int, part: str) -> Edit | None:
    """The edit that removes an entry, or a part of it, such as ``risks`` or ``facts/reason``."""
    text, entries = file.source.text, file.root.pairs[section].value
    assert isinstance(entries, SequenceNode)
    if not part:
        return remove_item(text, entries, place) if len(entries.items) > 1 else remove_pair(text, file.root, section)
    entry = entries.items[place]
    assert isinstance(entry, MappingNode)
    name, _, id = part.partition("/")
    pair = entry.pairs.get(name.replace("-", "_"))
    if pair is None:
        return None
    facts = pair.value.items if isinstance(pair.value, SequenceNode) else [pair.value]
    ids = [text_of(fact, "id") for fact in facts]
    if id and id not in ids:
        return None
    if id and isinstance(pair.value, SequenceNode) and len(facts) > 1:
        return remove_item(text, pair.value, ids.index(id))
    return remove_pair(text, entry, pair.key.value)


def _title(entry: Node, record: type) -> str:
    """The first text that an entry must have: its question or name."""
    required = (name for name, key in keys(record).items() if key.required and isinstance(key.shape, MarkupText))
    return " ".join(text_of(entry, next(required, "")).split())


def retired_text(removal: Removal, reason: str, successor: str | None, on: str) -> str | None:
    """The text of a file with an entry moved to its retired ones; None if that would break the file."""
    source = removal.file.source
    values = {"id": removal.identity, "title": removal.title, "reason": reason, "successor": successor, "on": on}
    record = append_entry(
        removal.file, SECTION, [f"{name}: {quoted(value)}" for name, value in values.items() if value]
    )
    if record is None:
        return None
    # Without the entry, a block scalar above it could absorb the comments below it: in that case, remove them too.
    removed = removal.edit if _keeps_other_texts(removal) else with_comments_below(source.text, removal.edit)
    text = apply_edits(source.text, [removed, record])
    return text if reparse(text, source) is not None else None


def _keeps_other_texts(removal: Removal) -> bool:
    """Whether a removal leaves all other texts of the file as they are: what it removes is a single run of texts."""
    source = removal.file.source
    edited = reparse(apply_edits(source.text, [removal.edit]), source)
    before = [text.strip() for text in all_texts(removal.file.root)]
    after = [text.strip() for text in all_texts(edited)] if edited else []
    same = next(
        (place for place, pair in enumerate(zip(before, after, strict=False)) if pair[0] != pair[1]), len(after)
    )
    return after[same:] == before[len(before) - (len(after) - same) :]


def _new_errors(source: Source, text: str, project: Project) -> list[Diagnostic]:
    """The errors that an edit introduces into a file."""
    edited = Source(source.path, source.name, text, source.newline)
    before, after = [compile_source(text, project, Report(), hints=False).findings for text in (source, edited)]
    known = {(found.rule, found.message) for found in before}
    errors = [one for one in after if one.severity is Severity.ERROR]
    return [found for found in errors if (found.rule, found.message) not in known]
