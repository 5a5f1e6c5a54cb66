"""Note types that were adopted with a deck. Their file ``anki.json`` has the settings that Anki stores besides fields
and templates.

Their templates stay byte for byte. Those that are not safe need the consent of the person at this machine, which covers
all files of the note type. Files whose names begin with ``_`` belong to the templates and keep their names.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from deckgen.cards.note_type import AnkiSettings, NoteType
from deckgen.core import rules
from deckgen.core.diagnostics import Position, Report
from deckgen.core.location import short_path
from deckgen.core.source import Source
from deckgen.media.media import MediaFile, MediaProblem, kept_file
from deckgen.own_types.consent import HELP, Consent
from deckgen.own_types.unsafe_templates import template_problems
from deckgen.text.safe_html import (
    LOCAL_NAME,
    Unsafe,
    consent_digest,
    css_files,
    css_problems,
    html_files,
    html_problems,
)

SETTINGS_FILE = "anki.json"

_LISTS = ("flds", "tmpls")
_REFUSED = ("id", "name", "type", "css", "mod", "usn", "did", "req", "qfmt", "afmt", "ord", *_LISTS)
"""Keys of a note type in Anki that are not settings here: they have a place of their own, or no package should bring
them."""

_LARGEST = {"sortf": 2**16 - 1, "size": 2**16 - 1, "originalStockKind": 2**31 - 1}
"""The largest numbers that Anki reads (``rslib/src/notetype/schema11.rs``)."""


def _read_settings(text: str) -> AnkiSettings:
    """The settings in the text of an ``anki.json``; raises ValueError."""
    try:
        data = json.loads(text)
        id = data["id"]
        of_type = _settings(data, but=_REFUSED)
        fields, templates = (tuple(_settings(one, but=_REFUSED[1:]) for one in data[name]) for name in _LISTS)
    except (KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError(str(error)) from None
    if not isinstance(id, int) or not 0 <= id < 2**63:
        raise ValueError("its id is not a number")
    for settings in (of_type, *fields, *templates):
        _check_settings(settings)
    return AnkiSettings(id, of_type, fields, templates)


def _check_settings(settings: Mapping[str, object]) -> None:
    """Raise ValueError for a setting that makes Anki refuse the whole package."""
    for name, value in settings.items():
        most = _LARGEST.get(name)
        if most and not (isinstance(value, int) and 0 <= value <= most):
            raise ValueError(f"expected a number from 0 to {most} as '{name}', found {ascii(value)[:80]}")
        if isinstance(value, str):
            value.encode()  # UnicodeEncodeError, which is a ValueError: JSON can have halves of characters


def settings_text(settings: AnkiSettings) -> str:
    """The text of an ``anki.json``."""
    lists = dict(zip(_LISTS, (list(settings.fields), list(settings.templates)), strict=True))
    return json.dumps({"id": settings.id, **settings.own, **lists}, indent=1, ensure_ascii=True) + "\n"


def _settings(values: Mapping[str, Any], but: Sequence[str]) -> dict[str, object]:
    return {name: value for name, value in values.items() if name not in but and isinstance(value, (str, int))}


def _browser_sides(settings: AnkiSettings) -> Iterator[str]:
    """The HTML that Anki's list of cards shows instead of the templates."""
    for template in settings.templates:
        yield from (str(template.get(name, "")) for name in ("bqfmt", "bafmt"))


def type_problems(note_type: NoteType) -> list[Unsafe]:
    """Everything in an adopted note type that could run, or load something from elsewhere."""
    sides = [side for one in note_type.templates for side in (one.front, one.back)]
    sides += _browser_sides(note_type.anki) if note_type.anki else []
    found = [problem for side in sides for problem in (*html_problems(side), *template_problems(side))]
    found += [_not_local(name) for side in sides for _, name, _ in html_files(side) if not LOCAL_NAME.fullmatch(name)]
    found += css_problems(note_type.css)
    return found + [_not_local(name) for _, name, _ in css_files(note_type.css) if not LOCAL_NAME.fullmatch(name)]


def _not_local(name: str) -> Unsafe:
    return Unsafe(0, f"expected the name of a file that begins with '_', found '{name}'", "")


def type_digest(note_type: NoteType) -> str:
    """A digest of everything in a note type that a consent covers."""
    sides = [text for one in note_type.templates for text in (one.name, one.front, one.back)]
    media = [text for file in note_type.media for text in (file.name, file.mark)]
    return consent_digest(note_type.css, *sides, settings_text(note_type.anki) if note_type.anki else "", *media)


def adopted_type(
    folder: Path, made: NoteType, settings: Source, consent: Consent, report: Report
) -> tuple[NoteType, list[Path]] | None:
    """A note type that was ``made`` of the texts in its folder, with its settings and media, and the files of these.
    None, after a report, if there is something wrong with it."""
    try:
        anki = _read_settings(settings.text)
        if (len(anki.fields), len(anki.templates)) != (len(made.fields), len(made.templates)):
            raise ValueError("its settings are for another number of fields or templates")
    except ValueError as error:
        help = "restore the file from an earlier commit"
        report.add(rules.BAD_TEMPLATE, settings.position_at(0), f"cannot use '{SETTINGS_FILE}': {error}", help)
        return None
    paths = sorted(path for path in folder.iterdir() if LOCAL_NAME.fullmatch(path.name) and path.is_file())
    media: list[MediaFile] = []
    for path in paths:
        if path.resolve().parent != folder.resolve():
            report.add(
                rules.OUTSIDE_PROJECT,
                Position(short_path(path)),
                "expected a file, found a link to a file in another folder",
            )
            return None
        kept = kept_file(path)
        if isinstance(kept, MediaProblem):
            report.add(kept.rule, Position(short_path(path)), kept.message, kept.help)
            return None
        media.append(kept)
    whole = replace(made, media=tuple(media), anki=anki)
    problems = type_problems(whole)
    if problems and type_digest(whole) not in consent:
        for problem in problems:
            report.add(rules.UNSAFE_HTML, Position(short_path(folder)), problem.message, HELP)
        return None
    return whole, paths
