r"""Cut maths between ``\(…\)`` or ``\[…\]`` out of a text before Markdown sees it, and put it back untouched."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable

from deckgen.language import rules
from deckgen.language.markup import MarkupErrors

_TOKEN = re.compile(r"\\[\\()\[\]`]|`+")
_BACKTICKS = re.compile("`+")
_HOLE = re.compile("\ufdd0([0-9]{1,5})\ufdd1")  # stands for a piece of maths; no source can hold these characters
# MathJax commands that make links, styles or attributes, or load extensions
# (https://docs.mathjax.org/en/v3.2-latest/input/tex).
_ACTING = re.compile(r"\\(?:href|style|class|cssId|data|bbox|mmlToken|require)(?![a-zA-Z])")


class Maths:
    """The pieces of maths in a text."""

    def __init__(self) -> None:
        self.pieces: list[str] = []

    def cut(self, text: str, errors: MarkupErrors) -> str:
        """Replace each piece of maths by a hole. Code keeps its backslashes."""
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
            elif token[0] in ("\\(", "\\["):
                close = "\\)" if token[0] == "\\(" else "\\]"
                end = text.find(close, at)
                if end < 0:
                    errors.add(
                        rules.UNCLOSED_MATHS,
                        f"expected '{close}' after '{token[0]}', found the end of the text",
                        token[0],
                        "a bracket that is meant as text needs no backslash",
                        occurrence=text.count(token[0], 0, token.start()),
                    )
                    break
                at = end + len(close)
                kept += [text[done : token.start()], f"\ufdd0{len(self.pieces)}\ufdd1"]
                self.pieces.append(text[token.start() : at])
                if acting := _ACTING.search(self.pieces[-1]):
                    message = f"expected maths that is only shown, found '{acting[0]}'"
                    errors.add(rules.MATHS_COMMAND, message, acting[0], "write a link in Markdown, outside the maths")
                done = at
        return "".join(kept) + text[done:]

    def restore(self, text: str, write: Callable[[str], str] = str) -> str:
        """Put the pieces back, each as ``write`` gives it."""
        return _HOLE.sub(lambda hole: self._piece(hole, write), text) if self.pieces else text

    def _piece(self, hole: re.Match[str], write: Callable[[str], str]) -> str:
        """The piece of a hole. A hole that an author forged with entities stays, and is refused for its characters."""
        number = int(hole[1])
        return write(self.pieces[number]) if number < len(self.pieces) else hole[0]
