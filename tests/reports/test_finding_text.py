"""Findings are shown with their source line."""

from __future__ import annotations

import pytest

from deckgen.core.diagnostics import Position
from deckgen.reports.finding_text import excerpt


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_are_found_in_any_order(end, tmp_path):
    path = tmp_path / "a.yaml"
    path.write_bytes(end.join(f"line {number}" for number in range(1, 10)).encode())

    for number in (3, 9, 9, 1, 10, 2):
        expected = f"line {number}" if number < 10 else ""
        assert excerpt(Position(str(path), number, 2)) == (expected, 2)
