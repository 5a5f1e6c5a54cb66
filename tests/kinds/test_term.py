"""Terms: which cards they make, how they are read and heard, and what tells them apart."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

import sample
from author import Author
from deckgen.core import rules
from deckgen.language.readings import ReadingText, replace_readings, without_readings
from deckgen.media.media import MediaProblem
from learner import Learner, visible

HEAD = "terms:\n  - id: hola\n    domain: basics\n    term: hola\n    meaning: hello\n"


def only(tmp_path, *lines: str):
    (note,) = sample.notes(tmp_path, HEAD + "".join(f"    {line}\n" for line in lines)).values()
    return note


def test_a_term_is_asked_both_ways_unless_it_says_otherwise(tmp_path):
    assert only(tmp_path / "a").cards == (0, 1)
    assert only(tmp_path / "b", "ask: produce").cards == (1,)
    assert only(tmp_path / "c", "ask: [recognise, listen]", "speak: es-ES").cards == (0, 2)


def test_readings_stay_in_brackets_and_other_brackets_are_text(tmp_path):
    cards = HEAD.replace("term: hola", "term: 日本語[にほんご]の 本[ほん] [x]")
    (note,) = sample.notes(tmp_path, cards).values()

    assert sample.field(note, "Term") == "日本語[にほんご]の 本[ほん] [x]"
    assert sample.field(note, "Reading") == sample.field(note, "Term")


@pytest.mark.parametrize("text", ["x[sound:y.mp3]", "x[latex]", "x[$]y[/$]", "x[anki:tts lang=en_US]y[/anki:tts]"])
def test_a_bracket_that_anki_would_play_or_run_is_no_reading(text):
    html, _, errors = ReadingText().render(text, lambda reference: MediaProblem(rules.MEDIA_NOT_FOUND, reference))

    assert errors or not re.search(r"\[(?:sound:|latex\]|\$|anki:)", html)


def test_what_is_typed_is_the_term_without_markup_and_readings(tmp_path):
    cards = HEAD.replace("term: hola", "term: 'el *punto* & 本[ほん]'") + "    type: true\n"
    (note,) = sample.notes(tmp_path, cards).values()

    assert sample.field(note, "Typed") == "el punto & 本"


@pytest.mark.parametrize(
    ("term", "typed"),
    [
        ("List<T>", "List<T>"),
        ("x < y > z", "x < y > z"),
        ("`<br>`", "<br>"),
        ("A & B", "A & B"),
        ("10\u00a0mg", "10 mg"),
        ("l'eau  plate", "l'eau plate"),
        ("el *agua*", "el agua"),
        ("H~2~O", "H2O"),
        (r"`a\(b\)`", r"a\(b\)"),
        ("日本語[にほんご]", "日本語"),
        ("l\u2019eau", "l'eau"),
        ("м\u02bcята", "м'ята"),
        ("Guillain\u2013Barré", "Guillain-Barré"),
        ("\u201coui\u201d\u2026", '"oui"...'),
    ],
)
def test_a_learner_who_types_what_the_card_shows_is_right(term, typed, tmp_path):
    cards = HEAD.replace("term: hola", f"term: {sample.scalar(term)}") + "    type: true\n"
    (note,) = sample.notes(tmp_path, cards).values()
    with Learner() as learner:
        compared = learner.col.compare_answer(sample.field(note, "Typed"), typed)

    assert "typeGood" in compared
    assert "typeBad" not in compared
    assert "typeMissed" not in compared


@pytest.mark.parametrize(("term", "found"), [(r"\(x^2\)", "maths"), ("![a dot](media/dot.png)", "no characters")])
def test_a_term_that_nobody_can_type_is_an_error(term, found, tmp_path):
    cards = HEAD.replace("term: hola", f"term: {sample.scalar(term)}") + "    type: true\n"
    files = {"demo/cards.yaml": cards, "demo/media/dot.png": sample.png()}
    _, findings = sample.compiled(sample.write(tmp_path, files))

    assert [f"{one.position.line} {one.rule}: {one.message}" for one in findings if one.rule != "media-unused"] == [
        f"4 conflicting-keys: expected a `term` that learners can type, found {found}"
    ]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("나는 학교[學校]에 간다", "나는 학교에 간다"),
        ("I like 日本[にほん] a lot", "I like 日本 a lot"),
        ("한국[韓國] 사람[四覽]", "한국 사람"),
        ("勉強する 学校[がっこう]、5 時[じ]", "勉強する学校、5時"),
        ("**x** y[z]", "<strong>x</strong> y"),
        (r"\(x[1]\) \[y\]", r"\(x&lsqb;1]\) \&lsqb;y\]"),
        ("`a[1]` b[c]", "<code>a&lsqb;1]</code> b"),
    ],
)
def test_spaces_and_brackets_that_mean_no_reading_stay(text, shown):
    html, _, errors = ReadingText().render(text, lambda reference: MediaProblem(rules.MEDIA_NOT_FOUND, reference))

    assert errors == []
    assert without_readings(html) == shown


def test_a_bracket_in_the_reading_is_text(tmp_path):
    (note,) = sample.notes(tmp_path, HEAD + "    reading: der Hund[hunt]\n").values()

    assert without_readings(sample.field(note, "Reading")) == "der Hund&lsqb;hunt]"


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["ask: []"], "6:10 no-card: expected a card to make, found none"),
        (["ask: [listen]"], "6:10 missing-key: `listen` needs a sound, found none"),
        (["ask: [recognise]", "type: true"], "7:5 conflicting-keys: expected `produce` among the cards in `ask`"),
        (["speak: Spanish"], "6:12 bad-value: expected a language and a country, such as es-ES or pt-BR"),
        (["audio: media/x.mp3"], "6:12 media-not-found: there is no file 'media/x.mp3'"),
        (["audio: media/dot.png"], "6:12 media-type: expected a sound, found the picture 'media/dot.png'"),
    ],
)
def test_cards_that_cannot_be_made_are_errors(lines, expected, tmp_path):
    files = {"demo/cards.yaml": HEAD + "".join(f"    {line}\n" for line in lines), "demo/media/dot.png": sample.png()}
    _, found = sample.compiled(sample.write(tmp_path, files))

    texts = [f"{one.position.line}:{one.position.column} {one.rule}: {one.message}" for one in found]
    assert [text for text in texts if text.startswith(expected)]


@pytest.mark.parametrize(("typed", "help"), [("es-es", "for example: es-ES"), ("jp-JP", "for example: ja-JP")])
def test_a_wrong_voice_gets_the_one_that_was_meant(typed, help, tmp_path):
    _, found = sample.compiled(sample.write(tmp_path, {"demo/cards.yaml": HEAD + f"    speak: {typed}\n"}))

    assert [(one.rule, one.help) for one in found] == [("bad-value", help)]


def test_anki_reads_aloud_only_what_has_no_recording(tmp_path):
    author = Author(tmp_path)
    (author.cards.parent / "media").mkdir()
    (author.cards.parent / "media/adios.mp3").write_bytes(sample.mp3())
    author.cards.write_text(
        HEAD.replace("term: hola", "term: hola {x} & y") + "    ask: [listen]\n    speak: es-ES\n"
        "  - {id: adios, domain: basics, term: adiós, meaning: bye, ask: [listen], speak: es-ES, "
        "audio: media/adios.mp3}\n"
    )
    with Learner() as learner:
        learner.imports(author.releases(-60))
        heard = {}
        for id in learner.col.db.list("select id from cards"):
            card = learner.col.get_card(id)
            output = card.render_output(True)
            heard[card.note()["Id"]] = [(tag, output.answer_av_tags) for tag in output.question_av_tags]
            assert "hola" not in visible(output.question_text)

    ((spoken, on_back),) = heard["term/hola"]
    assert (spoken.field_text, spoken.lang, on_back) == ("hola {x} & y", "es_ES", [])
    ((played, on_back),) = heard["term/adios"]
    assert played.filename.endswith(".mp3")
    assert on_back == []


def test_two_terms_with_one_meaning_need_hints(tmp_path):
    files = {"deckgen.yaml": sample.PROJECT}
    both = (
        "source: [book]\ndomain: basics\nterms:\n"
        "  - {id: ser, term: ser, meaning: to be}\n  - {id: estar, term: estar, meaning: To be}\n"
    )
    _, found = sample.compiled(sample.write(tmp_path / "a", {**files, "demo/cards.yaml": both}))
    assert "'To be' has another answer in term/ser" in [one.message.partition(":")[0] for one in found]

    told_apart = both.replace("to be}", "to be, hint: always}").replace("To be}", "To be, hint: now}")
    _, found = sample.compiled(sample.write(tmp_path / "b", {**files, "demo/cards.yaml": told_apart}))
    assert [one.rule for one in found if one.rule == "same-meaning"] == []


@given(st.lists(st.sampled_from(["[", "]", " ", "a", "b", ">", "\n", "sound:", "日"]), max_size=14).map("".join))
def test_readings_are_those_that_the_expression_of_anki_finds(text):
    expected = re.sub(r" ?([^ >]+?)\[(?!sound:)(.+?)\]", r"<\1|\2>", text)

    assert replace_readings(text, "<{}|{}>".format) == expected


@pytest.mark.parametrize("text", ["[" * 20_000, "[x" * 10_000 + "\n]", "a[" * 10_000, "[sound:" * 3_000 + "]"])
def test_brackets_without_an_end_cost_little(text):
    started = time.process_time()
    without_readings(text)

    assert time.process_time() - started < 2
