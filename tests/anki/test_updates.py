"""The promise, kept by the real Anki: an update touches the notes that changed, and nothing else of the learner's.

Each test is a story: a learner imports a release and lives with it, the author changes something and releases again,
the learner imports that. Then every note and card is compared with what it was.
"""

from __future__ import annotations

import re

from author import AFTER, BEFORE, JUST_NOW, LATER, MONTH, Author, of
from learner import NEVER, ImportLog, Learner, State, changed_notes, new_cards, touched_cards, visible

TYPE = "deckgen question (sample)"


def updated(author: Author, learner: Learner, at: int = AFTER) -> State:
    log = learner.imports(author.releases(at))

    assert log.conflicting == 0
    return learner.state()


# --- what the author changes, one thing at a time ---------------------------------------------------------------------

REWORDED = ("It is the second}", "Surely it is the second}")


def test_nothing_changed_nothing_happens(lived, survives):
    author, learner, before = lived
    log = learner.imports(author.releases(AFTER))

    assert (log.new, log.updated, log.conflicting) == (0, 0, 0)
    assert learner.state() == before
    survives("Everything, when the author changed nothing")


def test_a_reworded_note_changes_and_no_card_does(lived, survives):
    author, learner, before = lived
    author.edits(*REWORDED)
    after = updated(author, learner)

    assert changed_notes(before, after) == {"faq/second"}
    assert "Surely it is the second" in after.notes[of("faq/second")].fields
    assert touched_cards(before, after) == set()
    assert new_cards(before, after) == set()
    survives("Scheduling, suspension, flags, burying and deck of every card")
    survives("Your edits and tags on notes that the author did not change")


def test_anki_computes_what_a_package_leaves_out(lived):
    author, learner, _ = lived
    before = learner.sort_fields()
    author.edits("question: Is it the second?", "question: Was it the second?")
    updated(author, learner)
    after = learner.sort_fields()

    assert before[of("faq/second")][0] == "Is it the second?"
    assert after[of("faq/second")][0] == "Was it the second?"
    assert all(text and checksum for text, checksum in (*before.values(), *after.values()))
    assert len({checksum for _, checksum in after.values()}) == len(after)


def test_reordering_entries_changes_nothing(lived):
    author, learner, before = lived
    line = "  - {id: first, question: Is it the first?, answer: It is the first}\n"
    author.edits(line, "")
    author.edits("\nprocedures:", f"{line}\nprocedures:")

    assert updated(author, learner) == before


def test_a_step_inserted_in_the_middle_keeps_every_other_card(lived, survives):
    author, learner, before = lived
    author.edits("      - pour:", "      - stir: Stir them.\n      - pour:")
    after = updated(author, learner)

    assert changed_notes(before, after) == {"procedure/tea/steps"}
    assert touched_cards(before, after) == set()
    assert new_cards(before, after) == {(of("procedure/tea/steps"), 5)}
    survives("Cards of a list or of steps, when others are added, moved or removed")


def test_a_removed_step_leaves_the_other_cards(lived):
    author, learner, before = lived
    author.edits("      - warm: Warm the pot.\n", "")
    after = updated(author, learner)

    assert changed_notes(before, after) == {"procedure/tea/steps"}
    assert touched_cards(before, after) == set()
    assert new_cards(before, after) == set()
    assert "Warm" not in "".join(after.notes[of("procedure/tea/steps")].fields)


def test_reordered_steps_keep_their_cards(lived):
    author, learner, before = lived
    author.edits("      - warm: Warm the pot.\n", "")
    author.edits("      - boil:", "      - warm: Warm the pot.\n      - boil:")
    after = updated(author, learner)

    assert changed_notes(before, after) == {"procedure/tea/steps"}
    assert touched_cards(before, after) == set()
    assert new_cards(before, after) == set()


def test_an_item_added_to_a_set_is_one_new_card(lived):
    author, learner, before = lived
    author.edits("      - pink: Pink\n", "      - pink: Pink\n      - grey: Grey\n")
    after = updated(author, learner)

    assert changed_notes(before, after) == {"faq/flags"}
    assert touched_cards(before, after) == set()
    assert new_cards(before, after) == {(of("faq/flags"), 4)}


