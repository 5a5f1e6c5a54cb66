"""What some rules find, and leave alone, beyond the examples in their manuals."""

from __future__ import annotations

from pathlib import Path

import pytest

import sample
from deckgen.core.diagnostics import Diagnostic, Severity

QUESTION = "  - id: asked\n    domain: basics\n    question: {}\n    answer: {}\n"


def found(folder: Path, rule: str, cards: str, **files: str) -> list[Diagnostic]:
    """What a rule finds in a deck file that has no other errors, so that all rules look at it.

    ``sources`` and ``deckgen`` replace these files of the project.
    """
    written = {"deckgen.yaml": sample.PROJECT, "demo/cards.yaml": cards}
    written |= {f"{name}.yaml": text for name, text in files.items()}
    _, findings = sample.compiled(sample.write(folder, written))
    errors = {one.rule for one in findings if one.severity is Severity.ERROR}
    assert errors <= {rule, "clinical-number", "source-missing"}
    return [one for one in findings if one.rule == rule]


def faq(question: str, answer: str = "Tea", more: str = "") -> str:
    """A deck file with one question; ``more`` are further lines of its entry."""
    return "faq:\n" + QUESTION.format(sample.scalar(question), sample.scalar(answer)) + more


# --- words of questions -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "is_found"),
    [
        ("What is shown above?", True),
        ("Where is the above-mentioned vessel?", True),
        ("Where is an above-knee amputation done?", False),
        ("What does the paperwork contain?", False),
    ],
)
def test_deictic_looks_at_whole_words(question, is_found, tmp_path):
    assert bool(found(tmp_path, "deictic", faq(question))) is is_found


@pytest.mark.parametrize(
    ("question", "is_found"),
    [
        ("Which mountain is the least steep?", True),
        ("Which mountain is at least 8,848 m high?", False),
        ("Which mountain of at least 8,000 m is not in Nepal?", True),
    ],
)
def test_negative_takes_at_least_for_a_bound(question, is_found, tmp_path):
    assert bool(found(tmp_path, "negative", faq(question))) is is_found


def test_item_dup_finds_items_in_one_line(tmp_path):
    cards = "faq:\n  - id: two\n    domain: basics\n    question: Name the two drinks.\n    items: [a: Tea, b: Tea]\n"
    (one,) = found(tmp_path, "item-dup", cards)

    assert (one.position.line, one.position.column) == (5, 24)
    assert one.message == "'Tea' is already in the list, in column 16 of this line"


@pytest.mark.parametrize(
    ("prompt", "is_found"),
    [
        ("Name the two drinks.", False),
        ("Name the 2 drinks.", False),
        ("Name both drinks.", False),
        ("Which pair of drinks is hot?", False),
        ("Name the three drinks.", True),
        ("Name the drinks per m².", True),
    ],
)
def test_list_count_missing_reads_numbers_as_words_and_digits(prompt, is_found, tmp_path):
    cards = f"faq:\n  - {{id: a, domain: basics, question: {sample.scalar(prompt)}, items: [t: Tea, c: Coffee]}}\n"

    assert bool(found(tmp_path, "list-count-missing", cards)) is is_found


@pytest.mark.parametrize(
    ("more", "is_found"),
    [
        ("    topic: Green tea\n", True),
        ("    topic: Drinks\n", False),
        ("    topic: Teapots\n", False),
    ],
)
def test_leak_reads_the_line_above_the_question(more, is_found, tmp_path):
    assert bool(found(tmp_path, "leak", faq("Which drink is hot?", "Tea", more))) is is_found


def test_leak_reads_the_line_above_a_term(tmp_path):
    cards = "terms: [{id: a, domain: basics, term: ser, meaning: to be, topic: Ser and estar}]\n"

    assert found(tmp_path, "leak", cards)


def test_leak_reads_the_line_above_a_list(tmp_path):
    entry = "{id: a, domain: basics, topic: Coffee, question: Name two drinks., items: [t: Tea, c: Coffee]}"

    assert found(tmp_path, "leak", f"faq:\n  - {entry}\n")


# --- numbers ----------------------------------------------------------------------------------------------------------

