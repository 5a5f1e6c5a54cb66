"""Cards as deckgen shows them in a preview are the cards that the real Anki shows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

import sample
from author import build_decks
from deckgen.cards.note import Note
from deckgen.cards.note_type import Field, NoteType, Template
from deckgen.cards.rendering import note_cards, render
from learner import Learner

REPOSITORY = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def anki() -> Iterator[Learner]:
    with Learner() as learner:
        yield learner


@pytest.mark.parametrize("decks", ["decks", "tests/golden/all-kinds/decks"])
def test_every_card_of_the_decks(decks, tmp_path):
    packages, _ = sample.compiled(REPOSITORY / decks)
    ours = {
        (_known_as(note), ord): sides
        for package in packages
        if not package.retired
        for note in package.notes
        for ord, sides in note_cards(note)
    }
    with Learner() as learner:
        for path in build_decks(tmp_path, REPOSITORY / decks).glob("*.apkg"):
            learner.imports(path)
        cards = {(card.note_id, card.ordinal): _sounds((card.front, card.back)) for card in learner.cards()}

    assert len(cards) > 25
    assert {key: _sounds(sides) for key, sides in ours.items()} == cards


def _sounds(sides: tuple[str, str]) -> tuple[str, ...]:
    """Sides with one mark for every sound: Anki numbers them."""
    return tuple(
        re.sub(r"\[(?:sound:[^\]]*|anki:play:\w:\d+|anki:tts .*?\[/anki:tts)\]", "[sound]", side) for side in sides
    )


def test_turning_a_card_plays_only_the_sounds_of_the_answer(tmp_path):
    cards = """
        faq:
          - id: heard
            domain: basics
            question: "Which note is this? ![a note](media/asked.wav)"
            answer: "A ![a](media/told.wav)"
        """
    root = sample.write(
        tmp_path,
        {"demo/cards.yaml": cards, "demo/media/asked.wav": sample.wav(1), "demo/media/told.wav": sample.wav(2)},
    )
    files = {file.name: file.path.stem for file in sample.compiled(root)[0][0].notes[0].media}
    with Learner() as learner:
        for path in build_decks(tmp_path / "built", root).glob("demo.apkg"):
            learner.imports(path)
        card = learner.col.get_card(learner.col.find_cards("")[0])
        sides = card.question_av_tags(), card.answer_av_tags()
        heard = [[files[tag.filename] for tag in tags] for tags in sides]

    assert heard == [["asked"], ["told"]]


FIELDS: tuple[dict[str, str], ...] = (
    {"A": "one", "B": "two", "C": ""},
    {"A": "<b>x &amp; y</b>", "B": "  ", "C": "<br>"},
    {"A": "0", "B": "<div></div>", "C": "&nbsp;"},
    {"A": "{{B}}", "B": "a::b", "C": "é <i>"},
    {"A": "日本語[にほんご] と<b>犬[いぬ]</b> x&nbsp;y[z] a [b]", "B": "two", "C": ""},
)
TEMPLATES = (
    ("{{A}}", "{{FrontSide}}<hr id=answer>{{B}}"),
    ("{{ A }} and {{text:A}}", "{{A}}{{C}}"),
    ("{{A}}{{#B}}b: {{B}}{{/B}}", "{{^B}}no b{{/B}}{{#C}}c{{/C}}"),
    ("{{A}}{{^C}}{{#B}}only b {{B}}{{/B}}{{/C}}", "{{#A}}{{#B}}{{#C}}all{{/C}}{{/B}}{{/A}}"),
    ("{{A}} {{ }", "}} {{A}} { {x} }"),
    ("<p>{{A}}</p>\n\n{{B}}", "{{FrontSide}}{{FrontSide}}"),
    ("{{kanji:A}} {{kana:A}} {{furigana:A}}", "{{furigana:text:A}} {{unknown:A}}"),
    ("{{A}}{{#B}}{{type:B}}{{/B}}", "{{type:B}} {{tts en_US:A}}"),
)


@pytest.mark.parametrize("fields", FIELDS, ids=str)
@pytest.mark.parametrize("template", TEMPLATES, ids=str)
def test_templates(template, fields, anki):
    note_type = _note_type("plain", ("A", "B", "C"), template)

    assert _sounds(render(note_type, fields, 0)) == _sounds(_by_anki(anki, note_type, fields)[0])


def test_a_field_that_is_read_aloud_in_no_language_stops_nothing():
    note_type = _note_type("plain", ("A",), ("{{A}}{{tts :A}}", "{{tts en_GB speed=0.8:A}}"))

    assert render(note_type, {"A": "one"}, 0) == (
        "one[anki:tts lang=]one[/anki:tts]",
        "[anki:tts lang=en_GB speed=0.8]one[/anki:tts]",
    )


CLOZES = (
    "{{c1::one}} and {{c2::two}}",
    "{{c1::one::hint}} {{c1::again}}",
    "{{c1::outer {{c2::inner}} end}}",
    "{{c1::outer {{c1::same}} end::the hint}} {{c2::x}}",
    "{{c1::<b>bold</b> \"quoted\" 'single' & é €}} {{c2::x}}",
    "}} {{c1::a}} }}",
    "{{c1::open {{c2::closed}}",
    "{{c1::a::b::c}} {{c2::}}",
    "{{c1,2::both}} {{c2::two}}",
    "  {{c1::trimmed}}  {{c2::x}}\n",
    "{{c10::ten}} {{c1::one}} {{c2::two}}",
    "{{c1::a}} {{c2::\\(x^{2}\\)}}",
    "{{c1::a:: }} {{c2::line<br>break}}",
)
CLOZE_TEMPLATES = (
    ("{{cloze:A}}", "{{cloze:A}}<hr>{{B}}"),
    ("{{B}}{{cloze:A}}{{cloze:C}}", "{{cloze:A}}{{text:cloze:A}}"),
    ("{{cloze:text:A}}", "{{#B}}{{cloze:A}}{{/B}}"),
)


@pytest.mark.parametrize("text", CLOZES)
@pytest.mark.parametrize("template", CLOZE_TEMPLATES, ids=str)
def test_clozes(template, text, anki):
    note_type = _note_type("cloze", ("A", "B", "C"), template)
    fields = {"A": text, "B": "b", "C": "{{c1::c one}}"}
    cards = _by_anki(anki, note_type, fields)

    assert len(cards) >= 1
    assert {ord: tuple(render(note_type, fields, ord)) for ord in cards} == cards


def _note_type(name: str, fields: tuple[str, ...], template: tuple[str, str]) -> NoteType:
    sides = Template("Card", *template, "", "")
    return NoteType(name, tuple(map(Field, fields)), (sides,), "", cloze=name == "cloze")


def _by_anki(learner: Learner, note_type: NoteType, fields: Mapping[str, str]) -> dict[int, tuple[str, str]]:
    """The cards of a note in the real Anki, by their ordinals."""
    models: Any = learner.col.models
    made = models.new(f"{note_type.name} {learner.col.db.scalar('select count() from notetypes')}")
    made["type"] = int(note_type.cloze)
    for field in note_type.fields:
        models.add_field(made, models.new_field(field.name))
    card = models.new_template("Card")
    card["qfmt"], card["afmt"] = note_type.templates[0].front, note_type.templates[0].back
    models.add_template(made, card)
    models.add(made)
    note = learner.col.new_note(models.by_name(made["name"]))
    for name, text in fields.items():
        note[name] = text
    learner.col.add_note(note, learner.col.decks.id("Default"))
    outputs = {card.ord: card.render_output(True) for card in note.cards()}
    return {ord: (output.question_text, output.answer_text) for ord, output in outputs.items()}


def _known_as(note: Note) -> str:
    """What a learner knows a note by."""
    return note.identity.label if note.note_type.has_shared_field("Id") else note.identity.guid
