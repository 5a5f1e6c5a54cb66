"""What a learner keeps when an author restructures: lists that grow into groups, new names, other files."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import sample
from author import MONTH, Author, of
from learner import Learner, State, visible

BEFORE, JUST_NOW, AFTER, LATER = -MONTH, -60, 100, 200
SET = of("faq/set")

FIVE = """\
domain: basics
source: [book]
faq:
  - {id: one, question: Is it one?, answer: It is one, why: Because, reverse: {question: What is it?, answer: One}}
  - id: set
    question: Name the parts.
    items:
      - north: North
      - east: East
      - south: South
      - west: West
      - middle: Middle
"""

SIX = """\
domain: basics
source: [book]
faq:
  - {id: one, question: Is it one?, answer: It is one, why: Because, reverse: {question: What is it?, answer: One}}
  - id: set
    question: Name the parts.
    groups:
      - id: long
        name: Along
        items: [north: North, middle: Middle, south: South]
      - id: wide
        name: Across
        items: [east: East, west: West, edge: Edge]
"""


@pytest.fixture
def lived(author: Author, learner: Learner) -> tuple[Author, Learner, State]:
    """A learner who has learned all cards of a list of five."""
    author.cards.write_text(FIVE)
    learner.imports(author.releases(BEFORE))
    learner.studies(99)
    learner.tags_note(of("faq/one"), "mine")
    return author, learner, learner.state()


def updated(author: Author, learner: Learner, at: int = AFTER) -> State:
    assert learner.imports(author.releases(at)).conflicting == 0
    return learner.state()


def keeps_cards(before: State, after: State) -> bool:
    """Whether all cards are still there, with their schedule and in their deck."""
    return all(after.cards.get(key) == card for key, card in before.cards.items())


def answers(learner: Learner) -> dict[int, str]:
    """What each card of the list asks for, by its ordinal; empty if Anki has nothing to ask."""
    found = {}
    for card in learner.cards():
        if card.note_id == "faq/set":
            asked = re.sub(
                '<div class="later">.*?</div>', "", card.back.rpartition('class="answer')[2], flags=re.DOTALL
            )
            hidden = re.findall(r'<span class="?cloze"?[^>]*>(.*?)</span>', asked.partition('class="full')[0])
            found[card.ordinal] = ", ".join(map(visible, hidden))
    return found


ITEMS = {0: "North", 1: "East", 2: "South", 3: "West", 4: "Middle"}


def test_items_that_were_learned_are_still_asked_when_their_list_is_divided_into_groups(lived, survives):
    author, learner, before = lived
    assert answers(learner) == {**ITEMS, 39: "North, East, South, West, Middle"}
    author.cards.write_text(SIX)
    after = updated(author, learner)

    groups = {5: "North, Middle, South", 6: "East, West, Edge"}
    assert answers(learner) == {**ITEMS, **groups, 39: "Along, Across"}
    assert after.cards.keys() - before.cards.keys() == {(SET, 5), (SET, 6)}
    assert learner.empty_cards() == 0
    survives("Cards of a list that the author divides into groups, or regroups", keeps_cards(before, after))
    author.edits("[north: North, middle: Middle, south: South]", "[north: North, south: South]")
    author.edits("[east: East, ", "[east: East, middle: Middle, ")
    learner.studies(99)
    before = learner.state()
    after = updated(author, learner, at=LATER)

    groups = {5: "North, South", 6: "East, Middle, West, Edge"}
    assert answers(learner) == {**ITEMS, **groups, 39: "Along, Across"}
    survives("Cards of a list that the author divides into groups, or regroups", keeps_cards(before, after))


def test_a_group_that_is_named_like_a_former_item_does_not_take_over_its_card(lived):
    author, learner, before = lived
    author.cards.write_text(SIX.replace("middle: Middle, ", "").replace("id: long", "id: middle"))
    after = updated(author, learner)

    assert keeps_cards(before, after)
    assert answers(learner) == {**ITEMS, 4: "", 5: "North, South", 6: "East, West, Edge", 39: "Along, Across"}


def test_renamed_items_and_groups_are_the_same_cards(author, learner, survives):
    author.cards.write_text(SIX)
    learner.imports(author.releases(BEFORE))
    learner.studies(99)
    before = learner.state()
    author.edits("id: long", "id: upright\n        was: long")
    author.edits("edge: Edge", "rim: {text: Edge, was: edge}")
    log = learner.imports(author.releases(AFTER))

    assert (log.new, log.updated) == (0, 0)
    survives("Everything, when the author renames an entry, an item, a group or a region", learner.state() == before)


PICTURES = """\
pictures:
  - id: sign
    domain: basics
    picture: media/dot.png
    title: A sign
    regions: [{id: face, name: Face, rect: [0, 0, 1, 0.5]}, {id: post, name: Post, rect: [0, 0.5, 1, 0.5]}]
  - {id: drawing, domain: basics, picture: media/sign.svg, title: A drawing}
