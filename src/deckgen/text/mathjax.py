r"""Check that maths only shows a formula.

Anki typesets maths with MathJax 3, whose commands can also carry styles, addresses, HTML and definitions: for
``\fcolorbox{red;background:url(…)}{…}{…}`` a learner's card requests the address. So commands and environments come
from an allow-list, and what MathJax copies into an attribute has a fixed form. All groups are closed where they were
opened, so that MathJax finds the end of the maths where deckgen does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from deckgen.core import rules
from deckgen.core.diagnostics import Rule
from deckgen.text.mathjax_commands import ANYTHING, FORMS, NEXT_STEPS, SWITCHES, TEXT, allowed, spelling

MAX_LENGTH = 2_000
"""The most characters of a formula: far more than any card has. It limits the time that MathJax takes."""

MAX_DEPTH = 20
"""How deep braces, ``\\left`` and ``\\begin`` may nest: MathJax and the browser recurse into each."""

MAX_SWITCHES = 50
"""How often a formula switches to another size, style or colour, each of which nests in the one before."""

CLOSING = {"\\(": "\\)", "\\[": "\\]"}
"""The delimiter that ends maths by the one that begins it."""

_SPLIT = "split it into several formulas"
_INDEX = "the commands are listed at https://docs.mathjax.org/en/v3.2/input/tex/macros/index.html"


class Fault(NamedTuple):
    """What is wrong with maths: the rule, the index in the formula, the text there, the message, the help, and the
    word if it may be misspelt."""

    rule: Rule
    at: int
    snippet: str
    message: str
    help: str
    misspelt: str = ""


_READ_IN_TEXT = "$\\{}"
"""The characters after a backslash that MathJax reads in text; it shows all other commands (ParseUtil.internalMath)."""

_DOLLAR = re.compile(r"(?<!\\)\$")
_TOKEN = re.compile(r"\\(?:[a-zA-Z]+|.|\Z)|[{}%#]", re.DOTALL)
_ENVIRONMENT = re.compile(r"\s*(\{[a-zA-Z]+\*?\})")


def find_end(text: str, start: int, close: str) -> int:
    """The index of the closing delimiter as MathJax finds it (FindTeX.ts), outside of braces; -1 without one."""
    if text.find(close, start) < 0:  # faster, for a text with many openings
        return -1
    depth = 0
    for piece in re.compile(rf"{re.escape(close)}|\\(?:[a-zA-Z]|.)|[{{}}]").finditer(text, start):
        if piece[0] == close and not depth:
            return piece.start()
        if piece[0] in "{}":
            depth = max(depth + (1 if piece[0] == "{" else -1), 0)
    return -1


def faults(maths: str) -> Iterator[Fault]:
    """Every reason why maths, given without its delimiters, cannot be on a card."""
    if len(maths) > MAX_LENGTH:
        message = f"expected maths of at most {MAX_LENGTH:,} characters, found {len(maths):,}"
        yield Fault(rules.MATHS_TOO_LARGE, 0, "", message, _SPLIT)
        return
    yield from _Reader(maths).faults()


class _Inside(NamedTuple):
    """What encloses a place: the chemistry command ``ce`` or ``pu``, and whether characters stand for themselves."""

    chemistry: str = ""
    text: bool = False


class _Group(NamedTuple):
    """A group that is not closed yet: where it begins and how, what closes it, and what its contents are."""

    at: int
    opening: str
    closing: str
    inside: _Inside


class _Reader:
    """Reads one formula, token by token."""

    def __init__(self, maths: str) -> None:
        self._maths = maths
        self._at = 0
        self._groups: list[_Group] = []
        self._switches = 0
        self._inside = _Inside()  # of the group that the reader is in, or enters next

    def faults(self) -> Iterator[Fault]:
        while piece := _TOKEN.search(self._maths, self._at):
            self._at = piece.end()
            if fault := self._read(piece[0], piece.start()):
                yield fault
                if fault.rule is not rules.MATHS_COMMAND:
                    return  # the rest would be checked against the wrong groups
        if self._groups:
            yield self._unclosed(self._groups[-1], "the end of the maths")

    def _read(self, piece: str, at: int) -> Fault | None:
        name = piece[1:]
        if piece[0] == "\\" and name not in _READ_IN_TEXT and name in allowed() and self._is_shown(at):
            return _shown_in_text(at, piece, name)
        if piece == "{" or name == "left":
            return self._open(at, piece, "}" if piece == "{" else r"\right")
        if piece == "}" or name == "right":
            return self._close(at, piece)
        if name in ("begin", "end"):
            return self._environment(at, piece)
        if piece in "%#":
            return self._unescaped(at, piece)
        if name not in allowed():
            return _unknown(at, piece, name)
        self._switches += name in SWITCHES
        if self._switches > MAX_SWITCHES:
            message = f"expected at most {MAX_SWITCHES} changes of size, style or colour, found more"
            return Fault(rules.MATHS_TOO_LARGE, at, piece, message, _SPLIT)
        if name in TEXT:
            self._inside = self._inside._replace(text=True)
        return self._chemical(at, piece) or self._after(at, piece, name)

    def _is_shown(self, at: int) -> bool:
        """Whether MathJax shows what stands at a place as it is: in text, and not between dollar signs there."""
        start = next((group.at for group in self._groups if group.inside.text), at)
        return start < at and len(_DOLLAR.findall(self._maths, start, at)) % 2 == 0

    def _open(self, at: int, opening: str, closing: str) -> Fault | None:
        if len(self._groups) == MAX_DEPTH:
            message = rf"expected braces, \left and \begin nested at most {MAX_DEPTH} deep, found more"
            return Fault(rules.MATHS_TOO_LARGE, at, opening, message, _SPLIT)
        self._groups.append(_Group(at, opening, closing, self._inside))
        return None

    def _close(self, at: int, closing: str) -> Fault | None:
        if not self._groups:
            message = f"expected the end of the maths, found '{closing}', which closes nothing"
            return Fault(rules.UNCLOSED_MATHS, at, _pointed(closing), message, "delete it, or open the group before it")
        if self._groups[-1].closing != closing:
            return self._unclosed(self._groups[-1], f"'{closing}'")
        self._groups.pop()
        self._inside = self._groups[-1].inside if self._groups else _Inside()
        return None

    def _unclosed(self, group: _Group, found: str) -> Fault:
        message = f"expected '{group.closing}' for '{group.opening}', found {found}"
        help = f"write '{group.closing}' where the group ends"
        return Fault(rules.UNCLOSED_MATHS, group.at, _pointed(group.opening), message, help)

    def _environment(self, at: int, piece: str) -> Fault | None:
        named = _ENVIRONMENT.match(self._maths, self._at)
        if named is None:
            message = f"expected an environment such as '{piece}{{cases}}', found '{self._maths[at : at + 20]}'"
            return Fault(rules.MATHS_COMMAND, at, piece, message, "write its name between braces")
        self._at = named.end()
        name = named[1]
        if piece == r"\end":
            return self._close(at, piece + name)
        fault = self._after(at, piece + name, name) if name in allowed() else _unknown(at, piece, name)
        return self._open(at, piece + name, r"\end" + name) or fault

    def _after(self, at: int, command: str, name: str) -> Fault | None:
        """Read what must follow a command or ``\\begin{…}``."""
        form = FORMS.get(name, ANYTHING)
        if matched := re.compile(form.pattern).match(self._maths, self._at):
            self._at = matched.end()
            return None
        message = f"expected {form.words} after '{command}', found '{self._maths[self._at :][:20]}'"
        return Fault(rules.MATHS_COMMAND, at, _pointed(command), message, form.help)

    def _chemical(self, at: int, command: str) -> Fault | None:
        """Report chemistry in the wrong place: ``\\bond`` and ``\\ca`` outside of it, and a ``\\ce`` in a ``\\ce`` or
        ``\\pu``, or a ``\\pu`` in a ``\\pu``, since mhchem typesets parts twice. Otherwise note that it begins."""
        name = command[1:]
        inside = self._inside.chemistry
        if name in ("bond", "ca") and not inside:
            message = rf"expected '{command}' inside \ce{{…}}, found it outside"
            return Fault(rules.MATHS_COMMAND, at, command, message, r"write \ce{…} around the formula")
        if name in ("ce", "pu"):
            if inside == "pu" or inside == name:
                message = rf"expected no '{command}' inside '\{inside}', found one"
                return Fault(rules.MATHS_COMMAND, at, command, message, f"delete '{command}' and keep its contents")
            self._inside = _Inside(name)
        return None

    def _unescaped(self, at: int, character: str) -> Fault | None:
        if self._inside.text or (character == "#" and self._inside.chemistry):  # there it is a triple bond
            return None
        why = "begins a comment: the rest would not be shown" if character == "%" else "stands for an argument"
        message = rf"expected '\{character}', found '{character}', which {why}"
        return Fault(rules.MATHS_COMMAND, at, character, message, rf"write '\{character}'")


def _shown_in_text(at: int, command: str, name: str) -> Fault:
    message = f"expected text between the braces, found '{command}', which stays as it is there"
    help = NEXT_STEPS["("]
    if name in "%#&_":
        help = f"write '{name}'"
    elif name in TEXT:
        help = rf"end the text before it: \text{{…}}{command}{{…}}"
    elif not name.isalpha():
        help = "write a space" if name == " " else "delete it"
    return Fault(rules.MATHS_COMMAND, at, command, message, help)


def _pointed(command: str) -> str:
    """The part of ``\\begin{cases}`` that certainly occurs in the source as it is."""
    return command.partition("{")[0] or command


def _unknown(at: int, command: str, name: str) -> Fault:
    noun = "an environment" if name.startswith("{") else "a command"
    found = spelling(name)
    message = f"expected {noun} of MathJax that only shows a formula, found '{found}'"
    help = NEXT_STEPS.get(name)
    return Fault(rules.MATHS_COMMAND, at, command, message, help or _INDEX, "" if help else found)
