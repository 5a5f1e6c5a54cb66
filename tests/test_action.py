"""The GitHub Action's own steps, run as a runner would, in a project that changed a card."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

import sample
from author import CARDS
from deckgen.project import git_process
from traps import Traps

REPOSITORY = Path(__file__).parent.parent
ACTION = yaml.safe_load((REPOSITORY / "action.yml").read_text(encoding="utf-8"))
STEPS = {step["name"]: step for step in ACTION["runs"]["steps"] if "run" in step}


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with a project."""
    folder = tmp_path_factory.mktemp("origin")
    sample.write(folder, {"deckgen.yaml": sample.BASE["deckgen.yaml"], "demo/cards.yaml": CARDS})
    subprocess.run([sys.executable, "-m", "deckgen", "-C", str(folder), "build", "-q"], check=True)
    for command in ("init -q -b main", "add decks", "-c user.name=A -c user.email=a@example.org commit -qm All"):
        subprocess.run(["git", *command.split()], cwd=folder, check=True)
    return folder


@pytest.fixture
def runner(origin: Path, tmp_path: Path) -> dict[str, str]:
    """A checkout with a changed card and an origin, and the environment of a runner. There is no GitHub: what would be
    said to it is written down."""
    shutil.copytree(origin, tmp_path / "origin")
    subprocess.run(["git", "clone", "-q", tmp_path / "origin", tmp_path / "checkout"], check=True)
    return environment(tmp_path)


def environment(tmp_path: Path) -> dict[str, str]:
    """The environment of a runner on which deckgen is installed."""
    programs = tmp_path / "temp/deckgen/bin"
    programs.mkdir(parents=True)
    _program(programs / "python", f'exec "{sys.executable}" "$@"')
    _program(
        programs / "gh", f'echo "$@" >> "{tmp_path}/gh.txt"; [ "$1 $2" != "pr view" ] || echo "$URL"; exit $STATUS'
    )
    return os.environ | {
        "RUNNER_TEMP": str(tmp_path / "temp"),
        "GITHUB_OUTPUT": str(tmp_path / "output.txt"),
        "GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md"),
        "PATH": f"{programs}:{os.environ['PATH']}",
    }


def _program(path: Path, line: str) -> None:
    path.write_text(f"#!/bin/sh\n{line}\n")
    path.chmod(0o755)


def run(name: str, runner: dict[str, str], folder: Path, **inputs: str) -> subprocess.CompletedProcess[str]:
    """Run a step with a folder as both the workspace and the input 'directory'."""
    command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", STEPS[name]["run"]]
    places = {"${{ runner.temp }}": Path(runner["RUNNER_TEMP"]), "${{ inputs.directory }}": folder}
    place = places.get(STEPS[name].get("working-directory"), folder)
    return subprocess.run(command, cwd=place, env=runner | inputs, capture_output=True, text=True, check=False)


def test_no_step_takes_what_others_write_into_its_script():
    for step in STEPS.values():
        assert "${{" not in step["run"], step["name"]


@pytest.mark.slow
def test_it_checks_builds_and_says_how_the_cards_changed(runner, tmp_path):
    folder = tmp_path / "checkout"
    cards = folder / "decks/demo/cards.yaml"
    cards.write_text(CARDS.replace("Warm the pot.", "Warm the teapot."))

    assert run("Check the cards", runner, folder, STRICT="true").returncode == 0
    outdated = run("Build the decks", runner, folder, LOCKED="true")
    assert outdated.returncode == 1
    assert "the lock is not up to date (changed: procedure/tea/steps)" in outdated.stderr
    assert run("Build the decks", runner, folder, LOCKED="false").returncode == 0
    said = run("Say how the cards changed", runner, folder, SINCE="", BASE="main")
    assert said.returncode == 0, said.stderr
    outputs = dict(line.split("=", 1) for line in (tmp_path / "output.txt").read_text().splitlines())
    assert (Path(outputs["packages"]) / "demo.apkg").is_file()
    summary = (tmp_path / "summary.md").read_text()
    assert summary == Path(outputs["difference"]).read_text()
    assert "the ~~pot.\\]~~ **teapot.\\]**" in summary


def comment(runner: dict[str, str], tmp_path: Path, url: str = "", status: str = "0") -> list[str]:
    """Let the step comment, and return what it asked of GitHub."""
    (tmp_path / "difference.md").write_text("## Cards\n")
    inputs = {"DIFFERENCE": str(tmp_path / "difference.md"), "NUMBER": "7", "GH_REPO": "a/b", "DIRECTORY": "."}
    done = run("Comment on the pull request", runner, tmp_path, **inputs, URL=url, STATUS=status)

    assert done.returncode == 0, done.stderr
    return (tmp_path / "gh.txt").read_text().splitlines()


