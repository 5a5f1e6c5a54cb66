"""The inputs that fuzzing begins with and those that it once found, each tried on its target."""

from __future__ import annotations

from pathlib import Path

import pytest

from deckgen.kinds.registry import all_kinds
from deckgen.manual.manual import kind_example
from targets import TARGETS

CORPUS = Path(__file__).parent / "corpus"


@pytest.mark.parametrize("name", TARGETS)
def test_no_input_of_the_corpus_makes_its_target_fail(name):
    inputs = sorted((CORPUS / name).iterdir())

    assert inputs
    for path in inputs:
        TARGETS[name](path.read_bytes())


@pytest.mark.parametrize("kind", all_kinds())
def test_no_example_of_a_kind_makes_its_target_fail(kind):
    TARGETS["deck_file"](kind_example(all_kinds()[kind]).encode())
