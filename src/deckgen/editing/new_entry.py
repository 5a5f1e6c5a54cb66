"""A new entry: which values an author must give, and the entry as text in the style of its file."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deckgen.core.diagnostics import Diagnostic, Position, Rejected, Report, Severity
from deckgen.core.location import short_path
from deckgen.core.nodes import ScalarNode, SequenceNode
from deckgen.core.source import Source
from deckgen.core.terminal import Failure, UsageError
from deckgen.editing.ids import free_id
from deckgen.editing.open_files import OpenFile
from deckgen.editing.text_edits import append_entry, apply_edits, item, quoted
from deckgen.kinds.entry import AnyKind
from deckgen.kinds.items import Groups, Items
from deckgen.language.field_texts import FieldTexts
from deckgen.language.file_names import report_clashes, report_name
from deckgen.language.keys import Key, keys
from deckgen.language.records import Either, ListOf, Record
from deckgen.language.values import Flag, Name
from deckgen.project.deck_files import is_source
from deckgen.project.project import Project

Values = Mapping[str, Sequence[str]]
"""The texts that an author gave, by key."""

FIRST_KEYS = ("id", "domain", "source")
"""The first keys of an entry, in this order."""

_NOT_OFFERED = frozenset(("id", "was", "allow", "guid", "anki_tags"))


# --- the values -------------------------------------------------------------------------------------------------------


def offered_keys(kind: AnyKind) -> dict[str, Key]:
    """The keys of a kind whose values can be given in a few words."""
    return {
        name: key
        for name, key in keys(kind.entry).items()
        if name not in _NOT_OFFERED and (takes_list(key) or _takes_text(key))
    }


def takes_list(key: Key) -> bool:
    """Whether a key may have several texts."""
    shape = key.shape
    return (
        isinstance(shape, Items | FieldTexts)
        or (isinstance(shape, Either) and shape.items is not None)
        or _is_list(shape)
    )


def _takes_text(key: Key) -> bool:
    if isinstance(key.shape, Either):
        return key.shape.text is not None
    return not isinstance(key.shape, Items | Groups | Record | ListOf) or _is_list(key.shape)


def _is_list(shape: Any) -> bool:
    return isinstance(shape, ListOf) and not isinstance(shape.item, Record)


@dataclass(frozen=True, slots=True)
class Question:
    """A key to ask the author for, and whether it may be left empty."""

    name: str
    key: Key
    required: bool


def questions(kind: AnyKind, answers: Values) -> Iterator[Question]:
    """What to ask for, one by one. The caller adds each answer to ``answers``: an answered key makes its alternatives
    superfluous, and if all others were left empty, the last alternative is required."""
    declared = keys(kind.entry)
    for name in kind.asked:
        groups = [group for group in getattr(kind.entry, "EXACTLY_ONE", ()) if name in group]
        alternatives = [other for other in kind.asked if any(other in group for group in groups)]
        if not any(other in answers for other in alternatives):
            required = alternatives[-1] == name if alternatives else declared[name].required
            yield Question(name, declared[name], required)


def missing_key(kind: AnyKind, values: Values) -> str | None:
    """The first required key without a value; a domain can be suggested."""
    required = (name for name, key in offered_keys(kind).items() if key.required and name != "domain")
    return next((name for name in required if name not in values), None)


# --- the file ---------------------------------------------------------------------------------------------------------


def file_in_deck(path: Path, project: Project) -> Path:
    """A file that belongs to a deck, as a path like those of the deck's other files. Raises UsageError if it does not,
    or if it has to be made and would have a name that is not read on every system."""
    for deck in project.decks:
        folder, file = deck.path.resolve(), path.resolve()
        if file.is_relative_to(folder) and is_source(file):
            found = deck.path / file.relative_to(folder)
            if not file.exists():
                _check_name(found, file.relative_to(folder))
            return found
    raise UsageError(f"'{path}' is not a .yaml file in the folder of a deck")


def _check_name(path: Path, in_deck: Path) -> None:
    """Raise UsageError for a new file that no check of the project would accept."""
    if hidden := next((name for name in in_deck.parts if name.startswith(".")), None):
        found = "its name" if hidden == path.name else f"the name of its folder '{hidden}'"
        raise UsageError(f"deckgen does not read '{short_path(path)}': {found} begins with a dot; choose another")
    report, position = Report(), Position(short_path(path))
    report_name(path, position, report)
    beside = sorted(one.name for one in path.parent.iterdir()) if path.parent.is_dir() else []
    report_clashes(((name, position) for name in (*beside, path.name)), report)
    for finding in report:
        raise UsageError(f"{finding.message}; choose another")


def file_at(path: Path, files: Sequence[OpenFile], findings: Iterable[Diagnostic]) -> OpenFile | None:
    """The open file with a path; None if it does not exist yet. Fails if it exists but could not be opened."""
    file = next((file for file in files if file.source.path == path), None)
    if file is None and path.exists():
        name = short_path(path)
        in_file = (found for found in findings if found.position.path == name and found.severity is Severity.ERROR)
        raise Rejected(*in_file, message=f"nothing was written: fix {name} first")
    return file


def default_of(file: OpenFile | None, key: str) -> list[str]:
    """The texts of a file's default for a key; none if the file has no default for it."""
    if file is None or key not in file.root.pairs:
        return []
    value = file.root.pairs[key].value
    given = value.items if isinstance(value, SequenceNode) else [value]
    return [one.value for one in given if isinstance(one, ScalarNode)]


