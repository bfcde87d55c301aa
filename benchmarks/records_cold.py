"""A process that makes the worklist from cold and says how long each part took.

``python -m benchmarks.records_cold whole URL`` makes it as the product does, ``parts`` step by step, ``fetch`` only fetches the same
columns of the log with the driver; each prints JSON. Libraries are imported inside, so that this is timed too.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from statistics import median
from time import perf_counter

COLUMNS = "subject_id, number, kind, item, day, until_day, value, replaces, refers, details, reason, recorded_at"
"""Those that the product reads for a worklist."""

Found = dict[str, float]


def apart(modes: Sequence[str], url: str, rounds: int) -> dict[str, Found]:
    """Medians of what new processes report, taking turns; ``process`` is the whole process, seen from outside, in seconds."""
    found: dict[str, list[Found]] = {mode: [] for mode in modes}
    for _ in range(rounds):
        for mode in modes:
            began = perf_counter()
            done = subprocess.run([sys.executable, "-m", "benchmarks.records_cold", mode, url], capture_output=True, text=True, check=True)
            found[mode].append({**json.loads(done.stdout), "process": perf_counter() - began})
    return {mode: _medians(reports) for mode, reports in found.items()}


def _medians(reports: Sequence[Mapping[str, float]]) -> Found:
    return {name: median(report[name] for report in reports) for name in reports[0]}


# --- in the process that is timed ---


class _Laps:
    """Seconds since the lap before, by name."""

    def __init__(self) -> None:
        self.seconds: Found = {}
        self._before = perf_counter()

    def end(self, name: str) -> None:
        now = perf_counter()
        self.seconds[name] = now - self._before
        self._before = now


def _whole(url: str) -> Found:
    laps = _Laps()
    from benchmarks.records_day import AS_OF, CALLER
    from planner.records.lists.worklist import worklist
    from planner.records.store.database import open_database

    laps.end("imports")
    with open_database(url).reading() as connection:
        found = worklist(connection, CALLER, as_of=AS_OF)
    laps.end("worklist")
    counts = {f"count {kind}": float(count) for kind, count in found.counts.items()}
    from benchmarks.growth import peak_bytes

    return {**laps.seconds, "rows": len(found.rows), **counts, "peak": peak_bytes()}


def _parts(url: str) -> Found:
    laps = _Laps()
    from benchmarks.records_day import AS_OF_DAY
    from planner.records.fold.fact_table import read_fact_table
    from planner.records.fold.fold import fold
    from planner.records.lists.site_schedules import SiteSchedule
    from planner.records.lists.worklist import worklist_of
    from planner.records.pinned.contents import PinnedContents
    from planner.records.store.database import open_database
    from planner.schedule.expand import expand

    laps.end("imports")
    with open_database(url).reading() as connection:
        laps.end("open")
        table = read_fact_table(connection)
        laps.end("read")
        pinned = PinnedContents(connection)
        for hashed in sorted({table.words[word] for word in table.value[table.kind == 0].tolist()}):
            pinned.plan(hashed)
        laps.end("plan")
        folded = fold(table, pinned)
        laps.end("fold")
    schedules = []
    for group in folded.groups:
        schedule = expand(group.plan, group.cohort, group.calendars, AS_OF_DAY)
        schedules.append(SiteSchedule(schedule, group, tuple(map(table.subjects.__getitem__, group.rows.tolist())), table))
    laps.end("expand")
    worklist_of(schedules)
    laps.end("list")
    return laps.seconds


def _fetch(url: str) -> Found:
    if url.startswith("sqlite"):
        import sqlite3

        connection = sqlite3.connect(url.removeprefix("sqlite:///"))
    else:
        import psycopg

        connection = psycopg.connect(url.replace("+psycopg", ""))  # type: ignore[assignment]
    return {"facts": len(connection.execute(f"SELECT {COLUMNS} FROM facts").fetchall())}


MODES: Mapping[str, Callable[[str], Found]] = {"whole": _whole, "parts": _parts, "fetch": _fetch}

if __name__ == "__main__":
    chosen, address = sys.argv[1:]
    print(json.dumps(MODES[chosen](address)))
