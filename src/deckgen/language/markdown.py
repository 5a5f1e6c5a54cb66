r"""Render text as the HTML of a field: CommonMark; whatever is not Markdown is shown as it was typed.

pyromark (pulldown-cmark) parses; we write the HTML of its events ourselves. So raw HTML, links and pictures are checked
one by one, and nothing reaches a card that is not written here.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Any

from deckgen.core.characters import FORBIDDEN, found_hidden
from deckgen.core.urls import url_problem
from deckgen.language import rules
from deckgen.language.escaping import attribute, entities, escape, escape_maths
from deckgen.language.markup import FindMedia, Hopeless, MarkupError, MarkupErrors
from deckgen.language.maths import Maths
from deckgen.language.media import MediaFile, MediaKind, Problem

MAX_CHARACTERS = 20_000
"""The longest text that is rendered: far above any card, and a bound on what a hostile text can cost."""

MAX_PARTS = 3_000
"""How many events a text may have (words in bold, links, items …): each costs far more than a character."""

_ACTIVE = re.compile(r"[\\`*_\[\]<&\n]")
# One line is never a block: an answer such as '1989.', '> 3 weeks' or '- 5' must not become a list or a quotation.
_BLOCK_START = re.compile(r"#{1,6}(?:\s|$)|>|[-+*](?:\s|$)|\d{1,9}[.)](?:\s|$)|[-*_](?:\s*[-*_]){2,}$|```|~~~|\[|<")
_GUARD = "."
_REFERENCE = re.compile(r"&(?:#([0-9]{1,7})|#[xX]([0-9a-fA-F]{1,6})|([a-zA-Z0-9]+));")

# https://html.spec.whatwg.org/multipage/indices.html#elements-3 and the obsolete elements. Anything else between angle
# brackets, such as '<y and z>', is text.
_ELEMENTS = frozenset(
    """a abbr acronym address applet area article aside audio b base basefont bdi bdo bgsound big blink blockquote body
    br button canvas caption center cite code col colgroup data datalist dd del details dfn dialog dir div dl dt em
    embed fieldset figcaption figure font footer form frame frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html i
    iframe image img input ins isindex kbd keygen label legend li link main map mark marquee math menu menuitem meta
    meter nav nobr noembed noframes noscript object ol optgroup option output p param picture plaintext portal pre
    progress q rb rp rt rtc ruby s samp script search section select slot small source spacer span strike strong style
    sub summary sup svg table tbody td template textarea tfoot th thead time title tr track tt u ul var video wbr
    xmp""".split()
)
_TAG = re.compile(r"</?([a-zA-Z][a-zA-Z0-9-]*)|<[!?]")

_HTML = {
    "BlockQuote": ("<blockquote>", "</blockquote>"),
    "CodeBlock": ("<pre><code>", "</code></pre>"),
    "Emphasis": ("<em>", "</em>"),
    "Heading": ("<p><strong>", "</strong></p>"),  # a card has no outline: a heading is a bold line
    "HtmlBlock": ("<p>", "</p>"),
    "Item": ("<li>", "</li>"),
    "Link": ("", "</a>"),
    "Paragraph": ("<p>", "</p>"),
    "Strong": ("<strong>", "</strong>"),
}
"""What begins and ends an element; lists, links and pictures begin according to their details."""

_BREAKS = {"HardBreak": "<br>", "Rule": "<hr>", "SoftBreak": " "}


def render(text: str, find_media: FindMedia) -> tuple[str, tuple[MediaFile, ...], list[MarkupError]]:
    """Render a text. Return its HTML, the media that it shows, and its errors. With errors the HTML is useless."""
    text = text.strip()
    if not _ACTIVE.search(text):
        return escape(text), (), []
    writer = _Writer(text, find_media)
    try:
        html = writer.html()
    except Hopeless:
        html = ""
    return html, tuple(writer.media), writer.errors.found


class _Writer:
    """Write the HTML of one text."""

    def __init__(self, text: str, find_media: FindMedia) -> None:
        self._text = text
        self._find_media = find_media
        self.media: list[MediaFile] = []
        self.errors = MarkupErrors()
        self._maths = Maths()
        self._addresses = 0

    def html(self) -> str:
        import pyromark

        text = self._text
        if len(text) > MAX_CHARACTERS:
            message = f"expected at most {MAX_CHARACTERS:,} characters, found {len(text):,}"
            self.errors.refuse(rules.FILE_TOO_LARGE, message)
        if "&" in text and self._has_hidden():
            return ""
        if "\\" in text:
            text = self._maths.cut(text, self.errors)
        guarded = "\n" not in text and bool(_BLOCK_START.match(text))
        events = list(pyromark.events(_GUARD + text if guarded else text))
        if len(events) > MAX_PARTS:
            message = f"expected at most {MAX_PARTS:,} lines, items, links and bold words in total, found more"
            self.errors.refuse(rules.FILE_TOO_LARGE, message)
        html = _unwrapped("".join(self._write(iter(events))).strip())
        if guarded:
            html = html.removeprefix(_GUARD)
        if "&" in text:  # a reference may stand for a part of a character
            html = unicodedata.normalize("NFC", html)
        return html

    def _has_hidden(self) -> bool:
        """Report character references to characters that no source may contain."""
        for reference in _REFERENCE.finditer(self._text):
            if hidden := FORBIDDEN.search(_referred(reference)):
                help = "delete it: cards cannot contain this character"
                self.errors.add(rules.CONTROL_CHARACTER, found_hidden(hidden[0]), reference[0], help)
        return bool(self.errors.found)

    def _write(self, events: Iterator[Any]) -> list[str]:
        """Write events, each of which is a name or a mapping from a name to its details, as is each tag in one."""
        plain = self._plain if self._maths.pieces else escape
        parts: list[str] = []
        put = parts.append
        for event in events:
            if type(event) is str:
                put(_BREAKS[event])
                continue
            ((kind, value),) = event.items()
            if kind == "Text":
                put(plain(value))
            elif kind == "Start":
                put(_HTML[value][0] if type(value) is str else self._start(value, events))
            elif kind == "End":
                put(_HTML[value][1] if type(value) is str else _end(value))
            elif kind == "Code":
                # Maths may be cut out of what turns out to be code: backticks are paired before blocks are known.
                put(f"<code>{entities(self._maths.restore(value))}</code>")
            else:
                put(self._html(value))
        return parts

    def _start(self, tag: dict[str, Any], events: Iterator[Any]) -> str:
        """Write the beginning of an element with details."""
        ((name, detail),) = tag.items()
        if name == "List":
            return "<ul>" if detail is None else "<ol>" if detail == 1 else f'<ol start="{detail}">'
        if name == "Link":
            url = self._maths.restore(detail["dest_url"])
            return self._link(f"mailto:{url}" if detail["link_type"] == "Email" else url)
        if name == "Image":
            return self._show_media(self._maths.restore(detail["dest_url"]), _text_until_image_end(events))
        return _HTML[name][0]

    def _plain(self, text: str) -> str:
        return self._maths.restore(escape(text), escape_maths)

    def _link(self, url: str) -> str:
        if (problem := url_problem(url)) is not None:
            self.errors.add(rules.BAD_URL, problem, url.removeprefix("mailto:"))
        self._addresses += len(url)  # a reference link repeats its address, and maths in it can be long
        if self._addresses > 5 * MAX_CHARACTERS:
            message = f"expected addresses of at most {5 * MAX_CHARACTERS:,} characters in total, found more"
            self.errors.refuse(rules.FILE_TOO_LARGE, message)
        return f'<a href="{attribute(url)}">'

    def _show_media(self, reference: str, alt: str) -> str:
        if re.match(r"[a-zA-Z][a-zA-Z0-9+.-]*:|//", reference):
            help = "put the file into the deck's media folder, if its licence allows, and write its path"
            message = f"expected the path of a file, found the address '{reference}'"
            self.errors.add(rules.REMOTE_MEDIA, message, reference, help)
            return ""
        found = self._find_media(reference)
        if isinstance(found, Problem):
            self.errors.add(found.rule, found.message, reference, found.help)
            return ""
        if not alt:
            help = "write it between the brackets: ![what the picture shows](…)"
            self.errors.add(rules.MISSING_ALT, "expected a description of the picture, found '![]'", "![]", help)
        self.media.append(found)
        if found.kind is MediaKind.SOUND:
            return f"[sound:{found.name}]"
        return f'<img src="{found.name}" alt="{attribute(self._maths.restore(alt))}">'

    def _html(self, text: str) -> str:
        """Report the HTML in a text; what only looks like HTML is shown."""
        for match in _TAG.finditer(text):
            if match[1] is None or match[1].lower() in _ELEMENTS:
                if match[0].startswith("</") and self.errors.found:
                    continue  # its opening tag was reported
                snippet = text[match.start() : text.find(">", match.start()) + 1] or text.strip()
                help = "write Markdown (**bold**, *italic*, lists); put a space after a '<' that is meant as text"
                self.errors.add(rules.RAW_HTML, f"expected Markdown, found the HTML '{snippet}'", snippet, help)
        return self._plain(text)


def _end(tag: dict[str, Any]) -> str:
    """Write the end of an element with details."""
    ((name, detail),) = tag.items()
    if name == "List":
        return "</ol>" if detail else "</ul>"
    return _HTML[name][1]


def _unwrapped(html: str) -> str:
    """Remove the paragraph around HTML that has no other."""
    return html[3:-4] if html.startswith("<p>") and html.find("</p>") == len(html) - 4 else html


def _referred(reference: re.Match[str]) -> str:
    """What a character reference stands for."""
    decimal, hexadecimal, name = reference.groups()
    if name:
        from html.entities import html5

        return html5.get(f"{name};", "")
    number = int(decimal) if decimal else int(hexadecimal, 16)
    return chr(number) if number < 0xD800 or 0xDFFF < number <= 0x10FFFF else "\ufffd"  # as CommonMark shows it


def _text_until_image_end(events: Iterator[Any]) -> str:
    """The plain text between the start of a picture, which was read, and its end."""
    parts: list[str] = []
    depth = 1
    for event in events:
        match event:
            case {"Start": {"Image": _}}:
                depth += 1
            case {"End": "Image"}:
                depth -= 1
                if depth == 0:
                    break
            case {"Text": str(text)} | {"Code": str(text)} | {"InlineHtml": str(text)}:
                parts.append(text)
            case "SoftBreak" | "HardBreak":
                parts.append(" ")
    return "".join(parts).strip()
