"""A project whose site the tests write."""

from __future__ import annotations

from pathlib import Path

import pytest

from author import write_pictured


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project in the current directory; gives its folder ``decks``."""
    return write_pictured(tmp_path)
