"""The preview's server and static files: to whom they answer, what they hold. What one sees is tried in a browser."""

from __future__ import annotations

import http.client
import json
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

import sample
from author import CARDS
from deckgen.cli import main
from deckgen.compiler.pipeline import compile_project
from deckgen.language.media import content_mark
from deckgen.preview import gallery
from deckgen.preview.server import Server, follow

DOT = """\
faq: [{id: dot, domain: others, question: "![a dot](media/dot.png) What sign is </script> it?", answer: A dot}]
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    files = {"demo/cards.yaml": CARDS, "demo/dot.yaml": DOT.replace("</script>", "< /script >")}
    return sample.write(tmp_path, {**files, "demo/media/dot.png": sample.png()})


def made(project: Path) -> gallery.Gallery:
    return gallery.make(compile_project(project), None, gallery.EDITORS["vscode"])


@pytest.fixture
def server(project: Path) -> Iterator[Server]:
    running = Server(made(project), 0, watching=True)
    threading.Thread(target=running.serve_forever, daemon=True).start()
    yield running
    running.end()
    running.shutdown()


def ask(server: Server, path: str, method: str = "GET", host: str = "") -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection("127.0.0.1", server.server_address[1], timeout=10)
    connection.putrequest(method, path, skip_host=True)
    connection.putheader("Host", host or server.hosts[0])
    connection.endheaders()
    return connection.getresponse()


def test_the_page_runs_only_its_own_script_and_is_kept_by_nobody(server):
    answer = ask(server, "/?deck=demo")

    assert answer.status == 200
    assert "default-src 'none'; script-src 'self'" in (answer.getheader("Content-Security-Policy") or "")
    assert answer.getheader("Cache-Control") == "no-store"
    assert answer.read().decode().count("</script>") == 2


def test_the_page_data_and_media_are_served(server):
    cards = json.loads(ask(server, "/cards.json").read())["cards"]
    dot = next(card for card in cards if card["note"] == "faq/dot")
    name = dot["front"].partition('src="')[2].partition('"')[0]

    assert ask(server, f"/{name}").read() == sample.png()
    assert ask(server, "/page.js").getheader("Content-Type") == "text/javascript; charset=utf-8"
    assert ask(server, "/page.css").status == 200


@pytest.mark.parametrize(
    "path",
    [
        "/media/../deckgen.yaml",
        "/media/..%2f..%2fdeckgen.yaml",
        "/media//etc/passwd",
        "/../../etc/passwd",
        "/page.html",
        "//etc/passwd",
        "/media/",
        "/deckgen.yaml",
    ],
)
def test_nothing_else_is(server, path):
    assert ask(server, path).status == 404


@pytest.mark.parametrize("host", ["example.org", "127.0.0.1", "localhost:1", "127.0.0.1.example.org:80"])
def test_who_asks_under_another_name_gets_nothing(server, host):
    for path in ("/", "/cards.json", "/events", "/page.js"):
        answer = ask(server, path, host=host)
        assert answer.status == 403
        assert b"card" not in answer.read()


def test_it_may_be_called_localhost(server):
    assert ask(server, "/", host=server.hosts[1]).status == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_it_takes_nothing(server, method):
    assert ask(server, "/", method=method).status == 501


def test_only_this_machine_can_reach_it(server):
    assert server.server_address[0] == "127.0.0.1"


def test_a_port_that_is_taken_is_said_in_words(project):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        result = CliRunner().invoke(main, ["preview", "--port", str(port)])

    assert result.exit_code == 1
    assert f"cannot serve on port {port}" in result.stderr


def test_a_page_that_waits_is_told_of_a_change(server, project):
    events = ask(server, "/events")
    assert events.readline() == b": here\n"
    (project / "demo/dot.yaml").write_text(DOT.replace("</script>", "now"))
    follow(server, ["a change"], lambda: made(project))

    assert [events.readline() for _ in range(2)] == [b"\n", b"event: changed\n"]
    assert "What sign is now it?" in ask(server, "/cards.json").read().decode()


def test_files_with_errors_keep_the_cards_that_they_had_while_others_follow(server, project):
    (project / "demo/dot.yaml").write_text("faq: [")
    (project / "demo/cards.yaml").write_text(CARDS.replace("Warm the pot.", "Warm the teapot."))
    follow(server, ["a change"], lambda: made(project))
    data = server.gallery.data

    assert [problem["path"] for problem in data["problems"]] == ["decks/demo/dot.yaml"]
    assert any(card["note"] == "faq/dot" for card in data["cards"])
    assert any("Warm the teapot." in card["back"] for card in data["cards"])
    assert not any("Warm the pot." in card["back"] for card in data["cards"])


def test_static_files_need_packages_that_are_recorded_in_the_lock(project):
    result = CliRunner().invoke(main, ["preview", "--static", "site"])

    assert result.exit_code == 1
    assert "run 'deckgen build' first" in result.stderr
    assert not Path("site/index.html").exists()


def test_static_files_hold_everything_and_only_what_is_of_today(project):
    runner = CliRunner()
    assert runner.invoke(main, ["build"]).exit_code == 0
    Path("site/media").mkdir(parents=True)
    Path(f"site/media/old-{content_mark(b'x')}.png").write_bytes(b"x")
    result = runner.invoke(main, ["preview", "--static", "site"])

    assert result.exit_code == 0, result.output
    names = sorted(path.relative_to("site").as_posix() for path in Path("site").rglob("*") if path.is_file())
    picture = next(name for name in names if name.startswith("media/"))
    assert names == ["cards.html", "demo-update.txt", "demo.apkg", "index.html", picture, "page.css", "page.js"]
    assert Path("site/demo.apkg").read_bytes() == Path("build/demo.apkg").read_bytes()
    assert Path(f"site/{picture}").read_bytes() == sample.png()


def test_static_pages_name_files_by_addresses_and_say_what_may_run(tmp_path):
    files = {name: sample.BASE[name] for name in ("deckgen.yaml", "sources.yaml")}
    card = "faq: [{id: one, domain: basics, question: Q?, answer: A}]"
    root = sample.write(
        tmp_path, {**files, "javascript:x #?%2f/deck.yaml": "title: Demo", "javascript:x #?%2f/x.yaml": card}, False
    )
    runner = CliRunner()
    for command in (["build"], ["preview", "--static", "site"]):
        assert runner.invoke(main, ["-C", str(root.parent), *command]).exit_code == 0
    landing, cards = (Path("site", name).read_text() for name in ("index.html", "cards.html"))

    assert 'href="javascript%3Ax%20%23%3F%252f.apkg"' in landing
    assert 'href="javascript%3Ax%20%23%3F%252f-update.txt"' in landing
    assert "default-src 'none'" in landing.partition("<link")[0]
    assert "script-src" not in landing
    assert "default-src 'none'; script-src 'self'" in cards.partition("<link")[0]


def test_static_files_take_nothing_away_that_they_did_not_bring(project):
    runner = CliRunner()
    assert runner.invoke(main, ["build"]).exit_code == 0
    Path("site/media").mkdir(parents=True)
    Path("site/media/mine-1234.png").write_bytes(b"x")

    assert runner.invoke(main, ["preview", "--static", "site"]).exit_code == 0
    assert Path("site/media/mine-1234.png").exists()


@pytest.mark.parametrize("folder", ["decks", "decks/demo", "decks/demo/media"])
def test_static_files_are_not_written_among_the_sources(project, folder):
    """A deck's own pictures are in a folder called media as well."""
    runner = CliRunner()
    assert runner.invoke(main, ["build"]).exit_code == 0
    before = {path: path.read_bytes() for path in project.rglob("*") if path.is_file()}
    result = runner.invoke(main, ["preview", "--static", folder])

    assert result.exit_code == 1
    assert f"expected a folder that has no sources, found '{folder}'" in result.stderr
    assert {path: path.read_bytes() for path in project.rglob("*") if path.is_file()} == before


def test_static_files_are_not_written_with_errors(project):
    (project / "demo/dot.yaml").write_text("faq: [")
    result = CliRunner().invoke(main, ["preview", "--static", "site"])

    assert result.exit_code == 1
    assert "decks/demo/dot.yaml:1" in result.stderr
    assert not Path("site").exists()


def test_an_editor_that_is_not_known_is_a_usage_error(project):
    result = CliRunner().invoke(main, ["preview", "--editor", "emacs"])

    assert result.exit_code == 2
    assert "'emacs' is none of vscode, vscodium, cursor, zed, idea, none" in result.stderr


def test_a_commit_that_is_not_there_is_said_in_words(project):
    result = CliRunner().invoke(main, ["preview", "--since", "v99"])

    assert result.exit_code == 1
    assert "git cannot give the sources of 'v99'" in result.stderr
