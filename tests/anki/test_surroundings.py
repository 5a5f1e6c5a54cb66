"""What learners have around the cards, and other ways to import: decks and their options, filtered decks, note types
that they chose themselves, copies of their collection, add-ons that import."""

from __future__ import annotations

from typing import Any

from author import AFTER, JUST_NOW, of
from learner import NEVER, Learner, anki_at_least, changed_notes, new_cards, touched_cards

REWORDED = ("It is the second}", "Surely it is the second}")
GROWN = ("      - pink: Pink\n", "      - pink: Pink\n      - grey: Grey\n")
OPTIONS: dict[str, Any] = {"collapsed": True, "newLimit": 7, "reviewLimit": 11, "desiredRetention": 88}


def _configures(learner: Learner) -> None:
    """Set the options of the deck, of Anki's default preset and of one of the learner's own."""
    decks = learner.col.decks
    preset = decks.get_config(decks.add_config_returning_id("Mine"))
    default = decks.get_config(1)
    default["name"], default["new"]["perDay"] = "Everyday", 99
    for config in (preset, default):
        decks.update_config(config)
    deck = decks.by_name("Demo")
    deck |= {**OPTIONS, "desc": "My own description", "conf": preset["id"]}
    decks.save(deck)


def test_the_options_of_a_deck(lived, survives):
    author, learner, _ = lived
    _configures(learner)
    decks = learner.col.decks
    before, presets = decks.by_name("Demo"), decks.all_config()
    author.edits(*REWORDED)
    learner.imports(author.releases(AFTER), **({"with_deck_configs": True} if anki_at_least(23, 12) else {}))
    after = decks.by_name("Demo")

    kept = decks.all_config() == presets and all(after[name] == before[name] for name in (*OPTIONS, "conf"))
    survives("Your options, limits and presets of a deck", kept)
    survives("Your own description of a deck", after["desc"] == "My own description", since=NEVER)


def test_cards_in_a_filtered_deck(lived, survives):
    author, learner, _ = lived
    decks, scheduler = learner.col.decks, learner.col.sched
    cram = decks.get(decks.new_filtered("Cram"))
    cram["terms"] = [["deck:Demo", 100, 1]]
    decks.save(cram)
    scheduler.rebuild_filtered_deck(cram["id"])
    before = learner.state()
    author.edits(*REWORDED)
    author.edits(*GROWN)
    learner.imports(author.releases(AFTER))
    after = learner.state()

    assert {card.deck for card in before.cards.values()} > {"Cram"}
    assert after.cards[of("faq/flags"), 4].deck == "Demo"
    survives("Cards in a filtered deck; new cards go to the deck itself", touched_cards(before, after) == set())


def test_a_note_whose_type_the_learner_changed(lived, survives):
    author, learner, _ = lived
    models = learner.col.models
    note = learner._note(of("faq/second"))
    models.change(note.note_type(), [note.id], models.by_name("Basic"), {0: 0, 1: 1}, {0: 0})
    before = learner.state()
    author.edits(*REWORDED)
    author.edits("{id: second,", "{id: second, why: Because,")
    learner.imports(author.releases(AFTER))
    after = learner.state()

    survives("Everything you have on a note that you changed to another note type", after == before)
    survives("Updates of a note that you changed to another note type", after != before, since=NEVER)


def test_a_copy_of_the_collection(lived, survives, tmp_path):
    author, learner, before = lived
    learner.exports(tmp_path / "copy.apkg", legacy=True)
    author.edits(*REWORDED)
    package = author.releases(AFTER)
    with Learner() as other:
        other.imports(tmp_path / "copy.apkg")
        copied = other.state()
        other.imports(package)
        after = other.state()

    assert copied.cards.keys() == before.cards.keys()
    assert touched_cards(copied, after) == set()
    arrived = changed_notes(copied, after) == {"faq/second"}
    survives("Updates of cards that you exported and imported elsewhere", arrived)


def test_nothing_is_left_for_a_full_sync(lived, survives):
    author, learner, _ = lived
    tables = ("notes", "cards", "notetypes", "tags", "deck_config")
    for table in tables:
        learner.col.db.execute(f"update {table} set usn = 5")
    schema = learner.col.db.scalar("select scm from col")
    learner.imports(author.releases(AFTER))
    left = {table: learner.col.db.scalar(f"select count() from {table} where usn = -1") for table in tables}
    author.edits(*REWORDED)
    author.edits("faq:\n", "faq:\n  - {id: zeroth, question: Is it new?, answer: It is new}\n")
    (author.folder / "decks/style.css").write_text(".card { font-size: 30px }\n")
    learner.imports(author.releases(JUST_NOW))

    assert left == dict.fromkeys(tables, 0)
    assert "30px" in learner.state().styling["deckgen question (sample)"]
    same = schema == learner.col.db.scalar("select scm from col")
    survives("Your sync with AnkiWeb: no update asks for a full one", same)


def test_an_add_on_that_imports(lived, survives):
    """AnkiConnect calls this class. Up to 26.08 it is Anki's importer in Python, from then on one that merges note
    types and takes learning progress and presets from the package (``pylib/anki/importing.py``)."""
    import anki.lang
    from anki.importing import AnkiPackageImporter

    author, learner, _ = lived
    _configures(learner)
    anki.lang.set_lang("en")
    before, presets = learner.state(), learner.col.decks.all_config()
    for edit, new in (((*REWORDED,), set()), (GROWN, {(of("faq/flags"), 4)})):
        author.edits(*edit)
        AnkiPackageImporter(learner.col, str(author.releases(AFTER))).run()
        after = learner.state()
        assert new_cards(before, after) == new
    kept = touched_cards(before, after) == set() and learner.col.decks.all_config() == presets
    changed = changed_notes(before, after) == {"faq/second", "faq/flags"}
    what = "Your cards, and notes that did not change, when an add-on such as AnkiConnect imports the package"
    survives(what, kept and changed)
