"""A survey to look at: bars in the terminal, JSON for programs, a picture for a README."""

from __future__ import annotations

import html
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict

import click

from deckgen.core.terminal import count
from deckgen.reports.stats import Aged, Count, Survey

BAR = 30
"""The width of the longest bar in the terminal, in characters."""


def as_json(survey: Survey) -> str:
    """A survey as JSON."""
    return json.dumps(asdict(survey) | {"ages": dict(survey.ages)}, ensure_ascii=False, indent=1) + "\n"


def as_text(survey: Survey) -> Iterator[str]:
    """A survey as lines for the terminal."""
    yield f"{count(survey.notes, 'note')}, {count(survey.cards, 'card')}"
    yield f"{count(survey.days, 'day')} at {count(survey.per_day, 'new card')} a day"
    for title, counts in (("Decks", survey.decks), ("Skill domains", survey.domains), ("Kinds", survey.kinds)):
        yield ""
        yield click.style(title, bold=True)
        yield from _bars(counts)
    yield ""
    yield click.style("Sources by grade", bold=True)
    for grade in survey.grades:
        works = f"{grade.works:>4} {'work' if grade.works == 1 else 'works'}"
        yield f"  {grade.title:<30} {works:<10} for {count(grade.notes, 'note')}"
    yield ""
    yield click.style("Sources by age", bold=True)
    for name, number in survey.ages:
        yield f"  {name:<30} {number:>4}"
    yield from _aged("Sources not read for long", survey.stale_sources)
    yield from _aged("Statements not confirmed for long", survey.stale_notes)


def _bars(counts: Sequence[Count]) -> Iterator[str]:
    most = max((max(one.notes, one.target) for one in counts), default=0)
    width = max((len(one.title) for one in counts), default=0)
    for one in counts:
        filled = round(BAR * one.notes / most) if most else 0
        wanted = round(BAR * one.target / most) if most else 0
        bar = click.style("█" * filled, fg="cyan") + click.style("·" * (wanted - filled), dim=True)
        rest = " " * (BAR - max(filled, wanted))
        target = f" of {one.target} ({100 * one.notes / one.target:.0f} %)" if one.target else ""
        yield f"  {one.title:<{width}} {bar}{rest} {count(one.notes, 'note')}{target}, {count(one.cards, 'card')}"


def _aged(title: str, aged: Sequence[Aged]) -> Iterator[str]:
    if aged:
        yield ""
        yield click.style(title, bold=True)
        yield from (f"  {one.since}  {one.id}: {one.title}" for one in aged)


# --- a picture ----------------------------------------------------------------------------------------------------

_ROW, _LABELS, _BARS, _NUMBERS, _MARGIN = 30, 345, 330, 110, 14
_STYLE = """\
svg { font: 15px system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
.paper { fill: #fcfcfa; } text { fill: #1e2a35; } .quiet { fill: #56636f; }
.wash { fill: #e3e8ec; } .bar { fill: #0b6477; }
@media (prefers-color-scheme: dark) {
  .paper { fill: #1c2126; } text { fill: #e7ebee; } .quiet { fill: #a7b2bc; }
  .wash { fill: #2c353d; } .bar { fill: #7ccbdc; }
}"""


def as_svg(survey: Survey, title: str) -> str:
    """The cards of each skill domain as a picture, which follows the theme of whoever looks at it."""
    counts = survey.domains
    most = max((one.cards for one in counts), default=0) or 1
    width, height = _MARGIN * 2 + _LABELS + _BARS + _NUMBERS, _MARGIN * 2 + _ROW * len(counts)
    said = "; ".join(f"{one.title}: {one.cards}" for one in counts)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'role="img" aria-labelledby="title">',
        f'<title id="title">{html.escape(f"{title}, cards by skill domain. {said}", quote=False)}</title>',
        f"<style>\n{_STYLE}\n</style>",
        f'<rect class="paper" width="{width}" height="{height}" rx="8"/>',
    ]
    for place, one in enumerate(counts):
        top = _MARGIN + _ROW * place
        length = round(_BARS * one.cards / most, 1)
        number = count(one.cards, "card")
        parts += [
            f'<text x="{_MARGIN}" y="{top + 20}">{html.escape(one.title, quote=False)}</text>',
            f'<rect class="wash" x="{_MARGIN + _LABELS}" y="{top + 8}" width="{_BARS}" height="14" rx="3"/>',
            f'<rect class="bar" x="{_MARGIN + _LABELS}" y="{top + 8}" width="{length:g}" height="14" rx="3"/>',
            f'<text class="quiet" x="{_MARGIN + _LABELS + _BARS + 12}" y="{top + 20}">{number}</text>',
        ]
    return "\n".join([*parts, "</svg>\n"])
