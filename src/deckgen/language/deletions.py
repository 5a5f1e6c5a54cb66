"""Cloze deletions as authors write them, in Anki's own syntax: ``The {{c1::carpal tunnel::a place}} is narrow.``

The marks are cut out of a text before Markdown sees it and put back into its HTML, so that a deletion may hold anything
that a text may, maths and code with braces included.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from typing import NamedTuple

from deckgen.core import rules
from deckgen.language.values import MarkupText
from deckgen.media.media import MediaFile
from deckgen.text import markdown, placeholders
from deckgen.text.escaping import within_cloze
from deckgen.text.markup import FindMedia, Hopeless, MarkupError, MarkupErrors, restored
from deckgen.text.maths import end_of

MAX_DELETION_NUMBER = 40
"""The highest number: the ids of a note's cards must not reach those of the next note."""

_OPENING = r"\{\{c[0-9]+::"
_TOKEN = re.compile(
    rf"(?P<opening>{_OPENING})|(?P<closing>\}}\}}(?!\}}))|(?P<hint>::)|(?P<maths>\\[(\[])"
    rf"|\\(?!{_OPENING}|\}}\}}(?!\}})).|`+",
    re.DOTALL,
)
_MISSPELT = re.compile(r"\{\{\s*[cC]\s*[0-9, ]*\s*:+|(?<!\{)\{[cC][0-9]+::")
_MARK = re.compile(f"[{placeholders.MARK}{placeholders.OPENING}]([0-9]+){placeholders.MARK_END}")
_TAG = re.compile(r"<(/?)([a-z0-9]+)[^>]*>")
_VOID = frozenset(("br", "hr", "img"))

_EXAMPLE = "write it as {{c1::…}}, or with a hint as {{c1::…::hint}}"


def has_deletion(text: str) -> bool:
    """Whether a text has the beginning of a deletion."""
    return re.search(_OPENING, text) is not None


def revealed(text: str) -> str:
    """A text with what its deletions hide in sight, without their syntax and hints."""
    if not has_deletion(text):
        return text
    parts, done, hinted = [], 0, False
    with suppress(Hopeless):
        for mark in _marks(text, MarkupErrors()):
            parts += [] if hinted else [text[done : mark.start]]
            done, hinted = mark.end, mark.kind == "hint"
    return "".join(parts) + text[done:]


class DeletionText(MarkupText):
    """Text in Markdown with at least one cloze deletion. Its HTML has the deletions in Anki's syntax."""

    noun = "text with {{c1::…}} around what is asked"

    def render(self, text: str, find_media: FindMedia) -> tuple[str, tuple[MediaFile, ...], list[MarkupError]]:
        errors = MarkupErrors()
        if len(text) > markdown.MAX_CHARACTERS:
            return markdown.render(text, find_media)  # which refuses it
        try:
            marks = list(_marks(text, errors))
        except Hopeless:
            return "", (), errors.found
        cut = _cut(text, marks)
        html, media, found = markdown.render(cut, find_media)
        typed = [restored(error, cut, partial(_restore, marks=marks)) for error in found]
        if not errors.found and not typed:
            html = _put_back(html, text, marks, errors)
        return html, media, [*errors.found, *typed]


class _Mark(NamedTuple):
    """A part of a text that is syntax of a deletion: its beginning, the ``::`` before its hint, or its end."""

    kind: str
    start: int
    end: int
    typed: str


def _marks(text: str, errors: MarkupErrors) -> Iterator[_Mark]:
    """Find the marks of a text, and report what is wrong with them."""
    opened: _Mark | None = None
    hidden = ""
    hinted = False
    count = at = 0
    while token := _TOKEN.search(text, at):
        at = token.end()
        mark = _Mark(token.lastgroup or "", token.start(), token.end(), token[0])
        if mark.kind == "maths":
            at = end_of(mark.typed, text, at)
            _check_maths(text, mark, at, errors)
        elif mark.kind == "opening":
            count += 1
            _check_opening(text, mark, opened, errors)
            opened, hinted = mark, False
            yield mark
        elif opened is None:
            if mark.kind == "closing" and hidden.count("{") > hidden.count("}"):
                message = "expected no more '}}', found one after the '}}' that ended the deletion before it"
                help = "put what the deletion hides between backticks, in which '}}' is text: {{c1::`…`}}"
                _add(errors, text, mark, message, help)
                hidden = ""
        elif mark.kind == "hint":
            if not hinted:
                hinted = True
                yield mark
        elif mark.kind == "closing":
            hidden = text[opened.end : mark.start]
            if not hidden.partition("::")[0].strip():
                _add(errors, text, opened, "expected the text to hide, found nothing", _EXAMPLE)
            opened = None
            yield mark
        elif mark.typed.startswith("`"):  # code inside a deletion may hold '::' and '}}'
            at = end_of(mark.typed, text, at)
    if opened is not None:
        _add(errors, text, opened, f"expected '}}}}' after '{opened.typed}', found the end of the text", _EXAMPLE)
    for found in _MISSPELT.finditer(text):
        if not re.match(_OPENING, found[0]):
            mark = _Mark("", found.start(), found.end(), found[0])
            _add(errors, text, mark, f"expected '{{{{c1::', found '{found[0]}'", _help_for(found[0]))
    if not count and not errors.found:
        message = "expected at least one {{c1::…}} in the text, found none"
        errors.add(rules.CLOZE_SYNTAX, message, "", "put {{c1:: and }} around what is to be recalled")


