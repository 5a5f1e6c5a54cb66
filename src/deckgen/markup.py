r"""Text becomes the HTML of a field: CommonMark, with every sign coming out as it was typed.

The events of pyromark (pulldown-cmark) are written out by our own few lines instead of its HTML writer, so that raw
HTML, links and pictures are judged one by one and nothing reaches a card that is not written here. Maths between
``\(…\)`` or ``\[…\]`` is taken out before Markdown sees it and put back untouched.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import cache
from typing import Final, NamedTuple

from deckgen import mathjax, rules
from deckgen.addresses import url_problem
from deckgen.diagnostic import Position, Rule
from deckgen.escaping import attribute, entities, escape, escape_maths
from deckgen.media import MediaFile, MediaKind, Problem
from deckgen.source import FORBIDDEN, found_hidden

MAX_CHARACTERS = 20_000
"""The longest text that is read: far above any card, and a bound on what a hostile text can cost."""

MAX_PARTS = 3_000
"""How many words in bold, links, items and the like a text may have; each costs far more than a character."""

MAX_ERRORS = 20
"""After so many errors the rest of a text is not read: each costs a search for its place."""


class Markup:
    """A text of an author: as typed, as a field's HTML, and the media it shows."""

    __slots__ = ("html", "media", "position", "text")

    def __init__(self, text: str, html: str, position: Position, media: tuple[MediaFile, ...] = ()) -> None:
        self.text: Final = text
        self.html: Final = html
        self.position: Final = position
        self.media: Final = media


def media_of(texts: Iterable[Markup | None]) -> tuple[MediaFile, ...]:
    """The media that some texts show."""
    return tuple([file for text in texts if text and text.media for file in text.media])


class MarkupError(NamedTuple):
    """What is wrong with a text; ``snippet`` is the part of it to point at, at its ``occurrence``-th place.

    ``misspelt`` is a command of MathJax that may stand for another.
    """

    rule: Rule
    message: str
    snippet: str = ""
    occurrence: int = 0
    help: str = ""
    misspelt: str = ""


FindMedia = Callable[[str], MediaFile | Problem]


_SPECIAL = re.compile(r"[\\`*_\[\]<>&{}:\n\u0338]")
_ACTIVE = re.compile(r"[\\`*_\[\]<&\n]")
_NOT_SIMPLE = re.compile(r"[\\`\[\]<>&{}\"#~=\u0338]")
_NOT_WRITTEN_ALIKE = re.compile(r"<(?:h|pre|br|ol |/em>\n|/strong>\n)")
# One line is never a block: an answer such as '1989.', '> 3 weeks' or '- 5' must not become a list or a quotation.
_BLOCK_START = re.compile(r"#{1,6}(?:\s|$)|>|[-+*](?:\s|$)|\d{1,9}[.)](?:\s|$)|[-*_](?:\s*[-*_]){2,}$|```|~~~|\[|<")
_GUARD = "."
_SPECIAL_BYTES, _NOT_SIMPLE_BYTES = b"\\`*_[]<>&{}:\n", b'\\`[]<>&{}"#~='

_MATHS_TOKEN = re.compile(r"\\[\\()\[\]`]|`+")
_BACKTICKS = re.compile("`+")
_REFERENCE = re.compile(r"&(?:#([0-9]{1,7})|#[xX]([0-9a-fA-F]{1,6})|([a-zA-Z0-9]+));")
_HOLE = re.compile("\ufdd0([0-9]{1,5})\ufdd1")  # where maths was taken out; sources cannot hold these characters

# https://html.spec.whatwg.org/multipage/indices.html#elements-3 and the names once used. Anything else between angle
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

_SIMPLE_TAGS = {"Paragraph": "p", "Emphasis": "em", "Strong": "strong", "Item": "li"}


def is_plain(text: str) -> bool:
    """Whether a text is its own HTML, as most are; no other needs more than this to be asked."""
    return bool(text) and _has_none(text, _SPECIAL_BYTES, _SPECIAL)


