"""The workflow for releases: its own steps, run as a runner would, at the tag of a release and at another one."""

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
from publisher import Publisher

REPOSITORY = Path(__file__).parent.parent
JOBS = yaml.safe_load((REPOSITORY / ".github/workflows/release.yml").read_text(encoding="utf-8"))["jobs"]
SCRIPTS = {step["name"]: step["run"] for job in JOBS.values() for step in job["steps"] if "run" in step}


class Runner:
    """A clone at a tag. The environment of this test stands for what the workflow installs, and there is no GitHub:
    what would be said to it is written down."""

    def __init__(self, folder: Path, origin: Path, tag: str) -> None:
        self.folder = folder / "checkout"
        self._temp = folder
        subprocess.run(["git", "clone", "-q", "-b", tag, origin, self.folder], check=True, capture_output=True)
        (self.folder / ".venv").mkdir()
        (self.folder / ".venv/bin").symlink_to(Path(sys.executable).parent)
        programs = folder / "programs"
        programs.mkdir()
        for name, line in {
            "make": "true",
            "gh": f'echo "$@" >> "{folder}/gh.txt"; [ "$2" != view ] || exit $NONE',
        }.items():
            (programs / name).write_text(f"#!/bin/sh\n{line}\n")
            (programs / name).chmod(0o755)
        self.environment = os.environ | {
            "PATH": f"{programs}:{os.environ['PATH']}",
            "GITHUB_OUTPUT": str(folder / "output.txt"),
            "GITHUB_STEP_SUMMARY": str(folder / "summary.md"),
            "NAME": tag,
            "NONE": "1",
        }

    def runs(self, name: str, folder: Path | None = None, **variables: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", SCRIPTS[name]],
            cwd=folder or self.folder,
            env=self.environment | variables,
            capture_output=True,
            text=True,
            check=False,
        )

    def text(self, name: str) -> str:
        path = self._temp / name
        return path.read_text() if path.exists() else ""


@pytest.fixture
def publisher(tmp_path: Path) -> Publisher:
    return Publisher(tmp_path / "origin")


def test_no_step_takes_the_name_of_a_tag_into_its_script():
    for name, script in SCRIPTS.items():
        assert "${{" not in script, name


def test_only_the_jobs_that_publish_may_write():
    rights: dict[str, Any] = {name: job.get("permissions") for name, job in JOBS.items()}

    assert rights == {"make": None, "files": {"contents": "write"}, "site": {"pages": "write", "id-token": "write"}}


@pytest.mark.slow
@pytest.mark.parametrize("exists", [False, True])
def test_it_publishes_the_same_files_as_the_maintainer_made(publisher, tmp_path, exists):
    publisher.publishes("v1")
    publisher.edits("It is the second}", "Surely it is the second}")
    (publisher.folder / "releases").mkdir(exist_ok=True)
    (publisher.folder / ".gitignore").write_text("build/\n")
    (publisher.folder / "releases/v2.md").write_text("My *paragraph*.\n")
    made = publisher.publishes("v2", "--notes", "releases/v2.md")
    runner = Runner(tmp_path / "runner", publisher.folder, "v2")
    done = runner.runs("Make the release")

    assert done.returncode == 0, done.stdout + done.stderr
    assert runner.text("output.txt") == "folder=build/release-v2\n"
    assert "My *paragraph*." in runner.text("summary.md")
    again = runner.folder / "build/release-v2"
    assert subprocess.run(["diff", "-r", made, again], check=False).returncode == 0
    shutil.copytree(again, tmp_path / "job/release", ignore=shutil.ignore_patterns("site"))
    published = runner.runs("Publish the files", tmp_path / "job", NONE="0" if exists else "1")
    assert published.returncode == 0, published.stdout + published.stderr
    files = "./SHA256SUMS ./demo-since-v1.apkg ./demo-since-v1.txt ./demo.apkg"
    create = f"release create v2 --verify-tag --title Release v2 --notes-file ../NOTES.md {files}"
    update = ["release edit v2 --notes-file ../NOTES.md", f"release upload v2 --clobber {files}"]
    assert runner.text("gh.txt").splitlines() == ["release view v2", *(update if exists else [create])]


@pytest.mark.parametrize("tag", ["tool-1.0", "v", "v1-rc"])
def test_another_tag_publishes_nothing(publisher, tmp_path, tag):
    publisher.publishes("v1")
    publisher.git("tag", tag)
    runner = Runner(tmp_path / "runner", publisher.folder, tag)
    done = runner.runs("Make the release")

    assert done.returncode == 0, done.stderr
    assert runner.text("output.txt") == ""
    assert "is no release of the decks" in runner.text("summary.md")


def test_a_damaged_file_is_not_published(publisher, tmp_path):
    made = publisher.publishes("v1")
    runner = Runner(tmp_path / "runner", publisher.folder, "v1")
    shutil.copytree(made, tmp_path / "job/release", ignore=shutil.ignore_patterns("site"))
    (tmp_path / "job/release/demo.apkg").write_bytes(b"x")

    assert runner.runs("Publish the files", tmp_path / "job").returncode == 1
    assert runner.text("gh.txt") == ""


def _workflow_of_the_guide() -> str:
    guide = (REPOSITORY / "docs/how-to/publish-a-release.md").read_text(encoding="utf-8")
    (text,) = re.findall(r"^```yaml\n(name: Release\n.*?)^```", guide, re.MULTILINE | re.DOTALL)
    return text


@pytest.mark.slow
def test_the_workflow_of_the_guide_makes_the_same_files_as_the_maintainer(publisher):
    (publisher.folder / "releases").mkdir(exist_ok=True)
    (publisher.folder / "releases/v1.md").write_text("My *paragraph*.\n")
    made = publisher.publishes("v1", "--notes", "releases/v1.md")
    shutil.move(made, publisher.folder / "made")
    (script,) = [
        step["run"]
        for step in yaml.safe_load(_workflow_of_the_guide())["jobs"]["release"]["steps"]
        if "deckgen release" in step.get("run", "")
    ]
    deckgen = Path(sys.executable).parent
    environment = os.environ | {"GITHUB_REF_NAME": "v1", "PATH": f"{deckgen}:{os.environ['PATH']}"}
    done = subprocess.run(
        ["bash", "-e", "-c", script], cwd=publisher.folder, env=environment, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert subprocess.run(["diff", "-r", publisher.folder / "made", made], check=False).returncode == 0


def test_the_workflow_of_the_guide_is_one(tmp_path):
    (tmp_path / "release.yml").write_text(_workflow_of_the_guide())
    command = [Path(sys.executable).with_name("check-jsonschema"), "--builtin-schema", "vendor.github-workflows"]
    checked = subprocess.run([*command, tmp_path / "release.yml"], capture_output=True, text=True, check=False)

    assert checked.returncode == 0, checked.stdout
