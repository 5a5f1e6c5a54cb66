"""Maths in the MathJax that Anki has: what deckgen accepts is typeset, and requests and runs nothing."""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from deckgen.media.media import MediaFile, MediaProblem
from deckgen.text import mathjax, mathjax_commands
from deckgen.text.markdown import render

WEB = Path(sys.prefix, "aqt/_aqt/data/web/js")

FORMULAS = [
    r"\frac{V_d \times C_p}{\text{F}} = \text{dose, 50%}",
    r"\mathrm{CrCl} = \frac{(140-\text{age})\cdot m}{72\cdot S_{\mathrm{Cr}}}\left[\times 0.85\right]",
    r"\begin{cases}1 & x\geq 0\\[2pt] 0 & \text{otherwise}\end{cases}",
    r"\begin{aligned}[t]a&=b\\&=\sqrt[3]{c}\end{aligned}",
    r"\begin{array}{l|r}a&b\\\hline c&d\end{array}",
    r"\begin{pmatrix*}[r]1&-2\\-3&4\end{pmatrix*}",
    r"\ce{CO2 + H2O <=> H2CO3 <=> H+ + HCO3-}",
    r"\ce{HC#CH ->[H2][\Delta] H2C=CH2}\quad\pu{7.4 mmol L-1}",
    r"\ce{A\bond{~-}B\bond{...}C \ca \color{blue}{D}}",
    r"\textcolor{#c00}{x}+\color{blue}y\colorbox{yellow}{$z$}\fcolorbox{red}{#ffffff}{w}",
    r"\cancel{x}\cancelto{0}{y}\enclose{circle,box}{z}\boxed{w}",
    r"\genfrac{(}{)}{0pt}{1}{n}{k}\binom nk\cfrac[l]{1}{x}{a\over b}",
    r"\kern 3mu\raise.2ex{x}\hspace{-1em}\rule{1em}{2pt}\rule[-1pt]{1em}{2pt}\Rule{1em}{1em}{0em}",
    r"\sum_{i=1}^n x_i \xrightarrow[a]{b} \lim\limits_{x\to\infty}\operatorname*{arg\,max}\bar x\pm y",
    r"\sqrt[3]{x}\centernot\implies\not=\mathbb{R}\overset{!}{=}\underbrace{a+b}_c",
    r"20\,\mathrm{mg\,kg^{-1}}\,100\,\%\ \#1\ \&\ \$5\ \{x\}\ a\_b \degree\celsius\ohm\micro",
]
HOSTILE = "red;background:url(https://{}.example/)"
CARRIERS = {
    "fcolorbox": r"\fcolorbox{HOSTILE}{white}{x}",
    "unicode": r"\unicode[HOSTILE]{x41}",
    "definecolor": r"\definecolor{q}{named}{HOSTILE}\fcolorbox{q}{q}{x}",
    "newcommand": r"\newcommand{\a}{\fcolorbox{HOSTILE}{white}}\a{x}",
    "ce": r"\ce{$\fcolorbox{HOSTILE}{white}{x}$}",
}


@pytest.fixture(scope="module")
def page(browser: Any) -> Iterator[Any]:
    """A page with Anki's MathJax, set up as Anki does."""
    if not WEB.exists():
        pytest.skip("needs Anki's MathJax: make test-browser")
    page = browser.new_page()
    settings = (WEB / "mathjax.js").read_text(encoding="utf-8")
    script = (WEB / "vendor/mathjax/tex-chtml-full.js").as_uri()
    folder = (WEB / "vendor/mathjax").as_uri()
    page.goto((WEB / "vendor/mathjax/sre/mathmaps/en.json").as_uri())  # a page that may load files
    page.set_content("<body></body>")
    page.evaluate(f"() => {{ {settings}; MathJax.loader.paths.mathjax = '{folder}'; }}")
    page.add_script_tag(url=script)
    page.evaluate("() => MathJax.startup.promise")
    yield page
    page.close()


def typeset(page: Any, formulas: list[str]) -> list[str]:
    """Show formulas as Anki does, and return their HTML."""
    html: list[str] = page.evaluate(
        r"""async (formulas) => {
            document.body.replaceChildren(...formulas.map((formula) => {
                const made = document.createElement("p");
                made.textContent = `\\[${formula}\\]`;
                return made;
            }));
            MathJax.startup.document.clear();
            await MathJax.typesetPromise();
            return [...document.body.children].map((one) => one.innerHTML);
        }""",
        formulas,
    )
    return html


def test_formulas_are_typeset_without_an_error(page):
    for formula, html in zip(FORMULAS, typeset(page, FORMULAS), strict=True):
        assert list(mathjax.faults(formula)) == []
        assert "<mjx-math" in html
        assert "merror" not in html, formula
        assert 'mathcolor="red"' not in html, formula  # as MathJax shows a command that it does not know


