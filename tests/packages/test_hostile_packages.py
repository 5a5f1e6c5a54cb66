"""Packages of somebody who means harm: each is refused in one line that names the limit, or read in little time and
memory."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
import struct
import subprocess
import sys
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

import apart
import apkg
from author import Author

SECONDS = 100
"""Twice what reading may take at most; most take less than one."""

NOT = "'bad.apkg' is not an Anki package: "
CANNOT = "'bad.apkg' cannot be read: "
READ = ""


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A good package, as bad.apkg, in a project."""
    return Path(shutil.copy(Author(tmp_path).releases(-60), tmp_path / "bad.apkg"))


def diff(*arguments: str) -> subprocess.CompletedProcess[str]:
    return deckgen("diff", "bad.apkg", *arguments)


def deckgen(*arguments: str) -> subprocess.CompletedProcess[str]:
    return apart.deckgen(*arguments, memory=3 * 2**30, seconds=SECONDS)


def assert_refused_or_read(message: str) -> None:
    done = diff()

    if message:
        assert done.returncode == 1
        assert done.stderr.startswith(f"error: {message}"), done.stderr
        assert done.stderr.count("\n") == 1
    else:
        assert done.returncode == 0, done.stderr
        shown = deckgen("preview", "--since", "bad.apkg", "--static", "web")
        assert shown.returncode == 0, shown.stderr
        assert shown.stderr == ""
        shutil.rmtree("web")
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", done.stdout + done.stderr)


LARGE = {
    "a computed column",
    "too many rows",
    "too much text",
    "a zip bomb",
    "a zstd bomb",
    "a zstd bomb in itself",
    "two million files",
}
"""The cases that take seconds to make."""


def cases(named: Mapping[str, tuple[object, str]]) -> list[object]:
    """The parameters of a test, one set a case."""
    return [
        pytest.param(*case, id=name, marks=[pytest.mark.slow] if name in LARGE else []) for name, case in named.items()
    ]


# --- databases --------------------------------------------------------------------------------------------------------


def a_note(sql: str) -> str:
    """Change the first field of a note."""
    return (
        f"update notes set flds = {sql} || substr(flds, instr(flds, char(31))) where id = (select min(id) from notes)"
    )


def times(text: str, number: int) -> str:
    """An expression of SQL for a text that repeats another."""
    return f"replace(hex(zeroblob({number})), '00', '{text}')"


