"""Random edits of decks in the real Anki, pulled back: what is accepted is right, and most is accepted."""

from __future__ import annotations

import os
import random
import re
import shutil
from collections import Counter
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner

import others
from deckgen.cli import main
from deckgen.compiler.pipeline import compile_project
from deckgen.core.diagnostics import Report
from deckgen.core.nodes import texts_below
from deckgen.editing.open_files import open_files, save
from deckgen.editing.retire_entry import entries_of
from deckgen.packages.read_package import read_package
from deckgen.project.project import load
from deckgen.pulling.pull import NOT_PULLED, pull
from deckgen.text.field_tokens import same
from deckgen.text.markdown import render
from learner import Learner

REPOSITORY = Path(__file__).parent.parent.parent
DECKS, ALL_KINDS = REPOSITORY / "decks", REPOSITORY / "tests/golden/all-kinds/decks"
WORDS = "always often narrow steel quickly (rare) 3.5 über half-life A&B <5 * [x] it's".split()

_TEXT = re.compile(r"(<[^<>]*>|\{\{c\d+::|\}\}|&[#\w]+;|\\[()\[\]].*?\\[)\]])")


def words_of(html: str) -> list[tuple[int, int]]:
    """Where the words of a field stand, outside of tags, entities and maths."""
    spans, at = [], 0
    for part in _TEXT.split(html):
        if not _TEXT.fullmatch(part):
            spans += [(at + word.start(), at + word.end()) for word in re.finditer(r"\w[\w-]*", part)]
        at += len(part)
    return spans


def change_word(html: str, chance: random.Random) -> str:
    start, end = chance.choice(words_of(html))
    word = chance.choice(WORDS).replace("&", "&amp;").replace("<", "&lt;")
    return html[:start] + word + html[end:]


def add_word(html: str, chance: random.Random) -> str:
    start, _ = chance.choice(words_of(html))
    return f"{html[:start]}{chance.choice(WORDS).replace('&', '&amp;').replace('<', '&lt;')}&nbsp;{html[start:]}"


def delete(html: str, chance: random.Random) -> str:
    """Delete one to three words, as the editor does: without one of the spaces around them."""
    spans = words_of(html)
    first = chance.randrange(len(spans))
    last = min(len(spans) - 1, first + chance.randrange(3))
    start, end = spans[first][0], spans[last][1]
    if re.search(r"[<>{}&\\]", html[start:end]):
        end = spans[first][1]
    return html[:start] + re.sub("^ ", "", html[end:])


def bold(html: str, chance: random.Random) -> str:
    spans = words_of(html)
    first = chance.randrange(len(spans))
    start, end = spans[first]
    last = spans[min(len(spans) - 1, first + chance.randrange(3))][1]
    if not re.search(r"[<>{}&\\]", html[start:last]):
        end = last
    return f"{html[:start]}<b>{html[start:end]}</b>{html[end:]}"


def add_line(html: str, chance: random.Random) -> str:
    """Enter, and a few words, at the end of a word or of the field."""
    line = " ".join(chance.sample(WORDS[:6], 3))
    _, end = chance.choice(words_of(html)[-1:])
    rest = re.match(r"[^<{}&\\]*", html[end:])
    assert rest is not None
    at = end + len(rest[0])
    return f"{html[:at]}{chance.choice(('<br>{}', '<div>{}</div>')).format(line)}{html[at:]}"


EDITS = {"word": (change_word, add_word), "delete": (delete,), "bold": (bold,), "line": (add_line,)}


def texts_of(folder: Path) -> dict[str, set[str]]:
    """What the texts of each entry render as, by the entry."""
    project = load(folder, Report())
    found: dict[str, set[str]] = {}
    for file in open_files(project, Report()):
        for entry in entries_of(file):
            values = {one.scalar.value.strip() for one in texts_below(entry.node) if not one.is_key}
            own = file.source.path.parent
            rendered = [render(value, partial(project.media.find, folder=own)) for value in values if len(value) > 3]
            found[entry.label] = {html for html, _, errors in rendered if html and not errors}
    return found


