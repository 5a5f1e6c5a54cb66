"""Git reads the sources of a commit, and nothing that a stranger commits makes it do more."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import sample
import traps
from author import CARDS
from deckgen.cli import main
from deckgen.project import git, git_process
from traps import Traps

COMMANDS = (
    ["diff", "--since", "main"],
    ["diff", "--format", "markdown", "--since", "FETCH_HEAD"],
    ["build", "--since", "main"],
    ["preview", "--static", "web", "--since", "main"],
)

EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
"""The hash of a tree without entries, which every repository knows."""


def deckgen(folder: Path, arguments: Sequence[str], **variables: str) -> subprocess.CompletedProcess[str]:
    """Run the installed command in a folder."""
    command = [traps.deckgen(), *arguments]
    return subprocess.run(command, cwd=folder, env=os.environ | variables, capture_output=True, text=True, check=False)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project in a repository with one commit."""
    sample.write(tmp_path, {"demo/cards.yaml": CARDS})
    CliRunner().invoke(main, ["build", "-q"])
    traps.git(tmp_path, "init", "-q", "-b", "main")
    commit(tmp_path)
    return tmp_path


def commit(folder: Path) -> None:
    traps.git(folder, "add", "-A", "decks")
    traps.git(folder, "commit", "-q", "-m", "Change the decks")


def diff(reference: str = "HEAD") -> Result:
    return CliRunner().invoke(main, ["diff", "--since", reference])


# --- a stranger's checkout --------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_the_traps_are_armed(tmp_path):
    trapped = Traps(tmp_path)
    for command in (
        "status",
        "diff HEAD~",
        f"diff {EMPTY_TREE} HEAD -- venv.py",
        "--no-pager log -p",
        "archive HEAD",
        f"cat-file -e {traps.MISSING}",
        "update-ref refs/heads/new HEAD",
    ):
        subprocess.run(["git", *command.split()], cwd=trapped.checkout, capture_output=True, check=False)
    environment = os.environ | trapped.python_variables()
    subprocess.run([sys.executable, "-m", "pip"], cwd=trapped.checkout, env=environment, check=False)

    assert {*trapped.fired} >= {
        *("clean", "diff-driver", "external-diff", "fsmonitor", "gpg", "post-index-change", "reference-transaction"),
        *("remote", "smudge", "textconv"),
        *("pip.py", "sitecustomize.py"),
    }


@pytest.mark.slow
@pytest.mark.parametrize("variables", [False, True], ids=["", "hostile environment"])
@pytest.mark.parametrize("git_directory", ["", "decks/demo"])
def test_no_trap_of_a_checkout_fires(git_directory, variables, tmp_path):
    trapped = Traps(tmp_path, git_directory)
    environment = trapped.git_variables() if variables else {}
    commands = (*COMMANDS, ["diff", "--since", traps.LINKED], ["diff", "--since", traps.MISSING])
    done = [deckgen(trapped.checkout, arguments, **environment) for arguments in commands]

    assert trapped.fired == []
    assert [one.returncode for one in done] == [0, 0, 0, 0, 0, 1], done
    assert traps.SECRET not in "".join(one.stdout for one in done)
    assert b"Warm the teapot." in git_process.run(trapped.checkout, "log", "-m", "-p")
    assert trapped.fired == []


@pytest.mark.parametrize(
    "arguments",
    [COMMANDS[0], *(pytest.param(other, marks=pytest.mark.slow) for other in COMMANDS[1:])],
    ids=" ".join,
)
def test_a_folder_that_looks_like_a_git_directory_is_not_taken_for_one(arguments, tmp_path):
    trapped = Traps(tmp_path, "decks")
    done = deckgen(trapped.checkout, arguments)

    assert trapped.fired == []
    assert done.returncode == 1
    assert done.stderr == (
        f"error: git cannot give the sources of '{arguments[-1]}': '{trapped.checkout}/decks' contains the files of a "
        "git directory, whose settings could run programs; delete HEAD, config, objects and refs in that folder\n"
    )


# --- what is read of a commit -----------------------------------------------------------------------------------------


