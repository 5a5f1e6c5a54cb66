"""The manual of the source language, made of what the code itself declares: kinds' docstrings, keys, shapes."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping

from deckgen.kind import About, AnyKind
from deckgen.project import DeckFile, ProjectFile, Reference
from deckgen.registry import all_kinds
from deckgen.retirement import Retired
from deckgen.schema import Key, keys


def kind_manual(kind: AnyKind) -> str:
    """A kind's manual, as its module has it: what it is, an example, when to use what."""
    return (sys.modules[kind.notes.__module__].__doc__ or "").strip()


def kind_summary(kind: AnyKind) -> str:
    """What a kind is, in one line."""
    return kind_manual(kind).partition("\n")[0]


def kind_example(kind: AnyKind) -> str:
    """The example of a kind's manual, a deck's file."""
    return "\n".join(_split(kind_manual(kind))[1])


def language() -> str:
    """The whole source language as a Markdown page."""
    return "\n".join(_page()).rstrip() + "\n"


def _page() -> Iterator[str]:
    yield "# The source language"
    yield ""
    yield "This page is made from deckgen's own declarations by `make docs`."
    yield ""
    yield (
        "Sources are YAML, read as you typed it: `no`, `1:30` and `007` stay text. Anchors, aliases and tags are "
        "refused. Texts are CommonMark without HTML; `<`, `&`, `$`, `{{` and `::` come out as typed, a text of one "
        "line is never a list or a quotation, and maths stands between `\\(` and `\\)`. Pictures and sounds are "
        "`![what it shows](media/file.png)`, with the path seen from the source."
    )
    yield ""
    yield "## deckgen.yaml"
    yield ""
    yield "What all decks of a project share. The folder that holds it is the project."
    yield ""
    yield from _table(keys(ProjectFile))
    yield "## sources.yaml"
    yield ""
    yield "The bibliography: a mapping from keys of your choice to works with these keys."
    yield ""
    yield from _table(keys(Reference))
    yield "## deck.yaml"
    yield ""
    yield "A folder with it is a deck, and becomes one package. The folder's other `.yaml` files hold its entries."
    yield ""
    yield from _table(keys(DeckFile))
    yield "## Entries"
    yield ""
    sections = ", ".join(f"`{section}:`" for section in all_kinds())
    inherited = ", ".join(f"`{name}`" for name, declared in keys(About).items() if declared.inherited)
    yield (
        f"A deck's file has any of the sections {sections} and `retired:`, each a list of entries. At its top, "
        f"{inherited} are defaults for all its entries."
    )
    yield ""
    for kind in all_kinds().values():
        yield f"### {kind.section}"
        yield ""
        yield from _as_markdown(kind_manual(kind))
        yield ""
        yield from _table(keys(kind.entry))
    yield "### retired"
    yield ""
    yield (
        "Entries that were published and are gone. Anki never deletes a card because a package lacks it, so these are "
        "put into a package of their own, tagged and with a notice."
    )
    yield ""
    yield from _table(keys(Retired))


def _as_markdown(manual: str) -> Iterator[str]:
    """A docstring whose example is indented, with the example as a code block."""
    before, example, after = _split(manual)
    yield before
    yield ""
    yield "```yaml"
    yield from example
    yield "```"
    yield ""
    yield from after


def _split(manual: str) -> tuple[str, list[str], list[str]]:
    """What stands before a manual's example, its lines, and the lines after it."""
    before, _, rest = manual.partition("Example:\n\n")
    lines = rest.splitlines()
    end = next((number for number, line in enumerate(lines) if line and not line.startswith("    ")), len(lines))
    return before.rstrip(), [line[4:] for line in lines[: end - 1]], lines[end:]


def _table(declared: Mapping[str, Key]) -> Iterator[str]:
    yield "| key | value | |"
    yield "| --- | --- | --- |"
    for name, key in declared.items():
        required = "" if not key.required else " Needed."
        manual = f"{key.manual}{required}".replace("|", "\\|")
        yield f"| `{name}` | {key.shape.noun} | {manual} |"
    yield ""
