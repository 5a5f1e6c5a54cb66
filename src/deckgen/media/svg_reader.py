"""Read SVG files safely: as UTF-8, with no entities, one element after the other."""

from __future__ import annotations

import re
from io import BytesIO
from xml.sax.handler import ContentHandler, feature_namespaces
from xml.sax.xmlreader import InputSource

MAX_SVG_BYTES = 4 * 2**20


NAMESPACE = "http://www.w3.org/2000/svg"


# Names the language and is never loaded by anybody; other declarations could define entities and attributes.
_DOCTYPE = re.compile(r"""<!DOCTYPE\s+svg(?:\s+PUBLIC\s+(?:"[^"]*"|'[^']*')\s+(?:"[^"]*"|'[^']*'))?\s*>""")


_DECLARED_ENCODING = re.compile(r"<\?xml\s[^>]*encoding\s*=\s*[\"']([^\"']*)")


def read_text(data: bytes) -> tuple[str, str]:
    """The text of a file, or the reason why it cannot be read."""
    if len(data) > MAX_SVG_BYTES:
        return "", f"expected at most {MAX_SVG_BYTES // 2**20} MB, found {len(data) / 2**20:.1f} MB"
    try:
        text = decoded(data).removeprefix("\ufeff")
    except UnicodeDecodeError:
        return "", "expected UTF-8, found another encoding"
    declared = _DECLARED_ENCODING.match(text)
    if declared and declared[1].lower() not in ("utf-8", "us-ascii"):
        return "", f"expected UTF-8, found 'encoding=\"{declared[1]}\"'"
    return text, ""


def decoded(data: bytes) -> str:
    """The text of a file, with line feeds at the ends of its lines. Raise UnicodeDecodeError if it is not UTF-8."""
    return data.decode("utf-8").replace("\r\n", "\n").replace("\r", "\n")


def parse(text: str, handler: ContentHandler) -> None:
    """Send the elements of a file, whose lines end in line feeds, to a handler. Raise SAXParseException or
    DefusedXmlException if it is not XML, or defines entities."""
    from defusedxml.sax import make_parser

    text = _DOCTYPE.sub(lambda found: re.sub("[^\n]", " ", found[0]), text, count=1)
    parser = make_parser()
    parser.forbid_dtd = True
    parser.setFeature(feature_namespaces, True)
    parser.setContentHandler(handler)
    source = InputSource()
    source.setByteStream(BytesIO(text.encode()))
    source.setEncoding("utf-8")
    parser.parse(source)
