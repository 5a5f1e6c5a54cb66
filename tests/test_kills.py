"""A build that is killed at any instant loses nothing: the next one succeeds and equals an undisturbed one.

``DECKGEN_KILLS`` says how many times; ``make test-kills`` does it two hundred times.
So does one whose worker is killed, as happens when memory runs out. Interrupted ones are in ``test_faults.py``.
"""

from __future__ import annotations

import hashlib
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

import sample
from deckgen.compiler import workers
from deckgen.project import lock

KILLS = int(os.environ.get("DECKGEN_KILLS", "2"))
DECKS = Path(__file__).parent / "golden/all-kinds/decks"
COMMAND = [sys.executable, "-m", "deckgen", "build", "-q"]
AT = {"SOURCE_DATE_EPOCH": "1790000000"}


def write(folder: Path, edition: int) -> None:
    """A project in its first edition, with a lock, or in its second, which changes and adds notes."""
    text = (DECKS / "demo/cards.yaml").read_text()
    if edition == 2:
        text = text.replace("Cleaning the hands.", "Cleaning both hands.").replace(
            "faq:\n", "faq:\n  - {id: added, question: Is it new?, answer: It is new}\n"
        )
    (folder / "decks/demo/cards.yaml").write_text(text)


def restore(kept: Path, folder: Path) -> None:
    """Make a folder what it was when it was kept."""
    shutil.rmtree(folder)
    shutil.copytree(kept, folder)


def contents(folder: Path) -> dict[str, str]:
    """Everything that a build leaves, hidden files included."""
    paths = [*folder.glob("build/*"), folder / "decks/deckgen.lock"]
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in paths if path.exists()}


def test_a_killed_build_is_made_good_by_the_next(tmp_path):
    chance = random.Random(1)
    cache = tmp_path / "cache"
    environment = {**os.environ, **AT, "DECKGEN_CACHE": str(cache)}
    for name in ("killed", "calm"):
        shutil.copytree(DECKS, tmp_path / name / "decks")
        subprocess.run(COMMAND, cwd=tmp_path / name, env=environment, check=True)
    kept = shutil.copytree(tmp_path / "killed", tmp_path / "kept/killed")
    kept_cache = shutil.copytree(cache, tmp_path / "kept/cache")
    old = contents(tmp_path / "calm")
    write(tmp_path / "calm", 2)
    started = time.monotonic()
    subprocess.run(COMMAND, cwd=tmp_path / "calm", env=environment, check=True)
    whole = time.monotonic() - started
    new = contents(tmp_path / "calm")

    states = set()
    for _ in range(KILLS):
        restore(kept, tmp_path / "killed")
        restore(kept_cache, cache)
        write(tmp_path / "killed", 2)
        build = subprocess.Popen(COMMAND, cwd=tmp_path / "killed", env=environment)
        try:
            build.wait(chance.uniform(0.4, 1.1) * whole)
        except subprocess.TimeoutExpired:
            build.kill()
            build.wait()
        left = {name: digest for name, digest in contents(tmp_path / "killed").items() if not name.startswith(".")}
        for name, digest in left.items():
            assert digest in (old.get(name), new.get(name)), f"{name} is half-written"
        states.add(tuple(sorted(left.items())))
        lock.parse((tmp_path / "killed/decks/deckgen.lock").read_text())
        subprocess.run(COMMAND, cwd=tmp_path / "killed", env=environment, check=True)

        assert contents(tmp_path / "killed") == new


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="only Linux lists the children of a process")
def test_a_build_whose_worker_is_killed_compiles_the_rest_itself(tmp_path):
    for part in range(4):
        entries = [
            f"  - {{id: n{part}-{number}, question: What comes after {number} in {part}?, answer: {number + 1}, "
            f"full: It is the one that follows it and has no number less than {number} after it}}\n"
            for number in range(400)
        ]
        sample.write(tmp_path, {f"demo/part-{part}.yaml": "domain: basics\nfaq:\n" + "".join(entries)})
    sizes = [path.stat().st_size for path in tmp_path.glob("decks/demo/part-*")]
    assert sum(sizes) > workers.WORTH_WORKERS["fork"]
    chance = random.Random(3)
    for _ in range(max(1, KILLS // 10)):
        shutil.rmtree(tmp_path / "build", ignore_errors=True)
        with subprocess.Popen(COMMAND, cwd=tmp_path, env={**os.environ, "DECKGEN_CACHE": "off"}) as build:
            children = Path(f"/proc/{build.pid}/task/{build.pid}/children")
            found: list[str] = []
            while build.poll() is None and not found:
                with suppress(OSError):
                    found = children.read_text().split()
            with suppress(subprocess.TimeoutExpired):
                build.wait(chance.random() * 0.5)
            with suppress(OSError):
                os.kill(int(found[0]), signal.SIGKILL)
            try:
                assert build.wait(60) == 0
            finally:
                build.kill()

        assert [path.name for path in (tmp_path / "build").iterdir()] == ["demo.apkg"]
