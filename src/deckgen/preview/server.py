"""The local server of a preview: it answers this machine only, and tells the page when the sources change."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Iterable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote

from deckgen.core.assets import asset
from deckgen.core.characters import printable_line
from deckgen.core.system_errors import describe
from deckgen.core.terminal import Failure
from deckgen.media.media import MediaFile, read_media
from deckgen.media.media_formats import mime_type
from deckgen.preview import page
from deckgen.preview.edition import Edition
from deckgen.preview.gallery import Gallery

HEADERS = {
    "Content-Security-Policy": f"{page.POLICY}; frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
"""Nothing on a card may run or send anything elsewhere, and no other site may read the page."""

HEARTBEAT = 15
"""Seconds between signs of life on a quiet event stream."""


class Server(ThreadingHTTPServer):
    """Serves the newest edition of a gallery on the loopback interface."""

    daemon_threads = True

    def __init__(
        self, gallery: Gallery, port: int, *, watching: bool, open_in_anki: Callable[[str], str] | None = None
    ) -> None:
        """``open_in_anki`` opens the deck with a name, or all decks, and returns what to tell; it may raise Failure."""
        super().__init__(("127.0.0.1", port), _Handler)
        self.watching = watching
        self.open_in_anki = open_in_anki
        self.opening = threading.Lock()
        self.token = secrets.token_urlsafe()
        """What a request must show to have something done: only the page of this run knows it."""
        self.edition = Edition(gallery)
        self.ended = False
        self.failed = False
        """Whether the sources could not be rendered when they last changed."""
        self._changed = threading.Condition()

    @property
    def address(self) -> str:
        """The URL of the page."""
        return f"http://127.0.0.1:{self.server_address[1]}/"

    @property
    def hosts(self) -> tuple[str, ...]:
        """The hosts that a request may name. Any other is the name of a site that was made to point at this machine."""
        port = self.server_address[1]
        return (f"127.0.0.1:{port}", f"localhost:{port}")

    def show(self, gallery: Gallery) -> None:
        """Serve another gallery from now on, and tell the pages if anything differs."""
        with self._changed:
            self.edition = self.edition.followed_by(gallery)
            self._changed.notify_all()

    def wait(self, last: str) -> None:
        """Wait until there is an edition after the ``last`` one, the server ends, or the next heartbeat is due."""
        with self._changed:
            self._changed.wait_for(lambda: self.ended or self.edition.name != last, HEARTBEAT)

    def end(self) -> None:
        """Stop serving and end all event streams."""
        with self._changed:
            self.ended = True
            self._changed.notify_all()
        self.server_close()


class _Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        if self.headers.get("Host", "") not in self.server.hosts:
            self._send(HTTPStatus.FORBIDDEN, "text/plain", b"this page is for this machine only\n")
            return
        address, _, query = self.path.partition("?")
        path = unquote(address)
        edition = self.server.edition
        if path == "/":
            events = "events" if self.server.watching else ""
            token = self.server.token if self.server.open_in_anki else ""
            self._send_text("text/html", page.cards_page(edition.update(), events=events, draw="draw", token=token))
        elif path == "/draw":
            self._send_text("text/html", page.draw_page())
        elif path == "/cards.json":
            (since, *_) = parse_qs(query).get("since", [""])
            self._send_text("application/json", edition.update(since).as_json())
        elif path == "/events":
            self._send_events()
        elif path.removeprefix("/") in page.ASSETS + page.DRAW_ASSETS:
            name = path.removeprefix("/")
            self._send_text("text/css" if name.endswith(".css") else "text/javascript", asset(f"preview/{name}"))
        elif path.startswith("/media/") and (file := edition.gallery.media.get(path.removeprefix("/media/"))):
            self._send_file(file)
        else:
            self._send(HTTPStatus.NOT_FOUND, "text/plain", b"there is no such page\n")

    def do_POST(self) -> None:
        """Open decks in Anki. Another site may send such a request, but can neither name this origin nor know the
        token."""
        self.close_connection = True  # what was sent with a refused request is not read
        host, length = self.headers.get("Host", ""), self.headers.get("Content-Length", "0")
        token = self.headers.get("X-Deckgen-Token", "").encode()
        is_ours = host in self.server.hosts and self.headers.get("Origin", "") == f"http://{host}"
        if not is_ours or not secrets.compare_digest(token, self.server.token.encode()):
            self._send_text("text/plain", "this is for the page of this preview only\n", HTTPStatus.FORBIDDEN)
        elif self.path != "/open" or self.server.open_in_anki is None:
            self._send_text("text/plain", "there is nothing to do here\n", HTTPStatus.NOT_FOUND)
        elif not (length.isascii() and length.isdigit() and len(length) < 4):
            self._send_text("text/plain", "expected the name of a deck\n", HTTPStatus.BAD_REQUEST)
        elif not self.server.opening.acquire(blocking=False):
            self._send_text("text/plain", "a deck is being opened already\n", HTTPStatus.CONFLICT)
        else:
            status = HTTPStatus.OK
            try:
                said = self.server.open_in_anki(self.rfile.read(int(length)).decode(errors="replace"))
            except Failure as failure:
                said, status = failure.message, HTTPStatus.CONFLICT
            finally:
                self.server.opening.release()  # before the answer, after which the page may ask again
            self._send_text("text/plain", f"{said}\n", status)

    def _send_text(self, kind: str, text: str, status: HTTPStatus = HTTPStatus.OK) -> None:
        self._send(status, f"{kind}; charset=utf-8", text.encode())

    def _send_file(self, file: MediaFile) -> None:
        content = read_media(file)  # a link may be in its place by now
        if content is None:
            self._send(HTTPStatus.NOT_FOUND, "text/plain", b"the file is gone or has changed\n")
            return
        self._send(HTTPStatus.OK, mime_type(file.path.name), content)

    def _send(self, status: HTTPStatus, kind: str, content: bytes) -> None:
        self.send_response(status)
        for name, value in (*HEADERS.items(), ("Content-Type", kind), ("Content-Length", str(len(content)))):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def _send_events(self) -> None:
        """Send the name of the edition, now and whenever there is a new one, as server-sent events
        (https://html.spec.whatwg.org/multipage/server-sent-events.html)."""
        self.close_connection = True
        self.send_response(HTTPStatus.OK)
        for name, value in (*HEADERS.items(), ("Content-Type", "text/event-stream"), ("Connection", "close")):
            self.send_header(name, value)
        self.end_headers()
        last = ""
        while not self.server.ended:
            edition = self.server.edition.name
            self.wfile.write(b": alive\n\n" if edition == last else f"event: edition\ndata: {edition}\n\n".encode())
            self.wfile.flush()
            last = edition
            self.server.wait(last)

    def handle(self) -> None:
        """Handle a connection; it is not an error if a page is closed before it gets its answer."""
        try:
            super().handle()
        except ConnectionError:
            self.close_connection = True

    def log_message(self, format: str, *args: Any) -> None:
        """Do not log requests."""


def follow(server: Server, changes: Iterable[object], render: Callable[[], Gallery]) -> None:
    """Serve a new gallery after every change. Files with errors keep the cards that they had before; if the sources
    cannot be read at all, the page says so."""
    for _ in changes:
        last = server.edition.gallery
        try:
            gallery = render()
            server.failed = False
        except Exception as error:  # after any error, the page must say that it is stale
            gallery = last.with_failure(_reason(error))
            server.failed = True
        else:
            if gallery.info.problems:
                gallery = gallery.keeping_broken_files(last)
        server.show(gallery)


def _reason(error: Exception) -> str:
    """Why rendering failed, in one line."""
    if isinstance(error, OSError):
        return describe(error)
    return printable_line(" ".join(str(error).split()) or type(error).__name__)
