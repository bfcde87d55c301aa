"""A real CalDAV server, Radicale, on this machine: started as a process of its own, looked at through its own files and log."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from base64 import b64encode
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

USER, PASSWORD = "clinic", "pä55 wörd-密码"

_CONFIG = """
[server]
hosts = 127.0.0.1:{port}
[auth]
type = htpasswd
htpasswd_filename = {folder}/users
htpasswd_encryption = plain
delay = 0
[rights]
type = owner_only
[storage]
filesystem_folder = {folder}/collections
[logging]
level = info
mask_passwords = True
"""
_REQUEST = re.compile(r"\b([A-Z]+) request for '([^']*)'.* received")


@dataclass
class RadicaleServer:
    """The server, with one account."""

    folder: Path
    port: int
    process: subprocess.Popen[bytes]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    @property
    def home(self) -> str:
        """The place for the account's calendars."""
        return f"{self.url}{USER}/"

    @property
    def environment(self) -> dict[str, str]:
        return {"PLANNER_CALDAV_USER": USER, "PLANNER_CALDAV_PASSWORD": PASSWORD}

    @property
    def log(self) -> str:
        return (self.folder / "log").read_text(encoding="utf-8")

    def requests(self) -> Counter[str]:
        """How many requests of each method it has had so far, those without sign-in among them."""
        return Counter(method for method, _ in _REQUEST.findall(self.log))

    def file(self, calendar: str, name: str) -> Path:
        """Where it keeps an object of a calendar."""
        return self.folder / "collections" / "collection-root" / USER / calendar / name

    def names(self, calendar: str) -> set[str]:
        """The objects of a calendar."""
        folder = self.file(calendar, "x").parent
        return {path.name for path in folder.iterdir() if not path.name.startswith(".")} if folder.exists() else set()

    def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> tuple[int, bytes]:
        """A request of some other program, signed in."""
        sign_in = b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        request = urllib.request.Request(self.url + path, body or None, {"Authorization": f"Basic {sign_in}", **headers}, method=method)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=20) as answer:
            return answer.status, answer.read()

    def edit(self, calendar: str, name: str, old: str, new: str) -> None:
        """Somebody changes an event: this text in it for that one."""
        path = f"{USER}/{calendar}/{name}"
        text = self.ask("GET", path)[1].decode()
        assert old in text, text
        self.ask("PUT", path, text.replace(old, new).encode(), **{"Content-Type": "text/calendar; charset=utf-8"})

    def delete(self, calendar: str, name: str) -> None:
        self.ask("DELETE", f"{USER}/{calendar}/{name}")

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


def started(folder: Path) -> RadicaleServer:
    """A server with its data in a new folder."""
    folder.mkdir(parents=True)
    port = free_port()
    (folder / "config").write_text(_CONFIG.format(port=port, folder=folder), encoding="utf-8")
    (folder / "users").write_text(f"{USER}:{PASSWORD}\n", encoding="utf-8")
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "radicale", "--config", str(folder / "config")], stdout=log, stderr=log, stdin=subprocess.DEVNULL
        )
    server = RadicaleServer(folder, port, process)
    until = time.monotonic() + 30
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return server
        except OSError:
            if process.poll() is not None or time.monotonic() > until:
                server.stop()
                raise AssertionError(f"Radicale does not start: {server.log[-2000:]}") from None
            time.sleep(0.05)
