"""The files of feeds, kept as long as they hold, and made by one thread at a time for each feed."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from planner.exchange.feed import FeedPart, feed_parts
from planner.records.feeds.feed import Feed
from planner.records.feeds.log_end import LogEnd, is_touched, log_end
from planner.records.feeds.scope_of import scope_of
from planner.records.people.settings import read_settings
from planner.records.revisions.scope import Scope
from planner.records.store.live_database import LiveDatabase
from planner.server.threads import in_thread

MOST_OCTETS = 64 * 1024 * 1024
"""Of all kept files together; the one that was asked for last stays, however large."""
BUILDS_AT_ONCE = 2
_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class _Kept:
    feed: Feed
    day: date
    """In UTC: the window of a feed rolls at midnight."""
    end: LogEnd
    scope: Scope | None
    parts: tuple[FeedPart, ...]
    build: int = 0
    """The number of the build that made sure of it."""

    @property
    def octets(self) -> int:
        return sum(len(part.body) for part in self.parts)


class FeedCache:
    """Files of feeds by their codes."""

    def __init__(self, database: LiveDatabase, install_key: bytes, seconds: float, most_octets: int = MOST_OCTETS) -> None:
        """``seconds``: how long a caller waits for a file at most."""
        self._database = database
        self._install_key = install_key
        self._seconds = seconds
        self._most_octets = most_octets
        self._kept: OrderedDict[str, _Kept] = OrderedDict()
        self._building: dict[str, asyncio.Task[_Kept]] = {}
        self._room = asyncio.Semaphore(BUILDS_AT_ONCE)
        self._builds = 0
        self._codes: Collection[str] | None = None
        """The feeds there are, once that was heard."""

    async def parts(self, feed: Feed, end: LogEnd, now: datetime) -> tuple[FeedPart, ...]:
        """The files of a feed at this end of the log or a later one; none where its person may read nothing of it, or it is gone.

        Raises DatabaseError, and TimeoutError if it takes too long.
        """
        async with asyncio.timeout(self._seconds):
            begun = self._builds
            found = self._kept.get(feed.code)
            while found is None or not _holds(found, feed, now) or not (found.end == end or found.build > begun):
                found = await asyncio.shield(self._build(feed, now))
        if feed.code in self._kept:
            self._kept.move_to_end(feed.code)
        return found.parts

    def forget_all_but(self, codes: Collection[str]) -> None:
        """Let go of the files of feeds that there are no more."""
        self._codes = codes
        for code in self._kept.keys() - set(codes):
            del self._kept[code]

    def _build(self, feed: Feed, now: datetime) -> asyncio.Task[_Kept]:
        """The build of this feed that runs, else a new one."""
        task = self._building.get(feed.code)
        if task is None:
            self._builds += 1
            task = self._building[feed.code] = asyncio.create_task(self._built(feed, now, self._builds))
            task.add_done_callback(lambda done: self._finish(feed.code, done))
        return task

    async def _built(self, feed: Feed, now: datetime, number: int) -> _Kept:
        async with self._room:
            known = self._kept.get(feed.code)
            made = await in_thread(lambda: self._made(feed, now, known))
        return replace(made, build=number)

    def _finish(self, code: str, done: asyncio.Task[_Kept]) -> None:
        del self._building[code]
        if done.cancelled() or done.exception() is not None or (self._codes is not None and code not in self._codes):
            return
        self._kept[code] = done.result()
        self._kept.move_to_end(code)
        octets = sum(kept.octets for kept in self._kept.values())
        while octets > self._most_octets and len(self._kept) > 1:
            octets -= self._kept.popitem(last=False)[1].octets

    def _made(self, feed: Feed, now: datetime, known: _Kept | None) -> _Kept:
        """The files in one view of the log; those that are ``known`` where nothing that came since concerns them."""
        with self._database.reading() as connection:
            settings, end, day = read_settings(connection), log_end(connection), _day(now)
            scope = scope_of(settings, feed) if settings.feeds.get(feed.code) == feed else None
            if scope is None:
                return _Kept(feed, day, end, None, ())
            if known is not None and _holds(known, feed, now) and known.scope == scope and not is_touched(connection, scope, known.end):
                return replace(known, end=end)
            parts = feed_parts(connection, settings, feed, now, self._install_key)
            return _Kept(feed, day, end, scope, _dated(parts, () if known is None else known.parts, now))


def _holds(kept: _Kept, feed: Feed, now: datetime) -> bool:
    return kept.feed == feed and kept.day == _day(now)


def _day(now: datetime) -> date:
    return now.astimezone(UTC).date()


def _dated(parts: Sequence[FeedPart], known: Sequence[FeedPart], now: datetime) -> tuple[FeedPart, ...]:
    """The parts with the moment since when they are as they are, for all this process knows; those that are as ``known`` keep theirs.

    No moment of the log: a fact may be written down later than it says, and two within a second. The next whole second is later than
    whatever was sent of other octets before.
    """
    begins = now.replace(microsecond=0) + _SECOND
    old = [*known, *[None] * len(parts)]
    return tuple(replace(part, last_modified=_since(part, before, begins)) for part, before in zip(parts, old, strict=False))


def _since(part: FeedPart, before: FeedPart | None, begins: datetime) -> datetime:
    if before is None:
        return begins
    # The clock may have been set back.
    return before.last_modified if before.etag == part.etag else max(begins, before.last_modified + _SECOND)
