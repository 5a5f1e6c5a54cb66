"""Write the media of an adopted deck, each under its own name: what fields show into the deck's folder ``adopted``, and
files of templates, whose names begin with ``_``, next to the templates."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from deckgen.adoption.adoptable import Adoptable
from deckgen.core.characters import printable_line
from deckgen.core.diagnostics import listed
from deckgen.core.source import normal
from deckgen.core.terminal import Failure, count
from deckgen.core.urls import is_address
from deckgen.language.file_names import NOT_ON_WINDOWS
from deckgen.media.media import ADOPTED, is_media
from deckgen.packages.read_note_types import NoteTypeContents
from deckgen.text.safe_html import LOCAL_NAME, html_files, latex_files

MAX_NAME = 120
"""Bytes of a name that Anki keeps."""

MAX_TOTAL = 4 * 2**30
"""Bytes of all media that are written."""

MAX_SEARCHED = 10**10
"""Characters of templates that are searched for names of files, counted for each name: it takes seconds."""


class MediaSource(Protocol):
    """The media that come with a deck, by name."""

    def __iter__(self) -> Iterator[str]: ...

    def read(self, names: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        """The files with these names, one after the other."""


def write_media(found: Adoptable, media: MediaSource, root: Path) -> Iterator[str]:
    """Write the media that the decks and note types use below the ``decks`` folder ``root``. Yields remarks about what
    is not kept. Raises Failure if a name leads out of the folder."""
    known = {normal(name): name for name in media}
    for name in known:
        if os.path.basename(name.replace("\\", "/")) != name or name in ("", ".", ".."):
            raise Failure(f"it has a media file named '{printable_line(name)}', which is not a possible file name")
    folders: dict[str, list[Path]] = {}
    missing: set[str] = set()
    others: set[str] = set()
    for deck in found.decks:
        fields = [html for note in deck.notes for html in note.contents.fields.values() if "=" in html or "[" in html]
        shown = [normal(file.name) for html in fields for file in html_files(html)]
        drawn = [name for html in fields for name in latex_files(html) if name in known]
        for name in dict.fromkeys([*shown, *drawn]):
            if name in known and not is_media(Path(ADOPTED, name)):
                others.add(name)
            elif name in known:
                folders.setdefault(name, []).append(root / deck.folder / ADOPTED)
            elif not is_address(name):
                missing.add(name)
    for name, types in _users(list(filter(LOCAL_NAME.fullmatch, known)), found.note_types):
        folders.setdefault(name, []).extend(root / "note-types" / type for type in types)
    good = set(_good_names(folders))
    total = 0
    for original, data in media.read(known[name] for name in folders if name in good):
        total += len(data)
        if total > MAX_TOTAL:
            raise Failure(f"its media have more than {MAX_TOTAL // 2**30} GB")
        for folder in folders[normal(original)]:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / normal(original)).write_bytes(data)
    yield from _remark("shown by notes, but not in the package", missing)
    yield from _remark("shown by notes, but neither a picture nor a sound", others)
    yield from _remark("some systems do not allow the name", folders.keys() - good)
    yield from _remark("used by no note or template", known.keys() - folders.keys() - others)


def _users(names: Sequence[str], note_types: Mapping[str, NoteTypeContents]) -> Iterator[tuple[str, list[str]]]:
    """Each of some files with the note types whose templates or style mention it; if none does, the first, since
    scripts can load it."""
    texts = {
        type: "".join([found.style, *(side for sides in found.templates.values() for side in sides)])
        for type, found in note_types.items()
    }
    if len(names) * sum(map(len, texts.values())) > MAX_SEARCHED:
        raise Failure(f"its templates are too long for its {len(names):,} files with names that begin with '_'")
    for name in names:
        yield name, [type for type, text in texts.items() if name in text] or list(texts)[:1]


def _good_names(names: Iterable[str]) -> Iterator[str]:
    """Names that are possible, and different, on every system."""
    used: set[str] = set()
    for name in sorted(names):
        folded = name.casefold()
        possible = printable_line(name) == name and not name.startswith(".") and not NOT_ON_WINDOWS.search(name)
        if possible and len(name.encode()) <= MAX_NAME and folded not in used:
            used.add(folded)
            yield name


def _remark(what: str, names: Iterable[str]) -> Iterator[str]:
    named = sorted(map(printable_line, names))
    if named:
        yield f"{count(len(named), 'media file')}: {what} ({listed(named)})"
