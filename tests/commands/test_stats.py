"""``deckgen stats`` gives numbers that add up, as text, JSON and a picture."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner, Result

import sample
from author import CARDS
from deckgen.cli import main
from deckgen.compiler.pipeline import compile_project
from deckgen.reports.stats import collect_stats
from deckgen.reports.stats_report import as_svg

REPOSITORY = Path(__file__).parents[2]
TODAY = {"SOURCE_DATE_EPOCH": "1795478400"}  # 2026-11-24
SOURCES = """\
book: {title: A book, published: 2025, accessed: 2026-11-01, grade: guideline}
paper: {title: A paper, published: 2019-03, accessed: 2024-11-30, grade: review}
page: {title: A page, accessed: 2024-10-31}
"""
AGED = """\
faq:
  - {id: old, domain: others, source: [paper, page], as_of: 2023, question: What is old?, answer: This}
  - {id: young, domain: others, as_of: 2024-12, question: What is young?, answer: That}
"""


@pytest.fixture(autouse=True)
def project(tmp_path: Path) -> Path:
    return sample.write(
        tmp_path,
        {
            "deckgen.yaml": sample.BASE["deckgen.yaml"] + "targets: {basics: 12, others: 2}\n",
            "sources.yaml": SOURCES,
            "demo/cards.yaml": CARDS,
            "other/deck.yaml": "title: Other & more",
            "other/x.yaml": AGED,
        },
    )


def stats(*options: str) -> Result:
    return CliRunner().invoke(main, ["stats", *options], env=TODAY)


def test_the_numbers_of_decks_domains_and_kinds_add_up():
    found = json.loads(stats("--format", "json").stdout)

    for counts in (found["decks"], found["domains"], found["kinds"]):
        assert sum(one["notes"] for one in counts) == found["notes"] == 9
        assert sum(one["cards"] for one in counts) == found["cards"] == 20
    assert sum(grade["works"] for grade in found["grades"]) == 3
    assert sum(found["ages"].values()) == 3


def test_reviewed_notes_are_counted(project):
    (project / "other/x.yaml").write_text(AGED.replace("id: old,", "id: old, reviewed: {by: Dr. Who, on: 2026-11},"))

    assert json.loads(stats("--format", "json").stdout)["reviewed"] == 1
    assert "1 of 9 notes reviewed" in stats().stdout


def test_sources_are_counted_by_grade_and_by_age():
    found = json.loads(stats("--format", "json").stdout)

    grades = {grade["id"]: (grade["works"], grade["notes"]) for grade in found["grades"]}
    assert grades == {"guideline": (1, 7), "review": (1, 1), "": (1, 1), "none": (0, 1)}
    ages = ["under 2 years", "2 to 5 years", "5 to 10 years", "over 10 years", "year not known"]
    assert [found["ages"][age] for age in ages] == [1, 0, 1, 0, 1]


@pytest.mark.parametrize(
    ("age", "sources", "notes"),
    [
        ("24m", ["page"], ["faq/old"]),
        ("2y", ["page"], ["faq/old"]),
        ("23m", ["paper", "page"], ["faq/old"]),
        ("22m", ["paper", "page"], ["faq/old", "faq/young"]),
        ("9y", [], []),
    ],
)
def test_sources_and_statements_not_checked_recently_are_listed(age, sources, notes):
    found = json.loads(stats("--format", "json", "--stale", age).stdout)

    assert [one["id"] for one in found["stale_sources"]] == sources
    assert [one["id"] for one in found["stale_notes"]] == notes


@pytest.mark.parametrize(("per_day", "days"), [("20", 6), ("2", 10), ("3", 7), ("1", 20)])
def test_the_days_depend_on_all_cards_and_on_the_note_with_the_most_cards(per_day, days):
    assert json.loads(stats("--format", "json", "--per-day", per_day).stdout)["days"] == days


def test_the_text_has_a_bar_for_each_domain_and_its_target():
    lines = stats().stdout.splitlines()

    assert lines[:2] == ["9 notes, 20 cards", "6 days at 20 new cards a day"]
    assert lines[2] == "0 of 9 notes reviewed"
    assert f"  Basics       {'█' * 18}{'·' * 12} 7 notes of 12 (58%), 18 cards" in lines
    assert f"  Other things {'█' * 5}{' ' * 25} 2 notes of 2 (100%), 2 cards" in lines
    assert "  2024-10-31  page: A page" in lines


def test_the_picture_is_well_formed_and_names_every_domain():
    svg = ElementTree.fromstring(stats("--format", "svg").stdout)  # noqa: S314 (our own)
    texts = [element.text for element in svg.iter("{http://www.w3.org/2000/svg}text")]

    assert texts == ["Basics", "18 cards", "Other things", "2 cards"]


def test_the_output_file_is_written_only_if_it_would_change():
    stats("--format", "svg", "--output", "a.svg")
    before = Path("a.svg").stat().st_mtime_ns
    stats("--format", "svg", "--output", "a.svg")

    assert Path("a.svg").stat().st_mtime_ns == before


def test_a_wrong_age_and_a_target_of_an_unknown_domain_are_errors(project):
    assert "expected months or years, such as 24m or 2y, found '24'" in stats("--stale", "24").stderr
    (project / "deckgen.yaml").write_text(sample.PROJECT + "targets: {basic: 1}\n")
    result = stats()
    assert result.exit_code == 1
    assert "'basic' under 'targets' is not a domain of this project; did you mean 'basics'?" in result.stderr
    assert result.stderr.endswith("error: fix the errors first\n")


def test_the_picture_of_the_decks_is_current():
    compilation = compile_project(REPOSITORY / "decks")
    stats = collect_stats(compilation, date(2026, 11, 24), stale_months=24, per_day=20)
    kept = (REPOSITORY / "docs/coverage.svg").read_text(encoding="utf-8")

    assert kept == as_svg(stats), "run 'make'"


def test_a_binary_file_is_not_overwritten():
    Path("picture.png").write_bytes(sample.png())
    result = CliRunner().invoke(main, ["stats", "--format", "svg", "-o", "picture.png"])

    assert result.exit_code == 1
    assert result.stderr == "error: 'picture.png' is not a text file; name another file\n"
    assert Path("picture.png").read_bytes() == sample.png()
