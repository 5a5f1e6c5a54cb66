"""The project: what its own files declare, its decks, and its lock."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import NamedTuple, TypeVar

from deckgen.cards.note_type import NoteType
from deckgen.cards.note_types.registry import all_note_types
from deckgen.cards.words import Words
from deckgen.core import rules, source
from deckgen.core.diagnostics import Position, Report, Severity
from deckgen.core.location import PROJECT_FILE, short_path
from deckgen.core.source import Source
from deckgen.core.terminal import Failure
from deckgen.language import yaml_reader
from deckgen.language.file_names import report_clashes
from deckgen.language.keys import make
from deckgen.language.records import MapOf, Record
from deckgen.language.shapes import Reader, Shape
from deckgen.media.library import MediaLibrary
from deckgen.own_types.consent import Consent, consent_given
from deckgen.own_types.note_types import STYLE_FILE, load_note_types
from deckgen.project import lock as locks
from deckgen.project.deck_files import DECK_FILE, SOURCES_FILE, DeckFiles, deck_files
from deckgen.project.lock import Lock
from deckgen.project.look import check_words, in_project, style_of
from deckgen.project.manifest import DeckFile, ProjectFile, Reference
from deckgen.text.escaping import escape

T = TypeVar("T")

MAX_FILES = 5_000
"""Files of entries in a project. Each takes a millisecond, however little it contains."""

RETIRED_SUFFIX = "-retired"
"""The suffix in the name of the file about a deck's retired entries."""


class DeckFolder(NamedTuple):
    """A deck before it is compiled: its folder, the name of its package, its settings, its sources in their
    order, and its pictures and sounds; all lie in the folder or below it."""

    path: Path
    name: str
    settings: DeckFile
    sources: tuple[Path, ...]
    media: tuple[Path, ...] = ()


@dataclass(frozen=True, eq=False)
class Project:
    """Everything that is read before the entries.

    If one of its own files has errors, that part is empty, and ``declared`` has no entry for what the file would have
    declared. The entries are still read then, for their own errors, but nothing is built.
    """

    root: Path
    settings: ProjectFile
    references: Mapping[str, Reference]
    declared: Mapping[str, Mapping[str, object]]
    decks: tuple[DeckFolder, ...]
    media: MediaLibrary
    lock: Lock
    lock_text: str
    note_types: Mapping[str, NoteType]
    consent: Consent

    @property
    def is_configured(self) -> bool:
        """Whether ``deckgen.yaml`` was read without errors."""
        return "domain" in self.declared

    def with_source(self, path: Path) -> Project:
        """Add a source to the deck of its folder."""
        decks = [
            deck._replace(sources=tuple(sorted({*deck.sources, path}))) if path.is_relative_to(deck.path) else deck
            for deck in self.decks
        ]
        return replace(self, decks=tuple(decks))

    def require_deck(self) -> None:
        """Raise Failure if there is no deck."""
        if not self.decks:
            raise Failure("this project has no deck yet: create a folder with a file deck.yaml that has a 'title'")

    def works(self, keys: Iterable[str]) -> list[Reference]:
        """The works that some keys of ``sources.yaml`` refer to."""
        return [self.references[key] for key in keys if key in self.references]

    def sources_html(self, keys: tuple[str, ...]) -> tuple[str, str]:
        """The sources of a statement as a card shows them, and the grade that it shows for them."""
        if keys not in self._sources_html:
            works = self.works(keys)
            patient = works and all(work.grade == "patient" for work in works)
            grade = self.words("patient-level") if patient else ""
            self._sources_html[keys] = "; ".join(work.html for work in works), grade
        return self._sources_html[keys]

    @cached_property
    def words(self) -> Words:
        """The words that deckgen itself puts on cards, in the language of the project."""
        return Words(self.settings.language, self.settings.words)

    @cached_property
    def _sources_html(self) -> dict[tuple[str, ...], tuple[str, str]]:
        return {}

    def domain_html(self, id: str) -> str:
        """The title of a domain."""
        return escape(self.settings.domains.get(id, ""))


