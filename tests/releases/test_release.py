"""``deckgen release``: what it writes, that it can be made again, and when it is refused."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from publisher import WHEN, Publisher

import sample

REWORDED = ("It is the second}", "Surely it is the second}")


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_a_first_release_has_a_package_for_each_deck_notes_sums_a_feed_and_a_site(publisher):
    folder = publisher.publishes("v1")

    assert names(folder) == {"demo.apkg", "NOTES.md", "SHA256SUMS", "ankiweb.txt", "feed.json", "site"}
    assert (folder / "site/demo.apkg").read_bytes() == (folder / "demo.apkg").read_bytes()
    assert "the release notes say which" in (folder / "site/index.html").read_text()


def test_the_sums_are_those_of_the_files(publisher):
    folder = publisher.publishes("v1")
    listed = dict(line.split("  ")[::-1] for line in (folder / "SHA256SUMS").read_text().splitlines())

    assert listed.keys() == names(folder) - {"SHA256SUMS", "site"}
    assert listed == {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in listed}


@pytest.mark.slow
def test_a_release_made_again_at_its_tag_has_the_same_bytes_and_leaves_the_lock_alone(publisher, tmp_path):
    publisher.publishes("v1")
    publisher.edits(*REWORDED)
    publisher.adds_picture("It is the third")
    folder = publisher.publishes("v2")
    first = contents(folder)
    publisher.edits("It is the first}", "It comes first}")
    publisher.publishes("v3")
    clone = tmp_path / "clone"
    publisher.git("clone", "-q", "-b", "v2", ".", str(clone))
    again = publisher.runs(WHEN["v5"], "-C", str(clone), "release", "v2")

    assert again.exit_code == 0, again.output
    assert contents(clone / "build/release-v2") == first
    assert "git commit" not in again.output
    assert subprocess.run(["git", "status", "--porcelain", "decks"], cwd=clone, stdout=-1, check=True).stdout == b""


@pytest.mark.slow
def test_no_byte_depends_on_the_order_of_a_set(publisher):
    """With note types that have three styles."""
    more = "cloze:\n  - {id: gap, text: 'It is {{c1::here}}.'}\nterms:\n  - {id: dog, term: Hund, meaning: Dog}\n"
    publisher.edits("faq:\n", f"{more}faq:\n")
    publisher.commits("v1")
    command = [sys.executable, "-m", "deckgen", "release", "v1"]
    seen = []
    for seed in ("1", "2", "3"):
        subprocess.run(command, cwd=publisher.folder, env={**os.environ, "PYTHONHASHSEED": seed}, check=True, stdout=-1)
        seen.append(contents(publisher.folder / "build/release-v1"))

    assert seen[0] == seen[1] == seen[2]


def test_before_the_commit_a_release_can_be_made_again_with_another_paragraph(publisher, tmp_path):
    publisher.commits("v1")
    assert publisher.runs(WHEN["v1"], "release", "v1").exit_code == 0
    (tmp_path / "v1.md").write_text("The *first* one.\n")
    again = publisher.runs(WHEN["v2"], "release", "v1", "--notes", "v1.md")

    assert again.exit_code == 0, again.output
    assert "The *first* one." in (tmp_path / "build/release-v1/NOTES.md").read_text()
    assert "  git add v1.md\n  git commit -m 'Release v1' decks/deckgen.lock v1.md\n" in again.output


@pytest.mark.slow
def test_learners_of_the_last_three_releases_get_what_is_new_to_them(publisher):
    for name in ("v1", "v2", "v3", "v4"):
        publisher.publishes(name)
        publisher.edits("faq:\n", f"faq:\n  - {{id: after-{name}, question: After {name}?, answer: Yes}}\n")
    folder = publisher.publishes("v5")

    assert {name for name in names(folder) if "since" in name} == {f"demo-since-v{n}.apkg" for n in (2, 3, 4)}
    notes = (folder / "NOTES.md").read_text()
    assert "| v4 | `demo-since-v4.apkg` | 1 note added, 0 updated |" in notes
    assert "| v2 | `demo-since-v2.apkg` | 3 notes added, 0 updated |" in notes
    assert "| an older release | the whole deck |" in notes


@pytest.mark.slow
def test_learners_of_releases_from_before_the_project_was_moved_get_what_is_new_to_them(publisher):
    publisher.publishes("v1")
    publisher.edits("It is the first}", "It comes first}")
    publisher.publishes("v2")
    publisher.moves("anki")
    publisher.edits(*REWORDED)
    folder = publisher.publishes("v3")
    compared = publisher.runs(WHEN["v4"], "diff", "--since", "v2^")

    notes = (folder / "NOTES.md").read_text()
    assert "| v2 | `demo-since-v2.apkg` | 0 notes added, 1 updated |" in notes
    assert "| v1 | `demo-since-v1.apkg` | 0 notes added, 2 updated |" in notes
    assert "demo: 0 new, 1 changed, 0 retired, 6 unchanged\n" in compared.output


def test_what_an_earlier_run_left_is_removed_and_other_files_stay(publisher):
    publisher.publishes("v1")
    publisher.edits(*REWORDED)
    publisher.commits("v2")
    publisher.runs(WHEN["v2"], "release", "v2")
    folder = publisher.folder / "build/release-v2"
    (folder / "mine.txt").write_text("mine")
    publisher.edits(*REWORDED[::-1])
    publisher.git("checkout", "-q", "decks/deckgen.lock")
    publisher.commits("v2")
    again = publisher.runs(WHEN["v2"], "release", "v2")

    assert again.exit_code == 0, again.output
    assert "mine.txt" in names(folder)
    assert all(
        name in (folder / "SHA256SUMS").read_text() for name in names(folder) - {"mine.txt", "SHA256SUMS", "site"}
    )


def test_the_notes_tell_what_is_new_corrected_reworded_and_retired_by_domain(publisher):
    publisher.publishes("v1")
    publisher.edits("It is the first}", "It is number one}")
    publisher.edits("question: Is it the second?", "question: Is this the second?")
    publisher.edits("faq:\n", "faq:\n  - {id: new, domain: others, question: 'Is *it* <new>?', answer: It is}\n")
    publisher.edits("      - pink: Pink\n", "      - pink: Pink\n      - grey: Grey\n")
    publisher.runs(WHEN["v2"] - 7200, "retire", "resource/who", "--reason", "It is known")
    notes = (publisher.publishes("v2") / "NOTES.md").read_text()

    assert "| Demo | 1 | 2 | 1 | 1 | 3 |" in notes
    assert "**Other things** (1)\n\n- Is it \\<new\\>?\n" in notes
    assert "- Is it the first?\n  - Answer: It is ~~the first~~ **number one**\n" in notes
    assert "- Name the four colours. (1 more card)\n" in notes
    assert "- Is this the second?\n  - Question: Is ~~it~~ **this** the second?\n" in notes
    assert 'tag:sample::* "Id:re:^(faq/first|faq/flags)$"' in notes
    assert "### Retired: 1 note\n" in notes
    assert 'tag:sample::* "Id:re:^(resource/who)$"' in notes
    assert "- World Health Organization\n  - Retired on " in notes


def test_the_notes_of_a_release_that_only_retires_cards_say_that_there_is_nothing_to_import(publisher):
    publisher.publishes("v1")
    retired = publisher.runs(WHEN["v2"] - 7200, "retire", "faq/second", "--reason", "It was wrong.")
    assert retired.exit_code == 0, retired.output
    notes = (publisher.publishes("v2") / "NOTES.md").read_text()

    assert "there is nothing to import" in notes
    assert "| You have |" not in notes
    assert "### Retired: 1 note" in notes


def test_the_notes_count_notes_that_a_new_deckgen_shows_otherwise(publisher):
    """The lock of the first release remembers another hash of a note than today's."""
    publisher.publishes("v1")
    lock = publisher.folder / "decks/deckgen.lock"
    lock.write_text(re.sub("^(note faq/second question) [0-9a-f]+", r"\1 0000", lock.read_text(), flags=re.MULTILINE))
    publisher.git("commit", "-q", "--amend", "-am", "Release v1, by an older deckgen")
    publisher.git("tag", "-f", "v1")
    notes = (publisher.publishes("v2") / "NOTES.md").read_text()

    assert "| Demo | 0 | 0 | 0 | 0 | 7 |" in notes
    assert "Anki also updates 1 note whose text is the same, but whose cards look different." in notes
    assert "| v1 | `demo-since-v1.apkg` | 0 notes added, 1 updated |" in notes


