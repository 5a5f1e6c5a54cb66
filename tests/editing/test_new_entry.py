"""A new entry says what its author said, whatever characters are in it."""

from __future__ import annotations

import unicodedata
from pathlib import Path

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from deckgen.core.diagnostics import Report
from deckgen.core.nodes import texts_below
from deckgen.core.source import Source
from deckgen.editing.new_entry import entry_lines
from deckgen.kinds.registry import all_kinds
from deckgen.language.yaml_reader import parse

TEXTS = st.one_of(
    st.text(st.sampled_from("ab ,:#-?'\"\\[]{}&*!|>%@`~\n\t0é³"), min_size=1, max_size=9),
    st.text(st.characters(exclude_categories=["C", "Zl", "Zp"]), min_size=1, max_size=9),
).map(lambda text: unicodedata.normalize("NFC", text))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(TEXTS, st.lists(TEXTS, min_size=1, max_size=3))
@example("(a", ["A, B", "C"])
def test_texts_are_read_back_as_they_were_given(name, former):
    lines = entry_lines(all_kinds()["resources"], {"name": [name], "former": former})
    node = parse(Source(Path("x.yaml"), "x.yaml", "\n".join(lines)), Report())

    assert node is not None
    assert [found.scalar.value for found in texts_below(node)] == ["name", name, "former", *former]
