r"""Render text as the HTML of a field: CommonMark; whatever is not Markdown is shown as it was typed.

pyromark (pulldown-cmark) parses; we write the HTML of its events ourselves. So raw HTML, links and pictures are checked
one by one, and nothing reaches a card that is not written here.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import takewhile
from typing import Any

from deckgen.core import rules
from deckgen.core.characters import FORBIDDEN, IDEOGRAPHS, found_hidden
from deckgen.core.urls import is_address, plain_url, url_problem
from deckgen.media.media import MediaFile, MediaProblem, remote_media
from deckgen.media.media_formats import MediaKind
from deckgen.text import foreign, placeholders
from deckgen.text.broken_links import broken_links
from deckgen.text.escaping import attribute, entities, escape, escape_maths, references_in
from deckgen.text.events import shown_texts, text_until_image_end
from deckgen.text.markup import FindMedia, Hopeless, MarkupError, MarkupErrors
from deckgen.text.maths import Maths
from deckgen.text.unshown import Unshown, lost_in_blocks, may_lose, titles_and_bare_links

MAX_CHARACTERS = 20_000
"""The longest text that is rendered: far above any card, and a bound on what a hostile text can cost."""

MAX_PARTS = 3_000
"""How many events a text may have (words in bold, links, items …): each costs far more than a character."""

# All that has a meaning for Markdown, HTML, Anki or MathJax, or that other programs mark text with.
_ACTIVE = re.compile(rf"[\\`*~^\[<&\n${{\u0338{foreign.PRIVATE_USE}]")
# One line is never a block: an answer such as '1989.', '> 3 weeks' or '- 5' must not become a list or a quotation.
_BLOCK_START = re.compile(r"#{1,6}(?:\s|$)|>|[-+*](?:\s|$)|\d{1,9}[.)](?:\s|$)|[-*_](?:\s*[-*_]){2,}$|```|~~~|\[|<")
_GUARD = "."
# Two stars at a word, and two that end it before whatever follows: bold, if CommonMark could tell.
_BOLD = rf"(?<![^\W{IDEOGRAPHS}])(?<!\*)\*\*(?![\s*])[^*]{{1,200}}(?<![\s(\[{{])\*\*(?![\s*\d])"
_PLACED = re.compile("<(?:table|blockquote)>|<ol|<li><(?:ul|p><strong)>")  # in which something can be lost
_LANGUAGE = re.compile(r"[\w+#.-]*")

_HTML = {
    "BlockQuote": ("<blockquote>", "</blockquote>"),
    "Emphasis": ("<em>", "</em>"),
    "Heading": ("<p><strong>", "</strong></p>"),  # a card has no outline: a heading is a bold line
    "HtmlBlock": ("<p>", "</p>"),
    "Item": ("<li>", "</li>"),
    "Link": ("", "</a>"),
    "Paragraph": ("<p>", "</p>"),
    "Strikethrough": ("<del>", "</del>"),
    "Strong": ("<strong>", "</strong>"),
}
"""What begins and ends an element; lists, links, pictures and tables depend on their details."""

_ALIGNED = {"None": "", "Left": "", "Center": ' class="center"', "Right": ' class="right"'}
_BREAKS = {"HardBreak": "<br>", "Rule": "<hr>"}


@cache
def _options() -> Any:
    from pyromark import Options

    return Options.ENABLE_TABLES | Options.ENABLE_STRIKETHROUGH | Options.ENABLE_TASKLISTS


def render(text: str, find_media: FindMedia) -> tuple[str, tuple[MediaFile, ...], list[MarkupError]]:
    """Render a text. Return its HTML, the media that it shows, and its errors. The HTML is of no use if
    one of them has the severity error."""
    text = text.strip()
    if not _ACTIVE.search(text):
        return text, (), []
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
        self._soft_break = placeholders.soft_break(text)
        self._is_plain = False
        self._mathjax_tags_read = False
        self._may_be_foreign = foreign.may_be_foreign(text)

    def html(self) -> str:
        import pyromark

        text = self._text
        if len(text) > MAX_CHARACTERS:
            message = f"expected at most {MAX_CHARACTERS:,} characters, found {len(text):,}"
            self.errors.too_large(message)
        if "&" in text and self._has_hidden():
            return ""
        if "\\" in text:
            text = self._maths.cut(text, self.errors)
        text = placeholders.protect(text)
        self._is_plain = text.isascii() and not self._may_be_foreign
        guarded = "\n" not in text and bool(_BLOCK_START.match(text))
        events = list(pyromark.events(_GUARD + text if guarded else text, options=_options()))
        if len(events) > MAX_PARTS:
            message = f"expected at most {MAX_PARTS:,} lines, items, links and bold words in total, found more"
            self.errors.too_large(message)
        html = _unwrapped("".join(self._write(iter(events))).strip())
        if "[" in text and all(error.rule is not rules.RAW_HTML for error in self.errors.found):  # one error, not two
            for broken in broken_links(events):
                message = f"expected a {broken.what}, found '{broken.found}', which would stay as it is"
                self.errors.add(rules.BROKEN_LINK, message, broken.found, broken.help)
        if guarded:
            html = html.removeprefix(_GUARD)
        if "\n" in text and "<pre>" not in html and (pasted := foreign.pasted_list(text)):
            self.errors.add(rules.FOLDED_LINES, pasted.message, pasted.found, pasted.help)
        if "](" in text or "]:" in text:
            self._report_unshown(titles_and_bare_links(events))
        if "**" in html:
            self._report_bold(shown_texts(events))
        if ("]:" in text and not guarded) or may_lose(text, html):
            self._report_unshown(lost_in_blocks(text, list(pyromark.events_with_range(text, options=_options()))))
        if "&" in text:  # a reference may stand for a part of a character
            html = unicodedata.normalize("NFC", html)
        return placeholders.with_breaks(html)

    def _has_hidden(self) -> bool:
        """Report character references to characters that no source may contain."""
        for reference, referred in references_in(self._text):
            if hidden := FORBIDDEN.search(referred):
                help = "delete it: cards cannot contain this character"
                self.errors.add(rules.CONTROL_CHARACTER, found_hidden(hidden[0]), reference, help)
        return bool(self.errors.found)

    def _report_unshown(self, found: Iterable[Unshown]) -> None:
        """Report what CommonMark shows nothing of."""
        for unshown in found:
            line, message, help = (self._maths.restore(placeholders.typed(part)) for part in unshown)
            self.errors.add(rules.HIDDEN_LINE, message, line, help)

    def _report_bold(self, texts: Iterable[str]) -> None:
        """Report stars that were left in texts and look like bold."""
        for text in texts:
            for bold in re.finditer(_BOLD, text):
                message = (
                    f"expected bold, found '{bold[0]}', whose stars stay: they stand between punctuation and a word"
                )
                help = f"put spaces around it, or the punctuation outside the stars; {foreign.AS_TEXT}"
                self.errors.add(rules.BROKEN_EMPHASIS, message, bold[0], help)

    def _write(self, events: Iterator[Any]) -> list[str]:
        """Write events, each of which is a name or a mapping from a name to its details, as is each tag in one."""
        plain = escape if self._is_plain else self._plain
        parts: list[str] = []
        put = parts.append
        for event in events:
            if type(event) is str:
                put(self._soft_break if event == "SoftBreak" else _BREAKS[event])
                continue
            ((kind, value),) = event.items()
            if kind == "Text":
                put(plain(value))
            elif kind == "Start":
                put(_HTML[value][0] if type(value) is str else self._start(value, events))
            elif kind == "End":
                put(_HTML[value][1] if type(value) is str else _end(value))
            elif kind == "Code":
                put(f"<code>{self._code(value)}</code>")
            elif kind == "TaskListMarker":
                put("☑ " if value else "☐ ")
            else:
                put(self._html(value))
        return parts

    def _start(self, tag: dict[str, Any], events: Iterator[Any]) -> str:
        """Write the beginning of an element with details."""
        ((name, detail),) = tag.items()
        if name == "List":
            return "<ul>" if detail is None else "<ol>" if detail == 1 else f'<ol start="{detail}">'
        if name == "Link":
            url = self._address(detail["dest_url"])
            link = self._link(f"mailto:{url}" if detail["link_type"] == "Email" else url)
            if detail["link_type"] == "Autolink" and not url.isascii() and url_problem(url) is None:
                next(events)  # the address as typed
                link += escape(plain_url(url))
            return link
        if name == "Image":
            return self._show_media(self._address(detail["dest_url"]), text_until_image_end(events))
        if name == "Table":
            return self._table(detail, events)
        if name == "CodeBlock":
            return self._code_block(detail, events)
        return _HTML[name][0]

    def _code_block(self, detail: Any, events: Iterator[Any]) -> str:
        """Write a block of code, up to its end."""
        code = "".join([event["Text"] for event in takewhile({"End": "CodeBlock"}.__ne__, events)])
        info = self._address(detail["Fenced"]) if type(detail) is dict else ""
        if info and not (code.strip() and _LANGUAGE.fullmatch(info)):
            message = f"expected the name of a language, or nothing, on the line that begins code, found '{info}'"
            self.errors.add(rules.HIDDEN_LINE, message, info, "put it on a line of its own: this one is not shown")
        return f"<pre><code>{self._code(code)}</code></pre>"

    def _code(self, text: str) -> str:
        # Maths may be cut out of what turns out to be code: backticks are paired before blocks are known.
        return entities(self._maths.restore(placeholders.typed(text)))

    def _table(self, alignments: Sequence[str], events: Iterator[Any]) -> str:
        """Write a table, up to its end."""
        parts: list[str] = []
        inner: list[Any] = []
        for event in takewhile({"End": "Table"}.__ne__, events):
            match event:
                case {"Start": "TableHead" | "TableRow" as row}:
                    cell, columns = "th" if row == "TableHead" else "td", iter(alignments)
                    parts.append("<tr>")
                case {"End": "TableHead" | "TableRow"}:
                    parts.append("</tr>")
                case {"Start": "TableCell"}:
                    inner = []
                case {"End": "TableCell"}:
                    html = "".join(self._write(iter(inner)))
                    parts.append(f"<{cell}{_ALIGNED[next(columns)]}>{html}</{cell}>")
                case _:
                    inner.append(event)
        return f"<table>{''.join(parts)}</table>"

    def _plain(self, text: str) -> str:
        text = placeholders.shown(text)
        if self._may_be_foreign:
            for notation in foreign.foreign_notations(text):
                self.errors.add(rules.FOREIGN_NOTATION, notation.message, notation.found, notation.help)
        return self._maths.restore(placeholders.with_formats(escape(text)), escape_maths)

    def _address(self, address: str) -> str:
        return self._maths.restore(placeholders.typed(address))

    def _link(self, url: str) -> str:
        if (problem := url_problem(url)) is not None:
            self.errors.add(rules.BAD_URL, problem, url.removeprefix("mailto:"))
        self._addresses += len(url)  # a reference link repeats its address, and maths in it can be long
        if self._addresses > 5 * MAX_CHARACTERS:
            message = f"expected addresses of at most {5 * MAX_CHARACTERS:,} characters in total, found more"
            self.errors.too_large(message)
        return f'<a href="{attribute(url if problem else plain_url(url))}">'

    def _show_media(self, reference: str, alt: str) -> str:
        found = remote_media(reference) if is_address(reference) else self._find_media(reference)
        if isinstance(found, MediaProblem):
            near = f"<{found.near}>" if re.search(r"[\s()]", found.near) else found.near
            self.errors.add(found.rule, found._replace(near=near).message, reference, found.help)
            return ""
        if not alt:
            help = "write it between the brackets: ![what the picture shows](…)"
            self.errors.add(rules.MISSING_ALT, "expected a description of the picture, found '![]'", "![]", help)
        self.media.append(found)
        if found.kind is MediaKind.SOUND:
            return f"[sound:{found.name}]"
        return f'<img src="{found.name}" alt="{attribute(self._maths.restore(placeholders.typed(alt)))}">'

    def _html(self, text: str) -> str:
        """Report the HTML in a text; what only looks like HTML is shown."""
        if text.startswith(foreign.MATHJAX_TAG) and not self._mathjax_tags_read:
            self._mathjax_tags_read = True
            for notation in foreign.mathjax_tags(self._text):
                self.errors.add(rules.FOREIGN_NOTATION, notation.message, notation.found, notation.help)
        for tag in foreign.html_tags(text):
            if not (tag.found.startswith("</") and self.errors.found):  # its opening tag was reported
                self.errors.add(rules.RAW_HTML, tag.message, tag.found, tag.help)
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
