"""The deck pain-skills teaches everything that its article says, and says that the article says it."""

from __future__ import annotations

from pathlib import Path

import pytest

from deckgen.cards.note import Note
from deckgen.cards.plain_text import field_text
from deckgen.compiler.pipeline import compile_project

REPOSITORY = Path(__file__).parent.parent

# Each statement (S), question (F) and resource (R) of the article, the note that teaches it, and words that show it.
COVERAGE = """\
S01 faq/parent-field               Pain medicine
S02 faq/kinds-of-procedures        Injections
S03 faq/aims-of-procedures         Better quality of life
S04 faq/skills-beyond-medicine     Business sense
S05 faq/foundation-of-knowledge    Physiology
S06 faq/foundation-of-knowledge    decides which intervention fits
S07 faq/what-to-keep-up-with       Technologies
S08 faq/ways-of-further-education  Seminars
S09 faq/why-ongoing-education      most effective care
S10 faq/core-procedures            Vertebral augmentation
S11 faq/basis-of-mastery           Hand-eye coordination
S12 faq/how-technique-is-refined   hands-on training
S13 faq/imaging-modalities         Ultrasound
S14 faq/ends-of-imaging            Safety
S15 faq/cornerstone-of-intervention accurate diagnosis
S16 faq/diagnostic-inputs          Physical examination
S17 faq/pain-generators            pain generator
S18 faq/pain-generators            Several factors
S19 faq/what-to-explain            Expected outcomes
S20 faq/abilities-that-build-trust Listening
S21 faq/team-partners              Physical therapists
S22 faq/team-partners              comprehensive treatment plan
S23 faq/what-to-know-of-a-patient  well-being and needs
S24 faq/what-to-know-of-a-patient  Lifestyle
S25 faq/why-patient-centered       quality of life
S26 faq/business-knowledge         Insurance processes
S27 faq/what-leadership-manages    Budgets
S28 faq/business-knowledge         private practice
S29 faq/ways-to-contribute         Clinical trials
S30 faq/benefit-of-research        leader in the field
S31 faq/skills-beyond-medicine     own satisfaction
F1  faq/skill-domains              Research and innovation
F2  faq/role-of-medical-knowledge  foundation
F3  faq/why-ongoing-education      most current
F4  faq/core-procedures            Epidural steroid injection
F5  faq/what-clear-explanation-builds Trust
F6  faq/why-patient-centered       tailored to the patient
F7  faq/benefit-of-research        research and innovation
R1  resource/asipp                 Courses, conferences and publications
R2  resource/ipsis                 Training in spine interventions
R3  resource/pain-medicine         evidence-based practice
R4  resource/aba                   maintenance of certification
R5  resource/spine-health          Articles and videos
R6  resource/iasp                  Webinars
R7  resource/sppm                  Could not be verified
R8  resource/medlineplus           patients and professionals
R9  resource/aapm                  Meetings, publications and resources
R10 resource/nida                  opioids
"""


@pytest.fixture(scope="module")
def skills() -> dict[str, Note]:
    packages = {package.name: package for package in compile_project(REPOSITORY / "decks").packages}
    return {note.identity.label: note for note in packages["pain-skills"].notes}


@pytest.mark.parametrize("line", COVERAGE.splitlines(), ids=lambda line: line.split()[0])
def test_a_note_teaches_each_statement_of_the_article(line, skills):
    _, label, words = line.split(maxsplit=2)

    assert words in " ".join(field_text(field) for field in skills[label].fields)


def test_all_statements_are_in_the_table():
    expected = [f"S{n:02}" for n in range(1, 32)] + [f"F{n}" for n in range(1, 8)] + [f"R{n}" for n in range(1, 11)]

    assert [line.split()[0] for line in COVERAGE.splitlines()] == expected


def test_every_note_says_that_it_comes_from_the_article(skills):
    for note in skills.values():
        assert field_text(note.fields[note.note_type.index("Topic")]) == "From the article", note.identity.label
        assert "skills-article" in note.identity.source, note.identity.label


def test_every_note_of_the_deck_is_in_the_table(skills):
    assert set(skills) - {line.split()[1] for line in COVERAGE.splitlines()} == set()
