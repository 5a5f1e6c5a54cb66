"""A learner follows the notes of a release word by word, in the real Anki, and ends with the right collection."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from publisher import Publisher

from author import MONTH, of
from learner import ImportLog, Learner, anki_at_least, changed_notes, touched_cards

reads_update_files = pytest.mark.skipif(not anki_at_least(2, 1, 55), reason="Anki 2.1.54 reads no update file")


class Notes:
    """What the notes of a release tell a learner to do."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.text = (folder / "NOTES.md").read_text()

    def row(self, section: str, release: str) -> list[str]:
        """The cells of the row for those who have a release, in a section."""
        (found,) = re.findall(rf"^\| {release} \| (.*) \|$", self.section(section), re.MULTILINE)
        return [cell.strip("`") for cell in found.split(" | ")]

    def section(self, title: str) -> str:
        """The text below a heading, up to the next one."""
        return self.text.partition(f"# {title}")[2].partition("\n#")[0]

    def search(self, section: str) -> str:
        (found,) = re.findall(r"```text\n(.*)\n```", self.section(section))
        return found


@pytest.fixture
def releases(tmp_path: Path) -> tuple[Path, Notes]:
    """The folder of a release, and the notes of the next one, which changes all that can change."""
    publisher = Publisher(tmp_path)
    publisher.adds_picture("It is the third")
    first = publisher.publishes("v1")
    publisher.edits("It is the first}", "It is number one}")
    publisher.edits("question: Is it the second?", "question: Is this the second?")
    publisher.edits("faq:\n", "faq:\n  - {id: zeroth, question: Is it new?, answer: It is new}\n")
    publisher.edits("      - pink: Pink\n", "      - pink: Pink\n      - grey: Grey\n")
    publisher.runs(-3 * MONTH + 60, "retire", "resource/who", "--reason", "It is known")
    return first, Notes(publisher.publishes("v2"))


def newcomer(notes: Notes) -> dict[str, tuple[str, ...]]:
    """The fields of all notes in a collection that has the release alone."""
    with Learner() as other:
        other.imports(notes.folder / "demo.apkg")
        return {note.id: note.fields for note in other.state().notes.values()}


def lives(learner: Learner, first: Path) -> None:
    """Learn the first release, and write on two notes, of which the next one changes one."""
    learner.imports(first / "demo.apkg")
    learner.studies(5)
    learner.suspends(of("faq/flags"))
    for id in ("faq/first", "faq/third"):
        learner.edits(of(id), "My notes", f"Mine on {id}")
        learner.tags_note(of(id), "own::tag")
    learner.waits(5 * MONTH // 2)


def deletes_retired(learner: Learner, notes: Notes) -> None:
    found = learner.searches(notes.search("Retired: 1 note"))
    assert found == {of("resource/who")}
    for guid in found:
        learner.deletes(guid)


def test_a_learner_who_updates(releases, learner):
    first, notes = releases
    lives(learner, first)
    before = learner.state()
    package, says = notes.row("If you have an earlier release", "v1")
    log = learner.imports(notes.folder / package)
    after = learner.state()

    assert says == f"{log.new} note added, {log.updated} updated"
    assert log.conflicting == 0
    assert touched_cards(before, after) == set()
    assert changed_notes(before, after) == {"faq/zeroth", "faq/first", "faq/second", "faq/flags"}
    assert after.notes[of("faq/third")] == before.notes[of("faq/third")]
    assert learner.searches(notes.search("Corrected: 2 notes")) == {of("faq/first"), of("faq/flags")}
    deletes_retired(learner, notes)
    has = {note.id: note.fields[:-1] for note in learner.state().notes.values()}
    assert has == {id: fields[:-1] for id, fields in newcomer(notes).items()}
    whole = learner.imports(notes.folder / "demo.apkg")
    assert (whole.new, whole.updated) == (0, 0)


@reads_update_files
def test_a_learner_who_writes_on_cards(releases, learner):
    first, notes = releases
    lives(learner, first)
    before = learner.state()
    update, package = notes.row("If you write on cards", "v1")
    of_text = learner.imports_text(notes.folder / update)
    of_package = learner.imports(notes.folder / package)
    after = learner.state()

    assert (of_text.new, of_text.conflicting) == (0, 0)
    assert of_package == ImportLog(new=1, updated=0, duplicate=6, conflicting=0)
    assert touched_cards(before, after) == set()
    for id in ("faq/first", "faq/third"):
        assert after.notes[of(id)].fields[-1] == f"Mine on {id}"
        assert "own::tag" in after.notes[of(id)].tags
    deletes_retired(learner, notes)
    (reserved,) = [place for place, name in enumerate(learner.notes()["faq/first"].keys()) if name == "Reserve 2"]
    has = {note.id: note.fields for note in learner.state().notes.values()}
    should_have = newcomer(notes)
    assert has.keys() == should_have.keys()
    assert has["faq/first"][:reserved] == should_have["faq/first"][:reserved]
    assert has["faq/zeroth"] == should_have["faq/zeroth"]
    assert learner.media_problems() == ([], [])


def test_a_new_learner(releases, learner):
    _, notes = releases
    (name,) = re.findall(r"Download `(.*?)`", notes.section("For the first time"))

    assert learner.imports(notes.folder / name).new == 7
    assert learner.media_problems() == ([], [])