def _has_none(text: str, signs: bytes, pattern: re.Pattern[str]) -> bool:
    """Whether a text has none of some signs, given as bytes and as a pattern, which takes three times as long."""
    if not text.isascii():
        return not pattern.search(text)
    coded = text.encode()
    return len(coded.translate(None, signs)) == len(coded)


def render(text: str, find_media: FindMedia) -> tuple[str, tuple[MediaFile, ...], list[MarkupError]]:
    """The HTML of a text, the media it shows, and what is wrong with it (then the HTML is not to be used)."""
    text = text.strip()
    if "\n" not in text and not _ACTIVE.search(text):
        return escape(text), (), []
    if len(text) > MAX_CHARACTERS:
        message = f"expected at most {MAX_CHARACTERS:,} characters, found {len(text):,}"
        return "", (), [MarkupError(rules.FILE_TOO_LARGE, message)]
    if _has_none(text, _NOT_SIMPLE_BYTES, _NOT_SIMPLE) and (html := _render_simple(text)) is not None:
        return html, (), []
    return _Writer(text, find_media).result()


def _render_simple(text: str) -> str | None:
    """Emphasis, paragraphs and lists by pyromark's own writer, ten times as fast; None where it writes other things
    than ours does. The tests hold the two together."""
    if "::" in text or "\n    " in text or "\t" in text or ("\n" not in text and _BLOCK_START.match(text)):
        return None
    html = _html_writer()(text)
    if _NOT_WRITTEN_ALIKE.search(html):
        return None
    html = html.replace(">\n", ">")
    if "\n" in html:
        html = html.replace("\n<ul>", "<ul>").replace("\n<ol>", "<ol>").replace("\n", " ")
    return _unwrapped(html)


@cache
def _html_writer() -> Callable[[str], str]:
    import pyromark

    return pyromark.html


def _unwrapped(html: str) -> str:
    """HTML without the paragraph around it, where it is the only one."""
    return html[3:-4] if html.startswith("<p>") and html.find("</p>") == len(html) - 4 else html