CLINICAL = sample.PROJECT + "rules: {clinical-number: on}\n"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Give **40** mg at once", "40 mg"),
        ("Give 50 MG", "50 MG"),
        ("10 milligrams", "10 milligrams"),
        ("40 mEq", "40 mEq"),
        ("20 mmHg", "20 mmHg"),
        ("A 5-day course", "5-day"),
        ("After 12 hours", "12 hours"),
        ("For 7 days", "7 days"),
        ("In 80 percent", "80 percent"),
        ("In 80%", "80%"),
        ("Diluted 1:200,000", "1:200,000"),
        ("Diluted 1:200\u202f000", "1:200\u202f000"),
        ("Give 40\u202fmg", "40\u202fmg"),
        ("Give 40\u2009mg", "40\u2009mg"),
        ("At 37.5 °C", "37.5 °C"),
        ("At L4-5 or below", "L4"),
        ("At C6", "C6"),
        ("L1", "L1"),
        ("In 1989", None),
        ("Steps 1 to 4", None),
        ("Vitamin B12 and COVID19", None),
        ("At 1:30", None),
    ],
)
def test_clinical_number_knows_every_notation(text, number, tmp_path):
    cards = faq("What is done?", text)

    messages = [one.message for one in found(tmp_path, "clinical-number", cards, deckgen=CLINICAL)]
    assert [message.split("'")[1] for message in messages] == [number] * bool(number)


@pytest.mark.parametrize("key", ["full", "why", "hint", "extra", "topic"])
def test_clinical_number_reads_every_field(key, tmp_path):
    cards = faq("What is done?", more=f"    {key}: About 40 mg\n")

    assert found(tmp_path, "clinical-number", cards, deckgen=CLINICAL)


@pytest.mark.parametrize("text", ["40&nbsp;mg", "40\n      mg", "40 \\\n      mg"])
def test_clinical_number_reads_a_text_as_it_is_shown(text, tmp_path):
    cards = faq("What is done?", more=f"    extra: |\n      Give {text}\n")

    assert found(tmp_path, "clinical-number", cards, deckgen=CLINICAL)


def test_clinical_number_reads_a_field_in_html(tmp_path):
    note = "{id: a, domain: basics, type: plain, fields: {Front: What?, Back: {html: '<b>40</b> mg'}}}"
    _, findings = sample.compiled(
        sample.write(tmp_path, {**sample.PLAIN_TYPE, "deckgen.yaml": CLINICAL, "demo/cards.yaml": f"notes: [{note}]\n"})
    )

    assert "clinical-number" in [one.rule for one in findings]


def test_clinical_number_reads_the_reason_of_an_item(tmp_path):
    cards = "faq:\n  - {id: a, domain: basics, question: Name two., items: [x: X, y: {text: Y, why: At C6}]}\n"

    assert found(tmp_path, "clinical-number", cards, deckgen=CLINICAL)


def test_clinical_number_is_off_until_a_project_switches_it_on(tmp_path):
    assert not found(tmp_path, "clinical-number", faq("What is done?", "40 mg"))


@pytest.mark.parametrize(("grade", "vouches"), [("review", False), ("guideline", True), ("regulator", True)])
def test_a_guideline_or_a_regulator_vouches_for_a_number(grade, vouches, tmp_path):
    cards = faq("How much is given?", "40 mg", "    source: [rule]\n")
    source = f"rule: {{title: The rule, grade: {grade}}}\n"

    assert bool(found(tmp_path, "clinical-number", cards, sources=source, deckgen=CLINICAL)) is not vouches


# --- acronyms ---------------------------------------------------------------------------------------------------------

ASKS = "faq:\n  - {id: asks, domain: basics, question: What does the OFO do?, answer: It feeds}\n"
SPELLED = "the Ocean Food Office (OFO)"
RESOURCE = "resources:\n  - {{id: one, domain: basics, as_of: 2026-11, name: Ocean Food Office, {}}}\n"


@pytest.mark.parametrize(
    "more",
    [
        f"  - {{id: b, domain: basics, question: What is it?, answer: {SPELLED}}}\n",
        f"  - {{id: b, domain: basics, question: What is it?, answer: It, full: {SPELLED}}}\n",
        f"  - {{id: b, domain: basics, question: What is it?, answer: It, hint: {SPELLED}}}\n",
        f"  - {{id: b, domain: basics, question: What is it?, answer: It, topic: {SPELLED}}}\n",
        f"  - {{id: b, domain: basics, question: Name two., items: [x: X, y: {{text: Y, why: {SPELLED}}}]}}\n",
        "  - {id: b, domain: basics, question: What does OFO stand for?, answer: An office}\n",
        RESOURCE.format("acronym: OFO"),
        RESOURCE.format(f"role: A caterer, former: [{SPELLED}]"),
    ],
)
def test_an_acronym_may_be_spelled_out_anywhere_on_any_card(more, tmp_path):
    assert found(tmp_path / "a", "acronym-unexpanded", ASKS)
    assert not found(tmp_path / "b", "acronym-unexpanded", ASKS + more)


