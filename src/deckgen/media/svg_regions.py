"""Read the regions in an SVG file: the shapes in its group with the id ``regions``, which cards do not show.

The file was checked before: it is a drawing, in UTF-8, of bounded size.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple
from xml.sax.handler import ContentHandler

from deckgen.core import rules
from deckgen.core.characters import FORBIDDEN, found_hidden
from deckgen.core.diagnostics import Position, Report, Rule
from deckgen.core.source import normal
from deckgen.media import transforms
from deckgen.media.outlines import Outline, ellipse, rectangle
from deckgen.media.svg_reader import NAMESPACE, decoded, parse
from deckgen.media.transforms import IDENTITY, Matrix

GROUP = "regions"
MAX_POINTS = 100

_SHAPES = ("rect", "circle", "ellipse", "polygon")
_TEXTS = {"title": "name", "desc": "note"}


class SvgRegion(NamedTuple):
    """A region as the file has it: its texts, unescaped and in one line, its outline in
    fractions of the picture, and where it is.

    ``was`` is its first id, if it was renamed; empty otherwise.
    """

    id: str
    was: str
    name: str
    note: str
    outline: Outline
    position: Position


class Drawing(NamedTuple):
    """A drawing: its width divided by its height, and its regions; None if it has no group for them."""

    ratio: float
    regions: tuple[SvgRegion, ...] | None


def read_drawing(data: bytes, name: str, report: Report) -> Drawing:
    """Read a file that the author knows as ``name``. Regions with errors are left out."""
    reader = _Reader(name, report)
    parse(decoded(data), reader)
    _, _, width, height = reader.box
    return Drawing(width / height, tuple(reader.regions) if reader.group else None)


def without_regions(data: bytes) -> bytes:
    """The file as cards show it, with the same line endings on every system, as git may change them."""
    text = decoded(data)
    if GROUP not in text:
        return text.encode()
    reader = _Reader("", Report())
    parse(text, reader)
    if reader.group is None:
        return text.encode()
    lines = text.split("\n")  # XML has no other line endings
    start, end = [sum(len(one) + 1 for one in lines[: line - 1]) + column for line, column in reader.group]
    rest = text[end:]
    return (text[:start] + (rest.partition(">")[2] if rest.startswith("</") else rest)).encode()  # or it ends in '/>'


class _RegionError(Exception):
    """What is wrong with a region."""

    def __init__(self, message: str, help: str = "", rule: Rule = rules.REGION_SHAPE) -> None:
        super().__init__(message)
        self.message = message
        self.help = help
        self.rule = rule


class _Reader(ContentHandler):
    """Receive the elements of a file, and collect the shapes in the group."""

    def __init__(self, name: str, report: Report) -> None:
        super().__init__()
        self.box = (0.0, 0.0, 1.0, 1.0)
        self.regions: list[SvgRegion] = []
        self.group: tuple[tuple[int, int], tuple[int, int]] | None = None
        self._name = name
        self._report = report
        self._matrices: list[Matrix] = []
        self._open: list[str] = []
        self._start: tuple[int, int] | None = None
        self._depth = 0  # of the group
        self._shape: dict[str, str] | None = None  # the texts of the shape that is being read
        self._outline: Outline = ()
        self._position = Position(name)
        self._text = ""  # which of its texts that is
        self._locator: Any = None

    def setDocumentLocator(self, locator: Any) -> None:  # noqa: N802 (named by xml.sax, as are the next ones)
        self._locator = locator

    def _tag_position(self) -> tuple[int, int]:
        return self._locator.getLineNumber(), self._locator.getColumnNumber()

    def startElementNS(self, name: tuple[str | None, str], qname: str | None, attrs: Any) -> None:  # noqa: N802
        space, local = name
        own = {key: value for (where, key), value in attrs.items() if where is None}
        line, column = self._tag_position()
        try:
            self._start_element(local if space == NAMESPACE else "", own, Position(self._name, line, column + 1))
        except _RegionError as error:
            self._report.add(error.rule, Position(self._name, line, column + 1), error.message, error.help)

    def _start_element(self, name: str, own: dict[str, str], position: Position) -> None:
        outer = self._matrices[-1] if self._matrices else IDENTITY
        self._matrices.append(outer)
        self._open.append(name)
        if len(self._matrices) == 1:
            self.box = _box(own)
            return
        in_group = self._start is not None and self.group is None
        if not in_group and self.group is None and own.get("id") == GROUP and name == "g":
            self._start, self._depth = self._tag_position(), len(self._matrices)
            in_group = True
            if (around := next((one for one in self._open[1:] if one != "g"), None)) is not None:
                message = f"expected the group '{GROUP}' outside of <{around}>, found it inside"
                raise _RegionError(message, "move it to the end of <svg>")
        if in_group or self.group is None:
            try:
                self._matrices[-1] = transforms.combined(outer, _transform(own))
            except ValueError:
                if in_group:
                    message = f"expected a transform like 'rotate(30)', found '{own.get('transform')}'"
                    raise _RegionError(message) from None
        if not in_group or len(self._matrices) == self._depth or name == "g":
            return
        if self._shape is not None:
            if name in _TEXTS:
                self._text = _TEXTS[name]
            return
        if name in _SHAPES:
            if own.get("data-was") == "":
                message = "expected the id under which the region was first released in 'data-was', found nothing"
                raise _RegionError(message, "write that id, or delete 'data-was'", rules.BAD_ID)
            ids = {"id": own.get("id", ""), "was": own.get("data-was", "")}
            self._shape, self._position = {**ids, "name": "", "note": ""}, position
            self._outline = self._fractions(_outline(name, own))
        elif name and name not in _TEXTS:
            help = "draw the region as one of these; a polygon can follow any edge"
            raise _RegionError(f"expected a rect, circle, ellipse or polygon, found <{name}>", help)

    def _fractions(self, outline: Outline) -> Outline:
        left, top, width, height = self.box
        points = transforms.applied(self._matrices[-1], outline)
        if not all(math.isfinite(part) for point in points for part in point):
            raise _RegionError("expected a shape of finite size, found an infinite one")
        return tuple([((x - left) / width, (y - top) / height) for x, y in points])

    def characters(self, content: str) -> None:
        if self._shape is not None and self._text:
            self._shape[self._text] += content

    def endElementNS(self, name: tuple[str | None, str], qname: str | None) -> None:  # noqa: N802
        local = name[1]
        if self._shape is not None:
            if local in _TEXTS:
                self._text = ""
            elif local in _SHAPES:
                self._end_shape(self._shape)
                self._shape, self._outline = None, ()
        if self._start is not None and self.group is None and len(self._matrices) == self._depth:
            self.group = self._start, self._tag_position()
        self._matrices.pop()
        self._open.pop()

    def _end_shape(self, texts: dict[str, str]) -> None:
        name, note = [" ".join(normal(texts[one]).split()) for one in _TEXTS.values()]
        if not self._outline:
            return  # reported when it began
        if hidden := FORBIDDEN.search(name + note):
            help = "delete it: cards cannot contain this character"
            self._report.add(rules.CONTROL_CHARACTER, self._position, found_hidden(hidden[0]), help)
        elif not name:
            help = "write it inside the shape: <title>Dura mater</title>"
            self._report.add(rules.REGION_SHAPE, self._position, "expected the name of the region, found none", help)
        else:
            self.regions.append(SvgRegion(texts["id"], texts["was"], name, note, self._outline, self._position))


def _transform(own: dict[str, str]) -> Matrix:
    if "transform" in own.get("style", ""):
        help = "move it from 'style' to an attribute, such as transform=\"rotate(30)\""
        raise _RegionError("expected the attribute 'transform', found a transform in 'style'", help)
    return transforms.parse(own.get("transform", ""))


def _box(own: dict[str, str]) -> tuple[float, float, float, float]:
    """The part of the plane that the picture shows."""
    sides = [_pixels(own.get(side, "")) for side in ("width", "height")]
    if "viewBox" not in own:
        return 0, 0, sides[0] or 1, sides[1] or 1
    left, top, width, height = map(float, own["viewBox"].replace(",", " ").split())
    if sides[0] and sides[1] and abs(sides[0] / sides[1] - width / height) > 0.01 * width / height:
        found = f"found {own['width']} by {own['height']} for a viewBox of {width:g} by {height:g}"
        message = f"expected a width and a height in the ratio of the viewBox, {found}"
        raise _RegionError(message, "delete `width` and `height`")
    return left, top, width, height


def _pixels(length: str) -> float | None:
    """A length without a unit or in pixels; None for any other."""
    try:
        return float(length.strip().removesuffix("px"))
    except ValueError:
        return None


def _outline(name: str, own: dict[str, str]) -> Outline:
    """The outline of a shape in its own coordinates."""

    def number(attribute: str, default: float | None = None) -> float:
        text = own.get(attribute)
        value = default if text is None else _pixels(text)
        if value is None or not math.isfinite(value):
            raise _RegionError(f"expected a number as '{attribute}' of <{name}>, found '{text or 'none'}'")
        return value

    def length(attribute: str) -> float:
        value = number(attribute)
        if value <= 0:
            raise _RegionError(f"expected '{attribute}' of <{name}> to be more than 0, found {value:g}")
        return value

    if name == "rect":
        return rectangle(number("x", 0), number("y", 0), length("width"), length("height"))
    if name == "polygon":
        numbers = [_pixels(text) for text in own.get("points", "").replace(",", " ").split()]
        known = [one for one in numbers if one is not None]
        if len(known) < len(numbers) or len(known) < 6 or len(known) % 2:
            raise _RegionError(
                "expected the points of a polygon, at least three pairs of numbers", "for example 0,0 80,0 40,60"
            )
        if len(known) > 2 * MAX_POINTS:
            raise _RegionError(
                f"expected a polygon of at most {MAX_POINTS} points, found {len(known) // 2:,}", "simplify it"
            )
        return tuple(zip(known[::2], known[1::2], strict=True))
    radii = (length("r"),) * 2 if name == "circle" else (length("rx"), length("ry"))
    return ellipse(number("cx", 0), number("cy", 0), *radii)
