"""A server that runs the screens, for tests and for the pictures of the documentation."""

import os
import random
import re
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


PORTS = range(12_000, 30_000)
"""Below those that the system gives to whoever asks for any: nobody else gets one of them by chance."""
SAYS_WHERE = re.compile(rb"The screens are at (http://[^ ]+) ")
"""What the process writes once it listens."""


class ServerError(Exception):
    """The server ended, or did not answer in time; the text has what it wrote."""


@contextmanager
def serving(
    log: Path, database_url: str, *, moment: datetime = MOMENT, port: int = 0, environment: Mapping[str, str] | None = None
) -> Iterator[str]:
    """The address of ``make run``'s server, begun at ``moment``, that writes to ``log`` and ends with the block. Raises ServerError.

    ``port`` 0 is any that is free: nobody can be faster.
    """
    known = {
        **os.environ,
        "PLANNER_DATABASE_URL": database_url,
        "PLANNER_ACCOUNT": "nurse1",
        "PLANNER_INSTALL_KEY": "a secret of the tests, long enough to be one",
        **(environment or {}),
    }
    with log.open("ab") as output:
        written_before = output.tell()
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.ui.served", str(port), moment.isoformat()],
            cwd=ROOT,
            env=known,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        yield _address_once_healthy(process, log, written_before)
    finally:
        process.terminate()
        try:
            process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def free_port() -> int:
    """A port at which nobody listens, for an address that must be known before the server is there."""
    while True:
        port = random.SystemRandom().choice(PORTS)
        with socket.socket() as free:
            try:
                free.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port


def _address_once_healthy(process: subprocess.Popen[bytes], log: Path, written_before: int) -> str:
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline and process.poll() is None:
        # Only what this process itself says: at a port that was free a moment ago, somebody else may answer.
        if said := SAYS_WHERE.search(log.read_bytes(), written_before):
            address = said[1].decode()
            try:
                with urllib.request.urlopen(f"{address}/_stcore/health", timeout=1):
                    return address
            except OSError:
                pass
        time.sleep(0.05)
    written = log.read_text(encoding="utf-8")[-4000:]
    raise ServerError(f"The server ended, or did not answer within {SECONDS_TO_START} s. It wrote:\n{written}")
