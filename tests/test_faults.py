"""Faults of the machine and of the moment: each is said in one line, nothing is lost, and the next run is fine.

Killed builds are in ``test_kills.py``, two builds at once in ``test_cli.py``, clocks in ``test_publication.py``.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner

import sample
from deckgen.cli import main

Process = subprocess.CompletedProcess[str]
COMMAND = [sys.executable, "-m", "deckgen"]
CARDS = "domain: basics\nfaq:\n  - {id: one, question: Is it?, answer: It is}\n"
CHANGED = CARDS + "".join(f"  - {{id: n{number}, question: Is it {number}?, answer: It is}}\n" for number in range(500))
ORDINARY = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] if os.geteuid() == 0 else []
"""What makes root ask for permissions as everybody must."""
HOMES = ("HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "DECKGEN_CACHE")
CHANGE = "change to another folder, for example with 'cd'"
PERMISSION = "ask the owner of the folder for permission, or work on a copy that is yours"


def run(*arguments: str) -> Process:
    """The command, run here."""
    here = Path.cwd()
    result = CliRunner().invoke(main, arguments)
    os.chdir(here)
    return Process(arguments, result.exit_code, result.stdout, result.stderr)


def run_apart(*arguments: str, before: Callable[[], object] | None = None, via: Sequence[str] = ()) -> Process:
    """The command in a process of its own, which ``before`` is called in, through another command."""
    command = [*via, *COMMAND, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, preexec_fn=before, timeout=60)


def contents(*folders: Path) -> dict[Path, bytes]:
    """Every file of some folders, hidden ones included."""
    return {path: path.read_bytes() for folder in folders for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def published(tmp_path: Path) -> Path:
    """A project that was built once, and has changed since."""
    root = sample.write(tmp_path, {"demo/cards.yaml": CARDS})
    assert run("build", "-q").returncode == 0
    (root / "demo/cards.yaml").write_text(CHANGED)
    return root


def fails_and_loses_nothing(
    root: Path, message: str, *arguments: str, before: Callable[[], object] | None = None
) -> None:
    """A build under a fault says one line and leaves everything as it was; without the fault the next one is fine."""
    was = contents(root, Path("build"))
    result = run_apart("build", *arguments, before=before) if before else run("build", *arguments)

    assert result.returncode == 1
    assert message in result.stderr
    assert "bug in deckgen" not in result.stderr
    assert len(result.stderr.splitlines()) == 1, result.stderr
    assert contents(root, Path("build")) == was


def next_build_is_fine(root: Path) -> None:
    result = run("build")

    assert result.returncode == 0, result.stderr
    assert "500 new, 0 changed, 0 retired, 1 unchanged" in result.stdout
    assert sorted(path.name for path in Path("build").iterdir()) == ["demo.apkg"]
    assert not list(root.glob("**/.*"))


# --- disk -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kilobytes", [8, 40])  # the lock, the package
def test_a_file_may_not_grow(published, kilobytes):
    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (kilobytes * 1024, kilobytes * 1024))

    fails_and_loses_nothing(published, "error: ", before=limit)
    next_build_is_fine(published)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of two megabytes."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=2m", "none", str(disk)]
    if shutil.which("mount") is None or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("a disk can only be mounted by root")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


@pytest.mark.parametrize("free", [0, 20])  # kilobytes: nothing, a part of the package
def test_a_full_disk(published, small_disk, free):
    shutil.copytree("build", small_disk / "build")
    space = os.statvfs(small_disk)
    (small_disk / "filler").write_bytes(bytes(space.f_bavail * space.f_bsize - free * 1024))
    was = contents(small_disk)

    message = "error: 'disk/build/demo.apkg': No space left on device; delete what you do not need on this disk"
    fails_and_loses_nothing(published, message, "-o", "disk/build")
    assert contents(small_disk) == was
    (small_disk / "filler").unlink()
    assert run("build", "-o", "disk/build").returncode == 0


def test_a_build_with_an_error_leaves_no_folder_behind(tmp_path):
    same = CARDS + "  - {id: other, question: Is it?, answer: It is not}\n"
    rules = sample.PROJECT + sample.without("source-missing")
    sample.write(tmp_path, {"deckgen.yaml": rules, "demo/cards.yaml": same})
    result = run("build", "-o", "new/build")

    assert result.returncode == 1
    assert "[conflict]" in result.stderr
    assert not Path("new").exists()


@pytest.mark.parametrize("option", ["-q", "--locked"])
def test_problems_in_the_sources_are_reported_before_a_file_that_cannot_be_written(published, option):
    (published / "deckgen.yaml").write_text(sample.PROJECT + sample.without("source-missing"))
    (published / "demo/cards.yaml").write_text(CARDS + "  - {id: other, question: Is it?, answer: It is not}\n")
    Path("build/demo.apkg").unlink()
    Path("build/demo.apkg").mkdir()
    result = run("build", option)

    assert result.returncode == 1
    assert "[conflict]" in result.stderr
    assert ("[lock-outdated]" in result.stderr) == (option == "--locked")
    assert "Is a directory" not in result.stderr


def test_a_lock_that_is_out_of_date_is_reported_and_nothing_is_written(published):
    Path("build/demo.apkg").unlink()
    Path("build/demo.apkg").mkdir()
    times = {path: path.stat().st_mtime_ns for path in (published, Path("build"))}
    result = run("build", "--locked")

    assert result.returncode == 1
    assert "[lock-outdated]" in result.stderr
    assert {path: path.stat().st_mtime_ns for path in times} == times


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("init new --title T --author A --language en --domain B", "'new/.github/workflows/cards.yml': File too large"),
        (
            "preview --static new/site",
            "cannot write a temporary database (disk I/O error); delete what you do not need",
        ),
        ("adopt build/demo.apkg new/adopted", "File too large"),
    ],
)
def test_files_that_cannot_be_written_as_a_whole_are_not_there_at_all(published, arguments, message):
    """Otherwise the next 'init' would keep half a file as if the user had written it."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))

    run("build", "-q")
    result = run_apart(*arguments.split(), before=limit)

    assert result.returncode == 1
    assert message in result.stderr
    assert result.stderr.count("\n") == 1
    assert "not an Anki package" not in result.stderr
    assert not [found for found in Path("new").rglob("*") if found.is_file()]


