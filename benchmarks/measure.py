"""Seconds of a call, as the median of several rounds; calls to be compared take turns, so that noise strikes them alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import median
from time import perf_counter


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table: a value beside a floor or a peer of the same run."""

    section: str
    what: str
    value: float
    unit: str
    beside: str = ""
    """What it is compared with."""
    beside_value: float | None = None
    """The same measure of that, in the same unit."""
    aim: str = ""
    """What the project asks for, in words; never a pass or fail."""

    @property
    def ratio(self) -> float | None:
        """``value`` divided by what stands beside it."""
        return self.value / self.beside_value if self.beside_value else None


def timed(call: Callable[[], object]) -> float:
    """Seconds of one call."""
    began = perf_counter()
    call()
    return perf_counter() - began


def median_seconds(call: Callable[[], object], rounds: int) -> float:
    """The median of ``rounds`` calls, after one that does not count (it fills the caches)."""
    call()
    return median(timed(call) for _ in range(rounds))


def side_by_side(calls: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """The median of each call; one round runs each of them once, and the first round does not count."""
    seconds: dict[str, list[float]] = {name: [] for name in calls}
    for number in range(rounds + 1):
        for name, call in calls.items():
            taken = timed(call)
            if number:
                seconds[name].append(taken)
    return {name: median(taken) for name, taken in seconds.items()}
