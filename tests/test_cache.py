"""What is kept between runs saves work and changes nothing: not what is built, not what is said, not when it is bad."""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from time import time

import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st

import deckgen as deckgen_package
import sample
from deckgen.build import cache as caches
from deckgen.build import compile_all as units
from deckgen.cards import note
from deckgen.cli import main
from deckgen.commands import build
from deckgen.core import hashes, processes
from deckgen.core.diagnostics import Report
from deckgen.project import project as projects

DECKS = Path(__file__).parent / "golden/all-kinds/decks"
FIRST = 1_790_000_000


@pytest.fixture
def cache(tmp_path, monkeypatch) -> Path:
    folder = tmp_path / "cache"
    monkeypatch.setenv("DECKGEN_CACHE", str(folder))
    return folder


@pytest.fixture
def project(tmp_path, monkeypatch) -> Path:
    """One of which pages are kept, as of large projects."""
    monkeypatch.setattr(note, "FIRST_OF_RUN", tuple("ghjk"))
    shutil.copytree(DECKS, tmp_path / "decks")
    return tmp_path


def deckgen(folder: Path, *arguments: str, at: int = FIRST, cache: str | None = None) -> Result:
    environment = {"SOURCE_DATE_EPOCH": str(at)} | ({"DECKGEN_CACHE": cache} if cache else {})
    os.chdir(folder)
    return CliRunner().invoke(main, [*arguments], env=environment)


def made(folder: Path) -> dict[str, bytes]:
    """Everything that builds wrote."""
    paths = [*folder.glob("build/*"), folder / "decks/deckgen.lock"]
    return {path.name: path.read_bytes() for path in paths}


def kept(cache: Path) -> set[Path]:
    """What is kept of the files of the one project."""
    return {path for path in cache.glob("*/*") if path.name != "last-build"} - parts(cache)


def parts(cache: Path) -> set[Path]:
    """What is kept of the files that were built of the one project."""
    return set(cache.glob("*/parts-*"))


def read(path: Path) -> bytes:
    """What was kept in a file."""
    data = caches.Cache(path.parent).get(path.name)
    assert data is not None
    return data


# --- the same as without ----------------------------------------------------------------------------------------------

ASKED = ("calcium", "an *axon*", "sodium", "\\(y^2\\)", "muscle & tendon")
WORDS = ("bone", "nerve", "a *joint*", "\\(x^2\\)", "skin & fat")
LONG = f"""
domain: basics
faq:
  - id: long
    question: Which word is that?
    answer: This one
    full: {"word " * 4000}
    allow: {{answer-length: It is for a test}}
"""


def edit(decks: Path, chance: random.Random) -> None:
    """One of the things that authors do: word an entry otherwise, add one, delete a file's last, break one, mend it."""
    path = decks / f"demo/part-{chance.randrange(4)}.yaml"
    number = chance.randrange(8)
    lines = [line for line in (path.read_text() if path.exists() else "faq:\n").splitlines() if line]
    entry = f"id: q{path.stem[-1]}{number}, domain: basics, "
    words = f"{chance.choice(WORDS)} {chance.choice(WORDS)}"
    others = [line for line in lines[1:] if entry not in line]
    answer = f"items: [one: '{words}', two: a duct, three: a vein]" if number % 2 else f"answer: '{words}'"
    if chance.random() < 0.05:
        answer = "items: []" if number % 2 else "answer: ''"
    place = chance.randrange(len(others) + 1)
    others.insert(
        place,
        f"  - {{{entry}question: 'Which three have {chance.choice(ASKED)} in {path.stem[-1]}{number}?', {answer}}}",
    )
    path.write_text("\n".join([lines[0], *others]) + "\n")