def test_the_feed_has_the_notes_as_html(publisher):
    publisher.publishes("v1")
    publisher.edits(*REWORDED)
    feed = json.loads((publisher.publishes("v2") / "feed.json").read_text())

    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    (item,) = feed["items"]
    assert item["title"] == "Sample: release v2"
    assert "<del>It</del> <strong>Surely it</strong>" in item["content_html"]


def test_the_texts_for_ankiweb_name_each_deck(publisher):
    text = (publisher.publishes("v1") / "ankiweb.txt").read_text()

    assert "===== demo.apkg =====\n\nTitle:\nDemo\n" in text
    assert "7 notes, 18 cards" in text


def test_a_warning_refuses_a_release(publisher):
    settings = publisher.folder / "decks/deckgen.yaml"
    publisher.commits("v1")
    settings.write_text(settings.read_text().replace("namespace: ", "namespace: example.org # "))
    refused = publisher.runs(WHEN["v1"], "release", "v1")

    assert refused.exit_code == 1
    assert "error: nothing was released: a release must have no errors or warnings; found " in refused.output
    assert not (publisher.folder / "build/release-v1").exists()


def test_a_name_that_is_released_already_is_refused_elsewhere(publisher):
    publisher.publishes("v1")
    publisher.edits(*REWORDED)
    publisher.commits("v2")
    refused = publisher.runs(WHEN["v2"], "release", "v1")

    assert refused.exit_code == 1
    assert "the release v1 already exists: choose another" in refused.output


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"<b>x</b>", "v1.md: expected Markdown, found the HTML '<b>'"),
        (b"![x](y.png)", "v1.md: expected no picture in release notes, found one"),
        (b"\xff", "'v1.md' is not UTF-8 text"),
        (b"x" * 200_000, "'v1.md' has 200,000 bytes"),
        (b"a \x1b[31m b", "v1.md: expected visible characters, found U+001B: delete it"),
        (b"```\na", "v1.md: expected the end of the block of code: write ``` below it"),
        (b"<script src=//example.org/x.js", "v1.md: expected Markdown, found the HTML '<script src=//example.org/x.js"),
        (rb"\(<img src=x onerror=alert(1)>\)", "v1.md: expected Markdown, found the HTML '<img src=x"),
    ],
)
def test_a_paragraph_is_markdown_as_on_cards(publisher, text, message):
    publisher.commits("v1")
    (publisher.folder / "v1.md").write_bytes(text)
    refused = publisher.runs(WHEN["v1"], "release", "v1", "--notes", "v1.md")

    assert refused.exit_code == 1
    assert message in refused.output
    assert "release v1" not in (publisher.folder / "decks/deckgen.lock").read_text()


