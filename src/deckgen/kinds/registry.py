"""Every kind, found by listing the folder ``kinds``, and every note type."""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module

from deckgen import kinds
from deckgen.cards.note_types.lists import LIST
from deckgen.cards.note_types.question import QUESTION
from deckgen.cards.note_types.resource import RESOURCE
from deckgen.kinds.entry import AnyKind

NOTE_TYPES = {note_type.name: note_type for note_type in (QUESTION, LIST, RESOURCE)}
"""The note types by name."""


@cache
def all_kinds() -> dict[str, AnyKind]:
    """The kinds by the section of a source that holds them: every module of this folder that declares a ``KIND``."""
    modules = (import_module(f"deckgen.kinds.{module.name}") for module in pkgutil.iter_modules(kinds.__path__))
    found = (kind for module in modules if (kind := getattr(module, "KIND", None)) is not None)
    return {kind.section: kind for kind in sorted(found, key=lambda kind: kind.name)}
