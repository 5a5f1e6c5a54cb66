r"""Cut maths between ``\(…\)`` or ``\[…\]`` out of a text before Markdown sees it, and put it back untouched."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable

from deckgen.core import rules
from deckgen.text import mathjax
from deckgen.text.foreign import AS_TEXT, foreign_maths
from deckgen.text.markup import MarkupErrors

_TOKEN = re.compile(r"\\[\\()\[\]`]|`+")
_BACKTICKS = re.compile("`+")
_HOLE = re.compile("\ufdd0([0-9]{1,5})\ufdd1")  # stands for a piece of maths; no source can hold these characters


def end_of(opening: str, text: str, at: int) -> int:
    """The index after the maths or code whose opening ends at ``at``; ``at`` itself if it never ends. Maths in which a
    brace is missing, which is reported with the maths, ends at its first closing delimiter."""
    if opening[0] == "`":
        run = re.compile(rf"(?<!`){opening}(?!`)").search(text, at)
        return run.end() if run else at
    closing = mathjax.CLOSING[opening]
    end = mathjax.find_end(text, at, closing)
    if end < 0:
        end = text.find(closing, at)
    return at if end < 0 else end + len(closing)


class Maths:
    """The pieces of maths in a text."""

    def __init__(self) -> None:
        self.pieces: list[str] = []

    def cut(self, text: str, errors: MarkupErrors) -> str:
        """Replace each piece of maths with a hole. Code keeps its backslashes."""
        kept, at, done = [], 0, 0
        ticks: dict[int, list[int]] = defaultdict(list)  # where runs of backticks begin, by their length
        for run in _BACKTICKS.finditer(text):
            ticks[len(run[0])].append(run.start())
        while token := _TOKEN.search(text, at):
            at = token.end()
            if token[0].startswith("`"):
                starts = ticks[len(token[0])]
                closing = bisect_left(starts, at)
                at = starts[closing] + len(token[0]) if closing < len(starts) else at
            elif token[0] == "\\\\":
                _report_doubled(text, token.start(), errors)
            elif token[0] in mathjax.CLOSING:
                end = _end_of_maths(text, token[0], at, errors)
                if end < 0:
                    break
                kept += [text[done : token.start()], f"\ufdd0{len(self.pieces)}\ufdd1"]
                at = done = end + 2
                self.pieces.append(text[token.start() : at])
        return "".join(kept) + text[done:]

    def restore(self, text: str, write: Callable[[str], str] = str) -> str:
        """Put the pieces back, each as ``write`` gives it."""
        return _HOLE.sub(lambda hole: self._piece(hole, write), text) if self.pieces else text

    def _piece(self, hole: re.Match[str], write: Callable[[str], str]) -> str:
        """The piece of a hole. A hole that an author forged with entities stays, and is refused for its characters."""
        number = int(hole[1])
        return write(self.pieces[number]) if number < len(self.pieces) else hole[0]


_DOUBLED = re.compile(r"\\\\(\(.{1,1000}?\\\\\)|\[.{1,1000}?\\\\\])", re.DOTALL)
# '.*', '.+' and classes of characters; in a formula '*' and '+' stand between other things than a dot and a bracket
_EXPRESSION = re.compile(r"(?<![\d\\])\.[*+]|\[(?:\^|a-z|A-Z|0-9)[^]]*\]")


def _report_doubled(text: str, start: int, errors: MarkupErrors) -> None:
    """Report maths with doubled backslashes, as other programs need them."""
    if found := _DOUBLED.match(text, start):
        foreign = foreign_maths(found[0], found[1][1:-3], display=found[1][0] == "[")
        errors.add(rules.FOREIGN_NOTATION, foreign.message, found[0], foreign.help)


def _end_of_maths(text: str, opening: str, start: int, errors: MarkupErrors) -> int:
    """The index where the maths that starts here ends, -1 if nowhere. Its faults are reported."""
    closing = mathjax.CLOSING[opening]
    end = mathjax.find_end(text, start, closing)
    if end >= 0:
        faults = list(mathjax.faults(text[start:end]))
        if not faults and _EXPRESSION.search(text, start, end):
            found = text[start - 2 : end + 2]
            message = f"expected maths, found '{found}', which looks like a regular expression"
            errors.add(rules.FOREIGN_NOTATION, message, found, AS_TEXT)
    else:
        message = f"expected '{closing}' after '{opening}', found the end of the text"
        help = f"a bracket that is meant as text needs no backslash; code needs backticks around it: `{opening}`"
        hidden = text.find(closing, start)  # MathJax skips a delimiter where a brace is open
        inside = mathjax.faults(text[start:hidden]) if hidden >= 0 else ()
        unclosed = [fault for fault in inside if fault.rule is rules.UNCLOSED_MATHS]
        faults = unclosed or [mathjax.Fault(rules.UNCLOSED_MATHS, 0, "", message, help)]
    for fault in faults:
        snippet, at = (fault.snippet, start + fault.at) if fault.snippet else (opening, start - len(opening))
        errors.add(fault.rule, fault.message, snippet, fault.help, text.count(snippet, 0, at), fault.misspelt)
    return end
