"""Cost and peak memory as cohorts grow: from 1,000 subjects to 1,000,000 in chunks.

Run as a module it is the process whose memory is measured: ``python -m benchmarks.growth MEASUREMENT FILE`` loads a pickled
cohort, does one thing with it, and prints what that took as JSON.
"""

from __future__ import annotations

import json
import pickle
import resource
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import numpy as np

from benchmarks.cohort import MILLION, expanded, visits_of
from benchmarks.measure import Figure, median_seconds
from benchmarks.study import PROTOCOL
from planner.schedule.cohort import Cohort

SECTION = "Growth"
MEMORY = "Peak memory of a process"
CHUNKS = 10
_SECONDS_PER_MILLION = "seconds per million visits"
_MIB = 2**20


def growth_figures(cohort: Cohort) -> Iterator[Figure]:
    """Seconds per million visits for 1,000 to 1,000,000 subjects, each beside 100,000; and the peaks of memory."""
    costs = {count: _cost(cohort.part(0, count), rounds) for count, rounds in ((1_000, 15), (10_000, 7), (len(cohort), 3))}
    with TemporaryDirectory() as folder:
        path = Path(folder) / "cohort.pickle"
        path.write_bytes(pickle.dumps(cohort, protocol=5))
        found = {name: _measured_apart(name, path) for name in MEASUREMENTS}
    costs[len(cohort) * CHUNKS] = found["chunks"]["seconds"] / found["chunks"]["visits"] * MILLION
    for count, cost in costs.items():
        aim = "1" if count != len(cohort) else ""
        yield Figure(SECTION, f"{count:,} subjects", cost, _SECONDS_PER_MILLION, f"{len(cohort):,} subjects", costs[len(cohort)], aim)
    result = found["arrays"]["result"] / _MIB
    labels = {"arrays": "100,000 subjects to arrays", "frame": "100,000 subjects to a DataFrame", "chunks": "1,000,000 subjects in chunks"}
    for name, label in labels.items():
        yield Figure(MEMORY, label, found[name]["peak"] / _MIB, "MiB", "the result's arrays", result, "under 2048 MiB")


def _cost(cohort: Cohort, rounds: int) -> float:
    visits = visits_of(expanded(cohort))
    return median_seconds(lambda: expanded(cohort), rounds) / visits * MILLION


def _measured_apart(name: str, path: Path) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.growth", name, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


# --- in the process whose memory is measured ---


def _to_arrays(cohort: Cohort) -> dict[str, float]:
    schedule = expanded(cohort)
    arrays = [value for value in vars(schedule).values() if isinstance(value, np.ndarray)]
    return {"result": sum(array.nbytes for array in arrays)}


def _to_frame(cohort: Cohort) -> dict[str, float]:
    from planner.schedule.frame import to_frame

    return {"rows": len(to_frame(expanded(cohort), all_visits=True))}


def _in_chunks(cohort: Cohort) -> dict[str, float]:
    """Ten times as many subjects: these, each time in another order; making a chunk is not timed."""
    random = np.random.default_rng(0)
    seconds, visits = 0.0, 0
    for _ in range(CHUNKS):
        chunk = cohort.taken(random.permutation(len(cohort)))
        began = perf_counter()
        schedule = expanded(chunk)
        seconds += perf_counter() - began
        visits += visits_of(schedule)
        del schedule
    return {"seconds": seconds, "visits": visits}


MEASUREMENTS: dict[str, Callable[[Cohort], dict[str, float]]] = {"arrays": _to_arrays, "frame": _to_frame, "chunks": _in_chunks}


def peak_bytes() -> int:
    """The most memory that this process has held.

    Linux hands ``ru_maxrss`` on from the process that started this one, so its own account (``VmHWM``) is read where there is one.
    """
    status = Path("/proc/self/status")
    if status.exists():
        return next(int(line.split()[1]) * 1024 for line in status.read_text().splitlines() if line.startswith("VmHWM"))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


if __name__ == "__main__":
    measurement, file = sys.argv[1:]
    found = MEASUREMENTS[measurement](pickle.loads(Path(file).read_bytes()))
    print(json.dumps({"protocol": PROTOCOL, **found, "peak": peak_bytes()}))
