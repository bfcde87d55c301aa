"""The only place where the product asks a clock: which day it is at a site, and which moment."""

from __future__ import annotations

from datetime import UTC, date, datetime

from planner.exchange.time_zones import zone_info


def today_in(zone: str) -> date:
    """Today's date in an IANA time zone (R17: today is the date at the site). Raises UnknownZoneError."""
    return datetime.now(zone_info(zone)).date()


def now() -> datetime:
    """This moment, in UTC."""
    return datetime.now(UTC)
