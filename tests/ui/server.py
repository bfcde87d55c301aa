"""A server that runs the screens, for tests and for the pictures of the documentation."""

import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]
SECONDS_TO_START = 30


class ServerError(Exception):
    """The server ended, or did not answer in time; the text has what it wrote."""


@contextmanager
def serving(log: Path) -> Iterator[str]:
    """The address of a server that writes to ``log`` and ends with the block. Raises ServerError."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    options = [f"--server.port={port}", "--server.address=127.0.0.1", "--server.headless=true", "--server.fileWatcherType=none"]
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", "app.py", *options], cwd=ROOT, stdout=output, stderr=subprocess.STDOUT
        )
    try:
        _wait_until_healthy(address, process, log)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=10)


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