def _help_for(misspelt: str) -> str:
    if "," in misspelt:
        return "give each card a deletion of its own: Anki before 26.05 cannot read two numbers"
    return _EXAMPLE


def _check_maths(text: str, opening: _Mark, end: int, errors: MarkupErrors) -> None:
    """Report a deletion inside a piece of maths."""
    if inside := re.compile(_OPENING).search(text, opening.end, end):
        mark = _Mark("", inside.start(), inside.end(), inside[0])
        help = f"put the deletion around the maths: {inside[0]}{opening.typed}…{text[end - 2 : end]}}}}}"
        _add(errors, text, mark, "expected no deletion inside maths, whose braces would end it", help)


def _check_opening(text: str, mark: _Mark, opened: _Mark | None, errors: MarkupErrors) -> None:
    digits = mark.typed[3:-2]
    if opened is not None:
        help = "close the first one with '}}' before it; older versions of Anki cannot show one inside another"
        _add(errors, text, mark, f"expected '}}}}' after '{opened.typed}', found '{mark.typed}'", help)
    if digits.startswith("0") or len(digits) > 2 or int(digits) > MAX_DELETION_NUMBER:
        message = f"expected a number from 1 to {MAX_DELETION_NUMBER}, found '{digits}'"
        _add(errors, text, mark, message, "deletions with the same number are asked on the same card")


def _add(errors: MarkupErrors, text: str, mark: _Mark, message: str, help: str) -> None:
    errors.add(rules.CLOZE_SYNTAX, message, mark.typed, help, occurrence=text.count(mark.typed, 0, mark.start))


def _cut(text: str, marks: list[_Mark]) -> str:
    """Replace each mark with a placeholder."""
    parts, done = [], 0
    for index, mark in enumerate(marks):
        start = placeholders.OPENING if mark.kind == "opening" else placeholders.MARK
        parts += [text[done : mark.start], f"{start}{index}{placeholders.MARK_END}"]
        done = mark.end
    return "".join(parts) + text[done:]


def _restore(text: str, marks: list[_Mark]) -> str:
    return _MARK.sub(lambda found: marks[int(found[1])].typed, text)


def _put_back(html: str, text: str, marks: list[_Mark], errors: MarkupErrors) -> str:
    """Put the marks into the HTML. Each deletion and each hint must hold whole elements."""
    if in_tag := re.search(f"<[^<>]*?{_MARK.pattern}[^<>]*>", html):
        mark = marks[int(in_tag[1])]
        message = "expected no deletion in an address or in the description of a picture"
        _add(errors, text, mark, message, "put the deletion around the whole link or picture")
        return ""
    parts = _MARK.split(html)
    written = [parts[0]]
    opened: _Mark | None = None
    for index, part in zip(map(int, parts[1::2]), parts[2::2], strict=True):
        mark = marks[index]
        opened = {"opening": mark, "closing": None}.get(mark.kind, opened)
        written.append(mark.typed)
        if opened is None:
            written.append(part)
            continue
        if not _holds_whole_elements(part):
            message = "expected a deletion within one paragraph, list item or bold text, found one that goes further"
            help = "write a deletion for each part, with the same number; a '*' that is text needs a backslash: \\*"
            _add(errors, text, opened, message, help if "*" in text else help.partition(";")[0])
            return ""
        inside = part.strip() if mark.kind == "hint" else part
        written.append(within_cloze(inside))
    return "".join(written)


def _holds_whole_elements(html: str) -> bool:
    opened: list[str] = []
    for tag in _TAG.finditer(html):
        if tag[2] in _VOID:
            continue
        if not tag[1]:
            opened.append(tag[2])
        elif not opened or opened.pop() != tag[2]:
            return False
    return not opened
