"""What the decks promise about their content: its size, its sources, and what must be learned together."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from deckgen.cards.note import Note
from deckgen.compiler.pipeline import Compilation, compile_project

REPOSITORY = Path(__file__).parent.parent

# Copies, aggregators, vendors and leaflets: their pages were read where an original could not be, and are not cited.
UNFIT_HOSTS = """\
101.37.83.79 1med.mdlalibrary.com 78stepshealth.us accountablehq.com adam.com aneskey.com anesthesiaexperts.com
api.fda.gov bcbsnd.com blackboxrx.com build.fhir.org clearwaypain.com clevelandclinic.org clinicalgate.com coek.info
core.ac.uk dev.statpearls.com discovery.researcher.life doclib.org docslib.org doctorlib.org ebsco edsinfo.wordpress.com
epnet.com expydoc.com findhealthclinics.com globalauthorid.com guideline-genius.com healthmedicinet.com iiab.me
ilovetranslation.com info.5y1.org issuu.com labce.com medicalbag.com medicarepaymentandreimbursement.com medilib.ir
mendeley.com mitchmedical.us musculoskeletalkey.com nationalmedicalbillingauthority.com netlify.app neupsykey.com
neurosurgerywiki.com nova88live.com omb.report open-exam-prep.com painscale.com paradoxbilling.com
pharmacologicalsciences.us policyrisk.com polanest.webd.pl radiologyinfo.org radiologyresource.org rapaindocs.com
referencecitationanalysis.com reliasmedia.com researcher-app.com rockymountainms.com s4me.info sciencegate.app scite.ai
scribd.com seekhealthz.com skyridgemedcenter.com southernpainclinic.com studylib studydoctor.net test-pages test.aneskey
verity.backworkai.com wikem.org wikipedia.org wkspineandpain.com
""".split()

# Evidence that misleads when only one side of it is learned.
TOGETHER = (
    {"faq/bmj-2025-verdict", "faq/bmj-2025-response", "faq/bmj-2025-answer"},
    {"faq/vapour-trial", "faq/vertos-iv-trial", "faq/invest-trial", "faq/vertebroplasty-cochrane"},
    {"faq/denervation-without-block", "faq/denervation-after-two-blocks"},
)


@pytest.fixture(scope="module")
def decks() -> Compilation:
    return compile_project(REPOSITORY / "decks")


def test_the_decks_are_large_enough_to_be_worth_importing(decks):
    assert len(decks.notes) >= 250
    assert sum(len(note.cards) for note in decks.notes) >= 450


def test_every_skill_domain_has_at_least_twelve_notes(decks):
    counts = Counter(note.identity.domain for note in decks.notes)

    assert {domain: counts[domain] for domain in decks.project.settings.domains if counts[domain] < 12} == {}


def test_no_source_is_at_an_unfit_host(decks):
    urls = [work.url for work in decks.project.references.values() if work.url]

    assert [url for url in urls if any(host in url for host in UNFIT_HOSTS)] == []


def test_every_source_is_cited(decks):
    cited = {key for note in decks.notes for key in note.identity.source}

    assert set(decks.project.references) - cited == set()


def test_no_clinical_card_rests_on_a_patient_leaflet(decks):
    grades = {key: work.grade for key, work in decks.project.references.items()}
    leaflets = [
        note.identity.label for note in decks.notes if "patient" in [grades[key] for key in note.identity.source]
    ]

    assert leaflets == ["resource/medlineplus"]


@pytest.mark.parametrize("ids", TOGETHER, ids=min)
def test_both_sides_of_a_dispute_are_taught_or_neither(ids, decks):
    taught = ids & {note.identity.label for note in decks.notes}

    assert taught in (ids, set())


def test_the_review_page_names_every_source_that_has_no_address(decks):
    page = (REPOSITORY / "docs/review.md").read_text(encoding="utf-8")
    unopened = [key for key, work in decks.project.references.items() if not work.url]

    assert [key for key in unopened if f"`{key}`" not in page] == []


def test_the_review_page_names_only_sources_and_notes_that_exist(decks):
    page = (REPOSITORY / "docs/review.md").read_text(encoding="utf-8")
    sources = set(decks.project.references)
    named = {key for line in page.splitlines() if line.startswith("| `") for key in re.findall(r"`([a-z0-9-]+)`", line)}

    assert named - sources == set()


def asked(note: Note) -> list[str]:
    """The cards of a list, in the order in which they are learned."""
    return [
        text
        for name, text in zip(note.note_type.field_names, note.fields, strict=True)
        if name.startswith("Text ") and text
    ]


def test_an_open_list_never_asks_for_the_one_that_is_missing(decks):
    open_lists = [note for note in decks.notes if any('class="open"' in text for text in note.fields)]

    assert open_lists
    assert [note.identity.label for note in open_lists if any("The missing one" in text for text in asked(note))] == []


def test_the_first_step_is_learned_first(decks):
    steps = {note.identity.label: asked(note) for note in decks.notes if note.identity.label.endswith("/steps")}

    assert steps
    assert [label for label, texts in steps.items() if "What comes first?" not in texts[0]] == []
