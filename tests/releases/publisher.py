"""A maintainer who publishes releases of the sample project, as a project in git."""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path

from click.testing import CliRunner, Result

from author import MONTH, Author
from deckgen.cli import main

WHEN = {"v1": -3 * MONTH, "v2": -2 * MONTH, "v3": -MONTH, "v4": -MONTH // 2, "v5": -60}
"""When each release is made, in seconds from now."""


class Publisher(Author):
    """Edits the sample project, commits, and makes releases with ``deckgen release``."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        (folder / ".gitignore").write_text("build/\nreleases/\n")
        self.git("init", "-q", "-b", "main")
        for name, value in {"user.name": "A", "user.email": "a@example.org", "commit.gpgSign": "false"}.items():
            self.git("config", name, value)

    def git(self, *arguments: str) -> str:
        done = subprocess.run(["git", *arguments], cwd=self.folder, check=True, capture_output=True, text=True)
        return done.stdout

    def runs(self, at: float, *arguments: str) -> Result:
        here = Path.cwd()
        environment = {"SOURCE_DATE_EPOCH": str(int(time.time() + at))}
        result = CliRunner().invoke(main, ["-C", str(self.folder), *arguments], env=environment)
        os.chdir(here)
        return result

    def moves(self, name: str) -> None:
        """Move the project into another folder of the repository."""
        (self.folder / name).mkdir()
        self.git("mv", "decks", f"{name}/decks")
        self.git("commit", "-qm", "Move the decks")
        self.folder /= name

    def commits(self, name: str) -> None:
        """Build just before the release of a name, and commit."""
        built = self.runs(WHEN[name] - 3600, "build")
        assert built.exit_code == 0, built.output
        self.git("add", "-A")
        self.git("commit", "-qm", "Edit", "--allow-empty")

    def publishes(self, name: str, *options: str) -> Path:
        """Make, commit and tag a release, and return its folder."""
        self.commits(name)
        result = self.runs(WHEN[name], "release", name, *options)
        assert result.exit_code == 0, result.output
        self.git("commit", "-qam", f"Release {name}")
        self.git("tag", name)
        return self.folder / f"build/release-{name}"
