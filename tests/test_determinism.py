"""The same sources and the same lock give the same bytes, wherever and however deckgen runs."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

DECKS = Path(__file__).parent / "golden/all-kinds/decks"
AT = {"SOURCE_DATE_EPOCH": "1790000000"}


def build(folder: Path, environment: dict[str, str], *options: str) -> None:
    """Build in a process of its own."""
    command = [sys.executable, "-m", "deckgen", "-C", str(folder), "build", *options]
    subprocess.run(command, env=os.environ | environment, check=True, capture_output=True)


def built(folder: Path) -> dict[str, str]:
    """The hashes of the files that were built."""
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.glob("build/*"))}


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project that was built."""
    folder = tmp_path_factory.mktemp("original")
    shutil.copytree(DECKS, folder / "decks")
    build(folder, AT)
    return folder


@pytest.mark.parametrize(
    "environment",
    [
        {"PYTHONHASHSEED": "1", "TZ": "Asia/Tokyo", "LC_ALL": "C"},
        {"PYTHONHASHSEED": "2", "TZ": "America/New_York", "LC_ALL": "C.UTF-8", "PYTHONUTF8": "0"},
        {"SOURCE_DATE_EPOCH": "4102444800"},  # 2100
        {},
    ],
    ids=lambda environment: ",".join(environment) or "now",
)
def test_a_locked_build_elsewhere_gives_the_same_bytes(environment, original, tmp_path):
    elsewhere = tmp_path / "another place/that is longer"
    shutil.copytree(original / "decks", elsewhere / "decks")
    for path in elsewhere.rglob("*"):
        os.utime(path, (1, 1))

    build(elsewhere, environment, "--locked")
    assert built(elsewhere) == built(original)


def test_packages_say_nothing_of_when_and_where_they_were_built(original):
    for path in original.glob("build/*.apkg"):
        with zipfile.ZipFile(path) as archive:
            assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
            assert {info.external_attr for info in archive.infolist()} == {0o644 << 16}
        assert str(original).encode() not in path.read_bytes()
