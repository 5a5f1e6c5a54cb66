"""A project whose site the tests write."""

from __future__ import annotations

from pathlib import Path

import pytest

import sample
from author import CARDS

DOT = """\
faq: [{id: dot, domain: others, question: "![a dot](media/dot.png) What sign is < /script > it?", answer: A dot}]
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project in the current directory; gives its folder ``decks``."""
    files = {"demo/cards.yaml": CARDS, "demo/dot.yaml": DOT}
    return sample.write(tmp_path, {**files, "demo/media/dot.png": sample.png()})
