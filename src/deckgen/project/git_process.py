"""Runs git; no other module does.

A checkout can be a stranger's pull request. Whatever it contains, and whatever the repository's settings and the
environment say, git starts no other program here, contacts no server and writes nothing into the repository.
"""

from __future__ import annotations

import functools
import os
import re
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

OLDEST = (2, 38)
"""The first version that knows ``safe.bareRepository``."""

MAX_OUTPUT = 2**26
"""The most bytes that are read from a command's output: a small commit can list an astronomical number of files."""

OPTIONS = (
    # A commit can contain a folder that looks like a git directory. Git must not take it for one and read its settings.
    "safe.bareRepository=explicit",
    "core.fsmonitor=false",
    "diff.relative=false",  # or git leaves out the paths where a project was before it moved
    f"core.hooksPath={os.devnull}",
)

_COMMANDS = {
    "cat-file": (),
    "for-each-ref": (),
    "log": ("--no-ext-diff", "--no-textconv", "--no-show-signature", "--format=medium", "--submodule=short"),
    "ls-tree": (),
    "rev-parse": (),
}
"""The commands that may be run, with what keeps each from starting other programs. None of them filters a file."""

_ENVIRONMENT = {
    "GIT_ALLOW_PROTOCOL": "",  # no protocol at all: so no remote helper, ssh, proxy or credential helper either
    "GIT_ASKPASS": "",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
}


class GitError(Exception):
    """Why git cannot do what it was asked, in one line."""


def run(folder: Path, command: str, *arguments: str) -> bytes:
    """Return what a git command prints about the repository that a folder belongs to."""
    with stream(folder, command, *arguments) as output:
        data = output.read(MAX_OUTPUT + 1)
        if len(data) > MAX_OUTPUT:
            raise GitError(f"'git {command}' prints more than {MAX_OUTPUT // 2**20} MB")
    return data


@contextmanager
def stream(folder: Path, command: str, *arguments: str, input: bytes = b"") -> Iterator[IO[bytes]]:
    """What a git command prints, while it runs; raises GitError if it fails."""
    options = [part for option in OPTIONS for part in ("-c", option)]
    line = [_program(), "--no-pager", *options, "-C", str(folder), command, *_COMMANDS[command], *arguments]
    with tempfile.TemporaryFile() as stdin, tempfile.TemporaryFile() as errors:
        stdin.write(input)
        stdin.seek(0)
        with subprocess.Popen(  # noqa: S603 - no shell reads it
            line, stdin=stdin, stdout=subprocess.PIPE, stderr=errors, env=_environment()
        ) as process:
            assert process.stdout is not None
            try:
                yield process.stdout
            except EOFError:  # it stopped early, and says below why
                if process.wait() == 0:
                    raise
            except BaseException:
                process.kill()
                raise
        if process.returncode:
            errors.seek(0)
            raise GitError(_reason(errors.read().decode(errors="replace")) or f"'git {command}' failed")


def _reason(errors: str) -> str:
    """Why git failed, in one line, from its output."""
    _, mark, rest = errors.rpartition("fatal: ")
    reason = " ".join((mark + rest).split())
    if found := re.search(r"'(.*)' \(safe\.bareRepository", reason):
        return (
            f"'{found[1]}' contains the files of a git directory, whose settings could run programs; "
            "delete HEAD, config, objects and refs in that folder"
        )
    if found := re.search(r"dubious ownership in repository at '(.*)' To add", reason):
        return (
            "git refuses to read the repository, which belongs to another user; if you trust it, "
            f"run: git config --global --add safe.directory {shlex.quote(found[1])}"
        )
    if "promisor remote" in reason:
        return "this partial clone lacks some of the files; run 'git fetch --refetch --no-filter' and try again"
    return reason


def _environment() -> dict[str, str]:
    """The environment without the variables that could redirect git, and with those that restrict it."""
    return {name: value for name, value in os.environ.items() if not name.startswith("GIT_")} | _ENVIRONMENT


@functools.cache
def _program() -> str:
    """The path of git, once it is known to be new enough."""
    wanted = f"deckgen needs git {OLDEST[0]}.{OLDEST[1]} or newer"
    path = shutil.which("git")
    if path is None or not os.path.isabs(path):  # a relative path may be a file of the project
        raise GitError(f"{wanted}, found none; get it from https://git-scm.com")
    version = subprocess.run([path, "version"], check=False, capture_output=True, text=True, env=_environment()).stdout  # noqa: S603
    number = re.search(r"(\d+)\.(\d+)", version)
    if number is None or (int(number[1]), int(number[2])) < OLDEST:
        raise GitError(f"{wanted}, found '{version.strip()}'; get it from https://git-scm.com")
    return path
