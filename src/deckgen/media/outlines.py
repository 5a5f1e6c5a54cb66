"""Outlines on a picture: polygons whose points are fractions of its width and height, from the top left corner.

A rectangle is a polygon, and so is an ellipse, with enough points to look round at the size of a card.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache

Point = tuple[float, float]
Outline = tuple[Point, ...]

ELLIPSE_POINTS = 32
TOLERANCE = 0.001
"""How far an outline may reach over the edge of its picture: drawings are rounded."""

_EDGE = 0.1
"""An outline may cover another except for a narrow edge: the corners of the other are moved towards its centre by this
fraction of the way."""


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


@lru_cache(maxsize=4096)
def covers(outline: Outline, other: Outline) -> bool:
    """Whether an outline covers another one except for a narrow edge, judged by the corners, sides and centre."""
    left, top, right, bottom = bounds(other)
    centre = (left + right) / 2, (top + bottom) / 2
    corners = [_between(point, centre, _EDGE) for point in other]
    middles = [_between(one, two, 0.5) for one, two in zip(corners, [*corners[1:], corners[0]], strict=True)]
    return all(contains(outline, point) for point in (centre, *corners, *middles))


def _between(one: Point, two: Point, part: float) -> Point:
    return one[0] + part * (two[0] - one[0]), one[1] + part * (two[1] - one[1])


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
