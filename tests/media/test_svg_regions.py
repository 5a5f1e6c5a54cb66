"""Regions in SVG files: their outlines, what is wrong with them, and the file without them."""

from __future__ import annotations

import pytest

from deckgen.core.diagnostics import Report
from deckgen.media.svg_regions import SvgRegion, read_drawing, without_regions


def svg(regions: str, root: str = 'viewBox="0 0 80 40"', group: str = "") -> bytes:
    """A drawing whose group of regions begins in its third line."""
    start = f'<svg xmlns="http://www.w3.org/2000/svg" {root}>\n<path d="M0 0"/>\n'
    return f'{start}<g id="regions"{group}>{regions}</g>\n</svg>'.encode()


def read(data: bytes) -> tuple[tuple[SvgRegion, ...] | None, list[str]]:
    report = Report()
    drawing = read_drawing(data, "a.svg", report)
    return drawing.regions, [f"{one.position}: {one.message}" for one in report]


def bounds(data: bytes) -> tuple[float, ...]:
    """The edges of the only region, in thousandths of the picture."""
    (region,), problems = read(data)
    xs, ys = zip(*region.outline, strict=True)
    assert problems == []
    return tuple(round(1000 * edge) for edge in (min(xs), min(ys), max(xs), max(ys)))


def rect(more: str = "", width: str = "16") -> str:
    return f'<rect id="a" x="8" y="4" width="{width}" height="8"{more}><title>A</title></rect>'


RECT = rect()
REST = svg("").replace(b'<g id="regions"></g>', b"")


@pytest.mark.parametrize(
    ("data", "edges"),
    [
        (svg(RECT), (100, 100, 300, 300)),
        (svg(RECT, 'viewBox="8 4 80 40"'), (0, 0, 200, 200)),
        (svg(RECT, 'width="160px" height="80"'), (50, 50, 150, 150)),
        (svg(RECT, 'viewBox="0 0 80 40" width="20cm" height="10cm"'), (100, 100, 300, 300)),
        (svg('<circle id="a" cx="40" cy="20" r="8"><title>A</title></circle>'), (400, 300, 600, 700)),
        (svg('<ellipse id="a" cx="40" cy="20" rx="8" ry="4"><title>A</title></ellipse>'), (400, 400, 600, 600)),
        (
            svg('<polygon id="a" points="8 4,24,4 8,12"><title>A</title></polygon>'),
            (100, 100, 300, 300),
        ),
        (svg(rect(' transform="translate(8)"')), (200, 100, 400, 300)),
        (svg(rect(' transform="translate(8 4) scale(2)"')), (300, 300, 700, 700)),
        (svg(rect(' transform="rotate(90 8,4)"')), (0, 100, 100, 500)),
        (svg(rect(' transform="matrix(1 0 0 1 8 0), skewX(45)"')), (250, 100, 550, 300)),
        (svg(rect(' transform="skewY(45)"')), (100, 300, 300, 900)),
        (
            svg(f'<g transform="scale(2)">{RECT}</g>', group=' transform="translate(8)"'),
            (300, 200, 700, 600),
        ),
    ],
)
def test_the_outline_is_where_a_browser_draws_the_shape(data, edges):
    assert bounds(data) == edges


def test_texts_are_those_of_the_shape_in_one_line():
    group = "<title>All of them</title>"
    shape = '<rect id="a" width="8" height="4"><title>\n  Dura\n  mater  </title><desc>1 &lt; 2</desc></rect>'

    (region,), problems = read(svg(group + shape))

    assert (region.id, region.name, region.note) == ("a", "Dura mater", "1 < 2")
    assert problems == []


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (svg('<path id="a" d="M0 0"/>'), "a.svg:3:17: expected a rect, circle, ellipse or polygon, found <path>"),
        (svg("\n" + RECT.replace("<title>A</title>", "")), "a.svg:4:1: expected the name of the region, found none"),
        (svg(rect(width="2cm")), "a.svg:3:17: expected a number as 'width' of <rect>, found '2cm'"),
        (svg(rect(width="0")), "a.svg:3:17: expected 'width' of <rect> to be more than 0, found 0"),
        (svg(rect(width="inf")), "a.svg:3:17: expected a number as 'width' of <rect>, found 'inf'"),
        (
            svg('<polygon id="a" points="0,0 8,8"><title>A</title></polygon>'),
            "a.svg:3:17: expected the points of a polygon, at least three pairs of numbers",
        ),
        (
            svg(f'<polygon id="a" points="{"1 2 " * 101}"><title>A</title></polygon>'),
            "a.svg:3:17: expected a polygon of at most 100 points, found 101",
        ),
        (
            svg(rect(' transform="turn(3)"')),
            "a.svg:3:17: expected a transform like 'rotate(30)', found 'turn(3)'",
        ),
        (
            svg(rect(' style="transform: rotate(3deg)"')),
            "a.svg:3:17: expected the attribute 'transform', found a transform in 'style'",
        ),
        (
            svg(rect(' transform="scale(1e300) scale(1e300)"')),
            "a.svg:3:17: expected a shape of finite size, found an infinite one",
        ),
        (
            svg(RECT, 'viewBox="0 0 80 40" width="80" height="80"'),
            "a.svg:1:1: expected a width and a height in the ratio of the viewBox, "
            "found 80 by 80 for a viewBox of 80 by 40",
        ),
        (
            svg(RECT).replace(b"<g", b"<defs><g").replace(b"</g>", b"</g></defs>"),
            "a.svg:3:7: expected the group 'regions' outside of <defs>, found it inside",
        ),
        (
            svg(RECT.replace("<title>A", "<title>A\u202e")),
            "a.svg:3:17: expected visible characters, found U+202E RIGHT-TO-LEFT OVERRIDE",
        ),
    ],
)
def test_what_is_wrong_is_said_at_its_line(data, problem):
    assert read(data)[1] == [problem]


@pytest.mark.parametrize(
    ("data", "rest"),
    [
        (svg(RECT), REST),
        (svg(RECT).replace(b"\n", b"\r\n"), REST),
        (svg(RECT, group=' class="a>b"'), REST),
        (svg("").replace(b"></g>", b"/>"), REST),
        (svg(RECT).replace(b"regions", b"others"), svg(RECT).replace(b"regions", b"others")),
        (svg(f"<g>{RECT}</g>é"), REST),
        (b"\xef\xbb\xbf" + svg(RECT), b"\xef\xbb\xbf" + REST),
        ("<!-- \u2028\x85 -->".encode() + svg(RECT), "<!-- \u2028\x85 -->".encode() + REST),
    ],
)
def test_the_file_is_shipped_without_its_regions(data, rest):
    assert without_regions(data) == rest
