"""The project's own files are read with all their errors, and nothing outside the project is read."""

from __future__ import annotations

from pathlib import Path

import sample

GOOD = "faq: [{id: one, domain: basics, question: Is it?, answer: It is}]\n"


def found_in(root: Path) -> list[str]:
    return [str(one) for one in sample.compiled(root)[1]]


def test_a_link_out_of_the_project_is_not_followed(tmp_path):
    root = sample.write(tmp_path, {"demo/cards.yaml": GOOD})
    (tmp_path / "secret.yaml").write_text(GOOD.replace("one", "two"))
    (root / "demo/secret.yaml").symlink_to(tmp_path / "secret.yaml")

    message = "expected a file of the project, found a link that leads out of it [outside-project]"
    assert [f"decks/demo/secret.yaml:1:1: error: {message}"] == found_in(root)


def test_a_folder_with_sources_but_without_a_deck_file(tmp_path):
    root = sample.write(tmp_path, {"demo/cards.yaml": GOOD, "lost/cards.yaml": GOOD})

    message = "expected this file, since 'decks/lost/cards.yaml' is in its folder [missing-file]"
    assert [f"decks/lost/deck.yaml:1:1: error: {message}"] == found_in(root)


def test_titles_and_the_namespace_must_be_one_line(tmp_path):
    files = {
        "deckgen.yaml": sample.PROJECT.replace(sample.NAMESPACE, '"two\\nlines"'),
        "demo/cards.yaml": GOOD,
        "demo/deck.yaml": 'title: "De\\nmo"\nsubdecks: {faq: "Ques\\ntions"}\n',
    }
    found = sample.compiled(sample.write(tmp_path, files))[1]

    assert [f"{one.position}: {one.message}" for one in found if one.rule == "bad-value"] == [
        "decks/deckgen.yaml:1:12: expected one line of text, found 2 lines",
        "decks/demo/deck.yaml:1:8: expected one line of text, found 2 lines",
        "decks/demo/deck.yaml:2:17: expected one line of text, found 2 lines",
    ]


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
