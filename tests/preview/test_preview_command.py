"""``deckgen preview``: wrong arguments get a clear message."""

from __future__ import annotations

import socket

from click.testing import CliRunner

from deckgen.cli import main


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
