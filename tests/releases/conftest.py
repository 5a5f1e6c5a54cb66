from __future__ import annotations

from pathlib import Path

import pytest
from publisher import Publisher


@pytest.fixture
def publisher(tmp_path: Path) -> Publisher:
    return Publisher(tmp_path)