DATABASES = {
    "an endless view": (
        "alter table notes rename to x; create view notes as with recursive n(i) as "
        "(select 1 union all select i from n) select i as id, i as guid, i as mid, i as tags, i as flds from n",
        f"{NOT}it has no table 'notes'",
    ),
    "a computed column": (
        "drop table cards; create table cards (id, nid, did, ord as (length(hex(zeroblob(400000000)))), mod); "
        "insert into cards (id, nid, did) values (1, 1, 1)",
        f"{NOT}its table 'cards' has no column 'ord'",
    ),
    "a virtual table": (
        "drop table cards; create virtual table cards using fts5(nid, did, ord)",
        f"{NOT}it has no table 'cards'",
    ),
    "triggers": ("create trigger t after update on notes begin delete from notes; end", READ),
    "no table": ("drop table notes", f"{NOT}it has no table 'notes'"),
    "no rows": ("delete from col", NOT),
    "too many rows": (
        "insert into cards select null,1,1,n,0,0,0,0,0,0,0,0,0,0,0,0,0,'' from "
        "(with recursive c(n) as (select 1 union all select n + 1 from c limit 1100000) select n from c)",
        f"{CANNOT}its table 'cards' has more than 1,000,000 rows",
    ),
    "too much text": (
        "insert into notes select null,'g'||n,(select min(mid) from notes),0,0,'',hex(zeroblob(10000000)),'',0,0,'' "
        "from (with recursive c(n) as (select 1 union all select n + 1 from c limit 15) select n from c)",
        f"{CANNOT}its texts have more than 256 million characters",
    ),
    "deep JSON": ("update col set models = replace(hex(zeroblob(500000)), '00', '[')", NOT),
    "JSON with a long number": (
        "update col set models = '{\"1\": ' || replace(hex(zeroblob(100000)), '0', '9') || '}'",
        NOT,
    ),
    "bytes instead of texts": ("update notes set flds = x'00', tags = x'01', guid = x'02'", NOT),
    "unknown note types": ("update notes set mid = 9", f"{NOT}it has no note type 9, which a note has"),
    "bytes that are no text": ("update notes set flds = cast(x'1b5b33316dff' as text)", NOT),
    "many clozes": (a_note(times("{{c1::", 2_000)), READ),
    "clozes in clozes": (a_note(f"{times('{{c1::', 20_000)} || {times('}}', 20_000)}"), READ),
    "deletions of one card in each other": (a_note(f"{times('{{c1::<b>x</b>', 10)} || {times('}}', 10)}"), READ),
    "a template that shows a field very often": (
        f"{a_note(times('x', 100_000))};"
        "update col set models = replace(models, '{{Question}}', replace(hex(zeroblob(1000)), '00', '{{Question}}'))",
        READ,
    ),
    "deep templates": (
        "update col set models = replace(models, '{{Question}}', "
        "replace(hex(zeroblob(5000)), '00', '{{#Question}}') || replace(hex(zeroblob(5000)), '00', '{{/Question}}'))",
        READ,
    ),
    "open sounds": (a_note(times("[sound:", 100_000)), READ),
    "a long reference": (a_note(f"'&#' || {times('9', 200_000)} || ';'"), READ),
    "open tags": (a_note(times("<img src=", 100_000)), READ),
    "open brackets": (a_note(times("<", 300_000)), READ),
    "escape sequences": (
        a_note("'x' || char(27) || '[31m' || char(155) || char(8238) || char(10) || '::error::x'"),
        READ,
    ),
    "few distinct words": (a_note(times("a b ", 20_000)), READ),
    "a name with a line of its own": ("update col set decks = replace(decks, 'Demo', 'x\\n::stop-commands::t')", READ),
}


@pytest.mark.parametrize(("sql", "message"), cases(DATABASES))
def test_a_database(sql, message, package):
    apkg.edit(package, sql)

    assert_refused_or_read(message)


# --- archives ---------------------------------------------------------------------------------------------------------


def zstd(data: bytes) -> bytes:
    from importlib import import_module

    module = import_module("compression.zstd" if sys.version_info >= (3, 14) else "backports.zstd")
    compressed: bytes = module.compress(data)
    return compressed


