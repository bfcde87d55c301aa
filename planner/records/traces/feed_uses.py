"""When each feed was last asked for."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from planner.records.facts.moments import microseconds, moment_of
from planner.records.store.schema import feed_uses


def note_use(connection: Connection, feed: str, now: datetime) -> None:
    """Keep that a feed (by its code) was asked for; ``connection`` is that of a ``writing()``."""
    used = microseconds(now)
    if not connection.execute(update(feed_uses).where(feed_uses.c.feed == feed).values(last_used=used)).rowcount:
        connection.execute(insert(feed_uses).values(feed=feed, last_used=used))


def last_uses(connection: Connection) -> dict[str, datetime]:
    """When each feed that was ever asked for last was, by its code; UTC."""
    return {row.feed: moment_of(row.last_used) for row in connection.execute(select(feed_uses))}
