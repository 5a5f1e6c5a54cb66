"""Every file below the decks folder is read, or reported with the reason; each remedy works."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

import sample
from deckgen.cli import main
from deckgen.core.diagnostics import Severity


def entry(id: str) -> str:
    return f"faq: [{{id: {id}, domain: basics, question: Which one is {id}?, answer: It}}]\n"


def write(folder: Path, *names: str) -> Path:
    """A project with a deck, and files with an entry or a picture each."""
    files: dict[str, str | bytes] = {"demo/cards.yaml": entry("first")}
    for number, name in enumerate(names):
        files[name] = sample.png() if name.endswith(".png") else entry(f"entry-{number}")
    return sample.write(folder, files)


def found(root: Path) -> list[str]:
    return [
        f"{Path(one.position.path).relative_to('decks')}: {one.severity.value}: {one.message} ({one.help})"
        for one in sample.compiled(root)[1]
    ]


def ids(root: Path) -> list[str]:
    packages, findings = sample.compiled(root)
    assert [str(one) for one in findings if one.severity is Severity.ERROR] == []
    return [note.id.partition("/")[2] for package in packages for note in package.notes]


@pytest.mark.parametrize(
    "name", ["demo/more.yml", "demo/MORE.YAML", "demo/more.Yml", "demo/chapter/more.yaml", "demo/a/b/c/d.yaml"]
)
def test_sources_may_be_in_subfolders_and_end_in_any_spelling_of_yaml(name, tmp_path):
    root = write(tmp_path, name)

    assert found(root) == []
    assert set(ids(root)) == {"first", "entry-0"}


def test_entries_of_a_subfolder_refer_to_media_by_their_own_place(tmp_path):
    text = "faq: [{id: a, domain: basics, question: '![a dot](../media/dot.png) Which?', answer: This}]\n"
    root = sample.write(tmp_path, {"demo/chapter/a.yaml": text, "demo/media/dot.png": sample.png()})

    assert found(root) == []


MOVE = "(move it into the folder of a deck, or delete it)"
READ = "deckgen does not read this file: it is"


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("top.yaml", f"error: {READ} in no deck {MOVE}"),
        ("source.yaml", f"error: {READ} in no deck {MOVE}"),
        ("README.md", f"warning: {READ} not an entry file, a picture or a sound: its name ends in '.md'"),
        ("pics/dot.png", f"warning: {READ} in no deck {MOVE}"),
        (
            "demo/x.yaml.txt",
            f"warning: {READ} not an entry file, a picture or a sound: its name ends in '.txt' (rename it 'x.yaml', ",
        ),
        (
            "demo/cards.yaml.bak",
            f"warning: {READ} not an entry file, a picture or a sound: its name ends in '.bak' (delete it)",
        ),
        ("demo/cards.yaml~", f"warning: {READ} not an entry file, a picture or a sound: its name ends in '.yaml~'"),
        ("demo/chapter/notes", f"warning: {READ} not an entry file, a picture or a sound: its name has no extension"),
        ("demo/.hidden.yaml", f"error: {READ} hidden (give it a name that does not begin with a dot, or delete it)"),
        ("demo/Deck.yaml", "error: the name 'Deck.yaml' is already used by 'deck.yaml', which differs only in case"),
        ("other/Deck.YAML", f"error: {READ} not named 'deck.yaml' (rename it 'deck.yaml')"),
        ("other/deck.yml", f"error: {READ} not named 'deck.yaml' (rename it 'deck.yaml')"),
        (
            "demo/sub/deck.yaml",
            f"error: {READ} inside another deck, to which all subfolders belong (move its folder into",
        ),
        ("other/sub/deck.yaml", f"error: {READ} inside another deck"),
        ("demo/more/dot.png", "warning: no card uses this file (delete it, or use it in a text)"),
    ],
)
def test_a_file_that_is_not_read_is_reported(name, message, tmp_path):
    root = write(tmp_path, name)

    assert [line[: len(name) + 2 + len(message)] for line in found(root)] == [f"{name}: {message}"]


def test_a_second_spelling_of_a_file_of_the_project_is_recognized(tmp_path):
    root = write(tmp_path)
    (root / "sources.yaml").rename(root / "Source.yml")

    assert found(root) == [
        f"Source.yml: error: {READ} in no deck (rename it 'sources.yaml', or {MOVE[1:]}",
    ]


@pytest.mark.parametrize(
    "name", [".DS_Store", "demo/.gitkeep", "demo/.#cards.yaml", "demo/.git/config.yaml", "schema/a.json"]
)
def test_files_of_other_programs_are_left_alone(name, tmp_path):
    assert found(write(tmp_path, name)) == []


def test_links_to_folders_are_not_followed(tmp_path):
    root = write(tmp_path)
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside/secret.yaml").write_text("secret: [")
    (root / "demo/loop").symlink_to("..")
    (root / "demo/media").symlink_to(tmp_path / "outside")

    assert found(root) == [
        f"demo/loop: error: {READ} a link to a folder, which is not followed (put the files themselves here)",
        "demo/media: error: expected a folder of the project, found a link that leads out of it "
        "(put the files themselves here)",
    ]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_pipes_are_reported(tmp_path):
    root = write(tmp_path)
    for name in ("demo/pipe.yaml", "demo/pipe", "demo/pipe.png"):
        os.mkfifo(root / name)

    assert [line.partition(" (")[0] for line in found(root)] == [
        f"demo/pipe: warning: {READ} not an entry file, a picture or a sound: its name has no extension",
        "demo/pipe.yaml: error: expected a file, found a device or pipe",
    ]


@pytest.mark.slow
def test_very_deep_folders_are_walked(tmp_path):
    root = write(tmp_path)
    descriptor = os.open(root / "demo", os.O_RDONLY)
    for _ in range(1200):
        os.mkdir("a", dir_fd=descriptor)
        outer, descriptor = descriptor, os.open("a", os.O_RDONLY, dir_fd=descriptor)
        os.close(outer)
    os.close(descriptor)
    try:
        assert ids(root) == ["first"]
        assert CliRunner().invoke(main, ["build"]).exit_code == 0
    finally:
        subprocess.run(["rm", "-r", root / "demo/a"], check=True)  # pytest would fail


# --- check PATH -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["decks/README.md", "decks/demo/notes.txt", "decks/schema", "decks/schema/a.json"])
def test_a_path_that_belongs_to_no_deck_is_an_error(path, tmp_path):
    write(tmp_path, "README.md", "demo/notes.txt", "schema/a.json")
    result = CliRunner().invoke(main, ["check", path])

    assert result.exit_code == 2
    assert f"'{path}' is not a file of a deck" in result.output


@pytest.mark.parametrize(
    "path",
    [
        "decks",
        "decks/deckgen.yaml",
        "decks/demo",
        "decks/demo/deck.yaml",
        "decks/demo/chapter",
        "decks/demo/chapter/a.yaml",
    ],
)
def test_a_path_of_a_deck_or_of_the_project_is_checked(path, tmp_path):
    write(tmp_path, "demo/chapter/a.yaml")
    result = CliRunner().invoke(main, ["check", path])

    assert result.exit_code == 0, result.output


@pytest.mark.parametrize(("path", "rule"), [("decks/top.yaml", "file-ignored"), ("decks/new/a.yaml", "missing-file")])
def test_a_path_with_a_reason_is_told_the_reason(path, rule, tmp_path):
    write(tmp_path, path.removeprefix("decks/"))
    result = CliRunner().invoke(main, ["check", path])

    assert result.exit_code == 1
    assert f"[{rule}]" in result.output


def test_packages_beside_the_decks_of_a_project_without_a_folder_decks_are_not_reported(tmp_path):
    write(tmp_path).rename(tmp_path / "cards")
    for command in (["build"], ["preview", "--static", "build/site"], ["check", "--strict"]):
        result = CliRunner().invoke(main, ["-C", "cards", *command])
        os.chdir(tmp_path)

        assert (result.exit_code, result.stderr) == (0, "")
