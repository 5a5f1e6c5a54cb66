"""The files of an adopted project, as texts by path."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from deckgen.adoption.adoptable import Adoptable, AdoptedDeck, AdoptedNote
from deckgen.cards.note_type import AnkiSettings
from deckgen.core.assets import asset
from deckgen.editing.from_html import markdown_of
from deckgen.editing.text_edits import item, quoted
from deckgen.language.file_names import DEVICES
from deckgen.language.patterns import slug, unused_names
from deckgen.own_types.adopted_types import SETTINGS_FILE, settings_text
from deckgen.own_types.note_types import STYLE_FILE, TYPE_FILE
from deckgen.packages.read_note_types import NoteTypeContents

NOTES_IN_FILE = 500

_ATTRIBUTES = """\
*.html text eol=lf
*.css text eol=lf
decks/*/adopted/* -text
decks/note-types/*/_* -text
"""


class ProjectValues(NamedTuple):
    """What the project file says: its title (by default that of the first deck), authors, language and namespace."""

    title: str | None
    authors: Sequence[str]
    language: str
    namespace: str


def project_files(found: Adoptable, project: ProjectValues) -> Iterator[tuple[str, str]]:
    """The path and the text of each file."""
    yield ".gitignore", asset("editing/starter/gitignore")
    yield ".gitattributes", asset("editing/starter/gitattributes") + _ATTRIBUTES
    yield "decks/deckgen.yaml", _project_file(found, project)
    for name, note_type in found.note_types.items():
        for path, text in _type_files(note_type, found.type_ids[name]):
            yield f"decks/note-types/{name}/{path}", text
    for deck in found.decks:
        yield f"decks/{deck.folder}/deck.yaml", _deck_file(deck)
        for path, text in _note_files(deck):
            yield f"decks/{deck.folder}/{path}", text


def _project_file(found: Adoptable, project: ProjectValues) -> str:
    title = project.title or found.decks[0].title.split("::")[-1]
    authors = "".join(f"\n  - {quoted(author)}" for author in project.authors)
    domains = "".join(f"\n  {deck.folder}: {quoted(deck.title)}" for deck in found.decks)
    return f"""\
# yaml-language-server: $schema=schema/project.json
# Adopted from a deck that learners had before. The namespace identifies every card that is new: never change it.
namespace: {quoted(project.namespace)}
title: {quoted(title)}
language: {project.language}
tag: {slug(title) or "deck"}
{f"authors:{authors}" if authors else "# authors: [Your name]"}

# Every card belongs to one of these. Change the titles as you like; add more at any time.
domains:{domains}

# 'deckgen explain' lists the rules about what makes a good card.
rules:
  source-missing: off
"""


def _deck_file(deck: AdoptedDeck) -> str:
    lines = ["# yaml-language-server: $schema=../schema/deck.json", f"title: {quoted(deck.title)}"]
    if deck.description and (text := markdown_of(deck.description)):
        lines.append(f"description: {_block(text)}")
    if deck.folders:
        lines += ["subdecks: folder", "folders:"]
        lines += [f"  {folder}: {quoted(name)}" for name, folder in deck.folders.items()]
    return "\n".join(lines) + "\n"


# --- note types -------------------------------------------------------------------------------------------------------


def _type_files(note_type: NoteTypeContents, id: int) -> Iterator[tuple[str, str]]:
    names = unused_names((slug(template) or "card" for template in note_type.templates), set(DEVICES))
    lines = [
        "# yaml-language-server: $schema=../../schema/note-type.json",
        "# Adopted: do not add, remove, rename or move fields or templates.",
        f"title: {quoted(note_type.name)}",
        "fields:",
        *(f"  - {quoted(field)}" for field in note_type.fields),
        "templates:",
    ]
    for name, (template, (front, back)) in zip(names, note_type.templates.items(), strict=True):
        lines += [f"  - name: {quoted(template)}", f"    front: {name}.front.html", f"    back: {name}.back.html"]
        yield f"{name}.front.html", front
        yield f"{name}.back.html", back
    lines += ["cloze: true"] if note_type.is_cloze else []
    yield TYPE_FILE, "\n".join(lines) + "\n"
    if note_type.style:
        yield STYLE_FILE, note_type.style
    own = {name: value for name, value in note_type.settings.items() if name != "type"}
    settings = AnkiSettings(id, own, note_type.field_settings, note_type.template_settings)
    yield SETTINGS_FILE, settings_text(settings)


# --- notes ------------------------------------------------------------------------------------------------------------


def _note_files(deck: AdoptedDeck) -> Iterator[tuple[str, str]]:
    """The files of a deck's notes, which lie in the folders of their subdecks."""
    groups: dict[tuple[str, ...], list[AdoptedNote]] = {}
    for note in deck.notes:
        groups.setdefault(note.subdecks, []).append(note)
    for subdecks, notes in groups.items():
        folder = "".join(f"{deck.folders[name]}/" for name in subdecks)
        schema = "../" * (len(subdecks) + 1) + "schema/cards.json"
        head = f"# yaml-language-server: $schema={schema}\ndomain: {deck.folder}\n\nnotes:\n"
        for start in range(0, len(notes), NOTES_IN_FILE):
            number = f"-{start // NOTES_IN_FILE + 1:03}" if len(notes) > NOTES_IN_FILE else ""
            entries = [item(_entry(note), "  ") for note in notes[start : start + NOTES_IN_FILE]]
            yield f"{folder}notes{number}.yaml", head + "\n".join(entries)


def _entry(note: AdoptedNote) -> list[str]:
    contents = note.contents
    lines = [f"id: {note.id}", f"type: {note.note_type}", f"guid: {quoted(contents.guid)}"]
    if contents.tags:
        lines.append(f"anki_tags: [{', '.join(quoted(tag, flow=True) for tag in contents.tags)}]")
    lines.append("fields:")
    for name, html in contents.fields.items():
        if html.strip():
            lines += [f"  {line}" if line else line for line in _field(name, html)]
    return lines


def _field(name: str, html: str) -> list[str]:
    """A field as Markdown if that compiles to the same bytes, else as HTML."""
    text = markdown_of(html)
    if text is not None:
        return f"{quoted(name)}: {_block(text)}".split("\n")
    if _is_block(html):
        return [f"{quoted(name)}:", *(f"  {line}" if line else line for line in f"html: {_block(html)}".split("\n"))]
    return [f"{quoted(name)}: {{html: {_in_quotes(html)}}}"]


def _is_block(text: str) -> bool:
    """Whether a text of several lines can stand below ``|-`` as it is."""
    return (
        "\n" in text
        and text == text.strip()
        and all(line.strip() or not line for line in text.split("\n"))
        and "\t" not in text
    )


def _block(text: str) -> str:
    return quoted(text, flow="\n" in text and not _is_block(text))


def _in_quotes(text: str) -> str:
    """HTML in quotes, with the kind of quotes that needs fewer characters."""
    if "\n" not in text and "\t" not in text and '"' in text:
        return "'" + text.replace("'", "''") + "'"
    return _ALWAYS_QUOTED.sub(r'"\1"', quoted(text, flow=True))


_ALWAYS_QUOTED = re.compile(r"^([^'\"].*)$")
