"""Check HTML and CSS that an author wrote: nothing in it may run, or load anything from elsewhere.

Browsers repair what is not well formed, each parser in its own way. So we do not guess how a parser would read a text:
every ``<`` must begin a tag that all parsers read alike, with an element and attributes from our lists.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from deckgen.core.urls import is_address, url_problem
from deckgen.media.media import remote_media
from deckgen.text import mathjax
from deckgen.text.escaping import SOUND, unescaped

ELEMENTS = frozenset(
    """a abbr aside b bdi bdo big blockquote br caption center cite code col colgroup dd del details dfn div dl dt em
    figcaption figure font footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li main mark nav ol p pre q rb rp rt rtc
    ruby s samp section small span strike strong sub summary sup table tbody td tfoot th thead time tr tt u ul var
    wbr""".split()
)
ATTRIBUTES = frozenset(
    """align alt bgcolor border cellpadding cellspacing class color colspan datetime dir face height href id lang open
    reversed role rowspan size span src start style tabindex title type valign value width""".split()
)

_VALUE = r""""[^"<>]*"|'[^'<>]*'|[^\s"'=<>`]+"""
_TAG = re.compile(rf"</?([a-zA-Z][a-zA-Z0-9]*)((?:\s+[a-zA-Z][a-zA-Z0-9-]*(?:\s*=\s*(?:{_VALUE}))?)*)\s*/?>")
_ATTRIBUTE = re.compile(rf"([a-zA-Z][a-zA-Z0-9-]*)(?:\s*=\s*({_VALUE}))?")
_ENDS_ATTRIBUTE = re.compile(r"\{\{|\}\}|::|\[")  # Anki looks for fields, deletions and readings there as well
_HARMLESS_FIELD = re.compile(r"\{\{(?:Card|CardFlag)\}\}")
_COMMENT = re.compile(r"<!--(?![->])[^<>]*?-->")
_OPENING = re.compile(r"<(?=[a-zA-Z/!?])")
_LATEX = re.compile(r"\[(latex|\$\$?)\]", re.IGNORECASE)
_NOT_MATHS = re.compile(r'<code>[^<>]*</code>|<span class="mathjax_ignore">\\</span>|<[^<>]*>')
_DELIMITER = re.compile(r"\\[()\[\]]")
_MAX_FAULTY = 20
"""How many formulas with faults are reported: each may have to be searched to the end of the text."""

LOCAL_NAME = re.compile(r"_[A-Za-z0-9_.-]{1,80}")
"""The name of a file that belongs to a note type; Anki keeps files with other names only if a field shows them."""

_WRITE_MARKDOWN = "write its content in Markdown, or delete it"


class Unsafe(NamedTuple):
    """What must not be on a card: its index in the text, what was found, and the next step."""

    at: int
    message: str
    help: str


class Resource(NamedTuple):
    """A file that HTML or CSS refers to: the index of the reference, the name of the file, and how it is written."""

    at: int
    name: str
    written: str


def html_problems(text: str) -> Iterator[Unsafe]:
    """What in HTML could run, or load something. The files that it refers to are not judged; see ``html_files``."""
    for opening in _OPENING.finditer(text):
        at = opening.start()
        if _COMMENT.match(text, at):
            continue
        tag = _TAG.match(text, at)
        if tag is None:
            found = text[at : at + 20].split("\n", maxsplit=1)[0]
            yield Unsafe(
                at, f"expected a complete tag, found '{found}'", "write '&lt;' for a '<' that is meant as text"
            )
        elif tag[1].lower() not in ELEMENTS:
            yield Unsafe(at, f"expected HTML that only shows something, found <{tag[1].lower()}>", _WRITE_MARKDOWN)
        else:
            yield from _attribute_problems(tag)
    if latex := _LATEX.search(unescaped(text)):
        message = f"expected maths between \\( and \\), found '{latex[0]}'"
        yield Unsafe(0, message, f"delete '{latex[0]}' and its end, and write the formula between \\( and \\)")
    yield from _maths_problems(text)


