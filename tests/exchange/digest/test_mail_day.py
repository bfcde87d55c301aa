"""One mail for each person and working morning, wherever the sites are, and wherever the clock stands that starts the run."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from planner.exchange.digest.mail_day import days_at, mail_day

BEIJING, NEW_YORK, BERLIN = "Asia/Shanghai", "America/New_York", "Europe/Berlin"
READERS = {"Beijing": (BEIJING,), "New York": (NEW_YORK,), "both": (BEIJING, NEW_YORK), "Berlin too": (BEIJING, BERLIN, NEW_YORK)}
A_YEAR = [date(2026, 1, 1) + timedelta(days=number) for number in range(366)]
"""With both changes of the clock in New York and in Berlin."""


def at(zone: str, day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), ZoneInfo(zone))


@pytest.mark.parametrize(
    ("zone", "day", "hour", "days"),
    [
        # (who reads Beijing, who reads New York, who reads both); docs/digest.md has the same table.
        (BEIJING, 20, 7, (20, 19, 20)),
        (BEIJING, 20, 13, (20, 20, 20)),
        (BEIJING, 20, 22, (20, 20, 20)),
        (NEW_YORK, 20, 7, (20, 20, 20)),
        (NEW_YORK, 20, 13, (21, 20, 20)),
        (NEW_YORK, 20, 17, (21, 20, 21)),
        (BEIJING, 21, 7, (21, 20, 21)),
        (NEW_YORK, 21, 7, (21, 21, 21)),
    ],
)
def test_the_day_of_a_mail(zone: str, day: int, hour: int, days: tuple[int, ...]) -> None:
    now = at(zone, date(2026, 11, day), hour)
    assert tuple(mail_day(READERS[name], now).day for name in ("Beijing", "New York", "both")) == days


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("clock", [BEIJING, NEW_YORK, BERLIN])
@pytest.mark.parametrize("hour", [6, 7, 9])
def test_a_run_each_morning_at_any_place_is_of_a_new_day_each_time(reader: str, clock: str, hour: int) -> None:
    days = [mail_day(READERS[reader], at(clock, day, hour)) for day in A_YEAR]
    assert days == [days[0] + timedelta(days=number) for number in range(len(days))]


@pytest.mark.parametrize(
    ("zones", "latest"),
    [((BEIJING,), 23), ((NEW_YORK,), 23), ((BEIJING, NEW_YORK), 15), ((BEIJING, BERLIN), 20), ((BERLIN, NEW_YORK), 20)],
)
def test_a_run_later_that_day_belongs_to_the_morning_before_it(zones: tuple[str, ...], latest: int) -> None:
    """So a mail that failed is made up for, and the next morning's is sent all the same: at each of the person's sites."""
    for clock in zones:
        for day in A_YEAR:
            assert {mail_day(zones, at(clock, day, hour)) for hour in range(7, latest + 1)} == {day}, (clock, day)


@pytest.mark.parametrize("zones", [(BEIJING,), (NEW_YORK,), ("Asia/Kolkata",), (BEIJING, "Asia/Hong_Kong", BEIJING)])
def test_where_all_sites_have_the_same_time_it_is_their_date(zones: tuple[str, ...]) -> None:
    for day in A_YEAR:
        assert mail_day(zones, at(zones[0], day, 0)) == day
        assert mail_day(zones, at(zones[0], day, 23, 59)) == day


@pytest.mark.parametrize(
    "zones", [*READERS.values(), ("Pacific/Kiritimati", "Pacific/Pago_Pago"), ("Pacific/Auckland", "America/Los_Angeles")]
)
def test_days_follow_each_other_and_are_dates_at_a_site_or_between(zones: Sequence[str]) -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    before = mail_day(zones, now)
    for quarters in range(1, 366 * 96):
        moment = now + timedelta(minutes=15 * quarters)
        day = mail_day(zones, moment)
        dates = [moment.astimezone(ZoneInfo(zone)).date() for zone in zones]
        assert min(dates) <= day <= max(dates)
        # Where the clock goes back half an hour may be lived through twice; never more.
        assert day >= before or mail_day(zones, moment + timedelta(hours=1)) >= before
        before = day


def test_the_order_of_the_sites_does_not_count_and_without_any_it_is_utc() -> None:
    now = datetime(2026, 11, 20, 18, tzinfo=UTC)
    assert mail_day((NEW_YORK, BEIJING), now) == mail_day((BEIJING, NEW_YORK), now) == date(2026, 11, 20)
    assert mail_day((), datetime(2026, 11, 20, 23, 59, tzinfo=UTC)) == date(2026, 11, 20)


def test_which_day_it_is_where() -> None:
    sites = (("NYC", NEW_YORK), ("BEI", BEIJING), ("SHA", BEIJING))
    assert days_at(sites, datetime(2026, 11, 20, 18, tzinfo=UTC)) == ((date(2026, 11, 21), ("BEI", "SHA")), (date(2026, 11, 20), ("NYC",)))
    assert days_at(sites, datetime(2026, 11, 20, 12, tzinfo=UTC)) == ((date(2026, 11, 20), ("NYC", "BEI", "SHA")),)
    assert days_at((), datetime(2026, 11, 20, 12, tzinfo=UTC)) == ()
