"""The command line: what commands print and write, and their exit statuses."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import sample
from deckgen.cli import main
from deckgen.core.outputs import one_at_a_time

CARDS = "faq: [{id: one, domain: basics, question: Is it?, answer: It is}]\n"
WRONG = "faq: [{id: one, domain: basics, question: Is it?, anser: It is}]\n"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    files = {"demo/cards.yaml": CARDS, "other/deck.yaml": "title: Other", "other/x.yaml": CARDS.replace("one", "two")}
    return sample.write(tmp_path, files)


def test_build_writes_and_lists_every_package(project):
    result = run("build")

    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "build/demo.apkg: 1 note, 1 card",
        "build/other.apkg: 1 note, 1 card",
        "2 new, 0 changed, 0 retired, 0 unchanged: 0 errors, 0 warnings",
    ]
    assert sorted(path.name for path in Path("build").iterdir()) == ["demo.apkg", "other.apkg"]


def test_a_second_build_does_not_touch_the_files(project):
    run("build")
    before = {path: path.stat().st_mtime_ns for path in Path("build").iterdir()}
    result = run("build")

    assert result.stdout.splitlines() == [
        "build/demo.apkg: 1 note, 1 card, unchanged",
        "build/other.apkg: 1 note, 1 card, unchanged",
        "0 new, 0 changed, 0 retired, 2 unchanged: 0 errors, 0 warnings",
    ]
    assert before == {path: path.stat().st_mtime_ns for path in Path("build").iterdir()}


def test_an_error_anywhere_leaves_the_earlier_build_as_it_was(project):
    run("build")
    before = {path: path.read_bytes() for path in [*Path("build").iterdir(), project / "deckgen.lock"]}
    (project / "demo/cards.yaml").write_text(CARDS.replace("It is", "It is not"))
    (project / "other/x.yaml").write_text(WRONG)
    result = run("build")

    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr.splitlines()[-1] == "2 files: nothing was built; 1 error, 0 warnings"
    assert before == {path: path.read_bytes() for path in [*Path("build").iterdir(), project / "deckgen.lock"]}


def test_paths_narrow_a_build_to_their_decks(project):
    result = run("build", "decks/demo/cards.yaml", "-o", "elsewhere")

    assert result.exit_code == 0
    assert sorted(path.name for path in Path("elsewhere").iterdir()) == ["demo.apkg"]


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_commands_work_with_closed_streams(project, closed):
    command = f"{shlex.quote(sys.executable)} -m deckgen build {closed}"
    result = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=False)

    assert result.returncode == 0
    assert result.stderr == ""
    assert ("0 errors" in result.stdout) == (" >&-" not in f" {closed}")
    assert Path("build/demo.apkg").exists()


def test_one_deck_is_not_built_while_another_has_errors(project):
    """Otherwise the lock would lose the other deck's cards and their numbers."""
    settings = project / "deckgen.yaml"
    settings.write_text(settings.read_text().replace("  yes-no: off\n", ""))  # a warning in the deck that is built
    run("build")
    lock = Path("decks/deckgen.lock").read_text()
    Path("decks/other/x.yaml").write_text("faq: [{id: x, domain: basics, question: Is it?, anser: Yes}]\n")
    result = run("build", "decks/demo")

    assert result.exit_code == 1
    assert "'anser' is not a key of faq" in result.stderr
    assert Path("decks/deckgen.lock").read_text() == lock


def test_paths_narrow_a_check_to_their_findings(project):
    (project / "demo/cards.yaml").write_text(WRONG)
    (project / "other/x.yaml").write_text(WRONG.replace("one", "two").replace("anser", "ansr"))
    result = run("check", "decks/other")

    assert result.exit_code == 1
    assert "ansr" in result.stdout
    assert "anser" not in result.stdout
    assert result.stdout.splitlines()[-1] == "2 files: 1 error, 0 warnings"


def test_a_path_outside_the_project_is_a_usage_error(project, tmp_path):
    (tmp_path / "aside").mkdir()
    result = run("build", "aside")

    assert result.exit_code == 2
    assert "'aside' is not in decks" in result.stderr


def test_check_prints_counts_and_writes_nothing(project):
    result = run("check", "-v")

    assert result.exit_code == 0
    assert result.stdout.splitlines()[-1] == "2 files, 2 notes, 2 cards: 0 errors, 0 warnings"
    assert "Demo: 1 note" in result.stdout
    assert not Path("build").exists()
    assert not (project / "deckgen.lock").exists()


