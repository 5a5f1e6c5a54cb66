"""Learners who changed a note type: what the next update does to them, and what they must do to get it."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import pytest

from author import AFTER, JUST_NOW, of
from learner import NEVER, Learner, changed_notes, new_cards, touched_cards

TYPE = "deckgen question (sample)"
REWORDED = ("It is the second}", "Surely it is the second}")
MERGE_SINCE = (23, 10)
"""Since when Anki's import window has the option *Merge note types*."""


class Change(NamedTuple):
    """What a learner did to a note type, and how it is undone."""

    done: Callable[[Learner], None]
    undone: Callable[[Learner], None]


def _adds_field(learner: Learner) -> None:
    learner.adds_field(TYPE, "Mnemonic")
    learner.edits(of("faq/first"), "Mnemonic", "First things first")


STRUCTURE = {
    "a field of your own": Change(_adds_field, lambda learner: learner.removes_field(TYPE, "Mnemonic")),
    "a card template of your own": Change(
        lambda learner: learner.adds_template(TYPE, "Own", "{{Answer}}", "{{Question}}"),
        lambda learner: learner.removes_template(TYPE, "Own"),
    ),
    "another order of fields": Change(
        lambda learner: learner.moves_field(TYPE, "My notes", 0),
        lambda learner: learner.moves_field(TYPE, "My notes", 19),
    ),
}


@pytest.fixture(params=STRUCTURE)
def restructured(request, lived):
    """A learner who changed the fields or templates of a note type."""
    author, learner, _ = lived
    change = STRUCTURE[request.param]
    change.done(learner)
    return request.param, change, author, learner


def test_another_structure_costs_a_learner_nothing_but_the_updates(restructured, survives):
    what, _, author, learner = restructured
    before = learner.state()
    author.edits(*REWORDED)
    author.edits("faq:\n", "faq:\n  - {id: zeroth, question: Is it new?, answer: It is new}\n")
    learner.imports(author.releases(JUST_NOW))
    after = learner.state()

    assert touched_cards(before, after) == set()
    assert new_cards(before, after) == {(of("faq/zeroth"), 0)}
    assert after.notes[of("faq/zeroth")].note_type == f"{TYPE}+"
    changed = changed_notes(before, after)
    survives(f"Everything you have, with {what}", changed <= {"faq/second", "faq/zeroth"})
    survives(f"Updates, with {what}, if you import as usual", "faq/second" in changed, since=NEVER)


def test_updates_need_merge_note_types(restructured, survives):
    what, change, author, learner = restructured
    before = learner.state()
    author.edits(*REWORDED)
    learner.imports(author.releases(AFTER), merge_notetypes=True)
    arrived = learner.state()

    assert touched_cards(before, arrived) == set()
    assert new_cards(before, arrived) == set()
    merged = changed_notes(before, arrived) == {"faq/second"}
    survives(f"Updates, with {what}, if you import with *Merge note types*", merged, since=MERGE_SINCE)
    change.undone(learner)  # what the learner added is still there


def test_a_second_note_type_is_merged_again(restructured, survives):
    """Whoever imports without the option once, and with it from then on, has a single note type in the end."""
    _, _, author, learner = restructured
    author.edits("faq:\n", "faq:\n  - {id: zeroth, question: Is it new?, answer: It is new}\n")
    learner.imports(author.releases(JUST_NOW))
    before = learner.state()
    learner.imports(author.releases(AFTER), merge_notetypes=True)
    after = learner.state()

    assert touched_cards(before, after) == set()
    kept = f"{TYPE}+" not in after.styling and after.notes[of("faq/zeroth")].note_type == TYPE
    survives("One note type: *Merge note types* removes a second one, named with a '+'", kept, since=MERGE_SINCE)


def test_updates_arrive_once_the_structure_is_restored(restructured, survives):
    what, change, author, learner = restructured
    change.undone(learner)
    before = learner.state()
    author.edits(*REWORDED)
    learner.imports(author.releases(AFTER))
    after = learner.state()

    assert touched_cards(before, after) == set()
    survives(f"Updates, if you undo {what} before you import", changed_notes(before, after) == {"faq/second"})


def test_a_note_type_may_be_renamed(lived, survives):
    author, learner, _ = lived
    learner.changes_type(TYPE, lambda found: found.update(name="My questions"))
    before = learner.state()
    author.edits(*REWORDED)
    learner.imports(author.releases(AFTER))
    after = learner.state()

    assert touched_cards(before, after) == set()
    assert changed_notes(before, after) == {"faq/second"}
    survives("Your name of a note type", after.notes[of("faq/second")].note_type == "My questions")


def test_a_field_may_be_renamed(lived, survives):
    author, learner, _ = lived
    learner.changes_type(TYPE, lambda found: found["flds"][-1].update(name="Mine"))
    before = learner.state()
    author.edits(*REWORDED)
    learner.imports(author.releases(AFTER))
    after = learner.state()

    assert touched_cards(before, after) == set()
    survives("Your name of a field", changed_notes(before, after) == {"faq/second"}, since=(23, 10))


def test_own_templates_stay_until_the_authors_changes(lived, survives):
    author, learner, _ = lived
    learner.changes_type(TYPE, lambda found: found["tmpls"][0].update(qfmt="{{Question}}, says the deck"))
    author.edits(*REWORDED)
    learner.imports(author.releases(AFTER))

    front = next(card.front for card in learner.cards() if card.note_id == "faq/first")
    survives("Your own templates, until a new deckgen changes the card templates", front.endswith("says the deck"))
