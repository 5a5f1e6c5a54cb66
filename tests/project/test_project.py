"""The project's own files are read with all their errors, and nothing outside the project is read."""

from __future__ import annotations

from pathlib import Path

import pytest

import sample
from deckgen.core.diagnostics import Severity

GOOD = "faq: [{id: one, domain: basics, question: Is it?, answer: It is}]\n"


def found_in(root: Path) -> list[str]:
    return [str(one) for one in sample.compiled(root)[1]]


def test_a_link_out_of_the_project_is_not_followed(tmp_path):
    root = sample.write(tmp_path, {"demo/cards.yaml": GOOD})
    (tmp_path / "secret.yaml").write_text(GOOD.replace("one", "two"))
    (root / "demo/secret.yaml").symlink_to(tmp_path / "secret.yaml")

    message = "expected a file in the project, found a link that leads out of it [outside-project]"
    assert [f"decks/demo/secret.yaml:1:1: error: {message}"] == found_in(root)


@pytest.mark.parametrize(
    "name",
    ["deckgen.yaml", "deckgen.lock", "sources.yaml", "demo/deck.yaml", "demo/cards.yaml", "note-types/a/type.yaml"],
)
def test_a_file_that_git_lfs_has_not_downloaded_is_said_to_be_one(name, tmp_path):
    pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n"
    found = sample.compiled(sample.write(tmp_path, {"demo/cards.yaml": GOOD, name: pointer}))[1]

    assert [(str(one.position), one.rule, one.help) for one in found if one.severity is Severity.ERROR] == [
        (f"decks/{name}:1:1", "unreadable-file", "Git LFS has not downloaded it: run 'git lfs pull'")
    ]


def test_a_folder_with_sources_but_without_a_deck_file(tmp_path):
    root = sample.write(tmp_path, {"demo/cards.yaml": GOOD, "lost/cards.yaml": GOOD})

    message = "expected this file, since 'decks/lost/cards.yaml' is in its folder [missing-file]"
    assert [f"decks/lost/deck.yaml:1:1: error: {message}"] == found_in(root)


def test_titles_and_the_namespace_must_be_one_line(tmp_path):
    files = {
        "deckgen.yaml": sample.PROJECT.replace(sample.NAMESPACE, '"two\\nlines"'),
        "demo/cards.yaml": GOOD,
        "demo/deck.yaml": 'title: "De\\nmo"\n',
    }
    found = sample.compiled(sample.write(tmp_path, files))[1]

    assert [f"{one.position}: {one.message}" for one in found if one.rule == "bad-value"] == [
        "decks/deckgen.yaml:1:12: expected one line of text, found 2 lines",
        "decks/demo/deck.yaml:1:8: expected the name of a deck, with '::' directly between names, found 2 lines",
    ]


@pytest.mark.parametrize(
    ("title", "suggestion"),
    [
        ("A::", "A"),
        ("::A", "A"),
        ("A::::B", "A::B"),
        ("A:::B", "A::B"),
        ("A:: ::B", "A::B"),
        ("A :: B", "A::B"),
        ("A:: B", "A::B"),
        ("A:", "A"),
        ("A::B:", "A::B"),
        ("::", ""),
    ],
)
def test_a_title_that_anki_would_change_is_an_error(title, suggestion, tmp_path):
    files = {"demo/cards.yaml": GOOD, "demo/deck.yaml": f"title: '{title}'\n"}
    found = [one for one in sample.compiled(sample.write(tmp_path, files))[1] if one.rule == "bad-value"]

    message = f"expected the name of a deck, with '::' directly between names, found '{title}'"
    help = f"for example: {suggestion}" if suggestion else ""
    assert [(one.message, one.help) for one in found] == [(message, help)]


@pytest.mark.parametrize("title", ["A", "A::B", "Pain: basics", "a:b::c", "Café — ½", "A B::C D"])
def test_other_titles_are_fine(title, tmp_path):
    root = sample.write(tmp_path, {"demo/cards.yaml": GOOD, "demo/deck.yaml": f"title: '{title}'\n"})

    assert found_in(root) == []


