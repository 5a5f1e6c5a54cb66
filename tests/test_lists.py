"""Cards of sets and steps: what each shows and hides, and that nothing gives an answer away."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import sample
from deckgen.cards.note import Note

FAQ = "faq:\n  - id: set\n    domain: basics\n    question: Name them.\n"
STEPS = "procedures:\n  - id: tea\n    domain: basics\n    name: Making tea\n    steps:\n"


def items(count: int, indent: int = 6) -> str:
    return "".join(f"{' ' * indent}- i{number}: Thing {number}.\n" for number in range(1, count + 1))


def made(folder: Path, text: str) -> Note:
    (note,) = sample.notes(folder, text).values()
    return note


def cards(note: Note) -> dict[str, str]:
    """Each card's text by the id of what it asks, in the order of their numbers; a deletion is shown as [x]."""
    texts = {card: sample.field(note, f"Text {number}") for card, number in note.numbers.items()}
    return {card: _shown(text) for card, text in texts.items()}


def later(note: Note) -> dict[str, str]:
    """What the back of each card adds, by the id of what it asks."""
    texts = {card: sample.field(note, f"Text {number}") for card, number in note.numbers.items()}
    added = {card: re.findall(r'<div class="later">\{\{c\d+::(.*?)\}\}</div>', text) for card, text in texts.items()}
    return {card: _shown(" ".join(found)) for card, found in added.items() if found}


def _shown(html: str) -> str:
    html = re.sub(r'<div class="later">.*?</div>', "", html)
    text = re.sub(r"\{\{c\d+::(.*?)\}\}", r"[\1]", html.replace("<li>", " | "))
    return " ".join(re.sub("<[^>]*>", "", text.replace("<p", " <p")).split())


def test_a_set_of_three_is_asked_only_as_a_whole(tmp_path):
    assert cards(made(tmp_path, FAQ + "    items:\n" + items(3))) == {
        "*": "All three | [Thing 1.] | [Thing 2.] | [Thing 3.]",
    }


def test_a_set_of_four_is_also_asked_item_by_item(tmp_path):
    assert cards(made(tmp_path, FAQ + "    items:\n" + items(4))) == {
        "*": "All four | [Thing 1.] | [Thing 2.] | [Thing 3.] | [Thing 4.]",
        "i1": "The missing one | [Thing 1.] | Thing 2. | Thing 3. | Thing 4.",
        "i2": "The missing one | Thing 1. | [Thing 2.] | Thing 3. | Thing 4.",
        "i3": "The missing one | Thing 1. | Thing 2. | [Thing 3.] | Thing 4.",
        "i4": "The missing one | Thing 1. | Thing 2. | Thing 3. | [Thing 4.]",
    }


def test_an_open_set_asks_for_examples(tmp_path):
    note = made(tmp_path, FAQ + "    open: true\n    items:\n" + items(2))

    assert cards(note) == {"*": "The two examples | [Thing 1.] | [Thing 2.]"}
    assert "These are examples; there are more." in sample.field(note, "Full")


def test_an_open_set_is_asked_only_as_a_whole(tmp_path):
    assert list(cards(made(tmp_path, FAQ + "    open: true\n    items:\n" + items(4)))) == ["*"]


GROUPS = """\
    groups:
      - id: east
        name: East
        items: [a: A, b: B, c: C]
      - id: west
        name: West
        items: [d: D, e: E, f: {text: F, why: For f}]
"""


def test_a_grouped_set_asks_for_the_groups_and_for_each_ones_items(tmp_path):
    note = made(tmp_path, FAQ + GROUPS)

    assert cards(note) == {
        "*": "The two groups | [East] (3) | [West] (3)",
        "east/items": "The three items of this group East | [A] | [B] | [C]",
        "west/items": "The three items of this group West | [D] | [E] | [F]",
        "f/why": "F Why? [For f]",
    }
    assert later(note) == {
        "*": "| A | B | C | D | E | F",
        "east/items": "West | D | E | F",
        "west/items": "East | A | B | C",
    }


def test_steps_show_one_or_two_before_and_none_after(tmp_path):
    assert cards(made(tmp_path, STEPS + items(4))) == {
        "*": "All four, in order | [Thing 1.] | [Thing 2.] | [Thing 3.] | [Thing 4.]",
        "i1": "What comes first? | [Thing 1.]",
        "i2": "What comes next? | Thing 1. | [Thing 2.]",
        "i3": "What comes next? | Thing 1. | Thing 2. | [Thing 3.]",
        "i4": "What comes next? … | Thing 2. | Thing 3. | [Thing 4.]",
    }


def test_the_back_adds_the_steps_that_are_not_in_sight_with_their_numbers(tmp_path):
    note = made(tmp_path, STEPS + items(5))

    assert later(note) == {
        "i1": "| Thing 2. | Thing 3. | Thing 4. | Thing 5.",
        "i2": "| Thing 3. | Thing 4. | Thing 5.",
        "i3": "| Thing 4. | Thing 5.",
        "i4": "| Thing 1. | Thing 5.",
        "i5": "| Thing 1. | Thing 2.",
    }
    assert '<div class="later">{{c4::<ol><li>Thing 1.</li></ol><ol start="5">' in sample.field(note, "Text 4")


