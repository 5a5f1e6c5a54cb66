"""The cards of every kind look in this version of Anki as deckgen shows them, and have nothing that runs."""

from __future__ import annotations

import re
from pathlib import Path

import sample
from author import build_decks
from deckgen.cards.note import Note
from deckgen.cards.rendering import note_cards
from learner import Learner, visible

GOLDEN = Path(__file__).parents[1] / "golden/all-kinds/decks"


def test_every_card_shows_what_deckgen_shows(tmp_path):
    packages, _ = sample.compiled(GOLDEN)
    expected = {
        (_known_as(note), ord): tuple(map(_seen, sides))
        for package in packages
        for note in package.notes
        for ord, sides in note_cards(note)
    }
    with Learner() as learner:
        for path in build_decks(tmp_path, GOLDEN).glob("*.apkg"):
            learner.imports(path)
        cards = learner.cards()

    assert {(card.note_id, card.ordinal): (_seen(card.front), _seen(card.back)) for card in cards} == expected
    for card in cards:
        assert not re.search(r"<script|<iframe|\son[a-z]+\s*=|javascript:", card.front + card.back), card.note_id


def _seen(side: str) -> str:
    side = re.sub(r"</?span[^>]*>", "", side)  # only newer versions mark the deletions of other cards
    return re.sub(r"\[(?:sound:[^\]]*|anki:play:\w:\d+|anki:tts .*?\[/anki:tts)\]", "[sound]", visible(side))


def _known_as(note: Note) -> str:
    """What a learner knows a note by."""
    return note.identity.label if note.note_type.has_shared_field("Id") else note.identity.guid
