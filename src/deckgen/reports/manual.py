"""The manual of the source language, made of what the code itself declares: kinds' docstrings, keys and shapes."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from deckgen.compiler.retired import SECTION, Retired
from deckgen.kinds.entry import About, AnyKind
from deckgen.kinds.registry import all_kinds
from deckgen.language.records import Key, Record, keys, records_in
from deckgen.project.location import PROJECT_FILE
from deckgen.project.manifest import DeckFile, ProjectFile, Reference
from deckgen.project.project import DECK_FILE, SOURCES_FILE

FILES: dict[str, tuple[type[object], str]] = {
    PROJECT_FILE: (ProjectFile, "What all decks of a project share. The folder that holds it is the project."),
    SOURCES_FILE: (Reference, "The bibliography: a mapping from keys of your choice to works with these keys."),
    DECK_FILE: (
        DeckFile,
        "A folder with it is a deck, and becomes one package. The folder's other `.yaml` files hold its entries.",
    ),
}
"""The project's own files by name: what is in them, and what they are."""

RETIRED = (
    "Entries that were published and are gone. Anki never deletes a card because a package lacks it, so these are "
    "put into a package of their own, tagged and with a notice."
)


def kind_manual(kind: AnyKind) -> str:
    """A kind's manual, as its module has it: what it is, an example, when to use what."""
    name = kind.notes.__module__
    source = Path(sys.modules[name].__file__ or "").with_name(f"{name.rpartition('.')[2]}.py")
    return ast.get_docstring(ast.parse(source.read_text(encoding="utf-8"))) or ""  # a compiled module has no docstring


def kind_summary(kind: AnyKind) -> str:
    """What a kind is, in one line."""
    return kind_manual(kind).partition("\n")[0]


def kind_example(kind: AnyKind) -> str:
    """The example of a kind's manual, a deck's file."""
    return "\n".join(_split(kind_manual(kind))[1])


def parts(kind: AnyKind) -> tuple[Record[Any], ...]:
    """The records that an entry of a kind may hold, such as the groups of a list."""
    return tuple(records_in(Record(kind.entry, kind.name)))[1:]


def language() -> str:
    """The whole source language as a page."""
    return "\n".join(_language()).rstrip() + "\n"


def _language() -> Iterator[str]:
    yield "# The source language"
    yield ""
    yield "This page is made from deckgen's own declarations by `make docs`; `deckgen explain NAME` shows parts of it."
    yield ""
    yield (
        "Sources are YAML, read as you typed it: `no`, `1:30` and `007` stay text. Anchors, aliases and tags are "
        "refused. Texts are CommonMark without HTML; `<`, `&`, `$`, `{{` and `::` come out as typed, a text of one "
        "line is never a list or a quotation. Maths stands between `\\(` and `\\)`, or `\\[` and `\\]`: all commands "
        "of MathJax that only show a formula, and `\\ce{…}` for chemistry. Pictures and sounds are "
        "`![what it shows](media/file.png)`, with the path seen from the source."
    )
    yield ""
    for name, (record, what) in FILES.items():
        yield f"## {name}"
        yield ""
        yield what
        yield ""
        yield from key_table(keys(record))
    yield "## Entries"
    yield ""
    sections = ", ".join(f"`{section}:`" for section in all_kinds())
    inherited = ", ".join(f"`{name}`" for name, declared in keys(About).items() if declared.inherited)
    yield (
        f"A deck's file has any of the sections {sections} and `{SECTION}:`, each a list of entries. At its top, "
        f"{inherited} are defaults for all its entries."
    )
    yield ""
    for kind in all_kinds().values():
        yield f"### {kind.section}"
        yield ""
        yield from kind_page(kind)
    yield f"### {SECTION}"
    yield ""
    yield RETIRED
    yield ""
    yield from key_table(keys(Retired))


def kind_page(kind: AnyKind) -> Iterator[str]:
    """A docstring whose example is indented, with the example as a code block, and what may be written."""
    before, example, after = _split(kind_manual(kind))
    yield before
    yield ""
    yield from code_block(example)
    yield from after
    yield ""
    yield from key_table(keys(kind.entry))
    for part in parts(kind):
        yield f"The keys of {part.title}:"
        yield ""
        yield from key_table(keys(part.type))


def _split(manual: str) -> tuple[str, list[str], list[str]]:
    """What stands before a manual's example, its lines, and the lines after it."""
    before, _, rest = manual.partition("Example:\n\n")
    lines = rest.splitlines()
    end = next((number for number, line in enumerate(lines) if line and not line.startswith("    ")), len(lines))
    return before.rstrip(), [line[4:] for line in lines[: end - 1]], lines[end:]


def code_block(lines: list[str]) -> Iterator[str]:
    """Lines of YAML as a Markdown code block."""
    yield "```yaml"
    yield from lines
    yield "```"
    yield ""


def key_table(declared: Mapping[str, Key]) -> Iterator[str]:
    """Keys as a Markdown table."""
    yield "| key | value | |"
    yield "| --- | --- | --- |"
    for name, key in declared.items():
        yield f"| `{name}` | {key.shape.noun} | {key_manual(key)} |"
    yield ""


def key_manual(key: Key) -> str:
    """What a key is for, and whether it must be there."""
    return f"{key.manual}{' Needed.' if key.required else ''}"
