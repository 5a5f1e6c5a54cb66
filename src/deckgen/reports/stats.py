"""Count what decks contain: notes and cards by deck, domain and kind, their sources, and what is out of date."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from deckgen.cards.note import Note
from deckgen.compiler.pipeline import Compilation
from deckgen.project.manifest import GRADES
from deckgen.project.project import Project


@dataclass(frozen=True, slots=True)
class Count:
    """The notes and cards of a deck, domain or kind, and how many notes the project wants it to have."""

    id: str
    title: str
    notes: int
    cards: int
    target: int = 0


@dataclass(frozen=True, slots=True)
class Grade:
    """A grade of sources: how many sources have it, and how many notes cite one of them."""

    id: str
    title: str
    works: int
    notes: int


@dataclass(frozen=True, slots=True)
class Stale:
    """A source or a statement that was last checked too long ago."""

    id: str
    title: str
    since: str


@dataclass(frozen=True, slots=True)
class Stats:
    """The numbers of a project. ``days`` is how long its new cards last at ``per_day``."""

    title: str
    decks: tuple[Count, ...]
    domains: tuple[Count, ...]
    kinds: tuple[Count, ...]
    grades: tuple[Grade, ...]
    ages: dict[str, int]
    stale_sources: tuple[Stale, ...]
    stale_notes: tuple[Stale, ...]
    notes: int
    cards: int
    reviewed: int
    per_day: int
    days: int


AGES = {2: "under 2 years", 5: "2 to 5 years", 10: "5 to 10 years", math.inf: "over 10 years"}
"""The age groups of sources by years since their publication, each up to a number of years."""


def collect_stats(compilation: Compilation, today: date, stale_months: int, per_day: int) -> Stats:
    """The numbers of a compiled project."""
    project, settings = compilation.project, compilation.project.settings
    packages = [package for package in compilation.packages if not package.retired]
    notes = [note for package in packages for note in package.notes]
    titles = {deck.name: deck.settings.title for deck in project.decks}
    by_domain, by_kind = (_grouped(notes, name) for name in ("domain", "kind"))
    targets: Mapping[str, float] = settings.targets or {}
    cards = sum(len(note.cards) for note in notes)
    most = max((len(note.cards) for note in notes), default=0)
    sources = [(key, work.title, work.accessed) for key, work in project.references.items()]
    statements = [(note.identity.label, note.identity.title, note.identity.as_of) for note in notes]
    return Stats(
        title=settings.title,
        decks=tuple(_count(package.name, titles[package.name], package.notes) for package in packages),
        domains=tuple(
            _count(id, title, by_domain.get(id, ()), int(targets.get(id, 0))) for id, title in settings.domains.items()
        ),
        kinds=tuple(_count(kind, kind, by_kind[kind]) for kind in sorted(by_kind)),
        grades=tuple(_grades(project, notes)),
        ages=dict(_ages(project, today)),
        stale_sources=_stale(sources, today, stale_months),
        stale_notes=_stale(statements, today, stale_months),
        notes=len(notes),
        cards=cards,
        reviewed=sum(note.identity.reviewed is not None for note in notes),
        per_day=per_day,
        days=max(math.ceil(cards / per_day), most),  # Anki shows one card of a note a day
    )


def _grouped(notes: Iterable[Note], name: str) -> dict[str, list[Note]]:
    """Notes by an attribute of their identity."""
    groups: dict[str, list[Note]] = {}
    for note in notes:
        groups.setdefault(getattr(note.identity, name), []).append(note)
    return groups


def _count(id: str, title: str, notes: Sequence[Note], target: int = 0) -> Count:
    return Count(id, title, len(notes), sum(len(note.cards) for note in notes), target)


def _grades(project: Project, notes: Iterable[Note]) -> Iterator[Grade]:
    works = Counter(work.grade or "" for work in project.references.values())
    citing: Counter[str] = Counter()
    for note in notes:
        citing.update({work.grade or "" for work in project.works(note.identity.source)} or {"none"})
    for id, title in {**GRADES, "": "Without a grade", "none": "No source"}.items():
        if works[id] or citing[id]:
            yield Grade(id, title, works[id], citing[id])


def _ages(project: Project, today: date) -> Iterator[tuple[str, int]]:
    years = [today.year - int(work.published[:4]) for work in project.references.values() if work.published]
    least = -math.inf
    for most, name in AGES.items():
        yield name, sum(least <= age < most for age in years)
        least = most
    yield "year not known", len(project.references) - len(years)


def _stale(dated: Iterable[tuple[str, str, str | None]], today: date, months: int) -> tuple[Stale, ...]:
    """The sources or statements last checked more than a number of months ago."""
    limit = _month_number(today.isoformat()) - months
    return tuple(Stale(id, title, day) for id, title, day in dated if day is not None and _month_number(day) < limit)


def _month_number(day: str) -> int:
    """The number of a date's month; a year alone counts as its last month."""
    year, _, rest = day.partition("-")
    return int(year) * 12 + int((rest or "12")[:2])
