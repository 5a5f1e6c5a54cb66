r"""Check that maths does nothing but show a formula.

Anki typesets maths with MathJax 3, whose commands can also carry styles, addresses, HTML and definitions: for
``\fcolorbox{red;background:url(…)}{…}{…}`` a learner's card requests the address. So commands and environments come
from an allow-list, and what MathJax copies into an attribute has a fixed form. All groups are closed where they were
opened, so that MathJax finds the end of the maths where deckgen does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Final, NamedTuple

from deckgen.core import rules
from deckgen.core.diagnostics import Rule

MAX_LENGTH = 2_000
"""The most characters of a formula: far more than any card has. It limits the time that MathJax takes."""

MAX_DEPTH = 20
"""How deep braces, ``\\left`` and ``\\begin`` may nest: MathJax and the browser recurse into each."""

MAX_SWITCHES = 50
"""How often a formula switches to another size, style or colour, each of which nests in the one before."""

_INDEX = "the commands are listed at https://docs.mathjax.org/en/v3.2/input/tex/macros/index.html"


class Fault(NamedTuple):
    """What is wrong with maths: the rule, the place in the formula, the text there, the message, the help, and the
    word if it may be misspelt."""

    rule: Rule
    at: int
    snippet: str
    message: str
    help: str
    misspelt: str = ""


class _Form(NamedTuple):
    """What must follow a command or ``\\begin{…}``: a pattern, the same in words, and a next step."""

    pattern: str  # compiled only when it is needed: most builds meet few of them
    words: str
    help: str = "write it in that form"


_LENGTH = r"\s*[-+]?(?:\d{1,3}(?:[.,]\d*)?|[.,]\d+)\s*(?:pt|em|ex|mu|px|mm|cm|in|pc)"
_DIMENSION = rf"(?:\s*\{{{_LENGTH}\s*\}}|{_LENGTH})"
_COLOUR = r"\s*\{(?:[a-zA-Z]{1,32}|#[0-9a-fA-F]{3}|#[0-9a-fA-F]{6})\}"
_DELIMITERS = r"(?:\s*\{(?:[^{}\\]|\\[a-zA-Z]+|\\[{}|])?\}){2}"
_NO_OPTION = r"(?!\s*\[)"
_SPLIT = "split it into several formulas"
_DELETE = "delete the brackets and what is in them"
_EMPTY_GROUP = "write {} before a bracket that belongs to the formula"

_ONE_LENGTH = _Form(_DIMENSION, "a length such as {2em}")
_COLUMN = _Form(rf"(?:\s*\[[lcr]+\])?{_NO_OPTION}", "no option, or columns such as [r]", _EMPTY_GROUP)
_ANYTHING = _Form("", "anything")


def _table(*rows: tuple[str, _Form]) -> dict[str, _Form]:
    return {name: form for names, form in rows for name in names.split()}


_FORMS: Final = _table(
    ("above hskip hspace kern lower mkern moveleft moveright mskip mspace raise", _ONE_LENGTH),
    ("bcancel cancel cancelto shoveleft shoveright xcancel", _Form(_NO_OPTION, "no option in brackets", _DELETE)),
    ("color colorbox textcolor", _Form(_COLOUR, "a colour such as {red} or {#c00000}")),
    ("Rule Space", _Form(_DIMENSION * 3, "three lengths such as {1em}{1em}{0em}")),
    ("Braket braket ce pu Set set", _Form(r"(?=\s*\{)", "a formula between braces")),
    ("\\", _Form(rf"\*?(?:\[{_LENGTH}\s*\]|(?!\[))", "no bracket, or a length such as [1em]", _EMPTY_GROUP)),
    ("bond", _Form(r"\{[-=#~.<>123]{1,4}\}", "a bond such as {-} or {#}")),
    ("centernot", _Form(r"(?!\s*\{)", "a sign without braces")),
    ("cfrac", _Form(rf"(?:\s*\[[lr]\])?{_NO_OPTION}", "no option, or [l] or [r]")),
    ("enclose", _Form(r"\s*\{[a-z]+(?:[ ,]+[a-z]+)*\}" + _NO_OPTION, "a notation such as {circle}, and no option")),
    ("fcolorbox", _Form(_COLOUR * 2, "two colours such as {red}{#ffffff}")),
    ("genfrac", _Form(_DELIMITERS + rf"\s*\{{(?:{_LENGTH}\s*)?\}}\s*\{{[0-3]?\}}", "a form such as {(}{)}{0pt}{1}")),
    ("rule", _Form(rf"(?:\s*\[{_LENGTH}\s*\])?{_DIMENSION * 2}", "two lengths such as {1em}{2pt}")),
    (
        "{aligned} {gathered} {lgathered} {multlined} {rgathered}",
        _Form(rf"(?:\s*\[[tcb]\])?{_NO_OPTION}", "no option, or [t], [c] or [b]", _EMPTY_GROUP),
    ),
    ("{matrix*} {pmatrix*} {bmatrix*} {Bmatrix*} {vmatrix*} {Vmatrix*}", _COLUMN),
    ("{smallmatrix*} {psmallmatrix*} {bsmallmatrix*} {Bsmallmatrix*} {vsmallmatrix*} {Vsmallmatrix*}", _COLUMN),
    ("{alignat} {alignat*} {xalignat} {xalignat*} {xxalignat}", _Form(r"\s*\{\d{1,2}\}", "a number such as {2}")),
    ("{alignedat}", _Form(r"(?:\s*\[[tcb]\])?\s*\{\d{1,2}\}", "a number such as {2}")),
    ("{array}", _Form(r"(?:\s*\[[tcb]\])?\s*\{[lcr|:\s]+\}", "columns such as {lcr}")),
    ("{crampedsubarray} {subarray}", _Form(r"\s*\{[lcr]\}", "{l}, {c} or {r}")),
    ("{spreadlines}", _ONE_LENGTH),
)

_STYLE = r"use \boxed{…}, \textcolor{red}{…} or \mathbf{…}, or Markdown outside the maths"
_NEXT_STEPS: Final = {
    **dict.fromkeys("href url".split(), "write a link in Markdown, outside the maths"),
    **dict.fromkeys("bbox class cssId data framebox mmlToken style".split(), _STYLE),
    **dict.fromkeys(
        "def let newcommand newenvironment renewcommand renewenvironment".split(),
        "write the formula out: cards define no commands of their own",
    ),
    **dict.fromkeys("eqref label ref tag".split(), "delete it: formulas on cards have no numbers"),
    **dict.fromkeys("mathtip texttip toggle".split(), "delete it, and put its text on the card"),
    **dict.fromkeys("()[]", r"write maths inside \text{…} between dollar signs, as in \text{if $x$ is even}"),
    "DeclareMathOperator": r"write \operatorname{…} where the operator is used",
    "definecolor": r"write the colour where it is used, as in \textcolor{#c00000}{x}",
    "pmb": r"use \boldsymbol{…}",
    "require": "delete it: Anki has loaded MathJax's packages",
    "unicode": "type the character itself",
    "verb": "write it between backticks, outside the maths",
    **dict.fromkeys("b d w D W".split(), "a regular expression needs backticks around it: `…`"),
}

_SWITCHES = frozenset(
    """color displaystyle huge Huge large Large LARGE normalsize scriptscriptstyle scriptsize scriptstyle small
    textstyle tiny Tiny""".split()
)
_TEXT = frozenset(
    """clap colorbox fbox fcolorbox hbox mbox text textbf textclap textit textllap textnormal textrlap textrm textsf
    texttt textup""".split()
)
_SIGNS = " \n,:>;!\\{}|_#$%&"
_TOKEN = re.compile(r"\\(?:[a-zA-Z]+|.|\Z)|[{}%#]", re.DOTALL)
_ENVIRONMENT = re.compile(r"\s*(\{[a-zA-Z]+\*?\})")


@cache
def allowed() -> frozenset[str]:
    """The commands without their backslash, and the environments as ``{cases}``, that may stand on a card."""
    from importlib.resources import files

    lines = files("deckgen.text").joinpath("mathjax.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(name for line in lines if not line.startswith("#") for name in line.split()) | set(_SIGNS)


def spellings() -> list[str]:
    """Everything that is allowed, as it is typed."""
    return sorted(map(_spelling, allowed()))


def _spelling(name: str) -> str:
    return (r"\begin" if name.startswith("{") and name != "{" else "\\") + name


def find_end(text: str, start: int, close: str) -> int:
    """The index of the closing delimiter as MathJax finds it (FindTeX.ts), outside of braces; -1 without one."""
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
    """What encloses a place: the chemistry command ``ce`` or ``pu``, and whether signs stand for themselves."""

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
        if piece == "{" or name == "left":
            return self._open(at, piece, "}" if piece == "{" else r"\right")
        if piece == "}" or name == "right":
            return self._close(at, piece)
        if name in ("begin", "end"):
            return self._environment(at, piece)
        if piece in "%#":
            return self._bare_sign(at, piece)
        if name not in allowed():
            return _unknown(at, piece, name)
        self._switches += name in _SWITCHES
        if self._switches > MAX_SWITCHES:
            message = f"expected at most {MAX_SWITCHES} changes of size, style or colour, found more"
            return Fault(rules.MATHS_TOO_LARGE, at, piece, message, _SPLIT)
        if name in _TEXT:
            self._inside = self._inside._replace(text=True)
        return self._chemical(at, piece) or self._after(at, piece, name)

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
        form = _FORMS.get(name, _ANYTHING)
        if matched := re.compile(form.pattern).match(self._maths, self._at):
            self._at = matched.end()
            return None
        message = f"expected {form.words} after '{command}', found '{self._maths[self._at :][:20]}'"
        return Fault(rules.MATHS_COMMAND, at, _pointed(command), message, form.help)

    def _chemical(self, at: int, command: str) -> Fault | None:
        """Report a ``\\ce`` in a ``\\ce`` or ``\\pu``, or a ``\\pu`` in a ``\\pu``: mhchem typesets parts twice."""
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

    def _bare_sign(self, at: int, sign: str) -> Fault | None:
        if self._inside.text or (sign == "#" and self._inside.chemistry):  # there it is a triple bond
            return None
        why = "begins a comment: the rest would not be shown" if sign == "%" else "stands for an argument"
        message = rf"expected '\{sign}', found '{sign}', which {why}"
        return Fault(rules.MATHS_COMMAND, at, sign, message, rf"write '\{sign}'")


def _pointed(command: str) -> str:
    """The part of ``\\begin{cases}`` that certainly occurs in the source as it is."""
    return command.partition("{")[0] or command


def _unknown(at: int, command: str, name: str) -> Fault:
    noun = "an environment" if name.startswith("{") else "a command"
    found = _spelling(name)
    message = f"expected {noun} of MathJax that only shows a formula, found '{found}'"
    help = _NEXT_STEPS.get(name)
    return Fault(rules.MATHS_COMMAND, at, command, message, help or _INDEX, "" if help else found)