def test_quiet_prints_only_problems(project):
    assert run("build", "-q").output == ""
    assert run("check", "-q").output == ""
    (project / "other/x.yaml").write_text(WRONG)

    assert run("check", "-q").stdout.startswith("decks/other/x.yaml:1:51: error: 'anser' is not a key of faq")


def test_the_project_is_found_from_anywhere_in_it(project):
    for folder in ("decks", "decks/demo"):
        result = run("-C", folder, "check")
        os.chdir(project.parent)

        assert result.exit_code == 0
    assert run("-C", "decks/demo", "build").stdout.splitlines()[0] == "../../build/demo.apkg: 1 note, 1 card"
    os.chdir(project.parent)


def test_without_a_project_commands_say_which_file_they_looked_for(tmp_path):
    for command in ("check", "build"):
        result = run(command)

        assert result.exit_code == 1
        assert result.stderr.splitlines() == [
            "decks/deckgen.yaml:1:1: error: expected this file here or in a folder above, found none [missing-file]",
            "      = run deckgen inside a project, or name one with -C DIR; 'deckgen init' creates a new one",
        ]


def test_without_a_command_the_decks_and_commands_are_listed(project):
    result = run()

    assert result.exit_code == 0
    assert result.stdout.splitlines()[:3] == [
        "Sample: 2 decks",
        "  decks/demo: Demo, 1 file",
        "  decks/other: Other, 1 file",
    ]
    assert "  deckgen build " in result.stdout


def test_without_a_command_and_a_project_the_help_is_shown(tmp_path):
    assert run().stdout == run("--help").stdout


def test_an_unknown_command_is_a_usage_error_with_a_suggestion():
    result = run("biuld")

    assert result.exit_code == 2
    assert "there is no command 'biuld'; did you mean 'build'?" in result.stderr


def test_version():
    assert run("--version").stdout.startswith("deckgen, version ")


def test_an_output_folder_that_cannot_be_created_is_an_error_of_one_line(project):
    Path("file").write_text("")
    result = run("build", "-o", "file/below")

    assert result.exit_code == 1
    assert result.stderr == "error: 'file/below': Not a directory\n"
    assert not list(Path().rglob("*.tmp"))


def test_a_bug_is_reported_in_one_line_and_with_a_traceback_only_if_debug_is_on(project, monkeypatch):
    monkeypatch.setattr("deckgen.core.location.find", lambda start: 1 / 0)
    result = run("check")

    assert result.exit_code == 1
    assert result.stderr.startswith("error: this is a bug in deckgen (ZeroDivisionError")
    assert isinstance(run("--debug", "check").exception, ZeroDivisionError)