@given(seed=st.integers(0, 2**32), parallel=st.booleans())
@settings(max_examples=6)
def test_a_warm_build_is_a_cold_one(seed, parallel, tmp_path_factory):
    chance = random.Random(seed)
    warm, cold, cache = (tmp_path_factory.mktemp(name) for name in ("warm", "cold", "cache"))
    here = Path.cwd()
    sample.write(warm, {"deckgen.yaml": sample.PROJECT + sample.without("source-missing")})  # most rules are on
    (warm / "decks/demo/long.yaml").write_text(LONG)
    for step in range(6):
        for _ in range(chance.choice([0, 1, 9])):
            edit(warm / "decks", chance)
        shutil.copytree(warm, cold, dirs_exist_ok=True)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(note, "FIRST_OF_RUN", tuple("ghjk"))  # one guid in four
            patch.setattr(units, "WORTH_A_PROCESS", 1 if parallel else 10**9)
            patch.setattr(units, "WORTH_A_TWIN", 1 if parallel else 10**9)
            one = deckgen(warm, "build", at=FIRST + step, cache=str(cache))
            checked = deckgen(warm, "check", cache=str(cache))
            other = deckgen(cold, "build", at=FIRST + step, cache="off")

        assert (one.exit_code, one.stderr, one.stdout) == (other.exit_code, other.stderr, other.stdout)
        assert checked.stdout == deckgen(cold, "check", cache="off").stdout
        if one.exit_code == 0:
            assert made(warm) == made(cold)
        for path in (warm / "decks/demo").glob("part-*.yaml"):
            path.write_text(
                path.read_text().replace("answer: ''", "answer: mended").replace("[]", "[a: An end, b: A start]")
            )
    os.chdir(here)


def _fail(*_: object) -> None:
    raise OSError


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
@pytest.mark.parametrize("failing", ["nothing", "all", "the update file"])
@pytest.mark.parametrize("processors", [2, 4])
def test_several_processes_build_what_one_does(processors, failing, project, cache, monkeypatch):
    for part in range(4):
        entries = f"faq:\n  - {{id: part-{part}, question: What follows {part} times four?, answer: Number {part}}}\n"
        (project / f"decks/demo/part-{part}.yaml").write_text(f"domain: basics\nsource: [book]\n{entries}")
    alone = deckgen(project, "build", cache="off")
    assert alone.exit_code == 0
    assert "[acronym-clash]" in alone.output  # what shows only when notes are compared
    expected = made(project)
    shutil.rmtree(project / "build")
    (project / "decks/deckgen.lock").unlink()
    monkeypatch.setattr(units, "WORTH_A_PROCESS", 1)
    monkeypatch.setattr(units, "processors", lambda: processors)
    if failing == "all":
        monkeypatch.setattr(processes.signal, "signal", _fail)  # the first that another process does
    if failing == "the update file":
        monkeypatch.setattr(build, "_write_update", _fail)
    together = deckgen(project, "build")

    assert together.output == alone.output
    assert made(project) == expected


# --- what is kept -----------------------------------------------------------------------------------------------------


def test_only_what_changed_is_compiled_again(project, cache):
    deckgen(project, "build")
    before = kept(cache)
    source = next(path for path in sorted((project / "decks").glob("*/*.yaml")) if path.name != "deck.yaml")
    source.write_text(source.read_text() + "\n# a comment\n")
    deckgen(project, "build")

    assert before
    assert len(kept(cache) - before) == 1
    assert len(before - kept(cache)) == 1


def harm(path: Path, place: int, *, seen: bool) -> None:
    """Change a byte of a file, so that the file system shows it or not."""
    status = path.stat()
    data = path.read_bytes()
    with path.open("r+b") as file:
        file.seek(place)
        file.write(bytes([data[place] ^ 1]))
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns + seen))


def add_an_entry(project: Path) -> None:
    text = "domain: basics\nfaq: [{id: later, question: What comes later?, answer: More}]\n"
    (project / "decks/demo/later.yaml").write_text(text)


