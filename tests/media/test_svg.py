"""An SVG file is shown if it only draws; anything else is an error at its line."""

from __future__ import annotations

import pytest

import sample
from deckgen.media.svg import check

START = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 80 60">\n'


def found(inside: str) -> list[str]:
    return whole(f"{START}{inside}\n</svg>\n")


def whole(text: str | bytes) -> list[str]:
    data = text if isinstance(text, bytes) else text.encode()
    return [f"{one.position.line}:{one.position.column}: {one.message}" for one in check(data, "a.svg")]


# Written by hand as these programs write it.
INKSCAPE = b"""\
<?xml version="1.0" encoding="UTF-8" standalone="no"?>
<!-- Created with Inkscape (http://www.inkscape.org/) -->
<svg
   width="210mm"
   height="297mm"
   viewBox="0 0 210 297"
   version="1.1"
   id="svg5"
   inkscape:version="1.2.2"
   sodipodi:docname="needle.svg"
   xmlns:inkscape="http://www.inkscape.org/namespaces/inkscape"
   xmlns:sodipodi="http://sodipodi.sourceforge.net/DTD/sodipodi-0.dtd"
   xmlns="http://www.w3.org/2000/svg"
   xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
   xmlns:cc="http://creativecommons.org/ns#"
   xmlns:dc="http://purl.org/dc/elements/1.1/">
  <sodipodi:namedview id="namedview7" pagecolor="#ffffff" inkscape:zoom="0.7">
    <inkscape:page x="0"/>
  </sodipodi:namedview>
  <metadata id="m"><rdf:RDF><cc:Work rdf:about="">
    <dc:type rdf:resource="http://purl.org/dc/dcmitype/StillImage"/>
  </cc:Work></rdf:RDF></metadata>
  <defs id="defs2">
    <linearGradient id="g"><stop offset="0" style="stop-color:#f00;stop-opacity:1"/></linearGradient>
  </defs>
  <g inkscape:label="Layer 1" inkscape:groupmode="layer" id="layer1">
    <text xml:space="preserve" x="5" y="9"
      style="font-size:4px;-inkscape-font-specification:sans-serif"><tspan x="5">a</tspan></text>
    <rect style="fill:url(#g);stroke:rgb(0, 0, 0);marker:none"
      width="60" height="50" x="3" y="4" transform="rotate(3)"/>
  </g>
</svg>
"""

ILLUSTRATOR = b"""\
<?xml version="1.0" encoding="utf-8"?>
<!-- Generator: Adobe Illustrator 27.0.0, SVG Export Plug-In . SVG Version: 6.00 Build 0)  -->
<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">
<svg version="1.1" id="Layer_1" xmlns="http://www.w3.org/2000/svg" x="0px" y="0px" viewBox="0 0 595.3 841.9"
  style="enable-background:new 0 0 595.3 841.9;" xml:space="preserve">
<path fill="#ED1C24" d="M10,10h50v50z"/>
<g data-name="Layer 2" clip-path="url('#c')" font-family="'Times New Roman', serif"/>
</svg>
"""


@pytest.mark.parametrize("text", [INKSCAPE, ILLUSTRATOR, INKSCAPE.replace(b"\n", b"\r\n"), b"\xef\xbb\xbf" + INKSCAPE])
def test_what_drawing_programs_write_is_accepted(text):
    assert whole(text) == []


