"""Find what the modules of a package declare, so that a new module needs no registration."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator
from importlib import import_module
from types import ModuleType
from typing import Any


def declarations(package: ModuleType, name: str) -> Iterator[Any]:
    """The values of a name in all modules of a package that define it."""
    for module in pkgutil.iter_modules(package.__path__):
        value = getattr(import_module(f"{package.__name__}.{module.name}"), name, None)
        if value is not None:
            yield value
