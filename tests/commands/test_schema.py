"""``deckgen schema`` prints a schema, or writes all of them."""

from __future__ import annotations

import json

from click.testing import CliRunner

import sample
from deckgen.cli import main
from deckgen.manual.json_schema import SCHEMAS


def test_a_schema_is_printed_or_all_are_written_if_they_changed(tmp_path):
    root = sample.write(tmp_path, {})
    printed = CliRunner().invoke(main, ["-C", str(tmp_path), "schema", "deck"])

    assert json.loads(printed.stdout)["title"] == "deckgen: deck.yaml"
    first = CliRunner().invoke(main, ["-C", str(tmp_path), "schema", "-o", str(root / "schema")])
    again = CliRunner().invoke(main, ["-C", str(tmp_path), "schema", "-o", str(root / "schema")])
    assert {path.stem for path in (root / "schema").iterdir()} == set(SCHEMAS)
    assert len(first.stdout.splitlines()) == 5
    assert again.stdout == ""
