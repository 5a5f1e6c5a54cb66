"""Values are read, or refused with a suggestion that is valid, and JSON Schema agrees."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from deckgen.core.diagnostics import Report
from deckgen.core.nodes import ScalarNode
from deckgen.core.source import Source
from deckgen.language.patterns import Date, EntryPath, Line, Number, Pattern, Slug, Tag, Url, slug, unused_names
from deckgen.language.shapes import Reader, SchemaBuilder
from deckgen.language.values import MarkupText

ANY_TEXT = st.text(st.characters(exclude_categories=["C", "Zl", "Zp"]), max_size=20)
CLOSE_TEXT = st.text("aZ09-/: .é,_", max_size=12)


def no_media(reference: str) -> Any:
    raise AssertionError(reference)


def read(shape: Any, text: str) -> tuple[Any, list[str]]:
    """The value of a text, and the next steps of what is wrong with it."""
    report = Report()
    reader = Reader(Source(Path("x.yaml"), "x.yaml", text), report, {}, no_media)
    value = shape.read(ScalarNode(text, 0, len(text)), reader)
    return value, [found.help for found in report]


@pytest.mark.parametrize(
    "shape", [Line(), Slug(), EntryPath(), Number(), Date(), Tag()], ids=lambda s: type(s).__name__
)
@given(st.one_of(CLOSE_TEXT, ANY_TEXT))
@example("2024-02-30")
@example("a::b")
@example("a,b")
@example("a" * 81)
def test_the_schema_accepts_what_is_read(shape, text):
    value, problems = read(shape, text)
    schema = shape.json_schema(SchemaBuilder({}))

    assert (value is None) is bool(problems)
    assert jsonschema.Draft202012Validator(schema).is_valid(text) is (value is not None)


@pytest.mark.parametrize("text", ["&nbsp;", "&#x3000; &nbsp;", "-\n-", "\u200d", "\u3164", "```\n```", "&#x2800;"])
def test_a_text_that_shows_nothing_is_an_error(text):
    assert read(MarkupText(), text)[0] is None


@pytest.mark.parametrize("text", ["***\n\n***", "&#xA0;.", "?", "\U0001f441"])
def test_a_text_that_shows_a_sign_is_none(text):
    assert read(MarkupText(), text)[0] is not None


@pytest.mark.parametrize("shape", [Slug(), Tag(), Date(), Url()], ids=lambda shape: type(shape).__name__)
@given(st.one_of(CLOSE_TEXT, ANY_TEXT))
@example("a:b")
@example("::a::")
@example("24.11.2026")
@example("November 2026")
@example("www.example.org/a b")
def test_a_suggested_value_is_valid(shape: Pattern, text):
    _, problems = read(shape, text)
    for help in problems:
        if help.startswith("for example: "):
            value, again = read(shape, help.removeprefix("for example: "))
            assert value is not None
            assert again == []


@pytest.mark.parametrize(
    ("shape", "text", "suggestion"),
    [
        (Date(), "24.11.2026", "2026-11-24"),
        (Date(), "4. Mar 2026", "2026-03-04"),
        (Date(), "November 2026", "2026-11"),
        (Date(), "11/2026", "2026-11"),
        (Date(), "2026/4/5", "2026-04-05"),
        (Date(), "4/5/2026", ""),
        (Date(), "04-05-2026", ""),
        (Date(), "24/11/2026", "2026-11-24"),
        (Date(), "2026-13", ""),
        (Url(), "www.example.org", "https://www.example.org"),
        (Url(), "doi:10.1000/182", "https://doi.org/10.1000/182"),
        (Url(), "see the book", ""),
    ],
)
def test_a_value_in_another_notation_is_suggested_unless_it_is_ambiguous(shape, text, suggestion):
    assert shape.suggestion(text) == suggestion


def test_the_29th_of_february_exists_in_leap_years_only():
    assert read(Date(), "2024-02-29")[0] == "2024-02-29"
    assert read(Date(), "2026-02-29")[0] is None


def test_an_id_is_made_of_the_first_words_of_a_text():
    assert slug("Épidural stéroid injection (ESI): 3 levels") == "epidural-steroid-injection-esi-3-levels"
    assert slug("???") == ""
    assert len(slug("longword " * 30, words=99)) <= Slug.MAX_LENGTH


def test_ids_that_are_taken_get_a_number_and_stay_short_enough():
    taken = {"con"}

    assert list(unused_names(["a", "a", "b", "a", "con"], taken)) == ["a", "a-2", "b", "a-3", "con-2"]
    assert taken == {"con", "a", "a-2", "b", "a-3", "con-2"}
    assert max(map(len, unused_names(["x" * Slug.MAX_LENGTH] * 20, set()))) == Slug.MAX_LENGTH


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("日本の首都はどこですか？", "ri-ben-no-shou-dou-hadokodesuka"),
        ("中国", "zhong-guo"),
        ("서울은 어디?", "seo-ul-eun-eo-di"),
        ("Какая столица у России?", "kakaya-stolitsa-u-rossii"),
        ("Wie heißt die größte Straße?", "wie-heisst-die-grosste-strasse"),
        ("Quelle œuvre d’Éluard ?", "quelle-oeuvre-d-eluard"),
        ("Τι είναι;", "ti-einai"),
        ("हिन्दी", "hindi"),
        ("α-Blocker, x²", "a-blocker-x2"),
    ],
)
def test_an_id_is_made_of_a_text_in_any_script(text, expected):
    assert slug(text) == expected
