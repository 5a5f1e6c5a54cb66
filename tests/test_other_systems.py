"""deckgen where modules and functions of POSIX are missing, as on Windows: every module loads, and a project builds.

That is as far as Linux can tell. Paths and locks of Windows itself are not tried here.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import sample

GOLDEN = Path(__file__).parent / "golden/all-kinds/decks"
WITHOUT_POSIX = """
import importlib, os, pkgutil, signal, sys

for name in ("fcntl", "grp", "pty", "pwd", "resource", "syslog", "termios", "tty"):
    sys.modules[name] = None
for name in ("fchmod", "fork", "forkpty", "getuid", "getpgid", "killpg", "mkfifo", "O_NONBLOCK", "sched_getaffinity"):
    if hasattr(os, name):
        delattr(os, name)
os.supports_dir_fd = set()
os.process_cpu_count = os.cpu_count
for name in ("SIGALRM", "SIGHUP", "SIGKILL", "SIGUSR1"):
    delattr(signal, name)

import deckgen

for module in pkgutil.walk_packages(deckgen.__path__, "deckgen."):
    if module.name != "deckgen.__main__":
        importlib.import_module(module.name)

from deckgen.cli import main

main(sys.argv[1:])
"""


def run(*arguments: str) -> str:
    command = [sys.executable, "-c", WITHOUT_POSIX, *arguments]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout + result.stderr


@pytest.mark.slow
def test_every_module_loads_and_a_project_builds_without_posix(tmp_path):
    shutil.copytree(GOLDEN, tmp_path / "decks")

    assert "0 errors" in run("build")
    first = (tmp_path / "build/demo.apkg").read_bytes()
    assert "0 errors" in run("build")
    assert (tmp_path / "build/demo.apkg").read_bytes() == first
    run("init", "new", "--title", "Spanish", "--author", "A. Author", "--language", "en", "--domain", "Verbs")
    assert "0 warnings" in run("-C", "new", "build")


def test_a_drawing_with_the_line_ends_of_windows_is_the_same_picture(tmp_path):
    """Git for Windows changes the line endings of texts, and a drawing is one."""
    made = []
    for name, newline in (("unix", "\n"), ("windows", "\r\n")):
        drawing = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">\n<rect width="5" height="5"/>\n</svg>\n'
        cards = "faq: [{id: a, domain: basics, question: '![a box](media/box.svg) What is it?', answer: A box}]\n"
        files = {"demo/cards.yaml": cards, "demo/media/box.svg": drawing.replace("\n", newline).encode()}
        made.append(sample.compiled(sample.write(tmp_path / name, files))[0][0].notes[0].text)

    assert made[0] == made[1]


def test_files_with_the_line_ends_of_windows_make_the_same_deck(tmp_path):
    made = []
    for name, newline in (("unix", b"\n"), ("windows", b"\r\n")):
        shutil.copytree(GOLDEN, tmp_path / name / "decks")
        for path in (tmp_path / name / "decks").rglob("*"):
            if path.suffix in (".yaml", ".html", ".css"):
                path.write_bytes(path.read_bytes().replace(b"\n", newline))
        command = [sys.executable, "-m", "deckgen", "-C", name, "build"]
        subprocess.run(command, check=True, capture_output=True, env={**os.environ, "SOURCE_DATE_EPOCH": "1790000000"})
        made.append((tmp_path / name / "build/demo.apkg").read_bytes())

    assert made[0] == made[1]
