"""The promise over random histories of a project: several decks, builds of one of them, builds that fail, entries that
move, are renamed, retired and brought back. What was published keeps its identity, and its cards their numbers; only a
note that says something else gets another time."""

from __future__ import annotations

import hashlib
import itertools
import os
import random
import shutil
import tempfile
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

import apkg
import sample
from deckgen.cli import main
from deckgen.project import lock as locks
from deckgen.project.lock_lines import NoteLine
from examples import examples

FIRST = 1_790_000_000
DECKS = ("ants", "bees")
ITEMS = ("one", "two", "six", "ten", "odd", "even", "all")


class Author:
    """Who edits a project at random, mostly rightly: entries by id, each with its deck and what it says."""

    def __init__(self, folder: Path, chance: random.Random) -> None:
        self.folder, self.chance = folder, chance
        self.entries: dict[str, dict[str, object]] = {}
        self.retired: dict[str, str] = {}  # by the id of the entry, its deck
        self.broken = ""
        self.number = 0
        rules = sample.without(*(rule for rule in sample.CONTENT_RULES if rule != "list-count-missing"))  # a warning
        decks = {f"{deck}/deck.yaml": f"title: {deck.title()}\n" for deck in DECKS}
        sample.write(folder, {"deckgen.yaml": sample.PROJECT + rules, **decks})
        shutil.rmtree(folder / "decks/demo")
        for _ in range(4):
            self.adds()
        self.remembers()
        self.writes()

    def adds(self) -> None:
        self.number += 1
        sort = self.chance.choice(["answer", "answer", "items", "steps"])
        self.entries[f"e{self.number}"] = {
            "deck": self.chance.choice(DECKS),
            "sort": sort,
            "text": 0,
            "items": self.chance.sample(ITEMS, self.chance.randint(2, 5)),
            "was": None,
        }

    def rewords(self, id: str) -> None:
        self.entries[id]["text"] = self.chance.randint(0, 3)

    def relists(self, id: str) -> None:
        self.entries[id]["items"] = self.chance.sample(ITEMS, self.chance.randint(2, 5))

    def moves(self, id: str) -> None:
        self.entries[id]["deck"] = self.chance.choice(DECKS)

    def renames(self, id: str) -> None:
        self.number += 1
        entry = self.entries.pop(id)
        self.entries[f"e{self.number}"] = {**entry, "was": entry["was"] or id}

    def retires(self, id: str) -> None:
        entry = self.entries.pop(id)
        kind = "procedure" if entry["sort"] == "steps" else "faq"
        self.retired[f"{kind}/{entry['was'] or id}"] = str(entry["deck"])

    def restores(self, id: str) -> None:
        """An entry is written anew under an id that was retired."""
        if self.retired:
            path = self.chance.choice(list(self.retired))
            del self.retired[path]
            kind, _, old = path.partition("/")
            sort = "steps" if kind == "procedure" else self.chance.choice(["answer", "items"])
            items = self.chance.sample(ITEMS, 3)
            self.entries[old] = {"deck": "ants", "sort": sort, "text": 9, "items": items, "was": None}

    def forgets(self, id: str) -> None:
        """An entry is taken out without being retired, which no build may accept once it was published."""
        del self.entries[id]

    def breaks(self, id: str) -> None:
        self.broken = self.chance.choice(["faq: [{", "faq: [{id: x, domain: basics, question: A?, anser: B}]\n"])

    def edits(self) -> None:
        acts = [self.rewords] * 3 + [self.relists] * 3
        acts += [self.moves, self.renames, self.retires, self.restores, self.forgets, self.breaks]
        for _ in range(self.chance.randint(0, 3)):
            if self.entries:
                self.chance.choice(acts)(self.chance.choice(list(self.entries)))
        if self.chance.random() < 0.4:
            self.adds()
        self.writes()

    def remembers(self) -> None:
        self.good = deepcopy((self.entries, self.retired))

    def mends(self) -> None:
        """Everything is again as it was when it was last built."""
        self.broken = ""
        self.entries, self.retired = deepcopy(self.good)
        self.writes()

    def writes(self) -> None:
        for deck in DECKS:
            sections: dict[str, list[str]] = {"faq": [], "procedures": [], "retired": []}
            sections["faq"].append(f"  - {{id: {deck}, question: What of {deck}?, answer: They are}}")
            ids = list(self.entries)
            self.chance.shuffle(ids)
            for id in ids:
                if self.entries[id]["deck"] == deck:
                    section, lines = self._lines(id)
                    sections[section] += lines
            for path, place in self.retired.items():
                if place == deck:
                    sections["retired"].append(f"  - {{id: {path}, reason: It is gone}}")
            lines = [line for name, own in sections.items() if own for line in (f"{name}:", *own)]
            (self.folder / f"decks/{deck}/cards.yaml").write_text("domain: basics\n" + "\n".join(lines) + "\n")
        broken = self.folder / f"decks/{self.chance.choice(DECKS)}/broken.yaml"
        for deck in DECKS:
            (self.folder / f"decks/{deck}/broken.yaml").unlink(missing_ok=True)
        if self.broken:
            broken.write_text(self.broken)

    def _lines(self, id: str) -> tuple[str, list[str]]:
        entry = self.entries[id]
        was = [f"    was: {entry['was']}"] if entry["was"] else []
        items = [f"      - {item}: The {item} {entry['text']}" for item in entry["items"]]  # type: ignore[attr-defined]
        if entry["sort"] == "steps":
            return "procedures", [f"  - id: {id}", *was, f"    name: The way {entry['text']}", "    steps:", *items]
        question = f"    question: What of {id} {entry['text']}?"
        if entry["sort"] == "items":
            return "faq", [f"  - id: {id}", *was, question, "    items:", *items]
        return "faq", [f"  - id: {id}", *was, question, f"    answer: It is {entry['text']}"]


