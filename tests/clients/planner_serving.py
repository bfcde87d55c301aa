"""The planner's own web process beside a test."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from threading import Timer

ROOT = Path(__file__).parents[2]
SECONDS_TO_START = 60.0


class PlannerServing:
    """A web process that answers at ``address``, for which it is as late as the test says."""

    def __init__(self, address: str, clock_file: Path) -> None:
        self.address = address
        self._clock_file = clock_file

    def set_now(self, now: datetime) -> None:
        """Make it as late as ``now`` (aware); the file is replaced whole, since the process may be reading it."""
        _write_whole(self._clock_file, now.isoformat())


@contextmanager
def planner_serving(database_url: str, install_key: bytes, now: datetime, folder: Path) -> Iterator[PlannerServing]:
    """The web process on this database until the end of the block; its log is in ``folder``."""
    clock_file = folder / "clock"
    _write_whole(clock_file, now.isoformat())
    with (folder / "planner.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.clients.planner_process", database_url, install_key.decode("ascii"), str(clock_file)],
            cwd=ROOT,
            env=dict(os.environ) | {"HOME": str(folder), "XDG_CONFIG_HOME": str(folder)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
    try:
        yield PlannerServing(_address(process, folder / "planner.log"), clock_file)
    finally:
        process.terminate()
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(timeout=20)


def _address(process: subprocess.Popen[str], log: Path) -> str:
    assert process.stdout is not None
    too_late = Timer(SECONDS_TO_START, process.kill)
    too_late.start()
    try:
        for line in process.stdout:
            if line.startswith("ready "):
                return line.split()[1]
    finally:
        too_late.cancel()
    raise AssertionError(f"The planner's web process did not start. Its last words: {log.read_text(errors='replace')[-2000:]}")


def _write_whole(file: Path, text: str) -> None:
    beside = file.with_suffix(".new")
    beside.write_text(text, encoding="ascii")
    beside.replace(file)
