"""How many random examples a test tries: a few in ``make test``, many in ``make test-slow``."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import settings

MANY = bool(os.environ.get("DECKGEN_SLOW"))


def examples(few: int, many: int, **others: Any) -> Callable[[Any], Any]:
    """Decorate a test of hypothesis with a number of examples, and with other settings."""

    def decorate(test: Any) -> Any:
        return pytest.mark.random(settings(max_examples=many if MANY else few, **others)(test))

    return decorate