def test_files_are_read_as_they_were_committed(project, tmp_path):
    attributes = "*.yaml text eol=crlf ident filter=upper\n*.lock export-ignore\n"
    sample.write(
        tmp_path, {".gitattributes": attributes, "demo/more.yaml": "# $Id$\n", "demo/odd\nname": b"\0\r\n"}, base=False
    )
    commit(tmp_path)
    traps.git(tmp_path, "config", "filter.upper.smudge", "tr a-z A-Z")
    blob = traps.git(tmp_path, "rev-parse", "HEAD:decks/demo/deck.yaml").strip()
    traps.git(tmp_path, "replace", blob, traps.git(tmp_path, "rev-parse", "HEAD:decks/demo/more.yaml").strip())
    before = {path.relative_to(tmp_path / "decks"): path.read_bytes() for path in files(tmp_path / "decks")}
    sample.write(tmp_path, {"demo/more.yaml": "faq: []\n", "demo/new.yaml": "faq: []\n"}, base=False)

    assert git.write_files(tmp_path / "decks", "HEAD", tmp_path / "then") == []
    then = {path.relative_to(tmp_path / "then"): path.read_bytes() for path in files(tmp_path / "then")}
    assert then == before


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_links_and_submodules_are_left_out(project, tmp_path):
    (tmp_path / "secret").write_text("secret")
    (tmp_path / "decks/demo/media").symlink_to(tmp_path)
    (tmp_path / "decks/demo/more.yaml").symlink_to("cards.yaml")
    (tmp_path / "decks/demo/secret.yaml").symlink_to("../../secret")
    (tmp_path / "decks/demo/z\x1b[2J").symlink_to("cards.yaml")
    commit(tmp_path)
    head = traps.git(tmp_path, "rev-parse", "HEAD").strip()
    traps.git(tmp_path, "update-index", "--add", "--cacheinfo", f"160000,{head},decks/library")
    traps.git(tmp_path, "commit", "-q", "-m", "Add a submodule")
    for name in ("media", "more.yaml", "secret.yaml", "z\x1b[2J"):
        (tmp_path / "decks/demo" / name).unlink()
    result = diff()

    assert result.stdout == "demo: 0 new, 0 changed, 0 retired, 7 unchanged\n"
    assert result.stderr == (
        "warning: links and submodules of 'HEAD' are left out: "
        "'demo/media', 'demo/more.yaml', 'demo/secret.yaml', ...\n"
    )


@pytest.mark.parametrize("bare", [False, True])
def test_a_project_can_be_in_a_linked_worktree(bare, project, tmp_path):
    repository = tmp_path / ("bare" if bare else "")
    if bare:
        traps.git(tmp_path, "clone", "-q", "--bare", str(tmp_path), str(repository))
    traps.git(repository, "worktree", "add", "-q", "-b", "other", str(tmp_path / "worktree"))

    assert deckgen(tmp_path / "worktree", ["diff", "--since", "main", "--exit-code"]).returncode == 0


def test_a_project_can_be_the_top_of_its_repository(project, tmp_path):
    traps.git(tmp_path / "decks", "init", "-q", "-b", "main")
    traps.git(tmp_path / "decks", "add", "-A")
    traps.git(tmp_path / "decks", "commit", "-q", "-m", "Start")

    assert diff().stdout == "demo: 0 new, 0 changed, 0 retired, 7 unchanged\n"


def test_a_project_that_was_moved_since(project, tmp_path):
    """From the top of its repository, next to another project."""
    traps.git(tmp_path / "decks", "init", "-q", "-b", "main")
    other = sample.write(tmp_path / "decks/another", {"deckgen.lock": "format 2\nnamespace another\n"})
    traps.git(tmp_path / "decks", "add", "-A")
    traps.git(tmp_path / "decks", "commit", "-q", "-m", "Start")
    moved = tmp_path / "decks/moved"
    moved.mkdir()
    for path in set((tmp_path / "decks").iterdir()) - {moved, other.parent, tmp_path / "decks/.git"}:
        path.rename(moved / path.name)

    assert deckgen(moved, ["diff", "--since", "main"]).stdout == "demo: 0 new, 0 changed, 0 retired, 7 unchanged\n"


# --- what is refused --------------------------------------------------------------------------------------------------


def test_a_commit_without_the_project(project, tmp_path):
    commit = traps.git(tmp_path, "commit-tree", EMPTY_TREE, input="Start").strip()

    result = diff(commit)

    assert result.stdout.endswith("demo: 7 new, 0 changed, 0 retired, 0 unchanged\n")
    assert result.stderr == f"warning: '{commit}' has no project in 'decks': every card counts as new\n"
    assert (
        deckgen(tmp_path, ["build", "--since", commit]).stderr
        == f"error: '{commit}' has no project in 'decks'; name another commit\n"
    )