# --- permissions ------------------------------------------------------------------------------------------------------


@pytest.mark.skipif(ORDINARY != [] and shutil.which("setpriv") is None, reason="root may do everything")
@pytest.mark.parametrize(
    ("closed", "message"),
    [
        ("build", f"error: 'build/demo.apkg': Permission denied; {PERMISSION}"),
        ("decks", f"error: 'decks/deckgen.lock': Permission denied; {PERMISSION}"),
        ("decks/demo/cards.yaml", "decks/demo/cards.yaml:1:1: error: cannot read the file: Permission denied"),
        ("decks/demo", "decks/demo:1:1: error: cannot read the folder: Permission denied"),
    ],
)
def test_a_file_or_folder_that_one_may_not_use(published, closed, message):
    mode = Path(closed).stat().st_mode
    Path(closed).chmod(0o500 if closed in ("build", "decks") else 0)
    was = contents(published, Path("build"))
    result = run_apart("build", via=ORDINARY)
    Path(closed).chmod(mode)

    assert result.returncode == 1
    assert message in result.stderr
    assert "bug in deckgen" not in result.stderr
    assert "Traceback" not in result.stderr
    assert contents(published, Path("build")) == was
    next_build_is_fine(published)


def test_a_file_keeps_its_permissions(published):
    """In a folder that several people share, each must still be able to write what another one built."""
    files = (published / "demo/more.yaml", published / "deckgen.lock", Path("build/demo.apkg"))
    files[0].write_text("domain: basics\nfaq:\n  - {question: What is more?, answer: It is}\n")
    for path in files:
        path.chmod(0o660)
    assert run("ids").returncode == run("build").returncode == 0

    assert "id: " in files[0].read_text()
    assert [path.stat().st_mode & 0o777 for path in files] == [0o660] * 3


@pytest.mark.slow
@pytest.mark.skipif(os.geteuid() != 0 or shutil.which("setpriv") is None, reason="only root can be somebody else")
def test_a_user_without_a_home(published):
    """As in a container, where processes often run under a number that has no name."""
    for path in (published.parent, *published.parent.rglob("*")):
        path.chmod(0o777)
    nobody = [
        "setpriv",
        "--reuid=54321",
        *("--inh-caps=+dac_override", "--ambient-caps=+dac_override"),
        "env",
        *(f"-u{name}" for name in HOMES),
    ]

    assert run_apart("build", via=nobody).returncode == 0
    assert run_apart("open", via=nobody).stderr.startswith("error: Anki was not found")
    assert run_apart("consent", via=nobody).stderr == ""


