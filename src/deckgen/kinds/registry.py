"""Find every kind by listing this folder."""

from __future__ import annotations

from functools import cache

from deckgen import kinds
from deckgen.core.discovery import declarations
from deckgen.kinds.entry import AnyKind


@cache
def all_kinds() -> dict[str, AnyKind]:
    """Every kind, the ``KIND`` of a module here, by the section of a source that contains its entries."""
    return {kind.section: kind for kind in sorted(declarations(kinds, "KIND"), key=lambda kind: kind.name)}


@cache
def kinds_by_name() -> dict[str, AnyKind]:
    """Every kind by its name."""
    return {kind.name: kind for kind in all_kinds().values()}
