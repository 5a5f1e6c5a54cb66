"""The commands and environments of MathJax that may stand on a card, and what must follow each of them."""

from __future__ import annotations

from functools import cache
from typing import Final, NamedTuple

from deckgen.core.assets import asset


class Form(NamedTuple):
    """What must follow a command or ``\\begin{…}``: a pattern, the same in words, and a next step."""

    pattern: str  # compiled only when it is needed: most builds meet few of them
    words: str
    help: str = "write it in that form"


_LENGTH = r"\s*[-+]?(?:\d{1,3}(?:[.,]\d*)?|[.,]\d+)\s*(?:pt|em|ex|mu|px|mm|cm|in|pc)"
_DIMENSION = rf"(?:\s*\{{{_LENGTH}\s*\}}|{_LENGTH})"
_COLOUR = r"\s*\{(?:[a-zA-Z]{1,32}|#[0-9a-fA-F]{3}|#[0-9a-fA-F]{6})\}"
_DELIMITERS = r"(?:\s*\{(?:[^{}\\]|\\[a-zA-Z]+|\\[{}|])?\}){2}"
_NO_OPTION = r"(?!\s*\[)"
_DELETE = "delete the brackets and what is in them"
_EMPTY_GROUP = "write {} before a bracket that belongs to the formula"

_ONE_LENGTH = Form(_DIMENSION, "a length such as {2em}")
_COLUMN = Form(rf"(?:\s*\[[lcr]+\])?{_NO_OPTION}", "no option, or columns such as [r]", _EMPTY_GROUP)
ANYTHING = Form("", "anything")


def _table(*rows: tuple[str, Form]) -> dict[str, Form]:
    return {name: form for names, form in rows for name in names.split()}


FORMS: Final = _table(
    ("above hskip hspace kern lower mkern moveleft moveright mskip mspace raise", _ONE_LENGTH),
    ("bcancel cancel cancelto shoveleft shoveright xcancel", Form(_NO_OPTION, "no option in brackets", _DELETE)),
    ("color colorbox textcolor", Form(_COLOUR, "a colour such as {red} or {#c00000}")),
    ("Rule Space", Form(_DIMENSION * 3, "three lengths such as {1em}{1em}{0em}")),
    ("Braket braket ce pu Set set", Form(r"(?=\s*\{)", "a formula between braces")),
    ("\\", Form(rf"\*?(?:\[{_LENGTH}\s*\]|(?!\[))", "no bracket, or a length such as [1em]", _EMPTY_GROUP)),
    ("bond", Form(r"\{[-=#~.<>123]{1,4}\}", "a bond such as {-} or {#}")),
    ("centernot", Form(r"(?!\s*\{)", "a symbol without braces")),
    ("cfrac", Form(rf"(?:\s*\[[lr]\])?{_NO_OPTION}", "no option, or [l] or [r]")),
    ("enclose", Form(r"\s*\{[a-z]+(?:[ ,]+[a-z]+)*\}" + _NO_OPTION, "a notation such as {circle}, and no option")),
    ("fcolorbox", Form(_COLOUR * 2, "two colours such as {red}{#ffffff}")),
    ("genfrac", Form(_DELIMITERS + rf"\s*\{{(?:{_LENGTH}\s*)?\}}\s*\{{[0-3]?\}}", "a form such as {(}{)}{0pt}{1}")),
    ("rule", Form(rf"(?:\s*\[{_LENGTH}\s*\])?{_DIMENSION * 2}", "two lengths such as {1em}{2pt}")),
    (
        "{aligned} {gathered} {lgathered} {multlined} {rgathered}",
        Form(rf"(?:\s*\[[tcb]\])?{_NO_OPTION}", "no option, or [t], [c] or [b]", _EMPTY_GROUP),
    ),
    ("{matrix*} {pmatrix*} {bmatrix*} {Bmatrix*} {vmatrix*} {Vmatrix*}", _COLUMN),
    ("{smallmatrix*} {psmallmatrix*} {bsmallmatrix*} {Bsmallmatrix*} {vsmallmatrix*} {Vsmallmatrix*}", _COLUMN),
    ("{alignat} {alignat*} {xalignat} {xalignat*} {xxalignat}", Form(r"\s*\{\d{1,2}\}", "a number such as {2}")),
    ("{alignedat}", Form(r"(?:\s*\[[tcb]\])?\s*\{\d{1,2}\}", "a number such as {2}")),
    ("{array}", Form(r"(?:\s*\[[tcb]\])?\s*\{[lcr|:\s]+\}", "columns such as {lcr}")),
    ("{crampedsubarray} {subarray}", Form(r"\s*\{[lcr]\}", "{l}, {c} or {r}")),
    ("{spreadlines}", _ONE_LENGTH),
)

_STYLE = r"use \boxed{…}, \textcolor{red}{…} or \mathbf{…}, or Markdown outside the maths"
NEXT_STEPS: Final = {
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

SWITCHES = frozenset(
    """color displaystyle huge Huge large Large LARGE normalsize scriptscriptstyle scriptsize scriptstyle small
    textstyle tiny Tiny""".split()
)
TEXT = frozenset(
    """clap colorbox fbox fcolorbox hbox mbox text textbf textclap textit textllap textnormal textrlap textrm textsf
    texttt textup""".split()
)
_CHARACTERS = " \n,:>;!\\{}|_#$%&"


@cache
def allowed() -> frozenset[str]:
    """The commands without their backslash, and the environments as ``{cases}``, that may stand on a card."""
    lines = asset("text/mathjax.txt").splitlines()
    return frozenset(name for line in lines if not line.startswith("#") for name in line.split()) | set(_CHARACTERS)


def spellings() -> list[str]:
    """Everything that is allowed, as it is typed."""
    return sorted(map(spelling, allowed()))


def spelling(name: str) -> str:
    return (r"\begin" if name.startswith("{") and name != "{" else "\\") + name