def load(root: Path, report: Report, *, with_lock: bool = True, consent: Consent | None = None) -> Project:
    """Load the project in a folder, and report problems of its own files. Compiling a file does not need the lock.
    ``consent`` is by default what was recorded on this machine."""
    consent = consent_given(root) if consent is None else consent
    media = MediaLibrary(root, short_path)
    declared: dict[str, dict[str, object]] = {}
    settings = _read_file(root / PROJECT_FILE, Record(ProjectFile, "deckgen.yaml"), root, media, report)
    if settings is not None:
        declared["domain"] = dict(settings.domains)
        _check_targets(settings, report)
        check_words(settings, report)
    references: dict[str, Reference] | None = {}
    if (root / SOURCES_FILE).exists():
        references = _read_file(root / SOURCES_FILE, MapOf(Record(Reference, "a source")), root, media, report)
    if references is not None:
        declared["source"] = dict(references)
        _check_titles(references, report)
    empty = {"namespace": "", "title": "", "tag": "", "domains": {}}
    settings = settings or make(ProjectFile, Position(short_path(root / PROJECT_FILE)), empty)
    own_types = load_note_types(
        root,
        lambda path: load_source(path, root, report),
        lambda path, shape: _read_file(path, shape, root, media, report),
        media,
        consent,
        report,
    )
    declared["note type"] = dict(own_types)
    decks = _decks(root, media, report)
    if (count := sum(len(deck.sources) for deck in decks)) > MAX_FILES:
        message = f"expected at most {MAX_FILES:,} files of entries, found {count:,}"
        report.add(rules.TOO_MANY, Position(short_path(root)), message, "put more entries into each file")
        decks = ()
    lock, lock_text = _read_lock(root, report) if with_lock else (Lock(), "")
    style_file = root / STYLE_FILE
    style = load_source(style_file, root, report) if style_file.exists() else None
    look = Words(settings.language, settings.words), style_of(style, report) if style else ""
    ours = [in_project(note_type, *look) for note_type in all_note_types().values()]
    note_types = {note_type.name: note_type for note_type in (*ours, *filter(None, own_types.values()))}
    return Project(root, settings, references or {}, declared, decks, media, lock, lock_text, note_types, consent)


def _check_targets(settings: ProjectFile, report: Report) -> None:
    if settings.targets is None:
        return
    for name, position in settings.targets.positions.items():
        if name not in settings.domains:
            near = report.did_you_mean(name, settings.domains)
            message = f"'{name}' under 'targets' is not a domain of this project{near}"
            report.add(rules.UNKNOWN_DOMAIN, position, message, f"domains: {', '.join(settings.domains)}")


def _check_titles(references: Mapping[str, Reference], report: Report) -> None:
    for name, work in references.items():
        if work.title.casefold() == name or _IDENTIFIER.search(work.title):
            message = f"the title of '{name}' is an identifier"
            report.add(rules.TITLE_IS_ID, work.position, message, "write the title of the work")


_IDENTIFIER = re.compile(r"\b(?:PMC\d{4,}|PMID:? ?\d{4,}|NBK\d{4,}|10\.\d{4,9}/\S|https?://)")
"""A number of PubMed or its Bookshelf, a DOI, or an address."""


def _read_lock(root: Path, report: Report) -> tuple[Lock, str]:
    """The lock and its text; both are empty if there is none yet."""
    path = root / locks.LOCK_FILE
    loaded = load_source(path, root, report, locks.MAX_LOCK_BYTES) if path.exists() else None
    if loaded is None:
        return Lock(), ""
    try:
        return locks.parse(loaded.text), loaded.text
    except locks.BadLine as error:
        report.add(rules.BAD_LOCK, Position(loaded.name, error.number), error.message, error.help)
        return Lock(), ""


def _read_file(path: Path, shape: Shape[T], root: Path, media: MediaLibrary, report: Report) -> T | None:
    """Read one of the project's own files."""
    loaded = load_source(path, root, report)
    node = yaml_reader.parse(loaded, report) if loaded else None
    if loaded is None or node is None:
        return None
    return shape.read(node, Reader(loaded, report, {}, lambda reference: media.find(reference, path.parent)))


