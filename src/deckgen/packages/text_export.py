"""Read the text file in which Anki exports notes (``Notes in Plain Text``).

Its first lines state its format (https://docs.ankiweb.net/importing/text-files.html). It has neither the names of
fields nor the times of changes.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path

from deckgen.core.characters import printable_line
from deckgen.packages.package_file import MAX_ROWS, MAX_TEXT, NotAPackage
from deckgen.packages.read_package import NoteContents

SUFFIXES = (".txt", ".tsv")

_OPTIONS = "export the notes again with HTML, unique identifiers, deck name and note type name"
_SEPARATORS = {"tab": "\t", "comma": ",", "semicolon": ";", "space": " ", "pipe": "|", "colon": ":"}

_COLUMN = re.compile("[1-9][0-9]{0,3}")
"""The number of a column."""


def read_text_export(path: Path, fields: Mapping[str, Sequence[str]]) -> dict[str, NoteContents]:
    """The notes of a file by guid. ``fields`` has the names of the fields of the notes that are known, by guid; of any
    other note only the first field is read. Raises NotAPackage, or OSError if the file cannot be read."""
    csv.field_size_limit(MAX_TEXT)  # a field with a picture in it is larger than Python's limit of 128 kB
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            if path.stat().st_size > MAX_TEXT:
                raise NotAPackage(f"'{printable_line(str(path))}' has more than {MAX_TEXT // 2**20} MB")
            return _read(file, fields, path)
    except (UnicodeDecodeError, csv.Error) as error:
        message = f"'{printable_line(str(path))}' is not a text file exported from Anki: {printable_line(str(error))}"
        raise NotAPackage(message) from None


def _read(file: Iterator[str], fields: Mapping[str, Sequence[str]], path: Path) -> dict[str, NoteContents]:
    header, first = _header(file)
    columns = {
        name: int(column) for name, column in header.items() if name.endswith(" column") and _COLUMN.fullmatch(column)
    }
    if header.get("html") != "true" or "guid column" not in columns:
        raise NotAPackage(f"'{printable_line(str(path))}' lacks HTML or the identifiers of notes; {_OPTIONS}")
    separator = _SEPARATORS.get(header.get("separator", "tab").lower(), "\t")
    rows = csv.reader(chain([first], file), delimiter=separator)
    notes: dict[str, NoteContents] = {}
    special = {column - 1 for column in columns.values()}
    for number, row in enumerate(rows):
        if number == MAX_ROWS:
            raise NotAPackage(f"'{printable_line(str(path))}' has more than {MAX_ROWS:,} notes")
        cells = {name: row[column - 1] for name, column in columns.items() if 0 < column <= len(row)}
        guid = cells.get("guid column", "")
        values = [value for column, value in enumerate(row) if column not in special]
        names = fields.get(guid, ("",))
        cards = {0: cells.get("deck column", "")} if "deck column" in columns else {}
        tags = tuple(sorted(cells.get("tags column", "").split()))
        notes[guid] = NoteContents(guid, 0, dict(zip(names, values, strict=False)), tags, cards)
    return notes


def _header(file: Iterator[str]) -> tuple[dict[str, str], str]:
    """The settings in the first lines, and the first line of the notes."""
    header: dict[str, str] = {}
    for line in file:
        name, colon, value = line.strip().removeprefix("#").partition(":")
        if not line.startswith("#") or not colon:
            return header, line
        header[name.strip().lower()] = value.strip()
    return header, ""
