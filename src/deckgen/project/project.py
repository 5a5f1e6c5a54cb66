"""The project: its decks and their files, what it declares, and what it has published."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cache, partial
from pathlib import Path
from typing import Final, NamedTuple, TypeVar

from deckgen.core.diagnostics import Position, Report, did_you_mean
from deckgen.language import rules, source, yaml_reader
from deckgen.language.escaping import escape
from deckgen.language.file_names import report_clashes, report_name
from deckgen.language.media import MediaLibrary
from deckgen.language.records import MapOf, Record, make
from deckgen.language.shapes import Reader, Shape
from deckgen.language.source import Source
from deckgen.project import lock as locks
from deckgen.project.location import PROJECT_FILE, output_of, shown
from deckgen.project.lock import Lock
from deckgen.project.manifest import GRADES, DeckFile, ProjectFile, Reference

T = TypeVar("T")

SOURCES_FILE = "sources.yaml"
DECK_FILE = "deck.yaml"
RETIRED = "-retired"
"""How the name of a deck's second package ends, that of its retired entries."""


class DeckFolder(NamedTuple):
    """A deck before it is compiled: its folder, the name of its package, its ``deck.yaml`` and its other sources."""

    path: Path
    name: str
    file: DeckFile
    sources: tuple[Path, ...]


class Project:
    """Everything that is read before the first entry. Where a file of it has errors, its part is empty and ``names``
    lacks what it would have declared: the entries are still read, and nothing is built."""

    def __init__(
        self,
        root: Path,
        file: ProjectFile,
        references: dict[str, Reference],
        names: dict[str, dict[str, object]],
        decks: tuple[DeckFolder, ...],
        media: MediaLibrary,
        published: Callable[[], tuple[Lock, str]],
    ) -> None:
        self.root: Final = root
        self.file: Final = file
        self.references: Final = references
        self.names: Final = names
        self.decks: Final = decks
        self.media: Final = media
        self._published: Final = published
        self._sources_html: dict[tuple[str, ...], tuple[str, str]] = {}
        self._domains_html: dict[str, str] = {}

    def with_source(self, path: Path) -> Project:
        """The project with one more source, in the deck of its folder."""
        decks = [
            deck._replace(sources=tuple(sorted({*deck.sources, path}))) if path.parent == deck.path else deck
            for deck in self.decks
        ]
        return Project(self.root, self.file, self.references, self.names, tuple(decks), self.media, self._published)

    @property
    def lock(self) -> Lock:
        """What was published."""
        return self._published()[0]

    @property
    def lock_text(self) -> str:
        return self._published()[1]

    def works(self, keys: Iterable[str]) -> list[Reference]:
        """What some keys of ``sources.yaml`` stand for."""
        return [self.references[key] for key in keys if key in self.references]

    def sources_html(self, keys: tuple[str, ...]) -> tuple[str, str]:
        """The works that a statement rests on, as a card names them, and the grade that it shows for them."""
        if keys not in self._sources_html:
            works = self.works(keys)
            patient = works and all(work.grade == "patient" for work in works)
            self._sources_html[keys] = "<br>".join(work.html for work in works), GRADES["patient"] if patient else ""
        return self._sources_html[keys]

    def domain_html(self, id: str) -> str:
        """The title of a skill domain."""
        if id not in self._domains_html:
            self._domains_html[id] = escape(self.file.domains.get(id, ""))
        return self._domains_html[id]

    @property
    def output(self) -> Path:
        """Where packages go: ``build`` beside the ``decks`` folder."""
        return output_of(self.root)


def load(root: Path, report: Report, *, lock_later: bool = False) -> Project:
    """The project in a folder; problems of its own files are reported. The lock, which takes longest, may be read only
    when it is first wanted."""
    media = MediaLibrary(root)
    names: dict[str, dict[str, object]] = {}
    file = _read_file(root / PROJECT_FILE, Record(ProjectFile, "deckgen.yaml"), root, media, report)
    if file is not None:
        names["domain"] = dict(file.domains)
        for name in file.targets or ():
            if name not in file.domains:
                message = f"'{name}' under 'targets' is not a domain of this project{did_you_mean(name, file.domains)}"
                report.add(rules.UNKNOWN_DOMAIN, file.position, message)
    references: dict[str, Reference] | None = {}
    if (root / SOURCES_FILE).exists():
        references = _read_file(root / SOURCES_FILE, MapOf(Record(Reference, "a source")), root, media, report)
    if references is not None:
        names["source"] = dict(references)
    nothing = {"namespace": "", "title": "", "tag": "", "domains": {}}
    unknown = make(ProjectFile, Position(shown(root / PROJECT_FILE)), nothing)
    decks = tuple(_decks(root, media, report))
    published = cache(partial(_read_lock, root, report))
    if not lock_later:
        published()
    return Project(root, file or unknown, references or {}, names, decks, media, published)


