"""Recognize what authors bring from other programs: HTML, maths in other notations, Anki's own syntax.

Each comes with the way to write it here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

AS_TEXT = "what is meant as text needs backticks around it: `…`"

_BOLD, _ITALIC, _CODE, _STRIKE = "write **bold**", "write *italic*", "write `code`", "write ~~struck out~~"
_LIST = "write a list below '|', each item on a line of its own that begins with '- '"
_BLOCKS = "separate paragraphs with an empty line, below '|'"
_TABLE = "write a table below '|': | a | b |, then |---|---|, then its rows"
_NEXT_STEPS = {
    "a": "write [the text](https://example.org)",
    **dict.fromkeys("b big strong h1 h2 h3 h4 h5 h6 font mark".split(), _BOLD),
    **dict.fromkeys("cite dfn em i var".split(), _ITALIC),
    **dict.fromkeys("code kbd pre samp tt xmp".split(), _CODE),
    **dict.fromkeys("del s strike".split(), _STRIKE),
    **dict.fromkeys("dd dl dt li menu ol ul".split(), _LIST),
    **dict.fromkeys("article div p section span".split(), _BLOCKS),
    **dict.fromkeys("audio img picture svg video".split(), "write ![what it shows](media/its-file.png)"),
    **dict.fromkeys("caption col colgroup table tbody td tfoot th thead tr".split(), _TABLE),
    "blockquote": "begin each line of a quotation with '> ', below '|'",
    "br": "break the line with a backslash at its end, below '|'",
    "hr": "write --- on a line of its own, between empty lines, below '|'",
    "ins": _BOLD,
    "sub": "write H~2~O",
    "sup": "write x^2^",
    "u": "write **bold** or *italic*: underlined text looks like a link",
}
_NO_TAGS = "delete it: cards are written in Markdown"


class Foreign(NamedTuple):
    """A notation of another program that a text contains, and how to write it here."""

    found: str
    message: str
    help: str


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


def html_tags(text: str) -> Iterator[Foreign]:
    """The tags, comments and declarations of HTML in a text."""
    for match in _TAG.finditer(text):
        if match[1] is None or match[1].lower() in _ELEMENTS:
            found = text[match.start() : text.find(">", match.start()) + 1] or text.strip()
            help = f"{_NEXT_STEPS.get((match[1] or '').lower(), _NO_TAGS)}; {AS_TEXT}"
            yield Foreign(found, f"expected Markdown, found the HTML '{found}'", help)


BULLETS = "•●○▪◦‣–—"
"""Characters with which other programs begin the items of a list."""

_PASTED = re.compile(rf"^[ \t]*([{BULLETS}])[ \t].*(?<!\\)(?<!  )\n[ \t]*\1[ \t]", re.MULTILINE)


def pasted_list(text: str) -> Foreign | None:
    """A list as it was pasted from another program, whose items Markdown joins into one line."""
    if text.isascii() or (found := _PASTED.search(text)) is None:  # no bullet is an ASCII character
        return None
    message = f"expected a list, found lines that begin with '{found[1]}': they are joined into one"
    return Foreign(
        found[0].partition("\n")[0].strip(), message, "begin each line with '- ', or end it with a backslash"
    )


PRIVATE_USE = "\ue000-\uf8ff"
"""Characters to which Unicode gives no meaning, but a font such as Symbol may."""


def may_be_foreign(text: str) -> bool:
    """Whether a text has a character that begins a notation without tags; much faster than looking for notations."""
    has_opening = "$" in text or "{{" in text or "[" in text
    return has_opening or (not text.isascii() and re.search(f"[{PRIVATE_USE}]", text) is not None)


_NOTATION = re.compile(
    r"""\$\$(?P<display>[^$]{1,1000})\$\$
      | \[\$(?P<double>\$?)\](?P<bracketed>.{1,1000}?)\[/\$\$?\]
      | \[latex\](?P<latex>.{1,1000}?)\[/latex\]
      | (?<![\w$\\])\$(?P<inline>[^\s$](?:[^$\n]{0,500}[^\s$])?)\$(?![\w$])
      | \{\{(?-i:c)[0-9]+::(?P<cloze>(?:(?!\}\}).){0,200})(?:\}\})?
      | (?P<symbol>[\ue000-\uf8ff])""",
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)
MATHJAX_TAG = "<anki-mathjax"
_MATHJAX_TAGS = re.compile(rf"{MATHJAX_TAG}([^>]*)>(.{{0,1000}}?)</anki-mathjax>", re.DOTALL)
# '$HOME and $' or '$5 and 6$' are not formulas.
_FORMULA = re.compile(r".*[\\^_={}].*|[a-zA-Z]|[\w.]{1,5}(?:\s*[-+*/<>]\s*[\w.]{1,5})+", re.DOTALL)


def foreign_notations(text: str) -> Iterator[Foreign]:
    """The notations of other programs in a text that a reader would see as typed."""
    for found in _NOTATION.finditer(text):
        if found["symbol"]:
            code = f"U+{ord(found[0]):04X}"
            message = f"expected a character that every font has, found {code}, a symbol of a font such as Symbol"
            yield Foreign(found[0], message, "delete it, or write the character or the word that it stands for")
            continue
        if found["cloze"] is not None:
            help = f"write the text as an entry of the section 'cloze:'; {AS_TEXT}"
            yield Foreign(found[0], f"expected text without deletions, found '{found[0]}'", help)
            continue
        display = found["display"] is not None or bool(found["double"])
        maths = next(filter(None, (found[name] for name in ("display", "bracketed", "latex", "inline"))))
        if found["latex"] or found["bracketed"] or _FORMULA.fullmatch(maths.strip()):
            yield foreign_maths(found[0], maths, display=display)


def mathjax_tags(text: str) -> Iterator[Foreign]:
    """The maths that stands between Anki's own tags."""
    for found in _MATHJAX_TAGS.finditer(text):
        yield foreign_maths(found[0], found[2], display="block" in found[1])


def foreign_maths(found: str, maths: str, *, display: bool = False) -> Foreign:
    """Maths in a notation of another program."""
    opening, closing = ("\\[", "\\]") if display else ("\\(", "\\)")
    written = f"{opening}{maths.strip().strip('$')}{closing}"
    message = f"expected maths between '{opening}' and '{closing}', found '{found}'"
    return Foreign(found, message, f"write {written}; {AS_TEXT}")
