"""Which worklists were mailed: one for each account and day, whatever else runs at the same time.

Whoever is to send one claims it first, in a transaction of its own, so that no two processes send the same. A process that is killed
leaves its claim; that counts for as long as one mail may take, and is then anybody's.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Connection, delete, insert, select, update

from planner.records.facts.moments import microseconds, moment_of
from planner.records.store.schema import digests
from planner.schedule.days import day_number

CLAIM_HOLDS = timedelta(minutes=10)
"""Longer than any mail takes that is still being sent."""


@dataclass(frozen=True, slots=True)
class DigestKey:
    """One person's mail of one day."""

    account: str
    day: date


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of a mail."""

    sent_at: datetime | None = None
    """When it was last sent; UTC."""
    claimed_at: datetime | None = None
    """Since when somebody is at it, unless the claim is too old to count; UTC."""


def standing(connection: Connection, key: DigestKey, now: datetime) -> Standing:
    """Whether the mail was sent, and whether somebody is at it."""
    row = connection.execute(select(digests.c.claimed_at, digests.c.sent_at).where(*_is(key))).first()
    if row is None:
        return Standing()
    claimed_at = moment_of(row.claimed_at)
    sent_at = None if row.sent_at is None else moment_of(row.sent_at)
    is_open = sent_at is None or sent_at < claimed_at
    # The clocks of two computers differ, so a claim may seem to be made in the future.
    return Standing(sent_at, claimed_at if is_open and abs(now - claimed_at) < CLAIM_HOLDS else None)


def claim(connection: Connection, key: DigestKey, message_id: str, now: datetime) -> datetime:
    """Take the mail for oneself and give the moment that names the claim.

    ``connection`` is that of a ``writing()`` in which ``standing`` said that nobody is at it.
    """
    row = connection.execute(select(digests.c.claimed_at, digests.c.sent_at).where(*_is(key))).first()
    if row is None:
        stamp = microseconds(now)
        connection.execute(insert(digests).values(account=key.account, day=day_number(key.day), message_id=message_id, claimed_at=stamp))
    else:
        # Later than what was before, so that it is told apart from it whatever the clock says.
        stamp = max(microseconds(now), row.claimed_at + 1, (row.sent_at or 0) + 1)
        connection.execute(update(digests).where(*_is(key)).values(message_id=message_id, claimed_at=stamp))
    return moment_of(stamp)


def mark_sent(connection: Connection, key: DigestKey, claimed_at: datetime, now: datetime) -> None:
    """The server has taken the mail."""
    sent_at = max(microseconds(now), microseconds(claimed_at))
    connection.execute(update(digests).where(*_is(key)).values(sent_at=sent_at))


def release(connection: Connection, key: DigestKey, claimed_at: datetime) -> None:
    """Give the mail back unsent, so that the next run sends it; a claim that another process has taken over stays."""
    ours = (*_is(key), digests.c.claimed_at == microseconds(claimed_at))
    connection.execute(delete(digests).where(*ours, digests.c.sent_at.is_(None)))
    connection.execute(update(digests).where(*ours).values(claimed_at=digests.c.sent_at))


def _is(key: DigestKey) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return digests.c.account == key.account, digests.c.day == day_number(key.day)