def test_only_what_is_asked_is_heard(tmp_path):
    names = ("one", "two", "three", "four")
    steps = "".join(f'      - {name}: "Say {name}. ![{name}](media/{name}.wav)"\n' for name in names)
    sounds: dict[str, str | bytes] = {f"demo/media/{name}.wav": sample.wav(place) for place, name in enumerate(names)}
    packages, _ = sample.compiled(sample.write(tmp_path, {"demo/cards.yaml": STEPS + steps, **sounds}))
    (note,) = packages[0].notes
    files = {file.name: file.path.stem for file in note.media}

    for card, name in enumerate(names):
        heard = re.findall(r"\[sound:([^\]]+)", sample.field(note, f"Text {card + 1}"))
        assert [files[file] for file in heard] == [name]


def test_more_than_seven_steps_are_not_asked_all_at_once(tmp_path):
    note = made(tmp_path, STEPS + items(8))

    assert "*" not in note.numbers
    assert sorted(note.numbers.values()) == [*range(1, 9)]
    assert sample.field(note, "Text 40") == ""


def test_a_step_with_a_reason_has_a_card_for_it(tmp_path):
    note = made(tmp_path, STEPS + items(2) + "      - last: {text: Drink., why: It is cold soon}\n")

    assert cards(note)["last/why"] == "Drink. Why? [It is cold soon]"


PHASES = """\
      phases:
        - id: before
          name: Before
          items: [a: A, b: B, c: C]
        - id: after
          name: After
          items: [d: D, e: E]
"""


@pytest.mark.parametrize("source", [FAQ + GROUPS, STEPS + PHASES], ids=["groups", "phases"])
def test_no_card_names_anything_twice(source, tmp_path):
    note = made(tmp_path, source)
    for number in note.numbers.values():
        text = re.sub("<[^>]*>", " ", sample.field(note, f"Text {number}"))
        words = re.findall(r"\b(?:East|West|Before|After|[A-F])\b", text)

        assert len(words) == len(set(words)), text


def test_phases_stand_above_their_steps_and_are_asked_themselves(tmp_path):
    assert cards(made(tmp_path, STEPS + PHASES)) == {
        "*": "The two phases, in order | [Before] | [After]",
        "a": "What comes first? Before | [A]",
        "b": "What comes next? Before | A | [B]",
        "c": "What comes next? Before | A | B | [C]",
        "d": "What comes next? … | B | C After | [D]",
        "e": "What comes next? … | C After | D | [E]",
    }


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        (FAQ + "    items:\n" + items(6), "6:7 long-list: expected at most 5 items, found 6"),
        (FAQ + GROUPS.replace("[a: A, b: B, c: C]", "[a: A]"), "8:16 short-list: expected at least two items, found 1"),
        (FAQ + GROUPS.replace("d: D", "a: D"), "11:17 duplicate-id: the id 'a' is already used in line 8"),
        (FAQ + GROUPS.replace("id: west", "id: east"), "9:9 duplicate-id: the id 'east' is already used in line 6"),
        (FAQ + GROUPS[: GROUPS.index("      - id: west")], "6:7 short-list: expected at least two groups, found 1"),
        (FAQ + GROUPS.replace("a: A", "a: A, x: X").replace("d: D", "d: D, z: Z, q: Q, r: R"),
            "11:16 long-list: expected at most 5 items, found 6"),
        (FAQ + GROUPS.replace("a: A", "a: A, x: X, y: Y").replace("d: D", "d: D, z: Z, q: Q"),
            "6:7 long-list: expected at most 9 items, found 10"),
        (FAQ + "    items: [a: A, b: {text: B, was: a}]\n",
            "5:19 duplicate-id: what is in column 13 of this line was first released as 'a'"),
        (FAQ + "    items: [a: A, a: B]\n",
            "5:19 duplicate-id: the id 'a' is already used in column 13 of this line"),
        (FAQ + GROUPS.replace("d: D", "d: {text: D, was: a}"),
            "11:17 duplicate-id: what is in line 8 was first released as 'a'"),
        (FAQ + GROUPS.replace("id: west", "id: west\n        was: east"),
            "9:9 duplicate-id: what is in line 6 was first released as 'east'"),
        (STEPS + items(13), "6:7 long-list: expected at most 12 steps, found 13"),
        (STEPS + PHASES.replace("d: D", "d: D, f: F, g: G, h: H, i: I, j: J, k: K"),
            "12:18 long-list: expected at most 7 steps, found 8"),
        (STEPS + items(1), "6:7 short-list: expected at least two steps, found 1"),
        (STEPS + PHASES.replace("[d: D, e: E]", "[d: D]"), "12:18 short-list: expected at least two steps, found 1"),
        (STEPS + PHASES[: PHASES.index("        - id: after")],
            "7:9 short-list: expected at least two phases, found 1"),
    ],
)  # fmt: skip
def test_lists_that_cannot_be_recalled(text, finding, tmp_path):
    assert sample.findings(tmp_path, text) == [finding]
