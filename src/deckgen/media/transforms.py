"""Transforms of SVG as matrices (https://www.w3.org/TR/css-transforms-1/#svg-transform)."""

from __future__ import annotations

import math
import re

from deckgen.media.outlines import Outline

Matrix = tuple[float, float, float, float, float, float]
"""``a b c d e f`` of ``matrix(…)``: x' = ax + cy + e, y' = bx + dy + f."""

IDENTITY: Matrix = (1, 0, 0, 1, 0, 0)

_FUNCTION = re.compile(r"\s*(matrix|translate|scale|rotate|skewX|skewY)\s*\(([^()]*)\)\s*,?")


def parse(text: str) -> Matrix:
    """Read the value of the attribute ``transform``; raises ValueError."""
    matrix, at = IDENTITY, 0
    while at < len(text.rstrip()):
        found = _FUNCTION.match(text, at)
        if found is None:
            raise ValueError(text)
        matrix = combined(
            matrix, _matrix(found[1], [float(number) for number in re.split(r"[\s,]+", found[2].strip())])
        )
        at = found.end()
    return matrix


def _matrix(name: str, numbers: list[float]) -> Matrix:
    match name, numbers:
        case "matrix", [a, b, c, d, e, f]:
            return a, b, c, d, e, f
        case "translate", [x]:
            return 1, 0, 0, 1, x, 0
        case "translate", [x, y]:
            return 1, 0, 0, 1, x, y
        case "scale", [x]:
            return x, 0, 0, x, 0, 0
        case "scale", [x, y]:
            return x, 0, 0, y, 0, 0
        case "rotate", [angle]:
            turn = math.radians(angle)
            return math.cos(turn), math.sin(turn), -math.sin(turn), math.cos(turn), 0, 0
        case "rotate", [angle, x, y]:
            return combined((1, 0, 0, 1, x, y), combined(_matrix("rotate", [angle]), (1, 0, 0, 1, -x, -y)))
        case "skewX", [angle]:
            return 1, 0, math.tan(math.radians(angle)), 1, 0, 0
        case "skewY", [angle]:
            return 1, math.tan(math.radians(angle)), 0, 1, 0, 0
    raise ValueError(name)


def combined(outer: Matrix, inner: Matrix) -> Matrix:
    """The transform that first applies ``inner`` and then ``outer``."""
    a, b, c, d, e, f = outer
    g, h, i, j, k, l = inner  # noqa: E741 (the next letters)
    return a * g + c * h, b * g + d * h, a * i + c * j, b * i + d * j, a * k + c * l + e, b * k + d * l + f


def applied(matrix: Matrix, outline: Outline) -> Outline:
    """An outline after a transform."""
    a, b, c, d, e, f = matrix
    return tuple([(a * x + c * y + e, b * x + d * y + f) for x, y in outline])