@pytest.mark.parametrize(
    ("inside", "message"),
    [
        ("<script>alert(1)</script>", "2:1: expected shapes and text, found <script>"),
        ("<g>\n <foreignObject/>\n</g>", "3:2: expected shapes and text, found <foreignObject>"),
        ('<image href="https://example.org/a.png"/>', "2:1: expected shapes and text, found <image>"),
        ("<style>@import 'a.css';</style>", "2:1: expected shapes and text, found <style>"),
        ("<animate/>", "2:1: expected shapes and text, found <animate>"),
        ("<a><path/></a>", "2:1: expected shapes and text, found <a>"),
        ('<b xmlns="http://www.w3.org/1999/xhtml"/>', "2:1: expected shapes and text, found <b>"),
        ('<path xmlns="http://www.w3.org/1999/xhtml"/>', "2:1: expected shapes and text, found <path>"),
        ("<SCRIPT/>", "2:1: expected shapes and text, found <SCRIPT>"),
        ('<path onclick="alert(1)"/>', "2:7: expected attributes that only draw, found 'onclick'"),
        ('<path d="M0 0"\n  onload="alert(1)"/>', "3:3: expected attributes that only draw, found 'onload'"),
        ('<g xml:base="https://example.org/"/>', "2:4: expected attributes that only draw, found 'base'"),
        ('<path fill="url(https://example.org/a)"/>', "2:7: expected colours, numbers and words, or 'url(#…)' of this"),
        ('<path fill="url(data:image/png;base64,x)"/>', "2:7: expected colours, numbers and words, or"),
        ('<path fill="url(#a) url(b.svg#c)"/>', "2:7: expected colours, numbers and words, or"),
        ('<path fill="u\\72l(b.svg)"/>', "2:7: expected colours, numbers and words, or"),
        ('<path fill="u&#x72;l(b.svg)"/>', "2:7: expected colours, numbers and words, or"),
        ('<path style="fill:red;mask:image-set(&quot;a.png&quot; 1x)"/>', "2:7: expected colours, numbers and words"),
        ('<path style="background:red"/>', "2:7: expected properties that only draw, found 'background'"),
        (
            '<path style="fill:red;}*{background:url(a)"/>',
            "2:7: expected properties that only draw, found '}*{background'",
        ),
        ('<use href="other.svg#a"/>', "2:6: expected a reference to a shape of this file, such as '#needle', found"),
        ('<use xlink:href="data:image/svg+xml,a#b"/>', "2:6: expected a reference to a shape of this file"),
        ('<path marker-mid="url(#a)"/>', "2:7: expected markers only as 'marker-start' and 'marker-end'"),
        ("<?xml-stylesheet href='a.css'?>", "2:1: expected shapes and text, found '<?xml-stylesheet'"),
        ("<path>", "3:3: expected XML, found an error: mismatched tag"),
        ("&nbsp;", "2:1: expected XML, found an error: undefined entity"),
        ('<g id="a"><use href="#a"/></g>', "2:11: expected no shape that draws itself"),
        ("<g>" * 100 + "</g>" * 100, "2:298: expected elements nested at most 100 deep, found more"),
    ],
)
def test_anything_that_does_more_than_draw_is_an_error_at_its_line(inside, message):
    assert [line[: len(message)] for line in found(inside)] == [message]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("<svg viewBox='0 0 8 6'/>", "1:1: expected <svg> of the namespace http://www.w3.org/2000/svg, found <svg>"),
        ("<html/>", "1:1: expected <svg> of the namespace http://www.w3.org/2000/svg, found <html>"),
        (START.replace(' viewBox="0 0 80 60"', "") + "</svg>", "1:1: expected a viewBox, or a width and a height"),
        (START.replace("80 60", "80") + "</svg>", "1:84: expected a viewBox with a width and a height, found '0 0 80'"),
        (START.replace("80", "0") + "</svg>", "1:84: expected a viewBox with a width and a height, found '0 0 0 60'"),
        (
            START.replace("view", 'width="1e9" view') + "</svg>",
            "1:84: expected a width of at most 10,000 pixels, found",
        ),
        (
            START.replace("view", 'height="9m" view') + "</svg>",
            "1:84: expected a height of at most 10,000 pixels, found",
        ),
        (START, "2:1: expected XML, found an error: no element found"),
        (START + "</svg><script/>", "2:7: expected XML, found an error: junk after document element"),
        ("", "1:1: expected XML, found an error: no element found"),
        (
            '<?xml version="1.0" encoding="utf-7"?>' + START + "</svg>",
            "1:1: expected UTF-8, found 'encoding=\"utf-7\"'",
        ),
        ((START + "</svg>").encode("utf-16"), "1:1: expected UTF-8, found another encoding"),
        (b"\x1f\x8b\x08", "1:1: expected UTF-8, found another encoding"),
        (
            '<!DOCTYPE svg [<!ENTITY a "b">]>' + START + "&a;</svg>",
            "1:15: expected shapes and text, found a definition",
        ),
        (
            '<!DOCTYPE svg [<!ATTLIST g onclick CDATA "a">]>' + START,
            "1:15: expected shapes and text, found a definition",
        ),
        ('<!DOCTYPE svg SYSTEM "/etc/passwd">' + START, "1:35: expected shapes and text, found a definition"),
        (START + " " * (4 * 2**20), "1:1: expected at most 4 MB, found 4.0 MB"),
    ],
)
def test_what_is_not_a_drawing_of_a_known_size_is_an_error(text, message):
    assert [line[: len(message)] for line in whole(text)] == [message]


def test_shapes_are_counted_as_often_as_they_are_drawn():
    layers = "".join(f'<g id="l{number}">' + f'<use href="#l{number - 1}"/>' * 10 + "</g>" for number in range(1, 20))

    assert found(f'<g id="l0"/>{layers}') == ["1:1: expected at most 20,000 elements, counting each use, found more"]


def test_a_long_chain_of_shapes_is_refused():
    chain = "".join(f'<g id="l{number}"><use href="#l{number + 1}"/></g>' for number in range(5000))

    assert ["no chain of more than 300 shapes" in line for line in found(chain)] == [True]


def test_only_the_first_errors_of_a_file_are_reported():
    assert len(found("<script/>" * 1000)) == 20


def test_the_card_is_reported_with_its_drawing_and_both_are_read_again_from_the_cache(tmp_path):
    cards = "faq: [{id: one, domain: basics, question: What?, answer: '![a dot](media/dot.svg)'}]\n"
    root = sample.write(tmp_path, {"demo/cards.yaml": cards, "demo/media/dot.svg": START + "<script/>\n</svg>"})
    expected = [
        ("decks/demo/cards.yaml", 1, "'dot.svg' contains more than a drawing"),
        ("decks/demo/media/dot.svg", 2, "expected shapes and text, found <script>"),
    ]
    for _ in range(2):
        assert [(*one.position[:2], one.message) for one in sample.compiled(root)[1]] == expected

    (root / "demo/media/dot.svg").write_text(START + "</svg>")
    packages, findings = sample.compiled(root)
    assert findings == []
    assert packages[0].notes[0].media[0].name.endswith(".svg")