def build(folder: Path, at: int, *options: str) -> Result:
    here = Path.cwd()
    environment = {"SOURCE_DATE_EPOCH": str(at)}
    result = CliRunner().invoke(main, ["-C", str(folder), "build", *options], env=environment)
    os.chdir(here)
    return result


def published(folder: Path) -> dict[str, NoteLine]:
    path = folder / "decks/deckgen.lock"
    return {id: own[0] for id, own in locks.parse(path.read_text()).notes.items()} if path.exists() else {}


def packaged(folder: Path) -> set[tuple[int, int, str]]:
    """The id and the time of each note of all packages, and the hash of what they say."""
    found = []
    for path in (folder / "build").glob("*.apkg"):
        notes, _, col = apkg.read(path)
        names = {int(id): model["name"].split()[1] for id, model in col["models"].items()}
        found += [(note["guid"], note["id"], note["mod"], _hash(names[note["mid"]], note)) for note in notes]
    assert len({guid for guid, *_ in found}) == len(found)
    return {(id, mod, hash) for _, id, mod, hash in found}


def _hash(note_type: str, note: dict[str, Any]) -> str:
    content = "\x1f".join([note_type, note["tags"].strip(), note["flds"]])
    return hashlib.sha256(content.encode()).hexdigest()[:16]


def check_kept(before: dict[str, NoteLine], after: dict[str, NoteLine], at: int) -> None:
    """What holds between the locks before and after any build."""
    assert before.keys() <= after.keys()
    for id, line in after.items():
        assert len(set(line.numbers.values())) == len(line.numbers)
        if id in before:
            old = before[id]
            assert line.created == old.created
            assert old.numbers.items() <= line.numbers.items()
            assert (line.modified == old.modified) == (line.hash == old.hash)
            assert line.modified >= old.modified
        else:
            assert line.modified == at
    created = sorted(line.created for line in after.values())
    assert all(later - earlier >= 32 for earlier, later in itertools.pairwise(created))


def options(author: Author) -> Iterator[str]:
    if author.chance.random() < 0.3:
        yield f"decks/{author.chance.choice(DECKS)}"


@examples(4, 30)
@given(seed=st.integers(0, 2**32))
def test_what_was_published_is_kept_whatever_happens(seed):
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        author = Author(folder, random.Random(seed))
        assert build(folder, FIRST).exit_code == 0
        with (folder / "decks/deckgen.lock").open("a") as lock:
            lock.write("release v1 2026-09-21\n")  # without git, all that was built since counts as released
        for step in range(1, 9):
            at = FIRST + 60 * step
            before, text = published(folder), (folder / "decks/deckgen.lock").read_text()
            author.edits()
            result = build(folder, at, *options(author))
            after = published(folder)
            if result.exit_code:
                assert (folder / "decks/deckgen.lock").read_text() == text
                author.mends()
            else:
                check_kept(before, after, at)
                author.remembers()
        shutil.rmtree(folder / "build", ignore_errors=True)
        last = build(folder, FIRST + 10_000)
        assert last.exit_code == 0, last.output
        gone = tuple(f"{id}/" for id in author.retired)
        lines = [line for id, line in published(folder).items() if not f"{id}/".startswith(gone)]
        assert {(line.created, line.modified, line.hash) for line in lines} == packaged(folder)
