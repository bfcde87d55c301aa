"""The screens over 10,000 subjects, as a browser sees them, beside a page that only shows the same rows in Streamlit's own table.

``python -m benchmarks.screens SUBJECTS SECONDS`` measures this alone, of fewer subjects or for a shorter time.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from statistics import median, quantiles
from tempfile import TemporaryDirectory

from benchmarks.measure import Figure
from benchmarks.screens_acts import DAYS, LIST, SITE, filter_by, open_move, other_month, press_one, subjects_shown, try_day
from benchmarks.screens_client import Answer, Screen, ScreenError
from benchmarks.screens_server import Server, plain_page_served, planner_served
from benchmarks.screens_store import DRAWN, SHARES, screens_database, worklist_file
from benchmarks.screens_users import USERS, Seen, many_users
from benchmarks.study import PROTOCOL, plan
from benchmarks.subjects_with_facts import subjects_with_facts
from planner.schedule.cohort import Cohort

SUBJECTS, SECONDS = 10_000, 180.0
OF_COHORT = round(SUBJECTS * SHARES[PROTOCOL]) * DRAWN
"""How many subjects must be drawn for them."""
_ROUNDS = 9
_MILLI, _MIB = 1e3, 2**20
_FIRST, _CHANGE = "first content", "a filter change"
_AIMS = {
    _FIRST: "under 2,000 ms",
    _CHANGE: "under 400 ms",
    "a subject's page": "under 600 ms",
    "a move's dialog": "",
    "a move's preview": "under 300 ms",
    "another month": "",
}
_PLAIN = "the same rows in a plain st.dataframe"
_ROWS, _PLAIN_SITE = "dataframe", "site"


@dataclass(slots=True)
class _Taken:
    """What each act took, by its name, in the order in which they came first."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    processor: dict[str, float] = field(default_factory=dict)
    octets: dict[str, int] = field(default_factory=dict)

    async def timed(self, server: Server, name: str, act: Callable[[], Awaitable[Answer]], until: str = "") -> None:
        """Do it; ``until`` is the element at which its time ends, else all must be there."""
        before = server.processor_seconds()
        answer = await act()
        used = server.processor_seconds() - before
        self.seconds.setdefault(name, []).append(answer.seconds_until(until) if until else answer.seconds)
        self.processor[name] = self.processor.get(name, 0.0) + used
        self.octets[name] = answer.octets

    def milliseconds(self, name: str) -> float:
        """The median."""
        return median(self.seconds[name]) * _MILLI

    def processor_milliseconds(self, name: str) -> float:
        """The mean: the system counts in hundredths of a second."""
        return self.processor[name] / len(self.seconds[name]) * _MILLI


def screens_figures(cohort: Cohort, subjects: int = SUBJECTS, seconds: float = SECONDS) -> Iterator[Figure]:
    """All figures of the screens, from a cohort of which enough subjects can be taken."""
    with TemporaryDirectory(prefix="planner-bench-") as name:
        folder = Path(name)
        url = screens_database(folder, cohort, subjects)
        yield from figures_on(url, worklist_file(url, folder), folder, subjects, seconds)


def figures_on(url: str, rows: Path, folder: Path, subjects: int, seconds: float) -> Iterator[Figure]:
    """The same on a database that is there, whose worklist is in the file ``rows``."""
    section = f"Screens: one person, {subjects:,} subjects"
    with planner_served(url, folder / "planner.log") as planner, plain_page_served(rows, folder / "plain.log") as plain:
        own, other = _Taken(), _Taken()
        asyncio.run(_first_sessions(planner, plain, own, other))
        for name in own.seconds:
            yield _beside(section, f"Today, {name}", own.milliseconds(name), other.milliseconds(name))
        own, other = _Taken(), _Taken()
        asyncio.run(_rounds(planner, plain, own, other))
        yield from _one_person(section, own, other)
        held = asyncio.run(_held_by_sessions(planner)), asyncio.run(_held_by_sessions(plain))
        text = f"memory of the server with {USERS} sessions"
        yield Figure(section, text, held[0], "MiB", _PLAIN, held[1], "under 700 MiB")
        load = os.getloadavg()[0]
        yield from _many(f"Screens: {USERS} people for {seconds:.0f} s", planner, asyncio.run(many_users(planner.address, seconds)), load)


