"""The YAML reader gives the values that PyYAML composes, each with its position in the text."""

from __future__ import annotations

import json
import random
import unicodedata
from pathlib import Path
from typing import Any

import pytest
import yaml

from deckgen.core.diagnostics import Report
from deckgen.core.nodes import MappingNode, Node, ScalarNode
from deckgen.core.source import Source
from deckgen.language import yaml_reader

ROOT = Path(__file__).parents[2]
SUITE: dict[str, str] = json.loads((ROOT / "tests/fuzz/yaml-test-suite.json").read_text(encoding="utf-8"))
DECKS = {path.name: path.read_text(encoding="utf-8") for path in sorted(ROOT.glob("decks/**/*.yaml"))}


def read(text: str) -> Node | None:
    """The nodes of a text; None if the reader reports an error."""
    report = Report()
    node = yaml_reader.parse(Source(Path("x.yaml"), "x.yaml", text), report)
    return None if report.has_errors else node


def ours(node: Node) -> Any:
    """What our nodes say: the value of every scalar, and where every node begins."""
    if isinstance(node, ScalarNode):
        return node.start, node.value
    if isinstance(node, MappingNode):
        return node.start, [(ours(pair.key), ours(pair.value)) for pair in node.pairs.values()]
    return node.start, [ours(item) for item in node.items]


def composed(node: Any) -> Any:
    """What PyYAML's nodes say, in the same form."""
    start = node.start_mark.index
    if isinstance(node, yaml.ScalarNode):
        return start, unicodedata.normalize("NFC", node.value)
    if isinstance(node, yaml.MappingNode):
        return start, [(composed(key), composed(value)) for key, value in node.value]
    return start, [composed(item) for item in node.value]


@pytest.mark.parametrize("text", [*SUITE.values(), *DECKS.values()], ids=[*SUITE, *DECKS])
def test_a_file_is_read_as_pyyaml_composes_it(text):
    node = read(text)
    if node is not None:
        assert ours(node) == composed(yaml.compose(text, Loader=yaml.CSafeLoader))


def test_most_files_of_the_test_suite_are_read():
    assert sum(read(text) is not None for text in SUITE.values()) > len(SUITE) / 3


def test_damaged_files_are_read_as_pyyaml_composes_them_or_refused():
    chance = random.Random(7)
    texts = list(DECKS.values())
    read_at_all = 0
    for _ in range(1_000):
        text = chance.choice(texts)
        start = text.rfind("\n", 0, chance.randrange(len(text))) + 1
        part = text[start : start + chance.randrange(50, 600)]
        for _ in range(chance.randrange(1, 4)):
            at = chance.randrange(len(part))
            put = chance.choice([*" \n:#-'\"[]{}|>&*!,", "", "  ", "\n ", ": ", "- ", part[at : at + 20]])
            part = part[:at] + put + part[at + chance.choice((0, 0, 1, 2)) :]
        node = read(part)
        if node is not None:
            read_at_all += 1
            assert ours(node) == composed(yaml.compose(part, Loader=yaml.CSafeLoader)), part
    assert read_at_all > 100


def test_a_scalar_ends_where_its_text_ends():
    text = "plain: a b\nquoted: 'c d'\nlist: [e, f]\n"
    node = read(text)

    assert isinstance(node, MappingNode)
    plain, quoted, items = (pair.value for pair in node.pairs.values())
    assert [text[one.start : one.end] for one in (plain, quoted, items)] == ["a b", "'c d'", "[e, f]"]