def test_another_domain_changes_tags_and_no_card(lived):
    author, learner, before = lived
    author.edits("{id: second, ", "{id: second, domain: others, ")
    after = updated(author, learner)

    assert changed_notes(before, after) == {"faq/second"}
    assert after.notes[of("faq/second")].tags == ("sample::domain::others", "sample::kind::faq")
    assert touched_cards(before, after) == set()


def test_a_reason_added_is_one_new_card(lived):
    author, learner, before = lived
    author.edits("answer: It is the second}", "answer: It is the second, why: Because}")
    after = updated(author, learner)

    assert changed_notes(before, after) == {"faq/second"}
    assert touched_cards(before, after) == set()
    assert new_cards(before, after) == {(of("faq/second"), 1)}


def test_a_renamed_entry_is_the_same_note(lived, survives):
    author, learner, before = lived
    author.edits("{id: second, ", "{id: other, was: second, ")
    after = updated(author, learner)

    survives("Everything, when the author renames an entry, an item, a group or a region", after == before)


def test_a_new_note_is_added_beside_the_others(lived):
    author, learner, before = lived
    author.edits("faq:\n", "faq:\n  - {id: zeroth, question: Is it new?, answer: It is new}\n")
    after = updated(author, learner, at=JUST_NOW)

    assert changed_notes(before, after) == {"faq/zeroth"}
    assert touched_cards(before, after) == set()
    assert new_cards(before, after) == {(of("faq/zeroth"), 0)}


def test_other_templates_and_styling_change_no_note_and_no_card(lived, monkeypatch):
    """As a new deckgen would: the lock remembers another hash of the note type than today's."""
    author, learner, before = lived
    lock = author.folder / "decks/deckgen.lock"
    lines = [line.split(" ") for line in lock.read_text().splitlines()]
    changed = [[*line[:2], "0" * 16, *line[3:]] if line[:2] == ["type", "question"] else line for line in lines]
    lock.write_text("".join(" ".join(line) + "\n" for line in changed))
    learner.restyles(TYPE, "/* as it was in an older deckgen */")
    restyled = learner.state()
    after = updated(author, learner)

    assert changed_notes(before, after) == set()
    assert touched_cards(before, after) == set()
    assert new_cards(before, after) == set()
    assert "--accent" in after.styling[TYPE]
    assert restyled.styling[TYPE] != after.styling[TYPE]


RETIRED = """\
retired:
  - {id: faq/second, title: Is it the second?, reason: It was not., successor: faq/first}
  - {id: faq/flags, reason: Too colourful.}
"""


def test_one_search_finds_the_retired_notes(lived, survives):
    author, learner, before = lived
    text = author.cards.read_text()
    author.edits("  - {id: second, question: Is it the second?, answer: It is the second}\n", "")
    author.edits(text[text.index("  - id: flags") : text.index("\nprocedures:")], "")
    author.writes("decks/demo/retired.yaml", RETIRED)
    package = author.releases(AFTER)
    learner.imports(package)
    survives("Retired cards: they stay until you delete them", learner.state() == before)
    search = package.with_name("demo-retired.txt").read_text().split("\n\n")[2]
    found = {before.notes[guid].id for guid in learner.searches(search)}

    assert learner.searches("") == set(before.notes)
    survives("Retired cards: one search finds exactly these", found == {"faq/second", "faq/flags"})


TEN_STEPS = """\
domain: basics
procedures:
  - id: ten
    name: The ten steps
    steps:
""" + "".join(f"      - s{number}: Step number {number}.\n" for number in range(1, 11))


