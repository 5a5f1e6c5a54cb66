"""Nothing is read, written, served or deleted through a link out of the project, and no pipe is waited for."""

from __future__ import annotations

import os
import threading
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import sample
from deckgen.cli import main
from deckgen.compiler.pipeline import compile_project
from deckgen.preview.render_gallery import GalleryRenderer
from deckgen.preview.server import Server

CARDS = """\
faq:
  - {id: first, domain: basics, question: "Which sign? ![a dot](media/dot.png)", answer: A dot}
"""
FILES = {"demo/cards.yaml": CARDS, "demo/media/dot.png": sample.png()}
OUT = "leads out of the project through a link; delete the link"


@pytest.fixture
def outside(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("outside")
    (folder / "keep.txt").write_text("keep me")
    return folder


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


def untouched(folder: Path) -> bool:
    return [path.name for path in folder.iterdir()] == ["keep.txt"] and (folder / "keep.txt").read_text() == "keep me"


@pytest.mark.parametrize(
    ("link", "command"),
    [
        ("build", ["build"]),
        ("out", ["build", "-o", "out"]),
        ("out", ["build", "-o", "out/below"]),
        ("schema", ["schema", "-o", "schema"]),
        ("schema", ["schema", "-o", "schema/below"]),
        ("docs", ["stats", "-o", "docs/coverage.txt"]),
        ("site", ["preview", "--static", "site"]),
    ],
)
def test_no_folder_is_written_through_a_link(link, command, tmp_path, outside):
    sample.write(tmp_path, FILES)
    if command[0] == "preview":
        run("build")
    Path(link).symlink_to(outside)
    result = run(*command)

    assert result.exit_code == 1
    assert OUT in result.output
    assert untouched(outside)


@pytest.mark.parametrize("command", [["schema", "-o", "out"], ["build", "-o", "out"]])
def test_a_link_in_the_place_of_a_file_is_replaced(command, tmp_path, outside):
    sample.write(tmp_path, FILES)
    name = "cards.json" if command[0] == "schema" else "demo.apkg"
    Path("out").mkdir()
    Path("out", name).symlink_to(outside / "keep.txt")
    result = run(*command)

    assert result.exit_code == 0, result.output
    assert not Path("out", name).is_symlink()
    assert untouched(outside)


def test_links_within_the_project_and_folders_outside_of_it_are_fine(tmp_path, outside):
    sample.write(tmp_path, FILES)
    Path("packages").mkdir()
    Path("build").symlink_to("packages")

    assert run("build").exit_code == 0
    assert Path("packages/demo.apkg").exists()
    assert run("build", "-o", str(outside)).exit_code == 0
    assert (outside / "demo.apkg").exists()


def test_no_picture_of_a_static_page_is_written_or_deleted_through_a_link(tmp_path, outside):
    sample.write(tmp_path, FILES)
    run("build")
    run("preview", "--static", "site")
    (made,) = Path("site/media").iterdir()
    (outside / made.name).write_bytes(made.read_bytes())
    Path("site/media").rename("site/before")
    Path("site/media").symlink_to(outside)
    result = run("preview", "--static", "site")

    assert result.exit_code == 1
    assert "delete the link" in result.output
    assert sorted(path.name for path in outside.iterdir()) == sorted(["keep.txt", made.name])


def test_files_of_other_programs_stay_in_the_output_folder(tmp_path):
    sample.write(tmp_path, FILES)
    others = [".upload.99999999.tmp", ".a.1.tmp", ".deckgen-x.99999999.tmp"]
    Path("build").mkdir()
    for name in (*others, ".deckgen-0.99999999.tmp", f".deckgen-0.{'9' * 50}.tmp"):
        Path("build", name).write_text("x")
    run("build")

    assert sorted(path.name for path in Path("build").iterdir() if path.name[0] == ".") == sorted(others)


@pytest.mark.slow
def test_a_picture_that_became_a_link_is_not_served(tmp_path, outside):
    root = sample.write(tmp_path, FILES)
    gallery = GalleryRenderer().render(compile_project(root))
    (name,) = gallery.media
    server = Server(gallery, 0, watching=False)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"{server.address}media/{name}"
    try:
        with urllib.request.urlopen(url) as answer:  # noqa: S310
            assert answer.read() == sample.png()
        for replace in (lambda path: path.symlink_to(outside / "keep.txt"), os.mkfifo, Path.mkdir):
            picture = root / "demo/media/dot.png"
            picture.rename(picture.with_name(f".was-{len(list(picture.parent.iterdir()))}"))
            replace(picture)
            with pytest.raises(urllib.error.HTTPError) as error:
                urllib.request.urlopen(url)  # noqa: S310
            assert error.value.code == 404
    finally:
        server.shutdown()
        server.end()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
@pytest.mark.parametrize(
    "name",
    ["build/demo.apkg", "decks/deckgen.lock", "decks/deckgen.yaml", "decks/demo/deck.yaml"],
)
def test_no_pipe_is_waited_for(name, tmp_path):
    sample.write(tmp_path, FILES)
    Path("build").mkdir()
    Path(name).unlink(missing_ok=True)
    os.mkfifo(name)
    for command in (["check"], ["build"], ["schema", "-o", "out"], ["diff", "build/demo.apkg"]):
        result = run(*command)
        assert result.exception is None or isinstance(result.exception, SystemExit)
        if command == ["build"] and name.startswith("build"):
            assert result.exit_code == 0
            assert Path(name).is_file()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_in_the_place_of_a_schema_is_replaced(tmp_path):
    sample.write(tmp_path, FILES)
    Path("out").mkdir()
    os.mkfifo("out/cards.json")

    assert run("schema", "-o", "out").exit_code == 0
    assert Path("out/cards.json").is_file()
