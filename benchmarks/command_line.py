"""The command line from cold, beside importing pandas alone."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

from benchmarks.measure import Figure, side_by_side

SECTION = "Command line from cold"
_EXPAND = ["-m", "planner", "expand", "ulrrc", "--start", "2026-03-02", "--calendar", "CN", "--format", "csv"]
_PANDAS = ["-c", "import pandas"]
_NOTHING = ["-c", "pass"]


def command_line_figures() -> Iterator[Figure]:
    """Seconds of new processes that take turns; raises CalledProcessError if one of them fails."""
    processes = {"expand": lambda: _run(_EXPAND), "pandas": lambda: _run(_PANDAS), "nothing": lambda: _run(_NOTHING)}
    seconds = side_by_side(processes, rounds=5)
    what, unit = "python -m planner expand ulrrc, to CSV", "seconds"
    yield Figure(SECTION, what, seconds["expand"], unit, "python -c 'import pandas'", seconds["pandas"], "under 1 s and 1.8 times")
    yield Figure(SECTION, what, seconds["expand"], unit, "python -c pass", seconds["nothing"])


def _run(arguments: list[str]) -> None:
    subprocess.run([sys.executable, *arguments], capture_output=True, check=True)
