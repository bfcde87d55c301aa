"""A server that runs the screens, for tests and for the pictures of the documentation."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from tests.ui.clock import MOMENT

ROOT = Path(__file__).parents[2]
SECONDS_TO_START = 60


class ServerError(Exception):
    """The server ended, or did not answer in time; the text has what it wrote."""


@contextmanager
def serving(
    log: Path, database_url: str, *, moment: datetime = MOMENT, port: int | None = None, environment: Mapping[str, str] | None = None
) -> Iterator[str]:
    """The address of ``make run``'s server, begun at ``moment``, that writes to ``log`` and ends with the block. Raises ServerError."""
    port = port or free_port()
    address = f"http://127.0.0.1:{port}"
    known = {
        **os.environ,
        "PLANNER_DATABASE_URL": database_url,
        "PLANNER_ACCOUNT": "nurse1",
        "PLANNER_INSTALL_KEY": "a secret of the tests, long enough to be one",
        **(environment or {}),
    }
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.ui.served", str(port), moment.isoformat()],
            cwd=ROOT,
            env=known,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        _wait_until_healthy(address, process, log)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=15)


def free_port() -> int:
    """A port at which nobody listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def _wait_until_healthy(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=1):
                return
        except OSError:
            time.sleep(0.05)
    written = log.read_text(encoding="utf-8")[-4000:]
    raise ServerError(f"The server did not answer at {address} within {SECONDS_TO_START} s. It wrote:\n{written}")