def load_source(path: Path, root: Path, report: Report, most: int = source.MAX_SOURCE_BYTES) -> Source | None:
    """Read a file of the project as text. Return None, and report why, if that is not possible."""
    data = read_source(path, root, report, most)
    return None if data is None else source.decode(path, short_path(path), data, report)


def read_source(path: Path, root: Path, report: Report, most: int = source.MAX_SOURCE_BYTES) -> bytes | None:
    """Read a file of the project. Return None, and report why, if that is not possible, or if it is a link that leads
    out of the project."""
    name = short_path(path)
    try:
        inside = path.resolve().is_relative_to(root.resolve())
    except (OSError, RuntimeError) as error:  # a loop of links
        report.add(rules.UNREADABLE_FILE, Position(name), f"cannot read the file: {error}")
        return None
    if not inside:
        message = "expected a file in the project, found a link that leads out of it"
        report.add(rules.OUTSIDE_PROJECT, Position(name), message, "put the file itself here")
        return None
    data = source.read(path, name, report, most)
    if data is not None and source.is_lfs_pointer(data):
        message = "expected the text of the file, found a Git LFS pointer"
        report.add(rules.UNREADABLE_FILE, Position(name), message, source.LFS_HELP)
        return None
    return data


def _decks(root: Path, media: MediaLibrary, report: Report) -> tuple[DeckFolder, ...]:
    decks = [deck for files in deck_files(root, report) if (deck := _deck(files, root, media, report))]
    titles: dict[str, DeckFile] = {}
    for deck in decks:
        first = titles.setdefault("".join(deck.settings.title.split()).casefold(), deck.settings)
        if first is not deck.settings:
            other = (
                f" by '{first.title}', which differs only in case or spaces"
                if first.title != deck.settings.title
                else ""
            )
            message = f"the title '{deck.settings.title}' is already used in {first.position}{other}"
            help = "choose another: Anki ignores case, and learners could not tell the decks apart"
            report.add(rules.DUPLICATE_DECK, deck.settings.position, message, help)
    packages = [(f"{deck.name}{end}", deck.settings.position) for deck in decks for end in ("", RETIRED_SUFFIX)]
    report_clashes(packages, report)
    return tuple(decks)


def _check_folders(settings: DeckFile, files: DeckFiles, report: Report) -> None:
    """Warn of names for subdecks that the deck does not have."""
    if settings.folders is None:
        return
    known = sorted({part for path in files.sources for part in path.parent.relative_to(files.folder).parts})
    for name, position in settings.folders.positions.items():
        if settings.subdecks != "folder":
            message = f"'{name}' names no subdeck, since 'subdecks' is '{settings.subdecks}'"
            help = "write 'subdecks: folder', or delete it"
        elif name not in known:
            near = report.did_you_mean(name, known)
            message = f"'{name}' under 'folders' is not a folder of this deck with entries{near}"
            help = f"folders: {', '.join(known) or 'none'}"
        else:
            continue
        report.add(rules.UNKNOWN_KEY, position, message, help, Severity.WARNING)


def _deck(files: DeckFiles, root: Path, media: MediaLibrary, report: Report) -> DeckFolder | None:
    """The deck that some files belong to; None, after a report, if its ``deck.yaml`` is missing."""
    folder, name = files.folder, short_path(files.folder / DECK_FILE)
    if files.deck_file is None:
        message = f"expected this file, since '{short_path(files.sources[0])}' is in its folder"
        report.add(rules.MISSING_FILE, Position(name), message, "create it with one line: 'title: ' and a name")
        return None
    settings = _read_file(files.deck_file, Record(DeckFile, "deck.yaml"), root, media, report)
    settings = settings or make(DeckFile, Position(name), {"title": folder.name})
    _check_folders(settings, files, report)
    return DeckFolder(folder, folder.name, settings, files.sources, files.media)
