"""What must hold whatever an author writes: of findings, of packages, and of sources that deckgen edits."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

import apkg
from deckgen.cards.note_types.registry import all_note_types
from deckgen.cli import main
from deckgen.core.diagnostics import Diagnostic, Severity
from deckgen.core.nodes import MappingNode, Node, SequenceNode
from deckgen.lint.run import all_rules
from learner import Learner, visible

KNOWN_RULES = set(all_rules())
AT = {"SOURCE_DATE_EPOCH": "1790000000"}


def check_findings(found: Iterable[Diagnostic]) -> bool:
    """Whether the findings hold an error; each must be of a known rule and point into its file."""
    found = list(found)
    for one in found:
        assert one.rule in KNOWN_RULES, one
        assert one.message.strip(), one
        assert one.position.line >= 1, one
        assert one.position.column >= 1, one
        lines = _lines(Path(one.position.path))
        assert one.position.line <= len(lines), one
        assert one.position.column <= len(lines[one.position.line - 1]) + 1, one
    return any(one.severity is Severity.ERROR for one in found)


def _lines(path: Path) -> list[str]:
    """A file's lines as editors show them; a file that is missing has one, for the finding that says so."""
    data = path.read_bytes() if path.is_file() else b""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return [""]
    text = data.decode("utf-8", errors="replace").removeprefix("\ufeff")
    return re.split("\r\n|\r|\n", text)


def run(folder: Path, *command: str, **environment: str) -> Result:
    """What a command does in a folder; it may fail, but not with a traceback."""
    here = Path.cwd()
    arguments = ["--debug", "-C", str(folder), *command]
    try:
        return CliRunner().invoke(main, arguments, env=AT | environment, catch_exceptions=False)
    finally:
        os.chdir(here)


def build(folder: Path, **environment: str) -> list[Path]:
    """Build a project that is without errors, and return its packages; none, if its lock is from the future."""
    result = run(folder, "build", **environment)
    if "[lock-time]" in result.output or "[clock-behind]" in result.output:
        return []
    assert result.exit_code == 0, result.output
    return sorted((folder / "build").glob("*.apkg"))


_IN_CLOZE = r"(?:(?!\}\}|\{\{c\d|::).)*"
_CLOZE = re.compile(rf"\{{\{{c\d+::{_IN_CLOZE}(?:::{_IN_CLOZE})?\}}\}}", re.DOTALL)  # with or without a hint
_HIDDEN = re.compile("[\x00-\x08\x0b-\x1e\x7f-\x9f\u2028\u2029]")


def check_package(path: Path) -> None:
    """A package can be opened, and no field of it holds what Anki would take for its own syntax."""
    notes, cards, col = apkg.read(path)
    for note in notes:
        values, model = note["flds"].split("\x1f"), col["models"][str(note["mid"])]
        assert len(values) == len(model["flds"]), note
        for value in values:
            assert not _HIDDEN.search(value), note
            assert not re.search(r"\{\{c\d", _CLOZE.sub("", value)), note
    assert {card["nid"] for card in cards} == {note["id"] for note in notes}


_FIELDS = "|".join({field for note_type in all_note_types().values() for field in note_type.field_names})
_UNREPLACED = re.compile(rf"\{{\{{(?:c\d|[#^/]?(?:{_FIELDS})\}}\}})|\[anki:(?!play:)|\[latex\]")
"""What Anki replaces when it shows a card. It writes players of sounds as ``[anki:play:…]``."""


def learner_gets(packages: list[Path]) -> None:
    """What Anki imports is what was built, and importing it again changes nothing."""
    with Learner() as learner:
        fields: dict[str, list[str]] = {}
        cards = 0
        for path in packages:
            built_notes, built_cards, _ = apkg.read(path)
            log = learner.imports(path)

            assert (log.new, log.conflicting) == (len(built_notes), 0)
            fields |= {note["guid"]: note["flds"].split("\x1f") for note in built_notes}
            cards += len(built_cards)
        state = learner.state()

        assert {guid: list(note.fields) for guid, note in state.notes.items()} == fields
        assert len(state.cards) == cards
        assert learner.empty_cards() == 0
        for card in learner.cards():
            assert visible(card.front) or "<img" in card.front or "<hr>" in card.front, card
            assert not _UNREPLACED.search(card.front + card.back), card
        for path in packages:
            log = learner.imports(path)
            assert (log.new, log.updated, log.conflicting) == (0, 0, 0)
        assert learner.state() == state
        assert learner.database_is_sound()


def plain(node: Node) -> Any:
    """A node's values without their places."""
    if isinstance(node, MappingNode):
        return {key: plain(pair.value) for key, pair in node.pairs.items()}
    if isinstance(node, SequenceNode):
        return [plain(item) for item in node.items]
    return node.value
