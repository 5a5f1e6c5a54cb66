"""Media files are found next to the source, checked and renamed by content; nothing outside the project is read."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner

import sample
from deckgen.cli import main


def cards(picture: str) -> str:
    return f"faq:\n  - id: one\n    domain: basics\n    question: What is this?\n    answer: '{picture}'\n"


def found(root: Path) -> list[str]:
    return [f"{one.position}: {one.rule}: {one.message}" for one in sample.compiled(root)[1]]


def names(root: Path) -> list[str]:
    packages, findings = sample.compiled(root)

    assert findings == []
    return [file.name for note in packages[0].notes for file in note.media]


def test_the_name_in_the_package_is_lower_case_and_changes_with_the_content(tmp_path):
    first = {"demo/cards.yaml": cards("![dot](<media/My Dot.PNG>)"), "demo/media/My Dot.PNG": sample.png()}
    root = sample.write(tmp_path, first)
    (before,) = names(root)
    (root / "demo/media/My Dot.PNG").write_bytes(sample.png(shade=9))
    (after,) = names(root)

    assert before.startswith("_picture-")
    assert before.endswith(".png")
    assert before != after


def test_a_similar_file_is_suggested_for_a_missing_one(tmp_path):
    root = sample.write(
        tmp_path, {"demo/cards.yaml": cards("![dot](media/dto.png)"), "demo/media/dot.png": sample.png()}
    )

    message = "there is no file 'media/dto.png'; did you mean 'media/dot.png'?"
    assert found(root) == [f"decks/demo/cards.yaml:5:21: media-not-found: {message}"]


@pytest.mark.parametrize(
    "reference", ["../../secret.png", "/etc/hostname.png", "media/link.png", "media/folder/secret.png"]
)
def test_no_path_or_link_leads_out_of_the_project(reference, tmp_path):
    root = sample.write(
        tmp_path, {"demo/cards.yaml": cards(f"![dot]({reference})"), "demo/media/dot.png": sample.png()}
    )
    (tmp_path / "secret.png").write_bytes(sample.png())
    (root / "demo/media/link.png").symlink_to(tmp_path / "secret.png")
    (root / "demo/media/folder").symlink_to(tmp_path)

    message = f"expected a file in the project, found '{reference}' outside it"
    link = "expected a folder of the project, found a link that leads out of it"
    assert found(root) == [
        f"decks/demo/cards.yaml:5:21: outside-project: {message}",
        f"decks/demo/media/folder:1:1: outside-project: {link}",
    ]


@pytest.mark.parametrize(
    "reference", ["media", "media/loop.png", "media/" + "x" * 300 + ".png", "media/\x7f.png", "%00.png"]
)
def test_what_is_not_a_file_is_not_found(reference, tmp_path):
    text = cards(f"![dot](<{reference}>)").replace("\x7f", "?")
    root = sample.write(tmp_path, {"demo/cards.yaml": text, "demo/media/dot.png": sample.png()})
    (root / "demo/media/loop.png").symlink_to("loop.png")

    assert [line.split(": ")[1] for line in found(root)] == ["media-not-found"]


@pytest.mark.parametrize(
    ("typed", "file"),
    [
        ("media/my%20dot.png", "my dot.png"),
        ("<media/my dot.png>", "my dot.png"),
        ("media/a%20b.png", "a%20b.png"),
        ("media/100%.png", "100%.png"),
        ("media/d%C3%B6t.png", "döt.png"),
        ("media/Gro\u0308\u00dfe.png", "Gro\u0308\u00dfe.png"),
        ("media/Gr\u00f6\u00dfe.png", "Gro\u0308\u00dfe.png"),
        ("media/Gro\u0308\u00dfe.png", "Gr\u00f6\u00dfe.png"),
        ("media/Gr%C3%B6%C3%9Fe.png", "Gro\u0308\u00dfe.png"),
        ("media/u\u0308ber/d\u00f6t.png", "\u00fcber/do\u0308t.png"),
        ("./media/../media/dot.png", "dot.png"),
    ],
)
def test_a_file_is_found_however_its_name_is_encoded(typed, file, tmp_path):
    root = sample.write(tmp_path, {"demo/cards.yaml": cards(f"![dot]({typed})"), f"demo/media/{file}": sample.png()})

    assert len(names(root)) == 1


@pytest.mark.parametrize(
    ("typed", "file", "suggested"),
    [
        ("media/dto.png", "media/dot.png", "media/dot.png"),
        ("dot.png", "media/dot.png", "media/dot.png"),
        ("/media/dot.png/x/dot.png", "media/dot.png", ""),
        ("media/Dot.PNG", "media/dot.png", "media/dot.png"),
        ("media\\dot.png", "media/dot.png", "media/dot.png"),
        ("media/my_dot.png", "media/my dot.png", "<media/my dot.png>"),
        ("media/dot(1.png", "media/dot(1).png", "<media/dot(1).png>"),
        ("media/dot.png", "media/chapter/dot.png", "media/chapter/dot.png"),
        ("media/dot.png", "media/dot.txt", ""),
    ],
)
def test_the_suggestion_for_a_missing_file_works(typed, file, suggested, tmp_path):
    root = sample.write(tmp_path, {"demo/cards.yaml": cards(f"![dot](<{typed}>)"), f"demo/{file}": sample.png()})
    line = found(root)[0]

    assert line.endswith(f"; did you mean '{suggested}'?") if suggested else "did you mean" not in line
    if suggested:
        (root / "demo/cards.yaml").write_text(cards(f"![dot]({suggested})"))
        assert found(root) == []


@pytest.mark.parametrize("name", ["tone.mp3", "dot.png"])
def test_damaged_and_disguised_files_are_errors(name, tmp_path):
    whole = sample.mp3() if name == "tone.mp3" else sample.png()
    for content, message in [
        (whole[:-5], "it ends too early"),
        (whole + b"<script>", "8 bytes of something else follow its end"),
    ]:
        files = {"demo/cards.yaml": cards(f"![a dot](media/{name})"), f"demo/media/{name}": content}

        assert found(sample.write(tmp_path, files)) == [
            f"decks/demo/cards.yaml:5:23: media-content: cannot use '{name}': {message}"
        ]


@pytest.mark.parametrize("name", ["dot.png", "dot.svg"])
def test_a_file_that_git_lfs_has_not_downloaded_is_said_to_be_one(name, tmp_path):
    pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n"
    files = {"demo/cards.yaml": cards(f"![a dot](media/{name})"), f"demo/media/{name}": pointer}

    assert found(sample.write(tmp_path, files)) == [
        f"decks/demo/cards.yaml:5:23: media-content: cannot use '{name}': it is a Git LFS pointer"
    ]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("dot.html", b""),
        ("dot", b""),
        ("dot.png", b"<html>"),
        ("dot.jpg", sample.png()),
        ("dot.gif", b""),
    ],
)
def test_only_files_that_every_anki_shows_and_that_match_their_extension_are_accepted(name, content, tmp_path):
    root = sample.write(tmp_path, {"demo/cards.yaml": cards(f"![dot](media/{name})"), f"demo/media/{name}": content})

    assert next(line.split(": ")[1] for line in found(root)) == "media-type"


def test_unused_and_large_files_give_warnings(tmp_path):
    files = {
        "demo/cards.yaml": cards("![dot](media/dot.png)"),
        "demo/media/dot.png": sample.png() + bytes(2**20),
        "demo/media/more/old.png": sample.png(),
    }

    assert found(sample.write(tmp_path, files)) == [
        "decks/demo/media/dot.png:1:1: media-too-large: expected at most 1,024 KB, found 1,025 KB",
        "decks/demo/media/more/old.png:1:1: media-unused: no card uses this file",
    ]


def test_two_files_with_the_same_content_are_both_used_in_warm_builds_too(tmp_path, monkeypatch):
    monkeypatch.setenv("DECKGEN_CACHE", str(tmp_path / "cache"))
    files = {
        "demo/cards.yaml": cards("![dot](media/dot.png) ![copy](media/copy.png)"),
        "demo/media/dot.png": sample.png(),
        "demo/media/copy.png": sample.png(),
    }
    root = sample.write(tmp_path, files)

    assert (found(root), found(root)) == ([], [])


def test_a_warm_build_gives_media_the_names_of_a_fresh_one(tmp_path, monkeypatch):
    monkeypatch.setenv("DECKGEN_CACHE", str(tmp_path / "cache"))
    files = {
        "demo/one.yaml": cards("![dot](media/dot.png) ![kept](dot.png)"),
        "demo/media/dot.png": sample.png(),
        "demo/adopted/dot.png": sample.png(),
    }
    root = sample.write(tmp_path, files)
    fresh = names(root)

    assert fresh[1] == "dot.png" != fresh[0]
    assert names(root) == fresh


@pytest.mark.parametrize("make", [Path.mkdir, lambda path: path.symlink_to("gone.png")], ids=["folder", "dead link"])
def test_what_is_no_file_in_the_folder_of_adopted_media_is_missing(make, tmp_path):
    root = sample.write(tmp_path, {"demo/cards.yaml": cards("![dot](dot.png)"), "demo/adopted/x.png": sample.png()})
    make(root / "demo/adopted/dot.png")

    assert found(root)[-1].startswith("decks/demo/cards.yaml:5:21: media-not-found: there is no file 'dot.png'")


def test_an_impossible_name_is_said_to_be_so_without_a_path_of_this_machine(tmp_path):
    name = "x" * 300

    assert found(sample.write(tmp_path, {"demo/cards.yaml": cards(f"![dot]({name})")})) == [
        f"decks/demo/cards.yaml:5:21: media-not-found: cannot read the file '{name}': File name too long"
    ]


def test_a_picture_that_became_something_else_is_an_error_in_a_warm_build(tmp_path, monkeypatch):
    monkeypatch.setenv("DECKGEN_CACHE", str(tmp_path / "cache"))
    drawing = "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9'></svg>"
    root = sample.write(tmp_path, {"demo/cards.yaml": cards("![dot](media/dot.svg)"), "demo/media/dot.svg": drawing})
    before = found(root)
    (root / "demo/media/dot.svg").write_text(drawing.replace("></", "><script/></"))

    assert before == []
    assert "svg-content" in str(found(root))


def test_a_file_that_only_the_notice_of_a_retired_entry_shows_is_used(tmp_path):
    notice = 'retired: [{id: faq/x, title: "What is ![dot](media/dot.png)?", reason: It was wrong}]\n'
    files = {"demo/cards.yaml": cards("dot") + notice, "demo/media/dot.png": sample.png()}

    assert found(sample.write(tmp_path, files)) == []


def test_a_file_that_several_cards_show_is_in_the_package_once(tmp_path):
    text = cards("![dot](media/dot.png) ![the word](media/word.mp3)") + cards("![dot](media/dot.png)")[5:].replace(
        "one", "two"
    )
    files = {"demo/cards.yaml": text, "demo/media/dot.png": sample.png(), "demo/media/word.mp3": sample.mp3()}
    sample.write(tmp_path, files)
    result = CliRunner().invoke(main, ["build"])

    assert result.exit_code == 0, result.output
    with zipfile.ZipFile("build/demo.apkg") as archive:
        assert archive.namelist() == ["0", "1", "collection.anki2", "media"]
        assert archive.read("0") == sample.png()
        assert archive.read("1") == sample.mp3()
