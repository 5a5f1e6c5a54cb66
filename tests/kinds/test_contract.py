"""What every kind must keep, found by listing: a new kind is tested by being there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import sample
from deckgen.kinds.entry import AnyKind, Entry
from deckgen.kinds.registry import all_kinds
from deckgen.language.keys import keys
from deckgen.manual.manual import kind_example

KINDS = list(all_kinds().values())


def made(kind: AnyKind, tmp_path: Path):
    """The notes of the example in a kind's manual."""
    return sample.notes(tmp_path, kind_example(kind))


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
class TestEveryKind:
    def test_the_example_in_its_manual_makes_notes_with_cards(self, kind, tmp_path):
        notes = made(kind, tmp_path)

        assert notes
        assert all(note.cards for note in notes.values())
        assert all(note.identity.kind == kind.name for note in notes.values())

    def test_its_notes_are_the_same_each_time(self, kind, tmp_path):
        assert _contents(made(kind, tmp_path / "a")) == _contents(made(kind, tmp_path / "b"))

    def test_its_notes_have_all_fields_and_leave_the_learners_own_empty(self, kind, tmp_path):
        for note in made(kind, tmp_path).values():
            assert len(note.fields) == len(note.note_type.fields)
            if not note.note_type.is_from_project:  # one that the project brings has no field for the learner
                assert note.note_type.fields[-1].name == "My notes"
                assert note.fields[-1] == ""

    @pytest.mark.parametrize("key", ["topic", "hint", "extra"])
    def test_what_every_entry_may_say_is_on_a_card_or_a_message_says_that_it_is_not(self, kind, key, tmp_path):
        text = f"{key}: The {key} of it"
        example = re.sub("^  - (?=id: )", f"  - {text}\n    ", kind_example(kind), flags=re.MULTILINE)
        packages, findings = sample.compiled(sample.write(tmp_path, sample.with_media(example)))
        fields = "".join([note.text for package in packages for note in package.notes])

        assert f"The {key} of it" in fields or f"do not show '{key}'" in "".join(map(str, findings))

    def test_a_topic_for_all_entries_is_on_a_card_or_a_message_says_that_it_is_not(self, kind, tmp_path):
        example = f"topic: The topic of all\n{kind_example(kind)}"
        packages, findings = sample.compiled(sample.write(tmp_path, sample.with_media(example)))
        fields = "".join([note.text for package in packages for note in package.notes])

        assert ("The topic of all" in fields) is not ("do not show 'topic'" in "".join(map(str, findings)))

    def test_the_manual_of_every_key_is_a_sentence(self, kind):
        for name, declared in keys(kind.entry).items():
            assert declared.manual[0].isupper(), name
            assert declared.manual.endswith("."), name
            assert len(declared.manual) > 10, name

    def test_its_entries_have_the_keys_of_all_entries(self, kind):
        assert set(keys(Entry)) <= set(keys(kind.entry))

    def test_deckgen_new_asks_for_its_own_keys_only(self, kind):
        assert set(kind.asked) <= set(keys(kind.entry)) - {"id"}


def _contents(notes):
    return {id: (note.fields, note.cards, note.identity.tags) for id, note in notes.items()}
