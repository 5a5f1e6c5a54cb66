"""The inputs that fuzzing begins with and those that it once found, each tried on its target."""

from __future__ import annotations

from pathlib import Path

import pytest

from targets import TARGETS

CORPUS = Path(__file__).parent / "corpus"


@pytest.mark.parametrize("name", TARGETS)
def test_no_input_of_the_corpus_makes_its_target_fail(name):
    inputs = sorted((CORPUS / name).iterdir())

    assert inputs
    for path in inputs:
        TARGETS[name](path.read_bytes())
