"""Packages opened: as text, row by row, so that goldens are read and compared as text; and with other contents."""

from __future__ import annotations

import json
import sqlite3
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any


def read(path: Path) -> tuple[list[dict[str, Any]], list[dict[str, Any]], dict[str, Any]]:
    """A package's notes and cards as rows, and its collection row with models and decks as objects."""
    with zipfile.ZipFile(path) as archive, tempfile.TemporaryDirectory() as folder:
        archive.extract("collection.anki2", folder)
        connection = sqlite3.connect(Path(folder, "collection.anki2"))
        connection.row_factory = sqlite3.Row
        notes = [dict(row) for row in connection.execute("select * from notes order by rowid")]
        cards = [dict(row) for row in connection.execute("select * from cards order by rowid")]
        col = dict(connection.execute("select * from col").fetchone())
        connection.close()
    for name in ("models", "decks"):
        col[name] = json.loads(col[name])
    return notes, cards, col


def edit(path: Path, *statements: str) -> Path:
    """Change the collection of a package with statements of SQL."""
    members = files(path)
    with tempfile.TemporaryDirectory() as folder:
        collection = Path(folder, "collection")
        collection.write_bytes(members["collection.anki2"])
        connection = sqlite3.connect(collection)
        connection.create_collation("unicase", lambda a, b: (a > b) - (a < b))
        connection.executescript(";".join(statements))
        connection.close()
        members["collection.anki2"] = collection.read_bytes()
    return write(path, members, zipfile.ZIP_STORED)


def files(path: Path) -> dict[str, bytes]:
    """The files that a package consists of."""
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def write(path: Path, members: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> Path:
    """Write a package that consists of some files."""
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def dump(path: Path) -> str:
    """Everything of a package that a learner could come to see, and the ids by which Anki knows it."""
    return "\n".join(_lines(path)) + "\n"


def _lines(path: Path) -> Iterator[str]:
    notes, cards, col = read(path)
    names = {deck["id"]: deck["name"] for deck in col["decks"].values()}
    for deck in sorted(col["decks"].values(), key=lambda deck: deck["name"]):
        if deck["name"] != "Default":
            yield f"deck {deck['name']}: {deck['desc']}"
    with zipfile.ZipFile(path) as archive:
        for member, name in sorted(json.loads(archive.read("media")).items()):
            yield f"media {name}: {len(archive.read(member))} bytes"
    for note in notes:
        model = col["models"][str(note["mid"])]
        yield ""
        yield f"note {note['guid']} ({model['name']}) mod {note['mod']} tags{note['tags'].rstrip()}"
        for field, value in zip(model["flds"], note["flds"].split("\x1f"), strict=True):
            if value:
                yield f"  {field['name']}: {value}"
        for card in cards:
            if card["nid"] == note["id"]:
                yield f"  card {card['ord']} in {names[card['did']]}, position {card['due']}"