def _attribute_problems(tag: re.Match[str]) -> Iterator[Unsafe]:
    for attribute in _ATTRIBUTE.finditer(tag[2]):
        name, at = attribute[1].lower(), tag.start(2) + attribute.start()
        value = unescaped((attribute[2] or "").strip("\"'"))
        if name not in ATTRIBUTES and not name.startswith(("data-", "aria-")):
            yield Unsafe(at, f"expected an attribute that only shows something, found '{name}'", "delete it")
        elif _ENDS_ATTRIBUTE.search(_HARMLESS_FIELD.sub("", attribute[2] or "")):
            help = "put fields and deletions between tags, and write '&#91;' for a bracket"
            yield Unsafe(at, f"expected no field, deletion or bracket inside a tag, found '{value}'", help)
        elif name == "style":
            for problem in css_problems(value):
                yield Unsafe(at, problem.message, problem.help)
            for file in css_files(value):
                help = "name the file in an <img>, or in the style sheet of the note type"
                yield Unsafe(at, f"expected no file in 'style', found 'url({file.name})'", help)
        elif name == "href" and not value.startswith("#") and (reason := url_problem(value)):
            yield Unsafe(at, reason, "link to a page on the web, or delete the link")


def _maths_problems(text: str) -> Iterator[Unsafe]:
    """What is wrong with maths. It must end in the field in which it begins: a card may show another field between."""
    shown = unescaped(_NOT_MATHS.sub("", text))
    at = faulty = 0
    while faulty < _MAX_FAULTY and (found := _DELIMITER.search(shown, at)):
        start = at = found.end()
        closing = mathjax.CLOSING.get(found[0])
        if closing is None or (end := mathjax.find_end(shown, start, closing)) < 0:
            message = f"expected maths that begins and ends in this text, found only '{found[0]}'"
            help = "write the other one as well; if it is no maths, put it between <code> and </code>"
            problems = [Unsafe(0, message, help)]
        else:
            problems = [Unsafe(0, fault.message, fault.help) for fault in mathjax.faults(shown[start:end])]
            at = end + len(closing)
        yield from problems
        faulty += bool(problems)


_SHOWS_FILE = re.compile(
    rf"<(?:img|audio|video|source|object)\b[^<>]*?(?<![\w-])(?:src|data)\s*=\s*({_VALUE})", re.IGNORECASE
)


def html_files(text: str) -> Iterator[Resource]:
    """The files that HTML shows or plays, as Anki finds them (``rslib/src/text.rs``), in tags that are not safe too."""
    for opening in _OPENING.finditer(text):
        tag = _TAG.match(text, opening.start())
        if tag is None:
            if shown := _SHOWS_FILE.match(text, opening.start()):
                yield _resource(shown.start(1), shown[1])
            continue
        for attribute in _ATTRIBUTE.finditer(tag[2]):
            if attribute[1].lower() == "src" or (tag[1].lower(), attribute[1].lower()) == ("object", "data"):
                yield _resource(tag.start(2) + max(attribute.start(2), 0), attribute[2] or "")
    for sound in re.finditer(SOUND, text):
        yield _resource(sound.start(1), sound[1])


_LATEX_ENDS = {kind: re.compile(re.escape(f"[/{kind}]"), re.IGNORECASE) for kind in ("latex", "$", "$$")}
_LATEX_FRAMES = {"latex": ("", ""), "$": ("$", "$"), "$$": (r"\begin{displaymath}", r"\end{displaymath}")}
_NEW_LINE = re.compile("<br( /)?>|<div>", re.IGNORECASE)


def latex_files(text: str) -> Iterator[str]:
    """The names of the pictures that Anki may have made of the LaTeX in a field (``rslib/src/latex.rs``). Anki exports
    them with the note, and phones cannot make them."""
    at = 0
    endless: set[str] = set()
    while opening := _LATEX.search(text, at):
        kind, at = opening[1].lower(), opening.end()
        end = None if kind in endless else _LATEX_ENDS[kind].search(text, at + 1)
        if end is None:
            endless.add(kind)
            continue
        before, after = _LATEX_FRAMES[kind]
        lines = _NEW_LINE.sub("\n", before + text[at : end.start()] + after)
        latex = unescaped(re.sub("<[^<>]*>", "", lines)).replace("\xa0", " ")
        digest = hashlib.sha1(latex.encode(), usedforsecurity=False).hexdigest()
        yield from (f"latex-{digest}.png", f"latex-{digest}.svg")
        at = end.end()


def with_files(text: str, files: Iterable[Resource], name: Callable[[Resource], str | None]) -> str:
    """The text with another name for each of the files that it refers to; None keeps the name as it is written."""
    parts, done = [], 0
    for file in sorted(files):
        other = name(file)
        if other is not None:
            parts += [text[done : file.at], other]
            done = file.at + len(file.written)
    return "".join(parts) + text[done:]


def _resource(at: int, value: str) -> Resource:
    quotes = len(value) - len(value.lstrip("\"'"))
    written = value.strip("\"'")
    return Resource(at + quotes, unescaped(written).translate(_SKIPPED).strip(), written)