"""
DRAWING = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 80 40">
  <g id="regions">
    <rect id="left" width="40" height="40"><title>Left</title></rect>
    <rect id="right" x="40" width="40" height="40"><title>Right</title></rect>
  </g>
</svg>
"""


def test_renamed_regions_are_the_same_cards(author, learner, survives):
    author.cards.write_text(PICTURES)
    media = author.folder / "decks/demo/media"
    media.mkdir()
    (media / "dot.png").write_bytes(sample.png())
    (media / "sign.svg").write_text(DRAWING)
    learner.imports(author.releases(BEFORE))
    learner.studies(99)
    before = learner.state()
    author.edits("id: face", "id: front, was: face")
    author.edits('id="left"', 'id="west" data-was="left"', "decks/demo/media/sign.svg")
    log = learner.imports(author.releases(AFTER))

    assert len(before.cards) == 4
    assert (log.new, log.updated) == (0, 0)
    survives("Everything, when the author renames an entry, an item, a group or a region", learner.state() == before)


def test_a_reason_that_was_taken_out_leaves_a_blank_card_until_empty_cards(lived, survives):
    author, learner, before = lived
    author.edits(", why: Because, reverse: {question: What is it?, answer: One}", "")
    after = updated(author, learner)

    assert learner.empty_cards() == 2
    survives(
        "A card whose item, reason or reverse the author deleted: it is blank until *Tools › Empty Cards*",
        keeps_cards(before, after),
    )


def test_a_deck_with_another_title_gets_only_new_cards(lived, survives):
    author, learner, before = lived
    author.edits("title: Demo", "title: Renamed", "decks/demo/deck.yaml")
    author.edits("faq:\n", "faq:\n  - {id: zeroth, question: Is it new?, answer: It is new}\n")
    after = updated(author, learner, at=JUST_NOW)

    assert after.cards[of("faq/zeroth"), 0].deck == "Renamed"
    survives("Cards in a deck that the author renamed; new cards go to the new name", keeps_cards(before, after))


def test_learners_who_rename_the_deck_as_the_warning_says_keep_one_deck(lived):
    author, learner, _ = lived
    learner.renames_deck("Demo", "Renamed")
    author.edits("title: Demo", "title: Renamed", "decks/demo/deck.yaml")
    author.edits("faq:\n", "faq:\n  - {id: zeroth, question: Is it new?, answer: It is new}\n")
    updated(author, learner, at=JUST_NOW)

    assert learner.decks() == ["Renamed"]


def test_another_tag_renames_the_note_types_and_the_tags(lived, survives):
    author, learner, before = lived
    author.edits("tag: sample", "tag: other", "decks/deckgen.yaml")
    after = updated(author, learner)

    assert {note.note_type for note in after.notes.values()} == {"deckgen question (other)", "deckgen list (other)"}
    assert not any("sample" in name for name in after.styling)
    assert after.notes[of("faq/one")].tags == ("other::domain::basics", "other::kind::faq")
    survives("Progress on all cards, when the author changes the tag of the project", keeps_cards(before, after))


def test_the_names_of_picture_files_and_the_dates_of_reading_sources_change_nothing(author, learner, survives):
    picture = "answer: '![a dot](media/dot.png)'"
    sample.write(author.folder, {"demo/media/dot.png": sample.png()}, base=False)
    author.edits("answer: It is the second}", f"{picture}}}")
    author.edits("title: A book", "title: A book\n  accessed: 2026-01-01", "decks/sources.yaml")
    learner.imports(author.releases(BEFORE))
    learner.studies(9)
    before = learner.state()
    media = Path(author.folder, "decks/demo/media")
    (media / "dot.png").rename(media / "point.png")
    author.edits("media/dot.png", "media/point.png")
    author.edits("2026-01-01", "2026-09-01", "decks/sources.yaml")
    log = learner.imports(author.releases(AFTER))

    assert (log.new, log.updated, log.conflicting) == (0, 0, 0)
    assert learner.media_problems() == ([], [])
    survives("Everything, when the author changed nothing", learner.state() == before)
