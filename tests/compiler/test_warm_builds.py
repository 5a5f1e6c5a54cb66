"""Whatever authors do between builds, a warm build writes the same rows as a fresh one, into a sound database."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st

import sample
from deckgen.cli import main
from deckgen.compiler import workers
from examples import examples

FIRST = 1_790_000_000
COMPARING = ("dup-exact", "conflict", "dup-near", "dup-same-answer", "orphan-item", "acronym-unexpanded")
PROJECT = sample.PROJECT + sample.without(*(rule for rule in sample.CONTENT_RULES if rule not in COMPARING))
ALPHABET = ["nerve", "joint", "*disc*", "\\(x^2\\)", "skin & fat", "µ", "骨", "𝛼", "🦴", "e\u0301", '"', "a `b`", "<3"]
SIZES = [0, 1, 3, 30, 900, 19_000]
"""Parts of a text, and how many: 19,000 braces become 114,000 bytes of entities, and a list of them half a megabyte."""


def deckgen(folder: Path, *arguments: str, at: int = FIRST, cache: str = "off") -> Result:
    environment = {"SOURCE_DATE_EPOCH": str(at), "DECKGEN_CACHE": cache}
    os.chdir(folder)
    return CliRunner().invoke(main, [*arguments], env=environment)


def text(chance: random.Random) -> str:
    size = chance.choices(SIZES, [3, 9, 30, 9, 2, 1])[0]
    if size == 19_000:
        return "{" * size
    return " ".join(chance.choice(ALPHABET) for _ in range(size)) or "word"


def entry(chance: random.Random, number: int) -> str:
    question = sample.scalar(f"What is {number} of {text(chance)}?")
    if number % 3:
        full = f"    full: {sample.scalar(text(chance))}\n" if chance.random() < 0.5 else ""
        answer = f"    answer: {sample.scalar(text(chance) if chance.random() < 0.97 else '')}\n{full}"
    else:
        items = "".join(f"      - i{place}: {sample.scalar(text(chance))}\n" for place in range(chance.randrange(2, 6)))
        answer = f"    items:\n{items}"
    return f"  - id: q{number}\n    domain: basics\n    question: {question}\n{answer}"


class Sources:
    """The files of a project, as entries by number, and random edits to them."""

    def __init__(self, folder: Path, chance: random.Random, notes: int) -> None:
        self.folder = sample.write(folder, {"deckgen.yaml": PROJECT}) / "demo"
        self.chance = chance
        self.files: list[list[str]] = [[] for _ in range(min(4, notes))]
        self.retired: list[str] = []
        self.count = 0
        for _ in range(notes):
            self.add()
        self.save()

    def add(self) -> None:
        self.count += 1
        self.chance.choice(self.files).append(entry(self.chance, self.count))

    def edit(self) -> None:
        """Reword, add, move or retire an entry."""
        own = self.chance.choice([file for file in self.files if file] or [self.files[0]])
        match self.chance.choice(["reword", "reword", "add", "move", "retire"]):
            case "reword" if own:
                place = self.chance.randrange(len(own))
                number = int(own[place].partition("q")[2].partition("\n")[0])
                own[place] = entry(self.chance, number)
            case "move" if own:
                self.chance.choice(self.files).append(own.pop(self.chance.randrange(len(own))))
            case "retire" if len(own) > 1:
                gone = own.pop(self.chance.randrange(len(own))).partition("id: ")[2].partition("\n")[0]
                self.retired.append(f"  - {{id: faq/{gone}, reason: Withdrawn}}\n")
            case _:
                self.add()

    def save(self) -> None:
        if self.retired:
            (self.folder / "retired.yaml").write_text("retired:\n" + "".join(self.retired))
        for number, entries in enumerate(self.files):
            path = self.folder / f"part-{number}.yaml"
            if entries:
                path.write_text("faq:\n" + "".join(entries))
            else:
                path.unlink(missing_ok=True)


def rows(package: Path, folder: Path) -> dict[str, list[tuple[object, ...]]]:
    """All rows of a package's database, once SQLite has found it sound."""
    database = folder / "database"
    with zipfile.ZipFile(package) as archive:
        database.write_bytes(archive.read("collection.anki2"))
    with closing(sqlite3.connect(database)) as connection:
        assert connection.execute("pragma integrity_check").fetchall() == [("ok",)]
        tables = [name for (name,) in connection.execute("select name from sqlite_master where type = 'table'")]
        return {name: connection.execute(f"select * from {name} order by rowid").fetchall() for name in tables}


def compare(seed: int, notes: int, edits: int, pool: bool, folder: Path) -> int:
    """Edit and build several times; returns how many builds had no errors."""
    chance = random.Random(seed)
    here = Path.cwd()
    cache = str(folder / "cache")
    sources = Sources(folder / "warm", chance, notes)
    built = 0
    for step in range(edits):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(workers, "WORTH_WORKERS", dict.fromkeys(workers.WORTH_WORKERS, 1 if pool else 10**9))
            shutil.rmtree(folder / "fresh", ignore_errors=True)
            shutil.copytree(folder / "warm/decks", folder / "fresh/decks")
            warm = deckgen(folder / "warm", "build", at=FIRST + step, cache=cache)
            checked = deckgen(folder / "warm", "check", "--hints", cache=cache)
            fresh = deckgen(folder / "fresh", "build", at=FIRST + step)

        assert (warm.exit_code, warm.stderr) == (fresh.exit_code, fresh.stderr)
        assert checked.stdout == deckgen(folder / "fresh", "check", "--hints").stdout
        if warm.exit_code == 0:
            built += 1
            one, other = folder / "warm/build", folder / "fresh/build"
            assert (folder / "warm/decks/deckgen.lock").read_bytes() == (
                folder / "fresh/decks/deckgen.lock"
            ).read_bytes()
            assert rows(one / "demo.apkg", folder) == rows(other / "demo.apkg", folder)
            assert (one / "demo.apkg").read_bytes() == (other / "demo.apkg").read_bytes()
        for _ in range(chance.choice([0, 1, 9])):
            sources.edit()
        sources.save()
    os.chdir(here)
    return built


@examples(2, 20)
@given(seed=st.integers(0, 2**32), notes=st.sampled_from([1, 2, 7, 40]), pool=st.booleans())
def test_a_warm_build_writes_what_a_fresh_one_does(seed, notes, pool, tmp_path_factory):
    compare(seed, notes, 4, pool, tmp_path_factory.mktemp("project"))


@pytest.mark.slow
@given(seed=st.integers(0, 2**32), notes=st.sampled_from([1, 300, 5_000]), pool=st.booleans())
@settings(max_examples=3)
def test_a_large_warm_build_writes_what_a_fresh_one_does(seed, notes, pool, tmp_path_factory):
    compare(seed, notes, 2, pool, tmp_path_factory.mktemp("project"))