def test_a_commit_with_errors(project, tmp_path):
    """Whoever repairs a project sees how."""
    cards = tmp_path / "decks/demo/cards.yaml"
    good = cards.read_text()
    cards.write_text(good.replace("answer: It is the second", "anser: It is the second"))
    commit(tmp_path)
    cards.write_text(good)
    result = diff()

    assert result.stdout.startswith("+ faq/second\n")
    assert result.stdout.endswith("demo: 1 new, 0 changed, 0 retired, 6 unchanged\n")
    assert re.fullmatch(
        r"warning: the sources of 'HEAD' have \d+ errors?, 0 warnings; entries with errors count as new\n",
        result.stderr,
    )
    refused = deckgen(tmp_path, ["build", "--since", "HEAD"])
    assert re.fullmatch(r"error: the sources of 'HEAD' have \d+ errors?, .*; name another commit\n", refused.stderr)


@pytest.mark.parametrize("broken", ["deckgen.yaml", "demo/deck.yaml", "sources.yaml", "deckgen.lock"])
def test_a_commit_with_errors_in_the_project_itself(broken, project, tmp_path):
    path = tmp_path / "decks" / broken
    good = path.read_text() if path.exists() else None
    path.write_text("[")
    commit(tmp_path)
    path.write_text(good) if good is not None else path.unlink()
    result = diff()

    assert result.exit_code == 0
    assert re.fullmatch(r"warning: the sources of 'HEAD' have \d+ errors?, .*\n", result.stderr)
    assert "demo: " in result.stdout


def test_links_that_a_card_needs(project, tmp_path):
    (tmp_path / "secret.yaml").write_text((tmp_path / "decks/sources.yaml").read_text())
    (tmp_path / "decks/sources.yaml").rename(tmp_path / "kept")
    (tmp_path / "decks/sources.yaml").symlink_to("../secret.yaml")
    commit(tmp_path)
    (tmp_path / "decks/sources.yaml").unlink()
    (tmp_path / "kept").rename(tmp_path / "decks/sources.yaml")
    result = diff()

    assert result.exit_code == 0
    assert result.stderr == (
        "warning: links and submodules of 'HEAD' are left out: 'sources.yaml'; entries with errors count as new\n"
    )


def forge(folder: Path, *entries: tuple[str, str, str]) -> str:
    """A tree of entries, each a mode, a name and the hash of an object, which git itself would not make."""
    tree = b"".join(f"{mode} {name}\0".encode() + bytes.fromhex(hash) for mode, name, hash in entries)
    command = ["git", "hash-object", "-t", "tree", "-w", "--literally", "--stdin"]
    return subprocess.run(command, cwd=folder, check=True, capture_output=True, input=tree).stdout.decode().strip()


def commit_of(folder: Path, decks: str) -> str:
    """A commit with a tree as its decks."""
    return traps.git(folder, "commit-tree", forge(folder, ("40000", "decks", decks)), input="Forge").strip()


@pytest.mark.parametrize("name", ["..", "../../outside", ".", ".git", ".GIT", ".git. ", "git~1", "demo//x"])
def test_a_forged_name_is_refused(name, project, tmp_path):
    blob = traps.git(tmp_path, "rev-parse", "HEAD:decks/deckgen.yaml").strip()
    for entry in (("100644", name, blob), ("40000", name, forge(tmp_path, ("100644", "config", blob)))):
        result = diff(commit_of(tmp_path, forge(tmp_path, entry)))

        assert result.exit_code == 1
        assert f"': that commit has a file with the forbidden name '{name}" in result.stderr


@pytest.mark.parametrize("name", ["x" * 300, "demo/cards.yaml"])
def test_a_name_that_cannot_be_written_is_reported(name, project, tmp_path):
    blob = traps.git(tmp_path, "rev-parse", "HEAD:decks/deckgen.yaml").strip()
    result = diff(commit_of(tmp_path, forge(tmp_path, ("100644", "demo", blob), ("100644", name, blob))))

    assert result.exit_code == 1
    assert "': cannot write '" in result.stderr


def test_a_commit_that_repeats_a_folder_without_end_is_refused(project, tmp_path):
    tree = traps.git(tmp_path, "rev-parse", "HEAD:decks").strip()
    for _ in range(10):
        tree = forge(tmp_path, *[("40000", f"folder-{number}", tree) for number in range(64)])
    reference = commit_of(tmp_path, tree)

    assert diff(reference).stderr == (
        f"error: git cannot give the sources of '{reference}': 'git ls-tree' prints more than 64 MB\n"
    )


