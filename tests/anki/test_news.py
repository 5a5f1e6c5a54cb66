"""A package of only what is new: to a collection that has an earlier package it does what the whole one does."""

from __future__ import annotations

import re
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

import sample
from author import MONTH, Author, of
from deckgen.cli import main
from learner import ImportLog, Learner, State, anki_at_least

BEFORE, LATER, LAST, AFTER = -MONTH, -MONTH // 2, -60, 100
NEWS = "demo-since-v1.apkg"


@pytest.fixture
def tagged(author: Author) -> tuple[Author, Path]:
    """An author who released and tagged a first edition, and that edition."""
    first = author.releases(BEFORE)
    author.tags("v1")
    return author, first


def test_the_news_do_what_the_whole_package_does(tagged, learner):
    author, first = tagged
    learner.imports(first)
    author.edits("It is the second}", "Surely it is the second}")
    author.releases(LATER)
    author.edits("      - warm: Warm the pot.\n", "      - clean: Clean the pot.\n      - warm: Warm the pot.\n")
    author.edits("  - {id: second", "  - {id: middle, question: Is it between?, answer: It is}\n  - {id: second")
    whole = author.releases(LAST, "demo.apkg", "--since", "v1")

    with Learner() as other:
        other.imports(first)
        of_whole = other.imports(whole)
        of_news = learner.imports(whole.parent / NEWS)
        assert of_whole.new + of_whole.updated + of_whole.duplicate == 8
        assert of_news.new + of_news.updated + of_news.duplicate == 3
        assert (of_news.new, of_news.updated) == (of_whole.new, of_whole.updated)
        assert _state(learner) == _state(other)


def _state(learner: Learner) -> State:
    """What a learner has, without the times that an old Anki gives to what it updates: those of the imports."""
    state = learner.state()
    if anki_at_least(25, 2):
        return state
    return replace(state, notes={guid: replace(note, modified=0) for guid, note in state.notes.items()})


def test_what_was_taken_back_is_news_to_those_who_have_it(tagged, learner):
    author, _ = tagged
    author.edits("It is the second}", "It is the fifth}")
    learner.imports(author.releases(LATER))
    author.edits("It is the fifth}", "It is the second}")
    learner.imports(author.releases(AFTER, NEWS, "--since", "v1"))

    assert learner.state().notes[of("faq/second")].fields[1] == "It is the second"


def test_a_note_that_comes_from_another_deck_is_news(tagged, learner):
    author, first = tagged
    learner.imports(first)
    moved = "  - {id: third, question: Is it the third?, answer: It is the third, why: Because it comes after two}\n"
    author.edits(moved, "")
    files = {"other/deck.yaml": "title: Other\n", "other/cards.yaml": f"domain: basics\nsource: [book]\nfaq:\n{moved}"}
    sample.write(author.folder, files, base=False)
    news = author.releases(LAST, "other-since-v1.apkg", "--since", "v1")

    with Learner() as other:
        assert other.imports(news) == ImportLog(new=1, updated=0, duplicate=0, conflicting=0)
    before = learner.state()
    learner.imports(news)
    assert learner.state() == before


def test_a_note_type_that_changed_comes_with_a_note(tagged, learner):
    """As with a new deckgen: the lock remembers another hash of the note type than today's."""
    author, first = tagged
    learner.imports(first)
    learner.restyles("deckgen list (sample)", "/* as it was in an older deckgen */")
    lock = author.folder / "decks/deckgen.lock"
    lock.write_text(re.sub("^(type list) [0-9a-f]+", r"\1 0000", lock.read_text(), flags=re.MULTILINE))
    log = learner.imports(author.releases(AFTER, NEWS, "--since", "v1"))

    assert log == ImportLog(new=0, updated=0, duplicate=1, conflicting=0)
    assert "--accent" in learner.state().styling["deckgen list (sample)"]


def test_where_nothing_is_new_there_is_no_package(tagged):
    author, _ = tagged
    result = CliRunner().invoke(main, ["-C", str(author.folder), "build", "--since", "v1"])

    assert result.stdout.splitlines()[1] == "demo: nothing is new since v1"
    assert not (author.folder / "build" / NEWS).exists()


@pytest.mark.parametrize(
    ("name", "part"), [("feature/x", "feature-x"), ("HEAD^{commit}", "HEAD-commit"), ("v1~0", "v1-0"), ("@", "HEAD")]
)
def test_the_news_are_called_by_what_they_are_since(name, part, tagged):
    author, _ = tagged
    subprocess.run(["git", "tag", "feature/x"], check=True, cwd=author.folder)
    author.edits("It is the second}", "It is the fifth}")

    assert author.releases(LAST, f"demo-since-{part}.apkg", "--since", name).exists()


@pytest.mark.parametrize("name", ["v9", "", "--upload-pack=x", "v1:decks"])
def test_a_commit_that_is_not_there(name, tagged):
    author, _ = tagged
    author.edits("It is the second}", "It is the fifth}")
    result = CliRunner().invoke(main, ["-C", str(author.folder), "build", "--since", name])

    assert result.exit_code == 1
    assert result.stderr.startswith(f"error: git cannot give the sources of '{name}': ")
    assert {path.name for path in (author.folder / "build").iterdir()} == {"demo.apkg"}


def test_the_news_of_a_deck_do_not_replace_another_deck(tagged):
    author, _ = tagged
    cards = "domain: basics\nfaq:\n  - {id: far, question: C?, answer: D}\n"
    files = {"demo-since-v1/deck.yaml": "title: Other\n", "demo-since-v1/cards.yaml": cards}
    sample.write(author.folder, files, base=False)
    author.edits("It is the second}", "It is the fifth}")
    result = CliRunner().invoke(main, ["-C", str(author.folder), "build", "--since", "v1"])

    assert result.exit_code == 1
    assert result.stderr == "error: the package of what is new in 'demo' would overwrite that of 'demo-since-v1'\n"
    assert {path.name for path in (author.folder / "build").iterdir()} == {"demo.apkg"}
