"""An author: a project on disk, edits to it, and releases of it."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from pathlib import Path

from click.testing import CliRunner

import sample
from deckgen.cards.note import guid
from deckgen.cli import main

MONTH = 30 * 24 * 3600

BEFORE, JUST_NOW, AFTER, LATER = -MONTH, -60, 100, 200
"""When releases are made, in seconds from the moment of the test, in which the learner lives. A release with new notes
cannot be made in the future: 2.1.54 refuses it."""

CARDS = """\
domain: basics
source: [book]

faq:
  - {id: first, question: Is it the first?, answer: It is the first}
  - {id: second, question: Is it the second?, answer: It is the second}
  - {id: third, question: Is it the third?, answer: It is the third, why: Because it comes after two}
  - id: flags
    question: Name the four colours.
    items:
      - red: Red
      - green: Green
      - blue: Blue
      - pink: Pink

procedures:
  - id: tea
    name: Making tea
    definition: Pouring hot water on leaves
    steps:
      - boil: Boil the water.
      - warm: Warm the pot.
      - leaves: Put in the leaves.
      - pour: Pour on the water.
      - wait: Wait.

resources:
  - {id: who, name: World Health Organization, acronym: WHO, role: The agency for health}
"""


DOT = """\
faq: [{id: dot, domain: others, question: "![a dot](media/dot.png) What sign is < /script > it?", answer: A dot}]
"""


def write_pictured(folder: Path) -> Path:
    """Write a project with a picture; returns its folder ``decks``."""
    files = {"demo/cards.yaml": CARDS, "demo/dot.yaml": DOT}
    return sample.write(folder, {**files, "demo/media/dot.png": sample.png()})


def of(id: str) -> str:
    """The guid of a note of the sample project."""
    return guid(sample.NAMESPACE, id)


class Author:
    """Releases are dated from a month ago on, so that what the learner does now lies between them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.cards = sample.write(folder, {"demo/cards.yaml": CARDS}) / "demo/cards.yaml"
        self._releases = 0

    def edits(self, old: str, new: str, path: str = "decks/demo/cards.yaml") -> None:
        file = self.folder / path
        text = file.read_text()

        assert text.count(old) == 1, f"{old!r} is {text.count(old)} times in {path}"
        file.write_text(text.replace(old, new))

    def adds_picture(self, answer: str) -> None:
        """Show a picture after an answer."""
        media = self.folder / "decks/demo/media"
        media.mkdir()
        (media / "dot.png").write_bytes(sample.png())
        self.edits(f"answer: {answer}", f"answer: '{answer} ![Dot](media/dot.png)'")

    def writes(self, path: str, text: str) -> None:
        (self.folder / path).write_text(text)

    def tags(self, name: str) -> None:
        """Record the sources and the lock in git."""
        for command in (
            "init -q",
            "add decks",
            "-c user.name=A -c user.email=a@example.org commit -qm x",
            f"tag {name}",
        ):
            subprocess.run(["git", *command.split(" ")], check=True, cwd=self.folder)

    def commits(self, message: str) -> None:
        """Record what changed in the sources and the lock."""
        command = ["git", "-c", "user.name=A", "-c", "user.email=a@example.org", "commit", "-qam", message]
        subprocess.run(command, check=True, cwd=self.folder)

    def releases(self, at: float, name: str = "demo.apkg", *options: str) -> Path:
        """Build at a time, in seconds from now, and keep a copy of what came out."""
        here = Path.cwd()
        environment = {"SOURCE_DATE_EPOCH": str(int(time.time() + at))}
        result = CliRunner().invoke(main, ["-C", str(self.folder), "build", *options], env=environment)
        os.chdir(here)

        assert result.exit_code == 0, result.output
        self._releases += 1
        kept = self.folder / f"releases/{self._releases}"
        shutil.copytree(self.folder / "build", kept)
        return kept / name


def build_decks(folder: Path, decks: Path = Path(__file__).parent.parent / "decks") -> Path:
    """Build a copy of this repository's decks, or others, and return where the packages are.

    In a copy, since whoever changes a card need not have recorded it in the lock to run the tests.
    """
    shutil.copytree(decks, folder / "decks")
    here = Path.cwd()
    result = CliRunner().invoke(main, ["-C", str(folder), "build"])
    os.chdir(here)

    assert result.exit_code == 0, result.output
    return folder / "build"