_SKIPPED = str.maketrans("", "", "\t\n\r")
"""What browsers skip in an address: ``ht&#9;tps:`` is one."""


def consent_digest(*texts: str | bytes) -> str:
    """What identifies texts that are not safe, once somebody consented to them."""
    state = hashlib.sha256()
    for text in texts:
        state.update(hashlib.sha256(text.encode() if isinstance(text, str) else text).digest())
    return state.hexdigest()


def is_remote(name: str) -> bool:
    """Whether a browser loads what HTML refers to from elsewhere: an address, or a path from the root of a site."""
    name = name.lstrip()
    return is_address(name) or name.startswith(("/", "\\"))


def remote_files(text: str) -> Iterator[Unsafe]:
    """The files that HTML loads from elsewhere."""
    for file in html_files(text):
        if is_remote(file.name):
            problem = remote_media(file.name)
            yield Unsafe(file.at, problem.message, problem.help)


_CSS_TOKEN = re.compile(
    r"(?P<comment>/\*.*?(?:\*/|\Z))"
    r"|\"(?:[^\"\\\n\r\f]|\\.)*\"?|'(?:[^'\\\n\r\f]|\\.)*'?"
    r"|url\((?![ \t\n\r\f]*[\"'])(?:[^)\\]|\\.)*"
    r"|[#@]?(?:[\w-]|[^\x00-\x7f]|\\(?:[0-9a-f]{1,6}[ \t\n\r\f]?|[^\n\r\f]))+",
    re.DOTALL | re.IGNORECASE,
)
"""What may have ``/*`` or a quote in it, and names, as browsers divide a style
(https://drafts.csswg.org/css-syntax-3/#tokenization): a comment, a string, an address without quotes, a name."""
_CSS_ESCAPE = re.compile(r"\\(?:([0-9a-fA-F]{1,6})\s?|(.))")
_CSS_URL = re.compile(r"url\(\s*[\"']?\s*", re.IGNORECASE)
_ENDS_URL = re.compile(r"[)\"']")
_MAX_NAME = 200
"""How much of the contents of ``url()`` is read: more than any name of a file that a style may show."""
_CSS_ACTIVE = re.compile(
    r"@import|@charset|@namespace|expression\s*\(|javascript:|behavior\s*:|-moz-binding|image-set|//|</|<!--",
    re.IGNORECASE,
)


def css_problems(text: str) -> Iterator[Unsafe]:
    """What in CSS could load something from elsewhere, or end the style sheet."""
    plain = _without_comments(text)
    for active in _CSS_ACTIVE.finditer(plain):
        yield Unsafe(
            active.start(),
            f"expected CSS that only shows something, found '{active[0]}'",
            "cards load nothing from elsewhere",
        )
    decoded = _CSS_ESCAPE.sub(_decoded, plain)
    written = _active_parts(plain)
    hidden = next((part for part in _active_parts(decoded) if part not in written), None)
    if hidden:
        message = f"expected CSS that only shows something, found '{hidden}' written with escapes"
        yield Unsafe(0, message, "write letters as they are")


def _without_comments(css: str) -> str:
    """CSS with spaces instead of comments, so that the rest stays where it is. ``</`` is kept: it ends a style sheet in
    HTML even if it stands in a comment."""
    return _CSS_TOKEN.sub(_blank, css) if "/*" in css else css


def _blank(token: re.Match[str]) -> str:
    if not token["comment"]:
        return token[0]
    return "</".join([" " * len(part) for part in token[0].split("</")])


def _active_parts(css: str) -> dict[str, None]:
    """What in CSS runs or loads something, each part once, in order."""
    parts = dict.fromkeys([found[0] for found in _CSS_ACTIVE.finditer(css)])
    return parts | dict.fromkeys([f"url({file.written})" for file in _css_urls(css)])


def _css_urls(css: str) -> Iterator[Resource]:
    """The contents of each ``url()``; those of one that does not end are ``url(``, which no file is named."""
    end = -1
    for opening in _CSS_URL.finditer(css):
        start = opening.end()
        if end < start:  # otherwise the one before ends here as well
            ending = _ENDS_URL.search(css, start)
            end = ending.start() if ending else len(css)
        if end == len(css):
            yield Resource(opening.start(), "url(", "url(")
        else:
            name = css[start : min(end, start + _MAX_NAME)].strip()
            yield Resource(start, name, name)


def _decoded(escape: re.Match[str]) -> str:
    return chr(min(int(escape[1], 16), 0x10FFFF)) if escape[1] else escape[2]


def css_files(text: str) -> Iterator[Resource]:
    """The files that safe CSS shows."""
    yield from _css_urls(_without_comments(text))