def _zip_bomb(package: Path) -> None:
    with zipfile.ZipFile(package, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("collection.anki2", "w") as file:
        for _ in range(600):
            file.write(bytes(2**20))


def _zstd_bomb(package: Path) -> None:
    apkg.write(package, {"collection.anki21b": zstd(bytes(600 * 2**20))}, zipfile.ZIP_STORED)


def _zstd_bomb_that_is_stored_compressed(package: Path) -> None:
    apkg.write(package, {"collection.anki21b": zstd(zstd(bytes(600 * 2**20)))})


def _many_members(package: Path) -> None:
    """A list of two million files, each with the same content."""
    entry = struct.pack("<4s6H3L5H2L", b"PK\1\2", 20, 20, 0, 0, 0, 33, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0) + b"a"
    directory = entry * 2_000_000
    end = struct.pack("<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, 0, 0, 2_000_000, 2_000_000, len(directory), 0)
    locator = struct.pack("<4sLQL", b"PK\6\7", 0, len(directory), 1)
    package.write_bytes(
        directory + end + locator + struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 65535, 65535, 2**32 - 1, 2**32 - 1, 0)
    )


def _another_compression(package: Path) -> None:
    apkg.write(package, {"collection.anki2": bytes(2**20)}, zipfile.ZIP_LZMA)


def _hostile_names(package: Path) -> None:
    with zipfile.ZipFile(package, "a") as archive:
        for name in ("../../evil", "/etc/evil", "x\x1b[31m\n::error::x", "a" * 60_000):
            archive.writestr(name, b"evil")


def _lying_size(package: Path) -> None:
    """The list says that the collection has one byte."""
    data = bytearray(package.read_bytes())
    at = data.index(b"PK\1\2", data.rindex(b"collection.anki2") - 60)
    data[at + 24 : at + 28] = struct.pack("<L", 1)
    package.write_bytes(data)


def _nothing(package: Path) -> None:
    apkg.write(package, {"x": b""})


def _no_zip(package: Path) -> None:
    package.write_bytes(b"\x1b[31m\n" * 1000)


ARCHIVES: dict[str, tuple[Callable[[Path], None], str]] = {
    "a zip bomb": (_zip_bomb, f"{CANNOT}'collection.anki2' is more than 200 times larger than its compressed form"),
    "a zstd bomb": (_zstd_bomb, f"{CANNOT}'collection.anki21b' is more than 200 times larger than its compressed form"),
    "a zstd bomb in itself": (_zstd_bomb_that_is_stored_compressed, NOT),
    "two million files": (_many_members, f"{CANNOT}it has too many files: their list has more than 16 MB"),
    "a compression that Anki does not write": (
        _another_compression,
        f"{CANNOT}'collection.anki2' is compressed in a way that Anki does not use",
    ),
    "hostile names": (_hostile_names, READ),
    "a lying size": (_lying_size, NOT),
    "no collection": (_nothing, f"{NOT}it contains no collection"),
    "no archive": (_no_zip, NOT),
}


@pytest.mark.parametrize(("make", "message"), cases(ARCHIVES))
def test_an_archive(make, message, package, tmp_path):
    before = {path for path in tmp_path.rglob("*") if path.is_file()}
    make(package)

    assert_refused_or_read(message)
    assert {path for path in tmp_path.rglob("*") if path.is_file()} == before


def test_a_long_number_in_the_settings_of_a_note_type(package):
    connection = sqlite3.connect("collection")
    connection.executescript(
        "create table col (ver); insert into col values (18); create table fields (ntid, ord, name, config);"
        "create table templates (ntid, ord, name, config);"
        "create table notetypes (id, name, mtime_secs, config); insert into notetypes values (1, 'x', 0, x'')"
    )
    connection.execute("insert into templates values (1, 0, 'x', ?)", (b"\xff" * 1_500_000,))
    connection.commit()
    connection.close()
    apkg.write(package, {"collection.anki21b": zstd(Path("collection").read_bytes())}, zipfile.ZIP_STORED)

    assert_refused_or_read(f"{NOT}expected a message of protocol buffers, found something else")


# --- what is admitted -------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_forty_thousand_notes_are_read(package):
    apkg.edit(
        package,
        "insert into notes select null,'g'||n,(select min(mid) from notes),0,0,' a b ',"
        "hex(randomblob(1000))||char(31)||hex(randomblob(200)),'',0,0,'' from "
        "(with recursive c(n) as (select 1 union all select n + 1 from c limit 40000) select n from c)",
    )
    done = diff("bad.apkg")

    assert done.returncode == 0, done.stderr
    assert "40,0" in done.stdout


@pytest.mark.slow
def test_five_gigabytes_of_media_are_not_unpacked(package):
    with zipfile.ZipFile(package) as archive:
        collection = archive.read("collection.anki2")
    with zipfile.ZipFile(package, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("collection.anki2", collection)
        archive.writestr("media", json.dumps({str(n): f"{n}.mp3" for n in range(100)}))
        for number in range(100):
            archive.writestr(str(number), bytes(50 * 2**20))

    assert_refused_or_read(READ)
