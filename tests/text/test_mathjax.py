r"""``deckgen check`` on maths: what MathJax could do more with than show a formula is an error at its place.

What MathJax makes of it is tried in ``browser/test_maths.py``.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import sample
from deckgen.cli import main

QUESTION = "    question: "


def check(folder: Path, maths: str) -> list[dict[str, Any]]:
    """What is found in a card whose question is this text."""
    cards = f"domain: basics\nfaq:\n  - id: maths\n{QUESTION}{maths}\n    answer: So\n"
    sample.write(folder, {"demo/cards.yaml": cards})
    result = CliRunner().invoke(main, ["-C", str(folder), "check", "--format", "json"])
    found: list[dict[str, Any]] = json.loads(result.stdout)

    assert result.exit_code == (1 if found else 0), result.output
    return found


# A text, and for each fault in it the text to point at, part of the message and part of the next step.
URL = "url(https://evil.example/x.png)"
REFUSED: list[tuple[str, str, str, str]] = [
    (
        rf"\(\fcolorbox{{red;background:{URL}}}{{white}}{{x}}\)",
        r"\fcolorbox",
        "two colours such as {red}{#ffffff}",
        "form",
    ),
    (rf"\(\fcolorbox{{red}}{{{URL}}}{{x}}\)", r"\fcolorbox", "two colours", "form"),
    (rf"\(\colorbox{{red;background:{URL}}}{{x}}\)", r"\colorbox", "a colour such as {red} or {#c00000}", "form"),
    (rf"\(\color{{red;background:{URL}}}x\)", r"\color", "a colour", "form"),
    (rf"\(\textcolor{{red;background:{URL}}}{{x}}\)", r"\textcolor", "a colour", "form"),
    (rf"\(\textcolor[rgb]{{red;background:{URL}}}{{x}}\)", r"\textcolor", "a colour", "form"),
    (rf"\(\unicode[Arial;background:{URL}]{{x41}}\)", r"\unicode", r"'\unicode'", "type the character itself"),
    (r"\(\unicode{x41}\)", r"\unicode", r"'\unicode'", "type the character itself"),
    (rf"\(\enclose{{circle}}[mathbackground={URL}]{{x}}\)", r"\enclose", "a notation such as {circle}", "form"),
    (rf"\(\cancel[mathbackground={URL}]{{x}}\)", r"\cancel", "no option in brackets", "delete the brackets"),
    (rf"\(\underbracket[1px;background:{URL}]{{y}}\)", r"\underbracket", r"did you mean '\underbrace'?", "listed at"),
    (r"\(x \csname href\endcsname{javascript:alert(1)}{x}\)", r"\csname", r"'\csname'", "listed at"),
    (r"\(\def\x#1{\hre#1}\x{f}{javascript:alert(1)}{x}\)", r"\def", r"'\def'", "write the formula out"),
    (r"\(\ref{x}\)", r"\ref", r"'\ref'", "no numbers"),
    (r"\(\texttip{x}{<img src=https://evil.example/t.png>}\)", r"\texttip", r"'\texttip'", "its text on the card"),
    (r"\(\mathtip{x}{y}\)", r"\mathtip", r"'\mathtip'", "its text on the card"),
    (r"\(\tag{x}\)", r"\tag", r"'\tag'", "no numbers"),
    (r"\(y\label{a}\)", r"\label", r"'\label'", "no numbers"),
    (rf"\(\rule[1em;background:{URL}]{{9em}}{{9em}}\)", r"\rule", "two lengths such as {1em}{2pt}", "form"),
    (rf"\(\ce{{$\fcolorbox{{red;background:{URL}}}{{white}}{{x}}$}}\)", r"\fcolorbox", "two colours", "form"),
    (rf"\(\ce{{\color{{red;background:{URL}}}{{x}}}}\)", r"\color", "a colour", "form"),
    (rf"\(\begin{{array}}{{c;background:{URL}}}x\end{{array}}\)", r"\begin", "columns such as {lcr}", "form"),
    (r"\(\begin{array}[t;x:url(y)]{|c|}x\end{array}\)", r"\begin", r"after '\begin{array}'", "form"),
    (
        r"\(\begin{aligned} [a]&=b\end{aligned}\)",
        r"\begin",
        "no option, or [t], [c] or [b]",
        "write {} before a bracket",
    ),
    (r"\(\begin{alignat}{99999999}x\end{alignat}\)", r"\begin", "a number such as {2}", "form"),
    (rf"\(\hspace{{9em;background:{URL}}}x\)", r"\hspace", "a length such as {2em}", "form"),
    (
        rf"\(\definecolor{{q}}{{named}}{{red;background:{URL}}}\)",
        r"\definecolor",
        r"'\definecolor'",
        r"\textcolor{#c00000}",
    ),
    (r"\(\newcommand{\alpha}{x}\)", r"\newcommand", r"'\newcommand'", "write the formula out"),
    (r"\(\let\alpha\beta\)", r"\let", r"'\let'", "write the formula out"),
    (r"\(\DeclareMathOperator{\mu}{x}\)", r"\DeclareMathOperator", "'", r"\operatorname{…}"),
    (r"\(\href{javascript:alert(1)}{x}\)", r"\href", r"'\href'", "a link in Markdown"),
    (r"\(\require{html}\)", r"\require", r"'\require'", "delete it"),
    (r"\(\cssId{x}{y}\)", r"\cssId", r"'\cssId'", r"\boxed"),
    (r"\(\data{x=y}{z}\)", r"\data", r"'\data'", r"\boxed"),
    (r"\(\framebox[1em]{x}\)", r"\framebox", r"'\framebox'", r"\boxed"),
    (r"\(\verb|x|\)", r"\verb", r"'\verb'", "backticks"),
    (r"\(\pmb{x}\)", r"\pmb", r"'\pmb'", r"\boldsymbol"),
    (r"\(\centernot{\implies}\)", r"\centernot", "a symbol without braces", "form"),
    (r"\(\fracc{1}{2}\)", r"\fracc", r"did you mean '\frac'?", "listed at https://docs.mathjax.org"),
    (r"\(\alhpa\)", r"\alhpa", r"did you mean '\alpha'?", "listed at"),
    (r"\(\begin{case}x\end{case}\)", r"\begin", r"did you mean '\begin{cases}'?", "listed at"),
    (r"\(\Set\Set{x}\)", r"\Set", "a formula between braces", "form"),
    (r"\(\begin cases\)", r"\begin", r"such as '\begin{cases}'", "between braces"),
    (r"\(50%\)", "%", r"expected '\%', found '%'", r"write '\%'"),
    (r"\(\mathrm{x#1}\)", "#", r"expected '\#', found '#'", r"write '\#'"),
    (r"\(\ce{A ->[\ce{B}] C}\)", r"\ce{B}", r"no '\ce' inside '\ce'", r"delete '\ce'"),
    (r"\(\bond{-}\)", r"\bond", r"inside \ce{…}", r"\ce{…} around"),
    (r"\(\text{a \(x\) b}\)", r"\(x", "'\\('", "dollar signs"),
    (r"\(x\text{50\%}\)", r"\%", r"found '\%', which stays as it is there", "write '%'"),
    (r"\(\text{$\mu$ {\mu}g}\)", r"\mu}", r"found '\mu'", "between dollar signs"),
    (r"\(\textrm{a\textbf{b}}\)", r"\textbf", r"found '\textbf'", r"\text{…}\textbf{…}"),
]


@pytest.mark.parametrize(("text", "snippet", "message", "help"), REFUSED, ids=[ascii(row[0])[1:31] for row in REFUSED])
def test_what_does_more_than_show_a_formula_is_an_error_at_its_place(tmp_path, text, snippet, message, help):
    first = check(tmp_path, text)[0]

    assert first["rule"] == "maths-command"
    assert (first["line"], first["column"]) == (4, len(QUESTION) + 1 + text.index(snippet))
    assert message in first["message"]
    assert help in first["help"]


@pytest.mark.parametrize(
    ("text", "snippet", "message"),
    [
        (r"\(\frac{a{b}\)", "{a", "expected '}' for '{', found the end of the maths"),
        (r"\(x}\)", "}", "found '}', which closes nothing"),
        (r"\(\left(x\)", r"\left", r"expected '\right' for '\left', found the end of the maths"),
        (r"\({\left(x}\right)\)", r"\left", r"expected '\right' for '\left', found '}'"),
        (r"\(x\right)\)", r"\right", r"found '\right', which closes nothing"),
        (r"\(\begin{cases}x\end{case}\)", r"\begin", r"expected '\end{cases}' for '\begin{cases}', found '\end{case}'"),
        (r"\(a\\)", r"\(", r"expected '\)' after '\(', found the end of the text"),
    ],
)
def test_a_group_that_is_not_closed_is_an_error_at_its_beginning(tmp_path, text, snippet, message):
    (found,) = check(tmp_path, text)

    assert found["rule"] == "unclosed-maths"
    assert (found["line"], found["column"]) == (4, len(QUESTION) + 1 + text.index(snippet))
    assert message in found["message"]


@pytest.mark.parametrize(
    "text",
    [
        r"\(\sqrt{a\) \href{javascript:alert(1)}{x} \(}\)",
        r"\(a\\) \href{javascript:alert(1)}{x} \(b\)",
        r"\[{\] \href{javascript:alert(1)}{x} \[}\]",
    ],
)
def test_text_that_only_mathjax_takes_for_maths_is_refused(tmp_path, text):
    r"""MathJax goes on to the next ``\)`` where the first one follows an open brace or a backslash."""
    assert check(tmp_path, text)


@pytest.mark.parametrize(
    ("maths", "message"),
    [
        (r"\frac{1}{" * 1900 + "x" + "}" * 1900, "at most 2,000 characters, found 19,001"),
        ("{" * 9000 + "}" * 9000, "at most 2,000 characters, found 18,000"),
        ("x^{" * 4900 + "}" * 4900, "at most 2,000 characters, found 19,600"),
        (r"\sqrt" * 3900 + " x", "at most 2,000 characters, found 19,502"),
        (r"\def\x{" + "a" * 4000 + "}" + r"\x" * 7000, "at most 2,000 characters, found 18,008"),
        (r"\frac{1}{" * 21 + "x" + "}" * 21, r"braces, \left and \begin nested at most 20 deep"),
        ("{" * 900 + "}" * 900, "nested at most 20 deep"),
        ("x^{" * 21 + "}" * 21, "nested at most 20 deep"),
        (r"\left(" * 21 + r"\right)" * 21, "nested at most 20 deep"),
        (r"\begin{matrix}" * 21 + r"\end{matrix}" * 21, "nested at most 20 deep"),
        (r"\Huge " * 51 + "x", "at most 50 changes of size, style or colour"),
        (r"\color{red}x" * 51, "at most 50 changes"),
    ],
    ids=lambda text: text[:12],
)
def test_maths_that_could_stop_the_learners_anki_is_an_error(tmp_path, maths, message):
    (found,) = check(tmp_path, rf"\({maths}\)")

    assert found["rule"] == "maths-too-large"
    assert message in found["message"]


def test_all_wrong_commands_of_a_text_are_reported_each_in_its_place(tmp_path):
    text = r"Is \(\hre x + \frac{\url{y}}{2}\) or \[\hre\]?"
    places = [text.index(r"\hre"), text.index(r"\url"), text.rindex(r"\hre")]

    assert [one["column"] for one in check(tmp_path, text)] == [len(QUESTION) + 1 + place for place in places]


@pytest.mark.parametrize(
    "text",
    [
        r"\(\xrightarrow[a]{b}\)",
        r"\[\begin{cases}1 & \text{if } x\geq 0\\[2pt] 0 & \text{otherwise}\end{cases}\]",
        r"\(\begin{aligned}[t]a&=b\\&{}[c]\end{aligned}\)",
        r"\(\begin{array}{l|r}a&b\\\hline c&d\end{array}\)",
        r"\(\text{50% of #3}\)",
        r"\(100\,\% \{x\} \left\{\frac{a}{b}\right.\)",
        r"\(\ce{HC#CH ->[H2][\Delta] H2C=CH2}\) and \(\ce{Ca^2+}\), \(\pu{7.4 mmol L-1}\)",
        r"\(\textcolor{#c00}{x} \color{red} \fcolorbox{red}{#ffffff}{y}\)",
        r"\(\cancel{x} \enclose{circle}{y} \genfrac{(}{)}{0pt}{1}{n}{k} \centernot\implies\)",
        r"\(\kern 3mu \raise.2ex{x} \hspace{-1em} \rule{1em}{2pt}\)",
        r"\(" + r"\frac{1}{" * 20 + "x" + "}" * 20 + r"\)",
        r"\(\alpha\beta\Delta\leq\degree\upmu\textmu\coloneqq\)",
        "`\\(\\href{x}{y}\\)`",
    ],
)
def test_maths_that_only_shows_a_formula_is_accepted(tmp_path, text):
    assert check(tmp_path, sample.scalar(text)) == []
