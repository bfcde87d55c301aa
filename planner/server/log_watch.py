"""What the log says now of feeds: asked at each request, by one query for all that wait."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from time import monotonic

from planner.records.feeds.feed import Feed
from planner.records.feeds.granting import token_hash
from planner.records.feeds.log_end import LogEnd, log_end
from planner.records.people.settings import Settings, read_settings
from planner.records.store.live_database import LiveDatabase
from planner.server.threads import in_thread


@dataclass(frozen=True, slots=True)
class LogState:
    """The end of the log and the feeds there are at it."""

    end: LogEnd = field(default_factory=LogEnd)
    feeds: Mapping[str, Feed] = field(default_factory=dict)
    """By the hash of their token."""

    def feed_of(self, token: str) -> Feed | None:
        """The feed of a token. Hashes are compared: how long that takes says nothing about tokens."""
        return self.feeds.get(token_hash(token))


def _nothing(codes: Collection[str]) -> None:
    """Nobody wants to hear of it."""


class LogWatch:
    """Looks at the log; however many ask at once, one look runs and one waits."""

    def __init__(self, database: LiveDatabase, seconds: float, on_change: Callable[[Collection[str]], None] = _nothing) -> None:
        """``seconds``: how long a caller waits for an answer; ``on_change`` hears the codes of all feeds once the log is another."""
        self.last = LogState()
        self._looked_at = float("-inf")
        self._database = database
        self._on_change = on_change
        self._seconds = seconds
        self._running: asyncio.Task[LogState] | None = None
        self._next: asyncio.Task[LogState] | None = None

    async def now(self) -> LogState:
        """The state at some moment after the call, so that whatever was written before it counts.

        Raises DatabaseError, and TimeoutError if the database takes too long.
        """
        if self._next is None:
            self._next = asyncio.create_task(self._look_after(self._running))
            self._next.add_done_callback(_heard)
        return await asyncio.wait_for(asyncio.shield(self._next), self._seconds)

    async def _look_after(self, before: asyncio.Task[LogState] | None) -> LogState:
        if before is not None:
            await asyncio.wait([before])
        self._running, self._next = self._next, None
        known, self.last = self.last, await in_thread(lambda: look(self._database, self.last))
        self._looked_at = monotonic()
        if self.last is not known:
            self._on_change({feed.code for feed in self.last.feeds.values()})
        return self.last

    @property
    def seconds_since(self) -> float:
        """How old ``last`` is; infinite before the first look."""
        return monotonic() - self._looked_at


def look(database: LiveDatabase, known: LogState) -> LogState:
    """The present state; settings are folded only where the log is another than ``known``. Raises DatabaseError."""
    with database.reading() as connection:
        end = log_end(connection)
        return known if end == known.end and end.position else LogState(end, _by_hash(read_settings(connection)))


def _by_hash(settings: Settings) -> dict[str, Feed]:
    return {feed.token_hash: feed for feed in settings.feeds.values()}


def _heard(task: asyncio.Task[LogState]) -> None:
    """An error that nobody waited for was told to those before; asyncio need not report it once more."""
    if not task.cancelled():
        task.exception()
