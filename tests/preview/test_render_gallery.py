"""Galleries: rendering again gives the same as rendering anew, and touches only the notes that changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

import sample
from author import CARDS
from deckgen.cards.note import Package
from deckgen.cards.note_type import AnkiSettings
from deckgen.compiler.history import packages_of
from deckgen.compiler.pipeline import compile_project
from deckgen.preview.earlier import Earlier, read_earlier
from deckgen.preview.gallery import Gallery
from deckgen.preview.render_gallery import GalleryRenderer

EDITS = {
    "an answer": ("answer: It is the first", "answer: It comes first", {"faq/first"}),
    "an answer of two cards": ("answer: It is the third", "answer: It comes third", {"faq/third"}),
    "a line moved": ("  - {id: second", "\n  - {id: second", {"faq/second", "faq/third", "faq/flags"}),
    "a warning": ("question: Is it the first?", "question: Was it not the first?", {"faq/first"}),
    "a tag": ("{id: first,", "{id: first, tags: [new],", {"faq/first"}),
    "a review": ("{id: first,", "{id: first, reviewed: {by: Dr. Who, on: 2026-11},", {"faq/first"}),
    "a domain": ("{id: first,", "{id: first, domain: others,", {"faq/first"}),
    "an item added": ("      - pink: Pink", "      - pink: Pink\n      - grey: Grey", {"faq/flags"}),
    "an item removed": ("      - pink: Pink\n", "", {"faq/flags"}),
    "easily confused": ("{id: first,", "{id: first, confuse_with: [second],", {"faq/first", "faq/second"}),
    "an entry removed": ("  - {id: second, question: Is it the second?, answer: It is the second}\n", "", set()),
}


@pytest.fixture
def linted(project: Path) -> Path:
    """The project with its content rules switched on."""
    (project / "deckgen.yaml").write_text(sample.PROJECT)
    return project


@pytest.fixture
def earlier(project: Path) -> Iterator[Earlier]:
    """The cards of the project before some of them were changed, removed and added."""
    (project / "demo/cards.yaml").write_text(
        CARDS.replace("It is the second}", "It was second}")
        .replace("id: third", "id: old-third")
        .replace("- pink: Pink", "- pink: Pink\n      - grey: Grey")
    )
    with packages_of(project) as packages:
        found = read_earlier("then", packages.values())
        (project / "demo/cards.yaml").write_text(CARDS)
        yield found


def states(gallery: Gallery) -> dict[str, list[str]]:
    return {note.id: [card.state for card in note.cards] for note in gallery.notes.values()}


@pytest.mark.parametrize("compared", [False, True], ids=["alone", "compared"])
@pytest.mark.parametrize("edit", EDITS)
def test_rendering_after_an_edit_equals_a_fresh_rendering_and_reuses_unchanged_notes(linted, earlier, edit, compared):
    before, after, changed = EDITS[edit]
    source = linted / "demo/cards.yaml"
    renderer = GalleryRenderer("x:{path}:{line}", earlier if compared else None)
    first = renderer.render(compile_project(linted))
    assert before in CARDS
    source.write_text(CARDS.replace(before, after))
    second = renderer.render(compile_project(linted))

    anew = GalleryRenderer("x:{path}:{line}", earlier if compared else None).render(compile_project(linted))
    assert second == anew
    assert list(second.notes) == list(anew.notes)
    again = {id for id, note in second.notes.items() if note is not first.notes.get(id)}
    assert changed <= again == {id for id, note in second.notes.items() if note != first.notes.get(id)}


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        ("style.css", "", ".card { color: red }"),
        ("note-types/plain/style.css", "20px", "30px"),
        ("note-types/plain/front.html", "<div>", "<div>{{Tags}} "),
        ("deckgen.yaml", "domains:", "words: {why: How come?}\ndomains:"),
    ],
)
def test_a_style_a_template_or_a_word_that_changed_is_shown(project, path, old, new):
    (project / "demo/own.yaml").write_text(
        "notes: [{id: own, domain: basics, type: plain, fields: {Front: Who?, Back: I}}]\n"
    )
    renderer = GalleryRenderer("x:{path}:{line}")
    renderer.render(compile_project(project))
    file = project / path
    file.write_text((file.read_text() if file.exists() else "").replace(old, new, 1))

    assert renderer.render(compile_project(project)) == GalleryRenderer("x:{path}:{line}").render(
        compile_project(project)
    )


def test_a_type_that_is_no_longer_adopted_is_shown_without_a_frame(project):
    (project / "demo/cards.yaml").write_text("notes: [{id: own, domain: basics, type: plain, fields: {Front: One}}]\n")
    now = compile_project(project)
    (note,) = [note for note in now.notes if note.id == "note/own"]
    adopted = replace(note.note_type, anki=AnkiSettings(1, {}, (), ()))
    deck = now.packages[0].decks[0]
    before = now._replace(
        packages=(Package("demo", (deck._replace(notes=(note._replace(note_type=adopted),), places=([1],)),)),)
    )
    renderer = GalleryRenderer()
    renderer.render(before)

    assert renderer.render(now) == GalleryRenderer().render(now)


def test_the_tags_that_a_template_shows_are_those_of_the_note(project):
    (project / "note-types/plain/front.html").write_text("{{Front}} {{Tags}}\n")
    own = project / "demo/own.yaml"
    own.write_text("notes: [{id: own, domain: basics, type: plain, fields: {Front: Who?, Back: I}}]\n")
    renderer = GalleryRenderer()
    renderer.render(compile_project(project))
    own.write_text(own.read_text().replace("domain: basics", "domain: others"))
    (card,) = renderer.render(compile_project(project)).notes["note/own"].cards

    assert "sample::domain::others" in card.now.front


def test_the_url_of_an_editor_may_have_other_braces(project):
    gallery = GalleryRenderer("x:{path}?{at}={line}:{column}&{").render(compile_project(project))

    assert gallery.notes["resource/who"].url.endswith("/decks/demo/cards.yaml?{at}=28:5&{")


def test_a_note_that_only_moved_keeps_its_rendered_cards(project):
    renderer = GalleryRenderer("x:{path}:{line}")
    before = renderer.render(compile_project(project)).notes["resource/who"]
    (project / "demo/cards.yaml").write_text(f"\n{CARDS}")
    after = renderer.render(compile_project(project)).notes["resource/who"]

    assert (after.line, after.url[-2:]) == (before.line + 1, str(before.line + 1))
    assert after.cards is before.cards


def test_cards_are_compared_with_an_earlier_version(project, earlier):
    gallery = GalleryRenderer(earlier=earlier).render(compile_project(project))
    found = states(gallery)

    assert found["faq/first"] == ["same"]
    assert found["faq/second"] == ["changed"]
    assert set(found["faq/third"]) == {"new"}
    assert set(found["faq/old-third"]) == {"removed"}
    assert found["faq/flags"][-2:] == ["removed", "changed"]  # cards of removed items stand with the others of a note
    assert list(found)[-1] == "faq/old-third"
    assert "It was second" in gallery.notes["faq/second"].cards[0].old.back


def test_a_removed_note_with_the_id_of_a_living_one_is_shown_as_well(project, earlier):
    """As in a package of another project."""
    other = Earlier("other", {f"other-{guid}": note for guid, note in earlier.notes.items()})
    gallery = GalleryRenderer(earlier=other).render(compile_project(project))
    found = states(gallery)

    assert found["faq/first"] == ["new"]
    assert len([id for id, kinds in found.items() if set(kinds) == {"removed"}]) == len(earlier.notes)
