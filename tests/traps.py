"""A checkout full of traps: whatever of it is executed leaves a file of its own in another folder."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import sample
from author import CARDS

PLACES = ("", "decks", "decks/demo")
MODULES = ("click", "deckgen", "json", "pip", "sitecustomize", "usercustomize", "venv", "yaml")
HOOKS = ("post-checkout", "post-index-change", "pre-auto-gc", "reference-transaction")
PROGRAMS = (
    "alternates",
    "askpass",
    "clean",
    "credentials",
    "diff-driver",
    "external-diff",
    "fsmonitor",
    "git-remote-ext",
    "gpg",
    "pager",
    "proxy",
    "remote",
    "smudge",
    "ssh",
    "textconv",
)
SECRET = "What nobody but its owner reads"  # noqa: S105 - it only says so
LINKED = "linked"
"""A tag, of a commit with links that lead out of the checkout."""

MISSING = "1" * 40
"""A commit that the repository lacks, and would get from a remote that runs a program."""


class Traps:
    """A checkout of a branch, which has an origin with the branch ``main``; both of them have the traps."""

    def __init__(self, folder: Path, git_directory: str = "") -> None:
        """Make a checkout; its folder ``git_directory``, if named, holds the files of a git directory."""
        self.checkout = folder / "checkout"
        self._fired = folder / "fired"
        self._fired.mkdir()
        origin = folder / "origin"
        sample.write(origin, {"deckgen.yaml": sample.BASE["deckgen.yaml"], "demo/cards.yaml": CARDS})
        subprocess.run([deckgen(), "-C", str(origin), "build", "-q", "-o", str(folder / "build")], check=True)
        self._write(origin)
        git(origin, "init", "-q", "-b", "main")
        self._commit(origin, "Set the traps")
        if git_directory:
            self._make_git_directory(origin / git_directory)
            self._commit(origin, "Make a git directory")
        self._link(origin, folder / "outside")
        git(folder, "clone", "-q", "-b", "main", str(origin), str(self.checkout))
        git(self.checkout, "fetch", "-q", "origin", "main")
        git(self.checkout, "switch", "-q", "-c", "change")
        cards = self.checkout / "decks/demo/cards.yaml"
        cards.write_text(CARDS.replace("Warm the pot.", "Warm the teapot."))
        git(self.checkout, "commit", "-q", "-a", "-m", "Change a card")
        _sign(self.checkout)
        with (self.checkout / ".git/config").open("a") as file:
            file.write(self._config())
        self.disarm()

    @property
    def fired(self) -> list[str]:
        """The traps that something ran into."""
        return sorted(path.name for path in self._fired.iterdir())

    def disarm(self) -> None:
        """Forget the traps that fired."""
        for path in self._fired.iterdir():
            path.unlink()

    def program(self, name: str) -> str:
        return str(self.checkout / "traps" / name)

    def git_variables(self) -> dict[str, str]:
        """Variables that lead git astray."""
        return {
            "GIT_ASKPASS": self.program("askpass"),
            "GIT_CONFIG_COUNT": "1",
            "GIT_CONFIG_GLOBAL": self.program("config"),
            "GIT_CONFIG_KEY_0": "core.fsmonitor",
            "GIT_CONFIG_VALUE_0": self.program("fsmonitor"),
            "GIT_DIR": str(self.checkout / "decks/demo"),
            "GIT_EXEC_PATH": str(self.checkout / "traps"),
            "GIT_EXTERNAL_DIFF": self.program("external-diff"),
            "GIT_PAGER": self.program("pager"),
            "GIT_PROXY_COMMAND": self.program("proxy"),
            "GIT_SSH_COMMAND": self.program("ssh"),
            "GIT_WORK_TREE": str(self.checkout / "decks/demo"),
        }

    def python_variables(self) -> dict[str, str]:
        """Variables that lead Python astray."""
        return {
            "PYTHONPATH": os.pathsep.join(str(self.checkout / place) for place in PLACES),
            "PYTHONSTARTUP": str(self.checkout / "sitecustomize.py"),
            "PYTHONUSERBASE": str(self.checkout),
        }

    def _write(self, origin: Path) -> None:
        for place in PLACES:
            for module in MODULES:
                mark = self._fired / f"{module}.py"
                (origin / place / f"{module}.py").write_text(f"open({str(mark)!r}, 'w').close()\n")
            (origin / place / ".gitattributes").write_text("* filter=trap diff=trap export-subst\n*.py !diff\n")
        (origin / "traps").mkdir()
        for name in HOOKS + PROGRAMS:
            program = origin / "traps" / name
            program.write_text(f"#!/bin/sh\ntouch '{self._fired / name}'\nexit 1\n")
            program.chmod(0o755)
        (origin / "traps/config").write_text(self._config())

    def _config(self, remote: str = "trap", worktree: str = "") -> str:
        """Settings of git that run each of the programs."""
        return f"""