@pytest.mark.parametrize("other", ["Back pain", "BACK PAIN", "Back  pain", "Backpain", "back\u00a0pain"])
def test_titles_that_learners_could_not_tell_apart_are_errors(other, tmp_path):
    files = {
        "a/deck.yaml": "title: Back pain\n",
        "a/cards.yaml": GOOD,
        "b/deck.yaml": f"title: {other}\n",
        "b/cards.yaml": GOOD.replace("one", "two"),
        "demo/cards.yaml": GOOD.replace("one", "three"),
    }
    (found,) = sample.compiled(sample.write(tmp_path, files))[1]

    differs = "" if other == "Back pain" else " by 'Back pain', which differs only in case or spaces"
    assert f"{found.position}: {found.message}" == (
        f"decks/b/deck.yaml:1:1: the title '{other}' is already used in decks/a/deck.yaml:1:1{differs}"
    )


@pytest.mark.parametrize("subdecks", ["domain", "kind", "folder", "none"])
def test_a_broken_project_file_is_reported_however_cards_are_divided_into_subdecks(subdecks, tmp_path):
    files = {
        "deckgen.yaml": sample.PROJECT + "licens: CC\n",
        "demo/deck.yaml": f"title: Demo\nsubdecks: {subdecks}\n",
        "demo/part/cards.yaml": GOOD,
    }
    found = sample.compiled(sample.write(tmp_path, files))[1]

    assert [one.rule for one in found if one.severity is Severity.ERROR] == ["unknown-key"]


def test_a_broken_project_file_hides_no_other_error(tmp_path):
    files = {
        "deckgen.yaml": "title: T\ntagg: x\n",
        "demo/cards.yaml": GOOD + "extra: [\n",
        "demo/deck.yaml": "titel: D\n",
    }

    assert [f"{one.position}: {one.rule}" for one in sample.compiled(sample.write(tmp_path, files))[1]] == [
        "decks/deckgen.yaml:1:1: missing-key",
        "decks/deckgen.yaml:1:1: missing-key",
        "decks/deckgen.yaml:2:1: unknown-key",
        "decks/demo/cards.yaml:3:1: syntax",
        "decks/demo/deck.yaml:1:1: unknown-key",
    ]


def test_content_rules_wait_until_the_settings_that_may_switch_them_off_can_be_read(tmp_path):
    settings = sample.PROJECT + "language: Spanish\n" + sample.without("source-missing")

    found = sample.compiled(sample.write(tmp_path, {"deckgen.yaml": settings, "demo/cards.yaml": GOOD}))[1]

    assert [one.rule for one in found] == ["bad-value"]


@pytest.mark.parametrize(
    ("typed", "help"),
    [
        ("ge", "for example: de (German) or ka (Georgian)"),
        ("german", "for example: de (German)"),
        ("Español", "for example: es (Spanish)"),
        ("jp", "for example: ja (Japanese)"),
        ("EN", "for example: en"),
        ("en_US", "for example: en-US"),
        ("xx", ""),
    ],
)
def test_a_wrong_language_gets_the_code_that_was_meant(typed, help, tmp_path):
    settings = sample.PROJECT + f"language: {typed}\n"

    (found,) = sample.compiled(sample.write(tmp_path, {"deckgen.yaml": settings, "demo/cards.yaml": GOOD}))[1]

    assert (found.message, found.help) == (
        f"expected the code of a language, such as en, de or pt-BR, found '{typed}'",
        help,
    )


@pytest.mark.parametrize(
    ("deck", "messages"),
    [
        ("subdecks: folder\nfolders: {head: Head & Neck}\n", []),
        (
            "subdecks: folder\nfolders: {haed: Head & Neck}\n",
            ["'haed' under 'folders' is not a folder of this deck with entries; did you mean 'head'?"],
        ),
        ("folders: {head: Head & Neck}\n", ["'head' names no subdeck, since 'subdecks' is 'none'"]),
    ],
)
def test_names_for_folders_that_are_no_subdecks_are_warned_of(deck, messages, tmp_path):
    entry = "faq: [{id: a, domain: basics, question: What?, answer: So}]\n"
    root = sample.write(tmp_path, {"demo/deck.yaml": f"title: Demo\n{deck}", "demo/head/cards.yaml": entry})
    _, found = sample.compiled(root)

    assert [one.message for one in found] == messages
