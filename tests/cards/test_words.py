"""The words that deckgen itself puts on cards: in the language of the project, and as the project wants them."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

import sample
from author import Author
from deckgen.cards.note_types.registry import all_note_types
from deckgen.cards.rendering import note_cards
from deckgen.cards.words import PHRASES, Words
from deckgen.manual.manual import words
from learner import Learner, visible

GOLDEN = Path(__file__).parents[1] / "golden/all-kinds/decks"
PLACES = re.compile(r"\{(\w+)\}")


@pytest.mark.parametrize("note_type", all_note_types().values(), ids=lambda note_type: note_type.name)
def test_every_word_of_a_template_is_in_the_table(note_type):
    words = Words("en", dict.fromkeys(PHRASES, "9"))
    for template in note_type.templates:
        for side in (template.front, template.back):
            shown = re.sub(r"<[^>]*>|\{\{[^}]*\}\}", " ", words.in_template(side))
            assert re.findall(r"[A-Za-z]+", shown) == [], template.name


@pytest.mark.parametrize("id", PHRASES)
def test_a_phrase_has_the_same_places_in_every_language(id):
    assert len({frozenset(PLACES.findall(text)) for text in PHRASES[id]}) == 1


def test_no_card_of_a_german_project_has_an_english_phrase(tmp_path):
    shutil.copytree(GOLDEN, tmp_path / "decks")
    manifest = tmp_path / "decks/deckgen.yaml"
    manifest.write_text(manifest.read_text() + "language: de\n")
    packages, _ = sample.compiled(tmp_path / "decks")
    shown = [
        visible(side)
        for package in packages
        for note in package.notes
        for _, sides in note_cards(note)
        for side in sides
    ]

    english = [phrase.en for phrase in PHRASES.values() if not PLACES.search(phrase.en) and phrase.en not in phrase.de]
    told = [phrase for phrase in english if len(phrase) > 8 and any(phrase in text for text in shown)]
    assert told == []
    assert any("Was kommt als Nächstes?" in text for text in shown)
    assert any("Alle vier" in text for text in shown)
    assert any("Wofür steht die Abkürzung HW?" in text for text in shown)


def test_the_words_in_the_manual_leave_no_english_on_a_list(tmp_path):
    (example,) = re.findall(r"```yaml\n(words:\n.*?)```", words().body, re.DOTALL)
    cards = "faq: [{id: l, domain: basics, question: '¿Qué cuatro?', items: [a: Rojo, b: Verde, c: Azul, d: Gris]}]\n"
    files = {"deckgen.yaml": f"{sample.PROJECT}language: es\n{example}", "demo/cards.yaml": cards}
    ((package,), _) = sample.compiled(sample.write(tmp_path, files))
    (note,) = [note for note in package.notes if note.identity.label == "faq/l"]

    fronts = [visible(sides.front) for _, sides in note_cards(note)]
    assert ["Las cuatro" in front for front in fronts] == [False, False, False, False, True]


def test_a_project_may_use_words_of_its_own_and_anki_shows_them(tmp_path):
    author = Author(tmp_path)
    author.edits("tag: sample\n", "tag: sample\nlanguage: es\nwords: {why: '¿Por {qué}?'}\n", "decks/deckgen.yaml")
    with Learner() as learner:
        learner.imports(author.releases(-60))
        fronts = {(card.note_id, card.ordinal): visible(card.front) for card in learner.cards()}

    assert "¿Por {qué}?" in fronts["faq/third", 1]
    assert "What comes next?" in fronts["procedure/tea/steps", 1]


def test_words_with_braces_are_text_in_templates(tmp_path):
    author = Author(tmp_path)
    text = sample.scalar("{{#x}} {{{Question}}}")
    words = "words:\n" + "".join(f"  {id}: {text}\n" for id in PHRASES)
    author.edits("title: Sample\n", f"title: Sample\nlanguage: fr\n{words}", "decks/deckgen.yaml")
    with Learner() as learner:
        learner.imports(author.releases(-60))
        backs = [visible(card.back) for card in learner.cards()]

    assert any("{{#x}} {{{Question}}}" in back for back in backs)
    assert not any("Found" in back for back in backs)


def test_a_phrase_that_does_not_exist_is_an_error(tmp_path):
    files = {"deckgen.yaml": sample.BASE["deckgen.yaml"] + "words: {wy: Warum}\n"}
    _, found = sample.compiled(sample.write(tmp_path, files))

    assert "'wy' under 'words' is not one of deckgen's phrases; did you mean 'why'?" in [one.message for one in found]


def test_the_style_of_the_project_follows_that_of_deckgen(tmp_path):
    author = Author(tmp_path)
    author.writes("decks/style.css", ".card { --accent: #123456; }\n")
    with Learner() as learner:
        learner.imports(author.releases(-60))
        styles = learner.state().styling

    ours = [style for name, style in styles.items() if name.startswith("deckgen ")]
    assert len(ours) > 2
    assert all(style.endswith("\n.card { --accent: #123456; }\n") for style in ours)


@pytest.mark.parametrize(
    ("style", "expected"),
    [
        ("@import 'x.css';", "expected CSS that only shows something, found '@import'"),
        (".card { background: url(_a.png) }", "expected a style without files, found url()"),
    ],
)
def test_the_style_of_the_project_loads_nothing(style, expected, tmp_path):
    _, found = sample.compiled(sample.write(tmp_path, {"style.css": style}))

    assert [(one.position.path, one.message) for one in found if one.rule == "unsafe-html"] == [
        ("decks/style.css", expected)
    ]
