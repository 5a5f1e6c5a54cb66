"""The preview's server: whom it answers, and what it serves. What the page shows is tested in a browser."""

from __future__ import annotations

import http.client
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import sample
from author import CARDS
from deckgen.compiler.pipeline import compile_project
from deckgen.core.terminal import Failure
from deckgen.preview.render_gallery import GalleryRenderer
from deckgen.preview.server import Server, follow


@pytest.fixture
def server(project: Path) -> Iterator[Server]:
    gallery = GalleryRenderer().render(compile_project(project))
    running = Server(gallery, 0, watching=True, open_in_anki=open_in_anki)
    threading.Thread(target=running.serve_forever, args=(0.01,), daemon=True).start()
    yield running
    running.end()
    running.shutdown()


def save(server: Server, path: Path, text: str) -> None:
    """Save a file, and let the server know of it."""
    path.write_text(text)
    root = path.parent.parent
    follow(server, ["a change"], lambda: GalleryRenderer().render(compile_project(root)))


def open_in_anki(deck: str) -> str:
    if deck == "none":
        raise Failure("there is no deck 'none'")
    return f"opened {deck or 'all decks'}"


def post(server: Server, deck: str = "", path: str = "/open", **headers: str) -> tuple[int, str]:
    """Press the button of the page, with other headers if they are given: the status and the text of the answer."""
    port = server.server_address[1]
    sent = {"Host": server.hosts[0], "Origin": f"http://{server.hosts[0]}", "X-Deckgen-Token": server.token}
    sent |= {name.replace("_", "-"): value for name, value in headers.items()}
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("POST", path, deck, {name: value for name, value in sent.items() if value != "none"})
    answer = connection.getresponse()
    return answer.status, answer.read().decode()


def test_the_button_opens_the_deck_that_is_chosen(server):
    assert server.token in ask(server, "/").read().decode()
    assert post(server) == (200, "opened all decks\n")
    assert post(server, "pain") == (200, "opened pain\n")
    assert post(server, "none") == (409, "there is no deck 'none'\n")


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "example.org"},
        {"Origin": "none"},
        {"Origin": "null"},
        {"Origin": "https://example.org"},
        {"Origin": "http://127.0.0.1"},
        {"X_Deckgen_Token": "none"},
        {"X_Deckgen_Token": "wrong"},
        {"X_Deckgen_Token": "\u00e9"},
    ],
    ids=str,
)
def test_no_other_site_can_press_the_button(server, headers):
    assert post(server, **headers) == (403, "this is for the page of this preview only\n")


@pytest.mark.parametrize(
    ("path", "deck", "status"), [("/", "", 404), ("/cards.json", "", 404), ("/open", "x" * 1000, 400)]
)
def test_the_button_does_nothing_else(server, path, deck, status):
    assert post(server, deck, path)[0] == status


def ask(server: Server, path: str, method: str = "GET", host: str = "") -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection("127.0.0.1", server.server_address[1], timeout=10)
    connection.putrequest(method, path, skip_host=True)
    connection.putheader("Host", host or server.hosts[0])
    connection.endheaders()
    return connection.getresponse()


def update(server: Server, since: str = "") -> Any:
    return json.loads(ask(server, f"/cards.json?since={since}").read())


def test_the_page_runs_only_its_own_scripts_and_is_not_cached(server):
    answer = ask(server, "/?deck=demo")

    assert answer.status == 200
    assert "default-src 'none'; script-src 'self'" in (answer.getheader("Content-Security-Policy") or "")
    assert answer.getheader("Cache-Control") == "no-store"
    assert answer.read().decode().count("</script>") == 4


def test_the_page_its_data_and_its_media_are_served(server):
    (dot,) = (note for note in update(server)["notes"] if note["id"] == "faq/dot")
    name = dot["cards"][0]["now"]["front"].partition('src="')[2].partition('"')[0]

    assert ask(server, f"/{name}").read() == sample.png()
    for script in ("page.js", "cards.js", "filters.js"):
        assert ask(server, f"/{script}").getheader("Content-Type") == "text/javascript; charset=utf-8"
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
        "http://[",
        "/media/",
        "/deckgen.yaml",
    ],
)
def test_no_other_file_is_served(server, path):
    assert ask(server, path).status == 404


@pytest.mark.parametrize("host", ["example.org", "127.0.0.1", "localhost:1", "127.0.0.1.example.org:80"])
def test_a_request_under_another_host_name_is_refused(server, host):
    for path in ("/", "/cards.json", "/events", "/page.js"):
        answer = ask(server, path, host=host)
        assert answer.status == 403
        assert b"card" not in answer.read()


def test_localhost_is_a_name_of_the_server(server):
    assert ask(server, "/", host=server.hosts[1]).status == 200


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS"])
def test_only_get_requests_and_the_button_are_answered(server, method):
    assert ask(server, "/", method=method).status == 501


def test_the_server_listens_on_the_loopback_interface_only(server):
    assert server.server_address[0] == "127.0.0.1"