def test_the_first_comment_is_made(runner, tmp_path):
    body = tmp_path / "temp/deckgen-comment.md"
    asked = comment(runner, tmp_path)

    assert asked[1:] == [f"pr comment 7 --body-file {body}"]
    assert re.fullmatch(r"<!-- deckgen \d+ -->\n## Cards\n", body.read_text())


def test_the_own_comment_is_edited(runner, tmp_path):
    body = tmp_path / "temp/deckgen-comment.md"
    asked = comment(runner, tmp_path, "https://github.com/a/b/pull/7#issuecomment-123")

    assert asked[1:] == [f"api --silent --method PATCH repos/a/b/issues/comments/123 --field body=@{body}"]
    marker = body.read_text().splitlines()[0]
    assert asked[0].startswith("pr view 7 --json comments --jq ")
    assert f'select(.viewerDidAuthor and (.body | startswith("{marker}")))' in asked[0]


def test_a_missing_permission_is_a_line_in_the_summary(runner, tmp_path):
    comment(runner, tmp_path, status="1")

    assert (tmp_path / "summary.md").read_text() == (
        "No comment was written: the job needs the permission 'pull-requests: write'.\n"
    )


def test_shells_of_every_system_can_run_it():
    scripts = "\n".join(step["run"] for step in STEPS.values())

    assert not re.search(r"head --|sort --|--version-sort|readarray|mapfile|\$\{\w+,,\}|sed -i|grep -P", scripts)


def test_a_contributor_need_not_change_the_lock():
    """Only a release does."""
    assert ACTION["inputs"]["locked"]["default"] == "${{ github.ref_type == 'tag' }}"


def test_only_what_was_asked_for_is_an_annotation(runner, tmp_path):
    folder = tmp_path / "checkout"
    settings = folder / "decks/deckgen.yaml"
    settings.write_text(re.sub(r"^rules:\n(  .*\n)*", "", settings.read_text(), flags=re.MULTILINE))
    checked = run("Check the cards", runner, folder, STRICT="false")

    assert "::warning " in checked.stdout
    assert "::notice " not in checked.stdout


@pytest.mark.slow
@pytest.mark.parametrize("since", ["v1", "refs/heads/main", "main"])
def test_it_fetches_what_a_shallow_checkout_lacks(since, runner, tmp_path):
    origin, folder = tmp_path / "origin", tmp_path / "shallow"
    for command in ("tag v1", "checkout -q -b other", "rm -q -r decks/demo"):
        subprocess.run(["git", *command.split()], cwd=origin, check=True)
    sample.write(origin, {"demo/cards.yaml": CARDS.replace("Warm the pot.", "Warm the teapot.")}, base=False)
    sample.write(origin, {"demo/deck.yaml": "title: Demo\n"}, base=False)
    for command in ("add decks", "-c user.name=A -c user.email=a@example.org commit -qm All"):
        subprocess.run(["git", *command.split()], cwd=origin, check=True)
    clone = ["git", "clone", "-q", "--depth=1", "--branch=other", "--no-tags", origin.as_uri(), str(folder)]
    subprocess.run(clone, check=True)
    said = run("Say how the cards changed", runner, folder, SINCE=since, BASE="")

    assert said.returncode == 0, said.stderr
    assert re.search(r"Warm the ~~pot.*~~ \*\*teapot", (tmp_path / "summary.md").read_text())


def test_a_commit_that_nobody_has_is_one_line(runner, tmp_path):
    said = run("Say how the cards changed", runner, tmp_path / "checkout", SINCE="v9", BASE="")

    assert said.returncode == 1
    assert said.stdout == "::error::cannot fetch 'v9', which the cards are compared with\n"


def test_a_pull_request_that_adds_the_first_decks_has_its_comment(runner, tmp_path):
    origin = tmp_path / "origin"
    for command in (
        "checkout -q --orphan empty",
        "rm -rfq .",
        "-c user.name=A -c user.email=a@b.c commit -q --allow-empty -m x",
    ):
        subprocess.run(["git", *command.split()], cwd=origin, check=True)
    said = run("Say how the cards changed", runner, tmp_path / "checkout", SINCE="", BASE="empty")

    assert said.returncode == 0, said.stderr
    assert "**New**" in (tmp_path / "summary.md").read_text()


