"""The cache saves work and changes nothing else: not what is built, not what is reported, not when it is damaged."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from time import time

import pytest
from click.testing import CliRunner, Result

import deckgen as deckgen_package
import sample
from deckgen.build import cache as caches
from deckgen.build import compile_all
from deckgen.cli import main

DECKS = Path(__file__).parents[1] / "golden/all-kinds/decks"
FIRST = 1_790_000_000


@pytest.fixture
def cache(tmp_path, monkeypatch) -> Path:
    folder = tmp_path / "cache"
    monkeypatch.setenv("DECKGEN_CACHE", str(folder))
    return folder


@pytest.fixture
def project(tmp_path) -> Path:
    shutil.copytree(DECKS, tmp_path / "decks")
    return tmp_path


def deckgen(folder: Path, *arguments: str, at: int = FIRST, cache: str | None = None) -> Result:
    environment = {"SOURCE_DATE_EPOCH": str(at)} | ({"DECKGEN_CACHE": cache} if cache else {})
    os.chdir(folder)
    return CliRunner().invoke(main, [*arguments], env=environment)


def written(folder: Path) -> dict[str, bytes]:
    """Everything that builds wrote."""
    paths = [*folder.glob("build/*"), folder / "decks/deckgen.lock"]
    return {path.name: path.read_bytes() for path in paths}


def stored(cache: Path) -> set[Path]:
    """The compiled files in the cache of the one project."""
    return {path for path in cache.rglob("*") if path.is_file() and len(path.name) == 64}


def test_only_changed_files_are_compiled_again(project, cache):
    deckgen(project, "build")
    before = stored(cache)
    source = next(path for path in sorted((project / "decks").glob("*/*.yaml")) if path.name != "deck.yaml")
    source.write_text(source.read_text() + "\n# a comment\n")
    deckgen(project, "build")

    assert before
    assert len(stored(cache) - before) == 1
    assert len(before - stored(cache)) == 1


def test_several_processes_build_what_one_does(project, cache, monkeypatch):
    for part in range(4):
        entries = f"faq:\n  - {{id: part-{part}, question: What follows {part} times four?, answer: Number {part}}}\n"
        (project / f"decks/demo/part-{part}.yaml").write_text(f"domain: basics\nsource: [book]\n{entries}")
    (project / "decks/demo/broken.yaml").write_text("domain: basics\nfaq: [{id: broken}]\n")
    broken = deckgen(project, "check", cache="off")
    (project / "decks/demo/broken.yaml").unlink()
    alone = deckgen(project, "build", cache="off")
    expected = written(project)
    shutil.rmtree(project / "build")
    (project / "decks/deckgen.lock").unlink()
    monkeypatch.setattr(compile_all, "WORTH_A_POOL", 1)
    together = deckgen(project, "build")

    assert "[acronym-clash]" in alone.output  # a finding that needs the notes of all files
    assert together.output == alone.output
    assert written(project) == expected
    (project / "decks/demo/broken.yaml").write_text("domain: basics\nfaq: [{id: broken}]\n")
    assert "[missing-key]" in broken.output
    assert deckgen(project, "check", cache="off").output == broken.output


def test_files_with_errors_and_retired_entries_are_cached_as_well(project, cache):
    deckgen(project, "build")
    text = (project / "decks/demo/cards.yaml").read_text()
    retired = "retired:\n  - {id: faq/gone, reason: It was *wrong*., title: What was it?}\n"
    (project / "decks/demo/more.yaml").write_text(f"{retired}faq:\n  - {{id: broken}}\n")
    first = deckgen(project, "check", "--hints")
    before = stored(cache)
    second = deckgen(project, "check", "--hints")

    assert "[missing-key]" in first.output
    assert second.output == first.output
    assert stored(cache) == before
    assert (project / "decks/demo/cards.yaml").read_text() == text


def test_a_link_to_a_cached_file_is_refused_all_the_same(project, cache, tmp_path_factory):
    deckgen(project, "build")
    path = project / "decks/demo/cards.yaml"
    outside = tmp_path_factory.mktemp("outside") / "cards.yaml"
    shutil.move(path, outside)
    path.symlink_to(outside)
    result = deckgen(project, "build")

    assert result.exit_code == 1
    assert "expected a file of the project, found a link that leaves it" in result.stderr


def test_a_change_that_keeps_size_and_time_is_seen(project, cache):
    path = project / "decks/demo/cards.yaml"
    os.utime(path, (FIRST, FIRST))
    deckgen(project, "build")
    text = path.read_text()
    path.write_text(text.replace("What", "Whom", 1))
    os.utime(path, (FIRST, FIRST))
    result = deckgen(project, "build", at=FIRST + 60)

    assert path.stat().st_size == len(text.encode())
    assert "0 new, 2 changed" in result.stdout


def test_a_change_of_a_project_file_compiles_everything_again(project, cache):
    deckgen(project, "build")
    before = stored(cache)
    path = project / "decks/deckgen.yaml"
    path.write_text(path.read_text() + "\n# a comment\n")
    deckgen(project, "build")

    assert stored(cache).isdisjoint(before)


def test_a_changed_picture_changes_the_card(tmp_path, cache):
    cards = "faq: [{id: dot, domain: basics, question: '![dot](media/dot.png) Which sign?', answer: A dot}]\n"
    sample.write(tmp_path, {"demo/cards.yaml": cards, "demo/media/dot.png": sample.png()})
    deckgen(tmp_path, "build")
    (tmp_path / "decks/demo/media/dot.png").write_bytes(sample.png(shade=9))
    changed = deckgen(tmp_path, "build", at=FIRST + 60)
    (tmp_path / "decks/demo/media/dot.png").unlink()
    gone = deckgen(tmp_path, "build")
    (tmp_path / "decks/demo/media/dot.png").write_bytes(sample.png(shade=9))
    back = deckgen(tmp_path, "build")

    assert "0 new, 1 changed" in changed.stdout
    assert "[media-not-found]" in gone.stderr
    assert back.exit_code == 0


@pytest.mark.parametrize("harm", ["cut", "flipped", "emptied", "replaced", "a folder", "a pipe"])
def test_damaged_cache_files_are_ignored(harm, project, cache):
    deckgen(project, "build")
    expected = written(project)
    shutil.rmtree(project / "build")
    assert stored(cache)
    for path in stored(cache):
        data = path.read_bytes()
        if harm == "a folder":
            path.unlink()
            path.mkdir()
        elif harm == "a pipe":
            path.unlink()
            os.mkfifo(path)
        else:
            middle = len(data) // 2
            flipped = data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :]
            path.write_bytes({"cut": data[:-9], "flipped": flipped, "emptied": b"", "replaced": b"{}"}[harm])
    result = deckgen(project, "build")

    assert result.exit_code == 0
    assert written(project) == expected


@pytest.mark.parametrize("content", ["[]", "{}", '{"media": {}, "notes": [1]}', "1", "null", '{"notes": {"a": []}}'])
def test_a_stored_file_that_makes_no_sense_is_ignored(content, project, cache):
    deckgen(project, "build")
    expected = written(project)
    shutil.rmtree(project / "build")
    for path in stored(cache):
        caches.Cache(path.parent).put(path.name, content.encode())
    result = deckgen(project, "build")

    assert result.exit_code == 0
    assert written(project) == expected


def test_stored_files_are_json(project, cache):
    deckgen(project, "build")

    assert stored(cache)
    for path in stored(cache):
        data = caches.Cache(path.parent).get(path.name)
        assert data is not None
        assert {"notes", "findings"} <= json.loads(data).keys()


@pytest.mark.skipif(os.name != "posix", reason="only POSIX has these permissions")
@pytest.mark.parametrize("foreign", ["writable", "link"])
def test_a_folder_that_others_can_write_to_is_not_used(foreign, project, cache, tmp_path):
    deckgen(project, "build")
    (folder,) = {path.parent for path in stored(cache)}
    if foreign == "writable":
        folder.chmod(0o777)
    else:
        folder.rename(tmp_path / "elsewhere")
        folder.symlink_to(tmp_path / "elsewhere")
    before = stored(cache)
    (project / "decks/deckgen.yaml").write_text((project / "decks/deckgen.yaml").read_text() + "\n")
    result = deckgen(project, "build")

    assert result.exit_code == 0
    assert stored(cache) == before


def test_a_cache_that_cannot_be_written_is_not_used(project, tmp_path):
    (tmp_path / "a file").write_text("")
    result = deckgen(project, "build", cache=str(tmp_path / "a file" / "below"))

    assert result.exit_code == 0


def test_the_cache_of_a_project_that_was_not_built_for_long_is_deleted(project, cache):
    for name, days in (("forgotten", 100), ("known", 10)):
        (cache / name).mkdir(parents=True)
        (cache / name / "kept").write_text("")
        os.utime(cache / name, (time() - days * 86400,) * 2)
    deckgen(project, "build")

    assert not (cache / "forgotten").exists()
    assert (cache / "known").exists()


def test_nothing_stays_in_the_cache_of_the_sources_of_another_commit(project, cache):
    deckgen(project, "build")
    for command in ("init -q", "add decks", "-c user.name=A -c user.email=a@example.org commit -qm x"):
        subprocess.run(["git", *command.split(" ")], check=True)
    before = set(cache.iterdir())
    result = deckgen(project, "diff", "--since", "HEAD")

    assert result.exit_code == 0
    assert set(cache.iterdir()) == before


def test_another_version_of_deckgen_does_not_use_what_this_one_stored(project, cache, monkeypatch):
    deckgen(project, "build")
    before = stored(cache)
    monkeypatch.setattr("deckgen.build.cache.__version__", "99")
    caches.compiler_version.cache_clear()
    shutil.rmtree(project / "build")
    deckgen(project, "build")
    caches.compiler_version.cache_clear()

    assert stored(cache).isdisjoint(before)


def test_byte_code_that_python_writes_does_not_invalidate_the_cache(tmp_path):
    source = Path(deckgen_package.__file__).parent
    shutil.copytree(source, tmp_path / "deckgen", ignore=shutil.ignore_patterns("__pycache__"))
    environment = {**os.environ, "PYTHONPATH": str(tmp_path), "PYTHONDONTWRITEBYTECODE": ""}
    ask = "from deckgen.build import cache; print(cache.__file__, cache.compiler_version())"
    first, second = (
        subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, check=True).stdout
        for code in (f"{ask}; import deckgen.build.pipeline", ask)
    )

    assert (tmp_path / "deckgen/__pycache__").is_dir()
    assert str(tmp_path).encode() in first
    assert first == second


def test_files_are_compiled_in_other_processes_without_a_failure(project, cache):
    """A failure there would go unnoticed: the files would be compiled here instead."""
    for part in range(4):
        entries = [
            f"  - {{id: number-{part}-{number}, question: What comes after {part} times {number}?, answer: Indeed}}\n"
            for number in range(1_000)
        ]
        text = "domain: basics\nsource: [book]\nfaq:\n" + "".join(entries)
        (project / f"decks/demo/part-{part}.yaml").write_text(text)
    assert sum(path.stat().st_size for path in project.glob("decks/demo/part-*.yaml")) > compile_all.WORTH_A_POOL
    command = [sys.executable, "-X", "dev", "-W", "error", "-m", "deckgen", "-C", str(project), "build"]
    run = subprocess.run(command, capture_output=True, text=True, check=False)

    assert run.returncode == 0, run.stderr
    assert "Traceback" not in run.stderr