def test_an_event_stream_names_the_edition_at_once_and_after_every_change(server, project):
    before = update(server)["edition"]
    events = ask(server, "/events")
    assert [events.readline() for _ in range(3)] == [b"event: edition\n", f"data: {before}\n".encode(), b"\n"]
    save(server, project / "demo/cards.yaml", CARDS.replace("It is the first", "It comes first"))

    after = update(server)["edition"]
    assert after != before
    assert [events.readline() for _ in range(2)] == [b"event: edition\n", f"data: {after}\n".encode()]


def test_an_update_has_only_the_notes_that_changed(server, project):
    before = update(server)
    save(server, project / "demo/cards.yaml", CARDS.replace("answer: It is the first", "answer: It comes first"))
    after = update(server, before["edition"])

    assert [note["id"] for note in after["notes"]] == ["faq/first"]
    assert "It comes first" in after["notes"][0]["cards"][0]["now"]["back"]
    assert after["order"] is None
    assert update(server, after["edition"])["notes"] == []


def test_a_page_that_missed_editions_gets_what_changed_in_all_of_them(server, project):
    first = update(server)
    reworded = CARDS.replace("answer: It is the first", "answer: It comes first")
    shorter = reworded.partition("\nresources:")[0]
    save(server, project / "demo/cards.yaml", reworded)
    save(server, project / "demo/cards.yaml", shorter)
    save(server, project / "demo/dot.yaml", "faq: [{id: dot, domain: others, question: What is it?, answer: A point}]")
    late = update(server, first["edition"])

    changed = {note["id"]: note for note in late["notes"]}
    assert {"faq/first", "faq/dot"} <= changed.keys()
    assert late["order"] == [id for id in first["order"] if id != "resource/who"]
    unchanged = [note for note in first["notes"] if note["id"] in late["order"] and note["id"] not in changed]
    assert unchanged
    everything = {note["id"]: note for note in update(server)["notes"]}
    assert {note["id"]: note for note in unchanged} | changed == everything


def test_a_page_with_an_edition_of_another_run_gets_everything(server):
    everything = update(server)

    assert [note["id"] for note in everything["notes"]] == everything["order"]
    assert "faq/dot" in everything["order"]
    for edition in (
        "0.0",
        f"{server.edition.run}.1",
        f"{server.edition.run}.x",
        f"{server.edition.run}.{'9' * 5000}",
        "?",
        "%ff",
    ):
        assert update(server, edition) == everything


def test_a_save_that_changes_nothing_makes_no_edition(server, project):
    before = update(server)["edition"]
    save(server, project / "demo/cards.yaml", f"{CARDS}# a comment\n")

    assert update(server)["edition"] == before


def test_a_save_is_shown_even_if_the_sources_had_vanished_before_it(server, project):
    """As they may while git checks out another commit."""
    gone = project.rename(project.parent / "gone")
    follow(server, ["a change"], lambda: GalleryRenderer().render(compile_project(project)))
    data = update(server)
    assert "faq/first" in data["order"]
    assert [one["message"] for one in data["info"]["problems"]] == [
        "cannot show the sources: 'decks': No such file or directory"
    ]
    gone.rename(project)
    save(server, project / "demo/cards.yaml", CARDS.replace("Warm the pot.", "Warm the teapot."))

    assert "Warm the teapot." in json.dumps(update(server)["notes"])


def test_a_file_with_errors_keeps_its_cards_while_others_change(server, project):
    (project / "demo/dot.yaml").write_text("faq: [")
    save(server, project / "demo/cards.yaml", CARDS.replace("Warm the pot.", "Warm the teapot."))
    data = update(server)
    backs = [card["now"]["back"] for note in data["notes"] for card in note["cards"]]

    assert [problem["path"] for problem in data["info"]["problems"]] == ["decks/demo/dot.yaml"]
    assert "faq/dot" in data["order"]
    assert any("Warm the teapot." in back for back in backs)
    assert not any("Warm the pot." in back for back in backs)


@pytest.mark.parametrize("path", ["note-types/plain/front.html", "note-types/plain/type.yaml", "demo/deck.yaml"])
def test_cards_are_kept_while_the_file_of_their_type_or_deck_is_missing(server, project, path):
    save(server, project / "demo/own.yaml", "notes: [{id: own, domain: basics, type: plain, fields: {Front: One}}]\n")
    assert "note/own" in update(server)["order"]
    (project / path).unlink()
    save(server, project / "demo/cards.yaml", CARDS.replace("Warm the pot.", "Warm the teapot."))

    data = update(server)
    assert data["info"]["problems"]
    assert {"note/own", "faq/dot"}.issubset(data["order"])


def test_cards_saved_while_another_file_had_errors_are_kept_as_well(server, project):
    (project / "demo/dot.yaml").write_text("faq: [")
    save(server, project / "demo/cards.yaml", CARDS.replace("Warm the pot.", "Warm the teapot."))
    save(server, project / "demo/cards.yaml", "faq: [")

    assert "Warm the teapot." in json.dumps(update(server)["notes"])
