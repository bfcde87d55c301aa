"""The processes that are measured: the planner as ``serve`` runs it on the day asked about, and the plain page; and what they hold."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep
from urllib.request import urlopen

from benchmarks.records_day import CALLER
from tests.ui.server import free_port

ROOT = Path(__file__).parents[1]
_SECONDS_TO_START, _SECONDS_TO_STOP = 90.0, 20.0
_KIB, _MIB = 2**10, 2**20
_NEVER_SECRET = "a key for measurements alone, no secret"


class ServerError(Exception):
    """A process did not answer; the text says where its messages are."""


@dataclass(frozen=True, slots=True)
class Server:
    """A process that serves pages."""

    address: str
    process: int
    """Its number in the system."""

    def memory(self) -> float:
        """MiB that it holds now."""
        return self._held("VmRSS")

    def peak_memory(self) -> float:
        """MiB that it has held at most."""
        return self._held("VmHWM")

    def _held(self, name: str) -> float:
        status = Path(f"/proc/{self.process}/status").read_text(encoding="utf-8")
        return next(int(line.split()[1]) * _KIB / _MIB for line in status.splitlines() if line.startswith(name))

    def processor_seconds(self) -> float:
        """How long it has used a processor so far: what it takes itself, however busy the machine is."""
        fields = Path(f"/proc/{self.process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def planner_served(url: str, log: Path) -> Iterator[Server]:
    """The planner on this database, at the moment that all measurements of the records ask about."""
    port = free_port()
    command = ["-m", "tests.ui.served", str(port), CALLER.now.isoformat()]
    known = {"PLANNER_DATABASE_URL": url, "PLANNER_ACCOUNT": CALLER.who, "PLANNER_INSTALL_KEY": _NEVER_SECRET}
    with _served(command, port, known, log) as server:
        yield server


@contextmanager
def plain_page_served(rows: Path, log: Path) -> Iterator[Server]:
    """Streamlit alone, with the rows of a file."""
    port = free_port()
    app = Path(__file__).with_name("plain_dataframe_app.py")
    settings = ["--server.port", str(port), "--server.headless", "true", "--server.fileWatcherType", "none"]
    with _served(["-m", "streamlit", "run", str(app), *settings, "--", str(rows)], port, {}, log) as server:
        yield server


@contextmanager
def _served(command: Sequence[str], port: int, known: Mapping[str, str], log: Path) -> Iterator[Server]:
    address = f"http://127.0.0.1:{port}"
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, *command], cwd=ROOT, env={**os.environ, **known}, stdout=output, stderr=subprocess.STDOUT
        )
    try:
        _wait_until_healthy(address, process, log)
        yield Server(address, process.pid)
    finally:
        process.terminate()
        process.wait(timeout=_SECONDS_TO_STOP)


def _wait_until_healthy(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = monotonic() + _SECONDS_TO_START
    while monotonic() < deadline and process.poll() is None:
        try:
            with urlopen(f"{address}/_stcore/health", timeout=1):
                return
        except OSError:
            sleep(0.05)
    raise ServerError(f"the server did not answer at {address}; it wrote:\n{log.read_text(encoding='utf-8')[-4000:]}")
