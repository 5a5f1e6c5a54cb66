"""The cache saves work and changes nothing else: not what is built, not what is reported, not when it is damaged."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from time import time

import pytest
from click.testing import CliRunner, Result

import deckgen as deckgen_package
import sample
from deckgen.cli import main
from deckgen.compiler import workers
from deckgen.project import cache as caches

DECKS = Path(__file__).parents[1] / "golden/all-kinds/decks"
FIRST = 1_790_000_000


@pytest.fixture
def cache(tmp_path_factory, monkeypatch) -> Path:
    """The folder that has one folder for each project."""
    folder = tmp_path_factory.mktemp("cache")
    monkeypatch.setenv("DECKGEN_CACHE", str(folder))
    return folder / "deckgen"


@pytest.fixture
def project(tmp_path) -> Iterator[Path]:
    shutil.copytree(DECKS, tmp_path / "project/decks")
    yield tmp_path / "project"
    os.chdir(tmp_path)


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


def _break_and_delete_a_note_type(decks: Path) -> Iterator[None]:
    (decks / "note-types/gap/type.yaml").write_text("fields: [")
    yield
    shutil.rmtree(decks / "note-types/gap")


def _break_and_delete_the_sources(decks: Path) -> Iterator[None]:
    sources = decks / "sources.yaml"
    sources.unlink()
    sources.symlink_to(sys.executable)  # out of the project
    yield
    sources.unlink()


@pytest.mark.parametrize("edit", [_break_and_delete_a_note_type, _break_and_delete_the_sources])
def test_what_was_compiled_while_a_file_of_the_project_had_an_error_is_compiled_again(project, cache, edit):
    """Entries are read then, but not checked against what that file declares: their notes would be missing."""
    edits = edit(project / "decks")
    next(edits)
    assert deckgen(project, "build").exit_code == 1
    next(edits, None)
    warm = deckgen(project, "build")
    cold = deckgen(project, "build", cache="off")

    assert warm.exit_code == 1
    assert warm.output == cold.output


@pytest.mark.filterwarnings("ignore:.*multi-threaded:DeprecationWarning")  # as pytest-xdist is, and deckgen is not
@pytest.mark.parametrize("method", workers.WORTH_WORKERS)
def test_several_processes_build_what_one_does(project, cache, monkeypatch, method):
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
    monkeypatch.setattr(workers, "_method", lambda: method)
    monkeypatch.setitem(workers.WORTH_WORKERS, method, 1)
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


def test_a_link_is_refused_even_if_the_file_is_cached(project, cache, tmp_path_factory):
    deckgen(project, "build")
    path = project / "decks/demo/cards.yaml"
    outside = tmp_path_factory.mktemp("outside") / "cards.yaml"
    shutil.move(path, outside)
    path.symlink_to(outside)
    result = deckgen(project, "build")

    assert result.exit_code == 1
    assert "expected a file in the project, found a link that leads out of it" in result.stderr


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


def test_a_stored_file_without_its_texts_is_ignored(project, cache):
    deckgen(project, "build")
    expected = written(project)
    shutil.rmtree(project / "build")
    for path in stored(cache):
        store = caches.Cache(path.parent)
        store.put(path.name, (store.get(path.name) or b"").partition(b"\n")[0])
    result = deckgen(project, "build")

    assert result.exit_code == 0
    assert written(project) == expected


def test_stored_files_are_json_and_texts(project, cache):
    deckgen(project, "build")

    assert stored(cache)
    for path in stored(cache):
        data = caches.Cache(path.parent).get(path.name)
        assert data is not None
        described, _, texts = data.decode().partition("\n")
        file = json.loads(described)
        assert "findings" in file
        assert texts.count("\x1f") >= len(file["notes"]) > 0


@pytest.mark.skipif(os.name != "posix", reason="only POSIX has these permissions")
@pytest.mark.parametrize("whole", [False, True])
@pytest.mark.parametrize("foreign", ["writable", "link"])
def test_a_folder_that_others_can_write_to_is_not_used(foreign, whole, project, cache, tmp_path):
    deckgen(project, "build")
    (own,) = cache.iterdir()
    folder = cache if whole else own
    if foreign == "writable":
        folder.chmod(0o777)
        place = folder
    else:
        place = folder.rename(tmp_path / "elsewhere")
        folder.symlink_to(place)
    before = stored(place)
    (project / "decks/deckgen.yaml").write_text((project / "decks/deckgen.yaml").read_text() + "\n")
    result = deckgen(project, "build")

    assert before
    assert result.exit_code == 0
    assert stored(place) == before


FOREIGN_TAG = "Signature: 8a477f597d28d172789f06886806bc55\n# A cache of something else.\n"


@pytest.mark.parametrize("tag", ["none", "foreign", "link", "pipe"])
def test_a_folder_without_our_tag_is_neither_used_nor_deleted(tag, project, cache, tmp_path):
    deckgen(project, "build")
    path = next(cache.iterdir()) / caches.TAG
    path.rename(tmp_path / "tag")
    if tag == "foreign":
        path.write_text(FOREIGN_TAG)
    elif tag == "link":
        path.symlink_to(tmp_path / "tag")
    elif tag == "pipe":
        os.mkfifo(path)
    before = stored(cache)
    (project / "decks/deckgen.yaml").write_text((project / "decks/deckgen.yaml").read_text() + "\n")
    result = deckgen(project, "build")
    caches.forget(project / "decks")

    assert before
    assert result.exit_code == 0
    assert stored(cache) == before


def test_a_cache_that_cannot_be_written_is_not_used(project, tmp_path):
    (tmp_path / "a file").write_text("")
    result = deckgen(project, "build", cache=str(tmp_path / "a file" / "below"))

    assert result.exit_code == 0


def age(*folders: Path, days: int = 100) -> None:
    for folder in folders:
        os.utime(folder, (time() - days * 86400,) * 2)


def cache_of(folder: Path, cache: Path) -> Path:
    """A new project in a folder, and its cache."""
    before = set(cache.glob("*"))
    sample.write(folder, {"demo/cards.yaml": "faq: [{id: one, domain: basics, question: Is it one?, answer: It is}]\n"})
    assert deckgen(folder, "check").exit_code == 0
    (own,) = set(cache.glob("*")) - before
    return own


def test_only_caches_of_projects_not_built_for_a_long_time_are_deleted(project, cache, tmp_path):
    forgotten, known = (cache_of(tmp_path / name, cache) for name in ("forgotten", "known"))
    age(forgotten, days=91)
    age(known, days=89)
    deckgen(project, "build")

    assert not forgotten.exists()
    assert known.exists()
    assert len(list(cache.iterdir())) == 2


def test_what_is_not_ours_is_never_deleted_from_the_cache_folder(project, cache, tmp_path):
    ours = cache_of(tmp_path / "old", cache)
    places = {
        "beside ours": cache.parent / "pip",
        "untagged": cache / ("0" * 32),
        "tagged by others": cache / ("1" * 32),
        "other name": cache / "thesis",
        "longer name": cache / ("2" * 33),
    }
    for name, place in places.items():
        place.mkdir()
        (place / "precious").write_text("")
        if name == "tagged by others":
            (place / caches.TAG).write_text(FOREIGN_TAG)
        elif name != "untagged":
            shutil.copy(ours / caches.TAG, place)
    shutil.copytree(ours, tmp_path / "target")
    (cache / ("3" * 32)).symlink_to(tmp_path / "target")
    (ours / "link").symlink_to(tmp_path / "target")
    age(ours, tmp_path / "target", *places.values())
    deckgen(project, "build")

    assert not ours.exists()
    assert [name for name, place in places.items() if not (place / "precious").exists()] == []
    assert (cache / ("3" * 32)).is_symlink()
    assert (tmp_path / "target" / caches.TAG).exists()


no_xdg = pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="this system has another folder for caches")


@pytest.mark.parametrize(
    ("variable", "place"), [("DECKGEN_CACHE", "."), pytest.param("XDG_CACHE_HOME", "", marks=no_xdg)]
)
def test_nothing_is_deleted_if_the_cache_folder_is_the_checkout(variable, place, project, monkeypatch):
    for name in ("docs", "notes", "deckgen"):
        (project / name).mkdir()
        (project / name / "precious").write_text("")
    subprocess.run(["git", "init", "-q"], cwd=project, check=True)
    before = set(project.rglob("*"))
    age(*(path for path in before if path.is_dir()))
    monkeypatch.delenv("DECKGEN_CACHE")
    monkeypatch.setenv(variable, place or str(project))
    result = deckgen(project, "check")

    assert result.exit_code == 0
    assert set(project.rglob("*")) == before


def test_nothing_is_written_through_a_link_in_the_cache_folder(project, cache, tmp_path):
    (tmp_path / "elsewhere").mkdir(mode=0o700)
    cache.symlink_to(tmp_path / "elsewhere")
    result = deckgen(project, "build")

    assert result.exit_code == 0
    assert list((tmp_path / "elsewhere").iterdir()) == []


@pytest.mark.parametrize(
    ("place", "used"),
    [
        ("cache", True),
        ("other-checkout/cache", True),
        ("checkout/cache", False),  # the work tree begins above the project
        ("checkout/project", False),
        ("checkout/project/decks/demo", False),
        ("linked/cache", False),
    ],
)
def test_a_cache_that_a_pull_request_could_bring_is_not_used(place, used, tmp_path):
    sample.write(
        tmp_path / "checkout/project", {"demo/cards.yaml": "faq: [{id: a, domain: basics, question: Q?, answer: A}]"}
    )
    for name in ("checkout", "other-checkout"):
        subprocess.run(["git", "init", "-q", str(tmp_path / name)], check=True)
    (tmp_path / "linked").symlink_to(tmp_path / "checkout")
    result = deckgen(tmp_path / "checkout/project", "build", cache=str(tmp_path / place))
    os.chdir(tmp_path)

    assert result.exit_code == 0
    assert bool(stored(tmp_path / place)) is used


def test_a_cache_in_a_project_without_git_is_not_used(tmp_path):
    sample.write(tmp_path / "project", {"demo/cards.yaml": "faq: [{id: a, domain: basics, question: Q?, answer: A}]"})
    deckgen(tmp_path / "project", "build", cache=str(tmp_path / "project/cache"))
    os.chdir(tmp_path)

    assert not stored(tmp_path / "project/cache")


def test_comparing_with_a_commit_leaves_nothing_in_the_cache(project, cache):
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
    monkeypatch.setattr("deckgen.project.cache.__version__", "99")
    caches.compiler_version.cache_clear()
    shutil.rmtree(project / "build")
    deckgen(project, "build")
    caches.compiler_version.cache_clear()

    assert stored(cache).isdisjoint(before)


@pytest.mark.parametrize(
    "command", [["list"], ["show", "faq/who-2"], ["stats"], ["preview", "--static", "site"]], ids=" ".join
)
def test_commands_that_show_no_hints_use_what_a_build_compiled(command, project, cache):
    deckgen(project, "build")
    compiled = stored(cache)
    deckgen(project, *command)

    assert stored(cache) == compiled


def test_byte_code_that_python_writes_does_not_invalidate_the_cache(tmp_path):
    source = Path(deckgen_package.__file__).parent
    shutil.copytree(source, tmp_path / "deckgen", ignore=shutil.ignore_patterns("__pycache__"))
    environment = {**os.environ, "PYTHONPATH": str(tmp_path), "PYTHONDONTWRITEBYTECODE": ""}
    ask = "from deckgen.project import cache; print(cache.__file__, cache.compiler_version())"
    first, second = (
        subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, check=True).stdout
        for code in (f"{ask}; import deckgen.compiler.pipeline", ask)
    )

    assert (tmp_path / "deckgen/__pycache__").is_dir()
    assert str(tmp_path).encode() in first
    assert first == second


def test_files_of_an_editor_next_to_the_code_do_no_harm(tmp_path):
    """Emacs marks a file that is being edited by a link to nowhere, Vim by a hidden file."""
    source = Path(deckgen_package.__file__).parent
    package = shutil.copytree(source, tmp_path / "deckgen", ignore=shutil.ignore_patterns("__pycache__"))
    ask = "from deckgen.project import cache; print(cache.__file__, cache.compiler_version())"
    command = [sys.executable, "-c", ask]
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    first = subprocess.run(command, env=environment, capture_output=True, check=True).stdout
    (package / "compiler/.#link.py").symlink_to("somebody@a-host.4711:1764300000")
    (package / "compiler/.link.py.swp").write_bytes(b"b0VIM")
    second = subprocess.run(command, env=environment, capture_output=True, check=True).stdout

    assert str(tmp_path).encode() in first
    assert first == second


PARSERS = ("yaml", "pyromark", "defusedxml", "idna")
UPDATES = """
import os, sys
from pathlib import Path
from deckgen.project.cache import compiler_version
versions = {compiler_version()}
for name in sys.argv[1:]:
    os.utime(Path(name, "__init__.py"), (1, 1))
    compiler_version.cache_clear()
    versions.add(compiler_version())
