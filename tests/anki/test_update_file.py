"""Learners who write on cards: the update file first, then the package, keeps what they wrote and brings everything."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import apkg
from author import AFTER, JUST_NOW, LATER, MONTH, Author, of
from learner import NEVER, ImportLog, Learner, State, anki_at_least, new_cards, touched_cards, visible

TYPE = "deckgen question (sample)"
REWORDED = ("It is the second}", "Surely it is the second}")
SINCE = (2, 1, 55)
"""Since when Anki leaves fields alone that a text file has no column for."""

WHOLE = "My notes and your tags on every note, with the update file before the package"


reads_update_files = pytest.mark.skipif(not anki_at_least(*SINCE), reason="Anki 2.1.54 reads no update file")


@pytest.fixture
def writer(lived: tuple[Author, Learner, State]) -> tuple[Author, Learner]:
    """A learner of the release v1, who writes on cards."""
    author, learner, _ = lived
    author.tags("v1")
    learner.edits(of("faq/second"), "My notes", "Mine")
    learner.tags_note(of("faq/second"), "own::tag")
    learner.waits(MONTH - 3600)
    return author, learner


def released(author: Author, at: float, since: str = "v1") -> tuple[Path, Path]:
    """Build a release, and return its update file and its package."""
    package = author.releases(at, "demo.apkg", "--since", since)
    return package.with_name(f"demo-since-{since}.txt"), package


def keeps_own(learner: Learner) -> bool:
    note = learner.notes()["faq/second"]
    return note["My notes"] == "Mine" and "own::tag" in note.tags


def test_the_update_file_and_then_the_package(writer, survives):
    author, learner = writer
    before = learner.state()
    author.edits(*REWORDED)
    author.edits("      - pink: Pink\n", "      - pink: Pink\n      - grey: Grey\n")
    author.edits("faq:\n", "faq:\n  - {id: zeroth, question: Is it new?, answer: It is new}\n")
    author.adds_picture("It is the third")
    update, package = released(author, JUST_NOW)
    of_text, of_package = learner.imports_text(update), learner.imports(package)
    after = learner.state()

    if anki_at_least(*SINCE):
        assert (of_text.new, of_text.conflicting) == (0, 0)
        assert of_package == ImportLog(new=1, updated=0, duplicate=7, conflicting=0)
        assert touched_cards(before, after) == set()
        assert new_cards(before, after) == {(of("faq/zeroth"), 0), (of("faq/flags"), 4)}
        assert after.cards[of("faq/flags"), 4].deck == "Demo"
        assert "Surely it is the second" in after.notes[of("faq/second")].fields
        assert after.notes[of("faq/zeroth")].tags == ("sample::domain::basics", "sample::kind::faq")
        assert learner.media_problems() == ([], [])
    own = after.notes[of("faq/first")] == before.notes[of("faq/first")] and keeps_own(learner)
    survives(WHOLE, own, since=SINCE)


@reads_update_files
def test_every_field_of_every_note_type_arrives(writer):
    """Anki 25.9 and older read only as many columns as the first row has."""
    author, learner = writer
    author.edits(*REWORDED)
    author.edits("      - pink: Pink\n", "      - pink: Pink\n      - grey: Grey\n")
    author.edits("Wait.", "Wait a little.")
    update, package = released(author, JUST_NOW)
    learner.imports_text(update)

    notes, fields = learner.state().notes, {note["guid"]: note["flds"].split("\x1f") for note in apkg.read(package)[0]}
    of_deckgen = slice(0, -len(("Reserve 2", "Reserve 3", "My notes")))
    for id in ("faq/second", "faq/flags", "procedure/tea/steps"):
        assert list(notes[of(id)].fields[of_deckgen]) == fields[of(id)][of_deckgen]


@reads_update_files
def test_no_deck_is_made_for_a_subdeck_named_after_a_domain(author, learner):
    (author.folder / "decks/demo/deck.yaml").write_text("title: Demo\nsubdecks: domain\n")
    author.edits("basics: Basics", "basics: 'Basics :: of it'", "decks/deckgen.yaml")
    learner.imports(author.releases(-MONTH))
    author.tags("v1")
    before = learner.decks()
    author.edits(*REWORDED)
    learner.imports_text(released(author, JUST_NOW)[0])

    assert learner.decks() == before == ["Demo", "Demo::Basics", "Demo::Basics::of it"]


@reads_update_files
def test_a_reverse_card_keeps_its_answer(writer):
    author, learner = writer
    author.edits("{id: second,", "{id: second, reverse: {question: Which is it?, answer: The second one},")
    learner.imports(released(author, JUST_NOW)[1])
    learner.waits(3600)
    author.edits(*REWORDED)
    learner.imports_text(released(author, JUST_NOW + 1)[0])
    (back,) = [card.back for card in learner.cards() if "Which is it?" in card.front]

    assert "The second one" in visible(back)
    assert not re.search(r"[0-9]{10}", visible(back))


def test_a_note_of_which_only_tags_changed(writer, survives):
    author, learner = writer
    author.edits("{id: second,", "{id: second, tags: [easy],")
    update, package = released(author, JUST_NOW)
    learner.imports_text(update)
    learner.imports(package)

    survives(WHOLE, keeps_own(learner), since=SINCE)


def test_each_release_with_its_update_file(writer, survives):
    """The second was released before the learner imported the first, so that its package alone would do nothing."""
    author, learner = writer
    author.edits(*REWORDED)
    first = released(author, -MONTH // 2)
    author.tags("v2")
    author.edits("Surely it is the second}", "Certainly it is the second}")
    second = released(author, -MONTH // 3, "v2")
    learner.imports_text(first[0])
    learner.imports(first[1])
    arrived = learner.imports(second[1]).updated == 1
    what = "An update that was released before you imported an update file, with the package alone"
    survives(what, arrived, since=NEVER)
    learner.imports_text(second[0])
    learner.imports(second[1])

    arrived = "Certainly it is the second" in learner.state().notes[of("faq/second")].fields
    what = "Updates and My notes, with the update file of each release in turn"
    survives(what, arrived and keeps_own(learner), since=SINCE)


def test_the_package_alone_after_an_update_file(writer, survives):
    author, learner = writer
    author.edits(*REWORDED)
    learner.imports_text(released(author, JUST_NOW)[0])
    author.edits("Surely it is the second}", "Certainly it is the second}")
    learner.imports(author.releases(LATER))

    arrived = "Certainly it is the second" in learner.state().notes[of("faq/second")].fields
    survives("An update that was released after you imported an update file, with the package alone", arrived)


def test_an_old_update_file_is_mended_by_the_newest(writer, survives):
    author, learner = writer
    author.edits(*REWORDED)
    old, _ = released(author, -MONTH // 2)
    author.edits("Surely it is the second}", "Certainly it is the second}")
    new, _ = released(author, -MONTH // 3)
    learner.imports_text(new)
    learner.imports_text(old)
    newer = "Certainly it is the second" in learner.notes()["faq/second"]["Answer"]
    survives("Newer text, when you import an older update file", newer, since=NEVER)
    learner.imports_text(new)
    newer = "Certainly it is the second" in learner.notes()["faq/second"]["Answer"]
    survives("Newer text, when you import the newest update file again", newer, since=SINCE)


@reads_update_files
def test_what_a_learner_chose_for_another_text_file(writer, tmp_path):
    author, learner = writer
    other = tmp_path / "other.txt"
    other.write_text("#separator:tab\n#if matches:keep current\n#notetype:deckgen question (sample)\nfront\tback\n")
    learner.imports_text(other)
    author.edits(*REWORDED)
    learner.imports_text(released(author, AFTER)[0])

    assert "Surely it is the second" in learner.notes()["faq/second"]["Answer"]


@reads_update_files
def test_a_renamed_note_type(writer):
    author, learner = writer
    learner.changes_type(TYPE, lambda found: found.update(name="My questions"))
    author.edits(*REWORDED)
    learner.imports_text(released(author, AFTER)[0])

    assert "Surely it is the second" in learner.notes()["faq/second"]["Answer"]


@reads_update_files
def test_a_deleted_note_comes_back_into_its_deck(writer):
    author, learner = writer
    learner.deletes(of("faq/second"))
    author.edits(*REWORDED)
    learner.imports_text(released(author, AFTER)[0])

    assert learner.state().cards[of("faq/second"), 0].deck == "Demo"


def test_a_field_of_ones_own(writer, survives):
    author, learner = writer
    learner.adds_field(TYPE, "Mnemonic")
    learner.edits(of("faq/second"), "Mnemonic", "Two by two")
    author.edits(*REWORDED)
    learner.imports_text(released(author, AFTER)[0])

    kept = learner.notes()["faq/second"]["Mnemonic"] == "Two by two" and keeps_own(learner)
    kept = kept and "Surely it is the second" in learner.notes()["faq/second"]["Answer"]
    survives("A field of your own, at the end, with the update file", kept, since=SINCE)


def test_fields_that_were_moved(writer, survives):
    author, learner = writer
    learner.moves_field(TYPE, "My notes", 0)
    author.edits(*REWORDED)
    learner.imports_text(released(author, AFTER)[0])

    note = learner.state().notes[of("faq/second")]
    kept = "Mine" in note.fields and "Surely it is the second" in note.fields
    survives("A note type whose fields you moved, with the update file", kept, since=NEVER)
