"""Every kind, found by listing the folder ``kinds``."""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module

from deckgen import kinds
from deckgen.kind import AnyKind


@cache
def all_kinds() -> dict[str, AnyKind]:
    """The kinds by the section of a source that holds them."""
    modules = (import_module(f"deckgen.kinds.{module.name}") for module in pkgutil.iter_modules(kinds.__path__))
    return {kind.section: kind for kind in sorted((module.KIND for module in modules), key=lambda kind: kind.name)}
