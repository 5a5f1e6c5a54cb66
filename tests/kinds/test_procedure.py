"""Procedures: the questions that deckgen writes for their facets."""

from __future__ import annotations

import pytest

import sample


@pytest.mark.parametrize(
    ("name", "question"),
    [
        ("Nerve block", "Define nerve block."),
        ("MRI of the spine", "Define MRI of the spine."),
        ("X-ray of the spine", "Define X-ray of the spine."),
        ("'A {count} test'", "Define A {count} test."),
        ("IgG test", "Define IgG test."),
        ("McKenzie exercises", "Define McKenzie exercises."),
    ],
)
def test_the_name_of_a_procedure_in_a_sentence(name, question, tmp_path):
    (note,) = sample.notes(
        tmp_path, f"procedures: [{{id: a, domain: basics, name: {name}, definition: What it is}}]\n"
    ).values()

    assert sample.field(note, "Question") == question


@pytest.mark.parametrize("more", ["", ", facts: []", ", hint: It is one"])
def test_a_procedure_of_which_nothing_is_asked_is_an_error(more, tmp_path):
    text = f"procedures: [{{id: a, domain: basics, name: Nerve block{more}}}]\n"
    text += "faq: [{id: b, domain: basics, question: What?, answer: It}]\n"

    assert sample.findings(tmp_path, text) == [
        "1:14 no-card: expected something to ask about the procedure, found none"
    ]