def is_from_sources(old: str, new: str, texts: set[str]) -> bool:
    """Whether an edit lies within what a text of the entry renders as."""
    start = next((at for at, (one, other) in enumerate(zip(old, new, strict=False)) if one != other), len(old))
    both = zip(reversed(old[start:]), reversed(new[start:]), strict=False)
    end = len(old) - next((at for at, (one, other) in enumerate(both) if one != other), 0)
    return any(
        place.start() <= start and end <= place.end() for text in texts for place in re.finditer(re.escape(text), old)
    )


def edits_survive(tmp_path: Path, seed: int, decks: Path) -> tuple[Counter, Counter]:
    """Edit a field of a note of each entry in Anki, pull the edits, and compile. Return how many of each sort were made
    and accepted; those of words that no text of the entry has count as deckgen's."""
    shutil.copytree(decks, tmp_path / "decks")
    here = Path.cwd()
    build = CliRunner().invoke(main, ["-C", str(tmp_path), "build"], env={"SOURCE_DATE_EPOCH": ""})
    os.chdir(here)
    assert build.exit_code == 0, build.output
    chance, texts = random.Random(seed), texts_of(tmp_path / "decks")
    made: dict[tuple[str, str], tuple[str, str]] = {}
    before = compile_project(tmp_path / "decks", hints=False)
    with Learner() as learner:
        for package in sorted((tmp_path / "build").glob("*.apkg")):
            learner.imports(package)
        learner.col.db.execute("update notes set mod = mod - 1000")
        by_guid = {note.guid: note for note in learner.notes().values()}
        compiled = {note.id: note for note in before.notes}
        notes = {id: by_guid[note.identity.guid] for id, note in compiled.items()}
        entries = {note.identity.entry: id for id, note in chance.sample(sorted(compiled.items()), len(compiled))}
        for id in entries.values():  # edits of two notes of one entry could contradict each other
            fields = [
                (name, html)
                for name, html in notes[id].items()
                if name not in (*NOT_PULLED, "Id", "Domain", "Source", "Grade", "As of", "Confusable")
                and words_of(html)
            ]
            name, html = chance.choice(fields)
            kind = chance.choice(sorted(EDITS))
            text = chance.choice(EDITS[kind])(html, chance)
            if not same(text, html):
                kind = kind if is_from_sources(html, text, texts[compiled[id].identity.entry]) else "deckgen's"
                made[id, name] = (kind, text)
                learner.edits(notes[id].guid, name, text)
        learner.exports(tmp_path / "export.apkg")
    pulled = pull(before, read_package(tmp_path / "export.apkg").notes)
    save(pulled.files, tmp_path / "decks")
    after = {note.id: note for note in compile_project(tmp_path / "decks", hints=False).notes}
    tried, accepted = Counter(), Counter()
    left = {(one.note.id, one.field) for one in pulled.left}
    for (id, name), (kind, text) in made.items():
        tried[kind] += 1
        now = after[id].fields[after[id].note_type.index(name)]
        if (id, name) not in left:
            accepted[kind] += 1
            assert same(now, text), f"{id}, {name}: {text} became {now}"
    assert pulled.edits == accepted.total()
    return tried, accepted


@pytest.mark.parametrize("seed", range(2))
def test_no_random_edit_of_any_kind_is_pulled_wrongly(tmp_path, seed):
    tried, accepted = edits_survive(tmp_path, seed, ALL_KINDS)

    assert accepted.total() > tried.total() / 2 > 5


@pytest.mark.parametrize(
    "name", ["genanki", *(pytest.param(name, marks=pytest.mark.slow) for name in ("templates", "thousands"))]
)
def test_random_edits_of_an_adopted_deck_are_pulled(tmp_path, name):
    """Its texts are HTML where Markdown could not say the same. Five thousand edits of one file take seconds."""
    original = (others.DECKS | {"thousands": others.thousands})[name](tmp_path / "original.apkg")
    adopted = CliRunner().invoke(main, ["adopt", str(original), str(tmp_path / "adopted")])
    assert adopted.exit_code == 0, adopted.output

    tried, accepted = edits_survive(tmp_path, 1, tmp_path / "adopted/decks")

    assert accepted.total() > 0.9 * tried.total() > 0


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_most_random_edits_of_texts_from_the_sources_are_pulled(tmp_path, seed):
    tried, accepted = edits_survive(tmp_path, seed, DECKS)

    assert accepted["word"] >= 0.95 * tried["word"] > 0
    for kind in ("delete", "bold", "line"):
        assert accepted[kind] >= 0.75 * tried[kind] > 0, kind