def test_ten_steps_one_inserted_one_reworded_one_deleted(author, learner):
    author.cards.write_text(TEN_STEPS)
    learner.imports(author.releases(BEFORE))
    learner.studies(6)
    learner.flags(of("procedure/ten/steps"), 2)
    before = learner.state()
    author.edits("      - s5:", "      - new: A new step.\n      - s5:")
    author.edits("Step number 7.", "Step seven, reworded.")
    author.edits("      - s9: Step number 9.\n", "")
    log = learner.imports(author.releases(AFTER))
    after = learner.state()

    assert log == ImportLog(new=0, updated=1, duplicate=0, conflicting=0)
    assert touched_cards(before, after) == set()
    assert len(before.cards) == 10
    assert new_cards(before, after) == {(of("procedure/ten/steps"), 10)}
    order = ["1", "2", "3", "4", "new", "5", "6", "seven", "8", "10"]
    for card in learner.cards():
        if card.ordinal != 8:  # the deleted step's, which is now empty
            asked = visible(card.back.split('class="answer')[-1].split('class="later"')[0].split("<li>")[-1])
            place = next(place for place, word in enumerate(order) if word in re.split(r"\W+", asked))
            later = [word for word in order[place:] if re.search(rf"\b{word}\b", visible(card.front).split("order")[1])]
            assert later == [], f"the front shows {later}"


# --- what the learner does --------------------------------------------------------------------------------------------


def test_of_two_edits_to_one_note_the_later_wins(lived, survives):
    author, learner, before = lived
    author.edits("It is the first}", "It is the first revised}")
    after = updated(author, learner, at=JUST_NOW)

    assert after == before
    survives("Your edits to a note that the author changed, when yours are later")
    author.edits("It is the first revised}", "It is the first revised again}")
    after = updated(author, learner, at=AFTER)

    assert changed_notes(before, after) == {"faq/first"}
    kept = "own::tag" in after.notes[of("faq/first")].tags
    survives("Your edits, tags and My notes on a note that the author changed later", kept, since=NEVER)


def test_a_renamed_deck_keeps_its_cards(lived, survives):
    author, learner, _ = lived
    learner.renames_deck("Demo", "Renamed")
    before = learner.state()
    author.edits(*REWORDED)
    author.edits("faq:\n", "faq:\n  - {id: zeroth, question: Is it new?, answer: It is new}\n")
    after = updated(author, learner, at=JUST_NOW)

    assert touched_cards(before, after) == set()
    assert after.cards[of("faq/zeroth"), 0].deck == "Demo"
    survives("Cards in a deck that you renamed or moved them to; new cards go to the deck's old name")


def test_a_deleted_note_comes_back(lived, survives):
    author, learner, _ = lived
    learner.deletes(of("faq/second"))
    before = learner.state()
    after = updated(author, learner)

    assert changed_notes(before, after) <= {"faq/second"}
    assert touched_cards(before, after) == set()
    absent = of("faq/second") not in after.notes
    survives("The absence of a note that you deleted (suspend it instead)", absent, since=NEVER)


def test_own_styling_stays_until_the_authors_changes(lived, survives):
    author, learner, _ = lived
    learner.restyles(TYPE, ".card { color: red }")
    author.edits(*REWORDED)
    after = updated(author, learner)

    assert after.styling[TYPE] == ".card { color: red }"
    survives("Your own styling, until a new deckgen changes the card templates")


# --- releases ---------------------------------------------------------------------------------------------------------


