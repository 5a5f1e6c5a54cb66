"""Outlines on a picture: polygons whose points are fractions of its width and height, from the top left corner.

A rectangle is a polygon, and so is an ellipse, with enough points to look round at the size of a card.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

Point = tuple[float, float]
Outline = tuple[Point, ...]

ELLIPSE_POINTS = 32
TOLERANCE = 0.001
"""How far an outline may reach over the edge of its picture: drawings are rounded."""

_SAMPLES = 24
"""Points tried along each side of an outline to find out how much of it another one covers."""


def rectangle(x: float, y: float, width: float, height: float) -> Outline:
    """The corners of a rectangle, given its top left corner and its size."""
    return (x, y), (x + width, y), (x + width, y + height), (x, y + height)


def ellipse(x: float, y: float, x_radius: float, y_radius: float) -> Outline:
    """Points of an ellipse around a centre."""
    angles = [2 * math.pi * number / ELLIPSE_POINTS for number in range(ELLIPSE_POINTS)]
    return tuple([(x + x_radius * math.cos(angle), y + y_radius * math.sin(angle)) for angle in angles])


def size(outline: Outline) -> Point:
    """The width and height of an outline."""
    left, top, right, bottom = bounds(outline)
    return right - left, bottom - top


def is_outside(outline: Outline) -> bool:
    """Whether an outline reaches over the edge of its picture."""
    return any(not -TOLERANCE <= part <= 1 + TOLERANCE for point in outline for part in point)


def covered(outline: Outline, other: Outline) -> float:
    """The part of an outline's area, from 0 to 1, that another one covers, as far as sampling tells."""
    if _are_apart(bounds(outline), bounds(other)):
        return 0
    inside = [point for point in _samples(outline) if contains(outline, point)]
    return sum(contains(other, point) for point in inside) / len(inside) if inside else 0


def contains(outline: Outline, point: Point) -> bool:
    """Whether a point is inside an outline: a ray from it crosses an odd number of sides."""
    x, y = point
    inside = False
    x1, y1 = outline[-1]
    for x2, y2 in outline:
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            inside = not inside
        x1, y1 = x2, y2
    return inside


def bounds(outline: Sequence[Point]) -> tuple[float, float, float, float]:
    """The left, top, right and bottom edges of an outline."""
    xs, ys = zip(*outline, strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def _are_apart(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]


def _samples(outline: Outline) -> Iterable[Point]:
    left, top, right, bottom = bounds(outline)
    steps = [(number + 0.5) / _SAMPLES for number in range(_SAMPLES)]
    return [(left + (right - left) * x, top + (bottom - top) * y) for x in steps for y in steps]
