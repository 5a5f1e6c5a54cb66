"""Find the files in the decks folder that are read, and report why the others are not."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from deckgen.core import rules
from deckgen.core.diagnostics import Position, Report, Severity, nearest
from deckgen.core.location import PROJECT_FILE, output_of, short_path
from deckgen.language.file_names import DEVICES, report_clashes, report_name
from deckgen.media.media import is_media
from deckgen.own_types.note_types import FOLDER as NOTE_TYPES
from deckgen.own_types.note_types import STYLE_FILE
from deckgen.project import lock as locks

SOURCES_FILE = "sources.yaml"
DECK_FILE = "deck.yaml"
OWN_FILES = (PROJECT_FILE, SOURCES_FILE, STYLE_FILE, locks.LOCK_FILE)
"""The files of the project itself."""

SCHEMAS = "schema"
"""The folder that ``make`` writes the JSON Schemas to."""

NOT_DECKS = (NOTE_TYPES, SCHEMAS, *DEVICES)
"""Names that the folder of a deck must not have."""

_MOVE = "move it into the folder of a deck, or delete it"
_EXTENSIONS = (".yaml", ".yml")


class DeckFiles(NamedTuple):
    """The files of a deck that are read. ``deck_file`` is its ``deck.yaml``, which may be missing only if there are
    sources."""

    folder: Path
    deck_file: Path | None
    sources: tuple[Path, ...]
    media: tuple[Path, ...]


def deck_files(root: Path, report: Report) -> list[DeckFiles]:
    """The decks in the folders of a project, and their files. Each file that is not read is reported."""
    decks: list[DeckFiles] = []
    for path, is_folder in _entries(root, report):
        if path.name == NOTE_TYPES:
            continue  # what is in there is read and reported with the note types
        if not is_folder:
            _report_at_root(path, report)
        elif _is_followed(path, root, report) and (deck := _deck(path, root, report)):
            decks.append(deck)
    return decks


def is_source(path: Path) -> bool:
    """Whether a file in a deck's folder has entries, by its name."""
    return path.suffix.lower() in _EXTENSIONS and not _is_deck_file(path)


def _deck(folder: Path, root: Path, report: Report) -> DeckFiles | None:
    """The deck in a folder; None if the folder has no file of a deck."""
    deck_file, has_deck_file = folder / DECK_FILE, False
    sources: list[Path] = []
    media: list[Path] = []
    others: list[Path] = []
    inner: list[Path] = []
    for path in sorted(_files(folder, root, report)):
        if path == deck_file:
            has_deck_file = True
            continue
        if not report_name(path, Position(short_path(path)), report):
            continue
        kind = inner if _is_deck_file(path) else sources if is_source(path) else media if is_media(path) else others
        kind.append(path)
    if not (has_deck_file or sources or inner):
        written_here = folder == output_of(root)  # where a project has no folder 'decks' of its own
        others = [path for path in others if (folder.name, path.suffix) != (SCHEMAS, ".json")]
        for path in () if written_here else (*media, *others):
            _report(path, "is in no deck", _MOVE, report, Severity.WARNING)
        return None
    for path in inner:
        if not has_deck_file or path.parent != folder:  # one next to it is a name clash, reported below
            _report_deck_file(path, folder, report)
    for path in others:
        _report_other(path, report)
    files = [*([deck_file] if has_deck_file else []), *inner, *sources, *media]
    report_clashes(((path.relative_to(folder).as_posix(), Position(short_path(path))) for path in files), report)
    is_deck = has_deck_file or (sources and not any(path.parent == folder for path in inner))
    return DeckFiles(folder, deck_file if has_deck_file else None, tuple(sources), tuple(media)) if is_deck else None


def _files(folder: Path, root: Path, report: Report) -> Iterator[Path]:
    """The files in a folder and below it, except for hidden ones. Links to folders are not followed."""
    pending = [folder]
    while pending:
        for path, is_folder in _entries(pending.pop(), report):
            if not is_folder:
                yield path
            elif _is_followed(path, root, report):
                pending.append(path)


def _entries(folder: Path, report: Report) -> Iterator[tuple[Path, bool]]:
    """The files and folders in a folder, sorted by name, and whether each is a folder. Hidden files that look like
    sources are reported."""
    try:
        with os.scandir(folder) as entries:
            found = sorted([(entry.name, _is_folder(entry)) for entry in entries])
    except PermissionError as error:
        message = f"cannot read the folder: {error.strerror}"
        help = "give yourself permission to read it, or move it out of the decks folder"
        report.add(rules.UNREADABLE_FILE, Position(short_path(folder)), message, help)
        return
    for name, is_folder in found:
        path = folder / name
        if name[0] != ".":
            yield path, is_folder
        elif not is_folder and is_source(path) and not name.startswith(".#"):  # a lock of Emacs
            _report(path, "is hidden", "give it a name that does not begin with a dot, or delete it", report)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a loop of links
        return False


def _is_followed(path: Path, root: Path, report: Report) -> bool:
    """Whether a folder is a real one with a good name; others are reported."""
    if not path.is_symlink():
        return report_name(path, Position(short_path(path)), report)
    if not path.resolve().is_relative_to(root.resolve()):
        message = "expected a folder of the project, found a link that leads out of it"
        report.add(rules.OUTSIDE_PROJECT, Position(short_path(path)), message, "put the files themselves here")
    else:
        _report(path, "is a link to a folder, which is not followed", "put the files themselves here", report)
    return False


def _is_deck_file(path: Path) -> bool:
    return path.stem.lower() == "deck" and path.suffix.lower() in _EXTENSIONS


def _report_at_root(path: Path, report: Report) -> None:
    """Report a file next to ``deckgen.yaml`` that is not one of the project's own."""
    if path.name in OWN_FILES or not report_name(path, Position(short_path(path)), report):
        return
    if path.suffix.lower() in _EXTENSIONS:
        near = nearest(path.name, [name for name in OWN_FILES if not path.with_name(name).exists()])
        _report(path, "is in no deck", f"rename it '{near}', or {_MOVE}" if near else _MOVE, report)
    else:
        _report_other(path, report)


def _report_deck_file(path: Path, folder: Path, report: Report) -> None:
    """Report a ``deck.yaml`` in a subfolder, or one with another spelling."""
    if path.parent == folder:
        _report(path, f"is not named '{DECK_FILE}'", f"rename it '{DECK_FILE}'", report)
    else:
        above = short_path(folder.parent)
        help = f"move its folder into '{above}': '::' in its title makes it a subdeck; or delete this file"
        _report(path, "is inside another deck, to which all subfolders belong", help, report)


def _report_other(path: Path, report: Report) -> None:
    """Report a file that is neither a source nor a picture or sound."""
    stem = path.name
    while (cut := Path(stem).stem) != stem and not stem.lower().endswith(_EXTENSIONS):
        stem = cut
    if stem.lower().endswith(_EXTENSIONS):
        help = "delete it" if path.with_name(stem).exists() else f"rename it '{stem}', or delete it"
    else:
        help = "move it out of the decks folder; entries are in files that end in '.yaml'"
    ending = f"ends in '{path.suffix}'" if path.suffix else "has no extension"
    _report(path, f"is not an entry file, a picture or a sound: its name {ending}", help, report, Severity.WARNING)


def _report(path: Path, reason: str, help: str, report: Report, severity: Severity = Severity.ERROR) -> None:
    report.add(
        rules.FILE_IGNORED, Position(short_path(path)), f"deckgen does not read this file: it {reason}", help, severity
    )