[core]
    repositoryFormatVersion = 1
    alternateRefsCommand = {self.program("alternates")}
    askPass = {self.program("askpass")}
    fsmonitor = {self.program("fsmonitor")}
    gitProxy = {self.program("proxy")}
    hooksPath = {self.program("")}
    pager = {self.program("pager")}
    sshCommand = {self.program("ssh")}
    {f"worktree = {worktree}" if worktree else ""}
[credential]
    helper = {self.program("credentials")}
[diff]
    external = {self.program("external-diff")}
[diff "trap"]
    command = {self.program("diff-driver")}
    textconv = {self.program("textconv")}
[extensions]
    partialClone = {remote}
[filter "trap"]
    clean = {self.program("clean")}
    smudge = {self.program("smudge")}
[format]
    pretty = %G?
[gpg]
    program = {self.program("gpg")}
[log]
    showSignature = true
[pager]
    log = {self.program("pager")}
[protocol "ext"]
    allow = always
[remote "{remote}"]
    fetch = +refs/heads/*:refs/remotes/{remote}/*
    promisor = true
    url = ext::{self.program("remote")}
"""

    def _make_git_directory(self, folder: Path) -> None:
        """Put the files of a git directory into a folder, as files that git lets anyone commit."""
        inner = folder.parent / "inner"
        shutil.copytree(folder, inner)
        git(inner, "init", "-q", "-b", "main")
        self._commit(inner, "Look real")
        for name in ("HEAD", "objects", "refs"):
            (inner / ".git" / name).rename(folder / name)
        for empty in (folder / "objects/info", folder / "objects/pack", folder / "refs/tags"):
            (empty / "kept").touch()
        (folder / "config").write_text(self._config("origin", worktree="."))
        (folder / "FETCH_HEAD").write_text(f"{MISSING}\n")
        shutil.rmtree(inner)

    def _link(self, origin: Path, outside: Path) -> None:
        """Tag a commit with links out of the checkout, which the next one no longer has."""
        outside.mkdir()
        (outside / "secret.yaml").write_text(CARDS.replace("Is it the second?", SECRET))
        (origin / "decks/demo/secret.yaml").symlink_to(outside / "secret.yaml")
        (origin / "decks/demo/media").symlink_to(outside)
        self._commit(origin, "Link")
        git(origin, "tag", LINKED)
        git(origin, "rm", "-q", "decks/demo/secret.yaml", "decks/demo/media")
        self._commit(origin, "Remove the links")

    def _commit(self, folder: Path, message: str) -> None:
        git(folder, "add", "-A", "-f")
        git(folder, "commit", "-q", "-m", message)


def deckgen() -> str:
    """The command as it is installed."""
    found = shutil.which("deckgen", path=str(Path(sys.executable).parent))
    assert found
    return found


def git(folder: Path, *arguments: str, input: str | None = None) -> str:
    """Run git as an author does."""
    command = ["git", "-c", "user.name=A", "-c", "user.email=a@example.org", *arguments]
    return subprocess.run(command, cwd=folder, check=True, stdout=subprocess.PIPE, text=True, input=input).stdout


def _sign(folder: Path) -> None:
    """Give the newest commit a signature, which ``git log`` can be told to check with a program."""
    commit = git(folder, "cat-file", "commit", "HEAD")
    signature = "gpgsig -----BEGIN PGP SIGNATURE-----\n \n x\n -----END PGP SIGNATURE-----\n\n"
    signed = git(
        folder, "hash-object", "-t", "commit", "-w", "--stdin", input=commit.replace("\n\n", f"\n{signature}", 1)
    )
    git(folder, "reset", "-q", "--soft", signed.strip())
