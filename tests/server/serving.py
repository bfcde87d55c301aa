"""The real web process on a free port, and plain requests to it that no library tidies up."""

from __future__ import annotations

import http.client
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).parents[2]
KEY = "k" * 64
SECONDS_TO_START = 60
PLANNER: Sequence[str] = (sys.executable, "-m", "planner")


@dataclass(frozen=True)
class Answer:
    """What came back; header names in small letters."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Served:
    """A running process."""

    address: str
    process: subprocess.Popen[bytes]
    written: Path
    """What it writes on both outputs."""

    @property
    def port(self) -> int:
        port = urlsplit(self.address).port
        assert port is not None
        return port

    def get(self, path: str, headers: Mapping[str, str] | None = None, method: str = "GET", seconds: float = 20) -> Answer:
        """One request over a connection of its own; ``path`` is sent as it is."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=seconds)
        try:
            connection.putrequest(method, "/", skip_accept_encoding=True)
            # putrequest refuses odd paths, which are what is to be tried.
            connection._buffer[0] = f"{method} {path} HTTP/1.1".encode("latin-1")  # type: ignore[attr-defined]
            for name, value in (headers or {}).items():
                connection.putheader(name, value)
            connection.endheaders()
            response = connection.getresponse()
            body = response.read()
            return Answer(response.status, {name.lower(): value for name, value in response.getheaders()}, body)
        finally:
            connection.close()

    def output(self) -> str:
        return self.written.read_text(encoding="utf-8", errors="replace")

    def until(self, path: str, status: int, seconds: float = 15) -> Answer:
        """Ask until the status comes."""
        deadline = time.monotonic() + seconds
        while (answer := self.get(path)).status != status:
            assert time.monotonic() < deadline, f"{path} still answers {answer.status}\n{self.output()[-3000:]}"
            time.sleep(0.05)
        return answer


def environment(database_url: str, **more: str) -> dict[str, str]:
    return {
        **os.environ,
        "PLANNER_DATABASE_URL": database_url,
        "PLANNER_INSTALL_KEY": KEY,
        "PLANNER_ACCOUNT": "nurse",
        "PYTHONPATH": str(ROOT),
        "PYTHONUNBUFFERED": "1",
        **more,
    }


@contextmanager
def serving(database_url: str, written: Path, call: Sequence[str] = (), **more: str) -> Iterator[Served]:
    """``serve`` on a free port until the end of the block; ``call`` stands for another program that does the same."""
    with written.open("wb") as output:
        process = subprocess.Popen(
            [*(call or (*PLANNER, "serve", "--port", "0"))],
            cwd=written.parent,
            env=environment(database_url, **more),
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        yield Served(_address(process, written), process, written)
    finally:
        if process.poll() is None:
            process.terminate()
        process.wait(timeout=15)


def planner(database_url: str, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    """A command of the planner."""
    return subprocess.run(
        [*PLANNER, *words], env=environment(database_url, **more), capture_output=True, text=True, check=False, cwd=ROOT, timeout=60
    )


def _address(process: subprocess.Popen[bytes], written: Path) -> str:
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline and process.poll() is None:
        if found := re.search(r"The screens are at (\S+)", written.read_text(encoding="utf-8", errors="replace")):
            return found[1]
        time.sleep(0.05)
    raise AssertionError(f"The process did not start. It wrote:\n{written.read_text(encoding='utf-8', errors='replace')[-4000:]}")
