"""The worklist of 10,000 and 100,000 subjects, each time in a new process, and where the time goes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from benchmarks.measure import Figure
from benchmarks.records_cold import Found, apart

_STEPS = {
    "imports": "importing the libraries",
    "open": "opening the database",
    "read": "reading the log",
    "plan": "compiling the pinned protocol",
    "fold": "folding the log",
    "expand": "dates of all visits",
    "list": "rows of the list",
}


class CountsDifferError(Exception):
    """The worklist is not the one that a plain recount of the same subjects gives."""


def worklist_figures(section: str, url: str, expected: Mapping[str, int], rounds: int, aim: str, facts: int) -> Iterator[Figure]:
    """Seconds of the whole process and of its steps. Raises CountsDifferError, and CalledProcessError if a process fails."""
    found = apart(("whole", "parts", "fetch"), url, rounds)
    whole, parts, fetch = found["whole"], found["parts"], found["fetch"]
    _require_same(whole, expected)
    beside = "a new process that only fetches these rows"
    if fetch["facts"] != facts:
        raise CountsDifferError(f"the database holds {fetch['facts']:.0f} facts, not {facts}")
    yield Figure(section, "facts", facts / 1e3, "thousand")
    yield Figure(section, "worklist, new process and all", whole["process"], "seconds", beside, fetch["process"], aim)
    yield Figure(section, "worklist, libraries imported", whole["worklist"], "seconds", beside, fetch["process"], aim)
    for step, what in _STEPS.items():
        yield Figure(section, f"of it {what}", parts[step], "seconds")
    yield Figure(section, "entries", whole["rows"] / 1e3, "thousand")
    yield Figure(section, "peak memory of the process", whole["peak"] / 2**20, "MiB")


def _require_same(whole: Found, expected: Mapping[str, int]) -> None:
    counts = {name.removeprefix("count "): int(value) for name, value in whole.items() if name.startswith("count ")}
    if counts != dict(expected):
        raise CountsDifferError(f"the worklist has {counts}, a plain recount {dict(expected)}")
