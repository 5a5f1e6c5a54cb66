"""Retire an entry, or one note of it: move it to the section of retired entries of its file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from deckgen.cards import cloze
from deckgen.cards.plain_text import field_text
from deckgen.compiler.compile_file import compile_source
from deckgen.compiler.history import earlier_sources
from deckgen.core.diagnostics import Diagnostic, Rejected, Report, Severity
from deckgen.core.location import short_path
from deckgen.core.nodes import MappingNode, Node, ScalarNode, SequenceNode
from deckgen.core.source import Source
from deckgen.core.terminal import Failure, UsageError, unknown_name
from deckgen.editing.from_html import escape_markdown
from deckgen.editing.open_files import OpenFile, open_files, text_of
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
from deckgen.kinds.entry import is_title
from deckgen.kinds.registry import all_kinds
from deckgen.language.deletions import revealed
from deckgen.language.keys import keys
from deckgen.language.values import MarkupText
from deckgen.project.project import Project, load
from deckgen.publication.published import Published
from deckgen.publication.retired import RETIRED_SECTION


@dataclass(frozen=True, slots=True)
class WrittenEntry:
    """An entry in a file: its section, its index there, and its kind with its id, today's and the first published."""

    file: OpenFile
    section: str
    index: int
    label: str
    first: str

    @property
    def node(self) -> Node:
        return self.file.entries(self.section)[self.index]


@dataclass(frozen=True, slots=True)
class Removal:
    """The removal of an entry, or of one note of it, from its file; ``first_id`` is the id under which it was first
    published. If its text is already gone, there is no ``edit``, and the file is the one for its notice."""

    file: OpenFile
    edit: Edit | None
    first_id: str
    title: str


def retire_entry(
    project: Project,
    published: Published,
    files: Sequence[OpenFile],
    id: str,
    reason: str,
    successor: str | None,
    on: str,
) -> tuple[Source, str]:
    """The file of an entry, and its text with the entry retired; fails if the entry cannot be retired."""
    written = [entry for file in files for entry in entries_of(file)]
    labels = [entry.label for entry in written]
    retired = {text_of(entry, "id"): file.source.name for file in files for entry in file.entries(RETIRED_SECTION)}
    removal = None
    if "/" in id and id not in retired and published.has_entry(id) and not any(_has(entry, id) for entry in written):
        removal = _retirement_of_deleted(id, written, files, project)
    removal = removal or next(filter(None, (find_removal(entry, id) for entry in written)), None)
    if removal is None and id in retired:
        raise Failure(f"'{id}' is already retired in {retired[id]}")
    if removal is None:
        raise unknown_name("entry", id, labels, "'deckgen list' lists the entries")
    source = removal.file.source
    if not published.has_entry(removal.first_id):
        raise Failure(f"'{id}' was never built into a package: delete it from {source.name}")
    if removal.edit:
        _check_types(removal, published, project, id)
    if successor == id:
        raise UsageError(f"'{id}' cannot replace itself")
    if successor is not None and successor not in labels:
        raise unknown_name("entry", successor, labels, "'deckgen list' lists the entries")
    text = retired_text(removal, reason, successor, on)
    if text is None:
        raise Failure(f"{source.name}: cannot retire '{id}' without changing other text; edit the file by hand")
    if errors := _new_errors(source, text, project):
        raise Rejected(*errors, message="nothing was retired", unsaved={source.name: text})
    return source, text


def entries_of(file: OpenFile) -> Iterator[WrittenEntry]:
    """Every entry of a file."""
    for section, kind in all_kinds().items():
        for index, entry in enumerate(file.entries(section)):
            id = text_of(entry, "id")
            yield WrittenEntry(file, section, index, f"{kind.name}/{id}", f"{kind.name}/{text_of(entry, 'was') or id}")


def _has(entry: WrittenEntry, id: str) -> bool:
    """Whether an entry, or the part of it that an id names, was first published under that id."""
    part = _below(entry.first, id)
    return part is not None and (not part or _part(entry, part, first=True) is not None)


def _below(above: str, id: str) -> str | None:
    """The rest of a note's id after the id of an entry: empty if they are equal, None if the note is of another
    entry."""
    return id[len(above) + 1 :] if f"{id}/".startswith(f"{above}/") else None


def find_removal(entry: WrittenEntry, id: str) -> Removal | None:
    """The removal of an entry by its id today, ``kind/id``, or of its note ``kind/id/part``."""
    part = _below(entry.label, id)
    if part is None or not isinstance(entry.node, MappingNode):
        return None
    if not part:
        text, entries = entry.file.source.text, entry.file.root.pairs[entry.section].value
        assert isinstance(entries, SequenceNode)
        alone = len(entries.items) == 1
        edit = remove_pair(text, entry.file.root, entry.section) if alone else remove_item(text, entries, entry.index)
        return Removal(entry.file, edit, entry.first, _title_of(entry))
    found = _part(entry, part)
    return Removal(entry.file, found[1], f"{entry.first}/{found[0]}", _title_of(entry, part)) if found else None


def _part(entry: WrittenEntry, part: str, *, first: bool = False) -> tuple[str, Edit] | None:
    """A part of an entry, such as ``risks`` or ``facts/reason``: its first name and the edit that removes it. ``first``
    says that it is the first name that is given."""
    text, node = entry.file.source.text, entry.node
    assert isinstance(node, MappingNode)
    name, _, id = part.partition("/")
    pair = node.pairs.get(name.replace("-", "_"))
    if pair is None:
        return None
    if not id:
        return name, remove_pair(text, node, pair.key.value)
    facts = pair.value.items if isinstance(pair.value, SequenceNode) else [pair.value]
    first_ids = [text_of(fact, "was") or text_of(fact, "id") for fact in facts]
    ids = first_ids if first else [text_of(fact, "id") for fact in facts]
    if id not in ids:
        return None
    index = ids.index(id)
    if isinstance(pair.value, SequenceNode) and len(facts) > 1:
        return f"{name}/{first_ids[index]}", remove_item(text, pair.value, index)
    return f"{name}/{first_ids[index]}", remove_pair(text, node, pair.key.value)


