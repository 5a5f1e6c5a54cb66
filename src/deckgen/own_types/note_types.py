"""The note types that a project brings: folders below ``note-types``, each with a ``type.yaml``, HTML and CSS."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from deckgen.cards.note_type import Field, NoteType, Template
from deckgen.cards.template import BadTemplate, cloze_fields, fields_of, parse, shown_in, shows
from deckgen.core import rules
from deckgen.core.diagnostics import Position, Report
from deckgen.core.location import short_path
from deckgen.core.source import Source
from deckgen.language.keys import key, record
from deckgen.language.patterns import Line, Pattern
from deckgen.language.records import ListOf, Record
from deckgen.language.values import Flag
from deckgen.media.library import MediaLibrary
from deckgen.media.media import MediaFile, MediaProblem
from deckgen.own_types.adopted_types import SETTINGS_FILE, adopted_type
from deckgen.own_types.consent import Consent
from deckgen.own_types.unsafe_templates import template_problems
from deckgen.text.safe_html import (
    LOCAL_NAME,
    Resource,
    Unsafe,
    css_files,
    css_problems,
    html_files,
    html_problems,
    with_files,
)

FOLDER = "note-types"
TYPE_FILE = "type.yaml"
STYLE_FILE = "style.css"
PREFIX = f"{FOLDER}/"
"""Begins the names of a project's note types, so that deckgen's own can never have the same ones."""

OF_ANKI = ("Tags", "Type", "Deck", "Subdeck", "Card", "CardFlag", "FrontSide")
"""Fields that every template may show (https://docs.ankiweb.net/templates/fields.html)."""


class FieldName(Pattern):
    """The name of a field, as Anki allows it (``rslib/src/notetype/fields.rs``)."""

    noun = "a name without ':', '\"', '{' and '}' that does not begin with '#', '^' or '/'"
    pattern = r"[^\s:\"{}#^/](?:[^:\"{}]*[^\s:\"{}])?"
    types = ("string", "number", "boolean")


@record
class TemplateEntry:
    """A template of a note type: what its cards show on each side."""

    position: Position
    name: str = key(Line(), "The name of the card that it makes; never change it.")
    front: str = key(Line(), "The file with the HTML of the front, in the folder of the note type.")
    back: str = key(Line(), "The file with the HTML of the back.")


@record
class TypeFile:
    """``note-types/NAME/type.yaml``: a note type of the project."""

    position: Position
    title: str | None = key(Line(), "Its name in Anki, before the tag of the project; by default, NAME.", default=None)
    fields: tuple[str, ...] = key(
        ListOf(FieldName()), "Its fields in order. After the first release, do not add, rename or move any."
    )
    templates: tuple[TemplateEntry, ...] = key(
        ListOf(Record(TemplateEntry, "a template")), "Its templates in order; each makes a card."
    )
    cloze: bool = key(
        Flag(),
        "Whether it makes cloze cards: one for each number of {{c1::…}} in a field shown with `cloze:`.",
        default=False,
    )


ReadText = Callable[[Path], Source | None]
ReadType = Callable[[Path, Record[TypeFile]], TypeFile | None]
"""Read a file of the project, and report what is wrong with it."""


def load_note_types(
    root: Path, read_text: ReadText, read_type: ReadType, media: MediaLibrary, consent: Consent, report: Report
) -> dict[str, NoteType | None]:
    """The note types of a project by the names of their folders; None for one with errors, which are reported."""
    found: dict[str, NoteType | None] = {}
    folder = root / FOLDER
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        reading = _Folder(path, read_text, media, report)
        if (path / TYPE_FILE).is_file():
            file = read_type(path / TYPE_FILE, Record(TypeFile, TYPE_FILE))
            found[path.name] = reading.note_type(file, consent) if file else None
            if found[path.name] is None:
                continue
        for unread in reading.unread():
            message = "deckgen does not read this file: it is not part of a note type"
            help = f"name it in '{TYPE_FILE}' or in a template, or delete it"
            report.add(rules.FILE_IGNORED, Position(short_path(unread)), message, help)
    return found


class _Folder:
    """The folder of a note type that is being read."""

    def __init__(self, path: Path, read_text: ReadText, media: MediaLibrary, report: Report) -> None:
        self._path = path
        self._read_text = read_text
        self._media_library = media
        self._report = report
        self._media: dict[str, MediaFile] = {}
        self._used = {path / TYPE_FILE}
        self._complete = True
        self._is_adopted = False

    def unread(self) -> list[Path]:
        """The files in the folder that were not read, except for hidden ones."""
        files = self._path.rglob("*") if self._path.is_dir() else [self._path]
        return sorted(path for path in files if path.is_file() and path.name[0] != "." and path not in self._used)

    def note_type(self, file: TypeFile, consent: Consent) -> NoteType | None:
        """The note type; None, after a report, if something is wrong with it."""
        self._is_adopted = (self._path / SETTINGS_FILE).exists()
        for names in (file.fields, [one.name for one in file.templates]):
            first: dict[str, str] = {}
            for name in names:
                if other := first.get(name.casefold()):
                    found = f"'{other}' and '{name}'"
                    message = f"expected a different name for each field and template, found {found}"
                    self._wrong(file.position, message, "rename one of the two: Anki ignores case")
                first[name.casefold()] = name
        if file.cloze and len(file.templates) > 1:
            message = f"expected one template in a cloze note type, found {len(file.templates)}"
            self._wrong(file.position, message, "move the others to another note type")
        templates = [self._template(entry, file) for entry in file.templates]
        style = self._style()
        if not self._complete:
            return None
        made = NoteType(
            name=PREFIX + self._path.name,
            fields=tuple(map(Field, file.fields)),
            templates=tuple(templates),
            css=style,
            cloze=file.cloze,
            title=file.title or self._path.name,
            media=tuple(self._media.values()),
        )
        return self._adopted(made, consent) if self._is_adopted else made

    def _adopted(self, made: NoteType, consent: Consent) -> NoteType | None:
        settings = self._read(SETTINGS_FILE, None)
        adopted = adopted_type(self._path, made, settings, consent, self._report) if settings else None
        if adopted is None:
            return None
        self._used.update(adopted[1])
        return adopted[0]

    def _wrong(self, position: Position, message: str, help: str = "") -> None:
        self._report.add(rules.BAD_TEMPLATE, position, message, help)
        self._complete = False

    def _template(self, entry: TemplateEntry, file: TypeFile) -> Template:
        front, back = self._side(entry.front, entry, file), self._side(entry.back, entry, file)
        if self._complete and not self._is_adopted:
            parts = parse(front)
            if file.cloze and not list(cloze_fields(parts)):
                self._wrong(entry.position, f"'{entry.front}' shows no deletions", "write {{cloze:FIELD}} in it")
            elif not shows(parts, frozenset(file.fields)):
                self._wrong(
                    entry.position, f"'{entry.front}' shows no field, so it makes no card", "write {{FIELD}} in it"
                )
        return Template(entry.name, front, back, "", "")

    def _side(self, name: str, entry: TemplateEntry, file: TypeFile) -> str:
        """The HTML of one side."""
        source = self._read(name, entry.position)
        if source is None:
            return ""
        text = source.text
        try:
            parts = parse(text)
        except BadTemplate as error:
            self._wrong(source.position_at(0), str(error), "each {{#FIELD}} or {{^FIELD}} needs a {{/FIELD}} after it")
            return ""
        if self._is_adopted:
            return text
        for field in dict.fromkeys(fields_of(parts)):
            if field not in (*file.fields, *OF_ANKI):
                near = self._report.did_you_mean(field, file.fields)
                at = source.position_at(max(text.find(field), 0))
                self._wrong(
                    at, f"'{field}' is not a field of this note type{near}", f"fields: {', '.join(file.fields)}"
                )
        for shown in shown_in(parts):
            if "tts" in map(str.strip, shown.filters):
                message = f"expected the language in which Anki reads '{shown.field}' aloud, found none"
                at = source.position_at(text.find("tts"))
                self._wrong(at, message, f"write it after 'tts': {{{{tts en_US:{shown.field}}}}}")
        for problem in template_problems(text):
            self._wrong(source.position_at(problem.at), problem.message, problem.help)
        return self._checked(source, html_problems(text), list(html_files(text)))

    def _style(self) -> str:
        source = self._read(STYLE_FILE, None) if (self._path / STYLE_FILE).exists() else None
        if source is None or self._is_adopted:
            return source.text if source else ""
        return self._checked(source, css_problems(source.text), list(css_files(source.text)))

    def _read(self, name: str, position: Position | None) -> Source | None:
        path = self._path / name
        if position and name not in (names := [one.name for one in self._path.iterdir() if one.is_file()]):
            near = self._report.did_you_mean(name, names)
            message = f"there is no file '{name}' in the folder of the note type{near}"
            self._wrong(position, message, "create it, or correct the name")
            return None
        self._used.add(path)
        source = self._read_text(path)
        self._complete = self._complete and source is not None
        return source

    def _checked(self, source: Source, problems: Iterable[Unsafe], files: Sequence[Resource]) -> str:
        """A text whose references to files have the names in the package; what is wrong in it is reported."""
        for problem in problems:
            self._report.add(rules.UNSAFE_HTML, source.position_at(problem.at), problem.message, problem.help)
            self._complete = False
        return with_files(source.text, files, lambda file: self._file(file, source))

    def _file(self, file: Resource, source: Source) -> str | None:
        """The name in the package of a file of the note type."""
        if not LOCAL_NAME.fullmatch(file.name):
            message = f"expected the name of a file in this folder that begins with '_', found '{file.name}'"
            help = "Anki deletes other files that no field shows; nothing is loaded from elsewhere"
            self._wrong(source.position_at(file.at), message, help)
            return None
        found = self._media_library.find(file.name, self._path)
        if isinstance(found, MediaProblem):
            self._report.add(found.rule, source.position_at(file.at), found.message, found.help)
            self._complete = False
            return None
        self._used.add(self._path / file.name)
        kept = found._replace(name=f"_{found.name}")
        self._media[kept.name] = kept
        return kept.name
