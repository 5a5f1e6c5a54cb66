"""The site: what is written, and what is left alone. How its pages look is tested in a browser."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

import sample
from deckgen.cli import main
from deckgen.media.media import content_mark
from deckgen.site.card_element import for_both_themes


def test_static_pages_need_an_up_to_date_lock(project):
    result = CliRunner().invoke(main, ["preview", "--static", "site"])

    assert result.exit_code == 1
    assert "run 'deckgen build' first" in result.stderr
    assert not Path("site/index.html").exists()


def test_static_pages_are_complete_and_old_media_are_removed(project):
    runner = CliRunner()
    assert runner.invoke(main, ["build"]).exit_code == 0
    Path("site/media").mkdir(parents=True)
    Path(f"site/media/old-{content_mark(b'x')}.png").write_bytes(b"x")
    result = runner.invoke(main, ["preview", "--static", "site"])

    assert result.exit_code == 0, result.output
    names = sorted(path.relative_to("site").as_posix() for path in Path("site").rglob("*") if path.is_file())
    picture = next(name for name in names if name.startswith("media/"))
    styles = [name for name in names if name.startswith("card-")]
    assert names == [
        *styles,
        "cards-1.html",
        "cards.html",
        "cards.js",
        "demo.apkg",
        "filters.js",
        "index.html",
        picture,
        "page.css",
        "page.js",
        "site.css",
    ]
    assert styles
    assert Path("site/demo.apkg").read_bytes() == Path("build/demo.apkg").read_bytes()
    assert Path(f"site/{picture}").read_bytes() == sample.png()
    assert "release" not in Path("site/index.html").read_text()  # there are no release notes


def test_static_pages_escape_links_and_have_a_content_security_policy(tmp_path):
    files = {name: sample.BASE[name] for name in ("deckgen.yaml", "sources.yaml")}
    card = "faq: [{id: one, domain: basics, question: Q?, answer: A}]"
    root = sample.write(
        tmp_path, {**files, "javascript:x #?%2f/deck.yaml": "title: Demo", "javascript:x #?%2f/x.yaml": card}, False
    )
    runner = CliRunner()
    for command in (["build"], ["preview", "--static", "site"]):
        assert runner.invoke(main, ["-C", str(root.parent), *command]).exit_code == 0
    landing, cards = (Path("site", name).read_text() for name in ("index.html", "cards.html"))

    assert 'href="javascript%3Ax%20%23%3F%252f.apkg"' in landing
    assert "default-src 'none'" in landing.partition("<link")[0]
    assert "script-src" not in landing
    assert "default-src 'none'; script-src 'self'" in cards.partition("<link")[0]


def test_files_that_deckgen_did_not_write_are_left_alone(project):
    runner = CliRunner()
    assert runner.invoke(main, ["build"]).exit_code == 0
    Path("site/media").mkdir(parents=True)
    Path("site/media/mine-1234.png").write_bytes(b"x")

    assert runner.invoke(main, ["preview", "--static", "site"]).exit_code == 0
    assert Path("site/media/mine-1234.png").exists()


@pytest.mark.parametrize("folder", ["decks", "decks/demo", "decks/demo/media"])
def test_static_pages_are_not_written_among_the_sources(project, folder):
    """A deck has a folder 'media' of its own."""
    runner = CliRunner()
    assert runner.invoke(main, ["build"]).exit_code == 0
    before = {path: path.read_bytes() for path in project.rglob("*") if path.is_file()}
    result = runner.invoke(main, ["preview", "--static", folder])

    assert result.exit_code == 1
    assert f"expected a folder that has no sources, found '{folder}'" in result.stderr
    assert {path: path.read_bytes() for path in project.rglob("*") if path.is_file()} == before


def test_static_pages_are_not_written_if_there_are_errors(project):
    (project / "demo/dot.yaml").write_text("faq: [")
    result = CliRunner().invoke(main, ["preview", "--static", "site"])

    assert result.exit_code == 1
    assert "decks/demo/dot.yaml:1" in result.stderr
    assert not Path("site").exists()


def test_rules_for_night_mode_apply_in_the_dark_theme_without_the_class():
    style = """/* .nightMode { } */
.card { color: black; }
.card.nightMode, .card.night_mode { color: white; }
.nightMode .dg.list { color: red; }
@media print { .card.nightMode { color: black; } }
"""

    assert for_both_themes(style) == (
        style + "\n@media (prefers-color-scheme: dark) {\n.card { color: white; }\n.dg.list { color: red; }\n}\n"
    )


def test_a_style_without_a_night_mode_stays_as_it_is():
    assert for_both_themes(".card { color: black; }") == ".card { color: black; }"


def test_a_large_deck_is_divided_into_pages(tmp_path):
    cards = "".join(
        f"  - {{id: c{n}, domain: basics, question: What is {n}?, answer: It is {n}}}\n" for n in range(200)
    )
    sample.write(tmp_path, {"demo/cards.yaml": f"faq:\n{cards}"})
    runner = CliRunner()
    for command in (["build"], ["preview", "--static", "site"]):
        assert runner.invoke(main, command).exit_code == 0
    first, second = (Path(f"site/cards-{number}.html").read_text() for number in (1, 2))

    assert first.count("<article") == 150
    assert second.count("<article") == 50
    assert '<a href="cards-2.html">Next page</a>' in first
    assert '<li><a href="cards-2.html">Cards 151 to 200</a>: Basics</li>' in Path("site/cards.html").read_text()

    Path("site/cards-mine.html").write_text("mine")
    Path("decks/demo/cards.yaml").write_text(f"faq:\n{cards.partition('  - {id: c100')[0]}")
    for command in (["build"], ["preview", "--static", "site"]):
        assert runner.invoke(main, command).exit_code == 0
    assert {path.name for path in Path("site").glob("cards-*")} == {"cards-1.html", "cards-mine.html"}


@pytest.mark.parametrize("command", [["preview", "--static", "site"], ["release", "v1"]])
def test_a_project_without_a_deck_has_no_site(tmp_path, command):
    sample.write(tmp_path, {"deckgen.yaml": sample.BASE["deckgen.yaml"]}, base=False)
    runner = CliRunner()
    assert runner.invoke(main, ["build"]).exit_code == 0
    before = Path("decks/deckgen.lock").read_text()
    refused = runner.invoke(main, command)

    assert refused.exit_code == 1
    step = "create a folder with a file deck.yaml that has a 'title'"
    assert refused.stderr == f"error: this project has no deck yet: {step}\n"
    assert Path("decks/deckgen.lock").read_text() == before
