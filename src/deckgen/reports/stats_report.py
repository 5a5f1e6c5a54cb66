"""A project's numbers in each output format of ``deckgen stats``."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict

from deckgen.core.characters import as_json as json_text
from deckgen.core.terminal import count, style
from deckgen.reports.stats import Count, Stale, Stats

BAR = 30
"""The width of the longest bar in a terminal, in characters."""


def as_json(stats: Stats) -> str:
    """For programs."""
    return json_text(asdict(stats))


def as_text(stats: Stats) -> str:
    """For a terminal, with bars."""
    return "".join(f"{line}\n" for line in _lines(stats))


def _lines(stats: Stats) -> Iterator[str]:
    yield f"{count(stats.notes, 'note')}, {count(stats.cards, 'card')}"
    yield f"{count(stats.days, 'day')} at {count(stats.per_day, 'new card')} a day"
    yield f"{stats.reviewed} of {count(stats.notes, 'note')} reviewed"
    yield from _section("Decks", _bars(stats.decks))
    yield from _section("Domains", _bars(stats.domains))
    yield from _section("Kinds", _bars(stats.kinds))
    yield from _section("Sources by grade", _grade_lines(stats))
    yield from _section("Sources by age", [f"{name:<30} {number:>4}" for name, number in stats.ages.items()])
    if stats.stale_sources:
        yield from _section("Sources not checked recently", _stale_lines(stats.stale_sources))
    if stats.stale_notes:
        yield from _section("Statements not confirmed recently", _stale_lines(stats.stale_notes))


def _section(title: str, lines: Sequence[str]) -> Iterator[str]:
    yield ""
    yield style(title, bold=True)
    yield from (f"  {line}" for line in lines)


def _bars(counts: Sequence[Count]) -> list[str]:
    most = max((max(one.notes, one.target) for one in counts), default=0)
    width = max((len(one.title) for one in counts), default=0)
    lines = []
    for one in counts:
        filled = round(BAR * one.notes / most) if most else 0
        missing = max(0, round(BAR * one.target / most) - filled) if most else 0
        bar = style("█" * filled, fg="cyan") + style("·" * missing, dim=True)
        space = " " * (BAR - filled - missing)
        target = f" of {one.target} ({100 * one.notes / one.target:.0f}%)" if one.target else ""
        lines.append(
            f"{one.title:<{width}} {bar}{space} {count(one.notes, 'note')}{target}, {count(one.cards, 'card')}"
        )
    return lines


def _grade_lines(stats: Stats) -> list[str]:
    return [
        f"{one.title:<30} {one.works:>4} {'work' if one.works == 1 else 'works':<5} for {count(one.notes, 'note')}"
        for one in stats.grades
    ]


def _stale_lines(stale: Sequence[Stale]) -> list[str]:
    return [f"{one.since}  {one.id}: {one.title}" for one in stale]


# --- SVG --------------------------------------------------------------------------------------------------------------

_ROW, _LABELS, _BARS, _NUMBERS, _MARGIN = 30, 345, 330, 110, 14
_STYLE = """\
svg { font: 15px system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
.paper { fill: #fcfcfa; } text { fill: #1e2a35; } .quiet { fill: #56636f; }
.wash { fill: #e3e8ec; } .bar { fill: #0b6477; }
@media (prefers-color-scheme: dark) {
  .paper { fill: #1c2126; } text { fill: #e7ebee; } .quiet { fill: #a7b2bc; }
  .wash { fill: #2c353d; } .bar { fill: #7ccbdc; }
}"""


def as_svg(stats: Stats) -> str:
    """A picture of the cards in each domain, which follows the viewer's light or dark theme."""
    counts = stats.domains
    most = max((one.cards for one in counts), default=0) or 1
    width, height = _MARGIN * 2 + _LABELS + _BARS + _NUMBERS, _MARGIN * 2 + _ROW * len(counts)
    spoken = f"{stats.title}, cards by domain. " + "; ".join(f"{one.title}: {one.cards}" for one in counts)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'role="img" aria-labelledby="title">',
        f'<title id="title">{html.escape(spoken, quote=False)}</title>',
        f"<style>\n{_STYLE}\n</style>",
        f'<rect class="paper" width="{width}" height="{height}" rx="8"/>',
    ]
    for index, one in enumerate(counts):
        top = _MARGIN + _ROW * index
        length = round(_BARS * one.cards / most, 1)
        number = count(one.cards, "card")
        parts += [
            f'<text x="{_MARGIN}" y="{top + 20}">{html.escape(one.title, quote=False)}</text>',
            f'<rect class="wash" x="{_MARGIN + _LABELS}" y="{top + 8}" width="{_BARS}" height="14" rx="3"/>',
            f'<rect class="bar" x="{_MARGIN + _LABELS}" y="{top + 8}" width="{length:g}" height="14" rx="3"/>',
            f'<text class="quiet" x="{_MARGIN + _LABELS + _BARS + 12}" y="{top + 20}">{number}</text>',
        ]
    return "\n".join([*parts, "</svg>\n"])


FORMATS: dict[str, Callable[[Stats], str]] = {"text": as_text, "json": as_json, "svg": as_svg}
