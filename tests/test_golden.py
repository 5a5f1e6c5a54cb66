"""Whole projects against what they compile to: text on both sides. ``make golden`` writes what is here now."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

import apkg
from deckgen.cards.note_types.registry import all_note_types
from deckgen.cli import main
from deckgen.kinds.registry import all_kinds

GOLDEN = Path(__file__).parent / "golden"
CASES = sorted(path.name for path in GOLDEN.iterdir() if path.is_dir())


def compare(path: Path, actual: str) -> None:
    if os.environ.get("DECKGEN_GOLDEN") == "write":
        path.write_text(actual, encoding="utf-8")
    assert actual == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("case", CASES)
def test_a_project_compiles_to_its_golden(case, tmp_path, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1790000000")
    shutil.copytree(GOLDEN / case / "decks", "decks")
    result = CliRunner().invoke(main, ["build"])
    packages = "".join(f"# {path.name}\n{apkg.dump(path)}" for path in sorted(Path("build").glob("*.apkg")))

    compare(GOLDEN / case / "output.txt", result.output)
    compare(GOLDEN / case / "packages.txt", packages)


def test_the_published_format_of_the_lock_has_not_changed(monkeypatch):
    """All of a lock is a published format but the hashes, which are those of the texts."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1790000000")
    shutil.copytree(GOLDEN / "all-kinds/decks", "decks")
    CliRunner().invoke(main, ["build"])

    compare(GOLDEN / "lock.txt", re.sub(r"\b[0-9a-f]{16}\b", "HASH", Path("decks/deckgen.lock").read_text("utf-8")))


def test_the_golden_project_has_an_entry_of_every_kind():
    sources = (GOLDEN / "all-kinds/decks").glob("*/*.yaml")
    sections = {section for path in sources for section in yaml.load(path.read_text("utf-8"), yaml.CSafeLoader)}

    assert set(all_kinds()) <= sections


def test_the_published_format_of_the_note_types_has_not_changed():
    """Anki refuses updates from a note type with other fields or templates: this golden may only ever grow by types."""
    lines = []
    for note_type in all_note_types().values():
        lines.append(f"{note_type.name} {note_type.id('example.org')} {'cloze' if note_type.cloze else 'standard'}")
        lines += [f"  field {note_type.field_id(field)} {field.name}" for field in note_type.fields]
        lines += [f"  template {note_type.template_id(template)} {template.name}" for template in note_type.templates]

    compare(GOLDEN / "note-types.txt", "\n".join(lines) + "\n")
