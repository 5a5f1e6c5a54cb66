"""A build reuses a file in the output folder only if it is byte for byte the one that this machine wrote."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from deckgen.cli import main

DECKS = Path(__file__).parents[1] / "golden/all-kinds/decks"
FIRST = 1_790_000_000


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch) -> Path:
    folder = tmp_path / "cache"
    monkeypatch.setenv("DECKGEN_CACHE", str(folder))
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(FIRST))
    return folder


@pytest.fixture
def project(tmp_path, monkeypatch) -> Path:
    shutil.copytree(DECKS, tmp_path / "project/decks")
    monkeypatch.chdir(tmp_path / "project")
    yield tmp_path / "project"
    monkeypatch.chdir(tmp_path)


def build(*options: str, cache: str | None = None) -> Result:
    result = CliRunner().invoke(main, ["build", *options], env={"DECKGEN_CACHE": cache} if cache else {})

    assert result.exit_code == 0, result.output
    return result


def outputs() -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in Path("build").iterdir()}


def edit_source(project: Path) -> None:
    path = project / "decks/second/cards.yaml"
    path.write_text(path.read_text() + "\n# a comment\n")


def flip(path: Path) -> None:
    """Change one byte in place, keeping size and times."""
    status, data = path.stat(), bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0xFF
    with path.open("r+b") as file:
        file.write(data)
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def zero(path: Path) -> None:
    """What a power cut can leave: the right size, but the data was never written."""
    data = path.read_bytes()
    path.write_bytes(bytes(len(data) - 200) + data[-200:])


def replace_by_package(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("collection.anki2", "evil")


HARM: dict[str, Callable[[Path], object]] = {
    "flipped": flip,
    "zeroed": zero,
    "truncated": lambda path: path.write_bytes(path.read_bytes()[: path.stat().st_size // 2]),
    "emptied": lambda path: path.write_bytes(b""),
    "edited": lambda path: path.write_bytes(path.read_bytes() + b"EDITED\n"),
    "replaced": replace_by_package,
    "deleted": Path.unlink,
}


@pytest.mark.parametrize("then", ["nothing", "an edit"])
@pytest.mark.parametrize("harm", HARM)
def test_a_damaged_output_is_written_again(harm, then, project):
    build()
    expected = outputs()
    HARM[harm](Path("build/demo.apkg"))
    if then == "an edit":
        edit_source(project)
    result = build()

    assert outputs() == expected
    (line,) = [line for line in result.stdout.splitlines() if line.startswith("build/demo.apkg: ")]
    assert not line.endswith("unchanged")


def test_an_untouched_output_is_not_written_again(project):
    build()
    written = {path: path.stat().st_ino for path in Path("build").iterdir()}
    edit_source(project)
    result = build()

    assert {path: path.stat().st_ino for path in Path("build").iterdir()} == written
    assert result.stdout.count(", unchanged") == 2


@pytest.mark.parametrize("options", [[], ["--locked"], ["-v"]])
@pytest.mark.parametrize("cache", [None, "off"])
def test_packages_that_a_pull_request_brings_are_built_again(cache, options, project, tmp_path):
    """The stranger builds honestly, then edits the rows of the package and keeps everything else as it was."""
    build(cache=str(tmp_path / "stranger"))
    expected = outputs()
    package = Path("build/demo.apkg")
    with zipfile.ZipFile(package) as archive:
        members, comment = {name: archive.read(name) for name in archive.namelist()}, archive.comment
    database = tmp_path / "database"
    database.write_bytes(members["collection.anki2"])
    connection = sqlite3.connect(database)
    connection.execute("update notes set flds = replace(flds, 'hand', 'EVIL')")
    connection.commit()
    connection.close()
    with zipfile.ZipFile(package, "w") as archive:
        for name, content in (members | {"collection.anki2": database.read_bytes()}).items():
            archive.writestr(name, content)
        archive.comment = comment
    build(*options, cache=cache)

    assert outputs() == expected


def test_no_receipt_is_kept_in_a_checkout(project):
    """A pull request could bring a cache with a receipt of its own."""
    subprocess.run(["git", "init", "-q"], check=True)
    inside = str(project / ".cache")
    build(cache=inside)

    assert not list(Path(inside).rglob("last-build"))
    result = build(cache=inside)
    assert ", unchanged" not in result.stdout


def test_a_receipt_that_a_pull_request_brings_is_not_read(project, cache):
    subprocess.run(["git", "init", "-q"], check=True)
    build()
    shutil.copytree(cache, ".cache")
    assert list(Path(".cache").rglob("last-build"))
    result = build(cache=".cache")

    assert ", unchanged" not in result.stdout


def test_a_build_with_nothing_to_do_reports_the_same_as_a_full_one(project, cache):
    build()
    short = build()
    edit_source(project)
    full = build()

    assert short.output == full.output
    assert "unchanged" in short.stdout


def test_a_build_with_other_options_is_not_skipped(project):
    build()
    build("-o", "elsewhere")

    assert {path.name for path in Path("elsewhere").iterdir()} == outputs().keys()
