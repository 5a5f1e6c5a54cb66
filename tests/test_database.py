"""What is written as an SQLite database and as a zip is one to those who wrote the formats."""

from __future__ import annotations

import random
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path

import pytest

from deckgen.build import database, deflated
from deckgen.build.database import PAGE_SIZE, Pages, first_page, record

LENGTHS = (0, 1, 57, 58, 1_000, 8_000)
NEAR_A_PAGE = tuple(range(PAGE_SIZE - 60, PAGE_SIZE + 10))
LONG = (*range(2 * PAGE_SIZE - 60, 2 * PAGE_SIZE + 10), 100_000)


def written(path: Path, texts: list[str]) -> sqlite3.Connection:
    """A database of one table, whose rows have a text and its length."""
    pages = Pages(2)
    keys = [1_700_000_000_000 + 32 * place for place in range(len(texts))]
    leaves = pages.rows(keys, [(record((None, text, len(text) - 5)), b"") for text in texts])
    root = pages.tree(leaves)
    start = first_page([("t", "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b INTEGER)", root)], 1 + len(pages))
    path.write_bytes(start + bytes(pages))
    return sqlite3.connect(path)


@pytest.mark.parametrize("lengths", [LENGTHS, NEAR_A_PAGE, LONG, (*LENGTHS, *NEAR_A_PAGE, *LONG)], ids=str)
@pytest.mark.parametrize("count", [0, 1, 2, 300])
def test_sqlite_reads_what_is_written(count, lengths, tmp_path):
    chance = random.Random(count)
    texts = ["é" * (length % 3) + "x" * length for length in chance.choices(lengths, k=count)]
    with closing(written(tmp_path / "a.db", texts)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        rows = connection.execute("SELECT id, a, b FROM t ORDER BY id").fetchall()

    assert rows == [(1_700_000_000_000 + 32 * place, text, len(text) - 5) for place, text in enumerate(texts)]


def test_a_key_below_zero_is_refused_and_not_worked_at_for_ever():
    with pytest.raises(AssertionError):
        Pages(2).rows([-1], [(record((None, "x")), b"")])


@pytest.mark.parametrize("count", [1, 2, 3, 4, 10, 100])
def test_sqlite_finds_every_row_of_a_deep_tree_and_may_change_it(count, tmp_path, monkeypatch):
    monkeypatch.setattr(database, "_MOST_CHILDREN", 3)
    with closing(written(tmp_path / "a.db", ["x" * 9_000] * count)) as connection:
        for place in range(count):
            key = 1_700_000_000_000 + 32 * place
            assert connection.execute("SELECT count(*) FROM t WHERE id = ?", (key,)).fetchone() == (1,)
        connection.execute("DELETE FROM t WHERE id % 64 = 0")
        connection.execute("INSERT INTO t VALUES (7, 'new', 1)")
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_pages_are_the_same_elsewhere_unless_a_row_overflows():
    def pages(first: int, length: int) -> Pages:
        made = Pages(first)
        made.rows([1, 2, 3], [(record((None, "x" * length)), b"")] * 3)
        return made

    assert pages(2, 9_000).movable
    assert bytes(pages(2, 9_000)) == bytes(pages(70, 9_000))
    assert not pages(2, 20_000).movable
    assert bytes(pages(2, 20_000)) != bytes(pages(70, 20_000))


def test_a_member_in_pieces_is_read_whole(tmp_path):
    chance = random.Random(1)
    texts = [chance.randbytes(length) for length in (0, 1, 7, 70_000, 0, 33)]
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        deflated.add(archive, "a", [deflated.deflate(text) for text in texts])
        deflated.add(archive, "empty", [])
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        assert archive.testzip() is None
        assert archive.read("a") == b"".join(texts)
        assert archive.read("empty") == b""