def test_html_in_a_disclaimer_does_not_reach_the_site(publisher):
    disclaimer = r"disclaimer: '\(<img src=x onerror=alert(1)>\)'"
    publisher.edits("title: Sample", f"title: Sample\n{disclaimer}", path="decks/deckgen.yaml")
    publisher.commits("v1")
    refused = publisher.runs(WHEN["v1"], "release", "v1")

    assert refused.exit_code == 1
    assert "expected Markdown, found the HTML '<img src=x onerror=alert(1)>'" in refused.output
    assert not (publisher.folder / "build/release-v1/site").exists()


def test_an_earlier_release_that_cannot_be_compiled_any_more_is_left_out(publisher):
    publisher.publishes("v1")
    cards = publisher.cards.read_text()
    publisher.cards.write_text(cards.replace("question: Is it the first?", "asked: Is it the first?"))
    publisher.git("commit", "-qam", "Broken")
    publisher.git("tag", "-f", "v1")
    publisher.cards.write_text(cards)
    publisher.commits("v2")
    result = publisher.runs(WHEN["v2"], "release", "v2")

    assert result.exit_code == 0, result.output
    assert (
        "warning: there will be no packages with what is new since v1: the sources of 'v1' have 2 errors, 0 warnings; "
        "learners who have it import the whole deck\n"
    ) in result.output
    shutil.rmtree(publisher.folder / "build")


@pytest.mark.slow
def test_releases_of_another_branch_are_no_earlier_releases(publisher: Publisher):
    publisher.publishes("v1")
    publisher.git("checkout", "-q", "-b", "other")
    publisher.edits(*REWORDED)
    publisher.publishes("v2")
    publisher.git("checkout", "-q", "main")
    publisher.edits("It is the first}", "It comes first}")
    folder = publisher.publishes("v3")

    assert {name for name in names(folder) if "since" in name} == {"demo-since-v1.apkg", "demo-since-v1.txt"}


