"""Text and HTML are turned into each other as browsers do, whatever they hold."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import deckgen
from deckgen.text.escaping import unescaped


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("&lt;&#65;&#x41;&amp;", "<AA&"),
        ("&#" + "0" * 5_000 + "58;x", ":x"),
        ("&#" + "0" * 5_000 + "58x", ":x"),
        ("&#" + "0" * 9 + ";", "\ufffd"),
        ("&#" + "1" * 5_000 + ";x", "\ufffdx"),
        ("&#x" + "1" * 5_000 + ";x", "\ufffdx"),
        ("&#1114112;&#999999999;", "\ufffd\ufffd"),
    ],
    ids=str.__len__,
)
def test_references_with_any_number_of_digits_are_read(html, text):
    assert unescaped(html) == text


def test_no_other_module_reads_references():
    """Python's own function fails at a number with thousands of digits, which anybody can type."""
    for path in Path(deckgen.__file__).parent.rglob("*.py"):
        assert path.name == "escaping.py" or not re.search(r"(?<!\.)\bunescape\b", path.read_text()), path
        assert path.name == "escaping.py" or "html.unescape" not in path.read_text(), path
