"""The local page of a preview: served to this machine alone, and told when the sources change."""

from __future__ import annotations

import mimetypes
import threading
from collections.abc import Callable, Iterable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from deckgen.preview import page
from deckgen.preview.gallery import Gallery, with_cards_of

HEADERS = {
    "Content-Security-Policy": f"{page.POLICY}; frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
"""Nothing of a card may run or leave this machine, and no other site may read the page."""

HEARTBEAT = 15
"""Seconds after which a page that hears nothing else is told that the server is there."""


class Server(ThreadingHTTPServer):
    """Serves one gallery at a time, on the loopback interface."""

    daemon_threads = True

    def __init__(self, gallery: Gallery, port: int, *, watching: bool) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.watching = watching
        self.gallery = gallery
        self.edition = 0
        self.ended = False
        self._changed = threading.Condition()

    @property
    def address(self) -> str:
        """The address of the page."""
        return f"http://127.0.0.1:{self.server_address[1]}/"

    @property
    def hosts(self) -> tuple[str, ...]:
        """The names under which this server may be asked. Any other is a site that points its own name here."""
        port = self.server_address[1]
        return (f"127.0.0.1:{port}", f"localhost:{port}")

    def show(self, gallery: Gallery) -> None:
        """Serve another gallery from now on, and tell the pages."""
        with self._changed:
            self.gallery = gallery
            self.edition += 1
            self._changed.notify_all()

    def wait(self, told: int) -> None:
        """Wait for another gallery than the one that was told of, for the end, or for the next heartbeat."""
        with self._changed:
            self._changed.wait_for(lambda: self.edition != told or self.ended, HEARTBEAT)

    def end(self) -> None:
        """Let go of the pages that wait, and of the port."""
        with self._changed:
            self.ended = True
            self._changed.notify_all()
        self.server_close()


class _Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        if self.headers.get("Host", "") not in self.server.hosts:
            self._send(HTTPStatus.FORBIDDEN, "text/plain", b"this page is for this machine alone\n")
            return
        path = unquote(urlsplit(self.path).path)
        gallery = self.server.gallery
        if path == "/":
            self._send_text("text/html", page.cards_page(gallery, watching=self.server.watching))
        elif path == "/cards.json":
            self._send_text(page.DATA_TYPE, page.as_json(gallery, watching=self.server.watching))
        elif path == "/events":
            self._send_events()
        elif path.removeprefix("/") in page.ASSETS:
            name = path.removeprefix("/")
            self._send_text("text/css" if name.endswith(".css") else "text/javascript", page.asset(name))
        elif path.startswith("/media/") and (file := gallery.media.get(path.removeprefix("/media/"))) is not None:
            self._send_file(file)
        else:
            self._send(HTTPStatus.NOT_FOUND, "text/plain", b"there is no such page\n")

    def _send_text(self, kind: str, text: str) -> None:
        self._send(HTTPStatus.OK, f"{kind}; charset=utf-8", text.encode())

    def _send_file(self, path: Path) -> None:
        try:
            content = path.read_bytes()
        except OSError:
            self._send(HTTPStatus.NOT_FOUND, "text/plain", b"the file is gone\n")
            return
        self._send(HTTPStatus.OK, mimetypes.guess_type(path.name)[0] or "application/octet-stream", content)

    def _send(self, status: HTTPStatus, kind: str, content: bytes) -> None:
        self.send_response(status)
        for name, value in (*HEADERS.items(), ("Content-Type", kind), ("Content-Length", str(len(content)))):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def _send_events(self) -> None:
        """A stream of server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html)."""
        self.close_connection = True
        self.send_response(HTTPStatus.OK)
        for name, value in (*HEADERS.items(), ("Content-Type", "text/event-stream"), ("Connection", "close")):
            self.send_header(name, value)
        self.end_headers()
        told = self.server.edition
        while not self.server.ended:
            edition = self.server.edition
            self.wfile.write(b"event: changed\ndata: \n\n" if edition != told else b": here\n\n")
            self.wfile.flush()
            told = edition
            self.server.wait(told)

    def handle(self) -> None:
        """A page that is closed while it is being answered is nothing to report."""
        try:
            super().handle()
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def log_message(self, format: str, *args: Any) -> None:
        """Requests are not logged."""


def follow(server: Server, changes: Iterable[object], make: Callable[[], Gallery]) -> None:
    """Make the gallery anew at every change; entries with errors keep the cards that they had before."""
    good = server.gallery
    for _ in changes:
        fresh = make()
        server.show(with_cards_of(good, fresh) if fresh.data["problems"] else fresh)
        good = good if fresh.data["problems"] else fresh
