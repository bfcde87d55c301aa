"""Of which day a person's mail is: one for each working morning, also of a person who reads sites far apart."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

LATEST_TURN = timedelta(hours=5)
"""After midnight where it is latest: before anybody's mail of the morning."""


def mail_day(zones: Iterable[str], now: datetime) -> date:
    """The day of a mail that is made ``now`` (aware) for a person who reads sites in these IANA zones; in UTC where there are none.

    Where all sites have the same time, a day begins at their midnight. Otherwise it begins for all at once, when it is midnight halfway
    between the easternmost and the westernmost site, but at the latest at five in the morning at the easternmost: so the working hours of
    a day, from seven in the morning until the afternoon, are of one and the same day at each of them, and the next morning is of the next.
    """
    here = now.astimezone(UTC)
    offsets = [here.astimezone(ZoneInfo(zone)).utcoffset() or timedelta() for zone in zones] or [timedelta()]
    east, west = max(offsets), min(offsets)
    return (here + east - min((east - west) / 2, LATEST_TURN)).date()


def days_at(zones: Iterable[tuple[str, str]], now: datetime) -> tuple[tuple[date, tuple[str, ...]], ...]:
    """Which day it is ``now`` at which sites, given as (site, IANA zone): the latest day first, the sites in their order."""
    found: dict[date, list[str]] = {}
    for site, zone in zones:
        found.setdefault(now.astimezone(ZoneInfo(zone)).date(), []).append(site)
    return tuple((day, tuple(found[day])) for day in sorted(found, reverse=True))
