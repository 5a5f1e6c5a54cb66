"""The real desktop program under a virtual screen, with the real AnkiConnect: what it is asked, and what it keeps.

Needs Linux with xvfb-run, and two things that the environment names: ``DECKGEN_ANKI_PYTHON``, the Python of a virtual
environment with ``aqt``, PyQt6 and PyQt6-WebEngine, and ``DECKGEN_ANKICONNECT_PLUGIN``, the folder ``plugin`` of
https://git.sr.ht/~foosoft/anki-connect. ``make test-slow`` runs it then.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from author import BEFORE, Author, of
from deckgen.cli import main
from deckgen.packages import anki_connect

PYTHON = os.environ.get("DECKGEN_ANKI_PYTHON", "")
PLUGIN = os.environ.get("DECKGEN_ANKICONNECT_PLUGIN", "")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not shutil.which("xvfb-run"), reason="needs xvfb-run, a virtual screen"),
    pytest.mark.skipif(not PYTHON, reason="needs DECKGEN_ANKI_PYTHON, a Python with aqt and PyQt6"),
    pytest.mark.skipif(not PLUGIN, reason="needs DECKGEN_ANKICONNECT_PLUGIN, the add-on"),
]

ADDON = """\
import json, os
from aqt import mw
from aqt.qt import QApplication, QTimer

def tell():
    titles = [widget.windowTitle() for widget in QApplication.topLevelWidgets() if widget.isVisible()]
    path = os.environ["DECKGEN_WINDOWS"]
    with open(path + ".new", "w") as file:
        json.dump(titles, file)
    os.replace(path + ".new", path)

timer = QTimer(mw)
timer.timeout.connect(tell)
timer.start(100)
"""
"""An add-on that tells which windows are open."""

PREPARE = """\
import pickle, random, sqlite3, sys, time
from aqt.profiles import metaConf, profileConf

meta = dict(metaConf, firstRun=False, defaultLang="en_US", id=random.randrange(2**63), created=int(time.time()),
            updates=False, suppressUpdate=True, last_run_version=None)
with sqlite3.connect(sys.argv[1]) as db:
    db.execute("create table profiles (name text primary key collate nocase, data blob not null)")
    db.execute("insert into profiles values ('_global', ?)", (pickle.dumps(meta),))
    db.execute("insert into profiles values ('User 1', ?)", (pickle.dumps(dict(profileConf, autoSync=False)),))
"""
"""Makes a profile that has been opened before, so that no dialog of a first run appears."""


class Desktop:
    """Anki with a window: its process, its folder, and the windows that it shows."""

    def __init__(self, process: subprocess.Popen[bytes], folder: Path) -> None:
        self.process = process
        self.folder = folder

    def waits_until(self, holds: Any) -> None:
        end = time.monotonic() + 90
        while not holds():
            assert time.monotonic() < end, f"windows: {self.windows()}"
            try:
                self.process.wait(0.2)
            except subprocess.TimeoutExpired:
                continue
            raise AssertionError("Anki has ended")

    def windows(self) -> list[str]:
        path = self.folder / "windows.json"
        return json.loads(path.read_text()) if path.exists() else []


@contextmanager
def collection(folder: Path) -> Iterator[Any]:
    """The collection of the profile, while Anki does not run."""
    from anki.collection import Collection

    here = os.getcwd()
    (folder / "User 1").mkdir(exist_ok=True)
    col = Collection(str(folder / "User 1/collection.anki2"))
    os.chdir(here)
    yield col
    col.close()


def presets(folder: Path) -> tuple[str, list[tuple[Any, ...]]]:
    """What the import dialog suggests, and every setting of the collection that an import could change."""
    with collection(folder) as col:
        suggested = str(col._backend.get_import_anki_package_presets())
        settings = col.db.all("select key, val from config where key like '%mport%' order by key")
    return suggested, settings


@contextmanager
def running_anki(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desktop]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    monkeypatch.setenv("DECKGEN_ANKICONNECT", f"http://127.0.0.1:{port}")
    addon = folder / "addons21/2055492159"
    shutil.copytree(PLUGIN, addon)
    (addon / "meta.json").write_text(json.dumps({"name": "AnkiConnect", "config": {"webBindPort": port}}))
    (folder / "addons21/windows").mkdir()
    (folder / "addons21/windows/__init__.py").write_text(ADDON)
    subprocess.run([PYTHON, "-c", PREPARE, str(folder / "prefs21.db")], check=True)
    environment = {
        **os.environ,
        "QTWEBENGINE_DISABLE_SANDBOX": "1",
        "QTWEBENGINE_CHROMIUM_FLAGS": "--no-sandbox --disable-gpu --disable-background-networking",
        "QT_QPA_PLATFORM": "xcb",
        "LANG": "C.UTF-8",
        "DECKGEN_WINDOWS": str(folder / "windows.json"),
    }
    start = "import sys, aqt; sys.argv = ['anki', '-b', sys.argv[1], '-p', 'User 1', '-l', 'en_US']; aqt.run()"
    command = ["xvfb-run", "-a", PYTHON, "-c", start, str(folder)]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log, start_new_session=True)
    try:
        desktop = Desktop(process, folder)
        desktop.waits_until(anki_connect.answers)
        yield desktop
    finally:
        os.killpg(process.pid, signal.SIGKILL)  # the screen and Anki with it
        process.wait()
        _ended(process.pid)


def _ended(group: int) -> None:
    """Wait until no process of a group is left."""
    end = time.monotonic() + 30
    with suppress(ProcessLookupError):
        while time.monotonic() < end:
            os.killpg(group, 0)


def runs(author: Author, *arguments: str) -> Any:
    here = Path.cwd()
    result = CliRunner().invoke(main, ["-C", str(author.folder), *arguments])
    os.chdir(here)
    return result


def test_the_running_anki_is_read_and_its_own_dialog_opened(tmp_path, monkeypatch):
    author, folder = Author(tmp_path / "project"), tmp_path / "anki"
    folder.mkdir()
    package = author.releases(BEFORE)
    author.tags("v1")  # without git, the times of changes are needed, which older versions of the add-on do not give
    with collection(folder) as col:
        from anki.collection import ImportAnkiPackageRequest

        col.import_anki_package(ImportAnkiPackageRequest(package_path=str(package)))
        note = col.get_note(col.db.scalar("select id from notes where guid = ?", of("faq/first")))
        note["Answer"] = "It is the <b>very</b> first"
        note["My notes"] = "A secret"
        col.update_note(note)
        before = col.db.all("select id, mod, flds, tags from notes order by id")
    suggested = presets(folder)

    with running_anki(folder, monkeypatch) as anki:
        pulled = runs(author, "pull", "anki", "--write")
        windows = len(anki.windows())
        author.edits("It is the second", "It is the next")
        opened = runs(author, "open", "demo")
        anki.waits_until(lambda: len(anki.windows()) > windows)
        shown = anki.windows()

    assert pulled.exit_code == 0, pulled.output
    assert "answer: It is the **very** first}" in author.cards.read_text()
    assert "secret" not in pulled.output
    assert opened.exit_code == 0, opened.output
    assert any("Import" in title for title in shown), shown
    assert presets(folder) == suggested
    with collection(folder) as col:
        assert col.db.all("select id, mod, flds, tags from notes order by id") == before
