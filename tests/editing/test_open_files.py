"""Edited files are saved together, and never over what another program saved in the meantime."""

from __future__ import annotations

from pathlib import Path

import pytest

import sample
from deckgen.core.diagnostics import Report
from deckgen.core.source import Source
from deckgen.core.terminal import Failure
from deckgen.editing.open_files import OpenFile, open_files, save
from deckgen.project.project import load

CARDS = "faq: [{id: one, domain: basics, question: One?, answer: A}]\n"


@pytest.fixture
def files(tmp_path: Path) -> list[OpenFile]:
    root = sample.write(tmp_path, {"demo/a.yaml": CARDS, "demo/b.yaml": CARDS.replace("one", "two")})
    return open_files(load(root, Report()), Report())


def test_files_are_saved_with_their_own_line_breaks(tmp_path):
    root = sample.write(tmp_path, {"demo/a.yaml": CARDS.encode().replace(b"\n", b"\r\n")})
    (file,) = open_files(load(root, Report()), Report())
    save([(file.source, file.source.text.replace("One", "First"))], root)

    assert Path("decks/demo/a.yaml").read_bytes() == CARDS.replace("One", "First").encode().replace(b"\n", b"\r\n")


def test_no_file_is_saved_if_one_was_changed_by_another_program(files):
    Path("decks/demo/b.yaml").write_text("# saved by an editor\n")
    with pytest.raises(Failure, match=r"decks/demo/b\.yaml was changed by another program; run the command again"):
        save(((file.source, f"{file.source.text}# edited\n") for file in files), Path("decks"))

    assert Path("decks/demo/a.yaml").read_text() == CARDS
    assert Path("decks/demo/b.yaml").read_text() == "# saved by an editor\n"
    assert list(Path("decks/demo").glob(".*")) == []


def test_a_new_file_does_not_replace_one_that_appeared_in_the_meantime(files):
    new = Source(Path("decks/demo/c.yaml"), "decks/demo/c.yaml", "")
    save([(new, "# first\n")], Path("decks"))
    with pytest.raises(Failure):
        save([(new, "# second\n")], Path("decks"))

    assert new.path.read_text() == "# first\n"
