"""A new entry, written into a source in the style of the entries that stand there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from deckgen.cards.note import Note
from deckgen.editing import text_edits as surgery
from deckgen.editing.ids import free_id, taken_ids
from deckgen.editing.text_edits import Edit, quoted
from deckgen.kinds.entry import AnyKind
from deckgen.kinds.items import Groups, Items
from deckgen.kinds.registry import all_kinds
from deckgen.language.nodes import MappingNode, Node, ScalarNode, SequenceNode
from deckgen.language.records import Either, Key, ListOf, Record, keys
from deckgen.language.source import Source
from deckgen.language.values import Flag, Name
from deckgen.lint.words import content_words
from deckgen.project.project import DeckFolder

Values = Mapping[str, Sequence[str]]
"""What an author gave for each key, as text."""

_LEFT_OUT = frozenset(("id", "was", "allow"))
_FIRST = ("id", "domain", "source")


class Opened(NamedTuple):
    """A deck's source as it was read."""

    source: Source
    node: MappingNode


def offered(kind: AnyKind) -> dict[str, Key]:
    """The keys of a kind whose values can be given in a few words."""
    return {
        name: declared
        for name, declared in keys(kind.entry).items()
        if name not in _LEFT_OUT and (takes_list(declared) or takes_text(declared))
    }


def takes_text(key: Key) -> bool:
    """Whether a key's value may be a text."""
    shape = key.shape
    if isinstance(shape, Either):
        return shape.text is not None
    return not isinstance(shape, Items | Groups | Record) and (not isinstance(shape, ListOf) or _is_plain(shape))


def takes_list(key: Key) -> bool:
    """Whether a key's value may be a list."""
    shape = key.shape
    return isinstance(shape, Items) or (isinstance(shape, Either) and shape.items is not None) or _is_plain(shape)


def _is_plain(shape: Any) -> bool:
    return isinstance(shape, ListOf) and not isinstance(shape.item, Record)


def suggest_id(kind: AnyKind, values: Values, files: Iterable[Opened]) -> str:
    """An id that nothing has yet, made of the words of the first key that an entry must have."""
    taken: set[str] = set()
    for file in files:
        taken |= taken_ids(file.node).get(kind.section, set())
    named = (name for name, key in keys(kind.entry).items() if key.required and not key.inherited and values.get(name))
    return free_id(values[next(named)][0], taken)


def suggest_domain(values: Values, notes: Sequence[Note], domains: Sequence[str]) -> str:
    """The skill domain whose notes are most like the new one: those that share its rarest words."""
    asked = _words(text for name, given in values.items() if name not in _FIRST for text in given)
    words = [_words((note.identity.title, *note.fields[:2])) for note in notes]
    common = Counter(word for own in words for word in own)
    likeness: dict[str, list[float]] = {domain: [0.0] for domain in domains}
    for note, own in zip(notes, words, strict=True):
        shared = sum(1 / common[word] for word in asked & own)
        likeness.setdefault(note.identity.domain, []).append(shared)
    return max(domains, key=lambda domain: sum(sorted(likeness[domain])[-3:]), default="")


def _words(texts: Iterable[str]) -> set[str]:
    return content_words(word.strip(".,;:?!()") for text in texts for word in text.lower().split())


def choose_file(kind: AnyKind, domain: str, id: str, decks: Sequence[DeckFolder], files: Sequence[Opened]) -> Path:
    """Where entries of this kind and domain stand; a file of its own, where each entry has one."""
    counted = [(_count(file, kind, domain), file.source.path) for file in files]
    holders = [(count, path) for count, path in counted if count.entries]
    if len(holders) > 1 and all(count.entries == 1 for count, _ in holders):
        return holders[0][1].with_name(f"{kind.name}-{id}.yaml")
    alike = holders or [(count, path) for count, path in counted if count.is_default]
    if alike:
        return max(alike, key=lambda one: (one[0].of_domain, one[0].entries))[1]
    return decks[0].path / f"{kind.section}.yaml"