def _read_lock(root: Path, report: Report) -> tuple[Lock, str]:
    """What was published, and the text that says so; nothing, where there is no lock yet."""
    path = root / locks.FILE
    loaded = load_source(path, root, report, locks.MAX_BYTES) if path.exists() else None
    if loaded is None:
        return Lock(), ""
    try:
        return locks.parse(loaded.text), loaded.text
    except locks.BadLine as error:
        place = Position(loaded.name, error.number)
        help = "delete the lines that git put in ('<<<<<<<', '=======', '>>>>>>>') and keep the lines of both sides"
        report.add(rules.BAD_LOCK, place, "expected a line that deckgen wrote, found another", help)
        return Lock(), ""


def _read_file(path: Path, shape: Shape[T], root: Path, media: MediaLibrary, report: Report) -> T | None:
    """One file of the project itself, read in one go."""
    loaded = load_source(path, root, report)
    node = yaml_reader.parse(loaded, report) if loaded else None
    if loaded is None or node is None:
        return None
    return shape.read(node, Reader(loaded, report, {}, lambda reference: media.find(reference, path.parent)))


def load_source(path: Path, root: Path, report: Report, most: int = source.MAX_BYTES) -> Source | None:
    """A file of the project as text, or None when it cannot be read (reported)."""
    data = read_source(path, root, report, most)
    return None if data is None else source.decode(path, shown(path), data, report)


def is_inside(path: Path, root: Path) -> bool:
    """Whether a path leads to what is in a project; raises OSError or RuntimeError for a loop of links."""
    return path.resolve().is_relative_to(root.resolve())


def read_source(path: Path, root: Path, report: Report, most: int = source.MAX_BYTES) -> bytes | None:
    """A file of the project, or None when it cannot be read; a link that leads out of it is not followed (reported)."""
    name = shown(path)
    try:
        inside = is_inside(path, root)
    except (OSError, RuntimeError) as error:  # a loop of links
        report.add(rules.UNREADABLE_FILE, Position(name), f"cannot read the file: {error}")
        return None
    if not inside:
        report.add(rules.OUTSIDE_PROJECT, Position(name), "expected a file of the project, found a link that leaves it")
        return None
    return source.read(path, name, report, most)


def _decks(root: Path, media: MediaLibrary, report: Report) -> Iterator[DeckFolder]:
    titles: dict[str, DeckFile] = {}
    packages: list[tuple[str, Position]] = []
    for folder in sorted(path for path in root.iterdir() if path.is_dir() and not path.name.startswith(".")):
        sources = tuple(
            sorted(
                path
                for path in folder.iterdir()
                if path.suffix in (".yaml", ".yml") and path.name != DECK_FILE and not path.name.startswith(".")
            )
        )
        has_deck = (folder / DECK_FILE).exists()
        if (has_deck or sources) and not report_name(folder, Position(shown(folder)), report):
            continue
        sources = tuple(path for path in sources if report_name(path, Position(shown(path)), report))
        if not has_deck:
            if sources:
                report.add(
                    rules.MISSING_FILE,
                    Position(shown(folder / DECK_FILE)),
                    f"expected this file, since '{shown(sources[0])}' is in its folder",
                    "write it with one line: 'title: ' and the deck's name",
                )
            continue
        file = _read_file(folder / DECK_FILE, Record(DeckFile, "deck.yaml"), root, media, report)
        if file is None:
            file = make(DeckFile, Position(shown(folder / DECK_FILE)), {"title": folder.name})
        first = titles.setdefault(file.title.casefold(), file)
        if first is not file:
            message = f"the title '{file.title}' is that of {first.position} as well"
            report.add(rules.DUPLICATE_DECK, file.position, message, "upper and lower case are equal to Anki")
        report_clashes(((path.name, Position(shown(path))) for path in (folder / DECK_FILE, *sources)), report)
        packages += [(name, file.position) for name in (f"{folder.name}.apkg", f"{folder.name}{RETIRED}.apkg")]
        yield DeckFolder(folder, folder.name, file, sources)
    report_clashes(packages, report)
