"""When feeds were last used, written down at most once an hour for each, and never in a request's way."""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime, timedelta

from planner.records.errors import RecordsError
from planner.records.store.live_database import LiveDatabase
from planner.records.traces.feed_uses import last_uses, note_use
from planner.server.threads import in_thread

EVERY = timedelta(hours=1)
AGAIN_AFTER = timedelta(minutes=1)
"""Once a note could not be written."""

_log = logging.getLogger("planner.server")


class UseNotes:
    """Keeps when each feed was asked for."""

    def __init__(self, database: LiveDatabase) -> None:
        self._database = database
        self._next: dict[str, datetime] = {}
        """By code: not before this moment."""
        self._tasks: set[asyncio.Task[None]] = set()
        self._one_by_one = asyncio.Lock()

    def note(self, code: str, now: datetime) -> None:
        """A feed was asked for; returns at once."""
        if now < self._next.get(code, now):
            return
        self._next[code] = now + EVERY
        task = asyncio.create_task(self._write(code, now))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _write(self, code: str, now: datetime) -> None:
        try:
            async with self._one_by_one:
                self._next[code] = await in_thread(lambda: self._written(code, now)) + EVERY
        except RecordsError as error:
            _log.warning("It could not be kept that feed %s was used: %s", code, type(error).__name__)
            self._next[code] = now + AGAIN_AFTER

    def _written(self, code: str, now: datetime) -> datetime:
        """The last use that is written down now; another process, or an earlier run of this one, may have noted one."""
        with self._database.reading() as connection:
            known = last_uses(connection).get(code)
        if known is not None and now - known < EVERY:
            return known
        with self._database.writing() as connection:
            note_use(connection, code, now)
        return now