class _Count(NamedTuple):
    entries: int
    of_domain: int
    is_default: bool


def _count(file: Opened, kind: AnyKind, domain: str) -> _Count:
    section = file.node.pairs.get(kind.section)
    entries = section.value.items if section and isinstance(section.value, SequenceNode) else []
    default = _text(file.node, "domain")
    domains = [_text(entry, "domain") or default for entry in entries if isinstance(entry, MappingNode)]
    return _Count(len(entries), domains.count(domain), default == domain)


def default(file: Opened | None, name: str) -> str:
    """A file's default for a key that may stand at its top, as the author wrote it."""
    if file is None or name not in file.node.pairs:
        return ""
    value = file.node.pairs[name].value
    return file.source.text[value.start : surgery.end_of(file.source.text, value)]


def _text(node: Node, name: str) -> str:
    pair = node.pairs.get(name) if isinstance(node, MappingNode) else None
    return pair.value.value if pair and isinstance(pair.value, ScalarNode) else ""


def entry_lines(kind: AnyKind, values: Values) -> list[str]:
    """The entry as lines of YAML, without the dash and its indentation."""
    declared = keys(kind.entry)
    names = [*_FIRST, *(name for name in declared if name not in _FIRST)]
    return [line for name in names if values.get(name) for line in _pair(name, declared[name].shape, values[name])]


def _pair(name: str, shape: Any, given: Sequence[str]) -> list[str]:
    as_items = isinstance(shape, Items) or (isinstance(shape, Either) and len(given) > 1)
    if as_items:
        taken: set[str] = set()
        return [f"{name}:", *(f"  - {free_id(text, taken)}: {quoted(text)}" for text in given)]
    if isinstance(shape, ListOf):
        return [f"{name}: [{', '.join(quoted(text, flow=True) for text in given)}]"]
    if isinstance(shape, Flag | Name):
        return [f"{name}: {given[0]}"]
    return [f"{name}: {quoted(given[0])}"]


def with_entry(file: Opened | None, kind: AnyKind, lines: Sequence[str], schema: str) -> tuple[str, int] | None:
    """A source's text with the entry, and the line where it begins; None where it cannot be put in without changing
    more. Without a file, that of a new one, which names its ``schema`` to editors."""
    if file is None:
        head = f"# yaml-language-server: $schema={schema}\n\n{kind.section}:\n"
        return head + _item(lines, "  "), head.count("\n") + 1
    text, section = file.source.text, file.node.pairs.get(kind.section)
    if section is None:
        end = len(text)
        gap = ("" if text.endswith("\n") else "\n") + f"\n{kind.section}:\n"
        added = gap + _item(lines, "  ")
    elif isinstance(section.value, SequenceNode) and section.value.items and not section.value.flow:
        entries = section.value.items
        end = surgery.next_line(text, surgery.end_of(text, section.value))
        gap = "" if text[:end].endswith("\n") else "\n"
        gap += "\n" if len(entries) < 2 or _is_apart(text, entries[-1]) else ""
        added = gap + _item(lines, " " * file.source.column(section.value))
    else:
        return None
    edited = surgery.apply(text, [Edit(end, end, added)])
    return edited, text.count("\n", 0, end) + gap.count("\n") + 1


def _is_apart(text: str, entry: Node) -> bool:
    """Whether a blank line stands above an entry and the comments that belong to it."""
    above = text[: surgery.line_start(text, entry.start)].split("\n")[:-1]
    while above and above[-1].lstrip().startswith("#"):
        above.pop()
    return bool(above) and not above[-1].strip()


def _item(lines: Sequence[str], indent: str) -> str:
    first, *others = lines
    return "".join([f"{indent}- {first}\n", *(f"{indent}  {line}\n" for line in others)])


def kind_named(name: str) -> AnyKind | None:
    """A kind by its name."""
    return next((kind for kind in all_kinds().values() if kind.name == name), None)