# --- the entry --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AddedEntry:
    """A file before and after an entry was added, with the kind and id of the entry, and its first and last line."""

    label: str
    before: Source
    after: Source
    first_line: int
    last_line: int

    @property
    def lines(self) -> list[str]:
        return self.after.text.split("\n")[self.first_line - 1 : self.last_line]


def add_entry(path: Path, file: OpenFile | None, kind: AnyKind, values: Values, project: Project) -> AddedEntry:
    """Add an entry to a file, without the values that are the file's defaults. A new file names its schema."""
    given_here = {name: given for name, given in values.items() if list(given) != default_of(file, name)}
    lines = entry_lines(kind, given_here)
    if file is None:
        before = Source(path, short_path(path), "")
        schema = Path(os.path.relpath(project.root / "schema/cards.json", path.parent)).as_posix()
        start, added = 0, f"# yaml-language-server: $schema={schema}\n\n{kind.section}:\n{item(lines, '  ')}"
        text = added
    else:
        before = file.source
        edit = append_entry(file, kind.section, lines)
        if edit is None:
            message = f"cannot add to '{kind.section}' without changing other text; edit the file by hand"
            raise Failure(f"{before.name}: {message}")
        start, added = edit.start, edit.text
        text = apply_edits(before.text, [edit])
    last = text.count("\n", 0, start) + added.count("\n")
    label = f"{kind.name}/{values['id'][0]}"
    return AddedEntry(label, before, Source(path, before.name, text), last - len(lines) + 1, last)


def entry_lines(kind: AnyKind, values: Values) -> list[str]:
    """An entry as lines of YAML, without the dash and the indentation."""
    declared = keys(kind.entry)
    names = [*FIRST_KEYS, *(name for name in declared if name not in FIRST_KEYS)]
    return [
        line for name in names if values.get(name) for line in _pair_lines(name, declared[name].shape, values[name])
    ]


def _pair_lines(name: str, shape: Any, given: Sequence[str]) -> list[str]:
    if isinstance(shape, Items) or (isinstance(shape, Either) and len(given) > 1):
        taken: set[str] = set()
        return [f"{name}:", *(f"  - {free_id(text, taken)}: {quoted(text)}" for text in given)]
    if isinstance(shape, FieldTexts):
        fields = [text.partition(":") for text in given]
        return [f"{name}:", *(f"  {quoted(field.strip())}: {quoted(text.strip())}" for field, _, text in fields)]
    if isinstance(shape, ListOf):
        return [f"{name}: [{', '.join(quoted(text, flow=True) for text in given)}]"]
    return [f"{name}: {given[0] if isinstance(shape, Flag | Name) else quoted(given[0])}"]