class _Writer:
    """Writes the HTML of one text."""

    def __init__(self, text: str, find_media: FindMedia) -> None:
        self._text = text
        self._find_media = find_media
        self._parts: list[str] = []
        self._media: list[MediaFile] = []
        self._errors: list[MarkupError] = []
        self._maths: list[str] = []
        self._seen: dict[str, int] = {}
        self._addresses = 0

    def result(self) -> tuple[str, tuple[MediaFile, ...], list[MarkupError]]:
        import pyromark

        if "&" in self._text and self._has_hidden():
            return "", (), self._errors
        text = self._without_maths() if "\\" in self._text else self._text
        guarded = "\n" not in text and bool(_BLOCK_START.match(text))
        events = list(pyromark.events(_GUARD + text if guarded else text))
        if len(events) > MAX_PARTS:
            message = f"expected at most {MAX_PARTS:,} lines, items, links and words in bold in all, found more"
            return "", (), [MarkupError(rules.FILE_TOO_LARGE, message)]
        self._write(events)
        html = _unwrapped("".join(self._parts).strip())
        if guarded:
            html = html.removeprefix(_GUARD)
        if "&" in self._text:  # a reference may be to a part of a character
            html = unicodedata.normalize("NFC", html)
        return html, tuple(self._media), self._errors

    def _has_hidden(self) -> bool:
        """Whether a character reference is to a character that no source can hold as itself; reported."""
        for reference in _REFERENCE.finditer(self._text):
            if hidden := FORBIDDEN.search(_referred(reference)):
                help = "delete it: cards hold no such character"
                self._error(rules.CONTROL_CHARACTER, found_hidden(hidden[0]), reference[0], help)
        return bool(self._errors)

    # -- maths --------------------------------------------------------------------------------------------------------

    def _without_maths(self) -> str:
        """The text with a hole for each piece of maths; code keeps its backslashes."""
        text, kept, at, done = self._text, [], 0, 0
        ticks: dict[int, list[int]] = defaultdict(list)  # where there are how many in a row
        for run in _BACKTICKS.finditer(text):
            ticks[len(run[0])].append(run.start())
        while token := _MATHS_TOKEN.search(text, at):
            at = token.end()
            if token[0].startswith("`"):
                starts = ticks[len(token[0])]
                closing = bisect_left(starts, at)
                at = starts[closing] + len(token[0]) if closing < len(starts) else at
            elif token[0] in ("\\(", "\\[") and len(self._errors) < MAX_ERRORS:
                end = self._end_of_maths(token[0], at)
                if end < 0:
                    break
                kept += [text[done : token.start()], f"\ufdd0{len(self._maths)}\ufdd1"]
                at = done = end + 2
                self._maths.append(text[token.start() : at])
        return "".join(kept) + text[done:]

    def _end_of_maths(self, opening: str, start: int) -> int:
        """Where the maths that starts here ends, -1 if nowhere; what is wrong with it is reported."""
        closing = "\\)" if opening == "\\(" else "\\]"
        end = mathjax.find_end(self._text, start, closing)
        if end >= 0:
            faults = list(mathjax.faults(self._text[start:end]))
        else:
            message = f"expected '{closing}' after '{opening}', found the end of the text"
            help = "a bracket that is meant as text needs no backslash"
            hidden = self._text.find(closing, start)  # MathJax passes over it where a brace is open
            inside = mathjax.faults(self._text[start:hidden]) if hidden >= 0 else ()
            unclosed = [fault for fault in inside if fault.rule is rules.UNCLOSED_MATHS]
            faults = unclosed or [mathjax.Fault(rules.UNCLOSED_MATHS, 0, "", message, help)]
        for fault in faults[: MAX_ERRORS - len(self._errors)]:
            snippet, at = (fault.snippet, start + fault.at) if fault.snippet else (opening, start - len(opening))
            before = self._text.count(snippet, 0, at)
            self._errors.append(MarkupError(fault.rule, fault.message, snippet, before, fault.help, fault.misspelt))
        return end

    def _restore(self, text: str) -> str:
        return _HOLE.sub(lambda hole: self._taken_out(hole, str), text) if self._maths else text

    def _taken_out(self, hole: re.Match[str], write: Callable[[str], str]) -> str:
        """The maths of a hole; one that an author forged, of entities, stays and is refused for its characters."""
        number = int(hole[1])
        return write(self._maths[number]) if number < len(self._maths) else hole[0]

    # -- events -------------------------------------------------------------------------------------------------------

    def _error(self, rule: Rule, message: str, snippet: str, help: str = "") -> None:
        occurrence = self._seen.get(snippet, 0)
        self._seen[snippet] = occurrence + 1
        self._errors.append(MarkupError(rule, message, snippet, occurrence, help))

    def _write(self, events: Iterable[object]) -> None:
        put = self._parts.append
        iterator = iter(events)
        for event in iterator:
            if len(self._errors) >= MAX_ERRORS:
                break
            match event:
                case {"Text": str(text)}:
                    put(self._plain(text))
                case {"Start": str(tag)} if tag in _SIMPLE_TAGS:
                    put(f"<{_SIMPLE_TAGS[tag]}>")
                case {"End": str(tag)} if tag in _SIMPLE_TAGS:
                    put(f"</{_SIMPLE_TAGS[tag]}>")
                case "SoftBreak":
                    put(" ")
                case "HardBreak":
                    put("<br>")
                case "Rule":
                    put("<hr>")
                case {"Code": str(text)}:
                    # Maths may be taken out of what turns out to be code: backticks are paired before blocks are known.
                    put(f"<code>{entities(self._restore(text))}</code>")
                case {"Start": {"List": None}}:
                    put("<ul>")
                case {"Start": {"List": int(first)}}:
                    put("<ol>" if first == 1 else f'<ol start="{first}">')
                case {"End": {"List": ordered}}:
                    put("</ol>" if ordered else "</ul>")
                case {"Start": {"Heading": _}}:  # a card has no outline: a heading is a bold line
                    put("<p><strong>")
                case {"End": {"Heading": _}}:
                    put("</strong></p>")
                case {"Start": {"CodeBlock": _}}:
                    put("<pre><code>")
                case {"End": "CodeBlock"}:
                    put("</code></pre>")
                case {"Start": {"BlockQuote": _}}:
                    put("<blockquote>")
                case {"End": {"BlockQuote": _}}:
                    put("</blockquote>")
                case {"Start": {"Link": {"dest_url": str(url), "link_type": kind}}}:
                    put(self._link(f"mailto:{url}" if kind == "Email" else self._restore(url)))
                case {"End": "Link"}:
                    put("</a>")
                case {"Start": {"Image": {"dest_url": str(url)}}}:
                    put(self._show_media(self._restore(url), _text_until_image_end(iterator)))
                case {"Html": str(text)} | {"InlineHtml": str(text)}:
                    put(self._html(text))
                case {"Start": "HtmlBlock"}:
                    put("<p>")
                case {"End": "HtmlBlock"}:
                    put("</p>")
                case _:  # pragma: no cover - an event of an extension that is not switched on
                    raise AssertionError(f"unknown Markdown event {event!r}")

    def _plain(self, text: str) -> str:
        return _HOLE.sub(lambda hole: self._taken_out(hole, escape_maths), escape(text))

    def _link(self, url: str) -> str:
        if (problem := url_problem(url)) is not None:
            self._error(rules.BAD_URL, problem, url.removeprefix("mailto:"))
        self._addresses += len(url)  # a reference writes its address each time, and maths in it can be long
        if self._addresses > 5 * MAX_CHARACTERS:
            message = f"expected addresses of at most {5 * MAX_CHARACTERS:,} characters in all, found more"
            self._errors = [MarkupError(rules.FILE_TOO_LARGE, message)] * MAX_ERRORS
        return f'<a href="{attribute(url)}">'

    def _show_media(self, reference: str, alt: str) -> str:
        if re.match(r"[a-zA-Z][a-zA-Z0-9+.-]*:|//", reference):
            help = "put the file into the deck's media folder, if its licence allows, and write its path"
            self._error(
                rules.REMOTE_MEDIA, f"expected the path of a file, found the address '{reference}'", reference, help
            )
            return ""
        found = self._find_media(reference)
        if isinstance(found, Problem):
            self._error(found.rule, found.message, reference, found.help)
            return ""
        if not alt:
            help = "write it between the brackets: ![what the picture shows](…)"
            self._error(rules.MISSING_ALT, "expected a description of the picture, found '![]'", "![]", help)
        self._media.append(found)
        if found.kind is MediaKind.SOUND:
            return f"[sound:{found.name}]"
        return f'<img src="{found.name}" alt="{attribute(self._restore(alt))}">'

    def _html(self, text: str) -> str:
        for match in _TAG.finditer(text):
            if len(self._errors) >= MAX_ERRORS:
                break
            if match[1] is None or match[1].lower() in _ELEMENTS:
                if match[0].startswith("</") and self._errors:
                    continue  # its opening tag was reported
                snippet = text[match.start() : text.find(">", match.start()) + 1] or text.strip()
                help = "write Markdown (**bold**, *italic*, lists); a '<' that is meant as text needs a space behind it"
                self._error(rules.RAW_HTML, f"expected Markdown, found the HTML '{snippet}'", snippet, help)
        return self._plain(text)


def _referred(reference: re.Match[str]) -> str:
    """What a character reference stands for."""
    decimal, hexadecimal, name = reference.groups()
    if name:
        from html.entities import html5

        return html5.get(f"{name};", "")
    number = int(decimal) if decimal else int(hexadecimal, 16)
    return chr(number) if number < 0xD800 or 0xDFFF < number <= 0x10FFFF else "\ufffd"  # as CommonMark shows it


def _text_until_image_end(events: Iterable[object]) -> str:
    """The plain text between the start of a picture, already read, and its end."""
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