def test_an_acronym_may_be_spelled_out_by_a_source_that_is_cited_or_by_a_domain(tmp_path):
    sources = f"book: {{title: The Handbook of {SPELLED}}}\n"
    project = sample.PROJECT.replace("Basics", SPELLED)

    assert found(tmp_path, "acronym-unexpanded", ASKS, sources=sources)
    assert not found(tmp_path, "acronym-unexpanded", ASKS.replace("{id", "{source: [book], id"), sources=sources)
    assert not found(tmp_path, "acronym-unexpanded", ASKS, deckgen=project)


def clashing(acronym: str, more: str = "") -> str:
    """Two resources, the second of which has this acronym, and the first OFO."""
    other = f"id: other, domain: basics, as_of: 2026-11, name: Far Offshore Oil, role: A firm, acronym: {acronym}{more}"
    return RESOURCE.format("role: A caterer, acronym: OFO") + f"  - {{{other}}}\n"


def test_the_advice_of_acronym_clash_works_for_similar_acronyms(tmp_path):
    (clash,) = found(tmp_path, "acronym-clash", clashing("FOO"))

    assert clash.help == "add 'one' to `confuse_with:`"
    assert not found(tmp_path, "acronym-clash", clashing("FOO", ", confuse_with: [one]"))


def test_the_advice_of_acronym_clash_works_for_equal_acronyms(tmp_path):
    (clash,) = found(tmp_path, "acronym-clash", clashing("OFO"))

    assert clash.help == "delete `acronym:` in one of the two, or write 'allow: {acronym-clash: the reason}'"
    assert found(tmp_path, "acronym-clash", clashing("OFO", ", confuse_with: [one]"))
    assert not found(tmp_path, "acronym-clash", clashing("OFO", ", allow: {acronym-clash: the reason}"))


# --- questions that are compared --------------------------------------------------------------------------------------

PROCEDURE = """\
procedures:
  - id: brewing
    domain: basics
    name: Brewing
    facts: [{id: cup, question: What holds a hot drink?, answer: A cup}]
"""


def test_dup_same_answer_compares_questions_of_all_kinds(tmp_path):
    (hint,) = found(tmp_path, "dup-same-answer", faq("What breaks when dropped?", "A cup") + PROCEDURE)

    assert hint.message.startswith("same answer as faq/asked: ")


def test_questions_worded_by_deckgen_are_not_compared(tmp_path):
    named = "  - {{id: {0}, domain: basics, name: {0}, risks: A burn}}\n"
    cards = "procedures:\n" + named.format("brewing-green-tea") + named.format("brewing-black-tea")

    assert not found(tmp_path, "dup-near", cards)
    assert not found(tmp_path, "dup-same-answer", cards)
    assert found(tmp_path, "source-missing", cards)  # the rules did run


def test_names_and_roles_of_resources_are_not_checked_as_questions(tmp_path):
    cards = RESOURCE.format("role: Is it them?, purpose: 'Yes, no, and maybe'")

    for rule in ("yes-no", "pronoun", "answer-hides-list"):
        assert not found(tmp_path, rule, cards)
    assert found(tmp_path, "source-missing", cards)


# --- sources ----------------------------------------------------------------------------------------------------------


def test_a_procedure_without_a_source_is_an_error(tmp_path):
    severities = {one.severity.value for one in found(tmp_path, "source-missing", PROCEDURE)}

    assert severities == {"error"}
    assert {one.severity.value for one in found(tmp_path, "source-missing", faq("What?"))} == {"warning"}


# --- cards of one deck ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("folder", "is_found"), [("demo", True), ("demo/chapter", True), ("other", False)])
def test_answer_on_front_compares_the_cards_of_a_deck(folder, is_found, tmp_path):
    vessel = faq("Which vessel carries blood from the right ventricle to the lungs?", "The pulmonary artery")
    telling = "The pulmonary artery carries blood from the right ventricle to the lungs. How much oxygen is in it?"
    files = {"deckgen.yaml": sample.PROJECT, "demo/cards.yaml": vessel}
    files[f"{folder}/gas.yaml"] = faq(telling, "Little").replace("id: asked", "id: gas")
    if folder == "other":
        files["other/deck.yaml"] = "title: Other\n"
    _, findings = sample.compiled(sample.write(tmp_path, files))

    assert ("answer-on-front" in {one.rule for one in findings}) is is_found


METALS = """\
faq:
  - id: metals
    domain: basics
    question: Which two metals, iron or steel, rust?
    items: [iron: Iron, steel: Steel]
"""


@pytest.mark.parametrize(("other", "orphans"), [("What colour is iron?", 1), ("What colour is snow?", 2)])
def test_orphan_item_asks_for_another_card_also_if_the_question_names_the_items(other, orphans, tmp_path):
    cards = METALS + QUESTION.format(sample.scalar(other), "Grey")

    assert len(found(tmp_path, "orphan-item", cards)) == orphans
