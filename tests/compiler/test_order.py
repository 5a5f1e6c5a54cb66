"""The order of new cards: foundations first, parts before the whole, and nothing about one thing in a row."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

import sample

STEPS = "[s1: Step one, s2: Step two, s3: Step three, s4: Step four]"
CARDS = (
    "procedures:\n"
    + "".join(
        f"  - {{id: p{n}, domain: basics, name: Procedure {n}, definition: It, steps: {STEPS}}}\n" for n in range(9)
    )
    + "resources:\n  - {id: r, domain: basics, name: R, role: A society}\nfaq:\n"
    + "".join(
        f"  - {{id: q{n}, domain: {'basics' if n < 9 else 'others'}, question: Q{n}?, answer: A}}\n" for n in range(18)
    )
)


def introduced(folder: Path, cards: str = CARDS, deck: str = "title: Demo\n") -> list[tuple[str, int]]:
    """The cards of a deck in the order in which Anki introduces them, each with its number."""
    packages, _ = sample.compiled(sample.write(folder, {"demo/cards.yaml": cards, "demo/deck.yaml": deck}))
    found = [
        (place, note.identity.label, ord + 1)
        for one in packages[0].decks
        for note, places in zip(one.notes, one.places, strict=True)
        for ord, place in zip(note.cards, places, strict=True)
    ]
    assert sorted(place for place, _, _ in found) == list(range(1, len(found) + 1))
    return [(label, number) for _, label, number in sorted(found)]


def test_questions_come_before_procedures_and_these_before_resources(tmp_path):
    kinds = [label.partition("/")[0] for label, _ in introduced(tmp_path)]

    assert kinds[:12] == ["faq"] * 12
    assert kinds.index("resource") > kinds.index("procedure")


def test_a_definition_comes_before_the_steps_and_these_before_the_whole(tmp_path):
    own = [card for card in introduced(tmp_path) if card[0].startswith("procedure/p3/")]

    assert own == [("procedure/p3/definition", 1), *[("procedure/p3/steps", number) for number in (1, 2, 3, 4, 40)]]


def test_cards_of_one_entry_are_not_in_a_row_while_there_are_others(tmp_path):
    entries = ["/".join(label.split("/")[:2]) for label, _ in introduced(tmp_path)]

    assert [one for one, other in pairwise(entries[:-6]) if one == other] == []


def test_a_list_among_single_questions_is_spread_too(tmp_path):
    items = "[a: One, b: Two, c: Three, d: Four, e: Five]"
    cards = "faq:\n" + "".join(
        f"  - {{id: q{n}, domain: basics, question: Q{n}?, {f'items: {items}' if n == 9 else 'answer: A'}}}\n"
        for n in range(50)
    )
    places = [place for place, (label, _) in enumerate(introduced(tmp_path, cards)) if label == "faq/q9"]

    assert len(places) == 6
    assert min(later - earlier for earlier, later in pairwise(places)) == 6


def test_questions_of_different_domains_take_turns(tmp_path):
    numbers = [int(label.removeprefix("faq/q")) for label, _ in introduced(tmp_path) if label.startswith("faq/")]

    assert numbers == [number for pair in zip(range(9), range(9, 18), strict=True) for number in pair]


@pytest.mark.parametrize(
    ("subdecks", "names"),
    [
        ("none", ["Demo"]),
        ("kind", ["Demo::Procedures", "Demo::Questions", "Demo::Resources"]),
        ("domain", ["Demo::Basics", "Demo::Other things"]),
        ("folder", ["Demo"]),
    ],
)
def test_a_deck_is_divided_as_its_file_says(subdecks, names, tmp_path):
    deck = f"title: Demo\nsubdecks: {subdecks}\n"
    packages, _ = sample.compiled(sample.write(tmp_path, {"demo/cards.yaml": CARDS, "demo/deck.yaml": deck}))

    assert packages[0].decks[0].name == "Demo"
    assert sorted(deck.name for deck in packages[0].decks if deck.notes) == names
    assert introduced(tmp_path / "again", deck=deck) == introduced(tmp_path / "other")