def test_what_did_not_change_is_copied_from_what_was_built_before(project, cache):
    deckgen(project, "build")
    files = {path.stat().st_ino: path for path in project.glob("build/*")}
    for kept_parts in parts(cache):
        (_, inode, *_), own = json.loads(read(kept_parts))
        (start, length), _ = next(iter(own.values()))
        harm(files[inode], start + length // 2, seen=False)
    update = (project / "build/demo-update.txt").read_bytes()
    add_an_entry(project)
    deckgen(project, "build", at=FIRST + 60)

    with zipfile.ZipFile(project / "build/demo.apkg") as archive:
        assert archive.testzip() == "collection.anki2"
    assert set(update.splitlines()) < set((project / "build/demo-update.txt").read_bytes().splitlines())


def test_what_was_changed_since_it_was_built_is_not_copied(project, cache):
    deckgen(project, "build")
    for path in (project / "build/demo.apkg", project / "build/demo-update.txt"):
        harm(path, path.stat().st_size // 2, seen=True)
    add_an_entry(project)
    deckgen(project, "build", at=FIRST + 60)
    warm = made(project)
    shutil.rmtree(project / "build")
    deckgen(project, "build", cache="off")

    assert made(project) == warm


@pytest.mark.parametrize("parts_kept", ["[]", "{}", '{"": 1}', "1"])
def test_parts_that_make_no_sense_are_none(parts_kept, project, cache):
    deckgen(project, "build")
    for path in parts(cache):
        head, rest = read(path).split(b", {", 1)
        odd = head + b", " + parts_kept.encode() + b"]"
        if parts_kept == "1":  # each of them
            odd = head + b", {" + re.sub(rb"(: )\[\[\d+, \d+\], [^:]*\](, \"|}\])", rb"\g<1>1\2", rest)
        caches.Cache(path.parent).put(path.name, odd)
    add_an_entry(project)
    result = deckgen(project, "build", at=FIRST + 60)
    warm = made(project)
    shutil.rmtree(project / "build")
    deckgen(project, "build", cache="off")

    assert result.exit_code == 0
    assert made(project) == warm


def test_nothing_is_kept_of_a_deck_that_is_no_more(project, cache):
    deckgen(project, "build")
    before = parts(cache)
    (project / "decks/demo").rename(project / "decks/demonstration")
    deckgen(project, "build")

    assert before
    assert len(before - parts(cache)) == 2  # the other deck still is


def test_a_link_to_what_is_known_is_refused_all_the_same(project, cache, tmp_path_factory):
    deckgen(project, "build")
    path = project / "decks/demo/cards.yaml"
    outside = tmp_path_factory.mktemp("outside") / "cards.yaml"
    shutil.move(path, outside)
    path.symlink_to(outside)
    result = deckgen(project, "build")

    assert result.exit_code == 1
    assert "expected a file of the project, found a link that leaves it" in result.stderr


def test_a_file_that_keeps_its_size_and_time_is_seen_to_change(project, cache, monkeypatch):
    monkeypatch.setattr(hashes, "SETTLED", 0)
    path = project / "decks/demo/cards.yaml"
    os.utime(path, (FIRST, FIRST))
    deckgen(project, "build")
    text = path.read_text()
    path.write_text(text.replace("What", "Whom", 1))
    os.utime(path, (FIRST, FIRST))
    result = deckgen(project, "build", at=FIRST + 60)

    assert path.stat().st_size == len(text.encode())
    assert "0 new, 2 changed" in result.stdout


def test_a_project_file_changes_everything(project, cache):
    deckgen(project, "build")
    before = kept(cache)
    path = project / "decks/deckgen.yaml"
    path.write_text(path.read_text() + "\n# a comment\n")
    deckgen(project, "build")

    assert kept(cache).isdisjoint(before)


def test_another_picture_is_another_card(tmp_path, cache):
    cards = "faq: [{id: dot, domain: basics, question: '![dot](media/dot.png) Which sign?', answer: A dot}]\n"
    sample.write(tmp_path, {"demo/cards.yaml": cards, "demo/media/dot.png": sample.png()})
    deckgen(tmp_path, "build")
    (tmp_path / "decks/demo/media/dot.png").write_bytes(sample.png(shade=9))
    changed = deckgen(tmp_path, "build", at=FIRST + 60)
    (tmp_path / "decks/demo/media/dot.png").unlink()
    gone = deckgen(tmp_path, "build")

    assert "0 new, 1 changed" in changed.stdout
    assert "[media-not-found]" in gone.stderr


@pytest.mark.parametrize("harm", ["cut", "flipped", "emptied", "replaced", "a folder", "a pipe"])
def test_what_is_damaged_is_compiled_again(harm, project, cache):
    deckgen(project, "build")
    expected = made(project)
    shutil.rmtree(project / "build")
    for path in cache.glob("*/*"):
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
    assert made(project) == expected


@pytest.mark.parametrize("changed", [False, True])
def test_texts_that_are_lost_before_they_are_read_are_compiled_again_unless_the_source_changed(
    changed, project, cache, monkeypatch
):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(FIRST))
    deckgen(project, "build")
    loaded = projects.load(project / "decks", Report())
    paths = [path for deck in loaded.decks for path in deck.sources]
    with units.compile_all(paths, loaded) as (compiled, _):
        one = compiled[paths[0]].notes[0]
        for path in kept(cache):
            data = path.read_bytes()
            path.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
        if changed:
            paths[0].write_text(f"{paths[0].read_text()}\n")
            with pytest.raises(OSError, match="the file changed while the deck was built; build again"):
                one.text  # noqa: B018 - reading it is what fails
        else:
            assert note.content_hash(one) == one.hash


@pytest.mark.skipif(os.name != "posix", reason="the rights of folders are POSIX's")
@pytest.mark.parametrize("foreign", ["writable", "link"])
def test_a_folder_that_others_could_write_to_is_not_used(foreign, project, cache, tmp_path):
    deckgen(project, "build")
    (folder,) = cache.iterdir()
    if foreign == "writable":
        folder.chmod(0o777)
    else:
        folder.rename(tmp_path / "elsewhere")
        folder.symlink_to(tmp_path / "elsewhere")
    before = kept(cache)
    (project / "decks/deckgen.yaml").write_text((project / "decks/deckgen.yaml").read_text() + "\n")
    result = deckgen(project, "build")

    assert result.exit_code == 0
    assert kept(cache) == before


def test_a_cache_that_cannot_be_written_is_none(project, tmp_path, monkeypatch):
    (tmp_path / "a file").write_text("")
    result = deckgen(project, "build", cache=str(tmp_path / "a file" / "below"))

    assert result.exit_code == 0


def test_what_was_kept_of_forgotten_projects_goes(project, cache):
    for name, days in (("forgotten", 100), ("known", 10)):
        (cache / name).mkdir(parents=True)
        (cache / name / "kept").write_text("")
        os.utime(cache / name, (time() - days * 86400,) * 2)
    deckgen(project, "build")

    assert not (cache / "forgotten").exists()
    assert (cache / "known").exists()


def test_nothing_stays_of_the_sources_of_another_commit(project, cache):
    deckgen(project, "build")
    for command in ("init -q", "add decks", "-c user.name=A -c user.email=a@example.org commit -qm x"):
        subprocess.run(["git", *command.split(" ")], check=True)
    before = set(cache.iterdir())
    result = deckgen(project, "diff", "--since", "HEAD")

    assert result.exit_code == 0
    assert set(cache.iterdir()) == before


def test_another_version_of_the_compiler_keeps_its_own(project, cache, monkeypatch):
    deckgen(project, "build")
    before = kept(cache)
    monkeypatch.setattr("deckgen.build.cache.__version__", "99")
    caches.compiler_version.cache_clear()
    shutil.rmtree(project / "build")
    deckgen(project, "build")
    caches.compiler_version.cache_clear()

    assert kept(cache).isdisjoint(before)


# --- nothing to do ----------------------------------------------------------------------------------------------------


def receipts(cache: Path) -> list[Path]:
    return list(cache.glob("*/last-build"))


def test_a_build_with_nothing_to_do_says_what_a_whole_one_does(project, cache):
    deckgen(project, "build")
    short = deckgen(project, "build")
    receipts(cache)[0].unlink()
    whole = deckgen(project, "build")

    assert short.output == whole.output
    assert "unchanged" in short.stdout


@pytest.mark.parametrize("suffix", [".apkg", "-update.txt"])
def test_what_was_deleted_is_made_again(suffix, project, cache):
    deckgen(project, "build")
    expected = made(project)
    next(project.glob(f"build/*{suffix}")).unlink()
    deckgen(project, "build")

    assert made(project) == expected


def test_what_is_kept_of_a_build_is_text_and_numbers(project, cache):
    deckgen(project, "build")

    for path in [*receipts(cache), *kept(cache), *parts(cache)]:
        head, _, rest = read(path).partition(b"\n")
        if path in parts(cache):
            assert json.loads(head)
            continue
        numbers = {int(place) for place in re.findall(rb'\["numbers",(\d+)\]', head)}
        for place, size in enumerate(json.loads(head).get("sizes", [])):
            column, rest = rest[:size], rest[size:]
            if place in numbers:
                assert size % 4 == 0
            else:
                assert all(text.isprintable() for text in re.split("[\x1e\x1f\n]", column.decode()))
        assert not rest
        texts = caches.Cache(path.parent).get_behind(path.name)
        assert texts is not None
        assert all(text.isprintable() for text in re.split("[\x1f\n]", texts.decode()))


def test_what_other_processes_do_succeeds_there(project, cache):
    """It would be done anew otherwise, which nobody would notice."""
    for part in range(4):
        entries = [
            f"  - {{id: number-{part}-{number}, question: What comes after {part} times {number}?, answer: Indeed}}\n"
            for number in range(3_500)
        ]
        text = "domain: basics\nsource: [book]\nfaq:\n" + "".join(entries)
        (project / f"decks/demo/part-{part}.yaml").write_text(text)
    assert sum(path.stat().st_size for path in project.glob("decks/demo/part-*.yaml")) > units.WORTH_A_TWIN
    command = [sys.executable, "-X", "dev", "-W", "ignore", "-m", "deckgen", "-C", str(project), "build"]

    for times in range(2):  # all files compiled, then all but one loaded
        run = subprocess.run(command, capture_output=True, text=True, check=False)
        assert run.returncode == 0, run.stderr
        assert "Traceback" not in run.stderr
        path = project / "decks/demo/part-0.yaml"
        path.write_text(path.read_text().replace("Indeed", f"Indeed {times}", 1))


def test_each_option_is_another_build(project, cache):
    deckgen(project, "build")
    elsewhere = deckgen(project, "build", "-o", "elsewhere")

    assert elsewhere.exit_code == 0
    assert {path.name for path in (project / "elsewhere").iterdir()} == {p.name for p in (project / "build").iterdir()}


def test_byte_code_that_python_writes_is_no_other_compiler(tmp_path):
    shutil.copytree(Path(deckgen_package.__file__).parent, tmp_path / "deckgen", ignore=shutil.ignore_patterns("__*__"))
    shutil.copy(deckgen_package.__file__, tmp_path / "deckgen")
    path = os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])
    environment = {**os.environ, "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": ""}
    ask = "from deckgen import cache; print(cache.__file__, cache.compiler_version())"
    first, second = (
        subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, check=True).stdout
        for code in (f"{ask}; import deckgen.build.compiler", ask)
    )

    assert (tmp_path / "deckgen/__pycache__").is_dir()
    assert str(tmp_path).encode() in first
    assert first == second
