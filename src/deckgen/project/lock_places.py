"""Find lines and times in the text of a lock."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple


class Time(NamedTuple):
    """A time in the text of a lock: its line and column, its digits, and how many of its units a second has."""

    line: int
    column: int
    digits: str
    units: int

    @property
    def seconds(self) -> int:
        return int(self.digits) // self.units


def times(text: str) -> Iterator[Time]:
    """The times in the text of a lock that can be read."""
    for number, line in enumerate(text.splitlines(), 1):
        words = line.split(" ", 6)
        for index, units in _TIMES.get(words[0], ()):
            yield Time(number, len(" ".join(words[:index])) + 2, words[index], units)


_TIMES = {"note": ((4, 1), (5, 1000)), "type": ((3, 1),)}
"""Which words of a line are times, and how many of their units a second has."""


def line_of(text: str, kind: str, name: str) -> int:
    """The number, from 1, of the first line of a kind, such as ``note``, about a name; 1 if there is none."""
    return _line_numbers(text).get(f"{kind} {name}", 1)


@lru_cache(maxsize=1)
def _line_numbers(text: str) -> dict[str, int]:
    """The number of each line, by its first two words."""
    numbers: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), 1):
        numbers.setdefault(" ".join(line.split(" ", 2)[:2]), number)
    return numbers