def test_a_working_folder_that_was_deleted(published):
    Path("deleted").mkdir()
    for command in ("", "build", "init x --title T --author A --language en --domain B"):
        script = ["sh", "-c", 'cd deleted && rmdir ../deleted && exec "$@"', "sh"]
        result = run_apart(*command.split(), via=script)
        Path("deleted").mkdir()

        assert result.returncode == 1
        assert result.stderr == f"error: the current folder no longer exists: {CHANGE}, and try again\n"


def test_a_folder_that_cannot_be_locked(published, monkeypatch):
    """As some network drives and folders that are shared with a virtual machine."""
    fcntl = pytest.importorskip("fcntl")

    def flock(*_: object) -> None:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr(fcntl, "flock", flock)
    next_build_is_fine(published)


# --- names ------------------------------------------------------------------------------------------------------------


def test_a_folder_in_the_place_of_a_package(published):
    Path("build/demo.apkg").unlink()
    Path("build/demo.apkg").mkdir()

    fails_and_loses_nothing(published, "error: 'build/demo.apkg': Is a directory")
    Path("build/demo.apkg").rmdir()
    next_build_is_fine(published)


def test_a_name_as_long_as_a_file_may_have(tmp_path):
    """The folder's name with '.apkg' has 255 bytes; the temporary names beside it are no longer."""
    name = "n" * (255 - len(".apkg"))
    files = {"deckgen.yaml": sample.BASE["deckgen.yaml"], "sources.yaml": sample.BASE["sources.yaml"]}
    files |= {f"{name}/deck.yaml": "title: Long", f"{name}/{name}.yaml": CARDS}
    sample.write(tmp_path, files, base=False)
    result = run("build")

    assert result.returncode == 0, result.stderr
    assert sorted(path.name for path in Path("build").iterdir()) == [f"{name}.apkg"]


def test_a_name_longer_than_a_file_may_have(published):
    name = "n" * 252
    sample.write(Path(), {f"{name}/deck.yaml": "title: Long", f"{name}/cards.yaml": CARDS.replace("one", "two")})

    fails_and_loses_nothing(published, f"error: 'build/{name}.apkg': File name too long")
    shutil.rmtree(published / name)
    next_build_is_fine(published)


def test_a_path_longer_than_databases_take(published):
    """SQLite opens no file whose path has more than some 500 characters; a package needs no such file."""
    folder = Path(*["n" * 200] * 4)

    assert run("build", "-o", str(folder)).returncode == 0
    assert run("build").returncode == 0
    assert (folder / "demo.apkg").read_bytes() == Path("build/demo.apkg").read_bytes()


CLASHES = [
    (
        ["Demo/deck.yaml", "Demo/cards.yaml"],
        "decks/demo/deck.yaml:1:1: error: the name 'demo' is already used by 'Demo'",
    ),
    (["demo/Cards.yaml"], "decks/demo/cards.yaml:1:1: error: the name 'cards.yaml' is already used by 'Cards.yaml'"),
    (["demo/Deck.yaml"], "decks/demo/Deck.yaml:1:1: error: the name 'Deck.yaml' is already used by 'deck.yaml'"),
    (["demo-retired/deck.yaml", "demo-retired/cards.yaml"], "the name 'demo-retired' is already used ["),
    (["demo/media/A.png", "demo/media/a.png"], "decks/demo/media/a.png:1:1: error: the name '"),
    (["demo/media/\u00e9.png", "demo/media/e\u0301.png"], "decks/demo/media/\u00e9.png:1:1: error: the name '"),
]


@pytest.mark.parametrize(("names", "message"), CLASHES, ids=[names[0] for names, _ in CLASHES])
def test_names_that_are_one_where_case_does_not_count(published, names, message):
    was = contents(Path("build"))
    for number, name in enumerate(names):
        content = "title: Other" if name.endswith("/deck.yaml") else CHANGED.replace("id: ", f"id: x{number}-")
        sample.write(Path(), {name: sample.png() if name.endswith("png") else content}, base=False)
    result = run("build")

    assert result.returncode == 1
    assert message in result.stderr
    assert "[name-clash]" in result.stderr
    assert contents(Path("build")) == was


