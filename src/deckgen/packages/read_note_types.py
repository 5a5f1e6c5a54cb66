"""Read the note types of a collection: as JSON (schema 11), or from tables whose settings are protocol buffers.

Both become the same values. The settings that deckgen itself has no use for, such as fonts, are named as in the JSON:
https://github.com/ankitects/anki, ``rslib/src/notetype/schema11.rs`` and ``proto/anki/notetypes.proto``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from deckgen.cards.note_type import Field, NoteType, Template
from deckgen.packages import protobuf
from deckgen.packages.package_file import Database

Settings = dict[str, Any]
"""Texts, numbers, and true or false, by name."""


class _Setting(NamedTuple):
    """The number of a setting in its protocol buffer, and what it is."""

    number: int
    type: type[str] | type[int] | type[bool]


_OF_TYPE = {
    "type": _Setting(1, int),
    "sortf": _Setting(2, int),
    "latexPre": _Setting(5, str),
    "latexPost": _Setting(6, str),
    "latexsvg": _Setting(7, bool),
    "originalStockKind": _Setting(9, int),
}
_OF_FIELD = {
    "sticky": _Setting(1, bool),
    "rtl": _Setting(2, bool),
    "font": _Setting(3, str),
    "size": _Setting(4, int),
    "description": _Setting(5, str),
    "plainText": _Setting(6, bool),
    "collapsed": _Setting(7, bool),
    "excludeFromSearch": _Setting(8, bool),
    "id": _Setting(9, int),
    "tag": _Setting(10, int),
    "preventDeletion": _Setting(11, bool),
}
_OF_TEMPLATE = {
    "bqfmt": _Setting(3, str),
    "bafmt": _Setting(4, str),
    "bfont": _Setting(6, str),
    "bsize": _Setting(7, int),
    "id": _Setting(8, int),
}
_MAY_BE_UNKNOWN = frozenset(("id", "tag", "originalStockKind"))
"""Settings that most note types lack; a missing one does not mean zero."""

_HALF = re.compile("[\ud800-\udfff]")

_CSS, _FRONT, _BACK = 3, 1, 2


@dataclass(frozen=True, slots=True)
class NoteTypeContents:
    """A note type: its name, fields, templates by name (front, back) and style, when it changed (seconds since 1970),
    and its other settings: its own, and those of each field and template in their order."""

    name: str
    fields: tuple[str, ...]
    templates: dict[str, tuple[str, str]]
    style: str
    modified: int = 0
    settings: Settings = field(default_factory=dict)
    field_settings: tuple[Settings, ...] = ()
    template_settings: tuple[Settings, ...] = ()

    @property
    def is_cloze(self) -> bool:
        """Whether the note type makes a card for each number of a cloze deletion."""
        return bool(self.settings.get("type") == 1)

    def as_note_type(self) -> NoteType:
        """The note type, to make and render cards of it."""
        templates = tuple(Template(name, front, back, "", "") for name, (front, back) in self.templates.items())
        fields = tuple(map(Field, self.fields))
        return NoteType(self.name, fields, templates, self.style, self.is_cloze, title=self.name)


def as_text(value: object) -> str:
    """A value that must be a text; raises ValueError. JSON can contain halves of surrogate pairs, which are not
    text."""
    if not isinstance(value, str) or (not value.isascii() and _HALF.search(value)):
        raise ValueError(f"expected text, found {ascii(value)[:80]}")
    return value


def as_number(value: object) -> int:
    """A value that must be a number; raises ValueError."""
    if not isinstance(value, int):
        raise ValueError(f"expected a number, found {ascii(value)[:80]}")  # noqa: TRY004 - the file is wrong, not the code
    return value


def from_json(text: str) -> dict[int, NoteTypeContents]:
    """Note types by id from the JSON of a collection with schema 11."""
    return {int(id): from_model(model) for id, model in json.loads(text).items()}


def from_model(model: Mapping[str, Any]) -> NoteTypeContents:
    """One note type from its JSON."""
    return NoteTypeContents(
        as_text(model["name"]),
        tuple(as_text(field["name"]) for field in model["flds"]),
        {as_text(one["name"]): (as_text(one["qfmt"]), as_text(one["afmt"])) for one in model["tmpls"]},
        as_text(model["css"]),
        as_number(model.get("mod", 0)),
        _chosen(model, _OF_TYPE),
        tuple(_chosen(field, _OF_FIELD) for field in model["flds"]),
        tuple(_chosen(template, _OF_TEMPLATE) for template in model["tmpls"]),
    )


def _chosen(values: Mapping[str, Any], wanted: Mapping[str, _Setting]) -> Settings:
    """The settings that are wanted and of the right type; genanki writes numbers as such in some versions only."""
    found = {name: values.get(name) for name in wanted}
    return {name: value for name, value in found.items() if isinstance(value, wanted[name].type)}


def from_tables(tables: Database) -> dict[int, NoteTypeContents]:
    """Note types by id from the tables of a collection with schema 15 or later."""
    fields: dict[int, list[tuple[str, Settings]]] = {}
    for id, _, name, config in sorted(tables.rows("fields", "ntid", "ord", "name", "config")):
        fields.setdefault(id, []).append((as_text(name), _settings(config, _OF_FIELD)))
    templates: dict[int, list[tuple[str, bytes]]] = {}
    for id, _, name, config in sorted(tables.rows("templates", "ntid", "ord", "name", "config")):
        templates.setdefault(id, []).append((as_text(name), config))
    return {
        id: NoteTypeContents(
            as_text(name),
            tuple(name for name, _ in fields.get(id, ())),
            {name: (_text(config, _FRONT), _text(config, _BACK)) for name, config in templates.get(id, ())},
            _text(config, _CSS),
            as_number(modified),
            _settings(config, _OF_TYPE),
            tuple(settings for _, settings in fields.get(id, ())),
            tuple(_settings(config, _OF_TEMPLATE) for _, config in templates.get(id, ())),
        )
        for id, name, modified, config in tables.rows("notetypes", "id", "name", "mtime_secs", "config")
    }


def _text(config: bytes, number: int) -> str:
    return protobuf.text(dict(protobuf.fields(config)).get(number, b""))


def _settings(config: bytes, wanted: Mapping[str, _Setting]) -> Settings:
    """The settings in a protocol buffer, which leaves out those that are empty, zero or false."""
    values = dict(protobuf.fields(config))
    settings: Settings = {}
    for name, setting in wanted.items():
        value = values.get(setting.number)
        if value is None and name not in _MAY_BE_UNKNOWN:
            settings[name] = setting.type()
        elif value is not None:
            settings[name] = protobuf.text(value) if setting.type is str else setting.type(as_number(value))
    return settings
