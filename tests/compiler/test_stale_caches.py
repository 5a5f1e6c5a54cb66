"""What a project was when it was built last does not matter: a warm build says and writes what a fresh one does."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from itertools import permutations
from pathlib import Path

import pytest
from click.testing import CliRunner

import sample
from deckgen.cli import main

GOLDEN = Path(__file__).parents[1] / "golden/all-kinds/decks"


def without(name: str) -> Callable[[], None]:
    path = Path("decks", name)
    return lambda: shutil.rmtree(path) if path.is_dir() else path.unlink()


def edited(name: str, old: str, new: str) -> Callable[[], None]:
    def edit() -> None:
        text = Path("decks", name).read_text()
        assert old in text
        Path("decks", name).write_text(text.replace(old, new))

    return edit


def ended(name: str, more: str) -> Callable[[], None]:
    return lambda: Path("decks", name).write_text(Path("decks", name).read_text() + more)


def moved(old: str, new: str) -> Callable[[], None]:
    return lambda: shutil.move(Path("decks", old), Path("decks", new))


def into_a_folder() -> None:
    Path("decks/second/part").mkdir()
    shutil.move("decks/second/cards.yaml", "decks/second/part")


CHANGES: list[dict[str, Callable[[], object]]] = [
    {
        "no note type": without("note-types/gap"),
        "a broken note type": ended("note-types/gap/type.yaml", "x: [\n"),
        "a note type without a template": without("note-types/gap/front.html"),
        "a broken template": ended("note-types/gap/front.html", "{{#Text}}"),
        "a note type with another name": moved("note-types/gap", "note-types/hole"),
        "a style": ended("note-types/verb/style.css", ".a { color: red }\n"),
    },
    {
        "no sources": without("sources.yaml"),
        "broken sources": ended("sources.yaml", "x: [\n"),
        "a source with another name": edited("sources.yaml", "book:", "tome:"),
    },
    {
        "a broken project file": ended("deckgen.yaml", "x: [\n"),
        "a domain with another name": edited("deckgen.yaml", "others:", "other:"),
        "another language": ended("deckgen.yaml", "language: de\n"),
    },
    {
        "a deck without settings": without("demo/deck.yaml"),
        "a file in a folder": into_a_folder,
    },
    {
        "no picture": without("demo/media/dot.png"),
        "a picture that is none": lambda: Path("decks/demo/media/dot.png").write_bytes(b"x"),
        "another picture": lambda: Path("decks/demo/media/dot.png").write_bytes(sample.png(shade=7)),
        "another region": edited("demo/media/needle.svg", "Shaft", "Shift"),
    },
]
"""Changes to a project, those to the same files together."""


@pytest.mark.slow
@pytest.mark.parametrize("changes", CHANGES)
def test_a_build_does_not_depend_on_what_was_built_before(changes, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1790000000")
    monkeypatch.setenv("DECKGEN_CACHE", "off")
    changes = {"nothing": lambda: None, **changes}
    fresh = {name: built(change) for name, change in changes.items()}
    monkeypatch.setenv("DECKGEN_CACHE", str(tmp_path / "cache"))
    differ = []
    for before, after in permutations(changes, 2):
        built(changes[before])
        if built(changes[after]) != fresh[after]:
            differ.append(f"{after}, after {before}")

    assert differ == []
    assert fresh["nothing"][0] == 0


def built(change: Callable[[], object]) -> tuple[int, str, dict[str, bytes]]:
    """The exit code, output and files of a build of the changed project, whose files so far are lost."""
    for folder in ("decks", "build"):
        shutil.rmtree(folder, ignore_errors=True)
    for receipt in Path().glob("cache/deckgen/*/last-build"):
        receipt.unlink()
    shutil.copytree(GOLDEN, "decks")
    change()
    result = CliRunner().invoke(main, ["build"])
    written = [*Path().glob("build/*"), *Path().glob("decks/deckgen.lock")]
    return result.exit_code, result.output, {str(path): path.read_bytes() for path in written}
