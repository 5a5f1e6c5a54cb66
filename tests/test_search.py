"""Learners find in Anki what they see on a card, as they find what they typed into a note of their own."""

from __future__ import annotations

from pathlib import Path

import pytest

import sample
from author import build_decks
from learner import Learner

TEXTS = (
    "f[x] and [1]",
    "Ende: :-)",
    "{a} and {b}",
    "ratio 1:2",
    "2*3*4",
    "snake_case and __init__",
    r"C:\Users\.ssh",
    r"^\w+@\w+\.com$",
    "INR > 1.5",
    "L4 & L5",
    "AT&T",
    'he said "no"',
    "it's 5'",
    "-5 (minus five)",
    "$5 or 6 €",
    "a^2+b^2",
    "~5 mg",
    "#5",
    "50 % of @home",
    "Größe, naïve, œuvre",
    "日本語の文章",
    "Какая столица?",
    "🏥 and 👩\u200d⚕️",
    "void main(){}",
    "https://example.org/~a/b_c?d=1&e=2",
)

NOT_IN_LISTS = ("std::vector", "{{b}} {{c}}")
"""What Anki would misread within a cloze deletion, and is therefore found in other fields only."""


@pytest.fixture(scope="module")
def learner(tmp_path_factory) -> Learner:
    folder = tmp_path_factory.mktemp("search")
    entries = "".join(
        f"  - {{id: q{number}, domain: basics, question: Which one?, answer: {sample.scalar(text)}}}\n"
        f"  - {{id: l{number}, domain: basics, question: Which?, items: [{{a: {sample.scalar(text)}}}, {{b: x}}]}}\n"
        for number, text in enumerate((*TEXTS, *NOT_IN_LISTS))
    )
    decks = sample.write(folder / "project", {"demo/cards.yaml": f"faq:\n{entries}"})
    with Learner() as learner:
        learner.imports(build_decks(Path(folder), decks) / "demo.apkg")
        yield learner


def searched(text: str) -> str:
    """A text as the manual says to search for it: in quotes, with a backslash before characters with a meaning."""
    for sign in '\\"*_:':
        text = text.replace(sign, f"\\{sign}")
    return f'"{text}"'


@pytest.mark.parametrize(("number", "text"), [*enumerate(TEXTS)], ids=TEXTS)
def test_a_learner_finds_what_the_cards_show(number, text, learner):
    found = {learner.col.get_note(id)["Id"] for id in learner.col.find_notes(searched(text))}

    assert found == {f"faq/q{number}", f"faq/l{number}"}


@pytest.mark.parametrize("text", NOT_IN_LISTS)
def test_an_answer_is_found_by_what_anki_would_misread_in_a_list(text, learner):
    number = (*TEXTS, *NOT_IN_LISTS).index(text)

    assert f"faq/q{number}" in {learner.col.get_note(id)["Id"] for id in learner.col.find_notes(searched(text))}
