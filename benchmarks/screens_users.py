"""Twenty people at the screens at once: each at a site, with errands that take a few presses and a pause after each."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from random import Random
from time import perf_counter

from benchmarks.screens_acts import DAYS, KIND, LIST, SITE, filter_by, open_move, other_month, press_one, try_day
from benchmarks.screens_client import Answer, Screen

USERS = 20
PAUSE = (3.0, 7.0)
"""Seconds between an answer and the next press."""
_SAVE = ".change.save"
_TODAY = "done day.today"
"""Where the visit is planned for another day, today is one press."""


@dataclass(slots=True)
class Seen:
    """What the people saw."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    """Of each answer, by what was done."""
    faults: Counter[str] = field(default_factory=Counter)
    """Red boxes, lost connections, pages that are not what they should be."""
    refused: int = 0
    """Visits that the planner's own rules did not let be recorded so."""

    @property
    def all_seconds(self) -> list[float]:
        """Of every answer."""
        return [seconds for some in self.seconds.values() for seconds in some]


async def many_users(address: str, seconds: float, users: int = USERS) -> Seen:
    """Let them work for so long."""
    seen = Seen()
    until = perf_counter() + seconds
    await asyncio.gather(*(_User(number, seen, until).work(address) for number in range(users)))
    return seen


class _User:
    def __init__(self, number: int, seen: Seen, until: float) -> None:
        self._random, self._number, self._seen, self._until = Random(number), number, seen, until

    async def work(self, address: str) -> None:
        """Errand after errand, in a new session where one was lost."""
        await asyncio.sleep(self._number / USERS * PAUSE[1])
        while perf_counter() < self._until:
            try:
                async with Screen(address) as screen:
                    await self._session(screen)
            except Exception as error:  # whatever a person would see is counted, and goes on in a new session
                self._seen.faults[f"{type(error).__name__}: {error}"[:200]] += 1

    async def _session(self, screen: Screen) -> None:
        await self._do(screen, "first content of Today", screen.visit)
        sites = list(screen.element(SITE).content.options)
        await self._do(screen, "filter", lambda: screen.choose(SITE, sites[1 + self._number % (len(sites) - 1)]))
        errands = list(_ERRANDS)
        while perf_counter() < self._until:
            await self._random.choices(errands, list(_ERRANDS.values()))[0](self, screen)

    async def _do(self, screen: Screen, name: str, act: Callable[[], Awaitable[Answer]]) -> None:
        """One press: note what it took and what was wrong, and think."""
        await self._timed(name, act)
        self._seen.faults.update(text[:200] for text in screen.errors())

    async def _timed(self, name: str, act: Callable[[], Awaitable[Answer]]) -> None:
        """One press that a rule may refuse: note what it took, and think."""
        answer = await act()
        self._seen.seconds.setdefault(name, []).append(answer.seconds)
        await asyncio.sleep(self._random.uniform(*PAUSE))

    async def look_through(self, screen: Screen) -> None:
        """Filter the list by kinds of visits."""
        for _ in range(2):
            await self._do(screen, "filter", lambda: filter_by(screen, KIND, self._random))
        await self._do(screen, "filter", lambda: screen.choose(KIND, screen.element(KIND).content.options[0]))

    async def look_at_subject(self, screen: Screen) -> None:
        """From the list to a subject's page, two other months, and back."""
        await self._do(screen, "subject's page", lambda: press_one(screen, LIST, ["open"], self._random))
        for _ in range(2):
            await self._do(screen, "month", lambda: other_month(screen, self._random))
        await self._do(screen, "back to Today", screen.visit)

    async def try_days(self, screen: Screen) -> None:
        """What a visit's other days would do."""
        await self._do(screen, "move: open", lambda: open_move(screen, self._random))
        for _ in range(2):
            # A visit that has no date yet has no days to compare, nor one that somebody else has just recorded.
            if screen.has(DAYS):
                await self._do(screen, "move: preview", lambda: try_day(screen, self._random))
        await self._do(screen, "move: close", screen.close_dialog)

    async def record_done(self, screen: Screen) -> None:
        """Record that a visit took place."""
        # Somebody else may have recorded it since the list was drawn: then the dialog says so, and there is nothing to save.
        await self._timed("record: open", lambda: press_one(screen, LIST, ["done"], self._random))
        today = screen.has(_TODAY)
        if today:
            await self._timed("record: day", lambda: screen.press(today.rpartition("-")[2]))
        save = screen.has(_SAVE)
        if save:
            await self._do(screen, "record: save", lambda: screen.press(save.rpartition("-")[2]))
        else:
            # A sentence says why: a fraction before the one that is recorded, or a visit that somebody else has just recorded.
            self._seen.refused += 1
            await self._do(screen, "record: close", screen.close_dialog)


_ERRANDS: Mapping[Callable[[_User, Screen], Awaitable[None]], int] = {
    _User.look_through: 30,
    _User.look_at_subject: 40,
    _User.try_days: 20,
    _User.record_done: 10,
}
"""Each with how often it is run, of a hundred times."""
