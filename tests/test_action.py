"""The GitHub Action's own steps, run as a runner would, in a project that changed a card."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

import sample
from author import CARDS

REPOSITORY = Path(__file__).parent.parent
ACTION = yaml.safe_load((REPOSITORY / "action.yml").read_text(encoding="utf-8"))
STEPS = {step["name"]: step for step in ACTION["runs"]["steps"] if "run" in step}


@pytest.fixture
def runner(tmp_path: Path) -> dict[str, str]:
    """A checkout with a changed card and an origin, and the environment of a runner. There is no GitHub: what would be
    said to it is written down."""
    files = {"deckgen.yaml": sample.BASE["deckgen.yaml"], "demo/cards.yaml": CARDS}
    sample.write(tmp_path / "origin", files)
    build = [sys.executable, "-m", "deckgen", "-C", str(tmp_path / "origin"), "build", "-q"]
    subprocess.run(build, check=True)
    for command in ("init -q -b main", "add decks", "-c user.name=A -c user.email=a@example.org commit -qm All"):
        subprocess.run(["git", *command.split()], cwd=tmp_path / "origin", check=True)
    subprocess.run(["git", "clone", "-q", tmp_path / "origin", tmp_path / "checkout"], check=True)
    programs = tmp_path / "temp/deckgen/bin"
    programs.mkdir(parents=True)
    _program(programs / "deckgen", f'exec "{sys.executable}" -m deckgen "$@"')
    _program(programs / "gh", f'echo "$@" >> "{tmp_path}/gh.txt"; [ "$3" != 8 ] || [ "$6" != --edit-last ]')
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
    command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", STEPS[name]["run"]]
    return subprocess.run(command, cwd=folder, env=runner | inputs, capture_output=True, text=True, check=False)


def test_no_step_takes_what_others_write_into_its_script():
    for step in STEPS.values():
        assert "${{" not in step["run"], step["name"]


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
    assert "Warm the ~~pot.~~ **teapot.**" in summary


@pytest.mark.parametrize(("number", "calls"), [("7", 1), ("8", 2)])
def test_the_comment_is_edited_or_made(runner, tmp_path, number, calls):
    (tmp_path / "difference.md").write_text("## Cards\n")
    done = run("Comment on the pull request", runner, tmp_path, DIFFERENCE="difference.md", NUMBER=number)
    said = (tmp_path / "gh.txt").read_text().splitlines()

    assert done.returncode == 0
    assert len(said) == calls
    assert said[0] == f"pr comment {number} --body-file {tmp_path}/temp/deckgen-comment.md --edit-last"


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
