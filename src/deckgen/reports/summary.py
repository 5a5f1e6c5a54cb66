"""One-line counts of the notes, cards and findings of a project."""

from __future__ import annotations

from collections.abc import Sequence

from deckgen.cards.note import Note
from deckgen.compiler.pipeline import Compilation
from deckgen.core.diagnostics import Diagnostic
from deckgen.core.terminal import count, count_problems


def count_contents(notes: Sequence[Note]) -> str:
    """``12 notes, 20 cards``."""
    return f"{count(len(notes), 'note')}, {count(sum(len(note.cards) for note in notes), 'card')}"


def summary(compilation: Compilation, findings: Sequence[Diagnostic]) -> str:
    """``3 files, 12 notes, 20 cards: 0 errors, 1 warning``."""
    parts = [count(sum(len(deck.sources) for deck in compilation.project.decks), "file")]
    if not compilation.failed:
        parts.append(count_contents([note for package in compilation.packages for note in package.notes]))
    return f"{', '.join(parts)}: {count_problems(findings)}"
