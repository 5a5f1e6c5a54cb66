"""``deckgen preview``: it starts watching in time, and wrong arguments get a clear message."""

from __future__ import annotations

import http.client
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

import sample
from author import CARDS
from deckgen.cli import main


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return sample.write(tmp_path, {"demo/cards.yaml": CARDS})


def test_a_file_that_is_saved_while_the_preview_starts_is_shown(project):
    command = [sys.executable, "-m", "deckgen", "preview", "--watch"]
    with subprocess.Popen(command, cwd=project, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            found = re.match(r"http://(127\.0\.0\.1:\d+)/", process.stdout.readline())
            Path(project, "demo/cards.yaml").write_text(CARDS.replace("Warm the pot.", "Warm the teapot."))
            assert found
            connection = http.client.HTTPConnection(found[1], timeout=10)
            connection.request("GET", "/events")
            events = connection.getresponse()
            while not events.readline().endswith(b".1\n"):
                pass
        finally:
            process.terminate()


def test_a_port_that_is_in_use_is_reported(project):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        result = CliRunner().invoke(main, ["preview", "--port", str(port)])

    assert result.exit_code == 1
    assert f"cannot serve on port {port}" in result.stderr


def test_an_unknown_editor_is_a_usage_error(project):
    result = CliRunner().invoke(main, ["preview", "--editor", "emacs"])

    assert result.exit_code == 2
    assert "'emacs' is neither one of vscode, vscodium, cursor, zed, idea, none nor a URL with {path}" in result.stderr


def test_an_unknown_commit_is_reported(project):
    result = CliRunner().invoke(main, ["preview", "--since", "v99"])

    assert result.exit_code == 1
    assert "git cannot give the sources of 'v99'" in result.stderr


def test_a_file_that_is_not_a_package_is_reported(project):
    (project / "x.apkg").write_text("x")
    result = CliRunner().invoke(main, ["preview", "--since", str(project / "x.apkg")])

    assert result.exit_code == 1
    assert "is not an Anki package" in result.stderr
