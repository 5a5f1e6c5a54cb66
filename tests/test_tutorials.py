"""The tutorial and the cookbook: their commands run, and their files make decks without a finding."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import sample
from learner import Learner

DOCS = Path(__file__).parents[1] / "docs"
BLOCK = re.compile(
    r"(?P<above>[^\n]*(?:\n[^\n]+)*)\n\n```(?P<language>\w+)\n(?P<text>.*?)^```", re.DOTALL | re.MULTILINE
)
PLACE = re.compile(r"`(decks/[^`]+)`")


def blocks(page: str) -> Iterator[tuple[str, str, str]]:
    """The code blocks of a page: the file that the paragraph above names, the language, and the text."""
    for block in BLOCK.finditer((DOCS / page).read_text(encoding="utf-8")):
        place = PLACE.search(block["above"])
        named = re.match(r"# file: .+\n", block["text"])
        yield place[1] if place else "", block["language"], block["text"][named.end() if named else 0 :]


def run(command: str, folder: Path) -> str:
    """Run a command of the tutorial."""
    program, *arguments = shlex.split(command)
    start = [sys.executable, "-m", "deckgen"] if program == "deckgen" else [program]
    identity = {f"GIT_{who}_{what}": "a@b.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    result = subprocess.run(
        [*start, *arguments], cwd=folder, env={**os.environ, **identity}, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, f"{command}: {result.stdout}{result.stderr}"
    return result.stdout + result.stderr


def test_the_tutorial_works_as_it_is_written(tmp_path):
    folder, said = tmp_path, {}
    for place, language, text in blocks("tutorials/your-own-deck.md"):
        if language == "yaml":
            (folder / place).write_text(text, encoding="utf-8")
        for command in text.splitlines() if language == "sh" else ():
            if command.startswith("cd "):
                folder /= command[3:]
            elif "preview" not in command:  # which waits for Ctrl+C
                said[command] = run(command, folder)

    assert "0 errors, 0 warnings" in said["deckgen check"]
    with Learner() as learner:
        assert learner.imports(folder / "build/spanish-verbs.apkg").new == 4
        cards = folder / "decks/spanish-verbs/cards.yaml"
        cards.write_text(cards.read_text(encoding="utf-8").replace("Soy médica.", "Soy médico."), encoding="utf-8")
        os.environ["SOURCE_DATE_EPOCH"] = str(int(os.stat(cards).st_mtime) + 60)
        try:
            run("deckgen build", folder)
        finally:
            del os.environ["SOURCE_DATE_EPOCH"]
        log = learner.imports(folder / "build/spanish-verbs.apkg")
    assert (log.new, log.updated, log.conflicting) == (0, 1, 0)


def test_without_a_hint_the_tutorial_is_warned_as_it_says(tmp_path):
    (cards,) = [text for place, _, text in blocks("tutorials/your-own-deck.md") if place.endswith("cards.yaml")]
    without = re.sub(r"    hint: .*\n", "", cards)
    files = {"deckgen.yaml": sample.PROJECT + "rules: {source-missing: off}\n", "demo/cards.yaml": without}
    files["deckgen.yaml"] = files["deckgen.yaml"].replace("basics", "verbs").replace("others", "tenses")
    _, found = sample.compiled(sample.write(tmp_path, files))

    assert "same-meaning" in {one.rule for one in found}


def test_the_recipes_of_the_cookbook_make_a_deck(tmp_path):
    recipes = list(blocks("how-to/cookbook.md"))
    files: dict[str, str | bytes] = {
        "deckgen.yaml": sample.PROJECT + "rules: {source-missing: off, domain-orphan: off}\n",
        "demo/deck.yaml": "title: Cookbook\n",
        "demo/media/dot.png": sample.png(20),
    }
    files |= {place.removeprefix("decks/"): text for place, _, text in recipes if place}
    (words,) = [text for place, language, text in recipes if language == "yaml" and not place]
    files["deckgen.yaml"] += words
    packages, found = sample.compiled(sample.write(tmp_path, files, base=False))

    assert [str(one) for one in found if one.severity.value != "hint"] == []
    assert {note.identity.kind for note in packages[0].notes} == {
        "cloze",
        "faq",
        "note",
        "picture",
        "procedure",
        "term",
    }
    assert len([place for place, _, _ in recipes if place]) == 13
