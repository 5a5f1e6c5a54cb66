"""What reaches a terminal or a log: text from outside without anything that those would act on."""

from __future__ import annotations

import os
import re
import resource
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

import sample
from deckgen.cli import main
from deckgen.core import terminal

SOURCE = Path(__file__).parent.parent.parent / "src/deckgen"
CARDS = "faq: [{id: one, domain: basics, question: Is it?, answer: It is}]\n"

CONTROL = r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
"""Control characters, and marks of text direction."""


def test_all_output_goes_through_one_function():
    """Whoever prints past it prints what strangers wrote as it is."""
    speaking = re.compile(r"(?<!\w)(print|click\.(?:echo|secho|style)|sys\.stdout\.write)\(")
    found = {path.name for path in SOURCE.rglob("*.py") if speaking.search(path.read_text())}

    assert found == {"terminal.py"}


@given(st.text(st.characters(exclude_categories=[]) | st.sampled_from("\x1b[31m\x9b\x07\u202e\r\n:#")))
def test_only_own_styles_are_printed(text):
    printed = terminal._harmless(f"{text}{terminal.style('x', fg='red')}{text}")
    before, own, after = printed.partition("\x1b[31mx\x1b[0m")

    assert own
    assert before == after
    assert len(before) == len(text)
    assert not re.search(CONTROL, before)


RUNNERS = ["GITHUB_ACTIONS", "TF_BUILD"]
COMMANDS = [
    "::set-output name=packages::.git",
    " \t\u3000::stop-commands::token",
    "\u200d:\ufe0f:stop-commands::token",
    "faq.yaml ##[set-output name=packages;].git",
    "#\u200d#[add-mask]a",
    "##vso[task.setvariable variable=x]y",
]


@pytest.mark.parametrize("runner", RUNNERS)
@pytest.mark.parametrize("line", COMMANDS, ids=ascii)
def test_no_line_is_a_command_for_the_runner(runner, line, monkeypatch):
    monkeypatch.setenv(runner, "true")
    printed = terminal._harmless(f"one\n{line}\n")

    visible = re.sub(r"[^!-~\n]", "", printed)  # the runner skips invisible characters
    assert not re.search(r"^::|##\w*\[", visible, re.MULTILINE)


def test_elsewhere_such_lines_stay_as_they_are(monkeypatch):
    for runner in RUNNERS:
        monkeypatch.delenv(runner, raising=False)

    assert terminal._harmless("::std ##[1]") == "::std ##[1]"


def test_a_usage_error_is_harmless(tmp_path):
    sample.write(tmp_path, {"demo/cards.yaml": CARDS})
    for arguments in (["x\x1b[31m"], ["-C", "x\x1b[31m"], ["show", "x\u202e"], ["check", "x\x9b"], ["-\x1b"]):
        result = CliRunner().invoke(main, arguments)

        assert result.exit_code == 2, arguments
        assert not re.search(CONTROL, result.output), arguments


@pytest.mark.parametrize(
    "arguments",
    [
        *("show one", "--help"),
        *(pytest.param(other, marks=pytest.mark.slow) for other in ("list", "list --format json", "stats", "check")),
    ],
)
def test_characters_that_the_terminal_lacks_are_replaced(arguments, tmp_path):
    sample.write(tmp_path, {"demo/cards.yaml": CARDS.replace("It is}", "Ein Bär → ♥}")})
    environment = os.environ | {"PYTHONIOENCODING": "iso8859-1"}
    command = [sys.executable, "-m", "deckgen", *arguments.split()]
    result = subprocess.run(command, env=environment, capture_output=True, check=False)

    assert result.returncode == 0, result.stderr
    assert "Ein B\xe4r ? ?".encode("iso8859-1") in result.stdout or arguments != "show one"


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere such a folder cannot be made")
@pytest.mark.parametrize(
    "arguments",
    [
        *("build", "diff --since HEAD"),
        *(pytest.param(other, marks=pytest.mark.slow) for other in ("", "check", "list", "show one", "stats", "ids")),
        pytest.param("schema", marks=pytest.mark.slow),
    ],
)
def test_a_project_in_a_folder_that_is_not_utf_8(arguments, tmp_path):
    folder = Path(os.fsdecode(os.fsencode(tmp_path) + b"/p\xff"))
    sample.write(folder, {"demo/cards.yaml": CARDS})
    for git in ("init -q", "add decks", "-c user.name=A -c user.email=a@example.org commit -qm All"):
        subprocess.run(["git", *git.split()], cwd=folder, check=True)
    for place in (folder, tmp_path):
        command = [sys.executable, "-m", "deckgen", "-C", str(folder), *arguments.split()]
        result = subprocess.run(command, cwd=place, capture_output=True, text=True, check=False)

        assert result.returncode == 0, result.stderr
        assert "bug" not in result.stderr


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere memory cannot be limited")
@pytest.mark.parametrize("command", ["build", "stats"])
def test_too_little_memory_is_one_line(command, tmp_path):
    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (100 * 2**20, 100 * 2**20))

    # A large piece that is refused leaves room for small ones; without any, Python 3.11 itself does not always end.
    sample.write(tmp_path, {"demo/cards.yaml": CARDS + "#" * 60 * 2**20})
    result = subprocess.run(
        [sys.executable, "-m", "deckgen", command],
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=limit,
        timeout=60,
    )

    assert result.returncode == 1
    assert result.stderr == "error: there is too little memory for this; close other programs and try again\n"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a device that is always full")
@pytest.mark.parametrize("command", ["--version", pytest.param("list", marks=pytest.mark.slow)])
def test_output_that_cannot_be_written_is_one_line(command, tmp_path):
    sample.write(tmp_path, {"demo/cards.yaml": CARDS})
    with open("/dev/full", "w") as full:
        arguments = [sys.executable, "-m", "deckgen", command]
        result = subprocess.run(arguments, stdout=full, stderr=subprocess.PIPE, text=True, check=False)

    assert result.returncode == 1
    assert re.fullmatch("error: No space left on device; .*\n", result.stderr)


@pytest.mark.slow
def test_output_that_nobody_reads_any_more_ends_quietly(tmp_path):
    cards = "".join(
        f"  - {{id: n{n}, domain: basics, question: What is {n}?, answer: It is {n}}}\n" for n in range(3_000)
    )
    sample.write(tmp_path, {"demo/cards.yaml": f"faq:\n{cards}"})
    for arguments in ("list", "list --format json", "check --hints"):
        command = f"{sys.executable} -m deckgen {arguments} | head -n 1"
        result = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=False)

        assert result.stderr == ""
        assert result.stdout.count("\n") == 1
