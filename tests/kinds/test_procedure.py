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
        ("IgG test", "Define IgG test."),
        ("McKenzie exercises", "Define McKenzie exercises."),
    ],
)
def test_the_name_of_a_procedure_in_a_sentence(name, question, tmp_path):
    (note,) = sample.notes(
        tmp_path, f"procedures: [{{id: a, domain: basics, name: {name}, definition: What it is}}]\n"
    ).values()

    assert sample.field(note, "Question") == question
