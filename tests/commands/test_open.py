"""``deckgen open``: what it hands to whom. The real Anki is in test_running_anki.py."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

import sample
from author import Author
from deckgen.cli import main


@pytest.fixture
def author(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Author:
    """A project of two decks, on a machine without Anki and without a desktop."""
    for name in ("XDG_DATA_DIRS", "XDG_DATA_HOME", "HOME"):
        monkeypatch.setenv(name, str(tmp_path / "none"))
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    author = Author(tmp_path)
    other = "domain: basics\nsource: [book]\nfaq: [{id: other, question: Which?, answer: The other}]\n"
    sample.write(tmp_path, {"other/deck.yaml": "title: Other\n", "other/cards.yaml": other}, base=False)
    return author


def installs(author: Author, name: str, script: str) -> None:
    program = author.folder / "bin" / name
    program.parent.mkdir(exist_ok=True)
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)


def opens(author: Author, *arguments: str) -> tuple[int, str]:
    here = Path.cwd()
    result = CliRunner().invoke(main, ["-C", str(author.folder), "open", *arguments])
    os.chdir(here)
    return result.exit_code, result.output


@pytest.mark.skipif(os.name != "posix", reason="the system's handler is replaced by a script")
@pytest.mark.parametrize("decks", [("demo",), ()])
def test_the_system_opens_the_package_that_was_built(author, decks):
    pipe = author.folder / "opened"
    os.mkfifo(pipe)
    installs(author, "anki", "exit 1")
    installs(author, "xdg-open", f'echo "$1" > {pipe}')

    with os.fdopen(os.open(pipe, os.O_RDWR)) as lines:
        code, output = opens(author, *decks)
        names = [Path(lines.readline().strip()).name for _ in decks or ("demo", "other") if code == 0]

    assert code == 0, output
    assert sorted(names) == [f"{name}.apkg" for name in decks or ("demo", "other")]
    assert sorted(path.name for path in (author.folder / "build").glob("*.apkg")) == sorted(names)


def test_a_machine_without_anki_gets_a_clear_message_and_the_package(author):
    code, output = opens(author, "demo")

    assert code == 1
    assert (
        "Anki was not found on this machine: get it from https://apps.ankiweb.net, then open build/demo.apkg" in output
    )
    assert (author.folder / "build/demo.apkg").exists()


def test_a_system_that_opens_no_packages(author):
    installs(author, "anki", "exit 1")

    code, output = opens(author, "demo")

    assert code == 1
    assert "in Anki, choose File › Import and build/demo.apkg" in output


def test_a_project_without_a_deck(author):
    for deck in ("demo", "other"):
        shutil.rmtree(author.folder / "decks" / deck)
    code, output = opens(author)

    assert code == 1
    assert "this project has no deck yet" in output

    (author.folder / "decks/demo").mkdir()
    author.cards.write_text("faq: []\n")
    assert "decks/demo/deck.yaml:1:1: error: expected this file" in opens(author)[1]


def test_an_unknown_deck_and_sources_with_errors(author):
    assert opens(author, "dmo") == (2, opens(author, "dmo")[1])
    assert "there is no deck 'dmo'; did you mean 'demo'?" in opens(author, "dmo")[1]
    author.edits("answer: It is the second", "anwser: It is the second")
    code, output = opens(author, "demo")
    assert code == 1
    assert "nothing was built" in output