def test_two_releases_in_a_row(lived):
    author, learner, before = lived
    author.edits(*REWORDED)
    middle = updated(author, learner, at=-MONTH // 2)
    author.edits("It is the third,", "It is the third indeed,")
    after = updated(author, learner, at=LATER)

    assert changed_notes(before, middle) == {"faq/second"}
    assert changed_notes(middle, after) == {"faq/third"}
    assert touched_cards(before, after) == set()


def test_skipping_a_release(lived):
    author, learner, before = lived
    author.edits(*REWORDED)
    author.releases(AFTER)
    author.edits("It is the third,", "It is the third indeed,")
    after = updated(author, learner, at=LATER)

    assert changed_notes(before, after) == {"faq/second", "faq/third"}
    assert touched_cards(before, after) == set()


def test_a_release_from_before_the_last_import(author, learner, survives):
    """Anki up to 24.11 dates an updated note with the moment of the import, and then ignores what was made before."""
    learner.imports(author.releases(-3 * MONTH))
    author.edits(*REWORDED)
    second = author.releases(-2 * MONTH)
    author.edits("Surely it is the second}", "Certainly it is the second}")
    third = author.releases(-MONTH)
    learner.imports(second)
    before = learner.state()
    learner.imports(third)
    arrived = changed_notes(before, learner.state()) == {"faq/second"}
    survives("The second of two updates of a note, released before you imported the first", arrived, since=(25, 2))


def test_an_old_package_over_a_new_one_changes_nothing(author, learner, survives):
    old = author.releases(BEFORE)
    author.edits(*REWORDED)
    learner.imports(author.releases(-MONTH // 2))
    learner.studies(9)
    learner.edits(of("faq/first"), "Answer", "It is the first, I think")
    before = learner.state()
    log = learner.imports(old)

    assert (log.new, log.updated, log.conflicting) == (0, 0, 0)
    assert learner.state() == before
    survives("Everything, when you import an older package again")


def test_the_work_of_two_branches_arrives_together(lived, tmp_path):
    author, learner, before = lived
    lock = author.folder / "decks/deckgen.lock"
    base, text = lock.read_text(), author.cards.read_text()
    author.edits(*REWORDED)
    author.edits("      - pink: Pink\n", "      - pink: Pink\n      - grey: Grey\n")
    author.releases(AFTER)
    theirs = lock.read_text()
    lock.write_text(base)
    author.cards.write_text(text)
    author.edits("It is the third,", "It is the third indeed,")
    author.edits("      - pink: Pink\n", "      - pink: Pink\n      - gold: Gold\n")
    author.releases(AFTER + 10)
    lock.write_text("".join(sorted(set(theirs.splitlines(True)) | set(lock.read_text().splitlines(True)))))
    author.edits(*REWORDED)
    author.edits("      - gold: Gold\n", "      - gold: Gold\n      - grey: Grey\n")
    author.edits("      - red: Red\n", "")
    after = updated(author, learner, at=LATER)

    assert changed_notes(before, after) == {"faq/second", "faq/third", "faq/flags"}
    assert touched_cards(before, after) == set()
    assert new_cards(before, after) == {(of("faq/flags"), 5), (of("faq/flags"), 6)}


def test_learners_of_a_hotfix_get_the_text_that_the_merge_kept(lived):
    author, learner, before = lived
    lock = author.folder / "decks/deckgen.lock"
    base, text = lock.read_text(), author.cards.read_text()
    author.edits("It is the first}", "It is the first says the main branch}")
    author.releases(AFTER)
    ours, kept = lock.read_text(), author.cards.read_text()
    lock.write_text(base)
    author.cards.write_text(text)
    author.edits("It is the first}", "It is the first says the hotfix}")
    updated(author, learner, at=AFTER + 10)
    lock.write_text("".join(sorted({*ours.splitlines(True), *lock.read_text().splitlines(True)})))
    author.cards.write_text(kept)
    after = updated(author, learner, at=LATER)

    assert "It is the first says the main branch" in learner.notes()["faq/first"]["Answer"]
    assert changed_notes(before, after) == {"faq/first"}
    assert touched_cards(before, after) == set()


def test_a_package_of_a_project_that_lost_its_lock_updates_the_same_notes(lived):
    author, learner, before = lived
    (author.folder / "decks/deckgen.lock").unlink()
    log = learner.imports(author.releases(JUST_NOW))

    assert (log.new, log.conflicting) == (0, 0)
    assert learner.state().notes.keys() == before.notes.keys()
    assert touched_cards(before, learner.state()) == set()


# --- pictures ---------------------------------------------------------------------------------------------------------


def test_a_picture_that_was_lost_comes_back(author, learner, survives):
    author.adds_picture("It is the second")
    package = author.releases(BEFORE)
    learner.imports(package)
    assert learner.media_problems() == ([], [])
    learner.loses_media()
    assert len(learner.media_problems()[0]) == 1
    learner.imports(package)

    survives("Pictures that you lost: they come back when you import again", learner.media_problems() == ([], []))