def _one_person(section: str, own: _Taken, other: _Taken) -> Iterator[Figure]:
    for name, aim in _AIMS.items():
        if name in other.seconds:
            yield _beside(section, f"Today, {name}", own.milliseconds(name), other.milliseconds(name), aim)
            processor = own.processor_milliseconds(name), other.processor_milliseconds(name)
            yield _beside(section, "of it the server's processor time, all of the page", *processor)
            yield Figure(section, "sent for it", own.octets[name] / _MIB, "MiB", _PLAIN, other.octets[name] / _MIB)
        else:
            yield Figure(section, name, own.milliseconds(name), "ms", aim=aim)
            yield Figure(section, "of it the server's processor time", own.processor_milliseconds(name), "ms")


def _beside(section: str, what: str, own: float, other: float, aim: str = "") -> Figure:
    return Figure(section, what, own, "ms", _PLAIN, other, aim)


def _many(section: str, server: Server, seen: Seen, load_before: float) -> Iterator[Figure]:
    every = seen.all_seconds
    yield Figure(section, f"a rerun, median of {len(every):,}", median(every) * _MILLI, "ms", aim="under 500 ms")
    yield Figure(section, "a rerun, 95th of 100", quantiles(every, n=100)[94] * _MILLI, "ms")
    for name, seconds in sorted(seen.seconds.items()):
        yield Figure(section, f"{name}, median of {len(seconds)}", median(seconds) * _MILLI, "ms")
    faults = f" ({dict(seen.faults)})" if seen.faults else ""
    yield Figure(section, f"errors{faults}", seen.faults.total(), "", aim="none")
    yield Figure(section, "visits that a rule did not let be recorded so", seen.refused, "")
    yield Figure(section, "memory of the server afterwards", server.memory(), "MiB")
    yield Figure(section, "most memory that it held", server.peak_memory(), "MiB")
    yield Figure(section, f"processes that wanted one of the {os.cpu_count()} cores just before", load_before, "")


# --- one person ---


async def _first_sessions(planner: Server, plain: Server, own: _Taken, other: _Taken) -> None:
    """The first session of each process, which works out what the next ones find."""
    name = "first content of a process that has just begun"
    for server, taken, rows in ((planner, own, LIST), (plain, other, _ROWS)):
        async with Screen(server.address) as screen:
            await taken.timed(server, name, screen.visit, rows)


async def _rounds(planner: Server, plain: Server, own: _Taken, other: _Taken) -> None:
    """Both take turns, each in a new session; the first round does not count."""
    random = Random(1)
    for number in range(_ROUNDS + 1):
        mine, its = (own, other) if number else (_Taken(), _Taken())
        async with Screen(planner.address) as screen:
            await _look_around(planner, screen, mine, random)
        async with Screen(plain.address) as screen:
            await its.timed(plain, _FIRST, screen.visit, _ROWS)
            for _ in range(2):
                await its.timed(plain, _CHANGE, lambda: filter_by(screen, _PLAIN_SITE, random))


async def _look_around(server: Server, screen: Screen, taken: _Taken, random: Random) -> None:
    await taken.timed(server, _FIRST, screen.visit, LIST)
    for _ in range(2):
        await taken.timed(server, _CHANGE, lambda: filter_by(screen, SITE, random))
    await taken.timed(server, "a move's dialog", lambda: open_move(screen, random))
    for _ in range(2 if screen.has(DAYS) else 0):
        await taken.timed(server, "a move's preview", lambda: try_day(screen, random))
    await screen.close_dialog()
    await taken.timed(server, "a subject's page", lambda: press_one(screen, LIST, ["open"], random))
    await taken.timed(server, "another month", lambda: other_month(screen, random))
    if screen.errors():
        raise ScreenError("; ".join(screen.errors()))


async def _held_by_sessions(server: Server) -> float:
    """MiB with so many tabs open, each with the list, and a subject's page where there is one."""
    async with AsyncExitStack() as stack:
        for number in range(USERS):
            screen = await stack.enter_async_context(Screen(server.address))
            await screen.visit()
            if screen.has(f"-{LIST}"):
                shown = subjects_shown(screen)
                await screen.visit("subject", {"subject": shown[number % len(shown)]})
        return server.memory()


if __name__ == "__main__":
    from benchmarks.report import print_table

    count, time = int(sys.argv[1]), float(sys.argv[2])
    drawn = subjects_with_facts(plan(), round(count * SHARES[PROTOCOL]) * DRAWN, seed=1)
    print_table(list(screens_figures(drawn, count, time)))
