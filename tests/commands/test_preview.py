"""``deckgen preview``: it starts watching in time, and wrong arguments get a clear message."""

from __future__ import annotations

import http.client
import json
import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import sample
from author import CARDS
from deckgen.cli import main
from deckgen.commands.preview import open_in_anki
from deckgen.core.terminal import Failure


def test_the_button_says_that_the_project_is_gone():
    with pytest.raises(Failure, match="error: expected this file here"):
        open_in_anki("")


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


@contextmanager
def watching(project: Path) -> Iterator[Callable[[str, bool], Any]]:
    """A preview that follows its sources: a function that waits until what it shows contains a text, or no longer."""
    command = [sys.executable, "-m", "deckgen", "preview", "--watch"]
    with subprocess.Popen(command, cwd=project.parent, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            found = re.match(r"http://(127\.0\.0\.1:\d+)/", process.stdout.readline())
            assert found
            events = http.client.HTTPConnection(found[1], timeout=60)
            events.request("GET", "/events")
            stream = events.getresponse()

            def wait(text: str, is_there: bool = True) -> Any:
                while True:
                    connection = http.client.HTTPConnection(found[1], timeout=60)
                    connection.request("GET", "/cards.json")
                    shown = connection.getresponse().read().decode()
                    if (text in shown) is is_there:
                        return json.loads(shown)
                    while not stream.readline().startswith(b"data:"):
                        pass

            yield wait
        finally:
            process.terminate()


LOST = "cannot show the sources"
TEAPOT = CARDS.replace("Warm the pot.", "Warm the teapot.")


@pytest.mark.slow
def test_a_decks_folder_that_is_renamed_is_reported_and_followed_again_when_it_is_back(project):
    with watching(project) as wait:
        wait("Warm the pot.")
        project.rename(project.with_name("gone"))
        assert wait(LOST)["order"]
        project.with_name("gone").rename(project)
        assert wait(LOST, is_there=False)["order"]
        (project / "demo/cards.yaml").write_text(TEAPOT)
        wait("Warm the teapot.")


@pytest.mark.slow
def test_a_decks_folder_that_is_made_anew_is_followed(project):
    with watching(project) as wait:
        wait("Warm the pot.")
        shutil.rmtree(project)
        wait(LOST)
        sample.write(project.parent, {"demo/cards.yaml": CARDS})
        wait(LOST, is_there=False)
        (project / "demo/cards.yaml").write_text(TEAPOT)
        wait("Warm the teapot.")


@pytest.mark.slow
def test_a_decks_folder_that_is_replaced_is_followed(project):
    with watching(project) as wait:
        wait("Warm the pot.")
        sample.write(project.parent / "other", {"demo/cards.yaml": TEAPOT})
        project.rename(project.with_name("gone"))
        (project.parent / "other/decks").rename(project)
        wait("Warm the teapot.")
        (project / "demo/cards.yaml").write_text(CARDS)
        wait("Warm the pot.")


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere names are always Unicode")
def test_a_name_that_is_not_utf_8_is_reported_and_others_are_still_followed(project):
    with watching(project) as wait:
        wait("Warm the pot.")
        Path(os.fsdecode(bytes(project / "demo") + b"/a\xff.yaml")).touch()
        wait("expected a name of visible characters")
        (project / "demo/cards.yaml").write_text(TEAPOT)
        wait("Warm the teapot.")
        Path(os.fsdecode(bytes(project / "demo") + b"/a\xff.yaml")).unlink()
        wait("expected a name of visible characters", is_there=False)


def test_a_loop_of_links_is_reported_and_others_are_still_followed(project):
    with watching(project) as wait:
        wait("Warm the pot.")
        (project / "demo/loop").symlink_to("..")
        wait("a link to a folder, which is not followed")
        (project / "demo/cards.yaml").write_text(TEAPOT)
        wait("Warm the teapot.")


def test_a_port_that_is_in_use_is_reported(project):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        result = CliRunner().invoke(main, ["preview", "--port", str(port)])

    assert result.exit_code == 1
    assert f"cannot serve on port {port}: Address already in use; without --port, deckgen takes" in result.stderr


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