print(len(versions))
"""


def test_another_version_of_a_parser_does_not_use_what_this_one_stored(tmp_path):
    """The check of a drawing is trusted as well."""
    for name in PARSERS:
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").touch()
    command = [sys.executable, "-c", UPDATES, *PARSERS]
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    counted = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True, check=True).stdout

    assert int(counted) == 1 + len(PARSERS)


def test_worker_processes_do_not_fail(project, cache):
    """A failure there would go unnoticed: the files would be compiled here instead."""
    for part in range(4):
        entries = [
            f"  - {{id: number-{part}-{number}, question: What comes after {part} times {number}?, answer: Indeed}}\n"
            for number in range(100)
        ]
        text = "domain: basics\nsource: [book]\nfaq:\n" + "".join(entries) + "# as long as a large file\n" * 3_000
        (project / f"decks/demo/part-{part}.yaml").write_text(text)
    assert sum(path.stat().st_size for path in project.glob("decks/demo/part-*.yaml")) > workers.WORTH_WORKERS["fork"]
    command = [sys.executable, "-W", "error", "-m", "deckgen", "-C", str(project), "build"]
    run = subprocess.run(command, capture_output=True, text=True, check=False)

    assert run.returncode == 0, run.stderr
    assert "Traceback" not in run.stderr
