"""Packages of any program are read, or rejected with a reason."""

from __future__ import annotations

import random
from contextlib import suppress
from pathlib import Path

import pytest

from author import Author
from deckgen.packages.read_package import NotAPackage, read_package
from learner import Learner


@pytest.fixture
def old(tmp_path: Path) -> Path:
    return Author(tmp_path).releases(-60)


@pytest.mark.parametrize("legacy", [True, False], ids=["legacy", "newest format"])
def test_packages_written_by_anki_are_read(legacy, old, tmp_path):
    from anki.collection import ExportAnkiPackageOptions

    with Learner() as learner:
        learner.imports(old)
        options = ExportAnkiPackageOptions(with_scheduling=False, with_media=True, legacy=legacy)
        learner.col.export_anki_package(out_path=str(tmp_path / "anki.apkg"), options=options, limit=None)
    ours, theirs = read_package(old), read_package(tmp_path / "anki.apkg")

    assert theirs.notes == ours.notes
    own = {id: theirs.note_types[id] for id in ours.note_types}
    assert {id: (one.name, one.fields) for id, one in own.items()} == {
        id: (one.name, one.fields) for id, one in ours.note_types.items()
    }
    assert {id: one.templates for id, one in own.items()} == {id: one.templates for id, one in ours.note_types.items()}
    assert {id: one.style for id, one in own.items()} == {id: one.style for id, one in ours.note_types.items()}


def test_a_damaged_package_is_read_or_rejected(old):
    whole, chance = old.read_bytes(), random.Random(1)
    for _ in range(200):
        damaged = bytearray(whole)
        for _ in range(chance.choice([1, 5, 50])):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        Path("bad.apkg").write_bytes(damaged)
        with suppress(NotAPackage):
            read_package(Path("bad.apkg"))


@pytest.mark.parametrize("content", [b"", b"PK nothing", b"x" * 1000])
def test_a_file_that_is_no_package_is_rejected(content):
    Path("bad.apkg").write_bytes(content)

    with pytest.raises(NotAPackage, match=r"'bad\.apkg' is not an Anki package"):
        read_package(Path("bad.apkg"))