def test_an_error_is_an_annotation(runner, tmp_path):
    folder = tmp_path / "checkout"
    (folder / "decks/demo/cards.yaml").write_text("faq: [{id: a}]\n")
    checked = run("Check the cards", runner, folder, STRICT="false")

    assert checked.returncode == 1
    assert re.search(r"^::error file=decks/demo/cards\.yaml,line=1,col=\d+,title=missing-key::", checked.stdout)


def test_every_input_is_used():
    text = yaml.safe_dump(ACTION["runs"])

    assert [name for name in _names(ACTION) if f"inputs.{name}" not in text] == []


def _names(action: dict[str, Any]) -> list[str]:
    return list(action["inputs"])


# --- a stranger's pull request ----------------------------------------------------------------------------------------


def test_every_python_is_isolated():
    lines = [line for step in STEPS.values() for line in step["run"].splitlines() if re.search(r"\bpython\b", line)]

    assert len(lines) == 5
    assert [line for line in lines if not re.search(r'\bpython"? -I -m ', line)] == []
    assert STEPS["Install deckgen"]["working-directory"] == "${{ runner.temp }}"


def test_git_has_the_options_that_deckgen_gives_it():
    options = re.findall(r"-c ([\w.]+=[\w./]+)", STEPS["Say how the cards changed"]["run"])

    assert tuple(options) == git_process.OPTIONS


@pytest.mark.slow
def test_installing_runs_no_file_of_the_pull_request(tmp_path):
    trapped = Traps(tmp_path)
    runner = environment(tmp_path) | trapped.python_variables()
    runner |= {"RUNNER_TEMP": str(tmp_path / "new"), "PIP_CONFIG_FILE": os.devnull, "PIP_NO_INDEX": "1"}
    (tmp_path / "new").mkdir()
    installed = run("Install deckgen", runner, trapped.checkout, SOURCE=str(REPOSITORY))

    assert trapped.fired == []
    assert "No matching distribution found for flit_core" in installed.stderr  # so far it comes without an index


@pytest.mark.slow
@pytest.mark.parametrize("git_directory", ["", "decks/demo"])
def test_no_step_runs_into_a_trap(git_directory, tmp_path):
    trapped = Traps(tmp_path, git_directory)
    runner = environment(tmp_path) | trapped.python_variables() | trapped.git_variables()
    inputs = {"STRICT": "true", "LOCKED": "false", "SINCE": "", "BASE": "main", "NUMBER": "7", "STATUS": "0"}
    inputs["DIFFERENCE"] = str(tmp_path / "temp/deckgen-difference.md")
    done = [run(name, runner, trapped.checkout, **inputs) for name in STEPS if name != "Install deckgen"]

    assert trapped.fired == []
    assert [one.returncode for one in done] == [1, 0, 0, 0], done
    assert "file-ignored" in done[0].stdout  # the traps themselves
    assert "the ~~pot.\\]~~ **teapot.\\]**" in (tmp_path / "summary.md").read_text()


def test_no_fetch_from_a_folder_that_looks_like_a_git_directory(tmp_path):
    trapped = Traps(tmp_path, "decks")
    done = run("Say how the cards changed", environment(tmp_path), trapped.checkout / "decks", SINCE="", BASE="main")

    assert trapped.fired == []
    assert done.returncode != 0
    assert "cannot use bare repository" in done.stderr


def test_it_fetches_with_a_subfolder_as_its_directory(runner, tmp_path):
    folder = tmp_path / "checkout/decks/demo"
    (folder / "cards.yaml").write_text(CARDS.replace("Warm the pot.", "Warm the teapot."))

    assert run("Say how the cards changed", runner, folder, SINCE="", BASE="main").returncode == 0
    assert "the ~~pot.\\]~~ **teapot.\\]**" in (tmp_path / "summary.md").read_text()


def test_it_refuses_an_old_git(runner, tmp_path):
    _program(
        tmp_path / "temp/deckgen/bin/git", f'echo "git version 2.37.9"; [ "$1" = version ] || touch "{tmp_path}/ran"'
    )
    done = run("Say how the cards changed", runner, tmp_path / "checkout", SINCE="", BASE="main")

    assert done.returncode == 1
    assert done.stdout == "::error::deckgen needs git 2.38 or newer, found 'git version 2.37.9'\n"
    assert not (tmp_path / "ran").exists()
