"""Moments as the log keeps them: whole microseconds since 1970-01-01 UTC."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_A_DAY = timedelta(days=1)


def microseconds(moment: datetime) -> int:
    """Microseconds since 1970-01-01 UTC of an aware moment."""
    return (moment - _EPOCH) // _MICROSECOND


def moment_of(since: int) -> datetime:
    """The moment, in UTC, that many microseconds after 1970-01-01 UTC. Raises OverflowError for one that the calendar does not have."""
    return _EPOCH + timedelta(microseconds=since)


def is_moment(since: int) -> bool:
    """Whether there is such a moment, with a date in every time zone."""
    try:
        moment = moment_of(since)
        return moment - _A_DAY < moment < moment + _A_DAY
    except OverflowError:
        return False
