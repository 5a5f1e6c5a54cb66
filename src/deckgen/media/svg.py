"""Check that an SVG file only draws: no script, link, animation or request can hide in one that passes.

Only elements and attributes on a list are accepted (https://www.w3.org/TR/SVG2/). Entities, which can make a small file
huge, are refused by defusedxml. Shapes that are used again and again are counted as often as they are drawn.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any
from xml.sax import SAXParseException  # only the exception: defusedxml parses
from xml.sax.handler import ContentHandler

from deckgen.core import rules
from deckgen.core.diagnostics import Diagnostic, Position, Report
from deckgen.media.svg_reader import NAMESPACE, parse, read_text

MAX_DRAWN = 20_000
"""How many elements a picture may draw, counting each use of a shape."""

MAX_NESTING = 100
MAX_PIXELS = 10_000
MAX_ERRORS = 20

_XLINK = "http://www.w3.org/1999/xlink"
_XML = "http://www.w3.org/XML/1998/namespace"

# The namespaces of what drawing programs add for themselves; browsers ignore it.
_EDITOR_NAMESPACES = (
    "http://www.inkscape.org/namespaces/",
    "http://sodipodi.sourceforge.net/",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "http://purl.org/dc/",
    "http://creativecommons.org/ns#",
    "http://web.resource.org/cc/",
)

_ELEMENTS = frozenset(
    """circle clipPath defs desc ellipse g line linearGradient marker mask metadata path pattern polygon polyline
    radialGradient rect stop svg symbol text textPath title tspan use""".split()
)

_ATTRIBUTES = frozenset(
    """aria-hidden aria-label aria-labelledby baseProfile class clipPathUnits cx cy d data-name data-was dx dy fr fx fy
    gradientTransform gradientUnits height id lengthAdjust markerHeight markerUnits markerWidth maskContentUnits
    maskUnits method offset orient pathLength patternContentUnits patternTransform patternUnits points
    preserveAspectRatio r refX refY role rotate rx ry side spacing spreadMethod startOffset textLength transform version
    viewBox width x x1 x2 y y1 y2""".split()
)

# Properties may be attributes of their own, or stand in the attribute 'style'.
_PROPERTIES = frozenset(
    """alignment-baseline baseline-shift clip-path clip-rule color color-interpolation color-rendering direction display
    dominant-baseline enable-background fill fill-opacity fill-rule font-family font-feature-settings font-kerning
    font-size font-size-adjust font-stretch font-style font-variant font-variant-alternates font-variant-caps
    font-variant-east-asian font-variant-ligatures font-variant-numeric font-variant-position font-variation-settings
    font-weight image-rendering inline-size isolation kerning letter-spacing line-height marker marker-end marker-mid
    marker-start mask mask-type mix-blend-mode opacity overflow paint-order pointer-events shape-margin shape-padding
    shape-rendering stop-color stop-opacity stroke stroke-dasharray stroke-dashoffset stroke-linecap stroke-linejoin
    stroke-miterlimit stroke-opacity stroke-width text-align text-anchor text-decoration text-decoration-color
    text-decoration-line text-decoration-style text-indent text-orientation text-rendering text-transform transform
    transform-origin unicode-bidi vector-effect visibility white-space word-spacing writing-mode""".split()
)
_FUNCTIONS = frozenset("hsl hsla matrix rgb rgba rotate scale skewX skewY translate".split())
_FUNCTION = re.compile(r"([\w-]*)\s*\(")
_OWN_URL = re.compile(r"""url\(\s*(["']?)#([^"'()\\\s]+)\1\s*\)""")
_LENGTH = re.compile(r"\s*(\d{0,9}\.?\d{1,20}(?:e[-+]?\d{1,3})?)\s*(px|pt|pc|mm|cm|in|em|ex|%)?\s*")
# https://www.w3.org/TR/css-values-3/#absolute-lengths; a font has 16 pixels unless somebody says otherwise
_PIXELS = {"": 1, "px": 1, "pt": 96 / 72, "pc": 16, "mm": 96 / 25.4, "cm": 96 / 2.54, "in": 96, "em": 16, "ex": 8}

_PLAIN = "save it as plain SVG (in Inkscape: File › Save As › Plain SVG), or export it as PNG"
_HELP = {
    "a": "delete the link and keep what is drawn in it",
    "foreignObject": "use <text> (in draw.io: switch off 'Formatted Text' and 'Word Wrap'), or export it as PNG",
    "image": "draw it, or export the whole picture as PNG",
    "script": "delete it: cards run no scripts",
    "style": "write the properties as attributes (in Illustrator: export with 'Styling: Presentation Attributes')",
}


def check(data: bytes, name: str) -> tuple[Diagnostic, ...]:
    """The reasons why a file, shown to the author as ``name``, must not be on a card; none if it only draws."""
    import defusedxml

    report = Report()
    text, problem = read_text(data)
    if problem:
        report.add(rules.SVG_CONTENT, Position(name), problem, _PLAIN)
        return tuple(report)
    drawing = _Drawing(text, name, report)
    try:
        parse(text, drawing)
        drawing.check_size()
    except SAXParseException as error:
        drawing.error(f"expected XML, found an error: {error.getMessage()}")
    except defusedxml.DefusedXmlException:
        drawing.error("expected shapes and text, found a definition of entities or attributes")
    except _Enough:
        pass
    return tuple(report)


class _Enough(Exception):
    """The rest of a file is not worth reading."""


@dataclass(slots=True)
class _Element:
    """An element: where it is, the elements in it, and the ids of those that it draws as well."""

    line: int
    column: int
    children: list[_Element] = field(default_factory=list)
    uses: list[str] = field(default_factory=list)
    drawn: int | None = None
    """How many elements it draws; 0 while they are being counted."""


class _Drawing(ContentHandler):
    """Receive the elements of a file, and collect what is wrong with them."""

    def __init__(self, text: str, name: str, report: Report) -> None:
        super().__init__()
        self._name = name
        self._report = report
        self._errors = 0
        self._lines = text.split("\n")
        self._open: list[_Element] = []
        self._root: _Element | None = None
        self._by_id: dict[str, _Element] = {}
        self._locator: Any = None

    def setDocumentLocator(self, locator: Any) -> None:  # noqa: N802 (named by xml.sax, as are the next ones)
        self._locator = locator

    def error(self, message: str, help: str = _PLAIN, attribute: str = "", at: _Element | None = None) -> None:
        line, column = (at.line, at.column) if at else self._position(attribute)
        self._report.add(rules.SVG_CONTENT, Position(self._name, line, column), message, help)
        self._errors += 1
        if self._errors == MAX_ERRORS:
            raise _Enough

    def _position(self, attribute: str = "") -> tuple[int, int]:
        """Where the parser is, or where the tag at this place has an attribute."""
        line, column = self._locator.getLineNumber(), self._locator.getColumnNumber()
        if attribute:
            name = re.compile(rf"(?:^|\s)(?={re.escape(attribute)}\s*=)")
            for number, text in enumerate(self._lines[line - 1 : line + 99], line):
                if found := name.search(text, column if number == line else 0):
                    return number, found.end() + 1
        return line, column + 1

    def processingInstruction(self, target: str, data: str) -> None:  # noqa: N802
        self.error(f"expected shapes and text, found '<?{target}'", "delete it")

    def startElementNS(self, name: tuple[str | None, str], qname: str | None, attrs: Any) -> None:  # noqa: N802
        space, local = name
        element = _Element(*self._position())
        if not self._open:
            self._start_root(space, local, attrs)
            self._root = element
        elif len(self._open) == MAX_NESTING:
            self.error(f"expected elements nested at most {MAX_NESTING} deep, found more")
            raise _Enough
        else:
            self._open[-1].children.append(element)
        self._open.append(element)
        if (space or "").startswith(_EDITOR_NAMESPACES):
            return
        if space != NAMESPACE or local not in _ELEMENTS:
            self.error(f"expected shapes and text, found <{local}>", _HELP.get(local, _PLAIN))
            return
        for (attribute_space, attribute), value in attrs.items():
            written = attrs.getQNameByName((attribute_space, attribute))
            if (message := self._problem(attribute_space, attribute, value, element)) is not None:
                self.error(message, _PLAIN if attribute[:2] != "on" else _HELP["script"], written)

    def endElementNS(self, name: tuple[str | None, str], qname: str | None) -> None:  # noqa: N802
        self._open.pop()

    def _start_root(self, space: str | None, local: str, attrs: Any) -> None:
        if (space, local) != (NAMESPACE, "svg"):
            help = f'write <svg xmlns="{NAMESPACE}" …>, or {_PLAIN}'
            self.error(f"expected <svg> of the namespace {NAMESPACE}, found <{local}>", help)
            raise _Enough
        sizes = {side: attrs.get((None, side)) for side in ("width", "height")}
        box = attrs.get((None, "viewBox"))
        if box is None and None in sizes.values():
            self.error(
                "expected a viewBox, or a width and a height, found neither", 'for example viewBox="0 0 800 600"'
            )
        for side, value in sizes.items():
            if value is not None and value != "auto" and not _is_size(value):
                self.error(f"expected a {side} of at most {MAX_PIXELS:,} pixels, found '{value}'", "", side)
        if box is not None and not _is_box(box):
            message = f"expected a viewBox with a width and a height, found '{box}'"
            self.error(message, 'for example viewBox="0 0 800 600"', "viewBox")

    def _problem(self, space: str | None, attribute: str, value: str, element: _Element) -> str | None:
        """What is wrong with an attribute; the ids that it refers to are noted in its element."""
        if (space or "").startswith(_EDITOR_NAMESPACES) or (space == _XML and attribute in ("space", "lang")):
            return None
        if attribute == "href" and space in (None, _XLINK):
            if not re.fullmatch(r"#[^\s]+", value):
                return f"expected a reference to a shape of this file, such as '#needle', found '{value}'"
            element.uses.append(value[1:])
            return None
        if space is None and attribute == "id":
            self._by_id.setdefault(value, element)
        if space is None and attribute == "style":
            for declaration in filter(None, map(str.strip, value.split(";"))):
                name, _, detail = declaration.partition(":")
                name = name.strip()
                if name not in _PROPERTIES and not name.startswith("-inkscape-"):
                    return f"expected properties that only draw, found '{name}'"
                if (message := _property_problem(name, detail, element)) is not None:
                    return message
            return None
        if space is None and attribute in _PROPERTIES:
            return _property_problem(attribute, value, element)
        return (
            None
            if space is None and attribute in _ATTRIBUTES
            else f"expected attributes that only draw, found '{attribute}'"
        )

    def check_size(self) -> None:
        """Report a drawing that refers to itself, or that draws too many elements."""
        assert self._root is not None
        if self._count(self._root, 0) > MAX_DRAWN:
            message = f"expected at most {MAX_DRAWN:,} elements, counting each use, found more"
            self.error(message, "simplify it, or export it as PNG", at=self._root)

    def _count(self, element: _Element, depth: int) -> int:
        """How many elements one draws. Raises _Enough, after an error, if it draws itself."""
        if element.drawn is None:
            element.drawn = 0
            total, most = 1, 3 * MAX_NESTING
            for other in (*element.children, *[self._by_id[id] for id in element.uses if id in self._by_id]):
                if other.drawn == 0 or depth == most:
                    message = f"expected no shape that draws itself, and no chain of more than {most} shapes, found one"
                    self.error(message, at=element)
                    raise _Enough
                total += self._count(other, depth + 1)
            element.drawn = min(total, MAX_DRAWN + 1)
        return element.drawn


def _property_problem(name: str, value: str, element: _Element) -> str | None:
    """The problem of a property whose value could load a file, or could hide that it does."""
    rest = _OWN_URL.sub("", value)
    element.uses += [found[2] for found in _OWN_URL.finditer(value)]
    if name in ("marker", "marker-mid") and rest != value:  # it would be drawn at every corner of a path
        return f"expected markers only as 'marker-start' and 'marker-end', found '{name}'"
    if "\\" in rest or any(found[1] not in _FUNCTIONS for found in _FUNCTION.finditer(rest)):
        return f"expected colours, numbers and words, or 'url(#…)' of this file, found '{name}: {value.strip()}'"
    return None


def _is_size(value: str) -> bool:
    found = _LENGTH.fullmatch(value)
    if not found:
        return False
    number, unit = float(found[1]), found[2] or ""
    return 0 < number <= 100 if unit == "%" else 0 < number * _PIXELS[unit] <= MAX_PIXELS


def _is_box(value: str) -> bool:
    try:
        _, _, width, height = map(float, value.replace(",", " ").split())
    except ValueError:
        return False
    return 0 < width < float("inf") and 0 < height < float("inf")