@pytest.mark.parametrize("command", [r"\%", r"\mu", r"\,", r"\ ", r"\textbf", r"\$", r"\{", "$$"])
def test_a_command_that_mathjax_shows_in_text_as_it_is_is_refused(page, command):
    formula = rf"\text{{a{command}b}}"
    typeset(page, [formula])
    shown = page.evaluate("() => MathJax.startup.toMML([...MathJax.startup.document.math][0].root)")

    assert (command in shown) is bool(list(mathjax.faults(formula)))


def test_every_command_and_environment_of_the_list_is_one_of_mathjax(page):
    unknown = page.evaluate(
        """(names) => {
            const handlers = MathJax.startup.document.inputJax[0].parseOptions.handlers;
            const knows = (kind, name) => handlers.get(kind).contains(name);
            return names.filter((name) => name.startsWith("{") && name !== "{"
                ? !knows("environment", name.slice(1, -1))
                : !knows("macro", name) && !knows("delimiter", "\\\\" + name));
        }""",
        sorted(mathjax_commands.allowed()),
    )

    assert unknown == ["\n", "bond", "ca", "of"]  # a space, two of \ce{…} alone, and a part of \root


@pytest.mark.parametrize("name", CARRIERS)
def test_a_formula_that_makes_mathjax_request_an_address_is_refused(page, name):
    formula = CARRIERS[name].replace("HOSTILE", HOSTILE.format(name))
    with page.expect_request(f"https://{name}.example/"):
        typeset(page, [formula])

    assert list(mathjax.faults(formula))


def test_no_argument_of_an_accepted_command_becomes_an_attribute(page):
    marks = ["9px;x:url(//evil.example)", "mathbackground=url(//evil.example)"]
    shapes = ["@M", "@{M}{M}{M}", "@[M]{M}{M}", "@[1em][M]{x}", "@{x}[M]{x}", "@{red}{M}{x}"]
    around = [
        "\\begin@M\\end@",
        "\\begin@{M}\\end@",
        "\\begin@[M]{c}\\end@",
        "\\begin@[t][M]x\\end@",
        "\\begin@[t]{M}x\\end@",
    ]
    with_arguments = page.evaluate(
        """(names) => {
            const macros = MathJax.startup.document.inputJax[0].parseOptions.handlers.get("macro");
            return names.filter((name) => macros.lookup(name)?.func);
        }""",
        sorted(mathjax_commands.allowed()),
    )
    formulas = [
        shape.replace("@", command).replace("M", mark)
        for commands, all_shapes in (
            ([f"\\{name} " for name in with_arguments], shapes),
            ([name for name in mathjax_commands.spellings() if name.startswith(r"\begin{")], around),
        )
        for command in (name.removeprefix(r"\begin") for name in commands)
        for shape in all_shapes
        for mark in marks
    ]
    accepted = [formula for formula in formulas if not list(mathjax.faults(formula))]
    carried = page.evaluate(
        """(formulas) => formulas.filter((formula) => {
            try { return /="[^"]*evil/.test(MathJax.tex2mml(formula)); } catch { return false; }
        })""",
        accepted,
    )

    assert len(accepted) > 1_000
    assert carried == []


def test_mathjax_finds_no_maths_that_deckgen_has_not_checked(page):
    pieces = [r"\(", r"\)", r"\[", r"\]", "\\", "\\\\", "{", "}", r"\href{javascript:x}{y}", "x", "*", "`", "[", "]"]
    pieces += ["(", ")", " ", "\n\n", "_", "&#92;", "\\sqrt{", "\\{", "\\}", "$", "\\text{"]
    choose = random.Random(1)
    texts = ["".join(choose.choices(pieces, k=choose.randint(2, 16))) for _ in range(30_000)]
    texts += [r"\(\sqrt{a\) \href{javascript:x}{y} \(}\)", r"\(a\\) \href{javascript:x}{y} \(b\)"]
    accepted = [html for html, _, errors in (render(text, _no_media) for text in texts) if html and not errors]
    found = page.evaluate(
        r"""(texts) => {
            const shown = document.createElement("div");
            document.body.replaceChildren(shown);
            return texts.filter((html) => html.includes("\\")).flatMap((html) => {
                shown.innerHTML = html;
                MathJax.startup.document.clear();
                MathJax.startup.document.findMath({ elements: [shown] });
                return [...MathJax.startup.document.math].map((item) => item.math);
            });
        }""",
        accepted,
    )

    assert len(found) > 500
    assert [formula for formula in found if list(mathjax.faults(formula))] == []


def _no_media(reference: str) -> MediaFile | MediaProblem:
    raise AssertionError(reference)
