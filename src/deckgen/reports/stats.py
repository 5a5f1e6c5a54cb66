"""What decks hold, in numbers: notes and cards by deck, domain and kind, what they rest on, and what has aged."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from deckgen.cards.note import Note
from deckgen.compiler.pipeline import Compilation
from deckgen.project.manifest import GRADES
from deckgen.project.project import Project


@dataclass(frozen=True)
class Count:
    """A deck, a domain or a kind: its id and title, its notes and cards, and how many notes it is to have."""

    id: str
    title: str
    notes: int
    cards: int
    target: int = 0


@dataclass(frozen=True)
class Grade:
    """A grade of sources: how many works of it there are, and how many notes rest on one."""

    id: str
    title: str
    works: int
    notes: int


@dataclass(frozen=True)
class Aged:
    """A source that was read, or a statement that was true, at a day longer ago than was asked for."""

    id: str
    title: str
    since: str


@dataclass(frozen=True)
class Survey:
    """All of it. ``days`` is how long the new cards last at ``per_day``."""

    decks: tuple[Count, ...]
    domains: tuple[Count, ...]
    kinds: tuple[Count, ...]
    grades: tuple[Grade, ...]
    ages: tuple[tuple[str, int], ...]
    stale_sources: tuple[Aged, ...]
    stale_notes: tuple[Aged, ...]
    notes: int
    cards: int
    per_day: int
    days: int


AGES = ((2, "under 2 years"), (5, "2 to 5 years"), (10, "5 to 10 years"), (math.inf, "over 10 years"))
"""The ages of works by the year of publication, up to a number of years."""


def survey(compilation: Compilation, today: date, stale_months: int, per_day: int) -> Survey:
    """The numbers of a compiled project on a day."""
    project = compilation.project
    packages = [package for package in compilation.packages if not package.retired]
    notes = [note for package in packages for note in package.notes]
    titles = {deck.name: deck.file.title for deck in project.decks}
    targets = project.file.targets or {}
    cards = sum(len(note.cards) for note in notes)
    most = max((len(note.cards) for note in notes), default=0)
    return Survey(
        decks=tuple(_count(package.name, titles[package.name], package.notes) for package in packages),
        domains=tuple(
            _count(id, title, _those(notes, lambda note: note.identity.domain, id), int(targets.get(id, 0)))
            for id, title in project.file.domains.items()
        ),
        kinds=tuple(
            _count(kind, kind, _those(notes, lambda note: note.identity.kind, kind))
            for kind in sorted({note.identity.kind for note in notes})
        ),
        grades=tuple(_grades(project, notes)),
        ages=tuple(_ages(project, today)),
        stale_sources=_stale(
            ((key, work.title, work.accessed) for key, work in project.references.items()), today, stale_months
        ),
        stale_notes=_stale(
            ((note.identity.label, note.identity.title, note.identity.as_of) for note in notes), today, stale_months
        ),
        notes=len(notes),
        cards=cards,
        per_day=per_day,
        days=max(math.ceil(cards / per_day), most),  # Anki shows one card of a note a day
    )


def _those(notes: Iterable[Note], of: Callable[[Note], str], wanted: str) -> list[Note]:
    return [note for note in notes if of(note) == wanted]


def _count(id: str, title: str, notes: Sequence[Note], target: int = 0) -> Count:
    return Count(id, title, len(notes), sum(len(note.cards) for note in notes), target)


def _grades(project: Project, notes: Sequence[Note]) -> Iterable[Grade]:
    works = Counter(work.grade or "" for work in project.references.values())
    resting: Counter[str] = Counter()
    for note in notes:
        resting.update({work.grade or "" for work in project.works(note.identity.source)} or {"none"})
    for id, title in (*GRADES.items(), ("", "Without a grade"), ("none", "No source")):
        if works[id] or resting[id]:
            yield Grade(id, title, works[id], resting[id])


def _ages(project: Project, today: date) -> Iterable[tuple[str, int]]:
    years = [today.year - int(work.published[:4]) for work in project.references.values() if work.published]
    least = -math.inf
    for most, name in AGES:
        yield name, sum(least <= age < most for age in years)
        least = most
    yield "year not known", len(project.references) - len(years)


def _stale(dated: Iterable[tuple[str, str, str | None]], today: date, months: int) -> tuple[Aged, ...]:
    """What was last known on a day before the given number of months; a month or a year counts from its end."""
    limit = _months(today.isoformat()) - months
    return tuple(Aged(id, title, day) for id, title, day in dated if day is not None and _months(day) < limit)


def _months(day: str) -> int:
    year, _, rest = day.partition("-")
    return int(year) * 12 + int((rest or "12")[:2])