UNSHOWN = "error: expected a name of visible characters in UTF-8, found"
NAMES = [
    (b"d\xff/deck.yaml", f"decks/d\ufffd:1:1: {UNSHOWN} 'd\ufffd'"),
    (b"demo/c\xff.yaml", f"decks/demo/c\ufffd.yaml:1:1: {UNSHOWN} 'c\ufffd.yaml'"),
    (b"demo/media/c\xff.png", f"decks/demo/media/c\ufffd.png:1:1: {UNSHOWN} 'c\ufffd.png'"),
    (b"demo/c\n::stop-commands::t.yaml", f"decks/demo/c\ufffd::stop-commands::t.yaml:1:1: {UNSHOWN} 'c\ufffd::stop"),
    (b"demo/media/c\x1b[2J.png", f"decks/demo/media/c\ufffd[2J.png:1:1: {UNSHOWN} 'c\ufffd[2J.png'"),
    (b"d\xe2\x80\xae/deck.yaml", f"decks/d\ufffd:1:1: {UNSHOWN} 'd\ufffd'"),  # which reverses what follows
    (b"a: b/deck.yaml", "decks/a: b:1:1: warning: the name 'a: b' cannot be used on Windows because of ':'"),
    (
        b"demo/aux.yaml",
        "decks/demo/aux.yaml:1:1: warning: the name 'aux.yaml' cannot be used on Windows because of 'aux'",
    ),
    (
        b"demo/media/what?.png",
        "decks/demo/media/what?.png:1:1: warning: the name 'what?.png' cannot be used on Windows",
    ),
]


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere such a file cannot be made")
@pytest.mark.parametrize(("name", "message"), NAMES, ids=[ascii(name) for name, _ in NAMES])
def test_names_that_not_every_system_has(name, message, tmp_path):
    root = sample.write(tmp_path, {"demo/cards.yaml": CARDS})
    path = Path(os.fsdecode(os.fsencode(root) + b"/" + name))
    path.parent.mkdir(exist_ok=True)
    path.write_text("title: Other" if name.endswith(b"deck.yaml") else CARDS.replace("id: ", "id: x-"))
    (path.parent / "more.yaml").write_text(CARDS.replace("id: ", "id: y-"))
    result = run("build")

    assert result.returncode == (": error: " in message)
    assert message in result.stderr
    assert "[file-name]" in result.stderr
    for shape in ("json", "github", "sarif"):
        assert run("check", "--format", shape).returncode == result.returncode


def test_names_that_every_system_has(published):
    """Some begin or end in what Windows keeps for its devices."""
    for number, name in enumerate(["falcon", "con-fusion", "beacon.old", "nullify", "com10", "a-nul"]):
        (published / f"demo/{name}.yaml").write_text(CHANGED.replace("id: ", f"id: x{number}-"))

    assert "[file-name]" not in run("check").stdout


# --- files that change while they are read ----------------------------------------------------------------------------


def test_a_link_to_a_folder_that_holds_it(published):
    (published / "demo/again").symlink_to(published)
    (published / "demo/media").mkdir()
    (published / "demo/media/again").symlink_to(published / "demo/media")
    (published / "again").symlink_to(published)
    result = run("build")

    assert result.returncode == 1
    for link in ("again", "demo/again", "demo/media/again"):
        assert f"decks/{link}:1:1: error: deckgen does not read this file: it is a link to a folder" in result.stderr
        (published / link).unlink()
    next_build_is_fine(published)


def test_a_deck_that_is_a_loop_of_links(published):
    (published / "loop").symlink_to("loop")
    (published / "demo/media").symlink_to("media")

    next_build_is_fine(published)