@pytest.mark.slow
def test_too_many_files_are_refused(project, tmp_path):
    blob = traps.git(tmp_path, "rev-parse", "HEAD:decks/deckgen.yaml").strip()
    folder = forge(tmp_path, *[("100644", f"{number:04}", blob) for number in range(1000)])
    reference = commit_of(tmp_path, forge(tmp_path, *[("40000", f"{number:03}", folder) for number in range(101)]))

    assert "': that commit has 101,000 files in 'decks'; at most 100,000 are read\n" in diff(reference).stderr


def test_files_that_are_too_large_in_total_are_refused(project, monkeypatch):
    monkeypatch.setattr(git, "MAX_COMMIT_BYTES", 1000)

    assert "more than 0 MB of files" in diff().stderr


def test_a_damaged_repository_is_reported(project, tmp_path):
    blob = traps.git(tmp_path, "rev-parse", "HEAD:decks/demo/cards.yaml").strip()
    (tmp_path / ".git/objects" / blob[:2] / blob[2:]).unlink()

    assert diff().stderr == (
        "error: git cannot give the sources of 'HEAD': "
        "the repository is damaged: the content of 'cards.yaml' is missing\n"
    )


@pytest.mark.slow
def test_an_incomplete_clone_is_reported_with_the_command_that_completes_it(project, tmp_path):
    (tmp_path / "decks/demo/cards.yaml").write_text(CARDS.replace("Warm the pot.", "Warm the teapot."))
    commit(tmp_path)
    traps.git(tmp_path, "config", "uploadpack.allowFilter", "true")
    traps.git(tmp_path, "clone", "-q", "--filter=blob:none", tmp_path.as_uri(), "partial")
    arguments = ["diff", "--since", "HEAD~"]
    done = deckgen(tmp_path / "partial", arguments)
    _, command, _ = done.stderr.split("; ")[-1].split("'")

    assert done.stderr.startswith("error: git cannot give the sources of 'HEAD~': this partial clone lacks some of the")
    subprocess.run(command.split(), cwd=tmp_path / "partial", check=True)
    report = deckgen(tmp_path / "partial", [*arguments, "--format", "markdown"]).stdout
    assert "the ~~pot.\\]~~ **teapot.\\]**" in report


@pytest.mark.parametrize("version", ["git version 2.37.9", "git version 2.9.1", "git version 1.40.0", "nonsense"])
def test_an_old_git_is_refused(version, project, tmp_path):
    old = tmp_path / "bin/git"
    old.parent.mkdir()
    old.write_text(f"#!/bin/sh\n[ $1 = version ] && echo {version} || touch {tmp_path}/ran\n")
    old.chmod(0o755)
    done = deckgen(tmp_path, ["diff", "--since", "HEAD"], PATH=f"{old.parent}:{os.environ['PATH']}")

    assert done.stderr == (
        "error: git cannot give the sources of 'HEAD': "
        f"deckgen needs git 2.38 or newer, found '{version}'; get it from https://git-scm.com\n"
    )
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize("path", ["", ".", "bin"])
def test_a_git_program_in_the_checkout_is_never_run(path, project, tmp_path):
    (tmp_path / "bin").mkdir()
    for folder in (tmp_path, tmp_path / "bin"):
        (folder / "git").write_text(f"#!/bin/sh\ntouch {tmp_path}/ran; echo git version 3.0\n")
        (folder / "git").chmod(0o755)
    done = deckgen(tmp_path, ["diff", "--since", "HEAD"], PATH=path)

    assert done.stderr == (
        "error: git cannot give the sources of 'HEAD': "
        "deckgen needs git 2.38 or newer, found none; get it from https://git-scm.com\n"
    )
    assert not (tmp_path / "ran").exists()


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can give files to somebody else")
def test_a_repository_of_another_user_is_read_once_it_is_trusted(project, tmp_path):
    """As in a container into which a checkout was mounted."""
    home = {"HOME": str(tmp_path / "home")}
    (tmp_path / "home").mkdir()
    for path in (tmp_path, *tmp_path.rglob("*")):
        os.chown(path, 54321, -1, follow_symlinks=False)
    refused = deckgen(tmp_path, ["diff", "--since", "HEAD"], **home)
    beginning, _, remedy = refused.stderr.strip().partition("; if you trust it, run: ")
    subprocess.run(shlex.split(remedy), check=True, env=os.environ | home)

    assert beginning == (
        "error: git cannot give the sources of 'HEAD': git refuses to read the repository, which belongs to "
        "another user"
    )
    assert deckgen(tmp_path, ["diff", "--since", "HEAD"], **home).returncode == 0