@pytest.mark.parametrize(
    ("environment", "coloured"), [({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)]
)
def test_terminals_get_colours_unless_no_color_is_set(project, environment, coloured):
    (project / "demo/cards.yaml").write_text(WRONG)
    output = _on_a_terminal(environment, "check")

    assert ("\x1b[31m" in output) is coloured
    assert "unknown-key" in output


def _on_a_terminal(environment: dict[str, str], *arguments: str) -> str:
    """What the command prints to a terminal."""
    pty = pytest.importorskip("pty")
    primary, secondary = pty.openpty()
    clean = {name: value for name, value in os.environ.items() if name != "NO_COLOR"}
    subprocess.run(
        [sys.executable, "-m", "deckgen", *arguments],
        stdout=secondary,
        stderr=secondary,
        env=clean | environment,
        check=False,
    )
    os.close(secondary)
    output = b""
    try:
        while chunk := os.read(primary, 65536):
            output += chunk
    except OSError:  # Linux raises this when the other end is closed
        pass
    os.close(primary)
    return output.decode()


COMPLETIONS = [
    ("deckgen bu", ["build"]),
    ("deckgen show faq/o", ["faq/one"]),
    ("deckgen show tw", ["two"]),
    ("deckgen retire faq/t", ["faq/two"]),
    ("deckgen retire faq/two --successor faq/o", ["faq/one"]),
    ("deckgen check --select yes", ["yes-no"]),
    ("deckgen check --ignore unknown-k", ["unknown-key"]),
    ("deckgen explain proc", ["procedure"]),
    ("deckgen list --domain ba", ["basics"]),
    ("deckgen list --kind proc", ["procedure"]),
    ("deckgen new faq --source bo", ["book"]),
    ("deckgen new faq --domain ba", ["basics"]),
    ("deckgen -C decks/demo show faq/o", ["faq/one"]),
]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
@pytest.mark.parametrize(("typed", "wanted"), COMPLETIONS, ids=[typed for typed, _ in COMPLETIONS])
def test_shells_complete_names(typed, wanted, shell, project):
    words = typed.split()
    environment = {
        "_DECKGEN_COMPLETE": f"{shell}_complete",
        "COMP_WORDS": typed,
        "COMP_CWORD": words[-1] if shell == "fish" else str(len(words) - 1),
    }
    result = CliRunner().invoke(main, [], prog_name="deckgen", env=environment)
    os.chdir(project.parent)
    lines = result.stdout.splitlines()
    found = {
        "bash": lambda: [line.partition(",")[2] for line in lines],
        "zsh": lambda: lines[1::3],
        "fish": lambda: [line.partition(",")[2].partition("\t")[0] for line in lines],
    }[shell]()

    assert result.stderr == ""
    assert sorted(found) == sorted(wanted)


@pytest.mark.parametrize("program", [".venv/bin/deckgen", "deckgen"])
def test_the_line_that_switches_completion_on(program, project, tmp_path):
    """It works with the program of a virtual environment, and with one on the path."""
    programs = tmp_path / ".venv/bin"
    programs.mkdir(parents=True)
    (programs / "deckgen").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m deckgen "$@"\n')
    (programs / "deckgen").chmod(0o755)
    script = f"""
        eval "$(_DECKGEN_COMPLETE=bash_source {program})"
        COMP_WORDS=({program} show faq/o); COMP_CWORD=2; COMPREPLY=()
        _deckgen_completion {program}; echo "${{COMPREPLY[@]}}"; complete -p deckgen
    """
    path = f"{programs}:{os.environ['PATH']}" if program == "deckgen" else os.environ["PATH"]
    environment = os.environ | {"PATH": path}
    result = subprocess.run(["bash", "-c", script], env=environment, capture_output=True, text=True, check=False)

    assert result.stdout.splitlines()[0] == "faq/one", result.stderr
    assert "deckgen" in result.stdout.splitlines()[1]


@pytest.mark.parametrize("broken", ["[", "\x1b"])
def test_completion_in_a_broken_project_is_silent(broken, project):
    (project / "demo/cards.yaml").write_text(broken)
    environment = os.environ | {"_DECKGEN_COMPLETE": "bash_complete", "COMP_WORDS": "deckgen show ", "COMP_CWORD": "2"}
    command = [sys.executable, "-m", "deckgen"]
    result = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)

    assert result.stderr == ""
    assert "two" in result.stdout


def test_a_python_that_drops_docstrings_is_refused(project):
    """The manual, the schemas and the help are made of them."""
    result = subprocess.run([sys.executable, "-OO", "-m", "deckgen"], capture_output=True, text=True, check=False)

    assert result.returncode == 1
    assert result.stderr == ("error: Python removes texts that deckgen needs: unset PYTHONOPTIMIZE, or leave out -OO\n")


def test_questions_that_nobody_answers_end_with_the_way_to_answer_them(project):
    for arguments, command in (("new", "faq"), "new"), (("init", "new"), "init"):
        result = CliRunner().invoke(main, arguments, input="")

        assert result.exit_code == 1
        assert result.stderr == (
            "error: expected an answer, found the end of the input: "
            f"give the answers as options; see 'deckgen {command} --help'\n"
        )


WAITING = "waiting for another command in this project to finish\n"


def test_simultaneous_builds_take_turns_and_lose_nothing(project):
    command = [sys.executable, "-m", "deckgen", "build", "-q"]
    builds = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for _ in range(3)]

    assert [
        build.communicate()[1].replace("waiting for another command in this project to finish\n", "")
        for build in builds
    ] == [""] * 3
    assert [build.returncode for build in builds] == [0] * 3
    assert "2 unchanged" in run("build", "--locked").stdout
    assert not list(Path().rglob("*.tmp*"))


def test_an_edit_waits_for_other_commands_and_loses_nothing_of_theirs(project):
    cards = project / "demo/cards.yaml"
    cards.write_text("faq:\n  - {id: one, domain: basics, question: Is it?, answer: It is}\n")
    new = [sys.executable, "-m", "deckgen", "new", "faq", "--question", "What is new?", "--answer", "All", "--file"]
    with one_at_a_time(project):
        edit = subprocess.Popen([*new, str(cards)], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        assert edit.stderr is not None
        assert edit.stderr.readline() == WAITING
        cards.write_text(theirs := cards.read_text() + "# an edit\n")

    assert "cards.yaml was changed by another program; run the command again" in edit.communicate()[1]
    assert cards.read_text() == theirs
