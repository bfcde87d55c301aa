"""What stands in each calendar that is kept equal to a feed, as it was last put there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select, update

from planner.records.store.schema import pushed

_ON_THE_WAY = "+"


@dataclass(frozen=True, slots=True)
class PushedObject:
    """An event on a calendar server, as it was left there."""

    uid: str
    href: str
    """Its path, as the server spells it."""
    etag: str
    """What the server called it then; "" where it did not say."""
    body: str


@dataclass(frozen=True, slots=True)
class PushTarget:
    """A calendar (its address, without an account) and the code of the feed that it is kept equal to."""

    address: str
    feed: str

    @property
    def key(self) -> str:
        """What the table has for it; no address has a # of its own."""
        return f"{self.address}#{self.feed}"

    @property
    def on_the_way(self) -> PushTarget:
        """Where it is kept what a run is about to put there: if it is cut off, the next run knows its events again."""
        return PushTarget(self.address, f"{self.feed}{_ON_THE_WAY}")


def pushed_objects(connection: Connection, target: PushTarget) -> dict[str, PushedObject]:
    """What stands there, by UID."""
    rows = connection.execute(select(pushed).where(pushed.c.collection == target.key))
    return {row.uid: PushedObject(row.uid, row.href, row.etag, row.body) for row in rows}


def feeds_at(connection: Connection, address: str) -> set[str]:
    """The codes of the feeds that were ever put into the calendar at this address, and of which something still stands there."""
    keys = connection.execute(select(pushed.c.collection).distinct()).scalars()
    targets = (key.rpartition("#") for key in keys)
    return {feed.removesuffix(_ON_THE_WAY) for found, _, feed in targets if found == address}


def note_pushed(connection: Connection, target: PushTarget, objects: Iterable[PushedObject]) -> None:
    """Keep that these stand there now; ``connection`` is that of a ``writing()``."""
    for one in objects:
        values = {"href": one.href, "etag": one.etag, "body": one.body}
        place = (pushed.c.collection == target.key) & (pushed.c.uid == one.uid)
        if not connection.execute(update(pushed).where(place).values(values)).rowcount:
            connection.execute(insert(pushed).values(collection=target.key, uid=one.uid, **values))


def forget_pushed(connection: Connection, target: PushTarget, uids: Iterable[str]) -> None:
    """Keep that these no longer stand there."""
    for uid in uids:
        connection.execute(delete(pushed).where(pushed.c.collection == target.key, pushed.c.uid == uid))


def clear_pushed(connection: Connection, target: PushTarget) -> None:
    """Keep that nothing of this stands there any more."""
    connection.execute(delete(pushed).where(pushed.c.collection == target.key))


def hand_over(connection: Connection, old: PushTarget, new: PushTarget) -> None:
    """What stands there for one feed (that is no more) stands there for another, of the same calendar, from now on."""
    held = select(pushed.c.uid).where(pushed.c.collection == new.key)
    connection.execute(delete(pushed).where(pushed.c.collection == old.key, pushed.c.uid.in_(held.scalar_subquery())))
    connection.execute(update(pushed).where(pushed.c.collection == old.key).values(collection=new.key))
    clear_pushed(connection, old.on_the_way)