@pytest.mark.slow
def test_learners_of_a_release_whose_branch_was_squashed_get_what_is_new_to_them(publisher: Publisher):
    publisher.publishes("v1")
    publisher.git("checkout", "-q", "-b", "work")
    publisher.edits(*REWORDED)
    publisher.publishes("v2")
    publisher.git("checkout", "-q", "main")
    publisher.git("merge", "-q", "--squash", "work")
    publisher.git("commit", "-qm", "Release v2, squashed")
    publisher.edits("It is the first}", "It comes first}")
    folder = publisher.publishes("v3")

    since = {name for name in names(folder) if "since" in name}
    assert since == {f"demo-since-{name}.{suffix}" for name in ("v1", "v2") for suffix in ("apkg", "txt")}
    assert "since v2" in (folder / "NOTES.md").read_text()


def test_learners_read_which_notes_moved_to_another_deck(publisher: Publisher):
    two = "domain: basics\nsource: [book]\nfaq:\n  - {id: far, question: Is it far?, answer: It is far}\n"
    sample.write(publisher.folder, {"two/deck.yaml": "title: Two\n", "two/cards.yaml": two}, base=False)
    publisher.publishes("v1")
    moved = "  - {id: second, question: Is it the second?, answer: It is the second}\n"
    publisher.edits(moved, "")
    publisher.writes("decks/two/cards.yaml", two + moved.replace("It is", "Surely it is"))
    notes = (publisher.publishes("v2") / "NOTES.md").read_text()

    assert "| Demo, v1 | the deck that its notes moved to: see below |  |" in notes
    assert "## Demo\n\n### Moved to another deck: 1 note\n" in notes
    assert "- Is it the second?\n  - now in Two, `two.apkg`\n" in notes
    assert "Moved" not in notes.partition("## Two")[2]


GAPS = """\
domain: basics
source: [book]
cloze:
  - {id: nerve, text: 'The {{c1::median}} nerve, the {{c2::ulnar}} nerve'}
"""


def test_a_release_that_renumbers_deletions_is_refused_until_they_have_their_numbers(publisher: Publisher):
    publisher.writes("decks/demo/gaps.yaml", GAPS)
    publisher.publishes("v1")
    renumbered = GAPS.replace("c2", "c3").replace("The {{c1", "The {{c1::radial}} nerve, the {{c2")
    publisher.writes("decks/demo/gaps.yaml", renumbered)
    publisher.commits("v2")
    refused = publisher.runs(WHEN["v2"], "release", "v2")

    assert refused.exit_code == 1
    message = "'median' was c1 in v1, and is now c2: cards would ask something else [cloze-renumbered]"
    assert f"decks/demo/gaps.yaml:4:5: error: {message}" in refused.output
    assert "change c2 back to c1, c3 back to c2; numbers can be in any order" in refused.output
    assert "release v2" not in (publisher.folder / "decks/deckgen.lock").read_text()
    publisher.writes("decks/demo/gaps.yaml", GAPS.replace("The ", "The {{c3::radial}} nerve, the "))
    publisher.publishes("v2")


@pytest.mark.parametrize(
    "changed",
    [
        GAPS.replace("median", "sciatic"),
        GAPS.replace("The {{c1::median}} nerve, the {{c2::ulnar}}", "The {{c2::ulnar}} nerve, the {{c1::median}}"),
        pytest.param(GAPS.replace("{{c1::median}}", "median"), marks=pytest.mark.slow),
        pytest.param(GAPS.replace("{{c1::median}}", "{{c1::ulnar}}"), marks=pytest.mark.slow),
        pytest.param(GAPS.replace("c2", "c1"), marks=pytest.mark.slow),
    ],
)
def test_deletions_may_be_reworded_moved_taken_out_and_joined(publisher: Publisher, changed: str):
    publisher.writes("decks/demo/gaps.yaml", GAPS)
    publisher.publishes("v1")
    publisher.writes("decks/demo/gaps.yaml", changed)
    publisher.publishes("v2")


@pytest.mark.parametrize("name", ["HEAD", "v1.lock", "-v", "../v1", "v" * 65])
def test_a_name_that_no_tag_can_have_is_refused(name, publisher):
    result = publisher.runs(WHEN["v1"], "release", "--", name)

    assert result.exit_code == 2
    assert "expected a release name that git can have as a tag" in result.output