def _retirement_of_deleted(
    id: str, written: Sequence[WrittenEntry], files: Sequence[OpenFile], project: Project
) -> Removal:
    """The retirement of an entry whose text is already gone. Its notice goes into the file that it was in."""
    for entry in written:
        if part := _below(entry.first, id):
            return Removal(entry.file, None, id, _title_of(entry, part))
    was_in, title = "", ""
    for then in earlier_sources(project.root, id.split("/")[1]):
        old = load(then, Report(), with_lock=False)
        entries = [entry for file in open_files(old, Report()) for entry in entries_of(file) if _has(entry, id)]
        if entries:
            was_in = entries[0].file.source.path.relative_to(then).as_posix()
            title = _title_of(entries[0], _below(entries[0].first, id) or "")
            break
    return Removal(_file_for_notice(project.root / was_in, files, project), None, id, title)


def _file_for_notice(path: Path, files: Sequence[OpenFile], project: Project) -> OpenFile:
    """The file with a path; if there is none, one of retired entries in the same deck or else in the first one."""
    by_path = {file.source.path: file for file in files}
    if path in by_path:
        return by_path[path]
    folders = [deck.path for deck in project.decks]
    if not folders:
        raise Failure("there is no deck for the notice: restore the deck, and try again")
    new_path = (path.parent if path.parent in folders else folders[0]) / f"{RETIRED_SECTION}.yaml"
    return by_path.get(new_path, OpenFile(Source(new_path, short_path(new_path), ""), MappingNode(0, 0, {}, False)))


def _check_types(removal: Removal, published: Published, project: Project, id: str) -> None:
    """Fail if the entry that would be removed has errors, or if a note of it has another type than when it was
    published."""
    source = removal.file.source
    notes = {note.id: note for note in compile_source(source, project, Report(), hints=False).notes}
    living = [note for note in notes.values() if _below(removal.first_id, note.id) is not None]
    if not living:
        help = "fix them, or delete its text and run this command again"
        raise Failure(f"{source.name}: '{id}' has errors: {help}")
    for note in living:
        types = [line.note_type for line in published.notes.get(note.id, ())]
        new = note.note_type.name
        if types and new not in types:
            raise Failure(
                f"'{note.identity.label}' was released as a {types[0]}, but is now a {new}: give the {new} another id "
                f"first (in a procedure, under `facts`), then run this command again to retire the {types[0]}"
            )


def _title_of(entry: WrittenEntry, part: str = "") -> str:
    """A title for what is retired: the first required text of the entry, such as its question or name, and the part
    that is meant."""
    record = all_kinds()[entry.section].entry
    name, title_key = next(((name, key) for name, key in keys(record).items() if is_title(key)), ("", None))
    text = revealed(text_of(entry.node, name)) if title_key else _first_field(entry.node)
    if title_key and not isinstance(title_key.shape, MarkupText):
        text = escape_markdown(text)
    title = " ".join(text.split())
    return f"{title}: {part}" if part else title


def _first_field(entry: Node) -> str:
    """The text of the first field of a note whose type the project brings."""
    fields = entry.pairs.get("fields") if isinstance(entry, MappingNode) else None
    if fields is None or not isinstance(fields.value, MappingNode):
        return ""
    first = next((pair.value for pair in fields.value.pairs.values()), fields.value)
    if isinstance(first, ScalarNode):
        return revealed(first.value)
    return escape_markdown(field_text(cloze.plain(text_of(first, "html"))))


def retired_text(removal: Removal, reason: str, successor: str | None, on: str) -> str | None:
    """The text of a file with an entry moved to its retired ones; None if that would break the file."""
    source = removal.file.source
    values = {"id": removal.first_id, "title": removal.title, "reason": reason, "successor": successor, "on": on}
    record = append_entry(
        removal.file, RETIRED_SECTION, [f"{name}: {quoted(value)}" for name, value in values.items() if value]
    )
    if record is None:
        return None
    if removal.edit is None:
        text = apply_edits(source.text, [record])
    else:  # without the entry, a block scalar above it could absorb the comments below it: then remove them too
        kept = _keeps_other_texts(removal.file, removal.edit)
        removed = removal.edit if kept else with_comments_below(source.text, removal.edit)
        text = apply_edits(source.text, [removed, record])
    return text if reparse(text, source) is not None else None


def _keeps_other_texts(file: OpenFile, edit: Edit) -> bool:
    """Whether a removal leaves all other texts of the file as they are, apart from the single run of texts that it
    removes."""
    source = file.source
    edited = reparse(apply_edits(source.text, [edit]), source)
    before, after = all_texts(file.root), all_texts(edited) if edited else []
    same = next(
        (index for index, pair in enumerate(zip(before, after, strict=False)) if pair[0] != pair[1]), len(after)
    )
    return after[same:] == before[len(before) - (len(after) - same) :]


def _new_errors(source: Source, text: str, project: Project) -> list[Diagnostic]:
    """The errors that an edit introduces into a file."""
    edited = Source(source.path, source.name, text)
    before, after = [compile_source(text, project, Report(), hints=False).findings for text in (source, edited)]
    known = {(found.rule, found.message) for found in before}
    errors = [one for one in after if one.severity is Severity.ERROR]
    return [found for found in errors if (found.rule, found.message) not in known]
