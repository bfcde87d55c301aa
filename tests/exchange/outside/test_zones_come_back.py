"""What we write in a zone's local time, or in UTC, is read back as the same moment, around every change of the clock."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from icalendar import Timezone

from planner.exchange.outside.matching import visits_by_uid
from planner.exchange.time_zones import zone_info
from planner.records.revisions.visit_revisions import VisitRevision
from planner.schedule.zone_names import ZONE_NAMES
from tests.exchange.outside.known_visits import KEY, file_of, found_in, revision

ZONES = sorted(ZONE_NAMES)
SOME = sorted(
    {*ZONES[::12], "Europe/Berlin", "Australia/Lord_Howe", "Africa/Casablanca", "Asia/Jerusalem", "America/Santiago", "Europe/Dublin"}
)
FIRST, LAST = datetime(2025, 1, 1, tzinfo=UTC), datetime(2034, 12, 31, tzinfo=UTC)


def transitions(zone: str) -> Iterator[datetime]:
    """The moments, to the minute, at which the clock changes."""
    info, day = zone_info(zone), FIRST
    while day < LAST:
        low, high = day, day + timedelta(days=1)
        if low.astimezone(info).utcoffset() != high.astimezone(info).utcoffset():
            while high - low > timedelta(minutes=1):
                middle = low + (high - low) // 2
                if middle.astimezone(info).utcoffset() == low.astimezone(info).utcoffset():
                    low = middle
                else:
                    high = middle
            yield high.replace(second=0, microsecond=0)
        day += timedelta(days=1)


def around_changes(zone: str) -> list[VisitRevision]:
    """Visits booked within two hours of each change, and in the middle of each half year."""
    moments = [change + timedelta(minutes=30 * step) for change in transitions(zone) for step in range(-4, 5)]
    moments += [datetime(year, month, 14, 9, 30, tzinfo=UTC) for year in range(2025, 2035) for month in (1, 7)]
    walls = {moment.astimezone(zone_info(zone)).replace(tzinfo=None, fold=0) for moment in moments}
    return [revision(f"V{index}", wall.date(), wall.time(), zone, 45) for index, wall in enumerate(sorted(walls))]


def assert_all_the_same(zone: str) -> None:
    visits = around_changes(zone)
    found = found_in(file_of(visits), visits)
    assert [one.text for one in found.all if one.kind != "same"] == []
    assert len(found.all) == len(visits)


@pytest.mark.parametrize("zone", SOME)
def test_booked_times_around_changes_of_the_clock(zone: str) -> None:
    assert_all_the_same(zone)


def under_another_name(zone: str) -> None:
    """The same where the name says nothing, so that the file's own VTIMEZONE counts."""
    visits = around_changes(zone)
    content = (
        file_of(visits).replace(f"TZID:{zone}\r\n".encode(), b"TZID:Customized\r\n").replace(f"TZID={zone}:".encode(), b"TZID=Customized:")
    )
    found = found_in(content, visits)
    assert [one.text for one in found.all if one.kind != "same"] == []
    assert len(found.all) == len(visits)


@pytest.mark.parametrize("zone", SOME)
def test_zone_components_of_our_own_around_changes_of_the_clock(zone: str) -> None:
    under_another_name(zone)


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Asia/Shanghai", "Australia/Lord_Howe", "Asia/Jerusalem"])
def test_zone_components_that_list_each_change(zone: str) -> None:
    """As programs write them that know no rule: every date in RDATE. This one is an hour late in spring, so that hour is left out."""
    component = Timezone.from_tzinfo(ZoneInfo(zone), "Customized", date(2024, 1, 1), date(2036, 1, 1)).to_ical()
    everything = around_changes(zone)
    wall_of = {one.row.visit: wall_clock(one) for one in everything}
    info, hour = ZoneInfo(zone), timedelta(hours=1)
    visits = [
        one
        for one in everything
        if (wall := wall_of[one.row.visit]) and (wall - hour).replace(tzinfo=info).utcoffset() >= wall.replace(tzinfo=info).utcoffset()
    ]
    walls = [wall_of[one.row.visit] for one in visits]
    assert len(walls) > 0.8 * len(wall_of)
    uids = visits_by_uid(visits, KEY)
    events = [
        f"BEGIN:VEVENT\r\nUID:{uid}\r\nDTSTART;TZID=Customized:{wall:%Y%m%dT%H%M%S}\r\nDURATION:PT45M\r\nEND:VEVENT\r\n"
        for uid, wall in zip(uids, walls, strict=True)
    ]
    content = b"BEGIN:VCALENDAR\r\n" + component + "".join(events).encode() + b"END:VCALENDAR\r\n"
    found = found_in(content, visits)
    assert [one.text for one in found.all if one.kind != "same"] == []


@pytest.mark.long
def test_booked_times_around_changes_of_the_clock_in_all_zones() -> None:
    for zone in ZONES:
        assert_all_the_same(zone)
        under_another_name(zone)


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Asia/Jerusalem"])
def test_three_hours_later_is_found_on_every_such_day(zone: str) -> None:
    """The check above can fail: where a visit is three hours later there, it is never the same."""
    visits = around_changes(zone)
    later = [revision(one.row.visit, *_three_hours_later(one), zone, 45) for one in visits]
    found = found_in(file_of(later), visits)
    kinds = Counter(one.kind for one in found.all)
    assert kinds.total() == len(visits)
    assert kinds.keys() <= {"moved", "unreadable"}
    assert kinds["moved"] > 0.9 * len(visits)


def _three_hours_later(one: VisitRevision) -> tuple[date, time]:
    info = zone_info(one.zone)
    start = wall_clock(one).replace(tzinfo=info).astimezone(UTC) + timedelta(hours=3)
    wall = start.astimezone(info).replace(tzinfo=None)
    return wall.date(), wall.time()


def wall_clock(one: VisitRevision) -> datetime:
    """When the visit is booked, by the clock of its site."""
    assert one.row.effective is not None
    assert one.row.booked_at is not None
    return datetime.combine(one.row.effective, one.row.booked_at)