def test_files_that_come_and_go(published):
    """Each check under somebody who deletes and writes them either passes, or names the file in one line."""
    script = """
import os, sys
from pathlib import Path
path, other, folder = Path("decks/demo/cards.yaml"), Path("decks/demo/other.yaml"), Path("decks/more")
text = path.read_text()
print(flush=True)
while True:
    other.write_text(text.replace("id: ", "id: other-"))
    other.unlink()
    folder.mkdir()
    folder.joinpath("deck.yaml").write_text("title: More")
    folder.joinpath("deck.yaml").unlink()
    folder.rmdir()
    path.unlink()
    path.write_text(text[:300])
    path.write_text(text)
"""
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        other.stdout.readline()
        results = [run("check", "-q") for _ in range(10)]
        other.kill()
    for result in results:
        assert result.returncode in (0, 1)
        assert "bug in deckgen" not in result.stderr
        assert "Traceback" not in result.stderr
    (published / "demo/cards.yaml").write_text(CHANGED)
    (published / "demo/other.yaml").unlink(missing_ok=True)
    shutil.rmtree(published / "more", ignore_errors=True)
    next_build_is_fine(published)


def test_a_picture_that_changes_between_reading_and_packing(published):
    """Seen in the package itself: its name says what is in it, whenever somebody writes the file."""
    picture = published / "demo/media/dot.png"
    picture.parent.mkdir()
    picture.write_bytes(sample.png())
    (published / "demo/cards.yaml").write_text(CARDS.replace("It is}", "'![x](media/dot.png)'}"))
    script = """
import sys
from pathlib import Path
path = Path("decks/demo/media/dot.png")
one = path.read_bytes()
other = one + b"x"
print(flush=True)
while True:
    for content in (other, b"", one):
        path.write_bytes(content)
"""
    results = []
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        other.stdout.readline()
        for _ in range(20):
            results.append(run("build", "-q"))
            with zipfile.ZipFile("build/demo.apkg") as archive:
                for member, name in json.loads(archive.read("media")).items():
                    assert hashlib.sha256(archive.read(member)).hexdigest()[:12] in name
        other.kill()

    assert {result.returncode for result in results} <= {0, 1}
    assert not any("bug in deckgen" in result.stderr for result in results), results


# --- interrupts -------------------------------------------------------------------------------------------------------

INTERRUPTS = int(os.environ.get("DECKGEN_KILLS", "2"))
CHANCE = random.Random(2)
LISTENING = """
import sys
from deckgen.__main__ import run
sys.argv = ["deckgen", "build", "-q"]
print("listening", flush=True)
run()
"""


IN_CALLBACK = """
import os, signal, weakref
from deckgen import cli

class Thing:
    pass

def command(**_):
    thing = Thing()
    reference = weakref.ref(thing, lambda _: [os.kill(os.getpid(), signal.SIGTERM), None])
    del thing
    try:
        while True:
            pass
    finally:
        print("cleaned up", flush=True)

cli.main = command
from deckgen.__main__ import run
run()
"""


def test_a_command_ends_although_python_swallows_the_exception_of_the_signal():
    ended = subprocess.run([sys.executable, "-c", IN_CALLBACK], capture_output=True, text=True, check=False, timeout=20)

    assert (ended.returncode, ended.stdout, ended.stderr) == (128 + signal.SIGTERM, "cleaned up\n", "")


@pytest.mark.parametrize("sort", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("part", [CHANCE.random() for _ in range(INTERRUPTS)])
def test_an_interrupted_build(published, part, sort, monkeypatch):
    """Whenever it comes, from the first module that is loaded on: it is one line, and no file is half-written, or left
    that should not be there."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(time.time()) + 10))
    was = contents(published, Path("build"))
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen([sys.executable, "-c", LISTENING], **pipes) as build:
        assert build.stdout is not None
        build.stdout.readline()
        try:
            build.wait(part * 0.5)
        except subprocess.TimeoutExpired:
            build.send_signal(sort)
        output = "".join(build.communicate())

    left = contents(published, Path("build"))
    assert run("build", "-q").returncode == 0
    whole = contents(published, Path("build"))
    assert whole.keys() == was.keys()
    for path, content in left.items():
        assert content in (was.get(path), whole.get(path)), f"{path} is half-written"
    assert left.keys() <= whole.keys()
    if sort != signal.SIGINT:
        assert build.returncode in (0, 128 + signal.SIGTERM, -sort)
        assert output == ""
    elif "Exception ignored" not in output:  # Python itself swallows an interrupt within its own callbacks
        assert (build.returncode, output) in (
            (0, ""),
            (130, "interrupted\n"),
            (-signal.SIGINT, "interrupted\n"),  # Python ends so where the interrupt came within an exec
            (-signal.SIGINT, ""),  # it has ended, but for its own modules
        )
