"""A small CalDAV server in the test's own process, which can be told to misbehave at any request."""

from __future__ import annotations

import re
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote
from xml.sax.saxutils import escape

COLLECTION = "/cal/visits/"
SELF_SIGNED = Path(__file__).with_name("self_signed.pem")


@dataclass
class Asked:
    """One request."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes = field(repr=False)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: NastyHTTPServer

    def handle_one_request(self) -> None:
        try:
            super().handle_one_request()
        except (ConnectionError, ssl.SSLError):
            self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:
        return

    def answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def multi_status(self, *responses: str, **headers: str) -> None:
        text = f'<?xml version="1.0" encoding="utf-8"?><multistatus xmlns="DAV:">{"".join(responses)}</multistatus>'
        self.answer(207, text.encode(), **{"Content_Type": "application/xml", **headers})

    def drop(self) -> None:
        """Close the line without an answer."""
        self.close_connection = True
        self.connection.close()

    def any_request(self) -> None:
        nasty = self.server.nasty
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        asked = Asked(self.command, self.path, dict(self.headers.items()), body)
        nasty.asked.append(asked)
        if not nasty.misbehave(self, asked):
            nasty.behave(self, asked)

    do_PROPFIND = do_REPORT = do_PUT = do_DELETE = do_MKCALENDAR = do_GET = any_request


class NastyHTTPServer(ThreadingHTTPServer):
    daemon_threads = True
    nasty: NastyServer


Misbehaviour = Callable[[Handler, Asked], bool | None]
"""Answers a request in its own way and says True; or leaves it to the server."""


def well(_: Handler, __: Asked) -> bool:
    return False


@dataclass
class NastyServer:
    """What it holds, what it was asked, and how it misbehaves."""

    url: str = ""
    objects: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    """By path: ETag and body."""
    asked: list[Asked] = field(default_factory=list)
    misbehave: Misbehaviour = well
    puts: int = 0

    def sent(self) -> list[str]:
        return [one.method for one in self.asked if one.method not in ("PROPFIND", "REPORT")]

    def behave(self, handler: Handler, asked: Asked) -> None:
        path = unquote(asked.path)
        match asked.method:
            case "PROPFIND":
                handler.multi_status(self.collection(), *(self.listed(path, etag) for path, (etag, _) in self.objects.items()))
            case "REPORT":
                paths = [unquote(path) for path in re.findall(r"<href>([^<]*)</href>", asked.body.decode())]
                handler.multi_status(*(self.listed(path, *self.objects[path]) for path in paths if path in self.objects))
            case "PUT":
                self.put(handler, path, asked)
            case "DELETE" if path in self.objects and asked.headers["If-Match"] == self.objects[path][0]:
                del self.objects[path]
                handler.answer(204)
            case "DELETE":
                handler.answer(412 if path in self.objects else 404)
            case _:
                handler.answer(405)

    def put(self, handler: Handler, path: str, asked: Asked) -> None:
        present = self.objects.get(path, ("", b""))[0]
        if asked.headers.get("If-None-Match") == "*" if not present else asked.headers.get("If-Match") == present:
            handler.answer(201, ETag=self.store(path, asked.body))
        else:
            handler.answer(412)

    def store(self, path: str, body: bytes) -> str:
        self.puts += 1
        etag = f'"{self.puts}"'
        self.objects[path] = (etag, body)
        return etag

    @staticmethod
    def collection() -> str:
        return (
            f"<response><href>{COLLECTION}</href><propstat><prop><resourcetype><collection/>"
            '<C:calendar xmlns:C="urn:ietf:params:xml:ns:caldav"/></resourcetype></prop>'
            "<status>HTTP/1.1 200 OK</status></propstat></response>"
        )

    @staticmethod
    def listed(path: str, etag: str, body: bytes | None = None) -> str:
        text = "" if body is None else escape(body.decode())
        data = f'<C:calendar-data xmlns:C="urn:ietf:params:xml:ns:caldav">{text}</C:calendar-data>' if text else ""
        return (
            f"<response><href>{escape(path)}</href><propstat><prop><getetag>{escape(etag)}</getetag>{data}</prop>"
            "<status>HTTP/1.1 200 OK</status></propstat></response>"
        )


@contextmanager
def nasty_server(*, tls: bool = False) -> Iterator[NastyServer]:
    """The server, behaving well at first."""
    http = NastyHTTPServer(("127.0.0.1", 0), Handler)
    scheme = "http"
    if tls:
        scheme, context = "https", ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(SELF_SIGNED)
        http.socket = context.wrap_socket(http.socket, server_side=True)
        http.handle_error = lambda *_: None  # type: ignore[method-assign]
    nasty = http.nasty = NastyServer(f"{scheme}://127.0.0.1:{http.server_address[1]}{COLLECTION}")
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield nasty
    http.shutdown()
    http.server_close()
